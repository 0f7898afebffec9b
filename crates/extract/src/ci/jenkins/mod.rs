//! Jenkins: declarative and scripted Jenkinsfiles, read without running Groovy.
//!
//! A Jenkinsfile rarely says what starts it: that is part of the job, which lives in Jenkins. Triggers that it does
//! declare, or that a job definition of the repository declares, count; otherwise the pipeline says that its trigger
//! is elsewhere, so that rules can answer *unknown*.

mod call;
mod lexer;
mod stages;
mod steps;
mod triggers;

use std::collections::BTreeMap;

use self::call::Call;
use super::model::{External, Job, Pipeline};
use super::order;
use super::place::Place;
use super::reading::Reading;
use crate::{File, path};

/// Functions that stages call: of the file itself and of those that it loads.
pub(super) type Functions<'p> = BTreeMap<String, (&'p File, Call)>;

/// What is read from one Jenkinsfile.
pub(super) struct Source<'p> {
    pub file: &'p File,
    pub root: String,
    pub functions: Functions<'p>,
    /// The names of variables that hold loaded scripts and libraries.
    pub externals: Vec<External>,
    /// How many steps may still be read.
    pub left: usize,
}

/// How many steps of one Jenkinsfile are read, calls of functions expanded.
const STEPS: usize = 20_000;

/// Splits a Jenkinsfile into calls; how many there are, for tests of the reader alone.
#[cfg(test)]
pub(super) fn count_calls(text: &str) -> usize {
    let mut count = 0;
    call::read(text).iter().for_each(|call| call.walk(&mut |_| count += 1));
    count
}

/// Reads one Jenkinsfile.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let text = match place.file.text() {
        Ok(text) => text.as_str(),
        Err(error) => {
            reading.unread(place.file, 0..0, &error.reason(), false);
            return None;
        }
    };
    if !reading.spend(1 + text.len() / 1_000) {
        return None;
    }
    if !lexer::closed(text) {
        reading.unread(place.file, 0..0, "its braces do not match", true);
        return None;
    }
    let calls = call::read(text);
    let mut source = Source {
        file: place.file,
        root: root(place, text),
        functions: BTreeMap::new(),
        externals: Vec::new(),
        left: STEPS,
    };
    libraries(&calls, &mut source);
    functions(reading, place.file, &calls, &mut source, 0);
    let mut pipeline = super::pipeline(place, place.file.start());
    pipeline.root.clone_from(&source.root);
    let declarative = find(&calls, "pipeline", 3).filter(|call| call.has_body);
    let jobs = match declarative {
        Some(call) => stages::declarative(&mut source, call),
        None => stages::scripted(&mut source, &calls),
    };
    pipeline.jobs = jobs;
    if pipeline.jobs.is_empty() {
        library_alone(&calls, &mut source, &mut pipeline.jobs);
    }
    if pipeline.jobs.is_empty() {
        return None;
    }
    if let Some(first) = pipeline.jobs.first() {
        pipeline.at = first.at.clone();
    }
    pipeline.externals = source.externals;
    triggers::start(reading.project, place.file, &calls, &mut pipeline);
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    Some(pipeline)
}

/// The directory in which the steps of a Jenkinsfile of a sub-folder run: the root when it names its own folder.
fn root(place: &Place<'_>, text: &str) -> String {
    let quoted = |open: char| {
        text.contains(&format!("{open}{}", place.root)) || text.contains(&format!("{open}./{}", place.root))
    };
    if place.subfolder && (quoted('\'') || quoted('"') || text.contains(&format!("cd {}", place.root))) {
        String::new()
    } else {
        place.root.clone()
    }
}

/// The call of that name, at most so many levels down.
fn find<'c>(calls: &'c [Call], name: &str, depth: usize) -> Option<&'c Call> {
    let here = calls.iter().find(|call| call.name == name);
    here.or_else(|| calls.iter().filter(|_| depth > 0).find_map(|call| find(&call.body, name, depth - 1)))
}

/// Shared libraries that the file asks for.
fn libraries(calls: &[Call], source: &mut Source<'_>) {
    let file = source.file;
    for call in calls {
        call.walk(&mut |call| {
            if matches!(call.name.as_str(), "Library" | "library") && !call.arguments.is_empty() {
                for argument in call.arguments.iter().filter(|argument| argument.start.is_some()) {
                    let at = file.at(call.head.clone());
                    source.externals.push(External { what: "shared-library", reference: argument.text.clone(), at });
                }
            }
        });
    }
}

/// The functions of a file and of the scripts that it loads.
fn functions<'p>(reading: &mut Reading<'p, '_>, file: &'p File, calls: &[Call], source: &mut Source<'p>, depth: usize) {
    for call in
        calls.iter().filter(|call| call.has_body && !matches!(call.name.as_str(), "pipeline" | "node" | "stage"))
    {
        source.functions.entry(call.name.clone()).or_insert_with(|| (file, call.clone()));
    }
    let mut loaded = Vec::new();
    for call in calls {
        call.walk(&mut |call| {
            if call.name == "load" && !call.first().is_empty() {
                loaded.push((call.first().to_owned(), file.at(call.head.clone())));
            }
        });
    }
    for (name, at) in loaded.into_iter().take(50) {
        let found = [source.root.as_str(), file.dir(), ""]
            .iter()
            .find_map(|base| reading.project.file(&path::join(base, &name)?));
        match found.filter(|found| depth < 4 && found.path != file.path) {
            Some(script) if reading.spend(1 + script.str().len() / 1_000) => {
                let calls = call::read(script.str());
                functions(reading, script, &calls, source, depth + 1);
            }
            Some(_) => {}
            None => source.externals.push(External { what: "include", reference: name, at }),
        }
    }
}

/// A Jenkinsfile that is one call of a shared library: `buildPlugin()`.
fn library_alone(calls: &[Call], source: &mut Source<'_>, jobs: &mut Vec<Job>) {
    let call = calls.iter().rev().find(|call| {
        let plain = call.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        plain && !matches!(call.name.as_str(), "Library" | "library" | "properties" | "import" | "def" | "_")
    });
    let Some(call) = call.filter(|call| !call.head.is_empty()) else { return };
    let at = source.file.at(call.range.clone());
    let mut job = Job::new(call.name.clone(), at.clone());
    job.steps.push(super::reading::uses("shared-library", &call.name, None, at.clone(), &source.root));
    source.externals.push(External { what: "shared-library", reference: call.name.clone(), at });
    jobs.push(job);
}
