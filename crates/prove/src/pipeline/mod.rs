//! A pipeline as a subject: its steps run here, broken from outside, and watched from outside.

mod chain;
pub(crate) mod counts;
mod faults;
mod known;
mod runner;
mod stand_in;
mod subject;
mod suite;
#[cfg(test)]
mod tests;
mod written;

pub(crate) use subject::Pipeline;
