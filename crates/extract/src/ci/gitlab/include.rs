//! GitLab includes: local files by path or pattern, in the order in which they override each other; the rest is external.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::config::Config;
use crate::ci::model::{External, Written};
use crate::ci::reading::Reading;
use crate::ci::tree::Tree;
use crate::{File, budget, path};

/// The largest number of files that one pipeline includes, as in GitLab.
const INCLUDES: usize = 150;

/// Gathers one configuration from its files.
pub(super) struct Includer<'r, 'p, 's> {
    pub reading: &'r mut Reading<'p, 's>,
    pub root: String,
    pub config: Config<'p>,
    /// The files that were read, so that none is read twice however they include each other.
    pub seen: BTreeSet<Arc<str>>,
}

impl<'p> Includer<'_, 'p, '_> {
    /// Reads a file and what it includes; what is written in the file wins over what it includes.
    pub(super) fn file(&mut self, file: &'p File, depth: usize) {
        // A file that is too large to read costs nothing but saying so.
        let size = if file.size > budget::TEXT_BYTES { 0 } else { file.size };
        let cost = 1 + usize::try_from(size / 1_000).unwrap_or(usize::MAX);
        if !self.seen.insert(Arc::clone(&file.path)) || !self.reading.spend(cost) {
            return;
        }
        let mut documents = self.reading.documents(file).into_iter();
        let mut root = documents.next();
        // A header with `spec:` only declares inputs; the configuration is the document after it.
        if root.as_ref().is_some_and(|root| root.get("spec").is_some())
            && let Some(body) = documents.next()
        {
            root = Some(body);
        }
        let Some(root) = root.filter(Tree::is_map) else { return };
        if let Some(includes) = root.get("include") {
            for include in includes.many() {
                self.include(include, depth);
            }
        }
        self.config.merge(&root);
    }

    fn include(&mut self, include: &Tree<'p>, depth: usize) {
        if let Some(text) = include.str() {
            if text.starts_with("http://") || text.starts_with("https://") {
                self.external("include", text.to_owned(), include);
            } else {
                self.local(text, include, depth);
            }
            return;
        }
        for file in include.get("local").map(Tree::many).unwrap_or_default() {
            self.local(file.str().unwrap_or_default(), include, depth);
        }
        for (key, what) in [("remote", "include"), ("template", "template"), ("component", "component")] {
            for reference in include.get(key).map(Tree::many).unwrap_or_default() {
                let reference = reference.str().unwrap_or_default().to_owned();
                self.external(what, reference, include);
            }
        }
        if let Some(project) = include.str_at("project") {
            let files = include.get("file").map(Tree::many).unwrap_or_default();
            for file in files {
                self.external("include", format!("{project}:{}", file.str().unwrap_or_default()), file);
            }
        }
        if let Some(artifact) = include.str_at("artifact") {
            self.external("include", artifact.to_owned(), include);
        }
    }

    fn local(&mut self, pattern: &str, include: &Tree<'p>, depth: usize) {
        if depth >= budget::FOLLOW_DEPTH || self.seen.len() >= INCLUDES {
            self.reading.unread(include.file, include.range.clone(), "includes go deeper than is followed", false);
            return;
        }
        let project = self.reading.project;
        // A leading slash means the root of the project, and so does none.
        let Some(wanted) = path::join(&self.root, pattern.trim_start_matches('/')) else { return };
        let found: Vec<&'p File> = if wanted.contains('*') {
            let files = project.all_files().iter().filter(|file| file.is_regular() && glob(&wanted, &file.path));
            files.filter(|file| matches!(file.extension().as_str(), "yml" | "yaml")).take(INCLUDES).collect()
        } else {
            project.file(&wanted).into_iter().collect()
        };
        if found.is_empty() && wanted.contains('$') {
            self.external("include", pattern.to_owned(), include);
        } else if found.is_empty() && !wanted.contains('*') {
            let reason = format!("it includes `{pattern}`, which does not exist");
            self.reading.unread(include.file, include.range.clone(), &reason, true);
        }
        for file in found {
            self.file(file, depth + 1);
        }
    }

    fn external(&mut self, what: &'static str, reference: String, at: &Tree<'p>) {
        let inputs = at.get("inputs").map(Tree::pairs).unwrap_or_default();
        let at = at.entry_at();
        self.config.included.push((what, Written { text: reference.clone(), at: at.clone() }, inputs));
        self.config.externals.push(External { what, reference, at });
    }
}

/// Whether a path matches a pattern with `*` (within a folder) and `**` (across folders).
pub(super) fn glob(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.as_bytes(), path.as_bytes());
    // Each row says which prefixes of the path the pattern so far can match: linear in both, whatever the stars.
    let mut row = vec![false; path.len() + 1];
    row[0] = true;
    let mut at = 0;
    while at < pattern.len() {
        let mut next = vec![false; path.len() + 1];
        if pattern[at] == b'*' {
            let deep = pattern.get(at + 1) == Some(&b'*');
            let whole = deep && pattern.get(at + 2) == Some(&b'/');
            let mut open = false;
            for end in 0..=path.len() {
                if end > 0 && !deep && path[end - 1] == b'/' {
                    open = false;
                }
                open |= row[end];
                next[end] = open && (!whole || row[end] || end > 0 && path[end - 1] == b'/');
            }
            at += if whole { 3 } else { 1 + usize::from(deep) };
        } else {
            for end in 1..=path.len() {
                next[end] = row[end - 1] && path[end - 1] == pattern[at];
            }
            at += 1;
        }
        row = next;
    }
    row[path.len()]
}
