//! `preuve admin`: backups, restoring them, and checking what is kept.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use app::Blame;
use app::admin::{
    AdminError, DueOf, Examined, Installation, ResultsRequest, Retention, Root, backup, check, due, flaw_told,
    prover_told, read_root, restore, results,
};

use jiff::civil::Date;

use super::{audit, key};
use crate::args::{AdminArgs, AdminVerb, ResultsArgs};
use crate::failure::{ENVIRONMENT, Failure, INPUT, REQUIREMENT_NOT_MET, USAGE};
use crate::ui::Ui;

pub(crate) fn run(args: AdminArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    // Chance that fails later would make salts that somebody could guess: it is tried now.
    key::chance().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-chance")))?;
    let chance = Arc::new(|| key::chance().expect("it gave bytes a moment ago"));
    let AdminArgs { verb, data, database, files } = args;
    let installation = Installation { data, database, files, chance };
    match verb {
        AdminVerb::Backup { folder } => {
            let made = backup(&installation, &folder, now()).map_err(|error| failed(&error, ui))?;
            let shown = folder.display().to_string();
            let [rows, files, events] = [made.rows.to_string(), made.files.to_string(), made.events.to_string()];
            let beside = made.beside.len().to_string();
            let arguments = [
                ("path", shown.as_str()),
                ("rows", &rows),
                ("files", &files),
                ("events", &events),
                ("beside", &beside),
            ];
            ui.data(&format!("{}\n", ui.words.with("admin-backed-up", &arguments)))?;
            Ok(ExitCode::SUCCESS)
        }
        AdminVerb::Restore { folder } => {
            let (made, found) = restore(&installation, &folder).map_err(|error| failed(&error, ui))?;
            let [rows, files, beside] = [made.rows.to_string(), made.files.to_string(), made.beside.len().to_string()];
            let arguments = [("rows", rows.as_str()), ("files", &files), ("beside", &beside)];
            ui.data(&format!("{}\n", ui.words.with("admin-restored", &arguments)))?;
            tell(&found, ui)
        }
        AdminVerb::Check { roots } => {
            let roots = read_roots(&roots, ui)?;
            let found = check(&installation, &roots).map_err(|error| failed(&error, ui))?;
            tell(&found, ui)
        }
        AdminVerb::Retention { keep_files_days, keep_people_days, as_of } => {
            let periods = Retention { files: keep_files_days, people: keep_people_days };
            let today = as_of.unwrap_or_else(|| now().to_zoned(jiff::tz::TimeZone::UTC).date());
            tell_due(&installation, (periods, today), ui)
        }
        AdminVerb::Results(args) => told_results(args, &installation, ui),
        AdminVerb::Audit { verb } => audit::run(verb, &installation, ui),
    }
}

/// What is wrong, a line each; the exit code says whether anything is.
fn tell(found: &Examined, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let mut text = String::new();
    for line in &found.store.database {
        text.push_str(&format!("{}\n", ui.words.with("admin-database-says", &[("what", line)])));
    }
    for digest in &found.store.files_lost {
        text.push_str(&format!("{}\n", ui.words.with("admin-file-lost", &[("digest", digest)])));
    }
    for (issuer, flaw) in &found.flaws {
        text.push_str(&format!("{}\n", flaw_told(ui.words, issuer, flaw)));
    }
    if let Some(key) = &found.prover {
        text.push_str(&format!("{}\n", prover_told(ui.words, key)));
    }
    let audit = &found.store.audit;
    text.push_str(&audit::problems(audit, ui));
    let [records, files] = [audit.records.to_string(), found.store.files.to_string()];
    let [events, credentials] = [audit.events.to_string(), found.credentials.to_string()];
    let id = if found.is_well() { "admin-well" } else { "admin-not-well" };
    let arguments =
        [("records", records.as_str()), ("files", &files), ("events", &events), ("credentials", &credentials)];
    text.push_str(&format!("{}\n", ui.words.with(id, &arguments)));
    ui.data(&text)?;
    Ok(if found.is_well() { ExitCode::SUCCESS } else { ExitCode::from(REQUIREMENT_NOT_MET) })
}

/// A line for everything that would be forgotten: what, whose, and its id.
fn tell_due(
    installation: &Installation,
    (periods, today): (Retention, Date),
    ui: &mut Ui,
) -> Result<ExitCode, Failure> {
    if !periods.is_any() {
        let mut failure = Failure::new(USAGE, ui.words.say("error-no-period"));
        failure.hints.push(ui.words.say("hint-no-period"));
        return Err(failure);
    }
    let found = due(installation, periods, today).map_err(|error| failed(&error, ui))?;
    let line = |due: &DueOf| {
        let what = ui.words.say(&format!("retention-of-{}", due.what));
        format!("{}\t{what}\t{}\n", due.id, due.of)
    };
    let text: String = found.iter().map(line).collect();
    ui.data(&text)?;
    ui.talk(&ui.words.with("retention-due", &[("count", &found.len().to_string()), ("day", &today.to_string())]));
    Ok(ExitCode::SUCCESS)
}

fn told_results(args: ResultsArgs, installation: &Installation, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let ResultsArgs { xsd, title, since, holders, set, output } = args;
    let Some(xsd) = xsd else {
        let mut failure = Failure::new(USAGE, ui.words.say("error-results-no-schema"));
        failure.hints.push(ui.words.say("hint-results-no-schema"));
        return Err(failure);
    };
    let request = ResultsRequest { xsd, title, since, holders, set, now: now() };
    let written = results(installation, &request).map_err(|error| failed(&error, ui))?;
    let written = written.map_err(|error| {
        let told = error.told(ui.lang());
        Failure { code: INPUT, message: told.message, hints: told.hints }
    })?;
    ui.deliver_private(&written.xml, output.as_deref())?;
    ui.talk(&ui.words.with("results-written", &[("count", &written.awards.to_string())]));
    if !written.unchecked.is_empty() {
        ui.talk(&ui.words.with("results-unchecked", &[("what", &written.unchecked.join(", "))]));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn read_roots(paths: &[PathBuf], ui: &Ui) -> Result<Vec<Root>, Failure> {
    paths.iter().map(|path| read_root(path).map_err(|error| failed(&error, ui))).collect()
}

pub(super) fn failed(error: &AdminError, ui: &Ui) -> Failure {
    let told = error.told(ui.lang());
    let code = match told.blame {
        Blame::Usage => USAGE,
        Blame::Input => INPUT,
        Blame::Environment => ENVIRONMENT,
    };
    Failure { code, message: told.message, hints: told.hints }
}

#[expect(clippy::disallowed_methods, reason = "the room that reads the clock")]
pub(super) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
