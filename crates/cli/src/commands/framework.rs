//! `preuve framework`: list, show, check and export what is asked.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use app::{Framework, Packs, Words};

use crate::args::{ExportFormat, FrameworkArgs, FrameworkVerb};
use crate::failure::{Failure, INPUT};
use crate::terminal::wrapped;
use crate::ui::{BOLD, DIM, Ui, styled};

pub(crate) fn run(args: FrameworkArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let lang = ui.lang();
    let fail = |error: app::AssessError| Failure::of(&error, lang);
    if let FrameworkVerb::Check { dir } = &args.verb {
        let mut folders = args.packs.clone();
        folders.push(dir.clone());
        let packs = Packs::load(&folders).map_err(fail)?;
        return check(&packs, dir, ui);
    }
    let packs = Packs::load(&args.packs).map_err(fail)?;
    match args.verb {
        FrameworkVerb::List => ui.data(&list(&packs, ui.words))?,
        FrameworkVerb::Show { id } => {
            let text = show(packs.framework(&id).map_err(fail)?, ui.words);
            ui.data(&text)?;
        }
        FrameworkVerb::Export { id, format, output } => {
            let framework = packs.framework(&id).map_err(fail)?;
            let value = match format {
                ExportFormat::Case => app::export::case(framework),
                ExportFormat::Json => app::export::json(framework),
            };
            ui.deliver(&format!("{value:#}\n"), output.as_deref())?;
        }
        FrameworkVerb::Check { .. } => unreachable!("handled above"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Answers the literate cases of a pack.
fn check(packs: &Packs, dir: &Path, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let (count, wrong) = app::cases::of_folder(packs, dir);
    if wrong.is_empty() {
        ui.talk(&ui.words.numbers("pack-fine", &[("cases", count)]));
        return Ok(ExitCode::SUCCESS);
    }
    let said = ui.words.with("pack-cases", &[("wrong", &wrong.len().to_string()), ("cases", &count.to_string())]);
    let failure = Failure::new(INPUT, format!("{said}\n{}", wrong.join("\n")));
    Err(Failure { hints: vec![ui.words.say("hint-pack-cases")], ..failure })
}

fn list(packs: &Packs, words: Words) -> String {
    let mut out = String::new();
    for framework in &packs.frameworks {
        let indicators = words.count("indicator-count", framework.indicators().count());
        let _ = writeln!(
            out,
            "{} {} {}\n{}",
            styled(BOLD, framework.id()),
            framework.header.version,
            styled(DIM, &indicators),
            wrapped(words.of(&framework.header.title), 2)
        );
    }
    out
}

/// A framework from its title to its evaluations.
pub(crate) fn show(framework: &Framework, words: Words) -> String {
    let header = &framework.header;
    let mut out = format!("{} {}\n", styled(BOLD, framework.id()), header.version);
    let _ = writeln!(out, "{}\n{}", wrapped(words.of(&header.title), 0), wrapped(words.of(&header.summary), 0));
    for competence in &framework.competences {
        let title = format!("{} {}", competence.id, words.of(&competence.title));
        let _ = write!(out, "\n{}\n", styled(BOLD, &wrapped(&title, 0)));
        for criterion in &competence.criteria {
            let _ = writeln!(out, "{}", wrapped(&format!("{} {}", criterion.id, words.of(&criterion.title)), 2));
        }
        for indicator in &competence.indicators {
            let rung = words.of(&indicator.required.label()).to_owned();
            let line = format!("{} {} [{rung}]", indicator.id, words.of(&indicator.title));
            let _ = writeln!(out, "{}", wrapped(&line, 2));
        }
    }
    for profile in &framework.profiles {
        let line = format!("{}: {}", profile.id, words.of(&profile.title));
        let _ = write!(out, "\n{}", wrapped(&line, 0));
    }
    for evaluation in &framework.evaluations {
        let _ = write!(out, "\n{} {}\n", styled(BOLD, &evaluation.id), words.of(&evaluation.title));
    }
    out
}
