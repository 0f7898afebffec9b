//! Runs of words as hashes, of which winnowing keeps the least of each window: what is shared is kept on both sides.

use super::tokens::Token;

/// How far a run reaches.
pub(super) const REACH: usize = 4;
/// Which words of a run are compared: three in a row, and three of four, which outlive a changed word.
const SHAPES: [[usize; 3]; 3] = [[0, 1, 2], [0, 1, 3], [0, 2, 3]];
/// Runs of a window, of which one is kept.
const WINDOW: usize = 2;

/// A run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Print {
    pub hash: u64,
    /// The index of its first word.
    pub at: usize,
}

/// Every run of a text.
pub(super) fn all(tokens: &[Token]) -> Vec<Print> {
    let mut found: Vec<Print> = SHAPES.iter().flat_map(|shape| shaped(tokens, *shape)).collect();
    found.sort_by_key(|print| (print.at, print.hash));
    found
}

/// The runs that are kept.
pub(super) fn winnow(tokens: &[Token]) -> Vec<Print> {
    let mut kept: Vec<Print> = SHAPES.iter().flat_map(|shape| least(&shaped(tokens, *shape))).collect();
    kept.sort_by_key(|print| (print.at, print.hash));
    kept
}

/// The runs of one shape, in order.
fn shaped(tokens: &[Token], shape: [usize; 3]) -> Vec<Print> {
    let run = |at: usize| {
        let [first, second, third] = shape.map(|step| tokens.get(at + step));
        let run = [first?, second?, third?];
        // A run of names and numbers alone says nothing, and none goes from one block into the next.
        let says = run.iter().any(|token| token.stem.len() > 2);
        let whole = (run[0].source, run[0].block) == (run[2].source, run[2].block);
        (says && whole).then(|| Print { hash: hash(shape, run), at })
    };
    (0..tokens.len()).filter_map(run).collect()
}

/// Of each window the least; of equals the last, so that a refrain is kept once a window.
fn least(all: &[Print]) -> Vec<Print> {
    let mut kept: Vec<Print> = Vec::new();
    for window in all.windows(WINDOW.min(all.len().max(1))) {
        let Some(least) = window.iter().rev().min_by_key(|print| print.hash) else { continue };
        if kept.last() != Some(least) {
            kept.push(*least);
        }
    }
    kept
}

/// FNV-1a, which is the same on every machine.
fn hash(shape: [usize; 3], run: [&Token; 3]) -> u64 {
    let shape = shape.into_iter().map(|step| u8::try_from(step).unwrap_or(u8::MAX));
    let bytes = shape.chain(run.into_iter().flat_map(|token| token.stem.bytes().chain([0])));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
