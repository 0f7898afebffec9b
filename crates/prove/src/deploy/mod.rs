//! Delivery to a real Kubernetes, or by Compose where there is no cluster: what is delivered, how it is fitted to a cluster of one node, and who asks meanwhile.

mod chart;
mod compose;
mod data;
mod delivery;
mod entry;
mod fit;
mod gitops;
mod helm_test;
mod images;
mod json;
mod live;
mod load;
mod pods;
mod release;
mod render;
mod secrets;
mod source;
mod subject;
#[cfg(test)]
mod tests;
mod written;

pub(crate) use self::chart::TestedChart;
pub(crate) use self::compose::{Composed, Keeping, Releasing};
pub(crate) use self::gitops::Reconciled;
pub(crate) use self::subject::Delivering;
