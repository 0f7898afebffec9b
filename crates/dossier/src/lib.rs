//! What a candidate hands in: the Markdown of reports and papers, read with positions, checked and composed.
//!
//! Pure: files are given as a [`Folder`], the day and the counts of pages as numbers. Typst lives in another room.

pub mod documents;
pub mod entries;
pub mod finding;
mod folder;
mod leads;
pub mod lint;
mod manifest;
pub mod oral;
pub mod papers;
pub mod report;
pub mod similar;
pub mod source;

pub use finding::{Beside, Edit, Finding, Level};
pub use folder::{File, Folder};
pub use manifest::{Manifest, PATH, PaperEntry, Person, ReportEntry};
pub use source::{Block, BlockKind, Inline, InlineKind, Source};
