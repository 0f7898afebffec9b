//! Variables of a Compose project: `.env` files, and `${NAME:-default}` filled in.

use std::collections::BTreeMap;

/// The lines `NAME=value` of an env file; what is none is left out.
pub(crate) fn env_file(text: &str) -> BTreeMap<String, String> {
    const LINES: usize = 5_000;
    let mut found = BTreeMap::new();
    for line in text.lines().take(LINES) {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        let name = name.trim();
        if name.is_empty() || name.contains(char::is_whitespace) {
            continue;
        }
        let (value, literal) = unquoted(value.trim());
        let value = if literal { value } else { fill(&value, &found).map_or(value, |filled| filled.text) };
        found.insert(name.to_owned(), value);
    }
    found
}

/// A value without its quotes or trailing comment, and whether its variables stay as they are.
fn unquoted(value: &str) -> (String, bool) {
    for quote in ['\'', '"'] {
        if let Some((inside, _)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            let plain = inside.replace("\\n", "\n").replace("\\\"", "\"");
            return if quote == '\'' { (inside.to_owned(), true) } else { (plain, false) };
        }
    }
    let value = value.split_once(" #").map_or(value, |(before, _)| before);
    (value.trim_end().to_owned(), false)
}

/// A text with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filled {
    pub text: String,
    /// The names that have no value and no default.
    pub unset: Vec<String>,
}

/// Fills `$NAME`, `${NAME}` and its forms `:-`, `-`, `:?`, `?`, `:+`, `+`; `$$` is a dollar.
///
/// # Errors
/// With the name of a variable that must be set and is not.
pub(crate) fn fill(text: &str, known: &BTreeMap<String, String>) -> Result<Filled, String> {
    within(text, known, 0)
}

fn within(text: &str, known: &BTreeMap<String, String>, depth: usize) -> Result<Filled, String> {
    const DEPTH: usize = 8;
    let mut filled = Filled::default();
    if depth > DEPTH {
        filled.text = text.to_owned();
        return Ok(filled);
    }
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        filled.text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            filled.text.push('$');
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('{') {
            let Some(end) = closing(inside) else {
                filled.text.push('$');
                continue;
            };
            let value = braced(&inside[..end], known, depth)?;
            filled.text.push_str(&value.text);
            filled.unset.extend(value.unset);
            rest = &inside[end + 1..];
        } else {
            let end = name_end(rest);
            match known.get(&rest[..end]) {
                _ if end == 0 => filled.text.push('$'),
                Some(value) => filled.text.push_str(value),
                None => filled.unset.push(rest[..end].to_owned()),
            }
            rest = &rest[end..];
        }
    }
    filled.text.push_str(rest);
    Ok(filled)
}

fn name_end(text: &str) -> usize {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { text.find(|c| !word(c)).unwrap_or(text.len()) }
}

/// Where the brace that was opened before this text closes.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

fn braced(inside: &str, known: &BTreeMap<String, String>, depth: usize) -> Result<Filled, String> {
    let end = name_end(inside);
    let (name, rest) = inside.split_at(end);
    let value = known.get(name);
    let (sign, word) = match rest.strip_prefix(':') {
        Some(after) => (after.chars().next().map(|sign| (sign, true)), after.get(1..).unwrap_or_default()),
        None => (rest.chars().next().map(|sign| (sign, false)), rest.get(1..).unwrap_or_default()),
    };
    let plain = |text: &str| Filled { text: text.to_owned(), unset: Vec::new() };
    let Some((sign, filled_counts)) = sign else {
        return Ok(
            value.map_or_else(|| Filled { text: String::new(), unset: vec![name.to_owned()] }, |value| plain(value))
        );
    };
    let value = value.filter(|value| !filled_counts || !value.is_empty());
    match (sign, value) {
        ('-' | '?', Some(value)) => Ok(plain(value)),
        ('-', None) | ('+', Some(_)) => within(word, known, depth + 1),
        ('+', None) => Ok(Filled::default()),
        ('?', None) => Err(name.to_owned()),
        _ => Ok(plain("")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, unset: &[&str]) {
        let known = env_file("A=1\nE=\nexport Q=\"a b\" # why\nS='$A'\nT=${A}2 # end\n# C=no\nnonsense\n");
        let filled = fill(text, &known).unwrap();
        assert_eq!(
            (filled.text.as_str(), filled.unset.iter().map(String::as_str).collect::<Vec<_>>()),
            (expected, unset.to_vec()),
            "{text}"
        );
    }

    #[test]
    fn variables() {
        check("x$A-${A}.", "x1-1.", &[]);
        check("$$A $ 5$", "$A $ 5$", &[]);
        check("${E:-d}${E-d}${N-d}${N:-${A}0}", "dd10", &[]);
        check("${N}", "", &["N"]);
        check("$N.", ".", &["N"]);
        check("${A:+yes}${E:+no}${E+yes}", "yesyes", &[]);
        check("$Q $S $T", "a b $A 12", &[]);
        check("${A", "${A", &[]);
    }

    #[test]
    fn what_must_be_set() {
        assert_eq!(fill("${N:?say it}", &BTreeMap::new()), Err("N".into()));
        let deep = format!("{}{}", "${N:-".repeat(5000), "}".repeat(5000));
        assert!(fill(&deep, &BTreeMap::new()).is_ok());
    }
}
