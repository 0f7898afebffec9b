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
pub mod picture;
mod read;
mod slides;

pub use compose::{Recipe, Say, compose, day, parts_of};
pub use documents::{DOCUMENTS, is_documents};
pub use matrix::{annexes, matrix, screen};
pub use model::Document;
pub use read::Reader;
pub(crate) use read::{is_break, shown};
pub use slides::{Oral, script, slides};

#[cfg(test)]
mod tests;
