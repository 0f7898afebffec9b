//! What is observed: typed facts with exact locations.
//!
//! A [`Fact`] is one observation about a repository at one commit. Its kind and fields are declared
//! in [`schema`], so that a rule that names a field that does not exist is refused when it is loaded.
//! This room knows nothing of frameworks: it says what is there, never what is asked.

mod attestation;
mod fact;
mod location;
pub mod schema;
mod set;
mod value;

pub use attestation::{Attestation, Judgement, Shows};
pub use fact::{Confidence, Fact};
pub use location::{Location, Oid, Place, Span};
pub use set::Facts;
pub use value::{FieldType, Value};
