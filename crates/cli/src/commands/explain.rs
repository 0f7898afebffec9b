//! `preuve explain`: what an id means, why it matters and how to get there.

use std::fmt::Write;
use std::process::ExitCode;

use app::lint::{self, Guide};
use app::{AssessError, Catalogue, Check, Fact, Fault, Framework, Indicator, Lab, Packs, What, Words};

use crate::args::ExplainArgs;
use crate::failure::Failure;
use crate::terminal::wrapped;
use crate::ui::{BOLD, DIM, Ui, styled};

pub(crate) fn run(args: &ExplainArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let packs = Packs::load(&args.packs).map_err(|error| Failure::of(&error, ui.lang()))?;
    let catalogue = packs.catalogue(&args.packs).map_err(|error| Failure::of(&error, ui.lang()))?;
    let text = explain(&packs, &catalogue, &args.id, ui.words).map_err(|error| Failure::of(&error, ui.lang()))?;
    ui.data(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn explain(packs: &Packs, catalogue: &Catalogue, id: &str, words: Words) -> Result<String, AssessError> {
    if let Some(check) = packs.checks.get(id) {
        return Ok(explain_check(packs, check, words));
    }
    if let Some(framework) = packs.frameworks.iter().find(|framework| framework.id() == id) {
        return Ok(super::framework::show(framework, words));
    }
    if let Some(fault) = catalogue.fault(id) {
        return Ok(explain_fault(fault, words));
    }
    if let Some(lab) = catalogue.lab(id) {
        return Ok(explain_lab(lab, words));
    }
    let guides = lint::guides()?;
    if let Some(guide) = guides.iter().find(|guide| guide.id == id) {
        return Ok(explain_rule(guide, words));
    }
    let mut out = String::new();
    for framework in &packs.frameworks {
        if let Some(indicator) = framework.indicator(id) {
            out.push_str(&explain_indicator(packs, framework, indicator, words));
        }
    }
    if let Some(kind) = Fact::kind(id) {
        out.push_str(&kind);
    }
    if !out.is_empty() {
        return Ok(out);
    }
    let indicators = packs.frameworks.iter().flat_map(|framework| framework.indicators());
    let known = packs.checks.keys().cloned();
    let known = known.chain(indicators.map(|(_, indicator)| indicator.id.to_string()));
    let known = known.chain(packs.frameworks.iter().map(|framework| framework.id().to_owned()));
    let known = known.chain(catalogue.faults.iter().map(|fault| fault.id.to_string()));
    let known = known.chain(catalogue.labs.iter().map(|lab| lab.id.to_string()));
    let known = known.chain(guides.into_iter().map(|guide| guide.id)).collect();
    Err(AssessError::NoSuchId { what: What::Any, id: id.to_owned(), known })
}

fn explain_check(packs: &Packs, check: &Check, words: Words) -> String {
    let mut out = format!("{}\n{}\n", styled(BOLD, &check.id), wrapped(words.of(&check.question), 0));
    for (title, text) in [("explain-why", &check.why), ("explain-fix", &check.fix), ("explain-sought", &check.sought)] {
        let _ = write!(out, "\n{}\n{}\n", styled(BOLD, &words.say(title)), wrapped(words.of(text), 2));
    }
    let users: Vec<String> = packs
        .frameworks
        .iter()
        .flat_map(|framework| framework.indicators().map(move |(_, indicator)| (framework, indicator)))
        .filter(|(_, indicator)| indicator.checks().iter().any(|id| ***id == *check.id))
        .map(|(framework, indicator)| format!("{} {}", framework.id(), indicator.id))
        .collect();
    if !users.is_empty() {
        let _ = write!(out, "\n{}\n{}\n", styled(BOLD, &words.say("explain-used-by")), wrapped(&users.join(", "), 2));
    }
    if !check.cases.is_empty() {
        let _ = write!(out, "\n{}\n", styled(BOLD, &words.say("explain-example")));
    }
    for case in &check.cases {
        let answer = words.say(&format!("outcome-{}", case.expect.value));
        let _ = writeln!(out, "  {} · {}: {answer}", case.name, words.say("explain-expected"));
        for (path, text) in &case.tree {
            let _ = writeln!(out, "    {}", styled(DIM, path));
            for line in text.lines().take(12) {
                let _ = writeln!(out, "      {line}");
            }
        }
    }
    out
}

fn explain_indicator(packs: &Packs, framework: &Framework, indicator: &Indicator, words: Words) -> String {
    let mut out = format!("{} {}\n", styled(BOLD, framework.id()), styled(BOLD, &indicator.id));
    let _ = writeln!(out, "{}", wrapped(words.of(&indicator.title), 0));
    let rung = words.of(&indicator.required.label()).to_owned();
    let _ = write!(out, "\n{}: {rung}\n", styled(BOLD, &words.say("explain-required")));
    let checks = indicator.checks();
    if !checks.is_empty() {
        let _ = write!(out, "\n{}\n", styled(BOLD, &words.say("explain-present")));
        for id in checks {
            let question = packs.checks.get(&**id).map_or("", |check| words.of(&check.question));
            let _ = writeln!(out, "  {:<28} {question}", &**id);
        }
    }
    if !indicator.experiments.is_empty() {
        let _ = write!(out, "\n{}\n", styled(BOLD, &words.say("explain-experiments")));
        for id in &indicator.experiments {
            let title = packs.experiments.iter().find(|experiment| experiment.id == *id);
            let _ = writeln!(out, "  {:<28} {}", &**id, title.map_or("", |experiment| words.of(&experiment.title)));
        }
    }
    if let Some(advice) = &indicator.advice {
        let _ = write!(out, "\n{}\n{}\n", styled(BOLD, &words.say("explain-fix")), wrapped(words.of(advice), 2));
    }
    out.push('\n');
    out
}

fn explain_fault(fault: &Fault, words: Words) -> String {
    let mut out = format!("{}\n{}\n", styled(BOLD, &fault.id), wrapped(words.of(&fault.title), 0));
    let difficulty = fault.difficulty.to_string();
    let area = words.with("explain-area", &[("area", fault.area.name()), ("difficulty", &difficulty)]);
    let _ = writeln!(out, "{}", styled(DIM, &area));
    let texts = [
        ("explain-symptom", Some(&fault.symptom)),
        ("explain-hint", Some(&fault.hint)),
        ("explain-mistake", Some(&fault.explanation)),
    ];
    for (title, text) in texts {
        let text = text.map_or("", |text| words.of(text));
        let _ = write!(out, "\n{}\n{}\n", styled(BOLD, &words.say(title)), wrapped(text, 2));
    }
    let ids: Vec<&str> = fault.noticed_by.iter().map(|id| &**id).collect();
    let _ = write!(out, "\n{}\n{}\n", styled(BOLD, &words.say("explain-noticed-by")), wrapped(&ids.join(", "), 2));
    if let Some(place) = &fault.place {
        let place = format!("{}: {}", place.path, place.line);
        let _ = write!(out, "\n{}\n{}\n", styled(BOLD, &words.say("explain-where")), wrapped(&place, 2));
    }
    out
}

/// A rule of papers, with texts that show it.
fn explain_rule(guide: &Guide, words: Words) -> String {
    let mut out = format!("{}\n{}\n", styled(BOLD, &guide.id), wrapped(words.of(&guide.title), 0));
    for (title, text) in [("explain-why", &guide.why), ("explain-fix", &guide.fix)] {
        let _ = write!(out, "\n{}\n{}\n", styled(BOLD, &words.say(title)), wrapped(words.of(text), 2));
    }
    let _ = write!(out, "\n{}\n", styled(BOLD, &words.say("explain-examples")));
    for case in guide.cases.iter().filter(|case| case.lang == words.0) {
        let places: Vec<&str> = case.expect.iter().filter_map(|place| place.split(' ').next()).collect();
        let told = if places.is_empty() { words.say("explain-right") } else { places.join(", ") };
        let _ = writeln!(out, "  {}: {told}", case.name);
        for line in case.text.lines() {
            let _ = writeln!(out, "    {}", styled(DIM, &app::findings::visible(line)));
        }
    }
    out
}

/// A lab without what it may seed by name: a candidate reads this too.
fn explain_lab(lab: &Lab, words: Words) -> String {
    let mut out = format!("{}\n{}\n", styled(BOLD, &lab.id), wrapped(words.of(&lab.title), 0));
    let (minutes, points, pass) = (lab.minutes.to_string(), lab.points.to_string(), lab.pass.to_string());
    let terms = words.with("lab-terms", &[("minutes", &minutes), ("points", &points), ("pass", &pass)]);
    let _ = write!(out, "{}\n\n{}\n", styled(DIM, &terms), wrapped(words.of(&lab.statement), 0));
    let _ = write!(out, "\n{}\n", styled(BOLD, &words.say("explain-tasks")));
    for task in &lab.tasks {
        let (of, points) = (task.faults.len(), task.points.to_string());
        let (pick, of) = (task.pick.unwrap_or(of).to_string(), of.to_string());
        let told = words.with("explain-task", &[("pick", &pick), ("of", &of), ("points", &points)]);
        let _ = writeln!(out, "  {told}");
    }
    let (hint, breaking) = (lab.hint.to_string(), lab.breaking.to_string());
    for (rule, percent) in [("lab-rule-hint", &hint), ("lab-rule-breaking", &breaking)] {
        let _ = writeln!(out, "{}", wrapped(&words.with(rule, &[("percent", percent)]), 2));
    }
    if let Some(beyond) = &lab.beyond {
        let _ = write!(out, "\n{}\n{}\n", styled(BOLD, &words.say("lab-beyond")), wrapped(words.of(beyond), 2));
    }
    out
}
