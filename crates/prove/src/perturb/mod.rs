//! The application as it runs, perturbed: other users, other configurations, lost instances, lost data.
//!
//! [`Site`] is the Compose project in which it runs, [`Floor`] the project raised, with the addresses that answered well.
//! Each experiment is a subject over them.

mod configure;
mod content;
mod definition;
mod floor;
mod inventory;
mod journey;
mod keep;
mod kill;
mod load;
mod losses;
mod recreate;
mod restore;
mod settings;
mod site;
#[cfg(test)]
mod tests;
mod user;

pub(crate) use configure::TwoConfigurations;
pub(crate) use content::ImageContent;
pub(crate) use kill::KillUnderLoad;
pub(crate) use recreate::Recreate;
pub(crate) use restore::RestoreDrill;
pub(crate) use user::RandomUser;
