//! One document of the project: its outline, its role, and what its headings announce.

use std::collections::BTreeSet;

use super::normalise::{has_phrase, plain};
use super::outline::Outline;
use super::plain::Format;
use super::{markdown, plain as formats, template, vocabulary};
use crate::{File, Project, Sink, path};

/// More documents than this are not read; the first by depth and path are.
const DOCUMENTS: usize = 1_500;

pub(crate) struct Doc<'p> {
    pub file: &'p File,
    pub format: &'static str,
    pub role: &'static str,
    pub root: bool,
    pub assignment: bool,
    pub example: bool,
    pub outline: Outline,
    /// For each section, the topics of its own heading.
    pub topics: Vec<Vec<&'static str>>,
    /// For each section, whether its text is that of a generator.
    pub templates: Vec<bool>,
}

/// All documents, the nearest to the root first.
pub(crate) fn all<'p>(project: &'p Project, sink: &mut Sink) -> Vec<Doc<'p>> {
    let mut files: Vec<(&File, &'static str)> =
        project.files().filter_map(|file| Some((file, format(file)?))).collect();
    files.sort_by_key(|(file, _)| (file.path.matches('/').count(), &file.path));
    if let Some((file, _)) = files.get(DOCUMENTS) {
        sink.unread(file, 0..0, "document", "document", "too many documents; the deepest were left out");
    }
    files.truncate(DOCUMENTS);
    files.into_iter().filter_map(|(file, format)| read(file, format, sink)).collect()
}

fn format(file: &File) -> Option<&'static str> {
    let name = file.name().to_ascii_lowercase();
    match file.extension().as_str() {
        "md" | "markdown" | "mdx" | "mkd" | "mdown" => Some("markdown"),
        "adoc" | "asciidoc" | "asc" => Some("asciidoc"),
        "rst" => Some("rst"),
        "org" => Some("org"),
        "txt" | "text" if is_prose_name(&name) => Some("text"),
        "" | "readme" if is_readme(&name) => Some("text"),
        _ => None,
    }
}

/// Text files are documents when their name says so: `requirements.txt` and `robots.txt` are not.
fn is_prose_name(name: &str) -> bool {
    let words = [
        "readme",
        "lisezmoi",
        "install",
        "usage",
        "architecture",
        "report",
        "rapport",
        "notes",
        "doc",
        "documentation",
        "decisions",
        "choices",
        "choix",
        "veille",
        "guide",
        "changelog",
    ];
    words.iter().any(|word| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word))
}

pub(crate) fn is_readme(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let stem = stem.split(['-', '_']).next().unwrap_or_default();
    matches!(stem, "readme" | "lisezmoi" | "lisez" | "read" | "leame")
        && !name.ends_with(".sh")
        && !name.ends_with(".gotmpl")
}

fn read<'p>(file: &'p File, format: &'static str, sink: &mut Sink) -> Option<Doc<'p>> {
    let text = match file.text() {
        Ok(text) => text.as_str(),
        Err(error) => {
            sink.unread(file, 0..0, "document", "document", &error.reason());
            return None;
        }
    };
    let outline = match format {
        "asciidoc" => formats::read(text, Format::AsciiDoc),
        "rst" => formats::read(text, Format::Rst),
        "org" => formats::read(text, Format::Org),
        _ => markdown::read(text),
    };
    let topics: Vec<Vec<&'static str>> =
        outline.sections.iter().map(|section| vocabulary::topics(&section.heading)).collect();
    let templates = template::sections(&outline);
    let role = role(file, &outline, &topics);
    let root =
        path::dir(&file.path).is_empty() || (role == "readme" && matches!(file.dir(), ".github" | "docs" | ".gitlab"));
    let assignment = is_assignment(file, &outline);
    Some(Doc { file, format, role, root, assignment, example: !file.class.effective(), outline, topics, templates })
}

fn role(file: &File, outline: &Outline, topics: &[Vec<&'static str>]) -> &'static str {
    let name = plain(file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem));
    let has = |words: &[&str]| name.split(' ').any(|word| words.contains(&word));
    let dirs: BTreeSet<String> = file.dir().split('/').map(|dir| dir.to_ascii_lowercase()).collect();
    let under = |names: &[&str]| names.iter().any(|name| dirs.contains(*name));
    if is_readme(file.name()) {
        return "readme";
    }
    if under(&["adr", "adrs", "decisions", "decision-records", "architecture-decisions", "rfc", "rfcs"])
        || has(&["adr"])
    {
        return "decision";
    }
    if has(&["changelog", "changes", "history", "releases", "news"]) {
        return "changelog";
    }
    if has(&["contributing", "contribution", "contribuer"]) {
        return "contributing";
    }
    if has(&["security", "securite"]) && file.dir().len() < 8 {
        return "security";
    }
    if has(&["report", "rapport", "dossier", "memoire", "bilan"]) {
        return "report";
    }
    if has(&["veille", "watch", "radar"])
        || topics.get(1).is_some_and(|topics| topics.contains(&"watch")) && outline.sections.len() < 40
    {
        return "watch";
    }
    "other"
}

/// The subject handed to the authors: named so, or built from the headings of exercises.
fn is_assignment(file: &File, outline: &Outline) -> bool {
    let path = plain(&file.path);
    let named = [
        "subject",
        "subjects",
        "sujet",
        "sujets",
        "assignment",
        "consigne",
        "consignes",
        "enonce",
        "instructions",
        "audit",
        "audits",
        "exercise",
        "exercice",
        "task description",
    ];
    let by_path = path.split(' ').any(|word| named.contains(&word)) && !is_readme(file.name());
    let headings: Vec<String> = outline.sections.iter().map(|section| plain(&section.heading)).collect();
    let exercise = [
        "submission and audit",
        "submission",
        "audit",
        "hints",
        "tips",
        "role play",
        "objectives",
        "objective",
        "instructions",
        "bonus",
        "evaluation",
        "rendu",
        "soumission",
        "consignes",
        "learning outcomes",
        "notions",
        "allowed packages",
        "good practices",
    ];
    let matching = exercise.iter().filter(|word| headings.iter().any(|heading| heading == *word)).count();
    let handed_in = headings.iter().any(|heading| {
        heading.starts_with("submission") || heading == "role play" || heading == "rendu" || heading == "soumission"
    });
    let quizzed = headings
        .iter()
        .filter(|heading| {
            heading.ends_with("audit")
                || heading.starts_with("can you")
                || heading.starts_with("is the")
                || heading.starts_with("does the")
        })
        .count()
        >= 5;
    by_path || (matching >= 4 && handed_in) || quizzed || (!is_readme(file.name()) && is_graded(&headings))
}

/// Headings of a subject that say what will be handed in and how it will be judged.
fn is_graded(headings: &[String]) -> bool {
    let marks: [&[&str]; 5] = [
        &["graded", "grading*", "notation", "bareme*", "mark scheme", "rubric*"],
        &["learning objective*", "learning outcome*", "objectifs pedagogiques", "competences visees"],
        &["deliverable*", "livrables attendus", "livrables a rendre"],
        &["acceptance criteria", "evaluation criteria", "criteres d evaluation"],
        &["working as a team", "team work", "travail en equipe", "modalites*"],
    ];
    let told = |words: &&[&str]| words.iter().any(|word| headings.iter().any(|heading| has_phrase(heading, word)));
    marks.iter().filter(|words| told(words)).count() >= 3
}

impl Doc<'_> {
    /// The topics of a section's heading and of those above it.
    pub(crate) fn all_topics(&self, section: usize) -> Vec<&'static str> {
        let mut found: Vec<&'static str> = Vec::new();
        let mut next = Some(section);
        while let Some(index) = next {
            // A document's title names the project; it announces nothing about its sections.
            let is_title = self.outline.sections[index].level <= 1 && index == 1;
            for topic in &self.topics[index] {
                if !found.contains(topic) && !(is_title && index != section) {
                    found.push(topic);
                }
            }
            next = self.outline.sections[index].parent;
        }
        found
    }

    pub(crate) fn has_topic(&self, section: usize, topic: &str) -> bool {
        self.all_topics(section).contains(&topic)
    }

    /// Whether its text counts as the authors' own word on their project.
    pub(crate) fn counts(&self) -> bool {
        !self.assignment && !self.example
    }
}
