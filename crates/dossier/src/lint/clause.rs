//! What a claim stands under in its sentence: a negation, an aim, a measure that gives it its size.

use std::ops::Range;

use framework::{Lang, folded};

use super::sentence::chunks;
use super::vocabulary::lists;

/// How many words a negation or an aim reaches.
const REACH: usize = 5;
/// With these a clause is over, whatever stood before.
const TURNS: [&str; 20] = [
    "but", "while", "whereas", "because", "since", "until", "when", "which", "where", "so", "then", "mais", "tandis",
    "car", "parce", "quand", "lorsque", "qui", "dont", "donc",
];
/// A clause goes on with `and` when it joins one claim to another: “not tested and deployed”.
const JOINS: [&str; 6] = ["and", "or", "nor", "et", "ou", "ni"];
/// A verb between an aim and a claim: what follows it is said of something.
const VERBS: [&str; 14] =
    ["is", "are", "was", "were", "has", "have", "had", "est", "sont", "etait", "etaient", "a", "ont", "fut"];
/// “Not only” denies nothing.
const ONLY: [&str; 6] = ["only", "just", "merely", "seulement", "juste", "uniquement"];
/// What a negation that comes after its claim says of it: “automated tests do not exist yet”.
const ABSENT: [&str; 7] = ["yet", "exist", "exists", "there", "encore", "existe", "existent"];
/// What a measure may begin with after a comma or a bracket: “tested, with 412 tests”.
const WITH: [&str; 12] = ["with", "by", "in", "at", "every", "each", "avec", "par", "en", "toutes", "tous", "chaque"];

/// A word of a sentence: as it is written in lower case, without accents, and where.
pub(super) struct Word {
    pub lower: String,
    pub folded: String,
    pub range: Range<usize>,
}

/// A sentence as its words; elided articles are words of their own.
pub(super) struct Said<'a> {
    text: &'a str,
    pub words: Vec<Word>,
    lang: Lang,
}

impl<'a> Said<'a> {
    /// The words of the sentence that stands at `range` of a text.
    pub fn of(text: &'a str, range: &Range<usize>, lang: Lang) -> Self {
        let mut words = Vec::new();
        for chunk in chunks(&text[range.clone()]) {
            let mut at = range.start + chunk.start;
            for part in chunk.text.split_inclusive(['\'', '’']) {
                let word = part.trim_end_matches(['\'', '’']);
                let lower = word.to_lowercase();
                words.push(Word { folded: folded(&lower), lower, range: at..at + word.len() });
                at += part.len();
            }
        }
        words.retain(|word| !word.range.is_empty());
        Self { text, words, lang }
    }

    /// Whether the sentence is a plan or a wish as a whole, or tells of the past.
    pub fn is_reserved(&self) -> bool {
        let reserved = lists().reservations.get(self.lang);
        let alone = |at: usize| {
            let word = &self.words[at].folded;
            ["before", "avant"].contains(&word.as_str()) && (at + 1 == self.words.len() || self.opens(at + 1))
        };
        (0..self.words.len()).any(|at| reserved.contains(&self.words[at].folded) || alone(at))
    }

    /// Whether the claim of these words is denied, or is what something aims at.
    pub fn is_denied(&self, claim: &Range<usize>, is_claim: &dyn Fn(usize) -> bool) -> bool {
        self.is_denied_before(claim.start, is_claim) || self.is_denied_after(claim.end)
    }

    fn is_denied_before(&self, claim: usize, is_claim: &dyn Fn(usize) -> bool) -> bool {
        let (negations, aims) = (lists().negations.get(self.lang), lists().aims.get(self.lang));
        let mut verb = false;
        for at in (claim.saturating_sub(REACH + 1)..claim).rev() {
            if self.opens(at + 1) || self.joins_no_claim(at + 1, is_claim) {
                return false;
            }
            let word = &self.words[at].folded;
            let before = |back: usize| at.checked_sub(back).map_or("", |at| self.words[at].folded.as_str());
            let only = self.words.get(at + 1).is_some_and(|next| ONLY.contains(&next.folded.as_str()));
            // “With no step by hand the service is deployed”: what is lacking is the step.
            let of_with = ["with", "avec"].contains(&before(1));
            let no_more = word == "plus" && (1..4).any(|back| ["ne", "n"].contains(&before(back)));
            if negations.contains(word) && !only && !(of_with && verb) || no_more || aims.contains(word) && !verb {
                return true;
            }
            verb |= VERBS.contains(&word.as_str());
        }
        false
    }

    fn is_denied_after(&self, end: usize) -> bool {
        let negations = lists().negations.get(self.lang);
        let clause = (end..self.words.len()).take_while(|at| !self.opens(*at));
        let rest: Vec<&String> = clause.map(|at| &self.words[at].folded).collect();
        rest.iter().position(|word| negations.contains(*word)).is_some_and(|at| {
            // French denies on both sides of the verb.
            rest[at.saturating_sub(2)..].iter().any(|word| ABSENT.contains(&word.as_str()))
        })
    }

    /// Whether the clause of a claim gives a quantity of something that is measured: `412 tests`, `12 ms`, `87 %`.
    pub fn is_measured(&self, claim: &Range<usize>) -> bool {
        let goes_on = |at: usize| {
            let between = self.before(at);
            !self.opens(at) || between.contains([':', '(']) || WITH.contains(&self.words[at].folded.as_str())
        };
        let turns = |at: usize| JOINS.contains(&self.words[at].folded.as_str()) && !self.is_quantity(at + 1);
        let mut first = claim.start;
        while first > 0 && goes_on(first) && !turns(first - 1) {
            first -= 1;
        }
        let after = (claim.end..self.words.len()).find(|at| !goes_on(*at) || turns(*at));
        (first..after.unwrap_or(self.words.len())).any(|at| self.is_quantity(at))
    }

    /// Whether a number with its unit stands at a word, in one piece or in two.
    fn is_quantity(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let digits = word.lower.trim_start_matches(|c: char| c.is_ascii_digit() || ".,".contains(c));
        let written = super::rules::in_letters(&word.folded).is_some();
        if !written && (digits.len() == word.lower.len() || word.lower.starts_with(['.', ','])) {
            return false;
        }
        let is_unit = |unit: &str| {
            let known =
                |known: &String| unit.strip_prefix(known.as_str()).is_some_and(|end| ["", "s", "x"].contains(&end));
            lists().units.iter().any(known)
        };
        let next = self.words.get(at + 1).filter(|_| !self.opens(at + 1));
        if !written && !digits.is_empty() { is_unit(digits) } else { next.is_some_and(|next| is_unit(&next.folded)) }
    }

    /// Whether a clause begins with a word.
    fn opens(&self, at: usize) -> bool {
        let turns = self.words.get(at).is_some_and(|word| TURNS.contains(&word.folded.as_str()));
        turns || self.before(at).contains([',', ';', ':', '(', ')', '—', '–'])
    }

    /// Whether a word joins on something else than another claim.
    fn joins_no_claim(&self, at: usize, is_claim: &dyn Fn(usize) -> bool) -> bool {
        let is = |at: usize| self.words.get(at).is_some_and(|word| JOINS.contains(&word.folded.as_str()));
        let adverb = |at: usize| {
            self.words.get(at).is_some_and(|word| word.lower.ends_with("ly") || word.lower.ends_with("ment"))
        };
        is(at) && !is_claim(at + 1) && !(adverb(at + 1) && is_claim(at + 2))
    }

    /// What stands between a word and the one before.
    fn before(&self, at: usize) -> &str {
        match (at.checked_sub(1).and_then(|at| self.words.get(at)), self.words.get(at)) {
            (Some(last), Some(word)) => &self.text[last.range.end..word.range.start],
            _ => "",
        }
    }
}
