//! The life of a certification, from what is asked to who holds it: states and rules, without input or output.
//!
//! # How it is used
//!
//! Records are plain structs that serialize ([`Title`], [`Cohort`], [`Session`], [`Enrolment`], [`Sheet`],
//! [`Deliberation`], [`Award`], [`Appeal`], [`FraudReport`], …). What changes a record is a method of it, takes an
//! [`Act`] (who, when, why), and gives either one [`Event`] or a [`Refusal`]; a refusal leaves the record as it was.
//! Whoever calls saves the record and the event together (`store` does it in one transaction):
//!
//! ```
//! # use programme::*;
//! # fn f(session: &mut Session, title: &Title, act: Act) -> Result<Event, Refusal> {
//! let event = session.open(title, act)?;
//! // store.save(&session, event)
//! # Ok(event) }
//! ```
//!
//! A [`Refusal`] has a `code()` that names a sentence of the catalogue (`refusal-…`) and `arguments()` that fill it;
//! [`Refusal::CODES`] lists them all, for the test that no sentence is missing. Time is part of the act, and random
//! identifiers are made by the caller: `PersonId::from_bytes(sixteen_random_bytes)`.
//!
//! Who may call what by role is a matter of policy, outside; what no role may do at all is refused here.

mod act;
mod adjustment;
mod admission;
mod alpha;
mod award;
mod calendar;
mod deliberation;
mod dispute;
mod enrolment;
mod event;
mod forgetting;
mod grade;
mod id;
mod jury;
mod lists;
mod mark;
mod named;
mod oral;
mod paper;
mod people;
mod project;
mod question;
mod refusal;
mod result;
mod retention;
mod seats;
mod session;
mod sheet;
mod statistics;
mod title;
mod work;

pub use act::{Act, Actor};
pub use adjustment::{Adjustment, AdjustmentState, Need};
pub use admission::{Document, DocumentState};
pub use alpha::{Metric, alpha};
pub use award::{Award, AwardState};
pub use calendar::{Calendar, Increment, increments};
pub use deliberation::{Agreed, Decision, Deliberation, Minority};
pub use dispute::{Appeal, AppealState, FraudReport, FraudState, appeal_until};
pub use enrolment::{Enrolment, Stage};
pub use event::{Change, Event, Subject};
pub use grade::{Grade, Shortfall, grade};
pub use id::*;
pub use jury::{Absence, Conflict, Ground, Juror, Jury, JuryRules, Majority, Ties};
pub use lists::{
    LARGEST_LIST, LONGEST_LIST, ListProblem, Listed, neutral, rates_list, read_candidates, results_list, write_list,
};
pub use mark::{Mark, Scale};
pub use oral::{OralPart, OralPlan, Slot, Timer, TimerView};
pub use paper::{HandIn, PaperRule, receipt};
pub use people::{Invitation, InvitationState, Lang, Organisation, OrganisationKind, Person, Role, RoleHeld, Words};
pub use project::{Built, BuiltFile, Finding, Project, ProofFile, Run, RunKind};
pub use question::{Question, draw};
pub use refusal::Refusal;
pub use retention::{Retention, is_past, last_act, parted};
pub use session::{Cohort, DEFAULT_CAPACITY, Session, SessionState, admitted, first_waiting, seats_taken};
pub use sheet::{Score, Sheet, visible};
pub use statistics::{CoachLoad, CriterionRate, SessionRates, agreement, coach_loads, rates, weakest};
pub use title::{Block, Compensation, Criterion, FrameworkRef, Rubric, Title, Version};
