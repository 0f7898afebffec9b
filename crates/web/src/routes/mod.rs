//! One file a place of the console.

pub(crate) mod admin;
pub mod api;
pub(crate) mod candidate;
pub(crate) mod certifier;
pub(crate) mod coach;
pub(crate) mod company;
pub(crate) mod enrolling;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod issuers;
pub(crate) mod jobs;
pub(crate) mod jury;
pub(crate) mod look;
pub(crate) mod planning;
pub(crate) mod provider;
pub(crate) mod rules;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod timer;
pub(crate) mod titles;
pub(crate) mod titling;
pub(crate) mod verify;
pub(crate) mod welcome;
