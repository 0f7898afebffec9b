//! The use cases of the console, one function each.

mod ability;
mod adjusting;
mod asking;
mod building;
mod credentials;
mod demo;
mod desk;
mod disputing;
mod enrolling;
mod erasing;
mod founding;
mod identity;
mod judging;
pub mod looking;
mod moving;
mod planning;
mod proof_runs;
mod proving;
mod recordings;
mod remembered;
mod renewing;
mod retaining;
mod rules;
mod running;
mod runs;
mod scope;
mod seating;
mod statistics;
mod talking;
mod titling;
pub mod webhooks;

pub use ability::{Ability, Standing, abilities, standing};
pub use asking::Asking;
pub use building::{BUILDS, Building, Hand, Reader, build_for_jury, is_current, is_text};
pub use credentials::{Offices, current_key};
pub use demo::make as make_demo;
pub use desk::{Desk, Records};
pub use disputing::Suspicion;
pub use enrolling::Arrived;
pub use founding::{Founder, Newcomer};
pub use identity::Account;
pub use moving::{Choice, Moved};
pub use planning::{CohortPlan, SessionPlan};
pub use programme;
pub use programme::{Refusal as Refused, Role};
pub use proof_runs::{HandedIn, Opener, PROOFS, Prover, Proving, Unproven, Watcher, prove_handed_in};
pub use proving::{Filed, Filer, key_names};
pub use renewing::Reminder;
pub use retaining::{Due, Forgotten};
pub use rules::first_version;
pub use running::{Step, half};
pub use scope::Scope;
pub use seating::Seat;
pub use statistics::{CoachFigures, CriteriaFigures, CriterionFigures, SessionFigures, Statistics, WeakSkill};
pub use store;
pub use talking::{Said, Thread, Voice};
pub use titling::next_version;

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
    /// A credential cannot be signed or kept.
    #[error("credentials: {0}")]
    Credential(#[from] crate::credential::CredentialError),
    /// A list cannot be taken, and everything that is wrong with it.
    #[error("a list with {} problems", .0.len())]
    List(Vec<programme::ListProblem>),
    /// A webhook cannot be as it was asked for; the message of the catalogue says why.
    #[error("a webhook: {0}")]
    Webhook(&'static str),
    /// A file is none that can be read.
    #[error("not a report of an assessment")]
    NoReport,
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
