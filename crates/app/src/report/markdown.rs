//! The report as Markdown, for merge requests and wikis.

use std::fmt::Write;

use crate::report::model::{Cited, FrameworkReport, IndicatorReport, Report, Since};
use crate::words::Words;

/// Writes the report as Markdown.
pub fn write(report: &Report, words: Words) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", words.say("report-title"));
    let _ = writeln!(
        out,
        "{} `{}` · {} {}\n",
        words.say("report-commit"),
        report.repository.commit,
        words.say("report-as-of"),
        report.as_of
    );
    for warning in report.warnings(words) {
        let _ = writeln!(out, "> {warning}\n");
    }
    for framework in &report.frameworks {
        framework_section(&mut out, framework, words);
    }
    checks(&mut out, report, words);
    if let Some(since) = &report.since {
        self::since(&mut out, since, words);
    }
    if !report.unread.is_empty() {
        let _ = writeln!(out, "## {}\n", words.say("report-unread"));
        for unread in &report.unread {
            let place = place(unread.path.as_deref(), unread.line);
            let _ = writeln!(out, "- `{}` {}", place, escape(&unread.reason));
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", words.with("report-made-by", &[("version", report.tool.version)]));
    out
}

fn framework_section(out: &mut String, framework: &FrameworkReport, words: Words) {
    let _ = writeln!(out, "## {} ({})\n", escape(&framework.title), framework.id);
    let _ = writeln!(
        out,
        "| {} | | {} | {} | {} | {} |\n|---|---|---|---|---|---|",
        words.say("report-indicator"),
        words.say("report-rung"),
        words.say("report-required"),
        words.say("report-evidence"),
        words.say("report-advice")
    );
    for indicator in framework.competences.iter().flat_map(|competence| &competence.indicators) {
        row(out, indicator, words);
    }
    out.push('\n');
    if !framework.next.is_empty() {
        let _ = writeln!(out, "### {}\n", words.say("report-next"));
        for (number, action) in framework.next.iter().take(3).enumerate() {
            let brings = words.with("report-brings", &[("indicators", &action.indicators.join(", "))]);
            let _ = writeln!(out, "{}. **{}** {} ({brings})", number + 1, action.check, escape(&action.advice));
        }
        out.push('\n');
    }
}

fn row(out: &mut String, indicator: &IndicatorReport, words: Words) {
    let mut places: Vec<String> =
        indicator.evidence.iter().take(3).map(|cited| format!("`{}`", shown(cited))).collect();
    places.extend(indicator.proofs.iter().take(3).map(|proof| escape(&proof.told(words))));
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} | {} |",
        indicator.id,
        escape(&indicator.label),
        indicator.standing(words),
        words.of(&indicator.required.label()),
        places.join(" "),
        escape(&indicator.advice)
    );
}

fn checks(out: &mut String, report: &Report, words: Words) {
    let _ = writeln!(out, "## {}\n", words.say("report-checks"));
    let _ = writeln!(
        out,
        "| {} | {} | {} |\n|---|---|---|",
        words.say("report-check"),
        words.say("report-answer"),
        words.say("report-evidence")
    );
    for check in &report.checks {
        let mut places: Vec<String> =
            check.evidence.iter().take(3).map(|cited| format!("`{}`", shown(cited))).collect();
        if places.is_empty() && !check.note.is_empty() {
            places.push(escape(&check.note));
        }
        let answer = words.say(&format!("outcome-{}", check.outcome.name()));
        let _ = writeln!(out, "| {} | {answer} | {} |", check.id, places.join(" "));
    }
    out.push('\n');
}

fn since(out: &mut String, since: &Since, words: Words) {
    let _ = writeln!(out, "## {}\n", escape(&words.with("report-since", &[("rev", &since.rev)])));
    if since.checks.is_empty() && since.touched.is_empty() {
        let _ = writeln!(out, "{}", words.say("report-since-none"));
    }
    for change in &since.checks {
        let _ = writeln!(out, "- {}", change.told(words));
    }
    for touched in &since.touched {
        let _ = writeln!(out, "- {}", escape(&touched.told(words)));
    }
    out.push('\n');
}

fn shown(cited: &Cited) -> String {
    cited.place().replace(['`', '|', '\n'], " ")
}

fn place(path: Option<&str>, line: Option<usize>) -> String {
    match (path, line) {
        (Some(path), Some(line)) => format!("{path}:{line}"),
        (Some(path), None) => path.to_owned(),
        _ => String::new(),
    }
}

/// Text from elsewhere must not become structure.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '|' | '<' | '>' | '[' | ']' | '*' | '_' | '\\' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
