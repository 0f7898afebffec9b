//! Go template source to texts and actions, and actions to tokens.

use std::ops::Range;

use super::ast::TemplateError;

/// A text, or the inside of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(Range<usize>),
    /// `at` is the action with its braces, `inside` what stands between them and their trim marks.
    Action {
        at: Range<usize>,
        inside: Range<usize>,
    },
}

/// A token of an action.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Word(String),
    /// `.a`, attached to what stands before it when `attached`.
    Field {
        name: String,
        attached: bool,
    },
    Dot,
    Variable(String),
    Str(String),
    Number(String),
    Open,
    Close,
    Pipe,
    Declare,
    Assign,
    Comma,
}

/// Splits a source into texts and actions; trim marks are already applied to the texts.
pub(crate) fn pieces(source: &str) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut trim_next = false;
    while let Some(open) = source[from..].find("{{").map(|at| at + from) {
        let (inside, close) = action(source, open)?;
        let bytes = source.as_bytes();
        let trims_before =
            bytes.get(open + 2) == Some(&b'-') && bytes.get(open + 3).is_some_and(u8::is_ascii_whitespace);
        let before_close = close - 2;
        let trims_after =
            before_close > open + 3 && bytes[before_close - 1] == b'-' && bytes[before_close - 2].is_ascii_whitespace();
        text(source, from..open, trim_next, trims_before, &mut pieces);
        let start = if trims_before { open + 3 } else { open + 2 };
        let end = if trims_after { before_close - 1 } else { before_close };
        if inside {
            pieces.push(Piece::Action { at: open..close, inside: start..end.max(start) });
        }
        trim_next = trims_after;
        from = close;
    }
    text(source, from..source.len(), trim_next, false, &mut pieces);
    Ok(pieces)
}

fn text(source: &str, range: Range<usize>, trim_start: bool, trim_end: bool, pieces: &mut Vec<Piece>) {
    let (mut start, mut end) = (range.start, range.end);
    let white = [' ', '\t', '\r', '\n'];
    if trim_start {
        start = end - source[start..end].trim_start_matches(white).len();
    }
    if trim_end {
        end = start + source[start..end].trim_end_matches(white).len();
    }
    if start < end {
        pieces.push(Piece::Text(start..end));
    }
}

/// Whether the action at `open` is one (not a comment), and where it ends after its braces.
fn action(source: &str, open: usize) -> Result<(bool, usize), TemplateError> {
    let bytes = source.as_bytes();
    let mut at = open + 2;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    let rest = source[at..].trim_start();
    if rest.starts_with("/*") {
        let start = source.len() - rest.len();
        let end = source[start..].find("*/").map(|end| start + end + 2);
        let close = end.and_then(|end| source[end..].find("}}").map(|close| end + close + 2));
        return close.map(|close| (false, close)).ok_or_else(|| fail(open, "a comment is not closed"));
    }
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = quoted(bytes, at).ok_or_else(|| fail(at, "a string is not closed"))?,
            b'\'' => at = quoted(bytes, at).ok_or_else(|| fail(at, "a character is not closed"))?,
            b'`' => {
                let end = source[at + 1..].find('`').ok_or_else(|| fail(at, "a raw string is not closed"))?;
                at += end + 2;
            }
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Ok((true, at + 2)),
            _ => at += 1,
        }
    }
    Err(fail(open, "an action is not closed"))
}

/// The byte after a quoted text.
fn quoted(bytes: &[u8], open: usize) -> Option<usize> {
    let quote = bytes[open];
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' => return None,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// The tokens of the inside of an action.
pub(crate) fn tokens(source: &str, base: usize) -> Result<Vec<Token>, TemplateError> {
    let bytes = source.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let attached = start > 0
            && !bytes[start - 1].is_ascii_whitespace()
            && !matches!(bytes[start - 1], b'(' | b'|' | b',' | b'=');
        match bytes[at] {
            byte if byte.is_ascii_whitespace() => at += 1,
            b'"' => {
                at = quoted(bytes, at).ok_or_else(|| fail(base + start, "a string is not closed"))?;
                tokens.push(Token::Str(unescape(&source[start + 1..at - 1])));
            }
            b'\'' => {
                at = quoted(bytes, at).ok_or_else(|| fail(base + start, "a character is not closed"))?;
                let value = unescape(&source[start + 1..at - 1]).chars().next().map_or(0, u32::from);
                tokens.push(Token::Number(value.to_string()));
            }
            b'`' => {
                let end = source[at + 1..].find('`').ok_or_else(|| fail(base + start, "a raw string is not closed"))?;
                tokens.push(Token::Str(source[at + 1..at + 1 + end].to_owned()));
                at += end + 2;
            }
            b'(' => push(&mut tokens, Token::Open, &mut at, 1),
            b')' => push(&mut tokens, Token::Close, &mut at, 1),
            b'|' => push(&mut tokens, Token::Pipe, &mut at, 1),
            b',' => push(&mut tokens, Token::Comma, &mut at, 1),
            b':' if bytes.get(at + 1) == Some(&b'=') => push(&mut tokens, Token::Declare, &mut at, 2),
            b'=' => push(&mut tokens, Token::Assign, &mut at, 1),
            b'.' => {
                at = word_end(source, at + 1);
                let name = source[start + 1..at].to_owned();
                tokens.push(if name.is_empty() { Token::Dot } else { Token::Field { name, attached } });
            }
            b'$' => {
                at = word_end(source, at + 1);
                tokens.push(Token::Variable(source[start + 1..at].to_owned()));
            }
            byte if byte.is_ascii_digit() || matches!(byte, b'-' | b'+') => {
                at += 1;
                while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'.' | b'_')) {
                    at += 1;
                }
                tokens.push(Token::Number(source[start..at].to_owned()));
            }
            _ => {
                at = word_end(source, at);
                if at == start {
                    return Err(fail(base + start, "an unexpected character"));
                }
                tokens.push(Token::Word(source[start..at].to_owned()));
            }
        }
    }
    Ok(tokens)
}

fn push(tokens: &mut Vec<Token>, token: Token, at: &mut usize, length: usize) {
    tokens.push(token);
    *at += length;
}

fn word_end(source: &str, from: usize) -> usize {
    let rest = &source[from..];
    from + rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn fail(at: usize, message: &str) -> TemplateError {
    TemplateError { at, message: message.to_owned() }
}
