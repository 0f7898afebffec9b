//! One function per use case.

pub mod admin;
mod assess;
mod attestations;
mod checks;
mod cite;
pub mod console;
pub mod credential;
mod declared;
pub mod doctor;
mod error;
mod fact;
pub mod findings;
mod indicators;
pub mod lab;
mod library;
pub mod lint;
pub mod oidc;
pub mod otlp;
pub mod papers;
pub mod prove;
mod recording;
pub mod report;
mod since;
pub mod start;
mod waivers;
mod words;

pub use assess::{Begun, Reading, Request, assess, assess_begun, assess_with, begin};
pub use attestations::Belief;
pub use error::{AssessError, Blame, Told, What};
pub use fact::Fact;
pub use framework::rule::Check;
pub use framework::{Catalogue, Fault, Framework, Indicator, Kind, Lab, Lang, Rung, Text, export};
pub use library::{Packs, read_folder};
pub use recording::{Cast, recording_page};
pub use verdict::{Outcome, Status};
pub use words::Words;
