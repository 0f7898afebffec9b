//! The steps of a job, with local composite actions put in place of the steps that use them.

use std::sync::Arc;

use facts::Location;

use super::condition;
use crate::ci::model::{Does, External, Step};
use crate::ci::reading::{Reading, Script, step, uses};
use crate::ci::tree::Tree;
use crate::{budget, path};

/// Where steps are read: what holds for all of them.
#[derive(Clone, Default)]
pub(super) struct Scope {
    /// The directory that the engine takes as root.
    pub root: String,
    /// The directory in which commands run unless a step says otherwise.
    pub dir: String,
    pub shell: String,
    pub env: Vec<(String, String)>,
    /// Values of `inputs.*` and `matrix.*` that are known, by that name.
    pub known: Vec<(String, String)>,
    pub via: Vec<Location>,
    /// The files that lead here, so that none is entered twice on the way.
    pub chain: Vec<Arc<str>>,
    pub depth: usize,
}

impl Scope {
    /// The text with the known inputs put in place.
    pub(super) fn fill(&self, text: &str) -> String {
        if !text.contains("${{") {
            return text.to_owned();
        }
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, inside)) = rest.split_once("${{") {
            filled.push_str(before);
            let Some((name, after)) = inside.split_once("}}") else {
                filled.push_str("${{");
                rest = inside;
                continue;
            };
            match self.known.iter().find(|(known, _)| known == name.trim()) {
                // A value of several lines would shift the places of all that follows.
                Some((_, value)) if !value.contains('\n') && filled.len() < 65_536 => filled.push_str(value),
                _ => {
                    filled.push_str("${{");
                    filled.push_str(name);
                    filled.push_str("}}");
                }
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// A directory written in the workflow, from the root of the repository.
    pub(super) fn directory(&self, written: &str) -> String {
        path::join(&self.root, self.fill(written).trim_start_matches('/')).unwrap_or_else(|| self.root.clone())
    }
}

/// Reads a list of steps.
pub(super) fn read<'p>(
    reading: &mut Reading<'p, '_>,
    steps: &Tree<'p>,
    scope: &Scope,
    externals: &mut Vec<External>,
) -> Vec<Step> {
    let mut found = Vec::new();
    for written in steps.items().iter().filter(|step| step.is_map()) {
        if !reading.spend(1) {
            break;
        }
        let condition = written.str_at("if");
        if condition.is_some_and(|condition| !condition::may_hold(condition, None)) {
            continue;
        }
        let first = found.len();
        if let Some(run) = written.get("run") {
            found.extend(command(written, run, scope));
        } else if let Some(reference) = written.get("uses") {
            action(reading, written, reference, scope, externals, &mut found);
        }
        let allow_failure = written.get("continue-on-error").is_some_and(Tree::is_true);
        let always = condition.is_some_and(condition::ignores_failure);
        for step in &mut found[first..] {
            step.allow_failure |= allow_failure;
            step.always |= always;
            if step.name.is_empty() {
                step.name = written.str_at("name").unwrap_or_default().to_owned();
            }
        }
    }
    found
}

fn command(written: &Tree<'_>, run: &Tree<'_>, scope: &Scope) -> Option<Step> {
    let dir = written.str_at("working-directory").map_or_else(|| scope.dir.clone(), |dir| scope.directory(dir));
    let shell = written.str_at("shell").map_or_else(|| scope.shell.clone(), str::to_owned);
    let mut script = Script::default();
    for (line, at) in run.lines() {
        script.push(&scope.fill(&line), at);
    }
    let step = script.step(written.str_at("name").unwrap_or_default(), run.entry_at(), &dir, &shell)?;
    let mut env = scope.env.clone();
    env.extend(variables(written, scope));
    Some(Step { via: scope.via.clone(), env, ..step })
}

/// The variables that a workflow, a job or a step sets.
pub(super) fn variables(written: &Tree<'_>, scope: &Scope) -> Vec<(String, String)> {
    let pairs = written.get("env").map(Tree::pairs).unwrap_or_default();
    pairs.into_iter().map(|(name, value)| (name, scope.fill(&value.text))).collect()
}

fn action<'p>(
    reading: &mut Reading<'p, '_>,
    written: &Tree<'p>,
    reference: &Tree<'p>,
    scope: &Scope,
    externals: &mut Vec<External>,
    found: &mut Vec<Step>,
) {
    let name = scope.fill(reference.str().unwrap_or_default());
    if let Some(local) = name.strip_prefix("./").or_else(|| name.strip_prefix(".github/").and(Some(name.as_str())))
        && let Some(dir) = path::join(&scope.root, local)
        && composite(reading, written, &dir, scope, externals, found)
    {
        return;
    }
    let mut used = uses("action", &name, written.get("with"), written.at(), &scope.dir);
    if let Does::Uses { with, .. } = &mut used.does {
        for (_, value) in with.iter_mut() {
            value.text = scope.fill(&value.text);
        }
    }
    used.via.clone_from(&scope.via);
    found.push(used);
}

/// Puts the steps of a local action in place; false when there is no such action that runs steps.
fn composite<'p>(
    reading: &mut Reading<'p, '_>,
    written: &Tree<'p>,
    dir: &str,
    scope: &Scope,
    externals: &mut Vec<External>,
    found: &mut Vec<Step>,
) -> bool {
    let project = reading.project;
    let names = ["action.yml", "action.yaml"].map(|name| path::join(dir, name).unwrap_or_default());
    let Some(file) = names.iter().find_map(|name| project.file(name)) else { return false };
    if scope.depth >= budget::FOLLOW_DEPTH || scope.chain.contains(&file.path) {
        reading.unread(written.file, written.range.clone(), "local actions go deeper than is followed", false);
        return true;
    }
    let cost = 1 + usize::try_from(file.size / 1_000).unwrap_or(usize::MAX);
    if !reading.spend(10 + cost) {
        return true;
    }
    let Some(action) = reading.mapping(file) else { return true };
    let Some(steps) = action.path(&["runs", "steps"]) else { return false };
    let mut inner = scope.clone();
    inner.depth += 1;
    inner.chain.push(Arc::clone(&file.path));
    inner.dir.clone_from(&scope.root);
    inner.via.push(written.at());
    inner.known = inputs(action.get("inputs"), written.get("with"), scope);
    found.extend(read(reading, steps, &inner, externals));
    true
}

/// The values of inputs: those given, else the defaults.
pub(super) fn inputs(declared: Option<&Tree<'_>>, given: Option<&Tree<'_>>, outer: &Scope) -> Vec<(String, String)> {
    let mut known = Vec::new();
    for (name, value) in given.map(Tree::entries).unwrap_or_default() {
        if let Some(text) = value.str() {
            known.push((format!("inputs.{name}"), outer.fill(text)));
        }
    }
    for (name, detail) in declared.map(Tree::entries).unwrap_or_default() {
        let key = format!("inputs.{name}");
        if let Some(default) = detail.str_at("default")
            && !known.iter().any(|(known, _)| *known == key)
        {
            known.push((key, default.to_owned()));
        }
    }
    known
}

/// A step of a job whose work is written in another repository.
pub(super) fn elsewhere(reference: &Tree<'_>, with: Option<&Tree<'_>>, root: &str) -> Step {
    let name = reference.str().unwrap_or_default();
    step(
        "",
        reference.entry_at(),
        root,
        Does::Uses {
            what: "reusable-workflow",
            reference: name.to_owned(),
            with: with.map(Tree::pairs).unwrap_or_default(),
        },
    )
}
