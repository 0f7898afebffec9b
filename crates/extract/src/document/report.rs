//! Project reports: which of the six subjects of a report a document covers.

use facts::Fact;

use super::doc::Doc;
use super::normalise::{has_phrase, plain};
use crate::Sink;

/// What a report covers, with the topics of headings that show it.
const SUBJECTS: &[(&str, &[&str])] = &[
    ("problem", &["problem"]),
    ("constraints", &["constraints"]),
    ("stages", &["stages", "integration", "delivery", "quality"]),
    ("choices", &["decision"]),
    ("results", &["results"]),
    ("difficulties", &["difficulties"]),
];
/// A report has at least this many words.
const WORDS: usize = 300;

/// Reports the documents that cover at least half of it.
pub(crate) fn run(docs: &[Doc<'_>], sink: &mut Sink) {
    for doc in docs.iter().filter(|doc| doc.counts() && !matches!(doc.role, "changelog" | "licence" | "decision")) {
        let headed = |topics: &[&str]| {
            doc.topics
                .iter()
                .zip(&doc.outline.sections)
                .any(|(found, section)| section.level > 0 && found.iter().any(|topic| topics.contains(topic)))
        };
        let covers =
            |(name, topics): &&(&'static str, &[&str])| headed(topics) && (*name != "stages" || tells_stages(doc));
        let covered: Vec<String> = SUBJECTS.iter().filter(covers).map(|(name, _)| (*name).to_owned()).collect();
        let missing: Vec<String> =
            SUBJECTS.iter().map(|(name, _)| (*name).to_owned()).filter(|name| !covered.contains(name)).collect();
        if covered.len() < 3 {
            continue;
        }
        let words = doc.outline.words();
        let complete = missing.is_empty() && words >= WORDS;
        let end = doc.file.str().len();
        let fact =
            Fact::new("doc.report", "document", doc.file.at(0..end)).with("covers", covered).with("missing", missing);
        sink.push(fact.with("complete", complete).with("words", words));
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
