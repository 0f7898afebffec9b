//! Who does something, when, and why.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{PersonId, Refusal};

/// The longest reason or note that is kept, in bytes.
pub(crate) const LONGEST_TEXT: usize = 8_000;

/// A person, or a program that acts for nobody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    Person(PersonId),
    /// A worker, a timer, or the first start.
    Service(String),
}

impl Actor {
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Actor::Person(person) => Some(person),
            Actor::Service(_) => None,
        }
    }
}

/// What every change is made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    pub by: Actor,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Act {
    pub fn by(person: &PersonId, at: Timestamp) -> Act {
        Act { by: Actor::Person(person.clone()), at, why: None }
    }

    pub fn of_service(name: &str, at: Timestamp) -> Act {
        Act { by: Actor::Service(name.to_owned()), at, why: None }
    }

    #[must_use]
    pub fn because(mut self, why: &str) -> Act {
        self.why = Some(why.to_owned());
        self
    }

    /// The reason, where one is needed.
    pub(crate) fn reason(&self) -> Result<&str, Refusal> {
        self.why.as_deref().map(str::trim).filter(|why| !why.is_empty()).ok_or(Refusal::ReasonNeeded {})
    }

    /// The person, where a program may not act.
    pub(crate) fn person(&self) -> Result<&PersonId, Refusal> {
        self.by.person().ok_or(Refusal::PersonNeeded {})
    }
}

/// Refuses a text that nobody would read to its end.
pub(crate) fn bounded(text: &str) -> Result<(), Refusal> {
    if text.len() > LONGEST_TEXT { Err(Refusal::TextTooLong { most: LONGEST_TEXT }) } else { Ok(()) }
}
