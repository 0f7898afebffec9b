//! A text with its comments and strings blanked, byte for byte: what is left is code.

use super::Language;

/// The same length and lines; every byte of a comment or a string is a space.
pub fn blank(text: &str, language: Language) -> Vec<u8> {
    let mut lexer = Lexer { text: text.as_bytes(), out: text.as_bytes().to_vec(), at: 0, language };
    lexer.run();
    lexer.out
}

struct Lexer<'a> {
    text: &'a [u8],
    out: Vec<u8>,
    at: usize,
    language: Language,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while self.at < self.text.len() {
            let length = self.skipped();
            if length == 0 {
                self.at += 1;
            } else {
                let end = (self.at + length).min(self.text.len());
                for byte in &mut self.out[self.at..end] {
                    if *byte != b'\n' {
                        *byte = b' ';
                    }
                }
                self.at = end;
            }
        }
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    /// How many bytes from here are a comment or a string.
    fn skipped(&self) -> usize {
        let rest = self.rest();
        match self.language {
            Language::Python => self.python(rest),
            Language::Shell => self.shell(rest),
            Language::Rust => self.rust(rest),
            Language::Script | Language::Go | Language::Java => self.braces(rest),
        }
    }

    fn python(&self, rest: &[u8]) -> usize {
        for quote in [&b"\"\"\""[..], b"'''"] {
            if rest.starts_with(quote) {
                return until(rest, quote, 3, true);
            }
        }
        match rest[0] {
            b'#' => line(rest),
            quote @ (b'"' | b'\'') => string(rest, quote, true),
            _ => 0,
        }
    }

    fn shell(&self, rest: &[u8]) -> usize {
        let before = self.at.checked_sub(1).map(|at| self.text[at]);
        match rest[0] {
            b'#' if before.is_none_or(|byte| byte.is_ascii_whitespace() || byte == b';') => line(rest),
            b'\\' => 2,
            b'\'' => until(rest, b"'", 1, false),
            b'"' => string(rest, b'"', false),
            b'<' if rest.starts_with(b"<<") && !rest.starts_with(b"<<<") => heredoc(rest),
            _ => 0,
        }
    }

    fn rust(&self, rest: &[u8]) -> usize {
        if rest[0] == b'\'' {
            // A lifetime has no closing quote right after its first character.
            let escaped = rest.get(1) == Some(&b'\\');
            let closed = rest.iter().skip(2).take(4).position(|byte| *byte == b'\'');
            return match closed {
                Some(_) if escaped => string(rest, b'\'', true),
                Some(more) if !rest[1].is_ascii() || more == 0 => more + 3,
                _ => 0,
            };
        }
        let named = self.at.checked_sub(1).is_some_and(|at| is_word(self.text[at]));
        if rest[0] == b'r' && !named {
            let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
            if rest.get(1 + hashes) == Some(&b'"') {
                let end = [&b"\""[..], &b"#".repeat(hashes)].concat();
                return until(rest, &end, 2 + hashes, false);
            }
        }
        self.braces(rest)
    }

    fn braces(&self, rest: &[u8]) -> usize {
        match rest[0] {
            b'/' if rest.starts_with(b"//") => line(rest),
            b'/' if rest.starts_with(b"/*") => until(rest, b"*/", 2, false),
            b'/' if self.language == Language::Script && self.opens_regex() => regex(rest),
            b'"' if rest.starts_with(b"\"\"\"") && self.language == Language::Java => until(rest, b"\"\"\"", 3, true),
            b'"' => string(rest, b'"', self.language != Language::Rust),
            b'\'' if self.language != Language::Rust => string(rest, b'\'', true),
            b'`' if self.language == Language::Script => until(rest, b"`", 1, true),
            b'`' if self.language == Language::Go => until(rest, b"`", 1, false),
            _ => 0,
        }
    }

    /// A slash divides after a value and opens a pattern elsewhere.
    fn opens_regex(&self) -> bool {
        let before = self.out[..self.at].iter().rev().find(|byte| **byte != b' ' && **byte != b'\t');
        before.is_none_or(|byte| {
            matches!(byte, b'(' | b',' | b'=' | b':' | b'[' | b'!' | b'&' | b'|' | b'?' | b'{' | b'\n' | b';')
        })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn line(rest: &[u8]) -> usize {
    rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
}

/// Up to and with the closing text, which is looked for from `from`.
fn until(rest: &[u8], end: &[u8], from: usize, escapes: bool) -> usize {
    let mut at = from;
    while at < rest.len() {
        if escapes && rest[at] == b'\\' {
            at += 2;
        } else if rest[at..].starts_with(end) {
            return at + end.len();
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// A string in one kind of quotes; one that may not span lines ends with its line.
fn string(rest: &[u8], quote: u8, one_line: bool) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'\n' if one_line => return at,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

fn regex(rest: &[u8]) -> usize {
    let mut class = false;
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return at + 1,
            b'\n' => return 0,
            _ => {}
        }
        at += 1;
    }
    0
}

/// A here-document: from `<<` to the line that is its word.
fn heredoc(rest: &[u8]) -> usize {
    let word = rest[2..].iter().skip_while(|byte| matches!(byte, b'-' | b' ')).copied();
    let word: Vec<u8> =
        word.skip_while(|byte| matches!(byte, b'\'' | b'"')).take_while(|byte| is_word(*byte)).collect();
    if word.is_empty() {
        return 0;
    }
    let mut at = line(rest);
    while at < rest.len() {
        let next = at + 1;
        let length = line(rest.get(next..).unwrap_or_default());
        if rest.get(next..next + length).is_some_and(|text| text.trim_ascii() == word) {
            return next + length;
        }
        at = next + length;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_left() {
        let check = |language, text: &str, expected: &str| {
            let blanked = String::from_utf8(blank(text, language)).unwrap();
            assert_eq!(blanked.len(), text.len());
            let squeezed = blanked.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(squeezed, expected, "{text}");
        };
        check(Language::Python, "a = 'x#y' # c\nb = \"\"\"1\n'\n\"\"\" + 2", "a = b = + 2");
        check(Language::Python, "f('it\\'s') < 3", "f( ) < 3");
        check(Language::Script, "x = a / b / c; // d\ny = /a[/]b/g.test(`q ${1}`)", "x = a / b / c; y = g.test( )");
        check(Language::Script, "return '\\'' + \"<\" /* > */ + 1", "return + + 1");
        check(Language::Go, "s := `a\nb` + \"c\" // d", "s := +");
        check(Language::Java, "char c = '\"'; int a = 1; /* \" */", "char c = ; int a = 1;");
        check(Language::Rust, "fn f<'a>(x: &'a str) -> char { '<' } // '", "fn f<'a>(x: &'a str) -> char { }");
        check(Language::Rust, "r#\"a\"b\"# < '\\'' < \"x\ny\" < 1", "< < < 1");
        check(
            Language::Shell,
            "a=$# # c\nif [ $a -gt 1 ]; then echo 'x' \"y # z\"; fi",
            "a=$# if [ $a -gt 1 ]; then echo ; fi",
        );
        check(Language::Shell, "cat <<EOF\na < b\nEOF\ntrue", "cat true");
    }

    #[test]
    fn nothing_makes_it_leave_the_text() {
        for language in
            [Language::Python, Language::Script, Language::Go, Language::Java, Language::Rust, Language::Shell]
        {
            for text in ["'", "\"\\", "/*", "`", "'''", "r#\"", "<<A", "\\", "/[", "é'é", "'é"] {
                assert_eq!(blank(text, language).len(), text.len());
            }
        }
    }
}
