//! Continuous integration, whatever its engine.

pub(crate) mod model;
