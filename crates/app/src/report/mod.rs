//! What an assessment says, ready to be written in any format.

pub mod json;
