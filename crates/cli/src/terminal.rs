//! The report on a terminal: one line an indicator, its evidence when asked for, the three best next actions.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anstyle::Style;
use app::report::model::{Cited, FrameworkReport, IndicatorReport, Report};
use app::{Rung, Status, Words};

use crate::failure::Failure;
use crate::ui::{BAD, BOLD, DIM, GOOD, LINK, OPEN, styled};

const WIDTH: usize = 100;
const LABEL: usize = 46;
const NEXT: usize = 3;

/// Writes the report for a person.
pub(crate) fn write(report: &Report, verbose: bool, words: Words) -> String {
    let mut out = String::new();
    let commit = report.repository.commit.get(..12).unwrap_or(&report.repository.commit);
    let files = words.count("file-count", report.repository.files);
    let _ = writeln!(
        out,
        "{} {} · {files} · {} {}",
        words.say("report-commit"),
        styled(BOLD, commit),
        words.say("report-as-of"),
        report.as_of
    );
    for warning in report.warnings(words) {
        let _ = writeln!(out, "{}", styled(OPEN, &warning));
    }
    for framework in &report.frameworks {
        section(&mut out, framework, verbose, words);
    }
    if !report.unread.is_empty() {
        let _ = write!(out, "\n{}\n", styled(OPEN, &words.count("unread-count", report.unread.len())));
        for unread in report.unread.iter().take(if verbose { usize::MAX } else { NEXT }) {
            let path = unread.path.as_deref().unwrap_or_default();
            let line = unread.line.map_or(String::new(), |line| format!(":{line}"));
            let _ = writeln!(out, "  {} {}", styled(LINK, &format!("{path}{line}")), plain(&unread.reason));
        }
    }
    since(&mut out, report, words);
    out
}

fn section(out: &mut String, framework: &FrameworkReport, verbose: bool, words: Words) {
    let all = || framework.competences.iter().flat_map(|competence| &competence.indicators);
    let reached = all().filter(|indicator| indicator.status == Status::Reached).count();
    let score = words.numbers("ladder-reached", &[("reached", reached), ("total", all().count())]);
    let _ = write!(out, "\n{} {}\n", styled(BOLD, &framework.title), styled(DIM, &format!("({score})")));
    for competence in &framework.competences {
        let _ = write!(out, "\n  {} {}\n", styled(BOLD, &competence.id), competence.label);
        for indicator in &competence.indicators {
            line(out, indicator, words);
            for proof in &indicator.proofs {
                let _ = writeln!(out, "{}", wrapped(&plain(&proof.told(words)), 10));
            }
            if verbose {
                unfolded(out, indicator);
            }
        }
    }
    let _ = write!(out, "\n  {}\n", styled(BOLD, &words.say("report-next")));
    if framework.next.is_empty() {
        let _ = writeln!(out, "  {}", words.say("report-next-none"));
    }
    for (number, action) in framework.next.iter().take(NEXT).enumerate() {
        let brings = words.with("report-brings", &[("indicators", &action.indicators.join(", "))]);
        let text = format!("{} ({brings})", action.advice);
        let _ = writeln!(out, "  {}. {}\n{}", number + 1, styled(LINK, &action.check), wrapped(&text, 5));
    }
}

fn style(status: Status) -> Style {
    match status {
        Status::Reached | Status::Waived => GOOD,
        Status::Below => BAD,
        Status::Open => OPEN,
        Status::Unknown | Status::NotApplicable => DIM,
    }
}

/// The ladder as marks, so that the report reads without colour too: reached, asked for, not known, not asked for.
fn ladder(rung: Rung, required: Rung, status: Status) -> String {
    let mark = |step: &Rung| match (*step <= rung, *step <= required, status) {
        (true, ..) => '●',
        (false, true, Status::Unknown) => '?',
        (false, true, Status::NotApplicable | Status::Waived) => '–',
        (false, true, _) => '○',
        (false, false, _) => '·',
    };
    Rung::ALL[1..].iter().map(mark).collect()
}

fn line(out: &mut String, indicator: &IndicatorReport, words: Words) {
    let style = style(indicator.status);
    let required = words.of(&indicator.required.label()).to_owned();
    let first = indicator.evidence.first().map(place).unwrap_or_default();
    let more = indicator.evidence.len().saturating_sub(1);
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    let label = padded(&indicator.label, LABEL);
    let standing = padded(&format!("{} / {required}", indicator.standing(words)), 26);
    let _ = writeln!(
        out,
        "    {} {:<12} {label} {} {}{}",
        styled(style, &ladder(indicator.rung, indicator.required, indicator.status)),
        indicator.id,
        styled(style, &standing),
        styled(LINK, &plain(&first)),
        styled(DIM, &more)
    );
}

/// Where a piece of evidence is, with commits cut to what identifies them.
fn place(cited: &Cited) -> String {
    let place = cited.place();
    match place.strip_prefix("commit:") {
        Some(id) => format!("commit:{}", id.get(..12).unwrap_or(id)),
        None => place,
    }
}

fn unfolded(out: &mut String, indicator: &IndicatorReport) {
    for cited in &indicator.evidence {
        let place = plain(&place(cited));
        let _ = writeln!(out, "          {} {}", styled(LINK, &place), styled(DIM, &cited.check));
        if cited.path.is_some() {
            for line in cited.excerpt.lines().take(2) {
                let _ = writeln!(out, "            {}", plain(line));
            }
        }
    }
    if !indicator.advice.is_empty() {
        let _ = writeln!(out, "{}", wrapped(&format!("→ {}", indicator.advice), 10));
    }
}

fn since(out: &mut String, report: &Report, words: Words) {
    let Some(since) = &report.since else { return };
    let _ = write!(out, "\n{}\n", styled(BOLD, &words.with("report-since", &[("rev", &since.rev)])));
    if since.checks.is_empty() && since.touched.is_empty() {
        let _ = writeln!(out, "  {}", words.say("report-since-none"));
    }
    for change in &since.checks {
        let _ = writeln!(out, "  {}", change.told(words));
    }
    for touched in &since.touched {
        let _ = writeln!(out, "{}", wrapped(&plain(&touched.told(words)), 2));
    }
}

/// One line a repository of a cohort: how many indicators of each framework are reached.
pub(crate) fn cohort(dir: &Path, outcomes: &[(PathBuf, Result<Report, Failure>)], words: Words) -> String {
    let mut out = String::new();
    for (path, outcome) in outcomes {
        let name = plain(&path.strip_prefix(dir).unwrap_or(path).display().to_string());
        let told = match outcome {
            Ok(report) => {
                report.frameworks.iter().map(|framework| score(framework, words)).collect::<Vec<_>>().join("  ")
            }
            Err(failure) => styled(BAD, &plain(&failure.message)),
        };
        let _ = writeln!(out, "{} {told}", padded(&name, LABEL));
    }
    out
}

fn score(framework: &FrameworkReport, words: Words) -> String {
    let all = || framework.competences.iter().flat_map(|competence| &competence.indicators);
    let present = all().filter(|indicator| indicator.rung >= Rung::Present).count();
    let shown = format!("{present}/{}", all().count());
    format!("{} {} {}", styled(DIM, &framework.id), styled(BOLD, &shown), words.of(&Rung::Present.label()))
}

/// Cut or filled to a width, counted in characters.
fn padded(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length > width {
        let cut: String = text.chars().take(width - 1).collect();
        return format!("{cut}…");
    }
    format!("{text}{}", " ".repeat(width - length))
}

/// Text from a repository must not steer the terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\t' { '�' } else { c }).collect()
}

/// A paragraph wrapped at words, each line indented.
pub(crate) fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let length = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && indent + length > WIDTH {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    let indent = " ".repeat(indent);
    lines.iter().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_reads_without_colour() {
        assert_eq!(ladder(Rung::Present, Rung::Proven, Status::Open), "●●○○·");
        assert_eq!(ladder(Rung::Missing, Rung::Declared, Status::Below), "○····");
        assert_eq!(ladder(Rung::Confirmed, Rung::Present, Status::Reached), "●●●●●");
        assert_eq!(ladder(Rung::Missing, Rung::Proven, Status::Unknown), "????·");
        assert_eq!(ladder(Rung::Missing, Rung::Present, Status::Waived), "––···");
    }

    #[test]
    fn widths_count_characters() {
        assert_eq!(padded("é", 3), "é  ");
        assert_eq!(padded("abcdef", 4), "abc…");
        assert_eq!(plain("a\u{1b}[31mb"), "a�[31mb");
    }
}
