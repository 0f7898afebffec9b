//! Days and numbers as each language writes them.

use app::{Lang, Words};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// "22 novembre 2026", "22 November 2026".
pub(crate) fn day(words: Words, date: Date) -> String {
    let month = words.say(&format!("month-{}", date.month()));
    match (words.0, date.day()) {
        (Lang::Fr, 1) => format!("1er {month} {}", date.year()),
        (_, day) => format!("{day} {month} {}", date.year()),
    }
}

/// A day with the time of the clock.
pub(crate) fn moment(words: Words, at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone()).datetime();
    let separator = if words.0 == Lang::Fr { " h " } else { ":" };
    let time = format!("{}{separator}{:02}", local.hour(), local.minute());
    words.with("console-moment", &[("day", &day(words, local.date())), ("time", &time)])
}

/// A share of a hundred; French keeps the sign apart.
pub(crate) fn percent(words: Words, n: u32) -> String {
    let space = if words.0 == Lang::Fr { "\u{202f}" } else { "" };
    format!("{n}{space}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_numbers_follow_the_language() {
        let (fr, en) = (Words(Lang::Fr), Words(Lang::En));
        let date = Date::new(2026, 8, 1).unwrap();
        assert_eq!(day(fr, date), "1er août 2026");
        assert_eq!(day(en, date), "1 August 2026");
        assert_eq!(percent(fr, 80), "80\u{202f}%");
        let at: Timestamp = "2026-11-22T07:05:00Z".parse().unwrap();
        assert_eq!(moment(fr, at, &TimeZone::UTC), "22 novembre 2026 à 7 h 05");
        assert_eq!(moment(en, at, &TimeZone::UTC), "22 November 2026 at 7:05");
    }
}
