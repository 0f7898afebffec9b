//! Passages that two dossiers share: winnowed fingerprints of their words, with positions. Never a verdict: a person reads both.
//!
//! Words are compared without case, accents and endings, names and numbers as one sign each, so that renaming hides
//! little; passages are found wherever they stand, so that moving them hides nothing. What is quoted, and what the
//! subject gave to everybody, is left out on both sides.

mod fingerprint;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::finding::{Beside, Finding, Level};
use crate::source::Source;
use fingerprint::Print;
use tokens::Token;

pub const ID: &str = "originality.similar";

/// How far apart, in words, two shared fingerprints of one passage may stand here, and there.
const GAP_HERE: usize = 18;
const GAP_THERE: usize = 60;
/// Fewer shared fingerprints than this are a turn of phrase.
const FEWEST: usize = 7;
/// The least share of a passage's fingerprints that are found there, in percent.
const LEAST_SHARE: usize = 20;
/// A fingerprint that stands more often than this in a text is a refrain of it.
const REFRAIN: usize = 6;
/// The longest text shown beside, in characters.
const SHOWN: usize = 1_200;

/// A dossier while it is compared.
pub struct Text<'a> {
    sources: &'a [Source],
    tokens: Vec<Token>,
    prints: Vec<Print>,
}

/// A passage here that is like a passage there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The file here, and its bytes.
    pub here: (usize, Range<usize>),
    /// The file there, and its bytes.
    pub there: (usize, Range<usize>),
    /// Words of the passage here.
    pub words: usize,
    /// How many of a hundred fingerprints here are found there.
    pub share: usize,
}

impl<'a> Text<'a> {
    /// The fingerprints of the files of a dossier.
    pub fn new(sources: &'a [Source]) -> Self {
        let tokens = tokens::of(sources);
        let prints = fingerprint::winnow(&tokens);
        Self { sources, tokens, prints }
    }

    fn hashes(&self) -> BTreeSet<u64> {
        // Every fingerprint of a subject counts, not only those that winnowing keeps.
        fingerprint::all(&self.tokens).into_iter().map(|print| print.hash).collect()
    }
}

/// The passages of `here` that are like passages of `there`, in order; `given` are the texts that everybody had.
pub fn compare(here: &Text<'_>, there: &Text<'_>, given: &[Text<'_>]) -> Vec<Match> {
    let common: BTreeSet<u64> = given.iter().flat_map(Text::hashes).collect();
    let mut places: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for print in fingerprint::all(&there.tokens) {
        places.entry(print.hash).or_default().push(print.at);
    }
    // A passage lies in one file here and in one file there, however near the last words of a file are to the next one's.
    let mut hits: BTreeMap<(usize, usize), Vec<Hit>> = BTreeMap::new();
    for print in here.prints.iter().filter(|print| !common.contains(&print.hash)) {
        let found = places.get(&print.hash).filter(|found| found.len() <= REFRAIN);
        for at in found.into_iter().flatten() {
            let files = (here.tokens[print.at].source, there.tokens[*at].source);
            hits.entry(files).or_default().push((print.at, *at));
        }
    }
    let clusters = hits.values().flat_map(|hits| clusters(hits));
    let mut matches: Vec<Match> = clusters.filter_map(|cluster| matched(&cluster, here, there, &common)).collect();
    matches.sort_by(|a, b| (a.here.0, a.here.1.start, b.words).cmp(&(b.here.0, b.here.1.start, a.words)));
    // One place here is told once, with the passage that is most like it.
    let mut kept: Vec<Match> = Vec::new();
    for one in matches {
        let same = |last: &&mut Match| last.here.0 == one.here.0 && one.here.1.start < last.here.1.end;
        match kept.last_mut().filter(same) {
            Some(last) if (one.share, one.words) > (last.share, last.words) => *last = one,
            Some(_) => {}
            None => kept.push(one),
        }
    }
    kept
}

/// A shared fingerprint: the index of its first word here, and there.
type Hit = (usize, usize);

/// Shared fingerprints that stand near each other, here and there.
fn clusters(hits: &[Hit]) -> Vec<Vec<Hit>> {
    let mut done: Vec<Vec<Hit>> = Vec::new();
    let mut open: Vec<(Vec<Hit>, Range<usize>)> = Vec::new();
    for (here, there) in hits {
        let (near, far) = std::mem::take(&mut open)
            .into_iter()
            .partition::<Vec<_>, _>(|(hits, _)| hits.last().is_some_and(|(last, _)| here - last <= GAP_HERE));
        done.extend(far.into_iter().map(|(hits, _)| hits));
        open = near;
        let joins = |range: &Range<usize>| *there + GAP_THERE >= range.start && *there <= range.end + GAP_THERE;
        match open.iter_mut().find(|(_, range)| joins(range)) {
            Some((hits, range)) => {
                hits.push((*here, *there));
                *range = range.start.min(*there)..range.end.max(*there);
            }
            None => open.push((vec![(*here, *there)], *there..*there)),
        }
    }
    done.extend(open.into_iter().map(|(hits, _)| hits));
    done
}

/// The match of a cluster, when it is more than a turn of phrase.
fn matched(cluster: &[Hit], here: &Text<'_>, there: &Text<'_>, common: &BTreeSet<u64>) -> Option<Match> {
    let own: BTreeSet<usize> = cluster.iter().map(|(at, _)| *at).collect();
    let (first, last) = (*own.first()?, end(&here.tokens, *own.last()?));
    let inside = |print: &&Print| print.at >= first && print.at <= last && !common.contains(&print.hash);
    let all: BTreeSet<usize> = here.prints.iter().filter(inside).map(|print| print.at).collect();
    let share = own.len() * 100 / all.len().max(1);
    if own.len() < FEWEST || share < LEAST_SHARE {
        return None;
    }
    let from = cluster.iter().map(|(_, at)| *at).min()?;
    let to = end(&there.tokens, cluster.iter().map(|(_, at)| *at).max()?);
    Some(Match {
        here: place(&here.tokens, first, last),
        there: place(&there.tokens, from, to),
        words: last - first + 1,
        share,
    })
}

/// The last word that a run from `at` reaches in its file.
fn end(tokens: &[Token], at: usize) -> usize {
    let reached = tokens[at..].iter().take(fingerprint::REACH).take_while(|token| token.source == tokens[at].source);
    at + reached.count() - 1
}

/// The bytes from one word to another of the same file.
fn place(tokens: &[Token], from: usize, to: usize) -> (usize, Range<usize>) {
    (tokens[from].source, tokens[from].range.start..tokens[to].range.end)
}

/// The matches as findings on the files here; `name` says whose the other dossier is.
pub fn findings(here: &Text<'_>, there: &Text<'_>, matches: &[Match], name: &str) -> Vec<Finding> {
    let finding = |one: &Match| {
        let (mine, theirs) = (here.sources.get(one.here.0)?, there.sources.get(one.there.0)?);
        let (start, _) = theirs.positions(&one.there.1);
        let place = format!("{name}/{}:{}", theirs.path, start.line);
        let text: String = theirs.slice(&one.there.1).chars().take(SHOWN).collect();
        let mut finding = Finding::at(mine, one.here.1.clone(), ID, Level::Note, "lint-similar")
            .with("words", one.words.to_string())
            .with("share", one.share.to_string())
            .with("place", place.as_str());
        finding.beside = Some(Beside { place, text });
        Some(finding)
    };
    matches.iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests;
