//! A grade on a terminal.

use std::fmt::Write;

use app::Words;
use app::lab::{FaultGrade, Grade, Live, State, Time};

use crate::terminal::{plain, wrapped};
use crate::ui::{BAD, BOLD, DIM, GOOD, OPEN, styled};

/// Hundredths of points as people write them: `1`, `0.5`, `0,33` in French.
pub(crate) fn points(hundredths: u32, words: Words) -> String {
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if words.0 == app::Lang::Fr { text.replace('.', ",") } else { text.to_owned() }
}

/// Every part of the grade, worst first inside each task.
pub(crate) fn write(grade: &Grade, words: Words) -> String {
    let mut out = String::new();
    let verdict = match (grade.passed, grade.open) {
        (true, _) => styled(GOOD.bold(), &words.say("lab-passed")),
        (false, true) => styled(OPEN.bold(), &words.say("lab-open")),
        (false, false) => styled(BAD.bold(), &words.say("lab-not-passed")),
    };
    let (earned, of, pass) = (points(grade.points, words), points(grade.of, words), grade.pass.to_string());
    let score = words.with("lab-score", &[("points", &earned), ("of", &of), ("pass", &pass)]);
    let commit = grade.commit.get(..12).unwrap_or(&grade.commit);
    let _ = writeln!(
        out,
        "{} · {}",
        styled(BOLD, &grade.title),
        words.with("lab-seed", &[("seed", &grade.seed.to_string())])
    );
    let _ = writeln!(out, "{} {commit}\n{verdict} · {score}", words.say("report-commit"));
    let mut number = 0;
    for (task, place) in grade.tasks.iter().zip(1..) {
        let score = format!("{} / {} pt", points(task.points, words), points(task.of, words));
        let _ = writeln!(out, "\n{} {}", styled(BOLD, &words.count("lab-task", place)), styled(DIM, &score));
        for fault in &task.faults {
            number += 1;
            one(&mut out, number, fault, words);
        }
    }
    beside(&mut out, grade, words);
    out
}

fn one(out: &mut String, number: usize, fault: &FaultGrade, words: Words) {
    let (style, state) = match fault.state {
        State::Repaired => (GOOD, "lab-repaired"),
        State::Standing => (BAD, "lab-standing"),
        State::NeedsRun => (OPEN, "lab-needs-run"),
    };
    let _ = writeln!(out, "  {number}. {} {}", styled(style, &words.say(state)), fault.symptom);
    if let Some(title) = &fault.title {
        let _ = writeln!(out, "       {}", styled(DIM, title));
    }
    let told: Vec<String> = fault.told_by.iter().map(|(id, says)| format!("{id}: {says}")).collect();
    let _ = writeln!(out, "       {}", styled(DIM, &told.join(", ")));
}

/// What is taken off, what was caught, and what stays open.
fn beside(out: &mut String, grade: &Grade, words: Words) {
    if !grade.caught.is_empty() {
        let _ = writeln!(out, "\n{}", styled(BAD.bold(), &words.say("lab-caught")));
        for caught in &grade.caught {
            let name = serde_json::to_value(caught.trick).ok();
            let name = name.as_ref().and_then(|name| name.as_str()).unwrap_or_default();
            let _ = writeln!(out, "  {} {}", words.say(&format!("trick-{name}")), styled(DIM, &plain(&caught.place)));
        }
    }
    if !grade.broken.is_empty() {
        let _ = writeln!(out, "\n{}", styled(BAD, &words.say("lab-broken")));
        for broken in &grade.broken {
            let _ = writeln!(out, "  {} {}", broken.check, broken.question);
            for place in &broken.places {
                let _ = writeln!(out, "      {}", styled(DIM, &plain(place)));
            }
        }
    }
    let mut lines = Vec::new();
    match &grade.live {
        None => {}
        Some(Live::Well) => lines.push(words.say("lab-live-well")),
        Some(Live::Unwell(told)) => {
            let told: Vec<String> = told.iter().map(|line| plain(&words.said(line))).collect();
            lines.push(words.with("lab-live-unwell", &[("told", &told.join("; "))]));
        }
        Some(Live::Behind(commit)) => {
            let commit = commit.get(..12).unwrap_or(commit);
            lines.push(words.with("lab-live-behind", &[("commit", commit)]));
        }
        Some(Live::Absent) => lines.push(words.say("lab-services-absent")),
    }
    if grade.taken_off > 0 {
        let (earned, off) = (points(grade.earned, words), points(grade.taken_off, words));
        lines.push(words.with("lab-taken-off", &[("earned", &earned), ("off", &off)]));
    }
    lines.push(match grade.hints {
        Some(hints) => words.count("lab-hints-taken", hints),
        None => words.say("lab-no-journal"),
    });
    match grade.time {
        Time::Within(left) => lines.push(words.with("lab-in-time", &[("minutes", &left.to_string())])),
        Time::Late(over) => lines.push(words.with("lab-late", &[("minutes", &over.to_string())])),
        Time::Unknown => {}
    }
    if grade.uncommitted > 0 {
        lines.push(words.count("lab-uncommitted", grade.uncommitted));
    }
    out.push('\n');
    lines.iter().for_each(|line| out.push_str(&format!("{}\n", wrapped(line, 0))));
    if let Some(beyond) = &grade.beyond {
        let _ = writeln!(out, "\n{}\n{}", styled(BOLD, &words.say("lab-beyond")), wrapped(beyond, 2));
    }
}
