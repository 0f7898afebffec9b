//! Terragrunt: units, what they include, where their code comes from and how they keep state.

use facts::{Fact, Location};

use super::super::hcl::Body;
use super::super::standing;
use super::PARSER;
use super::backend::{Backend, in_text};
use super::declare::{Source, header};
use super::roots;
use super::tree::Tree;
use crate::{File, Node, Project, Sink, budget, path};

/// The facts of all Terragrunt files: code and module uses.
pub(crate) fn declare(project: &Project, tree: &Tree<'_>, sink: &mut Sink) {
    for (file, body) in tree.units() {
        let example = standing::is_example(project, &file.path);
        let at = body.blocks.first().map_or_else(|| file.start(), |block| header(file, &block.range));
        let fact = Fact::new("iac.code", PARSER, at).with("tool", "terragrunt").with("dir", file.dir());
        sink.push(fact.with("role", "unit").with("example", example));
    }
    for (file, body) in tree.hcl.values() {
        let Some((at, target)) = source(tree, file, body) else { continue };
        let written = body.blocks("terraform").find_map(|block| block.body.text("source")).unwrap_or_default();
        let fact =
            Fact::new("iac.module-call", PARSER, at).with("tool", "terragrunt").with("name", path::name(file.dir()));
        let fact = Source::read(written, None).describe(fact).with("from", file.dir());
        let fact = match &target {
            Some(target) => fact.with("origin", "local").with("provisions", false).with("dir", target.as_str()),
            None => fact,
        };
        sink.push(fact.with("example", standing::is_example(project, &file.path)));
    }
}

/// The source of a file with, when it is in the repository, the directory that it leads to.
pub(crate) fn source(tree: &Tree<'_>, file: &File, body: &Body) -> Option<(Location, Option<String>)> {
    let block = body.blocks("terraform").find(|block| block.body.get("source").is_some())?;
    let attribute = block.body.attribute("source")?;
    let written = block.body.text("source").unwrap_or_default();
    let at = file.at(attribute.range.clone());
    let local = Source::read(written, None).local.and_then(|local| path::join(file.dir(), &local));
    let target = match local {
        Some(target) => Some(target).filter(|target| tree.dirs.contains_key(target)),
        // `${dirname(find_in_parent_folders("root.hcl"))}//modules/vpc`: the longest directory with that ending.
        None if written.contains("${") && !written.contains("git") && !written.contains("tfr:") => {
            let end = written.rsplit('}').next().unwrap_or_default().split('?').next().unwrap_or_default();
            ending(tree.dirs.keys(), end)
        }
        None => None,
    };
    Some((at, target))
}

fn ending<'a>(mut known: impl Iterator<Item = &'a String>, end: &str) -> Option<String> {
    let parts: Vec<&str> = end.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let end = parts.join("/");
    let slashed = format!("/{end}");
    if end.is_empty() { None } else { known.find(|path| **path == end || path.ends_with(&slashed)).cloned() }
}

/// The root that a unit is, with the backend that it or what it includes configures.
pub(crate) fn unit(project: &Project, tree: &Tree<'_>, file: &File, body: &Body, sink: &mut Sink) {
    let mut chain = Chain { tree, seen: Vec::new(), lost: false };
    let mut backend = chain.backend(file, body, budget::FOLLOW_DEPTH);
    if backend.is_none() {
        let own = tree.dirs.get(file.dir()).and_then(Backend::of_dir);
        let sourced = source(tree, file, body).and_then(|(_, target)| target);
        backend = own.or_else(|| sourced.and_then(|target| tree.dirs.get(&target)).and_then(Backend::of_dir));
    }
    let at = match &backend {
        Some(backend) => backend.at.clone(),
        None => body.blocks.first().map_or_else(|| file.start(), |block| header(file, &block.range)),
    };
    let (kind, judged) = match &backend {
        Some(backend) => (backend.kind.as_str(), backend.judge(project, file.dir())),
        None => ("local", roots::undeclared()),
    };
    let lost = chain.lost && backend.is_none();
    let fact = Fact::new("iac.root", PARSER, at).with("tool", "terragrunt").with("dir", file.dir());
    let fact = roots::describe(fact, kind, judged)
        .with("example", standing::is_example(project, &file.path))
        .also(file.start());
    let fact = if lost {
        fact.with("state", "open").with("reason", "what the unit includes is not in the repository")
    } else {
        fact
    };
    sink.push(fact);
}

struct Chain<'a> {
    tree: &'a Tree<'a>,
    seen: Vec<String>,
    /// Whether an include led out of what can be read.
    lost: bool,
}

impl Chain<'_> {
    fn backend(&mut self, file: &File, body: &Body, depth: usize) -> Option<Backend> {
        if depth == 0 || self.seen.iter().any(|seen| **seen == *file.path) {
            return None;
        }
        self.seen.push(file.path.to_string());
        own(file, body).or_else(|| {
            let includes: Vec<String> = body
                .blocks("include")
                .filter_map(|block| block.body.get("path"))
                .filter_map(|node| self.target(file, node))
                .collect();
            includes.into_iter().find_map(|target| {
                let tree = self.tree;
                let (file, body) = tree.hcl.get(&target)?;
                self.backend(file, body, depth - 1)
            })
        })
    }

    /// The file that an include names.
    fn target(&mut self, file: &File, node: &Node) -> Option<String> {
        let written = match (node.tag.as_deref(), node.as_str()) {
            (Some("find_in_parent_folders"), _) => {
                let name = node.items().first().and_then(Node::as_str).unwrap_or("terragrunt.hcl");
                let found = above(self.tree, path::dir(file.dir()), name).filter(|_| !file.dir().is_empty());
                self.lost |= found.is_none();
                return found;
            }
            (_, Some(written)) => written.to_owned(),
            _ => String::new(),
        };
        let joined = path::join(file.dir(), &written).filter(|target| self.tree.hcl.contains_key(target));
        let found = joined.or_else(|| ending(self.tree.hcl.keys(), written.rsplit('}').next().unwrap_or_default()));
        self.lost |= found.is_none();
        found
    }
}

/// The nearest file of a name in a directory or above it.
pub(super) fn above(tree: &Tree<'_>, dir: &str, name: &str) -> Option<String> {
    let mut dir = Some(dir);
    while let Some(at) = dir {
        let candidate = path::join(at, name)?;
        if tree.hcl.contains_key(&candidate) {
            return Some(candidate);
        }
        dir = (!at.is_empty()).then(|| path::dir(at));
    }
    None
}

/// The backend that a file configures itself, by `remote_state` or by generating it.
pub(super) fn own(file: &File, body: &Body) -> Option<Backend> {
    if let Some(block) = body.blocks("remote_state").next() {
        let kind = block.body.text("backend").unwrap_or_default();
        return Some(Backend::of_map(kind, file.at(block.range.clone()), block.body.get("config")));
    }
    body.blocks("generate").find_map(|block| {
        let contents = block.body.text("contents")?;
        in_text(file.at(block.range.clone()), contents)
    })
}
