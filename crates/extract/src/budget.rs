//! The bounds of reading. They count work and sizes, not seconds, so that the same commit always gives the same facts.

/// The largest file that is read as text, in bytes.
pub const TEXT_BYTES: u64 = 2 * 1024 * 1024;
/// The longest line of a file that is read as text, in bytes; longer ones are data, not source.
pub const LINE_BYTES: usize = 256 * 1024;
/// The largest number of nodes of one structured document, aliases counted each time they are used.
pub const DOCUMENT_NODES: usize = 200_000;
/// The deepest nesting of a structured document.
pub const DOCUMENT_DEPTH: usize = 100;
/// The largest number of documents in one YAML stream.
pub const STREAM_DOCUMENTS: usize = 2_000;
/// The largest number of files of a tree that are looked at.
pub const TREE_FILES: usize = 200_000;
/// The longest chain of includes, local actions, scripts and targets that is followed.
pub const FOLLOW_DEPTH: usize = 8;
/// The longest history whose every version is read unless a deep reading is asked for, in commits.
pub const EXACT_COMMITS: usize = 3_000;
/// The most bytes of past versions that are read for one history.
pub const HISTORY_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// The largest blob that is read at all, in bytes.
pub const BLOB_BYTES: u64 = 256 * 1024 * 1024;
/// The stack of the threads that read, in bytes: grammars recurse as deep as the nesting that is let through.
pub const STACK_BYTES: usize = 64 * 1024 * 1024;
