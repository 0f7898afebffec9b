//! Framework and facts to rung, evidence and gap: pure, cannot fail.

mod advice;
mod clause;
mod evaluate;
mod ladder;
mod vocabulary;

pub use advice::{Action, actions};
pub use evaluate::{Answer, Answers, Evidence, Outcome, Role, evaluate, evaluate_with};
pub use ladder::{Grounds, Section, Standing, Status, place};
pub use vocabulary::FactVocabulary;
