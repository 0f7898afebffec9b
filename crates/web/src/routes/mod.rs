//! One file a place of the console.

pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod titles;
