//! The text of a file with its line index, or the reason why there is none.

use std::ops::Range;
use std::sync::Arc;

use facts::Span;

use crate::budget;

/// Why a file has no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It holds bytes that no text has.
    Binary,
    /// It is larger than the budget allows.
    TooLarge { bytes: u64 },
    /// One of its lines is longer than the budget allows.
    LongLine { line: usize },
    /// A merge left both sides in it.
    Conflict { line: usize },
    /// The repository does not hold the blob.
    Missing(String),
}

impl Unreadable {
    /// The reason, for people.
    pub fn reason(&self) -> String {
        match self {
            Unreadable::Binary => "binary content".to_owned(),
            Unreadable::TooLarge { bytes } => format!("{bytes} bytes are over the limit of {}", budget::TEXT_BYTES),
            Unreadable::LongLine { line } => format!("line {line} is over {} bytes", budget::LINE_BYTES),
            Unreadable::Conflict { line } => format!("a merge conflict was left in it at line {line}"),
            Unreadable::Missing(why) => format!("the blob cannot be read: {why}"),
        }
    }
}

/// The text of a file. Bytes that are not UTF-8 are replaced one for one by `?`, so that offsets stay true.
#[derive(Clone, Debug)]
pub struct Text {
    text: Arc<str>,
    line_starts: Arc<[u32]>,
    /// Where bytes were not UTF-8, as far as they are few.
    pub repaired: Vec<usize>,
}

impl Text {
    /// Takes the bytes of a blob.
    ///
    /// # Errors
    /// When they are not text, or a line is over budget.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        if bytes[..bytes.len().min(8_000)].contains(&0) {
            return Err(Unreadable::Binary);
        }
        let (text, repaired) = repair(broken_lines(bytes));
        let mut line_starts = vec![0_u32];
        let mut last = 0;
        for offset in memchr::memchr_iter(b'\n', text.as_bytes()) {
            if offset - last > budget::LINE_BYTES {
                return Err(Unreadable::LongLine { line: line_starts.len() });
            }
            last = offset + 1;
            line_starts.push(u32::try_from(last).unwrap_or(u32::MAX));
        }
        if text.len() - last > budget::LINE_BYTES {
            return Err(Unreadable::LongLine { line: line_starts.len() });
        }
        Ok(Self { text: text.into(), line_starts: line_starts.into(), repaired })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many lines the text has; a final newline does not start another.
    pub fn line_count(&self) -> usize {
        let open_last = !self.text.is_empty() && !self.text.ends_with('\n');
        self.line_starts.len() - 1 + usize::from(open_last)
    }

    /// The line that holds a byte, counted from 1.
    pub fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start as usize <= offset).max(1)
    }

    /// The bytes of a line counted from 1, without its newline; empty outside the text.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let Some(start) = line.checked_sub(1).and_then(|index| self.line_starts.get(index)) else {
            return self.text.len()..self.text.len();
        };
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| *next as usize - 1);
        *start as usize..end.max(*start as usize)
    }

    /// A line counted from 1, without its newline and carriage return.
    pub fn line(&self, line: usize) -> &str {
        self.text[self.line_range(line)].trim_end_matches('\r')
    }

    /// The lines with their byte ranges.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..=self.line_count()).map(|line| (line, self.line(line)))
    }

    /// The line at which a merge left both sides in the text.
    pub(crate) fn conflict(&self) -> Option<usize> {
        let text = self.as_str();
        let at = if text.starts_with("<<<<<<< ") { 0 } else { text.find("\n<<<<<<< ")? + 1 };
        let rest = &text[at..];
        let middle = rest.find("\n=======")?;
        rest[middle..].contains("\n>>>>>>> ").then(|| self.line_of(at))
    }

    /// The range with its lines and columns. Trailing white space is left out, so that a block ends on its last line.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.floor(range.start);
        let end = self.floor(range.end).max(start);
        let end = start + self.text[start..end].trim_end().len();
        let line = self.line_of(start);
        let last = self.floor(end.saturating_sub(1)).max(start);
        let end_line = self.line_of(last);
        Span { start, end, line, column: self.column(line, start), end_line, end_column: self.column(end_line, last) }
    }

    fn column(&self, line: usize, offset: usize) -> usize {
        let start = self.line_range(line).start.min(offset);
        self.text[start..offset].chars().count() + 1
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

/// Lines that end as on old machines, by a carriage return alone: most parsers take one for the end of a line.
fn broken_lines(mut bytes: Vec<u8>) -> Vec<u8> {
    let alone: Vec<usize> =
        memchr::memchr_iter(b'\r', &bytes).filter(|at| bytes.get(at + 1).is_some_and(|next| *next != b'\n')).collect();
    alone.into_iter().for_each(|at| bytes[at] = b'\n');
    bytes
}

/// How many places of bytes that are no UTF-8 are remembered.
const REPAIRED: usize = 1_000;

fn repair(bytes: Vec<u8>) -> (String, Vec<usize>) {
    let mut bytes = match String::from_utf8(bytes) {
        Ok(text) => return (text, Vec::new()),
        Err(error) => error.into_bytes(),
    };
    let mut repaired = Vec::new();
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(&bytes[from..]) {
        let bad = from + error.valid_up_to();
        let length = error.error_len().unwrap_or(bytes.len() - bad);
        bytes[bad..bad + length].fill(b'?');
        if repaired.len() < REPAIRED {
            repaired.push(bad);
        }
        from = bad + length;
    }
    (String::from_utf8(bytes).expect("every invalid byte was replaced"), repaired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_after_multi_byte_text() {
        let text = Text::new("é: 1\nclé: valeur\n".into()).unwrap();
        let start = text.as_str().find("valeur").unwrap();
        let span = text.span(start..start + "valeur".len());
        assert_eq!((span.line, span.column, span.end_line, span.end_column), (2, 6, 2, 11));
    }

    #[test]
    fn invalid_bytes_keep_offsets() {
        let text = Text::new(b"a\xff\xfeb\n".to_vec()).unwrap();
        assert_eq!((text.as_str(), &*text.repaired), ("a??b\n", &[1, 2][..]));
    }

    #[test]
    fn carriage_returns_end_lines_where_they_stand() {
        let text = Text::new(b"a: 1\rb: 2\r\nc: 3\r".to_vec()).unwrap();
        assert_eq!((text.as_str(), text.line_count(), text.line(2)), ("a: 1\nb: 2\r\nc: 3\r", 3, "b: 2"));
    }

    #[test]
    fn both_sides_of_a_merge_are_found() {
        let of = |text: &str| Text::new(text.into()).unwrap().conflict();
        assert_eq!(of("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"), Some(2));
        assert_eq!(of("<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n"), Some(1));
        assert_eq!(of("a\n=======\nb\n"), None);
        assert_eq!(of("a <<<<<<< b\n=======\n>>>>>>> c\n"), None);
    }

    #[test]
    fn binary_and_long_lines_are_refused() {
        assert_eq!(Text::new(vec![b'a', 0, b'b']).unwrap_err(), Unreadable::Binary);
        let long = vec![b'x'; budget::LINE_BYTES + 2];
        assert_eq!(Text::new(long).unwrap_err(), Unreadable::LongLine { line: 1 });
    }
}
