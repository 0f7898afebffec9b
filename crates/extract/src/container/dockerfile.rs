//! Dockerfiles as instructions with exact ranges: directives, continuations, comments and here-documents.

use std::ops::Range;

/// The most instructions that are read of one file.
const INSTRUCTIONS: usize = 5_000;
/// The most here-documents of one instruction.
const HEREDOCS: usize = 16;

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// In upper case.
    pub keyword: String,
    /// What follows the keyword, continuation lines joined by a space, comments and here-documents left out.
    pub text: String,
    /// The `--name=value` options in front.
    pub flags: Vec<(String, String)>,
    /// What remains after the options.
    pub rest: String,
    pub range: Range<usize>,
}

/// One stage: from a `FROM` to the next.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The reference as written.
    pub base: String,
    /// The reference with arguments filled in by their defaults; none when one has no default.
    pub resolved: Option<String>,
    pub name: Option<String>,
    /// The stage that it continues, when its base names one.
    pub parent: Option<usize>,
    pub from: Instruction,
    pub instructions: Vec<Instruction>,
}

/// A Dockerfile.
#[derive(Clone, Debug, Default)]
pub struct Dockerfile {
    pub globals: Vec<(String, Option<String>)>,
    pub stages: Vec<Stage>,
    /// The first instruction that no builder knows: it refuses the whole file, which then has no stage.
    pub refused: Option<Instruction>,
}

const KEYWORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Reads a Dockerfile; text that is not one gives no stage.
pub fn read(text: &str) -> Dockerfile {
    let mut file = Dockerfile::default();
    for instruction in instructions(text) {
        let word = instruction.keyword.bytes().all(|byte| byte.is_ascii_alphabetic());
        match (instruction.keyword.as_str(), file.stages.last_mut()) {
            // What is no word may belong to a language of templates, which is expanded before.
            (keyword, Some(_)) if word && !KEYWORDS.contains(&keyword) => {
                return Dockerfile { refused: Some(instruction), ..Dockerfile::default() };
            }
            ("FROM", _) => {
                let stage = stage(instruction, &file);
                file.stages.push(stage);
            }
            ("ARG", None) => file.globals.extend(assignments(&instruction.rest, true)),
            (_, Some(stage)) => stage.instructions.push(instruction),
            (_, None) => {}
        }
    }
    file
}

fn stage(from: Instruction, file: &Dockerfile) -> Stage {
    let mut words = from.rest.split_whitespace();
    let base = words.next().unwrap_or_default().to_owned();
    let name = match (words.next(), words.next()) {
        (Some(word), Some(name)) if word.eq_ignore_ascii_case("as") => Some(name.to_owned()),
        _ => None,
    };
    let resolved = expand(&base, &|name| lookup(&file.globals, name));
    let wanted = resolved.as_deref().unwrap_or(&base);
    let named = |stage: &Stage| stage.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    let parent = file.stages.iter().rposition(named);
    Stage { base, resolved, name, parent, from, instructions: Vec::new() }
}

fn lookup(known: &[(String, Option<String>)], name: &str) -> Option<String> {
    known.iter().rev().find(|(known, _)| known == name).and_then(|(_, value)| value.clone())
}

/// All instructions of a text.
pub fn instructions(text: &str) -> Vec<Instruction> {
    let escape = escape(text);
    let mut found = Vec::new();
    let mut lines = Lines { text, at: 0 };
    while let Some(first) = lines.next() {
        let line = &text[first.clone()];
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        if found.len() >= INSTRUCTIONS {
            break;
        }
        found.extend(instruction(text, first, &mut lines, escape));
    }
    found
}

fn instruction(text: &str, first: Range<usize>, lines: &mut Lines<'_>, escape: char) -> Option<Instruction> {
    let start = first.start + (text[first.clone()].len() - text[first.clone()].trim_start().len());
    let mut end = first.start + text[first.clone()].trim_end().len();
    let mut joined = String::new();
    let mut current = first;
    loop {
        let line = text[current.clone()].trim_end();
        let skipped = line.trim_start().starts_with('#') && !joined.is_empty();
        let continued = line.strip_suffix(escape);
        if !skipped {
            joined.push_str(continued.unwrap_or(line).trim_start_matches(['\u{feff}']));
            joined.push(' ');
        }
        if !skipped && !line.is_empty() {
            end = current.start + line.len();
        }
        // Comments and blank lines inside a continued instruction do not end it.
        let goes_on = continued.is_some() || skipped || (line.trim().is_empty() && !joined.is_empty());
        if !goes_on {
            break;
        }
        match lines.next() {
            Some(next) => current = next,
            None => break,
        }
    }
    let joined = joined.trim();
    let (keyword, rest) = joined.split_once(char::is_whitespace).unwrap_or((joined, ""));
    let keyword = keyword.to_ascii_uppercase();
    if !keyword.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    if matches!(keyword.as_str(), "RUN" | "COPY" | "ADD" | "ONBUILD") {
        for name in heredocs(rest) {
            end = lines.skip_heredoc(&name).unwrap_or(end);
        }
    }
    let (flags, remaining) = flags(rest.trim());
    Some(Instruction { keyword, text: rest.trim().to_owned(), flags, rest: remaining, range: start..end })
}

struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl Lines<'_> {
    fn next(&mut self) -> Option<Range<usize>> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let end = self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
        self.at = end + 1;
        Some(start..end)
    }

    /// Moves behind the terminator of a here-document; stays when there is none.
    fn skip_heredoc(&mut self, name: &str) -> Option<usize> {
        let back = self.at;
        while let Some(line) = self.next() {
            if self.text[line.clone()].trim_end_matches('\r').trim_start_matches('\t') == name {
                return Some(line.end);
            }
        }
        self.at = back;
        None
    }
}

/// The `# escape=` directive, which stands before everything else.
fn escape(text: &str) -> char {
    for line in text.lines() {
        let Some(directive) = line.trim().strip_prefix('#').and_then(|line| line.split_once('=')) else { break };
        let name = directive.0.trim().to_ascii_lowercase();
        if name == "escape" && directive.1.trim() == "`" {
            return '`';
        }
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
    }
    '\\'
}

/// The names of the here-documents that an instruction opens.
fn heredocs(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("<<") {
        let before = rest[..at].chars().next_back();
        rest = &rest[at + 2..];
        if rest.starts_with('<') || before.is_some_and(|c| c == '<' || c == '(') || names.len() >= HEREDOCS {
            rest = rest.trim_start_matches('<');
            continue;
        }
        let word = rest.strip_prefix('-').unwrap_or(rest);
        let word =
            word.split(|c: char| c.is_whitespace() || matches!(c, '>' | '|' | ';' | '&')).next().unwrap_or_default();
        let name = word.trim_matches(['"', '\'']);
        if !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit())
        {
            names.push(name.to_owned());
        }
    }
    names
}

fn flags(text: &str) -> (Vec<(String, String)>, String) {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix("--") {
        let (word, remaining) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        found.push((name.to_ascii_lowercase(), value.to_owned()));
        rest = remaining.trim_start();
    }
    (found, rest.to_owned())
}

/// `NAME=value NAME="a b"`, the old `NAME value` for `ENV`, and bare names for `ARG`.
pub(super) fn assignments(text: &str, bare: bool) -> Vec<(String, Option<String>)> {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    if !bare && !first.contains('=') {
        let (name, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        return vec![(name.to_owned(), Some(value.trim().trim_matches('"').to_owned()))];
    }
    let mut found = Vec::new();
    for word in words(text) {
        match word.split_once('=') {
            Some((name, value)) => found.push((name.to_owned(), Some(value.to_owned()))),
            None => found.push((word, None)),
        }
    }
    found
}

/// Words with quotes removed.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote: Option<char> = None;
    let mut any = false;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.push(c),
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                any = true;
            }
            None if c.is_whitespace() => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            None => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

/// Fills in `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}`; none when a name has no value.
pub(crate) fn expand(text: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let text = text.trim_matches(['"', '\'']);
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(inside) = rest.strip_prefix('{') {
            let end = inside.find('}')?;
            out.push_str(&braced(&inside[..end], value)?);
            rest = &inside[end + 1..];
        } else {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            out.push_str(&value(&rest[..end])?);
            rest = &rest[end..];
        }
        if out.len() > 4_096 {
            return None;
        }
    }
    out.push_str(rest);
    Some(out)
}

fn braced(inside: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inside.len());
    let (name, operator) = inside.split_at(end);
    let known = value(name);
    match operator.strip_prefix(':').unwrap_or(operator) {
        rest if rest.starts_with('-') => Some(known.filter(|known| !known.is_empty()).unwrap_or(rest[1..].to_owned())),
        rest if rest.starts_with('+') => Some(known.map_or(String::new(), |_| rest[1..].to_owned())),
        _ => known,
    }
}

impl Dockerfile {
    /// The stage that an image is made of: the named target, else the last one.
    pub fn target(&self, name: Option<&str>) -> Option<usize> {
        let named = |stage: &Stage| {
            stage.name.as_deref().is_some_and(|known| name.is_some_and(|name| known.eq_ignore_ascii_case(name)))
        };
        self.stages.iter().position(named).or(self.stages.len().checked_sub(1))
    }

    /// The last `USER` that a stage ends with, its own or an inherited one, with arguments filled in.
    pub fn user(&self, stage: usize) -> Option<(&Instruction, Option<String>)> {
        let mut at = stage;
        loop {
            let current = self.stages.get(at)?;
            if let Some(found) = current.instructions.iter().rposition(|one| one.keyword == "USER") {
                let known = self.variables(at, found);
                let user = expand(&current.instructions[found].rest, &|name| lookup(&known, name));
                return Some((&current.instructions[found], user));
            }
            at = current.parent.filter(|parent| *parent < at)?;
        }
    }

    fn variables(&self, stage: usize, until: usize) -> Vec<(String, Option<String>)> {
        let mut known: Vec<(String, Option<String>)> = Vec::new();
        let mut chain = vec![stage];
        while let Some(parent) =
            self.stages[chain[chain.len() - 1]].parent.filter(|parent| *parent < chain[chain.len() - 1])
        {
            chain.push(parent);
        }
        for at in chain.into_iter().rev() {
            let instructions = &self.stages[at].instructions;
            let end = if at == stage { until } else { instructions.len() };
            for instruction in &instructions[..end.min(instructions.len())] {
                match instruction.keyword.as_str() {
                    "ARG" => known.extend(assignments(&instruction.rest, true).into_iter().map(|(name, value)| {
                        let value = value.or_else(|| lookup(&self.globals, &name));
                        (name, value)
                    })),
                    "ENV" => known.extend(assignments(&instruction.rest, false)),
                    _ => {}
                }
            }
        }
        known
    }

    /// The stage whose base comes from outside, at the root of a chain of stages.
    pub fn root(&self, stage: usize) -> usize {
        let mut at = stage;
        while let Some(parent) = self.stages.get(at).and_then(|stage| stage.parent).filter(|parent| *parent < at) {
            at = parent;
        }
        at
    }
}

#[cfg(test)]
#[path = "dockerfile_tests.rs"]
mod tests;
