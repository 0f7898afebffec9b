//! One shell word without its quotes, and the commands substituted into it.

/// The word without quotes and escapes; expansions are kept as written.
pub(crate) fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut chars = word.chars();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '\\') => match chars.next() {
                Some('\n') | None => {}
                Some(next) => out.push(next),
            },
            (Some('"'), '\\') => match chars.next() {
                Some('\n') | None => {}
                Some(next @ ('"' | '\\' | '$' | '`')) => out.push(next),
                Some(next) => {
                    out.push('\\');
                    out.push(next);
                }
            },
            (_, c) => out.push(c),
        }
    }
    out
}

/// The texts of `$(…)` and backquotes in a word, outside single quotes.
pub(super) fn substitutions(word: &str) -> Vec<&str> {
    let bytes = word.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut single, mut double) = (0, false, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !single => at += 1,
            b'\'' if !double => single = !single,
            b'"' if !single => double = !double,
            b'$' if !single && bytes.get(at + 1) == Some(&b'(') && bytes.get(at + 2) != Some(&b'(') => {
                let end = closing(bytes, at + 2);
                found.extend(word.get(at + 2..end));
                at = end;
            }
            b'`' if !single => {
                let end = bytes[at + 1..].iter().position(|byte| *byte == b'`').map_or(bytes.len(), |n| at + 1 + n);
                found.extend(word.get(at + 1..end));
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Where the bracket that was opened before `from` closes; the end of the text when it does not.
fn closing(bytes: &[u8], from: usize) -> usize {
    let mut open = 1_usize;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_go_and_expansions_stay() {
        let check = |word: &str, expected: &str| assert_eq!(plain(word), expected);
        check("\"a $B\"'c'", "a $Bc");
        check("a\\ b", "a b");
        check("\"\\n\\\"\"", "\\n\"");
        check("'unclosed", "unclosed");
    }

    #[test]
    fn substituted_commands_are_found() {
        assert_eq!(substitutions("\"$(a $(b) c)\"-`d`'$(e)'$((1+1))"), ["a $(b) c", "d"]);
    }
}
