//! Identifiers: opaque, safe in paths and URLs, and never made here, since chance is an argument.

use serde::{Deserialize, Serialize};

const LONGEST: usize = 64;

/// A text that is no identifier: one to 64 of `a–z`, `0–9`, `.`, `-` and `_`, beginning with a letter or a digit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct BadId;

fn checked(text: &str) -> Result<(), BadId> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fits = (1..=LONGEST).contains(&text.len())
        && text.bytes().all(|byte| plain(byte) || matches!(byte, b'.' | b'-' | b'_'))
        && text.bytes().next().is_some_and(plain);
    if fits { Ok(()) } else { Err(BadId) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $type:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// # Errors
            /// When the text is no identifier.
            pub fn new(text: &str) -> Result<$type, BadId> {
                checked(text).map(|()| $type(text.to_owned()))
            }

            /// The identifier that sixteen bytes of chance make.
            pub fn from_bytes(bytes: [u8; 16]) -> $type {
                $type(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = BadId;
            fn try_from(text: String) -> Result<$type, BadId> {
                checked(&text).map(|()| $type(text))
            }
        }

        impl From<$type> for String {
            fn from(id: $type) -> String {
                id.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    OrganisationId;
    PersonId;
    TitleId;
    CohortId;
    SessionId;
    EnrolmentId;
    InvitationId;
    SheetId;
    AwardId;
    AppealId;
    FraudReportId;
    QuestionId;
    DocumentId;
    RunId;
}

/// A criterion of a rubric. It may be the id of an indicator or a competence of a framework, such as `C1.in2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CriterionId(pub String);

impl std::fmt::Display for CriterionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A paper that a title asks for, such as `report` or `T.r2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaperId(pub String);

impl std::fmt::Display for PaperId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
