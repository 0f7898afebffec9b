//! Papers: one shape, composed from what a candidate wrote and what repositories show, in three views.

pub mod clock;
mod compose;
pub mod coverage;
mod documents;
pub mod excerpt;
pub mod html;
pub mod markdown;
mod matrix;
pub mod model;
mod names;
pub mod picture;
mod read;
mod slides;

pub use clock::day;
pub use compose::{Recipe, Say, compose, labels, parts_of};
pub use documents::{DOCUMENTS, is_documents};
pub use matrix::{annexes, begun, matrix, screen};
pub use model::Document;
pub use read::Reader;
pub(crate) use read::{is_break, shown};
pub use slides::{Oral, script, slides};

#[cfg(test)]
mod tests;
