//! The plain facts of a document: file, sections, code, commands, links, images.

use std::ops::Range;

use facts::{Confidence, Fact};

use super::commands::{self, of_block};
use super::doc::Doc;
use super::outline::{Block, Content, ReferenceKind};
use super::purpose;
use crate::{Project, Sink, path};

/// The largest number of facts of one kind that one document gives.
const PER_DOCUMENT: usize = 2_000;

/// Pushes what a document holds.
pub(crate) fn basic(project: &Project, doc: &Doc<'_>, sink: &mut Sink) {
    file(doc, sink);
    sections(doc, sink);
    for block in
        doc.outline.blocks.iter().filter(|block| matches!(block.content, Content::Code { .. })).take(PER_DOCUMENT)
    {
        code(doc, block, sink);
    }
    for (section, range, text) in bare_commands(doc).take(PER_DOCUMENT) {
        command(doc, section, text, true, doc.file.at(range), sink);
    }
    references(project, doc, sink);
}

/// Lines of items and paragraphs that are commands to start or deploy, written without a block around them.
pub(crate) fn bare_commands<'d>(doc: &'d Doc<'_>) -> impl Iterator<Item = (usize, Range<usize>, &'d str)> {
    let written = doc.file.str();
    let told = |block: &&Block| matches!(block.content, Content::Item(_) | Content::Paragraph(_));
    doc.outline.blocks.iter().filter(told).flat_map(move |block| {
        let text = written.get(block.range.clone()).unwrap_or_default();
        let start = block.range.start;
        text.lines().filter_map(commands::bare).filter(|line| matches!(purpose::does(line), "start" | "deploy")).map(
            move |line| {
                let at = start + (line.as_ptr() as usize - text.as_ptr() as usize);
                (block.section, at..at + line.len(), line)
            },
        )
    })
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn file(doc: &Doc<'_>, sink: &mut Sink) {
    let template = doc.templates.iter().any(|template| *template)
        && doc.outline.sections.iter().zip(&doc.templates).all(|(section, template)| *template || section.words < 8);
    let fact = Fact::new("doc.file", "document", doc.file.start())
        .with("format", doc.format)
        .with("role", doc.role)
        .with("title", doc.outline.title())
        .with("words", doc.outline.words())
        .with("root", doc.root)
        .with("assignment", doc.assignment)
        .with("template", template)
        .with("example", doc.example);
    sink.push(fact);
}

fn sections(doc: &Doc<'_>, sink: &mut Sink) {
    for (index, section) in doc.outline.sections.iter().enumerate().take(PER_DOCUMENT) {
        if index == 0 && section.words == 0 {
            continue;
        }
        let fact = Fact::new("doc.section", "document", doc.file.at(section.at.start..section.end.max(section.at.end)))
            .with("heading", section.heading.as_str())
            .with("trail", doc.outline.trail(index))
            .with("level", section.level)
            .with("words", section.words)
            .with("topics", strings(&doc.topics[index]))
            .with("role", doc.role)
            .with("root", doc.root)
            .with("assignment", doc.assignment)
            .with("template", doc.templates[index]);
        sink.push(fact);
    }
}

/// The line of the file on which a line of a block of code stands.
pub(crate) fn line_of(doc: &Doc<'_>, start: usize, line: usize) -> usize {
    doc.file.text().map_or(1, |text| text.line_of(start) + line)
}

fn code(doc: &Doc<'_>, block: &Block, sink: &mut Sink) {
    let Content::Code { language, text, start } = &block.content else {
        return;
    };
    let lines = of_block(language, text);
    let topics = strings(&doc.all_topics(block.section));
    let fact = Fact::new("doc.code", "document", doc.file.at(block.range.clone()))
        .with("language", language.as_str())
        .with("commands", lines.iter().map(|line| line.command.clone()).collect::<Vec<_>>())
        .with("trail", doc.outline.trail(block.section))
        .with("topics", topics)
        .with("lines", text.lines().count())
        .with("role", doc.role)
        .with("root", doc.root)
        .with("assignment", doc.assignment)
        .with("template", doc.templates[block.section]);
    sink.push(fact);
    for line in lines {
        let at = doc.file.at_line(line_of(doc, *start, line.line));
        command(doc, block.section, &line.command, false, at, sink);
    }
}

fn command(doc: &Doc<'_>, section: usize, command: &str, inline: bool, at: facts::Location, sink: &mut Sink) {
    let fact = Fact::new("doc.command", "document", at)
        .with("command", command)
        .with("tool", commands::program(command))
        .with("does", purpose::does(command))
        .with("trail", doc.outline.trail(section))
        .with("topics", strings(&doc.all_topics(section)))
        .with("role", doc.role)
        .with("inline", inline)
        .with("root", doc.root)
        .with("assignment", doc.assignment)
        .with("template", doc.templates[section]);
    sink.push(fact.confidence(if inline { Confidence::Likely } else { Confidence::Exact }));
}

fn references(project: &Project, doc: &Doc<'_>, sink: &mut Sink) {
    for reference in doc.outline.references.iter().take(PER_DOCUMENT) {
        let at = doc.file.at(reference.range.clone());
        let target = resolve(project, doc.file.dir(), &reference.target);
        match reference.kind {
            ReferenceKind::Code if commands::is_command(&reference.text) => {
                command(doc, reference.section, &reference.text, true, at, sink);
            }
            ReferenceKind::Code => {}
            ReferenceKind::Link => {
                let fact = Fact::new("doc.link", "document", at)
                    .with("target", reference.target.as_str())
                    .with("text", reference.text.as_str())
                    .with("local", target.local)
                    .with("exists", target.exists)
                    .with("file", target.file);
                sink.push(fact);
            }
            ReferenceKind::Image => {
                let fact = Fact::new("doc.image", "document", at)
                    .with("target", reference.target.as_str())
                    .with("alt", reference.text.as_str())
                    .with("local", target.local)
                    .with("exists", target.exists)
                    .with("topics", strings(&doc.all_topics(reference.section)));
                sink.push(fact);
            }
        }
    }
}

/// Where a reference leads.
pub(crate) struct Target {
    pub local: bool,
    pub exists: bool,
    pub file: String,
}

/// Resolves a link of a document in a directory; anchors and addresses elsewhere always exist.
pub(crate) fn resolve(project: &Project, dir: &str, target: &str) -> Target {
    let elsewhere = target.contains("://")
        || target.starts_with("//")
        || target.starts_with("mailto:")
        || target.starts_with("data:");
    if elsewhere || target.starts_with('#') || target.is_empty() {
        return Target { local: target.starts_with('#'), exists: true, file: String::new() };
    }
    let clean = target.split(['#', '?']).next().unwrap_or_default();
    let clean = clean.strip_prefix("file:").unwrap_or(clean).replace("%20", " ");
    let Some(file) = path::join(dir, &clean) else {
        return Target { local: false, exists: true, file: String::new() };
    };
    let exists = file.is_empty() || project.file(&file).is_some() || project.has_dir(&file);
    Target { local: true, exists, file }
}
