//! Reading a git repository: the tree of one commit and its history, never a work tree.

mod snapshot;

pub use snapshot::{OpenError, Repository};
