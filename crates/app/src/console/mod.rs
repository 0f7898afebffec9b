//! The use cases of the console, one function each.

mod ability;
mod demo;
mod desk;
mod identity;
mod judging;
pub mod looking;
mod rules;
mod running;
mod scope;

pub use ability::{Ability, Standing, abilities, standing};
pub use demo::make as make_demo;
pub use desk::{Desk, Records};
pub use identity::Account;
pub use programme;
pub use programme::{Refusal as Refused, Role};
pub use rules::first_version;
pub use running::Step;
pub use scope::Scope;
pub use store;

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What is kept cannot be read or written.
    #[error("the store: {0}")]
    Store(store::StoreError),
    /// Others change the same records all the time.
    #[error("the records change too often")]
    Busy,
    /// There is no such thing, or not for who asks: the two look the same from outside.
    #[error("nothing of that name for who asks")]
    NotFound,
    /// The rules of the programme say no, and why.
    #[error("refused: {}", .0.code())]
    Refused(Refused),
}

impl From<store::StoreError> for Error {
    fn from(error: store::StoreError) -> Self {
        match error {
            store::StoreError::Missing { .. } => Self::NotFound,
            error => Self::Store(error),
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}
