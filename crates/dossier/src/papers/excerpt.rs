//! Code that a paper shows from a repository: which lines of which file, pinned to a commit.
//!
//! A fence asks for it: ```` ```yaml file=.gitlab-ci.yml lines=3-12 project=ferry caption="The test job" ````. An empty
//! block is filled with those lines; a block with text keeps it, and the place is cited below.

use std::collections::BTreeMap;

use super::model::{Run, Runs};
use super::read::shown;
use crate::source::{Block, BlockKind, Source};

/// What a fence asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// The project, by the name of its report; the only one when empty.
    pub project: String,
    pub file: String,
    /// First and last line, from 1.
    pub lines: Option<(usize, usize)>,
    pub caption: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub project: String,
    pub file: String,
    pub lines: (usize, usize),
    pub commit: String,
    /// Where to read it on the forge, when its address is known.
    pub url: Option<String>,
    pub text: String,
}

pub type Excerpts = BTreeMap<Wanted, Excerpt>;

impl Wanted {
    /// Reads what stands after a fence; none without a file.
    pub fn parse(info: &str) -> Option<Self> {
        let mut wanted = Self::default();
        for (name, value) in settings(info) {
            match name {
                "file" => wanted.file = value,
                "project" => wanted.project = value,
                "caption" => wanted.caption = Some(shown(&value)),
                "lines" => {
                    let (first, last) = value.split_once('-').unwrap_or((&value, &value));
                    let range = (first.parse().ok()?, last.parse().ok()?);
                    wanted.lines = Some(range).filter(|(first, last)| *first >= 1 && first <= last);
                    wanted.lines?;
                }
                _ => {}
            }
        }
        (!wanted.file.is_empty()).then_some(wanted)
    }
}

impl Excerpt {
    /// `ferry · .gitlab-ci.yml:3-12 @ 1a2b3c4`, linked where it can be.
    pub fn cited(&self) -> Runs {
        let (first, last) = self.lines;
        let commit = self.commit.get(..8).unwrap_or(&self.commit);
        let place = format!("{} · {}:{first}-{last} @ {commit}", self.project, self.file);
        match &self.url {
            Some(url) => vec![Run::Link { url: url.clone(), c: vec![Run::text(place)] }],
            None => vec![Run::text(place)],
        }
    }
}

/// A fence that asks for code: what stands after it, what it holds itself, and what is wanted when that is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    pub info: String,
    pub own: String,
    pub wanted: Option<Wanted>,
}

/// Everything that a source asks for, in order.
pub fn wanted(source: &Source) -> Vec<Fence> {
    fn walk(blocks: &[Block], found: &mut Vec<Fence>) {
        for block in blocks {
            match &block.kind {
                BlockKind::Code { info, text, .. } if settings(info).iter().any(|(name, _)| *name == "file") => {
                    found.push(Fence { info: info.clone(), own: text.clone(), wanted: Wanted::parse(info) });
                }
                BlockKind::Quote(blocks) => walk(blocks, found),
                BlockKind::List { items, .. } => items.iter().for_each(|item| walk(&item.blocks, found)),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(&source.blocks, &mut found);
    for block in &source.blocks {
        // A slide may show code too; its own fence is longer.
        if let BlockKind::Code { info, text, .. } = &block.kind
            && crate::oral::is_fence(info)
        {
            walk(&Source::parse(&source.path, text).blocks, &mut found);
        }
    }
    found
}

/// `name=value` and `name="a value"`.
pub(crate) fn settings(info: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = info;
    while let Some((before, after)) = rest.split_once('=') {
        let name = before.split_whitespace().next_back().unwrap_or_default();
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        found.push((name, value.to_owned()));
        rest = left;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_says_what_it_wants() {
        type Read<'a> = (&'a str, &'a str, Option<(usize, usize)>, Option<&'a str>);
        let check = |info: &str, expected: Option<Read<'_>>| {
            let found = Wanted::parse(info);
            let found = found.as_ref().map(|w| (&*w.project, &*w.file, w.lines, w.caption.as_deref()));
            assert_eq!(found, expected, "{info}");
        };
        check("yaml", None);
        check("yaml file=ci.yml", Some(("", "ci.yml", None, None)));
        check("yaml file=ci.yml lines=3-12 project=ferry", Some(("ferry", "ci.yml", Some((3, 12)), None)));
        check("yaml caption=\"The test job\" file=a/b lines=4", Some(("", "a/b", Some((4, 4)), Some("The test job"))));
        check("file=x lines=9-3", None);
        check("file=x lines=a-b", None);
        check("lines=1-2", None);
    }

    #[test]
    fn slides_ask_for_code_too() {
        let text = "```yaml file=a\n```\n\n````slide\n```yaml file=b lines=2\n```\n````\n\n````sh\n```yaml file=c\n```\n````\n";
        let found: Vec<String> = wanted(&Source::parse("a.md", text)).into_iter().map(|fence| fence.info).collect();
        assert_eq!(found, ["yaml file=a", "yaml file=b lines=2"]);
    }
}
