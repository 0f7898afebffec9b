//! An assertion of a test, inverted: what held must now fail, and the report must name the test.

use super::{Language, blank};

/// An assertion that was inverted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inverted {
    pub line: usize,
    /// The name of the test around it, as reports write it.
    pub test: String,
    pub before: String,
    pub after: String,
    /// The whole text of the file, changed.
    pub text: String,
}

/// Assertion calls whose opposite has a name.
const OPPOSITES: [(&str, &str); 20] = [
    ("assertEqual(", "assertNotEqual("),
    ("assertNotEqual(", "assertEqual("),
    ("assertTrue(", "assertFalse("),
    ("assertFalse(", "assertTrue("),
    ("assertIn(", "assertNotIn("),
    ("assertEquals(", "assertNotEquals("),
    ("assertNotNull(", "assertNull("),
    ("assertNull(", "assertNotNull("),
    (".isEqualTo(", ".isNotEqualTo("),
    (".isTrue()", ".isFalse()"),
    ("assert.Equal(", "assert.NotEqual("),
    ("require.Equal(", "require.NotEqual("),
    ("require.NoError(", "require.Error("),
    ("assert.NoError(", "assert.Error("),
    ("assert.strictEqual(", "assert.notStrictEqual("),
    ("assert.deepStrictEqual(", "assert.notDeepStrictEqual("),
    ("assert.equal(", "assert.notEqual("),
    ("assert.deepEqual(", "assert.notDeepEqual("),
    ("assert_eq!(", "assert_ne!("),
    ("assert_ne!(", "assert_eq!("),
];

/// Inverts the first assertion of a file of tests that one can be sure of.
pub fn invert(path: &str, text: &str) -> Option<Inverted> {
    let bats = path.ends_with(".bats");
    let language = if bats { Language::Shell } else { Language::of(path)? };
    let code = String::from_utf8(blank(text, language)).ok()?;
    let lines: Vec<&str> = text.lines().collect();
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end_matches(['\n', '\r']);
        let in_code = &code[start..start + bare.len()];
        let next = lines.get(at + 1).copied().unwrap_or_default();
        if let Some(after) = inverted(bare, in_code, next, language, bats)
            && let Some(test) = name_of(&lines[..=at], language, bats)
        {
            let text = format!("{}{after}{}", &text[..start], &text[start + bare.len()..]);
            let (before, after) = (bare.trim().to_owned(), after.trim().to_owned());
            return Some(Inverted { line: at + 1, test, before, after, text });
        }
        start += line.len();
    }
    None
}

fn inverted(text: &str, code: &str, next: &str, language: Language, bats: bool) -> Option<String> {
    let replace = |at: usize, from: &str, to: &str| format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
    if bats {
        let test = code.trim_start().starts_with('[');
        let swaps = [(" -eq ", " -ne "), (" = ", " != "), (" == ", " != "), (" =~ ", " == ")];
        return swaps.iter().filter(|_| test).find_map(|(from, to)| Some(replace(code.find(from)?, from, to)));
    }
    for (from, to) in OPPOSITES {
        let whole = |at: &usize| !code[..*at].ends_with(|c: char| c.is_alphanumeric()) || from.starts_with('.');
        if let Some(at) = code.find(from).filter(whole) {
            return Some(replace(at, from, to));
        }
    }
    match language {
        Language::Python => python(text, code),
        Language::Script => {
            if let Some(at) = code.find(").not.to") {
                return Some(replace(at, ").not.to", ").to"));
            }
            if let Some(at) = code.find(").to") {
                return Some(replace(at, ").to", ").not.to"));
            }
            // supertest: `.expect(200)`.
            let at = code.find(".expect(2")?;
            Some(replace(at, ".expect(2", ".expect(5"))
        }
        Language::Go => {
            let fails = ["t.Error", "t.Fatal"].iter().any(|call| next.contains(call));
            let at = code.find(" != ").filter(|_| fails && code.trim_start().starts_with("if "))?;
            Some(replace(at, " != ", " == "))
        }
        Language::Rust => {
            let inner = code.trim().strip_prefix("assert!(")?.strip_suffix(");")?;
            let at = text.find("assert!(")? + "assert!(".len();
            let value = text.get(at..at + inner.len()).filter(|_| !inner.contains(','))?;
            Some(format!("{}!({value}){}", &text[..at], &text[at + inner.len()..]))
        }
        _ => None,
    }
}

/// `assert x == 1, "why"` on one line.
fn python(text: &str, code: &str) -> Option<String> {
    let at = code.find("assert ").filter(|at| code[..*at].trim().is_empty())? + "assert ".len();
    let mut depth = 0_i32;
    let mut end = code.len();
    for (offset, byte) in code[at..].bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b',' | b'\\' if depth == 0 => {
                end = at + offset;
                break;
            }
            _ => {}
        }
    }
    // Strings and comments are both blank in the code: a string at the end belongs to what is asserted.
    let bare = at + code[at..end].trim_end().len();
    let rest = text.get(bare..end)?.trim();
    let end = match rest {
        "" => bare,
        rest if rest.starts_with('#') => bare,
        rest if rest.contains('#') => return None,
        _ => at + text.get(at..end)?.trim_end().len(),
    };
    let value = text.get(at..end).filter(|value| depth == 0 && !value.trim().is_empty())?;
    let blanked = code.get(at..end)?;
    let opposite = compared(value, blanked).unwrap_or_else(|| format!("not ({value})"));
    Some(format!("{}{opposite}{}", &text[..at], &text[end..]))
}

/// Comparisons and their opposites; those that hold another come first.
const COMPARED: [(&str, &str); 10] = [
    (" is not ", " is "),
    (" not in ", " in "),
    (" == ", " != "),
    (" != ", " == "),
    (" is ", " is not "),
    (" in ", " not in "),
    (" <= ", " > "),
    (" >= ", " < "),
    (" < ", " >= "),
    (" > ", " <= "),
];

/// The opposite of a single comparison, as a person writes it: a linter refuses `not (a == b)`, and would react before the
/// test does.
fn compared(value: &str, code: &str) -> Option<String> {
    let mut depth = 0_i32;
    let outer: Vec<u8> = code
        .bytes()
        .map(|byte| {
            depth += i32::from(b"([{".contains(&byte)) - i32::from(b")]}".contains(&byte));
            if depth == 0 { byte } else { b'_' }
        })
        .collect();
    let outer = String::from_utf8(outer).ok()?;
    let more = [" and ", " or ", " if ", "lambda "].iter().any(|word| outer.contains(word));
    if more || outer.starts_with("not ") {
        return None;
    }
    let (from, to) = COMPARED.into_iter().find(|(from, _)| outer.contains(from))?;
    let at = outer.find(from)?;
    let rest = format!("{}{}", &outer[..at], outer.get(at + from.len()..)?);
    let chained = COMPARED.iter().any(|(operator, _)| rest.contains(operator));
    (!chained).then(|| format!("{}{to}{}", &value[..at], &value[at + from.len()..]))
}

/// The name of the test that the last line belongs to.
fn name_of(lines: &[&str], language: Language, bats: bool) -> Option<String> {
    lines.iter().rev().enumerate().find_map(|(back, line)| {
        let line = line.trim_start();
        let above =
            || lines.iter().rev().skip(back + 1).take(4).any(|line| line.trim_start().starts_with(marker(language)));
        if bats {
            return quoted(line.strip_prefix("@test ")?);
        }
        match language {
            Language::Python => word(line.strip_prefix("async ").unwrap_or(line).strip_prefix("def test")?)
                .map(|rest| format!("test{rest}")),
            Language::Script => {
                let call =
                    ["it(", "test(", "it.only(", "test.only("].iter().find_map(|call| line.strip_prefix(call))?;
                quoted(call)
            }
            Language::Go => word(line.strip_prefix("func Test")?).map(|rest| format!("Test{rest}")),
            Language::Java => {
                let head = line.split('(').next().filter(|_| line.contains('(') && line.contains("void"))?;
                head.split_whitespace().last().filter(|_| above()).map(str::to_owned)
            }
            Language::Rust => {
                word(line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?).filter(|_| above())
            }
            Language::Shell => None,
        }
    })
}

fn marker(language: Language) -> &'static str {
    if language == Language::Java { "@" } else { "#[" }
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty() || text.starts_with('(')).then_some(word)
}

fn quoted(text: &str) -> Option<String> {
    let quote = text.trim_start().chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let inner = text.trim_start().get(1..)?;
    Some(inner[..inner.find(quote)?].to_owned())
}
