//! A written paper: cover, what the candidate wrote as parts, then annexes.

use std::collections::BTreeMap;

use super::excerpt::Excerpts;
use super::model::{Attachment, Block, Document, Labels, Layout, Part, Run, Runs, plain};
use super::read::Reader;
use crate::documents::Table;
use crate::manifest::Manifest;
use crate::source::{BlockKind, Source};

/// Says a message of the catalogue.
pub type Say<'a> = &'a dyn Fn(&str, &[(&'static str, &str)]) -> String;

/// All that a paper is made of.
pub struct Recipe<'a> {
    pub manifest: &'a Manifest,
    /// What kind of paper it is, for people.
    pub kind: String,
    /// Its own title, when it has another than the dossier's.
    pub title: Option<String>,
    pub sources: &'a [Source],
    pub pictures: &'a BTreeMap<String, Vec<u8>>,
    pub excerpts: &'a Excerpts,
    /// The table of documents that the paper gives its place.
    pub documents: Option<&'a Table>,
    /// When it is due, and how much time is left.
    pub due: Option<String>,
    /// The day that the paper speaks for.
    pub day: String,
    /// Each project with the commit that is cited.
    pub projects: Vec<(String, Option<String>)>,
    pub say: Say<'a>,
}

/// The document of a recipe; annexes of the caller come after what was written.
pub fn compose(recipe: &Recipe<'_>, annexes: Vec<Part>) -> Document {
    let manifest = recipe.manifest;
    let say = |id: &str| (recipe.say)(id, &[]);
    let mut parts = parts_of(recipe);
    let links = links(&parts);
    parts.extend(annexes);
    parts.extend(glossary(manifest, &say));
    parts.extend(bibliography(&links, &say));
    let subtitle = match &recipe.title {
        Some(_) => manifest.title.clone(),
        // What it is stands above the title already.
        None => String::new(),
    };
    Document {
        lang: manifest.language,
        title: recipe.title.clone().unwrap_or_else(|| manifest.title.clone()),
        subtitle,
        author: manifest.person.name.clone(),
        kind: recipe.kind.clone(),
        keywords: vec!["DevOps".to_owned()],
        cover: true,
        contents: true,
        facts: facts(recipe),
        colophon: vec![vec![Run::text(say("paper-colophon"))]],
        words: labels(recipe.say),
        parts,
        attached: Vec::<Attachment>::new(),
        layout: Layout::Paper,
        pictures: recipe.pictures.clone(),
    }
}

/// The words that views add to any paper.
pub fn labels(say: Say<'_>) -> Labels {
    let say = |id: &str| say(id, &[]);
    Labels {
        contents: say("paper-contents"),
        image: say("paper-figure"),
        table: say("paper-table"),
        raw: say("paper-listing"),
        annex: say("paper-annex"),
    }
}

/// What the cover says: who, when, how much time is left, which projects.
pub(super) fn facts(recipe: &Recipe<'_>) -> Vec<(String, Runs)> {
    let say = |id: &str| (recipe.say)(id, &[]);
    let person = &recipe.manifest.person;
    let mut facts = vec![(say("paper-author"), vec![Run::text(&person.name)])];
    facts.extend(person.organisation.iter().map(|name| (say("paper-organisation"), vec![Run::text(name)])));
    facts.push((say("paper-day"), vec![Run::text(&recipe.day)]));
    facts.extend(recipe.due.iter().map(|due| (say("paper-due"), vec![Run::text(due)])));
    if !recipe.projects.is_empty() {
        let mut runs = Vec::new();
        for (at, (name, commit)) in recipe.projects.iter().enumerate() {
            if at > 0 {
                runs.push(Run::text(", "));
            }
            runs.push(Run::text(name));
            if let Some(commit) = commit {
                runs.push(Run::text(" "));
                runs.push(Run::code(commit.get(..8).unwrap_or(commit)));
            }
        }
        facts.push((say("paper-projects"), runs));
    }
    facts
}

/// The parts that the candidate wrote: below its title, each heading of the highest rank opens one.
pub fn parts_of(recipe: &Recipe<'_>) -> Vec<Part> {
    let mut reader = Reader::new(recipe.excerpts, recipe.pictures);
    reader.documents = recipe.documents.map(|table| super::documents::blocks(table, recipe.say)).unwrap_or_default();
    let mut parts = Vec::new();
    for source in recipe.sources {
        let rank = rank(source);
        reader.deeper = 1 - i8::try_from(rank).unwrap_or(2);
        reader.learn(source);
        let mut from = None;
        for (at, block) in source.blocks.iter().enumerate() {
            let BlockKind::Heading { level, .. } = block.kind else { continue };
            if level <= rank {
                push(&mut parts, &mut reader, source, from..Some(at), rank, &recipe.kind);
                from = Some(at);
            }
        }
        push(&mut parts, &mut reader, source, from..None, rank, &recipe.kind);
    }
    parts
}

/// One part: a heading and the blocks below it. What stands before any heading goes under the kind of the paper.
fn push(
    parts: &mut Vec<Part>,
    reader: &mut Reader<'_>,
    source: &Source,
    at: std::ops::Range<Option<usize>>,
    rank: u8,
    kind: &str,
) {
    let heading = at.start.and_then(|at| source.blocks.get(at));
    let body = &source.blocks[at.start.map_or(0, |at| at + 1)..at.end.unwrap_or(source.blocks.len())];
    let (level, title) = match heading.map(|block| &block.kind) {
        Some(BlockKind::Heading { level, inlines }) => (*level, crate::source::plain(inlines)),
        _ => (0, kind.to_owned()),
    };
    let blocks = reader.blocks(source, body);
    let title = if title.trim().is_empty() { kind.to_owned() } else { title };
    match level {
        level if level < rank && blocks.is_empty() => {}
        _ => {
            let id = reader.id(&title);
            parts.push(Part { id, title: vec![Run::text(super::read::shown(&title))], blocks, ..Part::default() });
        }
    }
}

/// The rank of headings that open parts: the second when one heading of the first is the title.
fn rank(source: &Source) -> u8 {
    let level = |block: &crate::Block| match block.kind {
        BlockKind::Heading { level, .. } => Some(level),
        _ => None,
    };
    let first = source.blocks.iter().filter_map(level).filter(|level| *level == 1).count();
    let second = source.blocks.iter().filter_map(level).any(|level| level == 2);
    if first == 1 && second { 2 } else { 1 }
}

fn glossary(manifest: &Manifest, say: &dyn Fn(&str) -> String) -> Option<Part> {
    if manifest.acronyms.is_empty() {
        return None;
    }
    let term =
        |(term, text): (&String, &String)| super::model::Term { term: vec![Run::text(term)], c: vec![Run::text(text)] };
    let blocks = vec![Block::Terms { items: manifest.acronyms.iter().map(term).collect() }];
    let title = vec![Run::text(say("paper-glossary"))];
    Some(Part { id: "annex-glossary".to_owned(), title, annex: true, blocks, ..Part::default() })
}

/// Every address that the text leads to, in the order of their first mention.
fn bibliography(links: &[(String, String)], say: &dyn Fn(&str) -> String) -> Option<Part> {
    if links.is_empty() {
        return None;
    }
    let item = |(text, url): &(String, String)| {
        let mut c = vec![Run::text(format!("{text} — "))];
        c.push(Run::Link { url: url.clone(), c: Vec::new() });
        vec![Block::Para { c }]
    };
    let blocks = vec![Block::List { ordered: true, start: 1, items: links.iter().map(item).collect() }];
    let title = vec![Run::text(say("paper-bibliography"))];
    Some(Part { id: "annex-bibliography".to_owned(), title, annex: true, blocks, ..Part::default() })
}

fn links(parts: &[Part]) -> Vec<(String, String)> {
    fn of_runs(runs: &[Run], found: &mut Vec<(String, String)>) {
        for run in runs {
            match run {
                Run::Link { url, c } if url.starts_with("http") && !found.iter().any(|(_, known)| known == url) => {
                    found.push((plain(c), url.clone()));
                }
                Run::Strong { c } | Run::Emph { c } | Run::Struck { c } | Run::Note { c } => of_runs(c, found),
                _ => {}
            }
        }
    }
    fn of_blocks(blocks: &[Block], found: &mut Vec<(String, String)>) {
        for block in blocks {
            match block {
                Block::Para { c } | Block::Heading { c, .. } => of_runs(c, found),
                Block::List { items, .. } => items.iter().for_each(|item| of_blocks(item, found)),
                Block::Quote { c } | Block::Callout { c } => of_blocks(c, found),
                Block::Table { rows, .. } => rows.iter().flatten().for_each(|cell| of_runs(cell, found)),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    parts.iter().for_each(|part| of_blocks(&part.blocks, &mut found));
    found
}
