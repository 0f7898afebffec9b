//! A paper that is late says so; whether it is still taken is for who takes it.

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::papers::clock::{Time, clock};

pub(super) const ID: &str = "structure.deadline";

pub(super) fn run(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let (Some((ended, today)), Some(first)) = (paper.asked.clock, paper.texts.first()) else { return };
    let days = paper.asked.deliverable.and_then(|deliverable| deliverable.days);
    let Some(clock) = days.and_then(|days| clock(ended, days, today)) else { return };
    if let Time::Late(days) = clock.state {
        let finding = Finding::on(&first.source.path, ID, Level::Warning, "lint-late");
        found.push(finding.with("due", clock.due.to_string()).with("days", days.to_string()));
    }
}
