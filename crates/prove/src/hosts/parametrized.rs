//! The values that `@pytest.mark.parametrize` gives to the arguments of a test, where they are written as text.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Lists within lists beyond this are not read.
const DEPTH: usize = 8;
/// The most values that are taken of one argument.
const VALUES: usize = 100;

static DECORATOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^[ \t]*@[\w.]*\bparametrize\s*(\()").expect("a fixed pattern"));
static DECORATED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^([ \t]*)(?:async[ \t]+def|def|class)[ \t]").expect("a fixed pattern"));
/// `ids=`, and no comparison.
static KEYWORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[A-Za-z_]\w*\s*=[^=]").expect("a fixed pattern"));

/// What the arguments of the tests of one file are given.
pub(super) struct Parameters(Vec<Given>);

/// An argument, its values, and the test in which it has them.
struct Given {
    within: Range<usize>,
    name: String,
    values: Vec<String>,
}

impl Parameters {
    pub fn read(text: &str) -> Self {
        let mut found = Vec::new();
        for captured in DECORATOR.captures_iter(text) {
            let Some(open) = captured.get(1) else { continue };
            let mut reader = Reader { text, at: open.start() };
            let Some(Value::List(arguments)) = reader.list(0) else { continue };
            let Some(within) = decorated(text, reader.at) else { continue };
            for (name, values) in columns(&arguments) {
                found.push(Given { within: within.clone(), name, values });
            }
        }
        Self(found)
    }

    /// The values that a name has at a place of the file.
    pub fn values(&self, name: &str, at: usize) -> impl Iterator<Item = &String> {
        self.0
            .iter()
            .filter(move |given| given.name == name && given.within.contains(&at))
            .flat_map(|given| &given.values)
    }
}

/// From the next `def` or `class` to where something else begins at its depth.
fn decorated(text: &str, after: usize) -> Option<Range<usize>> {
    let found = DECORATED.captures_at(text, after)?;
    let (whole, indent) = (found.get(0)?, found.get(1)?.len());
    let mut end = text[whole.end()..].find('\n').map_or(text.len(), |at| whole.end() + at + 1);
    for line in text[end..].split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '\t']);
        // A signature that goes over several lines closes at the depth of its `def`.
        let begins = bare.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '@');
        if begins && line.len() - bare.len() <= indent {
            break;
        }
        end += line.len();
    }
    Some(whole.start()..end)
}

/// Each argument with its values: one name and a list, or several names and a list of rows.
fn columns(arguments: &[Value]) -> Vec<(String, Vec<String>)> {
    let names: Vec<&str> = match arguments.first() {
        Some(Value::Text(names)) => names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
        Some(Value::List(names)) => names.iter().filter_map(Value::text).collect(),
        _ => return Vec::new(),
    };
    let Some(Value::List(rows)) = arguments.get(1) else { return Vec::new() };
    let cell = |row: &Value, column: usize| match row {
        Value::List(cells) if cells.len() == names.len() => cells[column].text().map(str::to_owned),
        Value::Text(text) if names.len() == 1 => Some(text.clone()),
        _ => None,
    };
    let column = |(column, name): (usize, &&str)| {
        let values = rows.iter().filter_map(|row| cell(row, column)).take(VALUES).collect();
        ((*name).to_owned(), values)
    };
    names.iter().enumerate().map(column).collect()
}

/// What is written where Python wants a value.
enum Value {
    Text(String),
    List(Vec<Value>),
    /// Whatever is computed, and numbers.
    Other,
}

impl Value {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        loop {
            let rest = self.rest();
            let bare = rest.trim_start();
            let skipped = rest.len() - bare.len();
            let comment = if bare.starts_with('#') { bare.find('\n').unwrap_or(bare.len()) } else { 0 };
            self.at += skipped + comment;
            if comment == 0 {
                return;
            }
        }
    }

    /// Nothing where the text ends before the value does.
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.space();
        if let Some(rest) = self.rest().strip_prefix("pytest.param") {
            self.at = self.text.len() - rest.len();
        }
        let first = match self.rest().chars().next()? {
            '(' | '[' if depth < DEPTH => self.list(depth)?,
            '"' | '\'' => self.string()?,
            _ => Value::Other,
        };
        let end = self.at;
        self.skip()?;
        // What something is added to, or called on, is computed.
        Some(if self.text[end..self.at].trim().is_empty() { first } else { Value::Other })
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let parenthesis = self.rest().starts_with('(');
        self.at += 1;
        let (mut items, mut commas) = (Vec::new(), 0);
        loop {
            self.space();
            if self.rest().starts_with([')', ']']) {
                self.at += 1;
                break;
            }
            let keyword = KEYWORD.is_match(self.rest());
            let value = self.value(depth + 1)?;
            if !keyword {
                items.push(value);
            }
            if self.rest().starts_with(',') {
                self.at += 1;
                commas += 1;
            }
        }
        // `("a")` is no tuple; the arguments of the decorator are always several.
        if parenthesis && commas == 0 && items.len() == 1 {
            return items.pop();
        }
        Some(Value::List(items))
    }

    fn string(&mut self) -> Option<Value> {
        let quote = self.rest().chars().next()?;
        let body = &self.rest()[1..];
        let end = body.find(quote)?;
        let text = &body[..end];
        let value = if text.contains(['\\', '\n']) { Value::Other } else { Value::Text(text.to_owned()) };
        self.at += end + 2;
        Some(value)
    }

    /// To what ends a value: a comma, or what closes the list around it.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.rest().chars().next()? {
                ',' if depth == 0 => return Some(()),
                ')' | ']' | '}' if depth == 0 => return Some(()),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                '"' | '\'' => {
                    self.string()?;
                    continue;
                }
                '#' => {
                    self.space();
                    continue;
                }
                _ => {}
            }
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: &str, expected: &[&str]) {
        let at = text.find("USED").expect("the text says where");
        let parameters = Parameters::read(text);
        let values: Vec<&str> = parameters.values(name, at).map(String::as_str).collect();
        assert_eq!(values, expected, "{text}");
    }

    #[test]
    fn the_values_of_an_argument() {
        let one = "@pytest.mark.parametrize(\"name\", [\"nginx\", 'curl'])\ndef test_a(host, name):\n    USED\n";
        check(one, "name", &["nginx", "curl"]);
        check(one, "other", &[]);
        let rows = "@mark.parametrize(\n    (\"path\", \"mode\"),\n    [\n        (\"/etc/a\", 0o644),  # why\n        \
                    [\"/etc/b\", max(1, 2)],\n        (\"/etc/short\",),\n    ],\n    ids=[\"a\", \"b\"],\n)\n\
                    def test_a(\n    host,\n) -> None:\n    USED\n";
        check(rows, "path", &["/etc/a", "/etc/b"]);
        check(rows, "mode", &[]);
        let written = "@pytest.mark.parametrize(\"path, user\", [pytest.param(\"/a\", \"b\", id=\"x\"), (\"/c\", \"d\")])\n\
                       def test_a(host, path, user):\n    USED\n";
        check(written, "path", &["/a", "/c"]);
        check(written, "user", &["b", "d"]);
    }

    #[test]
    fn what_is_computed_is_no_value() {
        let computed = "@pytest.mark.parametrize(\"name\", [\"a\" + \"b\", f\"c\", \"d\".upper(), x, \"e\"])\n\
                        def test_a(host, name):\n    USED\n";
        check(computed, "name", &["e"]);
        check("@pytest.mark.parametrize(\"name\", NAMES)\ndef test_a(host, name):\n    USED\n", "name", &[]);
        check("@pytest.mark.parametrize(\"name\", [\"a\"\nUSED", "name", &[]);
    }

    #[test]
    fn a_value_holds_in_its_own_test() {
        let text = "@pytest.mark.parametrize(\"name\", [\"a\"])\n@pytest.mark.slow\nasync def test_a(host, name):\n    pass\n\n\
                    def test_b(host, name):\n    USED\n";
        check(text, "name", &[]);
        let class = "@pytest.mark.parametrize(\"name\", [\"a\"])\nclass TestA:\n    def test_b(self, host, name):\n        USED\n";
        check(class, "name", &["a"]);
        let twice = "@pytest.mark.parametrize(\"name\", [\"a\"])\n@pytest.mark.parametrize(\"user\", [\"b\"])\n\
                     def test_a(host, name, user):\n    USED\n";
        check(twice, "user", &["b"]);
        check("# @pytest.mark.parametrize(\"name\", [\"a\"])\ndef test_a(host, name):\n    USED\n", "name", &[]);
    }
}
