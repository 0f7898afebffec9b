//! The application as it runs, perturbed: other users, other configurations, lost instances, lost data.
//!
//! [`Site`] is the Compose project in which it runs, [`Floor`] the project raised, with the addresses that answered well.
//! Each experiment is a subject over them.

mod configure;
mod definition;
mod floor;
mod journey;
mod kill;
mod load;
mod settings;
mod site;
#[cfg(test)]
mod tests;
mod user;

pub(crate) use configure::TwoConfigurations;
pub(crate) use kill::KillUnderLoad;
pub(crate) use user::RandomUser;
