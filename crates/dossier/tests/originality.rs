//! Precision and recall of similar passages, counted on a corpus with known copies.
//!
//! The corpus is made of the sentences that people wrote in the packs: three to five make a passage, twelve a dossier. Each
//! dossier copies passages of others: a share of the words is changed, removed, added or swapped, and sentences change
//! places. A passage counts as found when a match covers half of it.

use std::collections::BTreeSet;
use std::fmt::Write;

use dossier::Source;
use dossier::similar::{Text, compare};

const DOSSIERS: usize = 16;
const OWN: usize = 12;
const COPIED: usize = 4;

/// Draws numbers, the same ones on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).expect("below a usize")
    }
}

/// The sentences of the packs in one language, each once.
fn sentences(lang: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let key = format!("{lang}:");
    let mut found = Vec::new();
    // Checks have a page each; the requirements of a framework repeat an official wording and are no free prose.
    for file in
        framework::builtin().iter().filter(|file| file.path.contains("/checks/") || file.path.contains("/faults/"))
    {
        for line in file.text.lines().filter_map(|line| line.trim().strip_prefix(key.as_str())) {
            let text = line.trim().trim_matches('"').replace(['`', '*', '<', '>', '[', ']', '_', '|'], "");
            if text.split_whitespace().count() >= 9 && seen.insert(text.clone()) {
                found.push(text);
            }
        }
    }
    found
}

/// A share of the words changed, and the sentences in another order.
fn edited(passage: &[String], percent: usize, words: &[&str], dice: &mut Dice) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for sentence in passage {
        let mut out: Vec<String> = Vec::new();
        for word in sentence.split_whitespace() {
            if dice.below(100) >= percent {
                out.push(word.to_owned());
                continue;
            }
            let other = words[dice.below(words.len())].to_owned();
            match dice.below(5) {
                0 => {}
                1 => out.extend([word.to_owned(), other]),
                2 if !out.is_empty() => out.insert(out.len() - 1, word.to_owned()),
                _ => out.push(other),
            }
        }
        sentences.push(out.join(" "));
    }
    let turn = dice.below(sentences.len());
    sentences.rotate_left(turn);
    sentences
}

/// Found and copied, found and own, copied in all.
fn counted(pool: &[String], percent: usize, seed: u64) -> (usize, usize, usize) {
    let vocabulary: Vec<&str> = pool.iter().flat_map(|sentence| sentence.split_whitespace()).collect();
    let mut dice = Dice(seed);
    let mut order: Vec<usize> = (0..pool.len()).collect();
    (1..order.len()).rev().for_each(|at| order.swap(at, dice.below(at + 1)));
    let mut next = order.iter().map(|at| pool[*at].clone());
    let mut own: Vec<Vec<Vec<String>>> = Vec::new();
    for _ in 0..DOSSIERS {
        let passages = (0..OWN).map(|_| (0..3 + dice.below(2)).filter_map(|_| next.next()).collect::<Vec<_>>());
        own.push(passages.filter(|passage| !passage.is_empty()).collect());
    }
    own.retain(|passages| passages.len() == OWN);
    assert!(own.len() >= 5, "sentences for {} dossiers", own.len());
    let (mut right, mut wrong, mut copied) = (0, 0, 0);
    for index in 1..own.len() {
        let mut text = String::from("# Paper\n");
        let mut truth = Vec::new();
        let from = index - 1;
        for (at, passage) in own[index].iter().enumerate() {
            truth.push(false);
            let _ = write!(text, "\n{}\n", passage.join(" "));
            if at % (OWN / COPIED) == 0 {
                truth.push(true);
                let copy = edited(&own[from][dice.below(OWN)], percent, &vocabulary, &mut dice);
                let _ = write!(text, "\n{}\n", copy.join(" "));
            }
        }
        let mut there = String::from("# Paper\n");
        own[from].iter().for_each(|passage| {
            let _ = write!(there, "\n{}\n", passage.join(" "));
        });
        let (here, there) = ([Source::parse("a.md", &text)], [Source::parse("b.md", &there)]);
        let matches = compare(&Text::new(&here), &Text::new(&there), &[]);
        for (prose, is_copy) in here[0].prose()[1..].iter().zip(&truth) {
            let covered: usize = matches
                .iter()
                .map(|one| one.here.1.end.min(prose.range.end).saturating_sub(one.here.1.start.max(prose.range.start)))
                .sum();
            let found = covered * 2 >= prose.range.len();
            right += usize::from(found && *is_copy);
            wrong += usize::from(found && !*is_copy);
            copied += usize::from(*is_copy);
        }
    }
    (right, wrong, copied)
}

/// Precision and recall over eight seeds, and how that is told.
fn measured(name: &str, pool: &[String], percent: usize, first: u64) -> (f64, f64, String) {
    let (mut right, mut wrong, mut copied) = (0, 0, 0);
    for seed in first..first + 8 {
        let (r, w, c) = counted(pool, percent, seed);
        (right, wrong, copied) = (right + r, wrong + w, copied + c);
    }
    let precision = right as f64 / (right + wrong).max(1) as f64;
    let recall = right as f64 / copied as f64;
    let told =
        format!("{name} {percent} %: precision {precision:.3}, recall {recall:.3} ({right}/{copied}, {wrong} wrong)");
    (precision, recall, told)
}

#[test]
fn copies_with_a_quarter_of_their_words_changed_are_found_and_nothing_else() {
    for (lang, percent) in [("fr", 0), ("fr", 25), ("en", 25)] {
        let (precision, recall, told) = measured(lang, &sentences(lang), percent, 1);
        assert!(precision >= 0.95 && recall >= 0.95, "{told}");
    }
}

/// Sentences of the example's papers, which are of another hand and genre than the pages of checks.
fn unseen(papers: [&str; 3]) -> Vec<String> {
    let mut found = Vec::new();
    for paper in papers {
        for prose in Source::parse("paper.md", paper).prose() {
            let plain = prose.text.replace(['`', '*', '<', '>', '[', ']', '_', '|', '\u{fffc}'], "");
            let long = |text: &&str| text.split_whitespace().count() >= 9;
            found.extend(plain.split(". ").filter(long).map(|text| format!("{}.", text.trim_end_matches('.'))));
        }
    }
    found
}

/// `cargo test -p dossier --test originality -- --nocapture` tells the figures.
#[test]
fn so_are_those_of_texts_that_no_threshold_was_chosen_on() {
    let french = unseen([
        include_str!("../../../examples/dossier/fr/e1-report.md"),
        include_str!("../../../examples/dossier/fr/technical-file.md"),
        include_str!("../../../examples/dossier/fr/e2-paper.md"),
    ]);
    let english = unseen([
        include_str!("../../../examples/dossier/en/e1-report.md"),
        include_str!("../../../examples/dossier/en/technical-file.md"),
        include_str!("../../../examples/dossier/en/e2-paper.md"),
    ]);
    for (name, pool) in
        [("fr", sentences("fr")), ("en", sentences("en")), ("fr, papers", french), ("en, papers", english)]
    {
        let (precision, recall, told) = measured(name, &pool, 25, 1_001);
        eprintln!("{told}");
        assert!(precision >= 0.95 && recall >= 0.95, "{told}");
    }
}
