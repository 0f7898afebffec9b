//! Recordings that somebody else made: asciicast files of version 2 and 3, read as what is safe to show.

use serde_json::Value;

use crate::cast::{Cast, paced, plain};

/// More than an hour of a busy terminal.
const EVENTS: usize = 100_000;
const TITLE: usize = 200;

/// Why a file is no recording that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCast {
    #[error("its first line is not the head of an asciicast of version 2 or 3")]
    Head,
    #[error("line {line} is no event")]
    Event { line: usize },
    #[error("it has more than {EVENTS} events")]
    TooLong,
    #[error("it shows nothing")]
    Empty,
}

impl Cast {
    /// Reads an asciicast file. What was typed, resized or marked is left out, and so is all that a terminal obeys but line
    /// ends and colours.
    ///
    /// # Errors
    /// When it is none, or too long.
    pub fn parse(text: &str) -> Result<Self, NoCast> {
        let mut lines = text.lines().enumerate();
        let head = lines.next().and_then(|(_, line)| serde_json::from_str::<Value>(line).ok()).ok_or(NoCast::Head)?;
        // In version 3 times are counted from one event to the next.
        let relative = match head["version"].as_u64() {
            Some(2) => false,
            Some(3) => true,
            _ => return Err(NoCast::Head),
        };
        let title: String = head["title"].as_str().unwrap_or_default().chars().take(TITLE).collect();
        let (mut events, mut now, mut count) = (Vec::new(), 0_u64, 0);
        for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')) {
            let wrong = NoCast::Event { line: index + 1 };
            count += 1;
            if count > EVENTS {
                return Err(NoCast::TooLong);
            }
            let event: (f64, String, Value) = serde_json::from_str(line).map_err(|_| wrong)?;
            if !(0.0..1e9).contains(&event.0) {
                return Err(wrong);
            }
            let millis = (event.0 * 1000.0) as u64;
            now = if relative { now.saturating_add(millis) } else { millis.max(now) };
            if event.1 == "o" {
                events.push((now, plain(event.2.as_str().ok_or(wrong)?.as_bytes())));
            }
        }
        if events.iter().all(|(_, shown)| shown.trim().is_empty()) {
            return Err(NoCast::Empty);
        }
        Ok(Self { title: crate::archive::shown(&title), events: paced(events) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_are_read() {
        let two = "{\"version\": 2, \"width\": 80, \"height\": 24, \"title\": \"Demo\"}\n[0.5, \"o\", \"$ make\\r\\n\"]\n[1.0, \"i\", \"x\"]\n[1.5, \"o\", \"done\"]\n";
        let three = "{\"version\": 3, \"term\": {\"cols\": 80, \"rows\": 24}, \"title\": \"Demo\"}\n# by hand\n[0.5, \"o\", \"$ make\\r\\n\"]\n[0.5, \"i\", \"x\"]\n[0.5, \"o\", \"done\"]\n[0, \"x\", \"0\"]\n";
        let expected = Cast { title: "Demo".into(), events: vec![(0, "$ make\r\n".into()), (1000, "done".into())] };
        assert_eq!(Cast::parse(two), Ok(expected.clone()));
        assert_eq!(Cast::parse(three), Ok(expected.clone()));
        assert_eq!(Cast::parse(&expected.to_asciicast()), Ok(expected));
    }

    #[test]
    fn what_is_no_recording_is_refused_and_what_a_terminal_obeys_is_left_out() {
        let with = |event: &str| format!("{{\"version\": 2}}\n{event}\n");
        for (text, expected) in [
            (String::new(), NoCast::Head),
            ("{\"version\": 1}".into(), NoCast::Head),
            ("GIF89a".into(), NoCast::Head),
            (with("{}"), NoCast::Event { line: 2 }),
            (with("[-1, \"o\", \"x\"]"), NoCast::Event { line: 2 }),
            (with("[1e300, \"o\", \"x\"]"), NoCast::Event { line: 2 }),
            (with("[1, \"o\", 7]"), NoCast::Event { line: 2 }),
            (with("[1, \"o\", \"  \"]"), NoCast::Empty),
            (with("[1, \"i\", \"typed\"]"), NoCast::Empty),
            (with(&"[1, \"o\", \"x\"]\n".repeat(EVENTS + 1)), NoCast::TooLong),
        ] {
            assert_eq!(Cast::parse(&text), Err(expected), "{}", &text[..text.len().min(60)]);
        }
        let driven = with("[1, \"o\", \"\\u001b]0;title\\u0007\\u001b[2Ja\\u001b[31mb\\u001b[0m\\u202e\"]");
        assert_eq!(Cast::parse(&driven).unwrap().events, [(0, "a\x1b[31mb\x1b[0m\u{fffd}".to_owned())]);
    }
}
