//! The tags of the assessed history.

use std::collections::BTreeSet;

use gix::ObjectId;
use gix::objs::{Find, Kind, TagRefIter};

use super::walk::History;

/// A tag that names a commit of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub name: String,
    pub commit: ObjectId,
    pub version: bool,
    pub annotated: bool,
    /// Seconds since 1970 of the commit.
    pub time: i64,
}

/// How many tags are looked at, and how often a tag may point to another.
const TAGS: usize = 20_000;
const TAG_CHAIN: usize = 8;

/// The tags whose commit is part of the history, newest commit first.
pub(crate) fn tags(repo: &gix::Repository, objects: &impl Find, history: &History) -> Vec<Tag> {
    let place: gix::hashtable::HashMap<ObjectId, i64> =
        history.commits.iter().map(|commit| (commit.id, commit.time)).collect();
    let mut found = Vec::new();
    let Ok(references) = repo.references() else { return found };
    let Ok(tags) = references.tags() else { return found };
    let mut names = BTreeSet::new();
    for reference in tags.take(TAGS).flatten() {
        let Some(id) = reference.target().try_id().map(ToOwned::to_owned) else { continue };
        let name = reference.name().shorten().to_string();
        let Some((commit, annotated)) = peel(objects, id) else { continue };
        if let Some(time) = place.get(&commit).filter(|_| names.insert(name.clone())) {
            found.push(Tag { version: is_version(&name), name, commit, annotated, time: *time });
        }
    }
    found.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| a.name.cmp(&b.name)));
    found
}

/// The commit behind a tag, and whether a tag object stood between.
fn peel(objects: &impl Find, mut id: ObjectId) -> Option<(ObjectId, bool)> {
    let mut buffer = Vec::new();
    for step in 0..TAG_CHAIN {
        let object = objects.try_find(&id, &mut buffer).ok()??;
        match object.kind {
            Kind::Commit => return Some((id, step > 0)),
            Kind::Tag => id = TagRefIter::from_bytes(object.data, id.kind()).target_id().ok()?,
            _ => return None,
        }
    }
    None
}

/// Whether a tag name ends in a semantic version: `1.2.0`, `v1.2`, `v.1.2.0`, `release-1.2.0-rc.1`, `chart/v2.0.0`.
pub fn is_version(name: &str) -> bool {
    // The dot of `v.1.2.0` belongs to the letter; that of `1.2.0` to the number.
    let inside = |before: &str| {
        let number = before.strip_suffix('.').unwrap_or(before);
        number.ends_with(|c: char| c.is_ascii_digit())
            || (before.ends_with('.') && !number.ends_with(|c: char| c.is_ascii_alphabetic()))
    };
    let starts = name.char_indices().filter(|(at, c)| c.is_ascii_digit() && !inside(&name[..*at]));
    starts.map(|(at, _)| &name[at..]).any(version_at_start)
}

fn version_at_start(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let numbers = numbers.trim_end_matches('.');
    let parts: Vec<&str> = numbers.split('.').collect();
    let numeric = parts.iter().all(|part| !part.is_empty() && part.len() <= 8);
    let ends =
        rest.is_empty() || rest.starts_with(['-', '+', '_']) || rest.starts_with(|c: char| c.is_ascii_alphabetic());
    numeric && (2..=4).contains(&parts.len()) && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_from_other_tags() {
        for good in [
            "1.2.0",
            "v1.2",
            "release-1.2.0-rc.1",
            "chart/v2.0.0",
            "@acme/web@3.1.4",
            "2024.05.1",
            "v1.0.0+build",
            "1.0.0b2",
            "v.2.0.1",
        ] {
            assert!(is_version(good), "{good}");
        }
        for bad in ["latest", "v1", "demo", "sprint-3", "2024-05-01", "build-778", "", "v", "1..2", "v.2", "..1.2"] {
            assert!(!is_version(bad), "{bad}");
        }
    }
}
