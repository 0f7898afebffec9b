//! Credentials in clear text, in the tree and in past versions. What is found is never shown.

mod allowance;
#[cfg(test)]
mod cases;
mod entropy;
mod key;
mod kind;
mod manifest;
mod provider;
mod scan;
mod value;

use std::ops::Range;

use facts::{Confidence, Fact};

use crate::{File, Project, Sink};
pub(crate) use allowance::run as allowances;
pub use kind::Kind;
pub use scan::{Found, scan};

/// The most findings that are told of one file.
const TOLD_PER_FILE: usize = 60;

/// The source: all own text files of the tree.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let overridden = kind::Overridden::of(project);
    for file in project.files() {
        let kind = Kind::of(&file.path);
        if kind == Kind::Ignored {
            continue;
        }
        match file.text() {
            Ok(text) => {
                let found = scan(&file.path, text.as_str());
                found.iter().take(TOLD_PER_FILE).for_each(|found| sink.push(fact(file, found, &overridden)));
            }
            // Pictures and archives are no text; what is named as settings should be.
            Err(crate::Unreadable::Binary) if !file.name().starts_with(".env") => {}
            Err(error) => sink.unread(file, 0..0, "secrets", "secret", &error.reason()),
        }
    }
}

fn fact(file: &File, found: &Found, overridden: &kind::Overridden) -> Fact {
    let why_not = match found.why_not {
        "" if found.default && overridden.holds(&file.path, &found.key) => "overridden",
        why => why,
    };
    let sure = if found.exact { Confidence::Exact } else { Confidence::Likely };
    Fact::new("secret.found", "secrets", file.at(found.span.clone()))
        .with("rule", found.rule)
        .with("key", found.key.as_str())
        .with("masked", masked(&file.str()[found.span.clone()]))
        .with("counts", why_not.is_empty())
        .with("why_not", why_not)
        .confidence(sure)
}

/// What may be shown of a secret: its first two characters when it is long, and its length.
pub fn masked(secret: &str) -> String {
    let length = secret.chars().count();
    let shown: String = if length >= 12 { secret.chars().take(2).collect() } else { String::new() };
    format!("{shown}… ({length})")
}

/// Hides the given byte ranges of a text; `start` is where the text begins in the file that the ranges count in.
pub fn mask(excerpt: &str, start: usize, secrets: &[Range<usize>]) -> String {
    let mut hidden: Vec<bool> = vec![false; excerpt.len()];
    for range in secrets {
        let from = range.start.saturating_sub(start).min(excerpt.len());
        let to = range.end.saturating_sub(start).min(excerpt.len());
        hidden[from..to.max(from)].fill(true);
    }
    let mut out = String::with_capacity(excerpt.len());
    let mut in_secret = false;
    for (at, c) in excerpt.char_indices() {
        // Line ends stay, so that the lines of an excerpt keep their numbers.
        if hidden[at] && c != '\n' {
            if !in_secret {
                out.push_str("•••");
            }
            in_secret = true;
        } else {
            in_secret = false;
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "one secret is a list of one range")]
    fn secrets_are_never_shown() {
        assert_eq!(mask("PASS=hunter2 # x", 100, &[105..112]), "PASS=••• # x");
        assert_eq!(mask("a\nkey\nb", 0, &[0..7]), "•••\n•••\n•••");
        assert_eq!(mask("é: pässwörd", 10, &[14..24]), "é: •••");
        assert_eq!(mask("x", 50, &[0..10, 90..95]), "x");
        assert_eq!(masked("hunter2"), "… (7)");
        assert_eq!(masked("a-much-longer-one"), "a-… (17)");
    }
}
