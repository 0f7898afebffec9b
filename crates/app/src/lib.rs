//! One function per use case.

mod assess;
mod checks;
mod cite;
mod declared;
mod error;
mod indicators;
mod library;
pub mod report;
mod since;
mod waivers;
mod words;

pub use assess::{Reading, Request, assess, assess_with};
pub use error::{AssessError, Blame, Told, What};
pub use framework::{Lang, Rung};
pub use library::{Packs, read_folder};
pub use words::Words;
