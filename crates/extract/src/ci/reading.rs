//! What every reader of an engine works with: the tree of the commit, where to say what is unreadable, and how much is left to spend.

use std::ops::Range;

use facts::{Fact, Location};

use super::model::{Does, Job, Step};
use super::tree::Tree;
use crate::{File, Project, Sink};

/// The largest number of jobs of one pipeline; the largest real ones have about as many.
pub(crate) const PIPELINE_JOBS: usize = 800;
/// The largest number of jobs and steps of all pipelines of a repository together, expansions counted each time.
const WORK: usize = 100_000;
/// The longest text of a step, in bytes.
const STEP_BYTES: usize = 64 * 1024;

/// The work of reading the pipelines of one repository.
pub(crate) struct Reading<'p, 's> {
    pub project: &'p Project,
    sink: &'s mut Sink,
    left: usize,
}

impl<'p, 's> Reading<'p, 's> {
    pub(crate) fn new(project: &'p Project, sink: &'s mut Sink) -> Self {
        Self { project, sink, left: WORK }
    }

    /// Takes some of the work that is left; false when there is none, and then what remains is not read.
    pub(crate) fn spend(&mut self, work: usize) -> bool {
        let enough = self.left >= work;
        self.left = self.left.saturating_sub(work);
        enough
    }

    /// Says that a part of a pipeline could not be read.
    pub(crate) fn unread(&mut self, file: &File, range: Range<usize>, reason: &str, rejected: bool) {
        let at = if file.text().is_ok() { file.at(range) } else { file.start() };
        let fact = Fact::new("file.unread", "ci", at).with("reason", reason).with("area", "ci");
        self.sink.push(fact.with("rejected", rejected));
    }

    /// All documents of a YAML file, after saying what is wrong with it; an invalid file gives none.
    pub(crate) fn documents(&mut self, file: &'p File) -> Vec<Tree<'p>> {
        if let Err(error) = file.text() {
            self.unread(file, 0..0, &error.reason(), false);
            return Vec::new();
        }
        let read = file.yaml();
        if let Some(error) = &read.error {
            let (range, message, rejected) = (error.range.clone(), error.message.clone(), !error.over);
            self.unread(file, range, &message, rejected);
            return Vec::new();
        }
        read.documents.iter().map(|document| Tree::of(file, &document.root)).collect()
    }

    /// The first document of a YAML file, when it is a mapping.
    pub(crate) fn mapping(&mut self, file: &'p File) -> Option<Tree<'p>> {
        self.documents(file).into_iter().next().filter(Tree::is_map)
    }

    /// Keeps the jobs of a pipeline within bounds; says so when some are left out.
    pub(crate) fn bound(&mut self, file: &File, jobs: &mut Vec<Job>) {
        let work: usize = jobs.iter().map(|job| 1 + job.steps.len()).sum();
        if jobs.len() > PIPELINE_JOBS || !self.spend(work) {
            let keep = if jobs.len() > PIPELINE_JOBS { PIPELINE_JOBS } else { 0 };
            self.unread(file, 0..0, "the pipeline has more jobs than are read", false);
            jobs.truncate(keep);
        }
    }
}

/// Shell lines gathered from one or many scalars, as one script runs them.
#[derive(Default)]
pub(crate) struct Script {
    text: String,
    lines: Vec<Location>,
}

impl Script {
    /// Adds the lines of a scalar, or of all scalars of a list however nested.
    pub(crate) fn add(&mut self, tree: &Tree<'_>) {
        self.add_within(tree, 10);
    }

    fn add_within(&mut self, tree: &Tree<'_>, depth: usize) {
        if depth == 0 {
            return;
        }
        tree.items().iter().for_each(|item| self.add_within(item, depth - 1));
        // `- echo: hello` is a mapping by accident; engines take or refuse it, it is never a command worth reading.
        for (line, at) in tree.lines() {
            self.push(&line, at);
        }
    }

    pub(crate) fn push(&mut self, line: &str, at: Location) {
        if self.text.len() + line.len() > STEP_BYTES {
            return;
        }
        if !self.lines.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.lines.push(at);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The step that runs these lines; none when there is nothing to run.
    pub(crate) fn step(self, name: &str, at: Location, dir: &str, shell: &str) -> Option<Step> {
        if self.is_empty() {
            return None;
        }
        Some(step(name, at, dir, Does::Shell { text: self.text, lines: self.lines, shell: shell.to_owned() }))
    }
}

/// A step that fails its job when it fails.
pub(crate) fn step(name: &str, at: Location, dir: &str, does: Does) -> Step {
    Step {
        name: name.to_owned(),
        at,
        does,
        dir: dir.to_owned(),
        env: Vec::new(),
        allow_failure: false,
        always: false,
        via: Vec::new(),
    }
}

/// A step that uses something of the engine, with its inputs.
pub(crate) fn uses(what: &'static str, reference: &str, with: Option<&Tree<'_>>, at: Location, dir: &str) -> Step {
    let with = with.map(Tree::pairs).unwrap_or_default();
    step("", at, dir, Does::Uses { what, reference: reference.to_owned(), with })
}
