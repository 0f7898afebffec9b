//! Project reports: which subjects of a report a document covers, results and problems on both sides.

use facts::Fact;

use super::doc::Doc;
use super::normalise::{has_phrase, plain};
use crate::Sink;

/// What a report covers, with the topics of headings that show it and the words of one side where a side matters.
struct Subject {
    name: &'static str,
    topics: &'static [&'static str],
    side: Option<Side>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Expected,
    Actual,
}

const fn subject(name: &'static str, topics: &'static [&'static str], side: Option<Side>) -> Subject {
    Subject { name, topics, side }
}

const SUBJECTS: &[Subject] = &[
    subject("problem", &["problem"], None),
    subject("constraints", &["constraints"], None),
    subject("stages", &["stages", "integration", "delivery", "quality"], None),
    subject("choices", &["decision"], None),
    subject("expected results", &["results"], Some(Side::Expected)),
    subject("actual results", &["results"], Some(Side::Actual)),
    subject("expected problems", &["difficulties"], Some(Side::Expected)),
    subject("actual problems", &["difficulties"], Some(Side::Actual)),
];

const EXPECTED: &[&str] = &[
    "expect*",
    "anticipat*",
    "planned",
    "foreseen",
    "target*",
    "attend*",
    "prevu*",
    "previsible*",
    "anticipe*",
    "envisage*",
    "vise*",
    "risk*",
    "risque*",
];
const ACTUAL: &[&str] = &[
    "actual*",
    "obtained",
    "observed",
    "measured",
    "achieved",
    "encounter*",
    "faced",
    "real",
    "obtenu*",
    "reel*",
    "rencontre*",
    "constat*",
    "observe*",
    "mesure*",
    "atteint*",
];

/// A section says something from this many words on, a report from that many.
const SECTION: usize = 5;
const WORDS: usize = 80;

/// Reports the documents that cover at least half of it.
pub(crate) fn run(docs: &[Doc<'_>], sink: &mut Sink) {
    for doc in docs.iter().filter(|doc| doc.counts() && !matches!(doc.role, "changelog" | "licence" | "decision")) {
        let (covered, missing): (Vec<&Subject>, Vec<&Subject>) =
            SUBJECTS.iter().partition(|subject| covers(doc, subject));
        if covered.len() < SUBJECTS.len() / 2 {
            continue;
        }
        let names =
            |subjects: &[&Subject]| subjects.iter().map(|subject| subject.name.to_owned()).collect::<Vec<String>>();
        let words = doc.outline.words();
        let complete = missing.is_empty() && words >= WORDS;
        let end = doc.file.str().len();
        let fact = Fact::new("doc.report", "document", doc.file.at(0..end))
            .with("covers", names(&covered))
            .with("missing", names(&missing));
        sink.push(fact.with("complete", complete).with("words", words));
    }
}

/// Whether a headed section with text of its own, or below it, tells the subject.
fn covers(doc: &Doc<'_>, subject: &Subject) -> bool {
    let mut sections = (1..doc.outline.sections.len()).filter(|index| {
        let announced = doc.topics[*index].iter().any(|topic| subject.topics.contains(topic));
        announced && words_within(doc, *index) >= SECTION
    });
    match subject.side {
        Some(side) => sections.take(200).any(|index| on_side(doc, index, side)),
        None if subject.name == "stages" => sections.next().is_some() && tells_stages(doc),
        None => sections.next().is_some(),
    }
}

fn words_within(doc: &Doc<'_>, section: usize) -> usize {
    let below = section..doc.outline.sections.len();
    // Sections below one follow it without a gap.
    below
        .take_while(|index| doc.outline.within(*index, section))
        .map(|index| doc.outline.sections[index].words)
        .fold(0, usize::saturating_add)
}

/// A heading that names a side, a sentence or a column that opens with it; without any, what is told is what happened.
fn on_side(doc: &Doc<'_>, section: usize, side: Side) -> bool {
    let says = |text: &str, words: &[&str]| words.iter().any(|word| has_phrase(text, word));
    let trail = plain(&doc.outline.trail(section).join(" "));
    let (mut expected, mut actual) = (says(&trail, EXPECTED), says(&trail, ACTUAL));
    let below = (section + 1..doc.outline.sections.len()).take_while(|index| doc.outline.within(*index, section));
    let headings = below.map(|index| plain(&doc.outline.sections[index].heading));
    let openings = doc.outline.blocks_within(section).take(500).flat_map(|block| {
        let prose = block.content.prose();
        let sentences = prose.split(['.', ';', '|', '\n', '!', '?']);
        sentences.map(|text| plain(text).split(' ').take(4).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    });
    for text in headings.chain(openings) {
        expected |= says(&text, EXPECTED);
        actual |= says(&text, ACTUAL);
    }
    match side {
        Side::Expected => expected,
        Side::Actual => actual || !expected,
    }
}

/// The three stages are told: integration, delivery, quality control.
fn tells_stages(doc: &Doc<'_>) -> bool {
    let has = |words: &[&str]| {
        let headings = doc.outline.sections.iter().map(|section| plain(&section.heading));
        let texts = doc.outline.blocks.iter().take(2_000).map(|block| plain(&block.content.prose()));
        headings.chain(texts).any(|text| words.iter().any(|word| has_phrase(&text, word)))
    };
    has(&["integration", "ci", "build*"])
        && has(&["deliver*", "deploy*", "livraison", "deploiement*"])
        && has(&["quality", "qualite", "test*", "lint*"])
}
