//! Fixtures and harness for the tests of the other rooms.

pub mod examine;
pub mod fixture;
pub mod history;
pub mod hostile;
pub mod reference;
pub mod schema;
