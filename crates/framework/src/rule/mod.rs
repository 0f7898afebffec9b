//! Checks and the rule language in which they say what counts.
//!
//! A [`Check`] is a closed question with a [`Clause`] that selects its evidence among facts. The pack author
//! writes selections and predicates; the verdict room owns the evidence set and decides what is cited.

mod check;
mod matches;
mod parse;
mod predicate;

pub use check::{Case, CaseCommit, Check, Clause, Select, WhenNone};
pub use parse::parse_check;
pub use predicate::{EvalError, Predicate, RuleType, RuleValue, Values, Vocabulary};
