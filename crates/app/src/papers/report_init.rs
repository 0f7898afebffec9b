//! Begin a project's report: the parts that are asked for, and what the repository shows already filled in.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use dossier::lint::{self, Asked, Vocabulary};
use dossier::report::{asked, placeholder::TO_WRITE, technologies};
use dossier::{Folder, Source};
use facts::Facts;
use framework::{Lang, Part};

use super::{project, report_check};
use crate::assess::{self, Reading};
use crate::error::AssessError;
use crate::library::Packs;
use crate::words::Words;

/// Where to begin a report, and in which language.
#[derive(Clone, Debug)]
pub struct InitRequest {
    pub repository: PathBuf,
    /// The project's name; the name of the folder when it is not said.
    pub name: Option<String>,
    pub lang: Lang,
    pub packs: Vec<PathBuf>,
    pub reading: Reading,
}

/// What was written.
pub struct Begun {
    pub path: PathBuf,
}

/// Writes the skeleton of a report at the root of a work tree. A file that is there stays as it is.
///
/// # Errors
/// When the repository cannot be read, has no work tree, or the file exists.
pub fn begin_report(request: &InitRequest) -> Result<Begun, AssessError> {
    let packs = Packs::load(&request.packs)?;
    let no_repository = |error| match error {
        extract::git::OpenError::NotARepository { path, .. } => AssessError::NoWorkTree { path },
        error => AssessError::Open(error),
    };
    let repository = extract::git::Repository::open(&request.repository).map_err(no_repository)?;
    // A tree that another clone has beside itself names that clone in a file.
    let beside = || request.repository.join(".git").is_file().then_some(&*request.repository);
    let no_tree = || AssessError::NoWorkTree { path: request.repository.clone() };
    let tree = repository.work_tree().or_else(beside).ok_or_else(no_tree)?.to_owned();
    let assessed = assess::read(&repository, "HEAD", &request.reading)?;
    let name = request.name.clone().unwrap_or_else(|| folder_name(&tree));
    let path = tree.join(report_name(&name));
    let text = skeleton(&name, report_check::parts(&packs), &assessed.facts, Words(request.lang));
    let text = corrected(&packs, text, request.lang);
    let failed = |source: std::io::Error| match source.kind() {
        ErrorKind::AlreadyExists => AssessError::ReportThere { path: path.clone() },
        _ => AssessError::Write { path: path.clone(), source },
    };
    // Created anew or not at all: two that start together cannot overwrite either.
    let mut file = std::fs::File::create_new(&path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    Ok(Begun { path })
}

/// The text as `report check --fix` would leave it.
fn corrected(packs: &Packs, text: String, lang: Lang) -> String {
    let (folder, vocabulary) = (Folder::default(), Vocabulary::of(lang, &packs.frameworks));
    let found = lint::language(&Source::parse("report.md", &text), &Asked::of(lang, &folder, &vocabulary));
    lint::apply(&text, &found).text
}

pub(super) fn folder_name(tree: &Path) -> String {
    let whole = tree.canonicalize().unwrap_or_else(|_| tree.to_owned());
    whole.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The file of a project's report.
pub(super) fn report_name(project: &str) -> String {
    format!("{}.md", file_name(project))
}

fn file_name(name: &str) -> String {
    let kept = name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' });
    kept.collect::<String>().trim_matches(['-', '.']).to_lowercase()
}

/// The text of a new report.
fn skeleton(name: &str, parts: &[Part], facts: &Facts, words: Words) -> String {
    let mut out = format!("# {name}\n\n{}\n", about(facts, words));
    for part in parts {
        let title = part.title.get(words.0).trim_end_matches([',', ' ', ':', '.']);
        let _ = write!(out, "\n## {title}\n");
        if part.parts.is_empty() {
            section(&mut out, part, facts, words);
        }
        for inner in &part.parts {
            let _ = write!(out, "\n### {}\n", inner.title.get(words.0));
            section(&mut out, inner, facts, words);
        }
    }
    if project::authors(facts).len() > 1 {
        let _ = write!(out, "\n## {}\n\n", words.say("skeleton-individual"));
        instruct(&mut out, "skeleton-individual-hint", words);
        people(&mut out, facts, words);
    }
    out
}

fn section(out: &mut String, part: &Part, facts: &Facts, words: Words) {
    out.push('\n');
    let hint = format!("skeleton-{}", part.id.to_string().to_lowercase().replace('.', "-"));
    let known = words.say(&hint);
    let hint = if known.starts_with('⟨') { "skeleton-any" } else { &hint };
    instruct(out, hint, words);
    let sides = asked(std::slice::from_ref(part), Lang::En).iter().any(|asked| asked.title.contains("actual"));
    if sides {
        let (expected, actual) = (words.say("skeleton-expected"), words.say("skeleton-actual"));
        let _ = write!(out, "\n| {expected} | {actual} |\n|---|---|\n|  |  |\n");
    }
    match &*part.id {
        id if id.ends_with(".c1") => places(out, facts, words, &["ci.pipeline"]),
        id if id.ends_with(".c2") => places(out, facts, words, &["cd.deployment"]),
        id if id.ends_with(".c3") => places(out, facts, words, &["app.test", "infratest.suite"]),
        id if id.ends_with(".d") => used(out, facts, words),
        _ => {}
    }
}

fn instruct(out: &mut String, id: &str, words: Words) {
    let mark = match words.0 {
        Lang::Fr => TO_WRITE[0],
        Lang::En => TO_WRITE[1],
    };
    let _ = writeln!(out, "> {mark} {}", words.say(id));
}

/// When, by how many, in how many commits.
fn about(facts: &Facts, words: Words) -> String {
    let Some(summary) = facts.of("vcs.summary").first() else { return String::new() };
    let (commits, authors) = (summary.int("commits").to_string(), summary.int("authors").to_string());
    let arguments = [
        ("first", summary.text("first_day")),
        ("last", summary.text("last_day")),
        ("commits", commits.as_str()),
        ("authors", authors.as_str()),
    ];
    words.with("skeleton-about", &arguments)
}

/// The first places that show something, as links into the repository.
fn places(out: &mut String, facts: &Facts, words: Words, kinds: &[&str]) {
    const SHOWN: usize = 6;
    let found =
        kinds.iter().flat_map(|kind| facts.of(kind)).filter(|fact| !fact.is("example") && !fact.is("generated"));
    let mut paths: Vec<&str> = found.filter_map(|fact| fact.location().path()).collect();
    paths.sort_unstable();
    paths.dedup();
    if !paths.is_empty() {
        let links: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("[`{path}`](<{path}>)")).collect();
        let _ = write!(out, "\n{} {}\n", words.say("skeleton-see"), links.join(", "));
    }
}

/// A table of what the repository uses; why it was chosen is for its author to say.
fn used(out: &mut String, facts: &Facts, words: Words) {
    let mut rows: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for (name, place) in project::shown(facts).uses {
        if let Some(technology) = technologies::named(&name).filter(|technology| technology.matters) {
            rows.entry((technology.family, technology.name)).or_insert(place);
        }
    }
    if rows.is_empty() {
        return;
    }
    let (tool, seen, why) = (words.say("skeleton-tool"), words.say("skeleton-seen"), words.say("skeleton-why"));
    let _ = write!(out, "\n| {tool} | {seen} | {why} |\n|---|---|---|\n");
    for ((_, name), place) in rows {
        let path = place.rsplit_once(':').map_or(place.as_str(), |(path, _)| path);
        let _ = writeln!(out, "| {name} | [`{place}`](<{path}>) |  |");
    }
}

fn people(out: &mut String, facts: &Facts, words: Words) {
    let (who, commits, what) = (words.say("skeleton-who"), words.say("skeleton-commits"), words.say("skeleton-what"));
    let _ = write!(out, "\n| {who} | {commits} | {what} |\n|---|---:|---|\n");
    for author in project::authors(facts).iter().take(12) {
        let name: String = author.name.chars().filter(|c| !c.is_control() && *c != '|').collect();
        let _ = writeln!(out, "| {name} | {} |  |", author.commits);
    }
}
