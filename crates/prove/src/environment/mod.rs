//! Environments of development: built and started from what the repository describes, and broken to see whether that shows.

mod compose;
mod contained;
mod dependencies;
mod faults;
mod inside;
mod machines;
mod nix;
mod scripted;
mod subject;
#[cfg(test)]
mod tests;

pub(crate) use subject::Environment;
