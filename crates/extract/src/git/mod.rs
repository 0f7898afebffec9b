//! Reading a git repository: the tree of one commit and its history, never a work tree.

mod acquire;
mod error;
mod place;
mod snapshot;

pub use acquire::{Acquired, Limits, Uncommitted, acquire, uncommitted};
pub use error::AcquireError;
pub use snapshot::{OpenError, Repository};
