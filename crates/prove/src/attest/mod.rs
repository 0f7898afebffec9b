//! Signed records of runs: in-toto statements in DSSE envelopes, and what it takes to believe one.

mod base64;
mod dsse;
mod key;
mod statement;
mod verify;

pub use dsse::{Envelope, PAYLOAD_TYPE};
pub use key::{KeyError, PublicKey, Signer, digest};
pub use statement::{Run, SCAI, Scope, Statement, TEST_RESULT, attribute, test_result};
pub use verify::{Accepted, Demands, Refusal, Refused, Verified, verify};

#[cfg(test)]
mod tests;
