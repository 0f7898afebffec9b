//! Days as people write them, and those to hand in: from the last day of training, and what is left of them.

use framework::Lang;
use jiff::ToSpan;
use jiff::civil::Date;

/// Where a paper stands in its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub ended: Date,
    pub due: Date,
    pub state: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// The training is not over; its days have not begun.
    NotBegun,
    /// So many days are left; none on the last day itself.
    Left(usize),
    Late(usize),
}

/// The clock on a day. `days` is how many the framework gives after the last day of training.
pub fn clock(ended: Date, days: u32, today: Date) -> Option<Clock> {
    let due = ended.checked_add(i64::from(days).days()).ok()?;
    let left = today.until(due).ok()?.get_days();
    let state = match left {
        _ if today < ended => Time::NotBegun,
        left if left < 0 => Time::Late(left.unsigned_abs() as usize),
        left => Time::Left(left.unsigned_abs() as usize),
    };
    Some(Clock { ended, due, state })
}

/// A day as people write it.
pub fn day(date: Date, lang: Lang) -> String {
    const FRENCH: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    const ENGLISH: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
    let first = if date.day() == 1 && lang == Lang::Fr { "er" } else { "" };
    let name = match lang {
        Lang::Fr => FRENCH.get(month),
        Lang::En => ENGLISH.get(month),
    };
    format!("{}{first} {} {}", date.day(), name.unwrap_or(&""), date.year())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_counted_and_late_is_said() {
        let check = |today: Date, expected: Time| {
            let clock = clock(date(2026, 2, 26), 5, today).expect("the dates are near");
            assert_eq!((clock.due, clock.state), (date(2026, 3, 3), expected), "{today}");
        };
        check(date(2026, 2, 20), Time::NotBegun);
        check(date(2026, 2, 26), Time::Left(5));
        check(date(2026, 3, 3), Time::Left(0));
        check(date(2026, 3, 4), Time::Late(1));
        check(date(2026, 5, 3), Time::Late(61));
    }
}
