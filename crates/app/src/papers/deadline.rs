//! When a paper is due and how much time is left, as people read it: on its cover, in a terminal, before a jury.

use dossier::Manifest;
use dossier::papers::clock::{Clock, Time, clock};
use dossier::papers::day;
use framework::Deliverable;
use jiff::civil::Date;

use crate::words::Words;

/// A paper with its clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The name of the paper's files.
    pub paper: String,
    pub clock: Clock,
}

/// The clock of a paper; none when the framework gives it no days, or nobody said when the training ended.
pub(crate) fn of(manifest: &Manifest, asked: &Deliverable, today: Date) -> Option<Deadline> {
    let clock = clock(manifest.ended?, asked.days?, today)?;
    Some(Deadline { paper: super::build::name_of(&asked.id), clock })
}

impl Deadline {
    pub fn is_late(&self) -> bool {
        matches!(self.clock.state, Time::Late(_))
    }

    /// The day, and what is left until then.
    pub fn told(&self, words: Words) -> String {
        let left = match self.clock.state {
            Time::NotBegun => words.with("paper-not-begun", &[("day", &day(self.clock.ended, words.0))]),
            Time::Left(days) => words.count("paper-left", days),
            Time::Late(days) => words.count("paper-late", days),
        };
        format!("{} — {left}", day(self.clock.due, words.0))
    }

    /// The same, with the name of the paper.
    pub fn named(&self, words: Words) -> String {
        words.with("paper-due-of", &[("paper", &self.paper), ("due", &self.told(words))])
    }
}

#[cfg(test)]
mod tests {
    use framework::Lang;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn one_day_is_one_day_in_both_languages() {
        let check = |today: Date, french: &str, english: &str| {
            let clock = clock(date(2026, 2, 26), 5, today).unwrap();
            let deadline = Deadline { paper: "p".to_owned(), clock };
            assert_eq!(deadline.told(Words(Lang::Fr)), format!("3 mars 2026 — {french}"));
            assert_eq!(deadline.told(Words(Lang::En)), format!("3 March 2026 — {english}"));
        };
        check(
            date(2026, 2, 1),
            "la formation finit le 26 février 2026, le délai commence alors",
            "the training ends on 26 February 2026, the days begin then",
        );
        check(date(2026, 3, 1), "il reste 2 jours", "2 days left");
        check(date(2026, 3, 2), "il reste 1 jour", "1 day left");
        check(date(2026, 3, 3), "c'est le dernier jour", "it is the last day");
        check(date(2026, 3, 4), "en retard de 1 jour", "1 day late");
        check(date(2026, 3, 14), "en retard de 11 jours", "11 days late");
    }
}
