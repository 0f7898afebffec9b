//! What a command, an action or an image is for, read from what it runs.

pub(crate) mod catalogue;
pub(crate) mod shell;
