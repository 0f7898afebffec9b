//! Signed credentials: who holds what, proven to anybody without asking the issuer.
//!
//! An [`Award`] becomes an Open Badges 3.0 credential, is signed, baked into a picture, listed in a log, revoked in
//! a status list; [`verify`] runs every step of the specification over a file that a stranger hands in and names
//! the reason of a refusal. Nothing is read from disk or network here: documents of others are arguments, as are
//! time and chance. What is read is bounded in bytes, depth and work before anything is made of it.

mod award;
pub mod bake;
mod canon;
mod contexts;
mod encoding;
pub mod identity;
pub mod integrity;
pub mod issuer;
mod json;
mod jwk;
pub mod jwt;
mod key;
pub mod log;
mod names;
mod rdfc;
mod schema;
pub mod status;
mod terms;
#[cfg(test)]
mod vectors_tests;
pub mod verify;

pub use award::{Achievement, Alignment, Award, Criterion, Evidence, Level, Party, Recipient, ResultOf, StatusEntry};
pub use canon::CanonError;
pub use contexts::{Contexts, OPEN_BADGES, VC};
pub use identity::Identity;
pub use json::{JsonError, Limits, pretty, read};
pub use jwk::{Algorithm, Key, RsaKey, Unfit};
pub use key::{KeyError, PublicKey, Signer};
pub use names::{document_url, is_did_web, with_fragment};
pub use schema::SchemaError;
pub use terms::TermError;

/// SHA-256, in lower-case hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(encoding::sha256(bytes))
}

/// Whether a credential holds what an achievement credential must hold.
///
/// # Errors
/// At the first thing that it lacks.
pub fn check(credential: &serde_json::Value) -> Result<(), SchemaError> {
    schema::check(credential)
}
