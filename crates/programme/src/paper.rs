//! Papers handed in before a deadline: what arrived, when, and the receipt for it.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{Calendar, EnrolmentId, PaperId, Words};

/// A paper that a title asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperRule {
    pub id: PaperId,
    pub title: Words,
    pub required: bool,
    /// How many days after the last day of training; `None` is the hand-in of the project.
    #[serde(default)]
    pub days: Option<u32>,
    /// In bytes.
    pub largest: u64,
}

impl PaperRule {
    /// When it must be there, before extra time: the end of the day, in UTC.
    pub fn deadline(&self, calendar: &Calendar) -> Timestamp {
        let Some(days) = self.days else { return calendar.hand_in };
        let last = calendar.training_ends.saturating_add(i64::from(days.min(3_650)).days());
        let end = last.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC);
        end.map_or(calendar.hand_in, |end| end.timestamp())
    }
}

/// One paper as it arrived. A later one stands before an earlier one; all are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandIn {
    pub paper: PaperId,
    /// SHA-256 of the file.
    pub digest: String,
    pub size: u64,
    pub file_name: String,
    pub at: Timestamp,
    /// What the candidate keeps: it says who handed in what and when, and anybody can recompute it.
    pub receipt: String,
}

/// The receipt of a hand-in.
pub fn receipt(enrolment: &EnrolmentId, paper: &PaperId, digest: &str, at: Timestamp) -> String {
    let said = format!("preuve-receipt/1\n{enrolment}\n{paper}\n{digest}\n{at}\n");
    Sha256::digest(said.as_bytes())[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
