//! The audit log: every event, each hashed with the one before it, and a signed root for every day.

mod append;
mod redact;
mod root;
mod verify;

pub use append::Logged;
pub(crate) use append::{Entry, append, moment};
pub use root::Root;
pub use verify::{AuditProblem, AuditReport};
