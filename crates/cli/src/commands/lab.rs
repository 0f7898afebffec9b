//! `preuve lab`: faults to repair, in a repository that a seed draws, and a grade.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::lab::{Given, Look, Room, Standing, Started};
use app::{Catalogue, Lab, Packs, Reading};

use super::assess::cache;
use super::{lab_run, lab_services};
use crate::args::{DoctorFormat, LabArgs, LabVerb};
use crate::failure::{ENVIRONMENT, Failure, REQUIREMENT_NOT_MET};
use crate::grade::{self, points};
use crate::terminal::wrapped;
use crate::ui::{BOLD, DIM, OPEN, Ui, styled};

pub(crate) fn run(args: LabArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let packs = Packs::load(&args.packs).map_err(|error| Failure::of(&error, ui.lang()))?;
    let catalogue = packs.catalogue(&args.packs).map_err(|error| Failure::of(&error, ui.lang()))?;
    if matches!(args.verb, LabVerb::List) {
        let text = list(&catalogue, ui);
        ui.data(&text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let journals = args.journals.clone().or_else(journals);
    let journals = journals.ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-state")))?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let room = Room {
        packs: &packs,
        catalogue: &catalogue,
        journals: &journals,
        lang: ui.lang(),
        now: args.at.map_or_else(now, jiff::Timestamp::as_second),
        reading: Reading { deep: false, cache: cache(), threads: cores },
    };
    one(args.verb, &room, ui)
}

fn one(verb: LabVerb, room: &Room<'_>, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let lang = ui.lang();
    let told = |error: app::AssessError| Failure::of(&error, lang);
    let text = match verb {
        LabVerb::List => list(room.catalogue, ui),
        LabVerb::Start { id, dir, seed } => {
            let dir = dir.unwrap_or_else(|| PathBuf::from(&id));
            started(&room.start(&id, &dir, seed).map_err(told)?, &dir, ui)
        }
        LabVerb::Status { dir } => {
            let services = room.seen(&dir).map_err(told)?;
            status(&room.status(&dir).map_err(told)?, services.as_ref(), ui)
        }
        LabVerb::Up { dir } => {
            lab_services::keep(room, &dir, ui)?;
            return Ok(ExitCode::SUCCESS);
        }
        LabVerb::Hint { dir, symptom } => {
            let hint = room.hint(&dir, symptom).map_err(told)?;
            let words = ui.words;
            let cost = ui.words.with("lab-hint-cost", &[("points", &points(hint.cost, words))]);
            format!("{}\n{}\n", wrapped(&format!("{}. {}", hint.symptom, hint.text), 0), styled(DIM, &cost))
        }
        LabVerb::Grade { dir, lab, seed, no_run, format } => {
            let given = lab.zip(seed).map(|(lab, seed)| Given { lab, seed });
            return graded(room, &dir, given.as_ref(), no_run, format, ui);
        }
        LabVerb::Reset { dir } => {
            let kept = room.reset(&dir).map_err(told)?;
            format!("{}\n", ui.words.with("lab-reset", &[("path", &kept.display().to_string())]))
        }
    };
    ui.data(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn graded(
    room: &Room<'_>,
    dir: &Path,
    given: Option<&Given>,
    no_run: bool,
    format: DoctorFormat,
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    let mut runs = |dir: &Path, ids: &[String]| if no_run { None } else { lab_run::prove(dir, ids, ui) };
    let grade = room.grade(dir, given, &mut runs).map_err(|error| Failure::of(&error, room.lang))?;
    let text = match format {
        DoctorFormat::Terminal => grade::write(&grade, ui.words),
        DoctorFormat::Json => grade.to_json(),
    };
    ui.data(&text)?;
    Ok(if grade.passed { ExitCode::SUCCESS } else { ExitCode::from(REQUIREMENT_NOT_MET) })
}

fn list(catalogue: &Catalogue, ui: &Ui) -> String {
    let words = ui.words;
    let longest = catalogue.labs.iter().map(|lab| lab.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for lab in &catalogue.labs {
        let terms = terms(lab, ui);
        let name = styled(BOLD, &format!("{:<longest$}", &*lab.id));
        let _ = writeln!(out, "{name}  {}\n{:longest$}  {}", words.of(&lab.title), "", styled(DIM, &terms));
    }
    let _ = writeln!(out, "\n{}", words.say("lab-list-next"));
    out
}

/// Minutes, points and pass mark in one line.
fn terms(lab: &Lab, ui: &Ui) -> String {
    let (minutes, points, pass) = (lab.minutes.to_string(), lab.points.to_string(), lab.pass.to_string());
    ui.words.with("lab-terms", &[("minutes", &minutes), ("points", &points), ("pass", &pass)])
}

fn started(lab: &Started, dir: &Path, ui: &Ui) -> String {
    let words = ui.words;
    let (path, seed, minutes) = (dir.display().to_string(), lab.seed.to_string(), lab.minutes.to_string());
    let mut out = format!("{}\n", styled(BOLD, &lab.title));
    let _ = writeln!(
        out,
        "{}\n",
        wrapped(&words.with("lab-started", &[("path", &path), ("seed", &seed), ("minutes", &minutes)]), 0)
    );
    for (number, symptom) in lab.symptoms.iter().enumerate() {
        let _ = writeln!(out, "{}", wrapped(&format!("{}. {symptom}", number + 1), 2));
    }
    if lab.services {
        let _ = writeln!(out, "\n{}", wrapped(&words.with("lab-started-services", &[("path", &path)]), 0));
    }
    let _ = writeln!(out, "\n{}", wrapped(&words.say("lab-started-next"), 0));
    out
}

fn status(standing: &Standing, services: Option<&Look>, ui: &Ui) -> String {
    let words = ui.words;
    let lab = &standing.lab;
    let (seed, left) = (lab.seed.to_string(), standing.left.abs().to_string());
    let time = if standing.left < 0 { "lab-time-over" } else { "lab-time-left" };
    let mut out = format!("{}\n", styled(BOLD, &lab.title));
    let _ = writeln!(out, "  {} · {}", lab.lab, words.with("lab-seed", &[("seed", &seed)]));
    let _ = writeln!(out, "  {}", words.with(time, &[("minutes", &left)]));
    let hints = (standing.hints.to_string(), points(standing.cost, words));
    let _ = writeln!(out, "  {}", words.with("lab-hints", &[("hints", &hints.0), ("points", &hints.1)]));
    if standing.resets > 0 {
        let _ = writeln!(out, "  {}", words.with("lab-resets", &[("n", &standing.resets.to_string())]));
    }
    if !standing.sound {
        let _ = writeln!(out, "  {}", styled(OPEN, &words.say("trick-journal-edited")));
    }
    for (number, symptom) in lab.symptoms.iter().enumerate() {
        let _ = writeln!(out, "{}", wrapped(&format!("{}. {symptom}", number + 1), 2));
    }
    match services {
        Some(look) => out.push_str(&lab_services::shown(look, words)),
        None if lab.services => drop(writeln!(out, "  {}", words.say("lab-services-absent"))),
        None => {}
    }
    out
}

#[expect(clippy::disallowed_methods, reason = "the room that has a clock")]
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// `$XDG_STATE_HOME/preuve/labs`, else `~/.local/state/preuve/labs`.
#[expect(clippy::disallowed_methods, reason = "the room that reads the environment")]
fn journals() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")))?;
    Some(base.join("preuve/labs"))
}
