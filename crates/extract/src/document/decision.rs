//! Choices that documents explain: decision records, sections, tables and sentences with a reason and an alternative.

use std::ops::Range;

use facts::{Confidence, Fact};

use super::doc::Doc;
use super::normalise::{has_phrase, plain};
use super::outline::Content;
use super::{choosing, words};
use crate::Sink;

/// Reports decisions.
pub(crate) fn run(docs: &[Doc<'_>], sink: &mut Sink) {
    for doc in docs
        .iter()
        .filter(|doc| !doc.example && !matches!(doc.role, "changelog" | "licence" | "security" | "contributing"))
    {
        if doc.role == "decision" && record(doc, sink) {
            continue;
        }
        sections(doc, sink);
        tables(doc, sink);
        sentences(doc, sink);
    }
}

struct Choice<'a> {
    form: &'static str,
    title: &'a str,
    status: String,
    reason: bool,
    alternative: bool,
}

fn push(doc: &Doc<'_>, range: Range<usize>, choice: Choice<'_>, confidence: Confidence, sink: &mut Sink) {
    let fact = Fact::new("doc.decision", "document", doc.file.at(range))
        .with("form", choice.form)
        .with("title", choice.title)
        .with("status", choice.status)
        .with("reason", choice.reason)
        .with("alternative", choice.alternative)
        .with("assignment", doc.assignment);
    sink.push(fact.confidence(confidence));
}

/// A record in the shape of Nygard or MADR; the tool's own first record and empty templates are none.
fn record(doc: &Doc<'_>, sink: &mut Sink) -> bool {
    let outline = &doc.outline;
    let named = |words: &[&str]| {
        (1..outline.sections.len()).find(|section| {
            let heading = plain(&outline.sections[*section].heading);
            words.iter().any(|word| has_phrase(&heading, word))
        })
    };
    let Some(decision) = named(&["decision", "decision outcome", "decisions", "resolution"])
        .filter(|section| *section > 1 || outline.sections.len() == 2)
    else {
        return false;
    };
    let title = plain(outline.title());
    let boilerplate = title.contains("record architecture decisions") || plain(doc.file.name()).contains("template");
    let length = |section: usize| -> usize {
        (0..outline.sections.len())
            .filter(|below| outline.within(*below, section))
            .map(|below| outline.sections[below].words)
            .sum()
    };
    if boilerplate || length(decision) < 3 {
        return true;
    }
    let text: Vec<String> = outline.blocks.iter().map(|block| plain(&block.content.prose())).collect();
    let text = text.join(" . ");
    let context = named(&["context*", "contexte*", "problem*", "background", "motivation"])
        .is_some_and(|section| length(section) >= 5);
    let options = named(&["option*", "alternative*", "considered*", "pros and cons*"])
        .is_some_and(|section| length(section) >= 2);
    let status = named(&["status", "statut"])
        .and_then(|section| outline.blocks_within(section).next())
        .map(|block| plain(&block.content.prose()));
    let choice = Choice {
        form: "adr",
        title: outline.title(),
        status: status.and_then(|status| status.split(' ').next().map(str::to_owned)).unwrap_or_default(),
        reason: context || words::any(&text, choosing::REASONS),
        alternative: options || words::any(&text, choosing::ALTERNATIVES),
    };
    let at = &outline.sections[decision];
    push(doc, at.at.start..at.end.max(at.at.end), choice, Confidence::Exact, sink);
    true
}

/// A section whose heading announces a choice.
fn sections(doc: &Doc<'_>, sink: &mut Sink) {
    for section in 1..doc.outline.sections.len().min(500) {
        if !doc.topics[section].contains(&"decision") || doc.templates[section] {
            continue;
        }
        let mut end = doc.outline.sections[section].end;
        let mut text = plain(&doc.outline.sections[section].heading);
        for block in doc.outline.blocks_within(section).take(100) {
            text.push_str(" . ");
            text.push_str(&plain(&block.content.prose()));
            end = end.max(block.range.end);
        }
        let choice = Choice {
            form: "section",
            title: &doc.outline.sections[section].heading,
            status: String::new(),
            reason: words::any(&text, choosing::REASONS),
            alternative: words::any(&text, choosing::ALTERNATIVES) || refuses(&doc.outline.sections[section].heading),
        };
        // "A versus B" may only explain a difference; somebody must have chosen.
        let heading = plain(&doc.outline.sections[section].heading);
        let versus =
            ["vs", "versus"].iter().any(|word| has_phrase(&heading, word)) && !words::any(&text, choosing::CHOICES);
        if text.split(' ').count() >= 15 && !versus {
            push(doc, doc.outline.sections[section].at.start..end, choice, Confidence::Exact, sink);
        }
    }
}

/// "Why no NAT gateway?", "Pourquoi pas EKS": the heading itself names what was not chosen.
fn refuses(heading: &str) -> bool {
    let heading = plain(heading);
    let asks = ["why", "pourquoi"].iter().any(|word| has_phrase(&heading, word));
    asks && ["no", "not", "pas", "without", "sans"].iter().any(|word| has_phrase(&heading, word))
}

/// A table with a column of alternatives and a column of reasons.
fn tables(doc: &Doc<'_>, sink: &mut Sink) {
    for block in &doc.outline.blocks {
        let Content::Table { header, rows } = &block.content else {
            continue;
        };
        let header: Vec<String> = header.iter().map(|cell| plain(cell)).collect();
        let has = |list: &[&str]| header.iter().any(|cell| list.iter().any(|word| has_phrase(cell, word)));
        let reason = has(&[
            "reason*",
            "why",
            "raison*",
            "pourquoi",
            "justification*",
            "rationale",
            "motivation*",
            "avantage*",
            "pros",
            "advantage*",
            "benefit*",
        ]);
        let alternative = has(&[
            "alternative*",
            "instead of",
            "rejected",
            "considered",
            "autre*",
            "ecarte*",
            "option*",
            "vs",
            "not chosen",
        ]);
        if reason && alternative && !rows.is_empty() {
            let title = &doc.outline.sections[block.section].heading;
            let choice = Choice { form: "table", title, status: String::new(), reason, alternative };
            push(doc, block.range.clone(), choice, Confidence::Exact, sink);
        }
    }
}

/// A paragraph or item that says what was chosen over what, with the reason there or in the same section.
fn sentences(doc: &Doc<'_>, sink: &mut Sink) {
    for block in &doc.outline.blocks {
        let (Content::Paragraph(text) | Content::Quote(text) | Content::Item(text)) = &block.content else {
            continue;
        };
        let chosen = plain(text);
        let against = words::any(&chosen, choosing::ALTERNATIVES) || has_phrase(&chosen, "over");
        let title = &doc.outline.sections[block.section].heading;
        if !words::any(&chosen, choosing::CHOICES) || !against {
            if prefers(text) {
                let choice = Choice { form: "sentence", title, status: String::new(), reason: true, alternative: true };
                push(doc, block.range.clone(), choice, Confidence::Likely, sink);
            }
            continue;
        }
        let mut range = block.range.clone();
        let mut reason = words::any(&chosen, choosing::REASONS);
        let after =
            doc.outline.blocks.iter().filter(|other| other.section == block.section && other.range.start > range.start);
        for other in after.take(12).filter(|_| !reason).collect::<Vec<_>>() {
            if !reason && words::any(&plain(&other.content.prose()), choosing::REASONS) {
                reason = true;
                range.end = range.end.max(other.range.end);
            }
        }
        if reason {
            let choice = Choice { form: "sentence", title, status: String::new(), reason, alternative: true };
            push(doc, range, choice, Confidence::Likely, sink);
        }
    }
}

/// One sentence that names what is preferred, what is not, and why: of things that have a name ("rather than Fargate"), by
/// those who made the project. What readers are told to do ("use `make` rather than …") is no choice of theirs.
fn prefers(text: &str) -> bool {
    text.split(['.', ';', '!', '?']).any(|sentence| {
        let said = plain(sentence);
        let told = |word: &str| READERS.contains(&word);
        let instructs = said.split(' ').any(told) || INSTRUCTIONS.contains(&said.split(' ').next().unwrap_or_default());
        let because =
            words::any(&said, choosing::REASONS) || ["so", "keeps"].iter().any(|word| has_phrase(&said, word));
        words::any(&said, choosing::PREFERENCES) && because && !instructs && names(sentence)
    })
}

const READERS: [&str; 7] = ["you", "your", "users", "should", "must", "vous", "votre"];
const INSTRUCTIONS: [&str; 10] = ["use", "run", "do", "don", "try", "make", "set", "utilisez", "lancez", "faites"];

/// Whether something beyond the first word has a name of its own.
fn names(sentence: &str) -> bool {
    let own = |word: &str| {
        let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
        let usual = matches!(letters, "I" | "PR" | "PRs" | "URL" | "README");
        letters.len() > 1 && letters.starts_with(char::is_uppercase) && !letters.contains('_') && !usual
    };
    sentence.split_whitespace().skip(1).any(own)
}
