//! Credentials at the command line: an issuer's folder, what is issued from it, and what anybody verifies.

mod certificate;
mod examine;
mod folder;
pub(crate) mod http;
mod issue;
mod office;
mod request;
mod shaping;
mod told;
mod verify;

pub use ::credential::document_url;
pub use certificate::{badge, certificate};
pub use examine::Flaw;
pub(crate) use folder::hold;
pub use folder::{Folder, new_key};
pub use http::Reach;
pub(crate) use http::{may_reach, post};
pub use issue::{Issued, issue, revoke};
pub use office::{Office, Order, Settled};
pub use request::{CredentialRequest, Shape, moment_of};
pub(crate) use shaping::{Facts, award, verify_at};
pub use told::{json, lines, verdict};
pub use verify::{Verified, VerifyRequest, verify};

use crate::words::Words;

/// A picture that carries a credential.
///
/// # Errors
/// When the picture is none that can.
pub fn bake(picture: &[u8], credential: &str) -> Result<Vec<u8>, CredentialError> {
    let wrong = |error: ::credential::bake::BakeError| CredentialError::Credential {
        path: "picture".to_owned(),
        why: error.to_string(),
    };
    ::credential::bake::bake(picture, credential).map_err(wrong)
}

/// Why a use case of credentials failed; a refusal of a credential is no failure.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    #[error("{path}")]
    Read {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{path}")]
    Write {
        path: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{path}: {why}")]
    Request { path: String, why: String },
    #[error("{path} is no folder of an issuer")]
    NoFolder { path: String },
    #[error("{0} names no issuer")]
    Name(String),
    #[error("{url}: {why}")]
    Fetch { url: String, why: &'static str, detail: String },
    #[error("{0} needs a console")]
    Code(String),
    #[error("{path}: {why}")]
    Credential { path: String, why: String },
    #[error("{0}")]
    Pages(String),
}

impl CredentialError {
    /// The error in one language, and whether something is missing here rather than wrong there.
    pub fn told(&self, words: Words) -> (crate::Blame, String, Vec<String>) {
        use crate::Blame::{Environment, Input, Usage};
        match self {
            Self::Read { path, source } => {
                (Input, format!("{} ({source})", words.with("error-read-file", &[("path", path)])), vec![])
            }
            Self::Write { path, source } => {
                (Input, format!("{} ({source})", words.with("error-write", &[("path", path)])), vec![])
            }
            Self::Request { path, why } => {
                let hints = vec![words.say("hint-credential-request")];
                (Input, words.with("error-credential-request", &[("path", path), ("why", why)]), hints)
            }
            Self::NoFolder { path } => {
                let hints = vec![words.say("hint-credential-folder")];
                (Input, words.with("error-credential-folder", &[("path", path)]), hints)
            }
            Self::Name(name) => {
                (Usage, words.with("error-credential-name", &[("name", name)]), vec![words.say("hint-credential-name")])
            }
            Self::Fetch { url, why, detail } => {
                let why = words.say(why);
                let told = words.with("error-credential-fetch", &[("url", url), ("why", &why)]);
                (
                    Environment,
                    if detail.is_empty() { told } else { format!("{told} ({detail})") },
                    vec![words.say("hint-credential-fetch")],
                )
            }
            Self::Code(code) => {
                (Usage, words.with("error-credential-code", &[("code", code)]), vec![words.say("hint-credential-code")])
            }
            Self::Credential { path, why } => {
                (Input, words.with("error-credential", &[("path", path), ("why", why)]), vec![])
            }
            Self::Pages(why) => (Input, words.with("error-press", &[("paper", "certificate"), ("why", why)]), vec![]),
        }
    }
}
