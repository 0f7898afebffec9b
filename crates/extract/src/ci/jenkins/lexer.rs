//! The tokens of Groovy as Jenkinsfiles use it: words, strings of all kinds, brackets, with byte ranges.

use std::ops::Range;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub range: Range<usize>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, number or keyword, dots included: `docker.build`.
    Word(String),
    /// The text of a string, escapes resolved, and where its text starts.
    Text(String, usize),
    /// One of `{ } ( ) [ ]` and any other sign.
    Sign(char),
    /// A line ends here: it ends a call without parentheses.
    Newline,
}

/// The largest number of tokens of one file.
const TOKENS: usize = 200_000;

/// Splits a text into tokens. Never fails: what it does not know becomes signs.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = usize::from(text.starts_with("#!")) * text.find('\n').unwrap_or(text.len());
    while at < bytes.len() && found.len() < TOKENS {
        let rest = &text[at..];
        let start = at;
        let kind = match bytes[at] {
            b'\n' => {
                at += 1;
                Kind::Newline
            }
            b' ' | b'\t' | b'\r' | 0x0c => {
                at += 1;
                continue;
            }
            // A backslash at the end of a line joins it with the next.
            b'\\' if rest[1..].starts_with('\n') || rest[1..].starts_with("\r\n") => {
                at += rest.find('\n').map_or(1, |end| end + 1);
                continue;
            }
            b'/' if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            b'/' if rest.starts_with("/*") => {
                at += rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
                continue;
            }
            b'\'' | b'"' => {
                let (text, inner, end) = string(rest);
                at += end;
                Kind::Text(text, start + inner)
            }
            b'/' if slashy(found.last()) && rest[1..].split('\n').next().is_some_and(|line| line.contains('/')) => {
                let end = rest[1..].find('/').map_or(rest.len(), |end| end + 2);
                at += end;
                Kind::Text(rest[1..end - 1].to_owned(), start + 1)
            }
            byte if is_word(byte) => {
                at += rest.bytes().take_while(|byte| is_word(*byte) || *byte == b'.').count();
                Kind::Word(text[start..at].trim_end_matches('.').to_owned())
            }
            _ => {
                let sign = rest.chars().next().unwrap_or(' ');
                at += sign.len_utf8();
                Kind::Sign(sign)
            }
        };
        found.push(Token { kind, range: start..at });
    }
    found
}

/// Whether every brace is closed, as far as this reader can tell: where strings between slashes occur it cannot.
pub(super) fn closed(text: &str) -> bool {
    let tokens = tokens(text);
    let slashed = text.contains("$/")
        || tokens
            .iter()
            .any(|token| matches!(token.kind, Kind::Text(..)) && text[token.range.clone()].starts_with('/'));
    let mut depth = 0_i64;
    for token in &tokens {
        match token.kind {
            Kind::Sign('{') => depth += 1,
            Kind::Sign('}') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return slashed;
        }
    }
    depth == 0 || slashed || tokens.len() >= TOKENS
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// Whether a slash opens a string here: after a bracket, a comma, an equals sign or at the start.
fn slashy(last: Option<&Token>) -> bool {
    match last.map(|token| &token.kind) {
        None | Some(Kind::Newline) => true,
        Some(Kind::Sign(sign)) => matches!(sign, '(' | '[' | ',' | '=' | ':' | '~' | '{'),
        _ => false,
    }
}

/// A quoted string at the start of a text: its value, where the value starts, and where the token ends.
fn string(text: &str) -> (String, usize, usize) {
    let quote = &text[..1];
    let triple = text.starts_with(&quote.repeat(3));
    let closing = if triple { quote.repeat(3) } else { quote.to_owned() };
    let inner = closing.len();
    let mut value = String::new();
    let mut at = inner;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(&closing) {
            return (value, inner, at + closing.len());
        }
        // A string of one line that is never closed ends with its line.
        if !triple && rest.starts_with('\n') {
            return (value, inner, at);
        }
        if let Some(escaped) = rest.strip_prefix('\\') {
            let Some(next) = escaped.chars().next() else { return (value, inner, text.len()) };
            at += 1 + next.len_utf8();
            match next {
                // The line goes on in the shell as well: keeping the newline keeps the places of the lines after it.
                '\n' if triple => value.push('\n'),
                '\n' => {}
                'n' => value.push('\n'),
                't' => value.push('\t'),
                'r' => {}
                other => value.push(other),
            }
            continue;
        }
        // The closing quote inside `${…}` of a GString belongs to the expression.
        if quote == "\"" && rest.starts_with("${") {
            let end = interpolation(rest);
            value.push_str(&rest[..end]);
            at += end;
            continue;
        }
        let next = rest.chars().next().unwrap_or(' ');
        value.push(next);
        at += next.len_utf8();
    }
    (value, inner, text.len())
}

/// The length of `${…}`, braces inside it balanced, on one line.
fn interpolation(text: &str) -> usize {
    let mut depth = 0;
    for (at, sign) in text.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            '\n' => break,
            _ => {}
        }
    }
    2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_told_apart() {
        let check = |text: &str, expected: &[&str]| {
            let shown: Vec<String> = tokens(text)
                .into_iter()
                .map(|token| match token.kind {
                    Kind::Word(word) => word,
                    Kind::Text(text, _) => format!("<{text}>"),
                    Kind::Sign(sign) => sign.to_string(),
                    Kind::Newline => "NL".to_owned(),
                })
                .collect();
            assert_eq!(shown, expected, "{text}");
        };
        check("sh 'make // not a comment' // comment", &["sh", "<make // not a comment>"]);
        check("sh \"echo ${env.get(\"X\")} it's\"", &["sh", "<echo ${env.get(\"X\")} it's>"]);
        check("sh '''a\n'b'\n'''", &["sh", "<a\n'b'\n>"]);
        check("/* x\n */ docker.build('a')", &["docker.build", "(", "<a>", ")"]);
        check("x = /re'g/\ny", &["x", "=", "<re'g>", "NL", "y"]);
        check("a / b / c", &["a", "/", "b", "/", "c"]);
        check("sh 'never closed\nnext", &["sh", "<never closed>", "NL", "next"]);
        check("sh \"\"\"never closed", &["sh", "<never closed>"]);
        check("sh 'x\\", &["sh", "<x>"]);
    }
}
