//! The use cases of the console, one function each.

/// What somebody may be in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Candidate,
    Coach,
    Juror,
    Certifier,
    Company,
    Administrator,
}

impl Role {
    pub const ALL: [Role; 6] =
        [Role::Candidate, Role::Coach, Role::Juror, Role::Certifier, Role::Company, Role::Administrator];
}

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct Account {
    pub name: String,
    pub roles: Vec<Role>,
}

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no store")]
    Store,
}
