//! The parts that a README owes its readers: what the project is, how to run it, how to use it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use facts::{Confidence, Fact};
use regex::Regex;

use super::commands::{is_command, of_block};
use super::doc::Doc;
use super::emit::{bare_commands, line_of, resolve};
use super::normalise::plain;
use super::outline::{Content, ReferenceKind};
use super::purpose::does;
use crate::{Project, Sink};

/// Reports the parts found in the main README and in the documents that it links to.
pub(crate) fn run(project: &Project, docs: &[Doc<'_>], sink: &mut Sink) {
    let mains = mains(docs);
    let mut linked: BTreeSet<&str> = BTreeSet::new();
    for main in &mains {
        let links = main.outline.references.iter().filter(|reference| reference.kind == ReferenceKind::Link);
        for link in links.take(500) {
            let target = resolve(project, main.file.dir(), &link.target).file;
            linked.extend(docs.iter().map(|doc| doc.file.path.as_ref()).filter(|path| *path == target));
        }
    }
    for doc in docs.iter().filter(|doc| doc.counts() && !matches!(doc.role, "licence" | "changelog" | "security")) {
        let main = mains.iter().any(|main| std::ptr::eq(*main, doc));
        if main {
            what(doc, sink);
        }
        if main || linked.contains(doc.file.path.as_ref()) {
            run_part(doc, !main, sink);
            run_line(doc, !main, sink);
            use_part(doc, !main, sink);
        }
    }
}

/// The README of the repository: at its root, else the nearest ones below it.
fn mains<'d, 'p>(docs: &'d [Doc<'p>]) -> Vec<&'d Doc<'p>> {
    let readmes = || docs.iter().filter(|doc| doc.role == "readme" && doc.counts());
    let written = |doc: &&Doc<'_>| {
        doc.outline.words() >= 15
            || doc.outline.blocks.iter().any(|block| matches!(block.content, Content::Code { .. }))
    };
    // One that says nothing is still the page that people read first.
    let root: Vec<&Doc<'_>> = readmes().filter(|doc| doc.root).collect();
    if !root.is_empty() {
        return root;
    }
    let depth = |doc: &Doc<'_>| doc.file.path.matches('/').count();
    let nearest = readmes().filter(written).map(depth).min();
    readmes().filter(written).filter(|doc| Some(depth(doc)) == nearest).collect()
}

fn push(doc: &Doc<'_>, section: usize, range: Range<usize>, part: &str, form: &str, linked: bool, sink: &mut Sink) {
    let sure = matches!(form, "commands" | "endpoints" | "prose") && !linked;
    let fact = Fact::new("doc.part", "document", doc.file.at(range)).with("part", part).with("form", form);
    let fact = fact.with("linked", linked).with("template", doc.templates[section]);
    sink.push(fact.confidence(if sure { Confidence::Exact } else { Confidence::Likely }));
}

/// One or two sentences near the top, or under a heading that announces a presentation.
fn what(doc: &Doc<'_>, sink: &mut Sink) {
    let mut found = 0;
    for block in &doc.outline.blocks {
        let (Content::Paragraph(text) | Content::Quote(text)) = &block.content else {
            continue;
        };
        let topics = &doc.topics[block.section];
        let announced = topics.contains(&"overview");
        let near = block.section <= 2 && (topics.is_empty() || block.section <= 1);
        if found < 3 && (announced || near || presents(doc, text)) && is_sentence(text) {
            found += 1;
            push(doc, block.section, block.range.clone(), "what", "prose", false, sink);
        }
    }
}

/// A sentence that says what the project is, wherever it stands: "Petclinic is a …", "Ce dépôt contient …".
fn presents(doc: &Doc<'_>, text: &str) -> bool {
    let words = plain(text);
    if words.contains("licens") || words.contains("sous licence") {
        return false;
    }
    let subject = ["this", "the", "ce", "cette", "le", "notre", "our"].iter().any(|word| {
        let things = [
            "project",
            "repository",
            "repo",
            "application",
            "app",
            "role",
            "module",
            "chart",
            "service",
            "tool",
            "projet",
            "depot",
        ];
        things.iter().any(|thing| words.starts_with(&format!("{word} {thing} ")))
    });
    let title = plain(doc.outline.title());
    let named = title.split(' ').next().is_some_and(|first| first.len() > 2 && words.starts_with(first));
    subject || (named && [" is a ", " is an ", " est un ", " est une "].iter().any(|verb| words.contains(verb)))
}

fn is_sentence(text: &str) -> bool {
    let words =
        text.split_whitespace().filter(|word| !word.contains("://") && word.chars().any(char::is_alphabetic)).count();
    let lines = text.lines().count().max(1);
    words >= 6 && words / lines >= 4
}

const RUNS: &[&str] = &["install", "start", "develop", "deploy", "usage"];

fn run_part(doc: &Doc<'_>, linked: bool, sink: &mut Sink) {
    for block in &doc.outline.blocks {
        let Content::Code { language, text, start } = &block.content else {
            continue;
        };
        let announced = doc.all_topics(block.section).iter().any(|topic| RUNS.contains(topic));
        let runs = |does: &str| {
            matches!(does, "start" | "deploy") || (announced && matches!(does, "install" | "build" | "setup"))
        };
        let lines = of_block(language, text);
        if let Some(first) = lines.iter().find(|line| runs(does(&line.command))) {
            let at = doc.file.text().map(|text| text.line_range(line_of(doc, *start, first.line))).unwrap_or_default();
            push(doc, block.section, at.start..block.range.end.max(at.end), "run", "commands", linked, sink);
        }
    }
    for span in doc
        .outline
        .references
        .iter()
        .filter(|reference| reference.kind == ReferenceKind::Code && is_command(&reference.text))
    {
        if matches!(does(&span.text), "start" | "deploy") {
            push(doc, span.section, span.range.clone(), "run", "list", linked, sink);
        }
    }
}

/// A line of an item or paragraph that is a command to start or deploy.
fn run_line(doc: &Doc<'_>, linked: bool, sink: &mut Sink) {
    for (section, range, _) in bare_commands(doc).take(20) {
        push(doc, section, range, "run", "list", linked, sink);
    }
}

fn endpoint() -> &'static Regex {
    static RE: OnceLock<Regex> = OnceLock::new();
    RE.get_or_init(|| {
        Regex::new(r"(?:\b(?:GET|POST|PUT|PATCH|DELETE)\b[`*| :]*\s*[`]?/[\w{}:/.-]*)|(?:https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|192\.168\.\d+\.\d+|10\.\d+\.\d+\.\d+)(?::\d+)?)")
            .expect("a constant expression")
    })
}

fn use_part(doc: &Doc<'_>, linked: bool, sink: &mut Sink) {
    for block in &doc.outline.blocks {
        let topics = doc.all_topics(block.section);
        let announced = topics.iter().any(|topic| matches!(*topic, "usage" | "api"));
        let tested = topics.contains(&"test");
        let range = block.range.clone();
        let form = match &block.content {
            Content::Code { language, text, .. } => {
                let lines = of_block(language, text);
                let requests = lines.iter().any(|line| does(&line.command) == "request");
                let told = (announced || tested) && !lines.is_empty();
                if requests || endpoint().is_match(text) || told {
                    Some("commands")
                } else if announced && text.lines().count() >= 2 {
                    Some("example")
                } else {
                    None
                }
            }
            Content::Table { rows, .. } if announced && !rows.is_empty() => Some("list"),
            content => {
                let text = content.prose();
                let long = text.split_whitespace().count() >= 5;
                if endpoint().is_match(&text) {
                    Some("endpoints")
                } else if announced && long {
                    Some("list")
                } else {
                    None
                }
            }
        };
        if let Some(form) = form {
            push(doc, block.section, range, "use", form, linked, sink);
        }
    }
}
