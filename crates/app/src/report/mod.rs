//! What an assessment says, in every format: the model is the truth, the rest are views of it.

pub mod html;
pub mod junit;
pub mod markdown;
pub mod model;
pub mod overview;
pub mod sarif;
pub(crate) mod unread;
