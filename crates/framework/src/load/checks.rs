//! The checks that packs bring: one per file, each under its own name, none referring to itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    id::Position,
    load::{PackFile, is_check},
    problem::PackError,
    rule::{Check, Vocabulary, parse_check},
    text::{Lang, Text},
};

/// The checks that could be read.
pub(super) struct Checks {
    pub(super) list: Vec<Check>,
    /// Every check file could be read, so a name that is not known does not exist.
    pub(super) complete: bool,
}

impl Checks {
    pub(super) fn names(&self) -> BTreeSet<&str> {
        self.list.iter().map(|check| check.id.as_str()).collect()
    }
}

/// Reads every check, sorted by name.
pub(super) fn read(files: &[PackFile], vocabulary: &dyn Vocabulary, problems: &mut Vec<PackError>) -> Checks {
    let mut texts = BTreeMap::new();
    let mut checks = Checks { list: Vec::new(), complete: true };
    for file in files.iter().filter(|file| is_check(&file.path)) {
        match parse_check(&file.path, &file.text, vocabulary) {
            Ok(check) => {
                texts.insert(check.path.clone(), file.text.as_str());
                checks.list.push(check);
            }
            Err(found) => {
                checks.complete = false;
                problems.extend(found);
            }
        }
    }
    checks.list.sort_by(|a, b| a.id.cmp(&b.id));
    let place = |check: &Check, words: &str| position_of(texts.get(&check.path).copied().unwrap_or_default(), words);
    for check in &checks.list {
        untold(check, place(check, &check.id), problems);
    }
    for pair in checks.list.windows(2).filter(|pair| pair[0].id == pair[1].id) {
        problems.push(twice(&pair[1], &pair[0], place(&pair[1], &pair[1].id)));
    }
    references(&checks, place, problems);
    checks
}

fn untold(check: &Check, position: Position, problems: &mut Vec<PackError>) {
    let texts = [("question", &check.question), ("why", &check.why), ("fix", &check.fix), ("sought", &check.sought)];
    for (field, text) in texts {
        for lang in text.missing() {
            let (french, english) = match lang {
                Lang::Fr => ("français", "French"),
                Lang::En => ("anglais", "English"),
            };
            let message = Text::new(
                format!("`{}` : le champ `{field}` n'a pas de texte en {french}", check.id),
                format!("`{}`: the field `{field}` has no text in {english}", check.id),
            );
            problems.push(PackError::new(&check.path, position, message));
        }
    }
}

fn twice(second: &Check, first: &Check, position: Position) -> PackError {
    let message = Text::new(format!("contrôle `{}` en double", second.id), format!("duplicate check `{}`", second.id));
    PackError::new(&second.path, position, message).hint(Text::new(
        format!("déjà défini dans {} ; donnez-lui un autre identifiant", first.path),
        format!("already defined in {}; give it another identifier", first.path),
    ))
}

/// Checks that refer to others refer to ones that exist, and never in a circle.
fn references(checks: &Checks, place: impl Fn(&Check, &str) -> Position, problems: &mut Vec<PackError>) {
    let names = checks.names();
    let edges: BTreeMap<&str, BTreeSet<&str>> =
        checks.list.iter().map(|check| (check.id.as_str(), named_by(check))).collect();
    for check in &checks.list {
        for name in named_by(check) {
            if checks.complete && !names.contains(name) {
                let message = Text::new(format!("contrôle inconnu `{name}`"), format!("unknown check `{name}`"));
                let problem = PackError::new(&check.path, place(check, &format!("check: {name}")), message);
                problems.push(problem.suggest(name, names.iter().copied()));
            }
        }
        if reaches(&edges, &check.id, &check.id) {
            let message = Text::new(
                format!("le contrôle `{}` dépend de lui-même", check.id),
                format!("the check `{}` depends on itself", check.id),
            );
            problems.push(PackError::new(&check.path, place(check, &check.id), message));
        }
    }
}

fn named_by(check: &Check) -> BTreeSet<&str> {
    check.applies_when.iter().chain([&check.rule]).flat_map(|clause| clause.checks()).collect()
}

/// Whether following references from `start` leads to `goal`.
fn reaches(edges: &BTreeMap<&str, BTreeSet<&str>>, start: &str, goal: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut next: Vec<&str> = edges.get(start).into_iter().flatten().copied().collect();
    while let Some(name) = next.pop() {
        if name == goal {
            return true;
        }
        if seen.insert(name) {
            next.extend(edges.get(name).into_iter().flatten().copied());
        }
    }
    false
}

/// Where some words stand first in a file: checks keep no position of their own.
fn position_of(text: &str, words: &str) -> Position {
    let found = text.lines().zip(1..).find_map(|(line, number)| {
        let before = line.split(words).next().filter(|before| before.len() < line.len())?;
        Some(Position { line: number, column: 1 + before.chars().count() as u64 })
    });
    found.unwrap_or(Position { line: 1, column: 1 })
}
