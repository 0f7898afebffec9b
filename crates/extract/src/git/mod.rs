//! Reading a git repository: the tree of one commit and its history, never a work tree.

mod acquire;
mod error;
mod place;
mod snapshot;
mod uncommitted;

pub use acquire::{Acquired, Limits, acquire};
pub use error::{AcquireError, Failed, Hint, Refusal};
pub use snapshot::{OpenError, Repository};
pub use uncommitted::{Uncommitted, uncommitted};
