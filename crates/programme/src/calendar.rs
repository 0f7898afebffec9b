//! When sessions happen: dates in order, and a year cut into increments of about two and a half months.

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Refusal;

/// The dates of one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The first day on which people enrol.
    pub opens: Date,
    /// The last day of training; deadlines of papers count from it.
    pub training_ends: Date,
    /// When projects are handed in at the latest, before extra time.
    pub hand_in: Timestamp,
    pub orals_from: Timestamp,
    pub orals_to: Timestamp,
    pub deliberation: Date,
}

impl Calendar {
    /// # Errors
    /// With the first date that comes before one that it must follow.
    pub fn check(&self) -> Result<(), Refusal> {
        let day = |at: Timestamp| at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let steps = [
            (self.opens <= self.training_ends, "training_ends"),
            (self.opens <= day(self.hand_in), "hand_in"),
            (self.hand_in <= self.orals_from, "orals_from"),
            (self.orals_from <= self.orals_to, "orals_to"),
            (day(self.orals_to) <= self.deliberation, "deliberation"),
        ];
        match steps.into_iter().find(|(holds, _)| !holds) {
            Some((_, field)) => Err(Refusal::CalendarDisordered { field }),
            None => Ok(()),
        }
    }
}

/// One stretch of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Increment {
    /// Counts from 1.
    pub number: u32,
    pub starts: Date,
    /// The last day, included.
    pub ends: Date,
}

/// How long an increment is: two and a half months, in days.
const INCREMENT_DAYS: i32 = 76;

/// Cuts the days from `starts` into increments that follow each other, of 76 days (about two and a half months).
pub fn increments(starts: Date, count: u32) -> Vec<Increment> {
    let mut found = Vec::new();
    let mut starts = starts;
    for number in 1..=count.min(100) {
        let next = starts.saturating_add(INCREMENT_DAYS.days());
        found.push(Increment { number, starts, ends: next.saturating_sub(1.day()) });
        starts = next;
    }
    found
}
