//! Commands as words, and times as seconds.

use super::value::{Data, Value};

/// The words of a command that is written as a list or as one line; none when it is left empty.
pub(super) fn of(value: &Value) -> Option<Vec<String>> {
    match &value.data {
        Data::Text(line) => Some(split(line)),
        Data::List(items) => Some(items.iter().filter_map(Value::text).map(str::to_owned).collect()),
        Data::Null | Data::Map(_) => None,
    }
}

/// The words of a line as a shell sees them, quotes taken off, nothing expanded.
pub(super) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(c) = letters.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => {
                // A line that goes on on the next one has no newline in it.
                if let Some(next) = letters.next().filter(|next| *next != '\n') {
                    word.get_or_insert_default().push(next);
                }
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// `1m30s` in whole seconds, at least one unless it is nothing.
pub(super) fn seconds(text: &str) -> Option<u32> {
    let mut millis: u64 = 0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let each = match &after[..unit] {
            "ms" => 1.0,
            "s" => 1_000.0,
            "m" => 60_000.0,
            "h" => 3_600_000.0,
            "us" | "ns" => 0.0,
            _ => return None,
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time is small and not negative")]
        let part = (number * each) as u64;
        millis = millis.saturating_add(part);
        rest = &after[unit..];
    }
    u32::try_from(millis.div_ceil(1000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (line, words) in [
            ("python -m app", vec!["python", "-m", "app"]),
            ("sh -c 'a b' \"c \\\" d\"", vec!["sh", "-c", "a b", "c \" d"]),
            ("a\\ b ''", vec!["a b", ""]),
            ("one \\\n  two", vec!["one", "two"]),
            ("", vec![]),
        ] {
            assert_eq!(split(line), words, "{line}");
        }
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("5s", Some(5)),
            ("1m30s", Some(90)),
            ("500ms", Some(1)),
            ("0s", Some(0)),
            ("x", None),
            ("5", None),
            ("1.5s", Some(2)),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
