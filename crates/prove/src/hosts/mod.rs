//! Hosts that configuration management converges: fresh servers in the sandbox, what the code claims to manage on them,
//! damage, and whether the next run repairs it or a test sees it.

mod ansible;
mod claim;
mod covers;
mod damage;
mod farm;
mod guarded;
mod kept;
mod local;
mod parametrized;
mod puppet;
mod relay;
mod said;
mod script;
mod site;
mod snapshot;
mod subject;
mod suites;
mod tested;
mod together;
mod trusted;

#[cfg(test)]
mod tests;

pub(crate) use farm::{CONTROL, Farm};
pub(crate) use relay::Relay;
pub(crate) use site::Site;
pub(crate) use snapshot::Snapshot;
pub(crate) use subject::{Converging, stand_ins};
pub(crate) use tested::Tested;
