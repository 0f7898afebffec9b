//! How long an alert takes by what is written, and the one factor by which long times are shortened.

/// What a kill and its end may take before times are scaled, in seconds.
const AS_WRITTEN: u64 = 150;
/// What they take once scaled, about.
const SCALED: u64 = 60;
/// What the machine may add.
const MARGIN: u64 = 15;

/// The times that decide when an alert is told, in seconds; those of Alertmanager's routes are the longest of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub scrape: u64,
    pub evaluation: u64,
    pub group_wait: u64,
    pub group_interval: u64,
}

impl Default for Times {
    /// What Prometheus and Alertmanager do when nothing is written.
    fn default() -> Self {
        Self { scrape: 60, evaluation: 60, group_wait: 30, group_interval: 300 }
    }
}

impl Times {
    /// Two rounds of asking and judging: one may just have passed.
    pub fn rounds(&self) -> u64 {
        2 * (self.scrape + self.evaluation)
    }

    /// Within how many seconds of a death the alert must be delivered. A group that was told of before waits its interval.
    pub fn told_within(&self, wait: u64) -> u64 {
        wait + self.group_wait.max(self.group_interval) + self.rounds() + MARGIN
    }

    /// Within how many seconds of the return its end must be delivered.
    pub fn over_within(&self) -> u64 {
        self.group_interval + self.rounds() + MARGIN
    }

    /// The factor by which all times are divided for an alert that waits so long; 1 when they are kept as written.
    pub fn factor(&self, wait: u64) -> u64 {
        let sum = wait + self.group_wait + self.group_interval + self.rounds();
        if sum <= AS_WRITTEN { 1 } else { sum.div_ceil(SCALED) }
    }

    pub fn divided(&self, factor: u64) -> Self {
        let by = |seconds| divided(seconds, factor);
        Self {
            scrape: by(self.scrape),
            evaluation: by(self.evaluation),
            group_wait: by(self.group_wait),
            group_interval: by(self.group_interval),
        }
    }
}

/// Whole seconds, and at least one where there was something.
pub(super) fn divided(seconds: u64, factor: u64) -> u64 {
    if factor <= 1 { seconds } else { (seconds / factor).max(u64::from(seconds > 0)) }
}

/// Seconds of a duration as Prometheus writes it, rounded up: `90s`, `1h30m`, `500ms`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    if text == "0" {
        return Some(0);
    }
    let (mut rest, mut millis) = (text, 0_u64);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit = &rest[digits..];
        let end = unit.find(|c: char| c.is_ascii_digit()).unwrap_or(unit.len());
        let each = match &unit[..end] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            "y" => 31_536_000_000,
            _ => return None,
        };
        millis = millis.checked_add(number.checked_mul(each)?)?;
        rest = &unit[end..];
    }
    (!text.is_empty()).then(|| millis.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        let check = |text: &str, expected| assert_eq!(seconds(text), expected, "{text}");
        check("15s", Some(15));
        check("1h30m", Some(5400));
        check("500ms", Some(1));
        check("0", Some(0));
        check("0s", Some(0));
        for text in ["", "s", "5", "5x", "-1s", "99999999999999999999s", "9999999999999999y", "1 m", "é"] {
            check(text, None);
        }
    }

    #[test]
    fn long_times_are_scaled_by_one_factor() {
        let short = Times { scrape: 5, evaluation: 5, group_wait: 1, group_interval: 5 };
        assert_eq!((short.factor(30), short.told_within(30)), (1, 30 + 5 + 20 + 15));
        let usual = Times::default();
        let factor = usual.factor(60);
        assert_eq!(factor, 11);
        assert_eq!(usual.divided(factor), Times { scrape: 5, evaluation: 5, group_wait: 2, group_interval: 27 });
        assert_eq!((divided(0, 9), divided(3, 9), divided(3, 1)), (0, 1, 3));
    }
}
