//! Why a credential is refused: a word for programs, and the particulars.

use jiff::Timestamp;

use super::{LogProblem, Outcome};
use crate::bake::BakeError;
use crate::canon::CanonError;
use crate::integrity::ProofError;
use crate::issuer::KeyProblem;
use crate::json::JsonError;
use crate::jwt::TokenError;
use crate::schema::SchemaError;
use crate::status::StatusError;
use crate::terms::TermError;

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error(transparent)]
    Json(#[from] JsonError),
    #[error(transparent)]
    Picture(#[from] BakeError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("not an object")]
    NoCredential,
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("the first context must be that of verifiable credentials, the second that of Open Badges 3.0")]
    ContextOrder,
    #[error(transparent)]
    Terms(#[from] TermError),
    #[error(transparent)]
    Canon(CanonError),
    #[error("no issuer")]
    NoIssuer,
    #[error(transparent)]
    Key(#[from] KeyProblem),
    #[error("the key is the token's own word")]
    OwnKey,
    #[error(transparent)]
    Proof(ProofError),
    #[error("the proof is of {0}")]
    ProofAhead(Timestamp),
    #[error("the proof held until {0}")]
    ProofExpired(Timestamp),
    #[error("{0}")]
    StatusKind(String),
    #[error("{0}")]
    StatusMissing(String),
    #[error("{0}")]
    StatusList(Box<Reason>),
    #[error("the list lacks, or misstates, {0}")]
    StatusMember(&'static str),
    #[error(transparent)]
    StatusBits(#[from] StatusError),
    #[error("place {index} of {list}")]
    Revoked { list: String, index: usize },
    #[error("place {index} of {list}")]
    Suspended { list: String, index: usize },
    #[error("{0}")]
    NotYet(Timestamp),
    #[error("{0}")]
    Expired(Timestamp),
    #[error("none of the identities")]
    OtherPerson,
    #[error("{0}")]
    OtherEvidence(String),
    #[error(transparent)]
    Log(#[from] LogProblem),
}

impl From<ProofError> for Reason {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Canon(error) => error.into(),
            error => Self::Proof(error),
        }
    }
}

impl From<CanonError> for Reason {
    fn from(error: CanonError) -> Self {
        match error {
            CanonError::Terms(error) => Self::Terms(error),
            error => Self::Canon(error),
        }
    }
}

impl Reason {
    /// Every word that [`Reason::code`] gives, for those who must have words for people.
    pub const CODES: [&str; 38] = [
        "unreadable",
        "too-large",
        "ambiguous-json",
        "picture",
        "no-credential-in-picture",
        "token",
        "token-differs",
        "not-a-credential",
        "schema",
        "unknown-schema",
        "contexts",
        "unknown-context",
        "unsigned-content",
        "not-canonical",
        "no-issuer",
        "issuer-unknown",
        "key-unresolvable",
        "key-not-listed",
        "key-of-other-issuer",
        "key-period",
        "key-revoked",
        "key-expired",
        "key-of-other-kind",
        "key-size",
        "key-modulus",
        "key-exponent",
        "no-proof",
        "proof-unsupported",
        "proof-malformed",
        "signature",
        "proof-dates",
        "status-unsupported",
        "status-missing",
        "status-list",
        "revoked",
        "suspended",
        "not-yet-valid",
        "expired",
    ];
    /// And those of what a reader asked for.
    pub const ASKED: [&str; 3] = ["other-person", "other-evidence", "log"];

    /// The word for programs, which does not change.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => match error {
                JsonError::TooLarge { .. } | JsonError::TooDeep { .. } | JsonError::TooMany { .. } => "too-large",
                JsonError::Duplicate(_) | JsonError::Null | JsonError::Control => "ambiguous-json",
                JsonError::Syntax { .. } | JsonError::Encoding => "unreadable",
            },
            Self::Picture(BakeError::Nothing) => "no-credential-in-picture",
            Self::Picture(_) => "picture",
            Self::Token(TokenError::Claim(_)) => "token-differs",
            Self::Token(TokenError::Algorithm(_)) => "proof-unsupported",
            Self::Token(TokenError::Unfit(unfit)) => unfit.code(),
            Self::Token(TokenError::Json(error)) => Self::Json(error.clone()).code(),
            Self::Token(_) => "token",
            Self::NoCredential => "not-a-credential",
            Self::Schema(SchemaError::UnknownSchema { .. }) => "unknown-schema",
            Self::Schema(_) => "schema",
            Self::ContextOrder => "contexts",
            Self::Terms(TermError::Context { .. } | TermError::OwnContext { .. }) => "unknown-context",
            Self::Terms(_) => "unsigned-content",
            Self::Canon(_) => "not-canonical",
            Self::NoIssuer => "no-issuer",
            Self::Key(problem) => match problem {
                KeyProblem::NoDocument(_) => "issuer-unknown",
                KeyProblem::Unresolvable(_) => "key-unresolvable",
                KeyProblem::NotListed(_) => "key-not-listed",
                KeyProblem::OtherIssuer { .. } => "key-of-other-issuer",
                KeyProblem::TooEarly { .. } | KeyProblem::TooLate { .. } | KeyProblem::NoTime => "key-period",
                KeyProblem::Revoked(_) => "key-revoked",
                KeyProblem::Expired(_) => "key-expired",
                KeyProblem::Unfit(unfit) => unfit.code(),
            },
            Self::OwnKey => "key-unresolvable",
            Self::Proof(ProofError::Missing) => "no-proof",
            Self::Proof(ProofError::Suite(_)) => "proof-unsupported",
            Self::Proof(ProofError::Signature) => "signature",
            Self::Proof(_) => "proof-malformed",
            Self::ProofAhead(_) | Self::ProofExpired(_) => "proof-dates",
            Self::StatusKind(_) => "status-unsupported",
            Self::StatusMissing(_) => "status-missing",
            Self::StatusList(_) | Self::StatusMember(_) | Self::StatusBits(_) => "status-list",
            Self::Revoked { .. } => "revoked",
            Self::Suspended { .. } => "suspended",
            Self::NotYet(_) => "not-yet-valid",
            Self::Expired(_) => "expired",
            Self::OtherPerson => "other-person",
            Self::OtherEvidence(_) => "other-evidence",
            Self::Log(_) => "log",
        }
    }

    /// Whether it speaks against the credential, or only says that something is not at hand.
    pub(crate) fn outcome(self) -> Outcome {
        let inner = if let Self::StatusList(inner) = &self { inner } else { &self };
        match inner {
            Self::Key(KeyProblem::NoDocument(_)) | Self::StatusMissing(_) => Outcome::Open(self),
            _ => Outcome::Refused(self),
        }
    }
}
