//! What engines provide: actions, orbs, tasks, templates, plugins and images, and the shell text given to them.

use facts::Location;

use super::catalogue::{Meaning, Place, catalogue};
use super::run::{Context, Runner};
use super::unwrap::image_program;
use crate::ci::model::Written;
use crate::{Project, commands};

/// What a used part of a pipeline turned out to be.
pub(super) struct Used {
    /// What the catalogue or the name says; none when its text alone speaks, or nothing does.
    pub meaning: Option<Meaning>,
    /// Whether what it does lies outside the repository and is not known.
    pub unknown: bool,
}

/// The name of a used part as the catalogue writes it.
pub(super) fn name(reference: &str) -> String {
    let lower = reference.trim().to_ascii_lowercase();
    let bare = lower.strip_prefix("docker://").unwrap_or(&lower);
    let bare = bare.rsplit_once('@').map_or(bare, |(name, _)| name);
    // The tag of an image, not the port of a registry.
    match bare.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') && name.contains('/') => name.to_owned(),
        _ => bare.to_owned(),
    }
}

/// What an image that starts by itself is for.
pub(super) fn image(reference: &str) -> Option<Meaning> {
    let name = name(reference);
    let found = catalogue().used("image", &name, &|_| None);
    found.filter(|meaning| !meaning.purposes.is_empty())
}

/// Inputs that hold shell text, whatever takes them.
const SCRIPTS: [&str; 11] = [
    "script",
    "run",
    "command",
    "commands",
    "inlinescript",
    "inline",
    "custom_command",
    "run_script",
    "cmd",
    "startupcommand",
    "pre_deploy_command",
];

/// Whether an input holds shell text: one of the usual names, or `gradle-command`, `test_script` and so on.
fn holds_shell(key: &str) -> bool {
    SCRIPTS.contains(&key)
        || ["-command", "_command", "-commands", "-script", "_script"].iter().any(|end| key.ends_with(end))
}

/// Reads a used part: its text into the runner, its meaning as the answer.
pub(super) fn read(
    runner: &mut Runner<'_>,
    project: &Project,
    what: &str,
    reference: &str,
    with: &[(String, Written)],
    at: &Location,
    context: &Context,
) -> Used {
    let name = name(reference);
    let input = |key: &str| {
        let found = with.iter().find(|(known, _)| known.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value.text.clone())
    };
    let remote = name.contains("ssh") || name.contains("remote");
    let mut ran_text = false;
    for (key, value) in with.iter().filter(|(key, _)| holds_shell(&key.to_ascii_lowercase())) {
        let shell = remote || key.contains("script") || key != "command" || value.text.contains(' ');
        if shell && name != "actions/github-script" && !(name == "docker" && what == "task") {
            let mut inner = context.clone();
            if remote {
                inner.place = Place::Remote;
            }
            runner.text(&value.text, &lines(project, value), &mut inner);
            ran_text = true;
        }
    }
    if let Some(arguments) = with.iter().find(|(key, _)| {
        matches!(
            key.to_ascii_lowercase().as_str(),
            "args" | "arguments" | "helmfile-args" | "tg_command" | "subcommand"
        )
    }) {
        ran_text |= arguments_of(runner, &name, &arguments.1, at, context);
    }
    let meaning = catalogue().used(what, &name, &input).or_else(|| if ran_text { None } else { by_name(&name, what) });
    Used { unknown: meaning.is_none() && !ran_text, meaning }
}

/// An action that wraps a program and takes its arguments.
fn arguments_of(runner: &mut Runner<'_>, name: &str, arguments: &Written, at: &Location, context: &Context) -> bool {
    let last = name.rsplit('/').find(|part| !part.starts_with('.')).unwrap_or(name);
    let last = last.trim_end_matches("-actions").trim_end_matches("-action").trim_start_matches("setup-");
    let program = match last {
        "flyctl" => Some("fly".to_owned()),
        "terragrunt" => Some("terragrunt".to_owned()),
        other => image_program(other).or_else(|| image_program(name)),
    };
    let Some(program) = program else { return false };
    let text = format!("{program} {}", arguments.text.replace('\n', " "));
    runner.text(&text, std::slice::from_ref(at), &mut context.clone());
    true
}

/// Where the lines of an input are written.
fn lines(project: &Project, value: &Written) -> Vec<Location> {
    let count = value.text.lines().count().max(1);
    let place = value.at.path().and_then(|path| project.file(path)).zip(value.at.span());
    match place {
        // The text of a block starts on the line after its key.
        Some((file, span)) if span.end_line > span.line => {
            (0..count).map(|index| file.at_line((span.line + 1 + index).min(span.end_line))).collect()
        }
        _ => commands::part(&value.text, value.at.clone()).lines,
    }
}

/// What the name of an unknown part says, when it is made of plain words of the trade.
fn by_name(name: &str, what: &str) -> Option<Meaning> {
    if !matches!(what, "action" | "orb" | "task" | "plugin" | "component" | "image") {
        return None;
    }
    // Its last part is what it does; the folders and the owner before it hold many other things.
    let words: Vec<&str> = name.rsplit('/').take(1).flat_map(|part| part.split(['-', '_', '.'])).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let (purpose, on) = match () {
        () if has(&["setup", "install", "login", "cache", "download", "upload", "comment", "label", "checkout"]) => {
            return None;
        }
        () if has(&["deploy", "deployment", "deployments", "deployer", "rollout"]) => ("deploy", "cloud"),
        () if has(&["pytest", "phpunit", "jest", "unittest", "unittests"]) => ("test", ""),
        () if has(&["eslint", "lint", "linter", "flake8", "pylint"]) => ("lint", ""),
        () if has(&["scan", "scanner", "scanning", "vulnerability"]) => ("scan", ""),
        () if has(&["sbom"]) => ("sbom", ""),
        () if has(&["publish", "release"]) => ("publish", ""),
        () if has(&["slack", "discord", "teams", "telegram", "notify"]) => ("notify", ""),
        () => return None,
    };
    Some(Meaning { purposes: [purpose].into(), tool: name.to_owned(), on, likely: true, ..Meaning::default() })
}
