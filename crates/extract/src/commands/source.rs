//! The source of `command` facts: what every versioned entry outside pipelines does.

use facts::{Confidence, Fact};

use super::{Entry, Part, entries, part_from, runner_of};
use crate::purpose::{Ran, Runner};
use crate::{File, Project, Sink};

/// Scripts are entries when a person or a hook would call them.
const SCRIPT_BYTES: u64 = 200_000;

/// What all entries together may cost: each may follow others, which follow others.
const WORK: usize = 1_000_000;

/// Reads all entries of a repository.
pub(crate) fn source(project: &Project, sink: &mut Sink) {
    let mut left = WORK;
    for file in project.files() {
        let lone;
        let (list, cut) = if runner_of(file).is_some() {
            let entries = entries(project, file);
            (&entries.list, entries.cut)
        } else if let Some(entry) = script(file) {
            lone = vec![entry];
            (&lone, false)
        } else {
            continue;
        };
        for entry in list {
            push(project, entry, &mut left, sink);
        }
        if cut || left == 0 {
            sink.unread(file, 0..0, "commands", "app", "too many commands, or too long ones");
        }
        if left == 0 {
            return;
        }
    }
}

fn push(project: &Project, entry: &Entry, left: &mut usize, sink: &mut Sink) {
    let mut runner = Runner::with_work(project, *left);
    let before = runner.work_left();
    runner.entry(entry);
    // Reading the entry itself costs as well.
    *left = left.saturating_sub(before - runner.work_left() + 1);
    for ran in runner.into_ran() {
        sink.push(fact(entry, &ran));
    }
}

fn fact(entry: &Entry, ran: &Ran) -> Fact {
    let chain: Vec<_> = ran.chain.iter().chain([&ran.at]).collect();
    let first = chain.first().copied().unwrap_or(&entry.at);
    let mut fact = Fact::new("command", "commands", first.clone())
        .with("runner", entry.runner)
        .with("entry", entry.name.as_str())
        .with("command", ran.command.as_str())
        .with("purposes", ran.purposes())
        .with("tools", vec![ran.meaning.tool.clone()])
        .with("applies", ran.meaning.applies)
        .with("on", ran.meaning.on)
        .with("blocking", !ran.swallowed)
        .with("target", ran.meaning.target.as_str());
    for place in chain.into_iter().skip(1) {
        fact = fact.also(place.clone());
    }
    if ran.meaning.likely { fact.confidence(Confidence::Likely) } else { fact }
}

/// A shell script as an entry: hooks of husky and git, and scripts by extension or first line.
fn script(file: &File) -> Option<Entry> {
    if file.size > SCRIPT_BYTES {
        return None;
    }
    let hook = ["husky", "githooks", "git-hooks", "hooks"]
        .iter()
        .any(|dir| file.dir().rsplit('/').next().is_some_and(|last| last.trim_start_matches('.') == *dir));
    let hook =
        hook && (file.name().starts_with("pre-") || file.name().starts_with("post-") || file.name() == "commit-msg");
    let plain = file.extension().is_empty() || !file.name().contains('.');
    let shell = matches!(file.extension().as_str(), "sh" | "bash" | "zsh") || (plain && shebang(file.str()));
    if !hook && !shell {
        return None;
    }
    let runner = if hook { "husky" } else { "script" };
    let parts: Vec<Part> = vec![part_from(file, file.str(), 1)];
    Some(Entry { runner, name: file.path.to_string(), at: file.start(), needs: Vec::new(), parts, dir: String::new() })
}

/// Whether a text says in its first line that a shell runs it.
pub(crate) fn shebang(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.starts_with("#!")
        && ["sh", "bash", "zsh", "dash", "ash", "ksh"].iter().any(|shell| {
            first.trim_end().ends_with(shell)
                || first.contains(&format!("/{shell} "))
                || first.contains(&format!(" {shell} "))
        })
}
