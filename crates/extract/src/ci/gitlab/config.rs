//! One GitLab configuration after its includes: jobs by name, `extends` merged, `!reference` put in place.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ci::model::{External, Written};
use crate::ci::tree::{Shape, Tree};

/// The deepest chain of `extends`, as in GitLab.
const EXTENDS: usize = 11;
/// The deepest nesting of `!reference`, as in GitLab.
const REFERENCES: usize = 10;
/// How many values merging may make in one configuration.
const WORK: usize = 400_000;

/// A GitLab configuration made of all its files.
#[derive(Default)]
pub(super) struct Config<'p> {
    pub keys: BTreeMap<Arc<str>, Tree<'p>>,
    /// The names in the order in which they were first written.
    pub order: Vec<Arc<str>>,
    pub externals: Vec<External>,
    /// What is included from outside, with its inputs: the name often tells what it does.
    pub included: Vec<Included>,
    work: Cell<usize>,
}

/// What kind of include, its name, and its inputs.
pub(super) type Included = (&'static str, Written, Vec<(String, Written)>);

/// Keys of the top level that are not jobs.
const RESERVED: [&str; 15] = [
    "include",
    "stages",
    "types",
    "variables",
    "default",
    "workflow",
    "image",
    "services",
    "before_script",
    "after_script",
    "cache",
    "spec",
    "pages:deploy",
    "anchors",
    "<<",
];

impl<'p> Config<'p> {
    /// Merges the keys of one file over what is there.
    pub(super) fn merge(&mut self, root: &Tree<'p>) {
        for (name, value) in root.entries() {
            let merged = match self.keys.get(name) {
                Some(known) => self.deep(known, value),
                None => {
                    self.order.push(Arc::clone(name));
                    value.clone()
                }
            };
            self.keys.insert(Arc::clone(name), merged);
        }
    }

    /// The jobs that may run, in the order in which they are written.
    pub(super) fn jobs(&self) -> Vec<(Arc<str>, Tree<'p>)> {
        let visible = self.order.iter().filter(|name| !name.starts_with('.') && !RESERVED.contains(&name.as_ref()));
        visible
            .filter_map(|name| Some((Arc::clone(name), self.keys.get(name)?.clone())))
            .filter(|(_, job)| job.is_map())
            .collect()
    }

    /// A mapping over another: mappings are merged, all else is replaced.
    fn deep(&self, base: &Tree<'p>, over: &Tree<'p>) -> Tree<'p> {
        let (Shape::Map(base_entries), Shape::Map(over_entries)) = (&base.shape, &over.shape) else {
            return over.clone();
        };
        if !self.spend(base_entries.len() + over_entries.len()) {
            return over.clone();
        }
        let known: BTreeMap<&str, &Tree<'p>> =
            over_entries.iter().map(|(name, value)| (name.as_ref(), value)).collect();
        let mut base_names: BTreeMap<&str, ()> = BTreeMap::new();
        let mut entries = Vec::with_capacity(base_entries.len() + over_entries.len());
        for (name, value) in base_entries.iter() {
            base_names.insert(name, ());
            let merged = known.get(name.as_ref()).map_or_else(|| value.clone(), |over| self.deep(value, over));
            entries.push((Arc::clone(name), merged));
        }
        entries.extend(over_entries.iter().filter(|(name, _)| !base_names.contains_key(name.as_ref())).cloned());
        Tree { shape: Shape::Map(Arc::new(entries)), ..over.clone() }
    }

    /// A job with everything that it extends, and the names that it extends but that no file defines.
    pub(super) fn extended(&self, job: &Tree<'p>) -> (Tree<'p>, Vec<Written>) {
        let mut missing = Vec::new();
        let mut chain = Vec::new();
        let merged = self.extend_within(job, &mut chain, &mut missing);
        (merged, missing)
    }

    fn extend_within(&self, job: &Tree<'p>, chain: &mut Vec<Arc<str>>, missing: &mut Vec<Written>) -> Tree<'p> {
        let Some(extends) = job.get("extends") else { return job.clone() };
        let mut merged = job.empty();
        for parent in extends.many() {
            let Some(name) = parent.str() else { continue };
            let Some(base) = self.keys.get(name) else {
                missing.push(Written { text: name.to_owned(), at: parent.entry_at() });
                continue;
            };
            if chain.len() >= EXTENDS || chain.iter().any(|known| known.as_ref() == name) || !self.spend(1) {
                continue;
            }
            chain.push(name.into());
            let base = self.extend_within(base, chain, missing);
            chain.pop();
            merged = self.deep(&merged, &base);
        }
        self.deep(&merged, job)
    }

    /// The value with every `!reference` replaced by what it names; unknown names go to `missing`.
    pub(super) fn resolved(&self, tree: &Tree<'p>, missing: &mut Vec<Written>) -> Tree<'p> {
        self.resolve_within(tree, REFERENCES, missing)
    }

    fn resolve_within(&self, tree: &Tree<'p>, depth: usize, missing: &mut Vec<Written>) -> Tree<'p> {
        if !self.spend(1) {
            return tree.empty();
        }
        if tree.tag.as_deref() == Some("reference") {
            return self.referred(tree, depth, missing);
        }
        match &tree.shape {
            Shape::Seq(items) if items.iter().any(needs_resolving) => {
                let mut flat = Vec::with_capacity(items.len());
                for item in items.iter() {
                    let value = self.resolve_within(item, depth, missing);
                    match &value.shape {
                        // What a reference copies is work too: references to references would copy without end.
                        Shape::Seq(inner) if item.tag.as_deref() == Some("reference") => {
                            if self.spend(inner.len()) {
                                flat.extend(inner.iter().cloned());
                            }
                        }
                        _ => flat.push(value),
                    }
                }
                Tree { shape: Shape::Seq(Arc::new(flat)), ..tree.clone() }
            }
            Shape::Map(entries) if entries.iter().any(|(_, value)| needs_resolving(value)) => {
                let resolved =
                    entries.iter().map(|(name, value)| (Arc::clone(name), self.resolve_within(value, depth, missing)));
                Tree { shape: Shape::Map(Arc::new(resolved.collect())), ..tree.clone() }
            }
            _ => tree.clone(),
        }
    }

    fn referred(&self, tree: &Tree<'p>, depth: usize, missing: &mut Vec<Written>) -> Tree<'p> {
        let names: Vec<&str> = tree.items().iter().filter_map(Tree::str).collect();
        let mut found = names.first().and_then(|name| self.keys.get(*name)).map(|job| self.extended(job).0);
        for name in names.iter().skip(1) {
            found = found.and_then(|value| value.get(name).cloned());
        }
        match found {
            Some(value) if depth > 0 => self.resolve_within(&value, depth - 1, missing),
            Some(_) => Tree { tag: None, shape: Shape::Null, ..tree.clone() },
            None => {
                missing.push(Written { text: names.join(" "), at: tree.entry_at() });
                Tree { tag: None, shape: Shape::Null, ..tree.clone() }
            }
        }
    }

    fn spend(&self, work: usize) -> bool {
        self.work.set(self.work.get().saturating_add(work));
        self.work.get() <= WORK
    }

    /// Whether merging stopped because there was too much of it.
    pub(super) fn exhausted(&self) -> bool {
        self.work.get() > WORK
    }
}

/// Whether a value or something directly below it is a reference: spares copying what has none.
fn needs_resolving(tree: &Tree<'_>) -> bool {
    tree.tag.as_deref() == Some("reference")
        || tree.items().iter().any(needs_resolving)
        || tree.entries().iter().any(|(_, value)| needs_resolving(value))
}
