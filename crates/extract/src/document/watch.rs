//! The technology watch: feeds, configurations, and tables or lists with sources, channels and frequencies.

use std::sync::OnceLock;

use facts::{Confidence, Fact, Location};
use regex::Regex;

use super::doc::Doc;
use super::normalise::{has_phrase, plain};
use super::outline::Content;
use super::words;
use crate::{File, Node, Project, Sink};

const SOURCES: &[&str] = &[
    "source*",
    "site*",
    "blog*",
    "feed*",
    "flux",
    "resource*",
    "ressource*",
    "outil*",
    "tool*",
    "name",
    "nom",
    "titre",
    "support*",
];
const CHANNELS: &[&str] = &[
    "channel*", "canal", "canaux", "type*", "media*", "format*", "moyen*", "how", "via", "support*", "medium", "mode",
];
const FREQUENCIES: &[&str] =
    &["frequen*", "periodicit*", "rythme*", "cadence*", "how often", "schedule*", "rate", "when", "quand"];

/// Reports sources of the watch.
pub(crate) fn run(project: &Project, docs: &[Doc<'_>], sink: &mut Sink) {
    for file in project.files().filter(|file| !file.class.example && !file.class.test) {
        match file.extension().as_str() {
            "opml" => opml(file, sink),
            "yaml" | "yml" if is_watch(&file.path) => {
                configuration(file, file.yaml().documents.iter().map(|document| &document.root), sink)
            }
            "json" if is_watch(&file.path) => {
                configuration(file, file.json().documents.iter().map(|document| &document.root), sink)
            }
            "toml" if is_watch(&file.path) => {
                configuration(file, file.toml().documents.iter().map(|document| &document.root), sink)
            }
            _ => {}
        }
    }
    for doc in docs.iter().filter(|doc| doc.counts()) {
        for block in &doc.outline.blocks {
            match &block.content {
                Content::Table { header, rows } => table(doc, header, rows, sink),
                Content::Item(text) | Content::Paragraph(text)
                    if doc.has_topic(block.section, "watch") || doc.role == "watch" =>
                {
                    let plain = plain(text);
                    if let (Some(channel), Some(frequency)) = (words::channel(&plain), words::frequency(&plain)) {
                        let form = if matches!(block.content, Content::Item(_)) { "list" } else { "prose" };
                        let source: String = text.trim().chars().take(120).collect();
                        push(doc.file.at(block.range.clone()), form, &source, channel, frequency, sink);
                    }
                }
                _ => {}
            }
        }
    }
}

fn push(at: Location, form: &str, source: &str, channel: &str, frequency: &str, sink: &mut Sink) {
    let fact = Fact::new("watch.source", "watch", at).with("form", form).with("source", source);
    let sure = if matches!(form, "prose" | "list") { Confidence::Likely } else { Confidence::Exact };
    sink.push(fact.with("channel", channel).with("frequency", frequency).confidence(sure));
}

fn is_watch(path: &str) -> bool {
    let plain = plain(path);
    ["veille", "techwatch", "tech watch", "technology watch", "watch sources", "feeds", "rss", "tech radar"]
        .iter()
        .any(|word| has_phrase(&plain, word))
}

fn opml(file: &File, sink: &mut Sink) {
    static RE: OnceLock<Regex> = OnceLock::new();
    let re = RE.get_or_init(|| {
        Regex::new(r#"(?i)<outline\b[^>]*\bxmlurl\s*=\s*["']([^"']+)["']"#).expect("a constant expression")
    });
    for found in re.captures_iter(file.str()).take(500) {
        let whole = found.get(0).map(|whole| whole.range()).unwrap_or_default();
        push(file.at(whole), "opml", &found[1], "feed", "", sink);
    }
}

/// Entries that name a source, with its channel and frequency; both may stand above the list.
fn configuration<'a>(file: &File, roots: impl Iterator<Item = &'a Node>, sink: &mut Sink) {
    let value = |node: &Node, names: &[&str]| {
        let entry = node.entries().iter().find(|(key, value)| {
            let key = plain(key.as_str().unwrap_or_default());
            value.as_str().is_some() && names.iter().any(|name| has_phrase(&key, name))
        });
        entry.and_then(|(_, value)| value.as_str()).map(str::to_owned)
    };
    for root in roots {
        let above = (value(root, CHANNELS), value(root, FREQUENCIES));
        root.walk(&mut |node| {
            let source = value(node, &["url", "feed", "source", "link", "lien", "site", "xmlurl", "rss"]);
            let Some(source) = source.filter(|_| node.is_map()) else {
                return;
            };
            let channel = value(node, CHANNELS).or_else(|| above.0.clone()).unwrap_or_else(|| "feed".to_owned());
            let frequency = value(node, FREQUENCIES).or_else(|| above.1.clone()).unwrap_or_default();
            push(file.at(node.range.clone()), "configuration", &source, &channel, &frequency, sink);
        });
    }
}

fn table(doc: &Doc<'_>, header: &[String], rows: &[(Vec<String>, std::ops::Range<usize>)], sink: &mut Sink) {
    let header: Vec<String> = header.iter().map(|cell| plain(cell)).collect();
    let column = |names: &[&str]| header.iter().position(|cell| names.iter().any(|name| has_phrase(cell, name)));
    let (Some(source), Some(frequency)) = (column(SOURCES), column(FREQUENCIES)) else {
        return;
    };
    let channel = header
        .iter()
        .enumerate()
        .position(|(at, cell)| at != source && at != frequency && CHANNELS.iter().any(|name| has_phrase(cell, name)));
    for (cells, range) in rows.iter().take(200) {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
        let named = words::channel(&plain(&cells.join(" "))).unwrap_or_default();
        let channel = Some(cell(channel)).filter(|text| !text.is_empty()).unwrap_or(named);
        if !cell(Some(source)).is_empty() {
            push(doc.file.at(range.clone()), "table", cell(Some(source)), channel, cell(Some(frequency)), sink);
        }
    }
}
