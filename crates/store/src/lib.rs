//! Records, the audit log, jobs and files: the only room that knows SQL.
//!
//! # How it is used
//!
//! [`Store::open`] takes an [`Opening`] (where, and a source of chance) and brings the schema up to date. A record is
//! read with its revision as [`Kept`], changed by the rules of `programme`, and saved together with the event that the
//! rule gave, in one transaction:
//!
//! ```no_run
//! # use store::*; use programme::*;
//! # async fn f(store: &Store, id: &SessionId, act: Act) -> Result<(), Box<dyn std::error::Error>> {
//! let mut session = store.get::<Session>(id.as_str()).await?;
//! let title = store.get::<Title>(session.title.as_str()).await?;
//! let event = session.open(&title, act)?;
//! store.commit(Write::new().put(&session, event)).await?;
//! # Ok(()) }
//! ```
//!
//! Somebody else may have changed the record meanwhile: then nothing is written and the error is
//! [`StoreError::Stale`]; read again, decide again. A rule that depends on *other* records (seats that are left) names
//! the record that stands for them all with [`Write::guard`], usually the session.
//!
//! Lists are asked for with [`Find`]: `store.find(Find::<Enrolment>::by("session", id).page(0, 50)).await?`.
//!
//! Sign-in (accounts, logins, links, tokens, passkeys) is in [`identity`], work for later in [`jobs`], and files by
//! digest in [`files`].

mod audit;
mod backup;
mod check;
mod counts;
mod engine;
mod error;
pub mod files;
mod find;
pub mod identity;
pub mod jobs;
mod migrate;
pub mod notes;
mod people;
mod record;
mod records;
mod statement;
mod store;
pub mod webhooks;
mod write;

pub use audit::{AuditProblem, AuditReport, Logged, Root};
pub use backup::{Beside, Manifest};
pub use check::Checkup;
pub use engine::{Chance, Opening, Place, Value};
pub use error::StoreError;
pub use find::Find;
pub use people::Awarded;
pub use record::{Kept, Record, Side};
pub use store::Store;
pub use write::Write;
