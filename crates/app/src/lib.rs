//! One function per use case.

mod assess;
pub mod report;

pub use assess::{AssessError, Request, assess};
