//! The required contents: each is told somewhere, whatever its heading is called and wherever it stands.

use framework::{Lang, Part, Passage};

use super::outline::{Section, sections, texts};
use super::placeholder;
use super::wording::{folded, words};
use crate::finding::{Finding, Level};
use crate::source::Source;

/// A content that a framework asks for, as its pack names it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: String,
    pub title: String,
    patterns: Vec<Vec<String>>,
    lines: Vec<Vec<String>>,
    /// What was expected and what happened are both asked for.
    both_sides: bool,
}

/// The leaves of the parts of a deliverable; one that has parts of its own is told when they are.
pub fn asked(parts: &[Part], lang: Lang) -> Vec<Asked> {
    let mut found = Vec::new();
    for part in parts {
        if part.parts.is_empty() {
            let title = part.title.get(lang);
            let both = folded(part.title.get(Lang::En));
            let sides = both.contains("expected") && both.contains("actual");
            let passage = part.recognised_by.clone().unwrap_or_default();
            found.push(Asked {
                id: part.id.to_string(),
                title: title.trim_end_matches([',', ' ', ':', '.']).to_owned(),
                patterns: patterns(&passage, true),
                lines: patterns(&passage, false),
                both_sides: sides,
            });
        } else {
            found.extend(asked(&part.parts, lang));
        }
    }
    found
}

fn patterns(passage: &Passage, heading: bool) -> Vec<Vec<String>> {
    let chosen = if heading { &passage.heading } else { &passage.line };
    let split = |text: &str| folded(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    chosen.iter().map(split).filter(|words: &Vec<String>| !words.is_empty()).collect()
}

/// The fewest words that tell something.
const FEWEST: usize = 12;

const EXPECTED: [&str; 14] = [
    "attend",
    "prevu",
    "previsible",
    "envisage",
    "vise",
    "anticip",
    "objectif",
    "redout",
    "expect",
    "foresee",
    "foresaw",
    "planned",
    "target",
    "wanted",
];
const ACTUAL: [&str; 16] = [
    "obten", "reel", "rencontr", "constat", "mesure", "observe", "atteint", "realite", "survenu", "actual", "achieved",
    "measured", "observed", "faced", "met", "happened",
];

/// What is missing, empty or told on one side only.
pub fn check(source: &Source, asked: &[Asked]) -> Vec<Finding> {
    let sections = sections(source);
    let mut found = Vec::new();
    let matched: Vec<Vec<usize>> = sections.iter().map(|section| best(&section.heading, asked)).collect();
    for (n, content) in asked.iter().enumerate() {
        let here: Vec<&Section<'_>> =
            sections.iter().zip(&matched).filter(|(_, parts)| parts.contains(&n)).map(|(section, _)| section).collect();
        let told: Vec<&&Section<'_>> = here.iter().filter(|section| length(section) >= FEWEST).collect();
        match (here.first(), told.first()) {
            (_, Some(section)) if content.both_sides => {
                found.extend(side(source, content, &here, section));
            }
            (_, Some(_)) => {}
            // An instruction that still stands there is told where it stands.
            (Some(_), None) if here.iter().any(|section| placeholder::waits(section.blocks)) => {}
            (Some(section), None) => {
                let finding = Finding::at(source, section.range.clone(), "report.empty", Level::Error, "report-empty");
                found.push(finding.with("part", &content.title).with("heading", &section.heading));
            }
            (None, None) if in_text(source, content) => {}
            (None, None) => {
                let finding = Finding::on(&source.path, "report.missing", Level::Error, "report-missing");
                found.push(finding.with("part", &content.title).with("id", &content.id));
            }
        }
    }
    found
}

/// The contents that a heading announces. A short pattern gives way to a longer one that names the same word:
/// « Problems faced » is not the problem to solve.
fn best(heading: &str, asked: &[Asked]) -> Vec<usize> {
    let heading: Vec<String> = words(heading).into_iter().map(|word| word.folded).collect();
    let mut hits: Vec<(usize, Vec<usize>, usize)> = Vec::new();
    for (n, content) in asked.iter().enumerate() {
        for pattern in &content.patterns {
            let place = |wanted: &String| heading.iter().position(|word| begins(word, wanted));
            let places: Option<Vec<usize>> = pattern.iter().map(place).collect();
            if let Some(places) = places {
                hits.push((n, places, pattern.iter().map(String::len).sum()));
            }
        }
    }
    let beaten = |(n, places, weight): &(usize, Vec<usize>, usize)| {
        hits.iter().any(|(other, theirs, more)| {
            other != n && more > weight && places.iter().all(|place| theirs.contains(place))
        })
    };
    let mut kept: Vec<usize> = hits.iter().filter(|hit| !beaten(hit)).map(|(n, ..)| *n).collect();
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// A word stands for its endings too; one of two or three letters, such as CI, is whole.
fn begins(word: &str, wanted: &str) -> bool {
    if wanted.len() <= 3 { word == wanted } else { word.starts_with(wanted) }
}

/// Words of a section that its author wrote: instructions of a skeleton are none.
fn length(section: &Section<'_>) -> usize {
    let own = texts(section.blocks).into_iter().filter(|(text, _)| !placeholder::is_all(text));
    own.map(|(text, _)| words(&text).len()).sum()
}

/// Both sides are told: by headings, or by words of sentences and columns.
fn side(source: &Source, content: &Asked, all: &[&Section<'_>], first: &Section<'_>) -> Option<Finding> {
    let mut text = String::new();
    for section in all {
        text.push_str(&section.heading);
        text.push(' ');
        for (more, _) in texts(section.blocks).into_iter().filter(|(text, _)| !placeholder::is_all(text)) {
            text.push_str(&more);
            text.push(' ');
        }
        for sub in section.blocks {
            if let crate::BlockKind::Heading { inlines, .. } = &sub.kind {
                text.push_str(&crate::source::plain(inlines));
                text.push(' ');
            }
        }
    }
    let words = words(&text);
    let says = |stems: &[&str]| words.iter().any(|word| stems.iter().any(|stem| word.folded.starts_with(stem)));
    let message = match (says(&EXPECTED), says(&ACTUAL)) {
        (true, true) => return None,
        (false, _) => "report-side-expected",
        (true, false) => "report-side-actual",
    };
    let finding = Finding::at(source, first.range.clone(), "report.one-side", Level::Error, message);
    Some(finding.with("part", &content.title))
}

/// Whether a sentence of any section tells it, for contents that may stand below another heading.
fn in_text(source: &Source, content: &Asked) -> bool {
    texts(&source.blocks).iter().any(|(text, _)| {
        let found: Vec<String> = words(text).into_iter().map(|word| word.folded).collect();
        let holds = |pattern: &Vec<String>| pattern.iter().all(|wanted| found.iter().any(|word| begins(word, wanted)));
        found.len() >= FEWEST && content.lines.iter().any(holds)
    })
}
