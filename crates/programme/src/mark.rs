//! Marks and scales: exact, in hundredths of a point.

use serde::{Deserialize, Serialize};

/// A mark, in hundredths of a point: `1250` is 12.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(pub i32);

impl Mark {
    pub const fn points(points: i32) -> Mark {
        Mark(points * 100)
    }

    /// Reads `12`, `12.5` or `12,25`; anything finer than a hundredth is no mark.
    pub fn parse(text: &str) -> Option<Mark> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 5 || part.len() > 2 || !digits(whole) || !digits(part) {
            return None;
        }
        let hundredths: i32 = format!("{part:0<2}").parse().ok()?;
        let value = whole.parse::<i32>().ok()? * 100 + hundredths;
        Some(Mark(if negative { -value } else { value }))
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match part {
            0 => write!(f, "{sign}{whole}"),
            part if part % 10 == 0 => write!(f, "{sign}{whole}.{}", part / 10),
            part => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

/// Which marks there are: from `min` to `max` by `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    pub min: Mark,
    pub max: Mark,
    pub step: Mark,
}

impl Scale {
    pub fn is_fit(&self) -> bool {
        let sane = -1_000_000..=1_000_000;
        sane.contains(&self.min.0)
            && sane.contains(&self.max.0)
            && self.min < self.max
            && self.step.0 > 0
            && (self.max.0 - self.min.0) % self.step.0 == 0
    }

    pub fn has(&self, mark: Mark) -> bool {
        (self.min..=self.max).contains(&mark) && (mark.0 - self.min.0) % self.step.0 == 0
    }

    /// All marks, lowest first; at most a thousand, so that a form stays a form.
    pub fn marks(&self) -> Vec<Mark> {
        let step = usize::try_from(self.step.0).unwrap_or(1).max(1);
        (self.min.0..=self.max.0).step_by(step).take(1_000).map(Mark).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_written() {
        let cases =
            [("12", Some(1200)), ("12.5", Some(1250)), (" 3,25 ", Some(325)), ("-1", Some(-100)), ("0", Some(0))];
        for (text, expected) in cases {
            assert_eq!(Mark::parse(text), expected.map(Mark), "{text}");
        }
        for text in ["", "-", "1.234", "1e3", "١", "999999", "1.2.3", "--1", "+1", "1.-2"] {
            assert_eq!(Mark::parse(text), None, "{text}");
        }
        for mark in [-250, -5, 0, 5, 40, 1250, 1234] {
            assert_eq!(Mark::parse(&Mark(mark).to_string()), Some(Mark(mark)));
        }
    }

    #[test]
    fn a_scale_has_its_steps() {
        let scale = Scale { min: Mark::points(0), max: Mark::points(4), step: Mark(50) };
        assert!(scale.is_fit() && scale.has(Mark(350)) && !scale.has(Mark(325)) && !scale.has(Mark(450)));
        assert_eq!(scale.marks().len(), 9);
        assert!(!Scale { step: Mark(30), ..scale }.is_fit());
    }
}
