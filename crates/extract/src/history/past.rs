//! Credentials in past versions: each version of a file is looked at once, and what is found is told without being shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use facts::{Confidence, Fact, Location, Oid, Place, Span};
use gix::ObjectId;

use super::walk::Commit;
use crate::secret::{Found, masked, scan};
use crate::{Project, Sink, Text};

/// How many credentials of the past are told; newer ones first.
const TOLD: usize = 200;
const READER: &str = "secrets";

/// What was found in all versions so far, from several threads.
#[derive(Default)]
pub(super) struct Past {
    versions: Mutex<BTreeMap<(ObjectId, Arc<str>), Version>>,
}

/// One version of a file.
struct Version {
    /// The oldest commit that brought it.
    commit: ObjectId,
    time: i64,
    found: Vec<Credential>,
}

/// A credential in a version.
#[derive(Clone)]
struct Credential {
    rule: &'static str,
    key: String,
    /// Compared, never written anywhere.
    value: String,
    span: Span,
    exact: bool,
}

/// A credential with the first place that it was seen at.
struct Told<'v> {
    credential: &'v Credential,
    path: &'v Arc<str>,
    blob: ObjectId,
    commit: ObjectId,
    time: i64,
    versions: usize,
}

impl Past {
    /// Looks at a version that a commit brought.
    pub(super) fn see(&self, commit: &Commit, path: &str, blob: ObjectId, bytes: &[u8]) {
        let key = (blob, Arc::from(path));
        let mut versions = self.versions.lock().expect("nothing panics with the lock");
        if let Some(known) = versions.get_mut(&key) {
            // Threads meet commits in any order: the oldest wins, whoever comes first.
            if (commit.time, commit.id) < (known.time, known.commit) {
                (known.time, known.commit) = (commit.time, commit.id);
            }
            return;
        }
        versions.insert(key.clone(), Version { commit: commit.id, time: commit.time, found: Vec::new() });
        drop(versions);
        let found = credentials(path, bytes);
        if !found.is_empty()
            && let Some(version) = self.versions.lock().expect("nothing panics with the lock").get_mut(&key)
        {
            version.found = found;
        }
    }

    /// Tells every credential once, at the oldest commit that holds it.
    pub(super) fn tell(self, project: &Project, sink: &mut Sink) {
        let versions = self.versions.into_inner().expect("nothing panics with the lock");
        let present = present(project, &versions);
        let mut told: BTreeMap<(&str, &str), Told<'_>> = BTreeMap::new();
        for ((blob, path), version) in &versions {
            for credential in &version.found {
                let here =
                    Told { credential, path, blob: *blob, commit: version.commit, time: version.time, versions: 1 };
                let known = told.entry((&credential.key, &credential.value));
                known.and_modify(|known| known.join(&here)).or_insert(here);
            }
        }
        let mut told: Vec<Told<'_>> = told.into_values().collect();
        told.sort_by_key(|told| (std::cmp::Reverse(told.time), told.commit, told.path, told.credential.span.start));
        for one in told.iter().take(TOLD) {
            sink.push(one.fact(present.contains(one.credential.value.as_str())));
        }
    }
}

impl Told<'_> {
    fn join(&mut self, other: &Self) {
        let versions = self.versions + 1;
        let order = |told: &Self| (told.time, told.commit, Arc::clone(told.path), told.credential.span.start);
        if order(other) < order(self) {
            *self = Told { ..*other };
        }
        self.versions = versions;
    }

    fn fact(&self, present: bool) -> Fact {
        let place = Place::File {
            path: Arc::clone(self.path),
            blob: Oid::new(self.blob.to_string()),
            span: self.credential.span,
        };
        let location = Location { place, commit: Oid::new(self.commit.to_string()) };
        let sure = if self.credential.exact { Confidence::Exact } else { Confidence::Likely };
        Fact::new("secret.past", READER, location)
            .with("rule", self.credential.rule)
            .with("key", self.credential.key.as_str())
            .with("masked", masked(&self.credential.value))
            .with("now", if present { "present" } else { "removed" })
            .with("versions", self.versions)
            .confidence(sure)
    }
}

/// The credentials of one version; bytes that are no text hold none that could be read.
fn credentials(path: &str, bytes: &[u8]) -> Vec<Credential> {
    let Ok(text) = Text::new(bytes.to_vec()) else { return Vec::new() };
    counting(path, &text)
}

fn counting(path: &str, text: &Text) -> Vec<Credential> {
    let credential = |found: Found| Credential {
        rule: found.rule,
        key: found.key,
        value: text.as_str()[found.span.clone()].to_owned(),
        span: text.span(found.span),
        exact: found.exact,
    };
    scan(path, text.as_str()).into_iter().filter(|found| found.why_not.is_empty()).map(credential).collect()
}

/// The values that the assessed tree still holds.
fn present(project: &Project, versions: &BTreeMap<(ObjectId, Arc<str>), Version>) -> BTreeSet<String> {
    let mut present = BTreeSet::new();
    if versions.values().all(|version| version.found.is_empty()) {
        return present;
    }
    for file in project.files() {
        let blob = ObjectId::from_hex(file.blob.as_str().as_bytes()).ok();
        match blob.and_then(|blob| versions.get(&(blob, Arc::clone(&file.path)))) {
            Some(version) => present.extend(version.found.iter().map(|found| found.value.clone())),
            // What a merge alone brought is in no version that was seen.
            None => {
                let found = file.text().map(|text| counting(&file.path, text)).unwrap_or_default();
                present.extend(found.into_iter().map(|found| found.value));
            }
        }
    }
    present
}

/// Says that past versions were not looked at.
pub(super) fn unread(project: &Project, reason: &str, sink: &mut Sink) {
    sink.push(Fact::new("secret.past-unread", READER, project.whole()).with("reason", reason));
}
