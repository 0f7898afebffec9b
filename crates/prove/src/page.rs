//! The page of an experiment: its specification, from which `docs/experiments/<id>.md` is made.

use std::fmt::Write;

/// What a reader must know of an experiment, in the order in which it is told.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub title: &'static str,
    /// What is taken to be true, and is put to the test.
    pub hypothesis: &'static str,
    /// Kinds of facts that a plan is made from.
    pub facts: &'static [&'static str],
    /// What the machine must offer: images and programs.
    pub tools: &'static [&'static str],
    /// What is run, one paragraph or step each.
    pub run: &'static [&'static str],
    /// What is broken, and where that must be noticed: `(fault, place)`.
    pub faults: &'static [(&'static str, &'static str)],
    /// How each outcome comes about.
    pub outcomes: &'static [(&'static str, &'static str)],
    /// What a proof does not show.
    pub limits: &'static [&'static str],
}

/// The page as Markdown.
pub fn markdown(id: &str, page: &Page) -> String {
    let mut out = format!("# {}: {}\n\nMade by `cargo xtask generate` from the experiment's file.\n", id, page.title);
    let _ = write!(out, "\n## Hypothesis\n\n{}\n", page.hypothesis);
    let list = |items: &[&str]| items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ");
    let _ = write!(out, "\n## Needs\n\nFacts: {}. Machine: {}.\n", list(page.facts), page.tools.join(", "));
    out.push_str("\n## What is run\n\n");
    for (number, step) in page.run.iter().enumerate() {
        let _ = writeln!(out, "{}. {step}", number + 1);
    }
    out.push_str("\n## What is broken, and where it must be noticed\n\n| fault | must be noticed in |\n|---|---|\n");
    for (fault, place) in page.faults {
        let _ = writeln!(out, "| {fault} | {place} |");
    }
    out.push_str("\n## Outcomes\n\n");
    for (outcome, when) in page.outcomes {
        let _ = writeln!(out, "- **{outcome}**: {when}");
    }
    out.push_str("\n## What it does not show\n\n");
    for limit in page.limits {
        let _ = writeln!(out, "- {limit}");
    }
    out
}
