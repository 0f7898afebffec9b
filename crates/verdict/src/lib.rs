//! Framework and facts to rung, evidence and gap: pure, cannot fail.

mod clause;
mod evaluate;
mod vocabulary;

pub use evaluate::{Answer, Answers, Evidence, Outcome, Role, evaluate};
pub use vocabulary::FactVocabulary;
