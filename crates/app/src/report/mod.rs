//! What an assessment says, in every format: the model is the truth, the rest are views of it.

pub mod model;
