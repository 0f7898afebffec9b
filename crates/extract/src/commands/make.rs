//! Makefiles: targets with prerequisites and recipes, simple variables expanded.

use std::collections::BTreeMap;

use super::{Entry, Part};
use crate::{File, Project, budget, path};

/// What all recipes of a Makefile may hold: a rule for many targets repeats its recipe, a variable its value.
const RECIPE_BYTES: usize = 2 * 1024 * 1024;
/// What a line of a recipe costs beside its text.
const LINE_BYTES: usize = 64;

/// All targets of a Makefile and of the files that it includes from the repository; `cut` when some were left out.
pub(crate) fn entries(project: &Project, file: &File, cut: &mut bool) -> Vec<Entry> {
    let dir = file.dir().to_owned();
    let mut reader =
        Reader { variables: BTreeMap::new(), entries: Vec::new(), known: BTreeMap::new(), dir, written: 0 };
    reader.file(project, file, 0, &mut vec![file.path.to_string()]);
    *cut |= reader.written > RECIPE_BYTES;
    reader.entries
}

/// The names of the targets of a text with their prerequisites and recipes, for tests of the reader alone.
#[cfg(test)]
fn targets(text: &str) -> Vec<(String, Vec<String>, Vec<String>)> {
    let rules = rules(text);
    rules
        .into_iter()
        .map(|rule| (rule.targets.join(" "), rule.needs, rule.recipe.into_iter().map(|line| line.text).collect()))
        .collect()
}

struct Line {
    text: String,
    first: usize,
    last: usize,
}

struct Rule {
    targets: Vec<String>,
    needs: Vec<String>,
    recipe: Vec<Line>,
    line: usize,
}

enum Statement {
    Rule(Rule),
    Variable(String, String, bool),
    Include(Vec<String>),
}

struct Reader {
    variables: BTreeMap<String, String>,
    entries: Vec<Entry>,
    /// Where the first entry of a name stands among them.
    known: BTreeMap<String, usize>,
    dir: String,
    /// The bytes of all recipes so far.
    written: usize,
}

impl Reader {
    fn file(&mut self, project: &Project, file: &File, depth: usize, seen: &mut Vec<String>) {
        for statement in statements(file.str()) {
            match statement {
                Statement::Variable(name, value, unless_set) => {
                    if !(unless_set && self.variables.contains_key(&name)) {
                        self.variables.insert(name, value);
                    }
                }
                Statement::Include(names) if depth < budget::FOLLOW_DEPTH => {
                    for name in names {
                        let Some(path) = path::join(&self.dir, &self.expand(&name, 0)) else { continue };
                        if let Some(included) = project.file(&path).filter(|_| !seen.contains(&path)) {
                            seen.push(path);
                            self.file(project, included, depth + 1, seen);
                        }
                    }
                }
                Statement::Include(_) => {}
                Statement::Rule(rule) => self.rule(file, rule),
            }
        }
    }

    fn rule(&mut self, file: &File, rule: Rule) {
        let needs = self.names(&rule.needs);
        let targets = self.names(&rule.targets);
        for name in targets {
            if self.written > RECIPE_BYTES {
                return;
            }
            if name.starts_with('.') && name.chars().skip(1).all(char::is_uppercase) {
                continue;
            }
            let mut parts = Vec::new();
            for line in &rule.recipe {
                if self.written > RECIPE_BYTES {
                    return;
                }
                let part = self.part(file, line, &name);
                self.written += part.text.len() + LINE_BYTES;
                parts.push(part);
            }
            self.written += name.len() + needs.iter().map(String::len).sum::<usize>() + LINE_BYTES;
            let at = file.at_line(rule.line + 1);
            // A target may be declared again only to add prerequisites.
            match self.known.get(&name).and_then(|known| self.entries.get_mut(*known)) {
                Some(entry) if rule.recipe.is_empty() || entry.parts.is_empty() => {
                    entry.needs.extend(needs.clone());
                    if entry.parts.is_empty() {
                        entry.parts = parts;
                        entry.at = at;
                    }
                }
                _ => {
                    self.known.entry(name.clone()).or_insert(self.entries.len());
                    let (needs, dir) = (needs.clone(), self.dir.clone());
                    self.entries.push(Entry { runner: "make", name, at, needs, parts, dir });
                }
            }
        }
    }

    /// The names that words hold once their variables are put in place.
    fn names(&mut self, words: &[String]) -> Vec<String> {
        let mut names = Vec::new();
        for word in words {
            if self.written > RECIPE_BYTES {
                break;
            }
            let expanded = self.expand(word, 0);
            self.written += expanded.len();
            names.extend(expanded.split_whitespace().map(str::to_owned));
        }
        names
    }

    fn part(&self, file: &File, line: &Line, target: &str) -> Part {
        let command = line.text.trim_start_matches(['@', '+', ' ', '\t']);
        let (ignored, command) = match command.strip_prefix('-') {
            Some(rest) => (true, rest.trim_start_matches(['@', ' '])),
            None => (false, command),
        };
        let mut text = self.expand(&command.replace("$@", target), 0).replace("$$", "$");
        if ignored {
            text.push_str(" || true");
        }
        let lines = (line.first..=line.last).map(|number| file.at_line(number + 1)).collect();
        Part { text, lines }
    }

    /// Simple variables are put in place; what is unknown becomes a variable of the shell.
    fn expand(&self, text: &str, depth: usize) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            let Some(close) = after.chars().next().and_then(|open| match open {
                '(' => Some(')'),
                '{' => Some('}'),
                _ => None,
            }) else {
                let kept = 1 + after.chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[at..at + kept]);
                rest = &rest[at + kept..];
                continue;
            };
            let Some(end) = matching(after, close) else {
                out.push_str("$ ");
                rest = &after[1..];
                continue;
            };
            let name = &after[1..end];
            match name.split_once(' ') {
                Some(("shell", command)) => out.push_str(&format!("$({command})")),
                Some(_) => out.push_str("${MAKE_FUNCTION}"),
                None if name == "MAKE" => out.push_str("make"),
                None => match self.variables.get(name).filter(|_| depth < 5 && out.len() < 10_000) {
                    Some(value) => out.push_str(&self.expand(value, depth + 1)),
                    None => out.push_str(&format!("${{{name}}}")),
                },
            }
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        out
    }
}

/// Where the bracket that opens a text closes.
fn matching(text: &str, close: char) -> Option<usize> {
    let open = text.chars().next()?;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

#[cfg(test)]
fn rules(text: &str) -> Vec<Rule> {
    let rules = statements(text).into_iter().filter_map(|statement| match statement {
        Statement::Rule(rule) => Some(rule),
        _ => None,
    });
    rules.collect()
}

/// Lines with their continuations joined: text, first and last number.
fn logical(text: &str) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let continues = line.ends_with('\\') && !line.ends_with("\\\\");
        match found.last_mut().filter(|_| open) {
            Some(last) => {
                last.text.push('\n');
                last.text.push_str(line);
                last.last = number;
            }
            None => found.push(Line { text: line.to_owned(), first: number, last: number }),
        }
        open = continues;
    }
    found
}

fn statements(text: &str) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut in_rule = false;
    let mut in_define = false;
    for line in logical(text) {
        if in_define {
            in_define = line.text.trim() != "endef";
            continue;
        }
        if line.text.starts_with('\t') && in_rule {
            if let Some(Statement::Rule(rule)) = found.last_mut() {
                let text = line.text[1..].replace("\n\t", "\n");
                if !text.trim().is_empty() && !text.trim_start().starts_with('#') {
                    rule.recipe.push(Line { text, ..line });
                }
            }
            continue;
        }
        let flat = line.text.replace("\\\n", " ");
        let plain = flat.split(" #").next().unwrap_or_default().trim().to_owned();
        if plain.is_empty() || plain.starts_with('#') {
            continue;
        }
        in_define = plain.starts_with("define ");
        if ["ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "define"].iter().any(|word| plain.starts_with(word)) {
            continue;
        }
        if let Some(statement) = statement(&plain, line.first) {
            in_rule = matches!(statement, Statement::Rule(_));
            found.push(statement);
        }
    }
    found
}

fn statement(line: &str, number: usize) -> Option<Statement> {
    let line = line.strip_prefix("export ").or_else(|| line.strip_prefix("override ")).unwrap_or(line);
    for word in ["include ", "-include ", "sinclude "] {
        if let Some(names) = line.strip_prefix(word) {
            return Some(Statement::Include(names.split_whitespace().map(str::to_owned).collect()));
        }
    }
    let equals = line.find('=');
    let colon = line.find(':');
    if let Some(at) = equals.filter(|at| {
        colon.is_none_or(|colon| colon > *at || line[colon..].starts_with(":=") || line[colon..].starts_with("::="))
    }) {
        let name = line[..at].trim_end_matches([':', '?', '+', '!']).trim();
        let simple = !name.is_empty() && !name.contains(char::is_whitespace);
        let unless_set = line[..at].ends_with('?');
        return simple.then(|| Statement::Variable(name.to_owned(), line[at + 1..].trim().to_owned(), unless_set));
    }
    let (targets, rest) = line.split_once(':')?;
    let rest = rest.trim_start_matches(':');
    let (needs, inline) = rest.split_once(';').map_or((rest, None), |(needs, recipe)| (needs, Some(recipe)));
    if needs.contains('=') {
        return None;
    }
    let words = |text: &str| text.split_whitespace().filter(|word| *word != "|").map(str::to_owned).collect::<Vec<_>>();
    let recipe = inline.map(|text| Line { text: text.trim().to_owned(), first: number, last: number });
    Some(Statement::Rule(Rule {
        targets: words(targets),
        needs: words(needs),
        recipe: recipe.into_iter().collect(),
        line: number,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    #[test]
    fn targets_have_prerequisites_and_recipes() {
        let text =
            "GO ?= go\n.PHONY: test\ntest: lint # why\n\t@$(GO) test \\\n\t  ./...\n\t-echo $$HOME\nlint:; golint\n";
        let project = Project::in_memory([("Makefile", text)]);
        let entries = entries(&project, project.file("Makefile").unwrap(), &mut false);
        assert_eq!(entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["test", "lint"]);
        assert_eq!(entries[0].needs, ["lint"]);
        assert_eq!(entries[0].parts[0].text, "go test \\\n  ./...");
        assert_eq!(entries[0].parts[0].lines.len(), 2);
        assert_eq!(entries[0].parts[1].text, "echo $HOME || true");
        assert_eq!(entries[1].parts[0].text, "golint");
    }

    #[test]
    fn hostile_makefiles_are_read_without_harm() {
        for text in [
            "A=$(A)\nx: $(A)\n\t$(A)$(\n",
            "\t\t\n:\n::\n=\n",
            "include Makefile\n",
            &"x:\\\n".repeat(9_000),
            "define a\nx: y\n",
            "$(: :$(",
            "é:\n\té $é",
        ] {
            let project = Project::in_memory([("Makefile", text)]);
            let _ = entries(&project, project.file("Makefile").unwrap(), &mut false);
        }
        assert!(targets("x:\n\ty\n").len() == 1);
    }

    #[test]
    fn recipes_that_multiply_are_cut() {
        let long = "a".repeat(100_000);
        let check = |text: &str, expected: bool| {
            let project = Project::in_memory([("Makefile", text)]);
            let mut cut = false;
            let entries = entries(&project, project.file("Makefile").unwrap(), &mut cut);
            let bytes: usize = entries.iter().flat_map(|entry| &entry.parts).map(|part| part.text.len()).sum();
            assert!(cut == expected && bytes <= RECIPE_BYTES + 2 * long.len(), "{cut}, {bytes} bytes");
        };
        check("a b c:\n\techo $@\n", false);
        let many: String = (0..4_000).map(|number| format!("t{number} ")).collect();
        check(&format!("{many}:\n{}", "\techo a\n".repeat(4_000)), true);
        check(&format!("A = {long}\nx:\n{}", "\t$(A)\n".repeat(10_000)), true);
    }
}
