//! The steps of a stage: shell commands, approvals, plugins, with what surrounds them taken into account.

use super::Source;
use super::call::{Argument, Call};
use crate::ci::model::{Does, Job, Step, Written};
use crate::ci::reading::{Script, step};
use crate::{File, path};

/// The deepest chain of functions that is followed.
const FUNCTIONS: usize = 6;

/// What surrounds a step.
#[derive(Clone)]
struct Around<'p> {
    file: &'p File,
    dir: String,
    allow_failure: bool,
    always: bool,
    functions: usize,
}

/// Reads the calls of a stage, and all inside them, into steps of a job.
pub(super) fn read(source: &mut Source<'_>, calls: &[Call], job: &mut Job) {
    let around =
        Around { file: source.file, dir: source.root.clone(), allow_failure: false, always: false, functions: 0 };
    all(source, calls, &around, job);
}

fn all<'p>(source: &mut Source<'p>, calls: &[Call], around: &Around<'p>, job: &mut Job) {
    for (at, call) in calls.iter().enumerate() {
        let mut around = around.clone();
        if call.name == "try" {
            // A failure that is caught and not thrown again leaves the job green.
            let caught = calls[at + 1..].iter().take_while(|next| matches!(next.name.as_str(), "catch" | "finally"));
            let mut caught = caught.filter(|next| next.name == "catch").peekable();
            around.allow_failure |= caught.peek().is_some() && !caught.any(throws);
        }
        around.always |= matches!(call.name.as_str(), "catch" | "finally");
        one(source, call, &around, job);
    }
}

/// Whether a handler fails the build.
fn throws(handler: &Call) -> bool {
    let mut found = false;
    handler.walk(&mut |call| {
        let failed = call.name.starts_with("currentBuild") && call.first().eq_ignore_ascii_case("failure");
        found |= failed || matches!(call.name.as_str(), "throw" | "error");
    });
    found
}

fn one<'p>(source: &mut Source<'p>, call: &Call, around: &Around<'p>, job: &mut Job) {
    if source.left == 0 {
        return;
    }
    source.left -= 1;
    let mut inner = around.clone();
    let at = around.file.at(call.head.clone());
    match call.name.as_str() {
        "sh" | "bat" | "powershell" | "pwsh" => {
            if let Some(argument) = call.argument("script") {
                let read = shell(around, call, argument);
                let status = call.named("returnStatus") == Some("true");
                job.steps.extend(read.map(|step| Step { allow_failure: step.allow_failure || status, ..step }));
            }
            return;
        }
        "dir" => inner.dir = path::join(&around.dir, call.first()).unwrap_or_else(|| around.dir.clone()),
        "catchError" | "warnError" => inner.allow_failure = true,
        "input" => {
            job.manual = job.manual.take().or(Some(at.clone()));
            job.steps.push(placed(step("input", at, &around.dir, Does::Approval), around));
        }
        "archiveArtifacts" => {
            let text = call.argument("artifacts").map(|argument| argument.text.clone()).unwrap_or_default();
            job.artifacts.push(Written { text, at });
        }
        "if" | "else" | "try" | "catch" | "finally" | "for" | "while" | "script" | "node" | "stage" | "steps"
        | "timeout" | "retry" | "timestamps" | "ansiColor" | "parallel" | "withEnv" | "withCredentials"
        | "container" | "wrap" | "ws" | "lock" | "each" | "sshagent" | "inside" | "echo" | "println" | "def"
        | "return" | "credentials" | "string" | "usernamePassword" | "file" | "throw" | "error" | "new" | "in"
        | "when" | "options" | "environment" | "tools" => {}
        name if name.ends_with('=') || name.starts_with("env.") || name.starts_with("params.") => {}
        name => {
            if let Some((file, function)) = source.functions.get(name.rsplit('.').next().unwrap_or(name)).cloned()
                && !call.has_body
                && around.functions < FUNCTIONS
            {
                let first = job.steps.len();
                let inner = Around { file, functions: around.functions + 1, ..around.clone() };
                all(source, &function.body, &inner, job);
                let via = around.file.at(call.head.clone());
                job.steps[first..].iter_mut().for_each(|step| step.via.insert(0, via.clone()));
                return;
            }
            if !call.head.is_empty() && (!call.arguments.is_empty() || called(around.file, call)) {
                job.steps.push(placed(plugin(call, name, around), around));
            }
        }
    }
    all(source, &call.body, &inner, job);
}

/// Whether the name is followed by parentheses: otherwise it is a variable, not a call.
fn called(file: &File, call: &Call) -> bool {
    file.str().get(call.head.clone()).is_some_and(|text| text.ends_with(')'))
}

fn placed(step: Step, around: &Around<'_>) -> Step {
    Step { allow_failure: around.allow_failure, always: around.always, ..step }
}

/// A step of a plugin or of Jenkins itself, with its arguments.
fn plugin(call: &Call, name: &str, around: &Around<'_>) -> Step {
    let at = around.file.at(call.head.clone());
    let with = call
        .arguments
        .iter()
        .take(50)
        .map(|argument| {
            let name = argument.name.clone().unwrap_or_default();
            (name, Written { text: argument.text.clone(), at: at.clone() })
        })
        .collect();
    step("", at, &around.dir, Does::Uses { what: "plugin", reference: name.to_owned(), with })
}

/// A shell step, each line of its text with its place.
fn shell(around: &Around<'_>, call: &Call, argument: &Argument) -> Option<Step> {
    let mut script = Script::default();
    let text = around.file.text().ok()?;
    let first = argument.start.map_or_else(|| text.line_of(call.range.start), |start| text.line_of(start));
    let last = text.line_of(call.head.end.saturating_sub(1)).max(first);
    for (at, line) in argument.text.split('\n').enumerate() {
        let number = (first + at).min(last);
        let range = text.line_range(number);
        script.push(line, around.file.at(range));
    }
    let kind = if call.name == "sh" { "" } else { call.name.as_str() };
    let read = script.step("", around.file.at(call.head.clone()), &around.dir, kind)?;
    Some(placed(read, around))
}
