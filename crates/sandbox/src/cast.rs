//! Recordings of terminals: asciicast version 2, made from the record of a session.

use crate::transcript::{Line, Transcript};

/// A recording: what was shown, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    pub title: String,
    /// Milliseconds from the start, and what was shown.
    pub events: Vec<(u64, String)>,
}

const WIDTH: u32 = 120;
const HEIGHT: u32 = 32;
/// A silence is shortened to this: nobody watches a download.
const LONGEST_SILENCE: u64 = 2000;

impl Cast {
    /// A recording of a whole session.
    pub fn of(transcript: &Transcript, title: &str) -> Self {
        let mut events = Vec::new();
        for line in &transcript.lines {
            match line {
                Line::Said { at, text } => {
                    events.push((*at, format!("\x1b[1m# {}\x1b[0m\r\n", plain(text.as_bytes()))))
                }
                Line::Did { at, what } => events.push((*at, format!("\x1b[2m· {}\x1b[0m\r\n", plain(what.as_bytes())))),
                Line::Failed { at, what, because } => {
                    let told =
                        format!("\x1b[31m! {}: {}\x1b[0m\r\n", plain(what.as_bytes()), plain(because.as_bytes()));
                    events.push((*at, told));
                }
                Line::Ran { at, container, command, status, millis, stdout, stderr, shown, .. } => {
                    let command = plain(command.as_bytes());
                    events.push((*at, format!("\x1b[36m{container}\x1b[0m \x1b[1m$ {command}\x1b[0m\r\n")));
                    let mut ends_line = true;
                    let mut written = 0;
                    for (piece, bytes) in shown {
                        let text = plain(bytes);
                        ends_line = text.ends_with('\n');
                        written += bytes.len();
                        events.push((at + piece.millis, text));
                    }
                    let rest = (stdout.bytes() + stderr.bytes()).saturating_sub(written);
                    let more =
                        if rest > 0 { format!("\x1b[2m… {rest} more bytes\x1b[0m\r\n") } else { String::new() };
                    let open = if ends_line { "" } else { "\r\n" };
                    let colour = if status == "exit 0" { 32 } else { 31 };
                    let end = format!("{open}{more}\x1b[{colour}m= {status}\x1b[0m \x1b[2m{millis} ms\x1b[0m\r\n");
                    events.push((at + millis, end));
                }
            }
        }
        events.sort_by_key(|(at, _)| *at);
        Self { title: crate::archive::shown(title), events: paced(events) }
    }

    /// As an asciicast file.
    pub fn to_asciicast(&self) -> String {
        let head = serde_json::json!({ "version": 2, "width": WIDTH, "height": HEIGHT, "title": self.title });
        let mut text = format!("{head}\n");
        for (at, shown) in &self.events {
            let seconds = format!("{}.{:03}", at / 1000, at % 1000);
            let shown = serde_json::Value::from(shown.as_str());
            text.push_str(&format!("[{seconds}, \"o\", {shown}]\n"));
        }
        text
    }
}

/// Starts at nought, and shortens silences.
pub(crate) fn paced(events: Vec<(u64, String)>) -> Vec<(u64, String)> {
    let mut last = events.first().map_or(0, |(at, _)| *at);
    let mut now = 0;
    let pace = |(at, text): (u64, String)| {
        now += (at - last).min(LONGEST_SILENCE);
        last = at;
        (now, text)
    };
    events.into_iter().map(pace).collect()
}

/// What a subject wrote, with nothing left of what a terminal obeys but line ends and colours: no title, no clipboard, no
/// cursor that goes back over what was shown.
pub(crate) fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut shown = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => shown.push_str("\r\n"),
            '\r' if chars.peek() == Some(&'\n') => {}
            // A line that is written over is shown as the lines that it was.
            '\r' => shown.push_str("\r\n"),
            '\t' => shown.push_str("    "),
            '\x1b' | '\u{9b}' => {
                if let Some(colour) = sequence(c, &mut chars) {
                    shown.push_str(&colour);
                }
            }
            c if c.is_control() || hides(c) => shown.push('\u{fffd}'),
            c => shown.push(c),
        }
    }
    shown
}

/// Characters that turn text round or cannot be seen.
fn hides(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Reads an escape sequence away; gives it back when it only colours.
fn sequence(first: char, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let kind = if first == '\u{9b}' { '[' } else { chars.next()? };
    match kind {
        '[' => {
            let mut parameters = String::new();
            for c in chars.by_ref().take(64) {
                match c {
                    '0'..='9' | ';' => parameters.push(c),
                    'm' => return Some(format!("\x1b[{parameters}m")),
                    '\x40'..='\x7e' => return None,
                    _ => {}
                }
            }
            None
        }
        // Texts for the terminal itself end with a bell or a string terminator, or never: then at the end of the line.
        ']' | 'P' | '_' | '^' | 'X' => {
            while let Some(c) = chars.peek() {
                match c {
                    '\n' => return None,
                    '\x07' | '\u{9c}' => {
                        chars.next();
                        return None;
                    }
                    '\x1b' => {
                        chars.next();
                        if chars.peek() == Some(&'\\') {
                            chars.next();
                        }
                        return None;
                    }
                    _ => {
                        chars.next();
                    }
                }
            }
            None
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_taken_out() {
        for (written, shown) in [
            ("a\nb", "a\r\nb"),
            ("a\r\nb", "a\r\nb"),
            ("10%\r20%\n", "10%\r\n20%\r\n"),
            ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
            ("\x1b[2J\x1b[H= exit 0", "= exit 0"),
            ("\x1b]0;title\x07x", "x"),
            ("\x1b]52;c;ZXZpbA==\x1b\\x", "x"),
            ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "link"),
            ("\x1bP+q\x1b\\x", "x"),
            ("\x1b]never ends\nx", "\r\nx"),
            ("\u{9b}2Jx", "x"),
            ("\x08\x08\x07\0", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("a\u{202e}b", "a\u{fffd}b"),
            ("\x1b[", ""),
            ("\x1b", ""),
            ("\t|", "    |"),
        ] {
            assert_eq!(plain(written.as_bytes()), shown, "{written:?}");
        }
        assert_eq!(plain(b"\xff\xfe"), "\u{fffd}\u{fffd}");
    }

    #[test]
    fn silences_are_short_and_the_start_is_nought() {
        let events = [(5000, "a"), (5100, "b"), (95_000, "c")].map(|(at, text)| (at, text.to_owned())).to_vec();
        let times: Vec<u64> = paced(events).into_iter().map(|(at, _)| at).collect();
        assert_eq!(times, [0, 100, 2100]);
    }
}
