//! The life of a certification: one whole session, what is refused, and what holds whatever is tried.

mod cast;
mod grading;
mod judging;
mod keeping;
mod lists;
mod whole;
mod wild;
