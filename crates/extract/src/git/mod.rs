//! Reading a git repository: the tree of one commit and its history, never a work tree; and beginning a new one.

mod acquire;
mod begin;
mod draft;
mod error;
mod header;
mod names;
mod packs;
mod place;
mod reach;
mod snapshot;
mod uncommitted;

pub use acquire::{Acquired, Limits, acquire};
pub use begin::{BeginError, First, begin, begin_with};
pub use draft::{Draft, draft, draft_on};
pub use error::{AcquireError, Failed, Hint, Refusal};
pub use header::{Header, Signature};
pub(crate) use packs::Objects;
pub use reach::{Reach, acquire_within, is_private};
pub use snapshot::{OpenError, Repository};
pub use uncommitted::{Uncommitted, uncommitted};
