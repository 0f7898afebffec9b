//! `preuve admin`: backups, restoring them, and checking what is kept.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use app::Blame;
use app::admin::{AdminError, Checkup, Installation, Root, backup, check, read_root, restore};

use super::{audit, key};
use crate::args::{AdminArgs, AdminVerb};
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
            let arguments = [("path", shown.as_str()), ("rows", &rows), ("files", &files), ("events", &events)];
            ui.data(&format!("{}\n", ui.words.with("admin-backed-up", &arguments)))?;
            Ok(ExitCode::SUCCESS)
        }
        AdminVerb::Restore { folder } => {
            let (made, found) = restore(&installation, &folder).map_err(|error| failed(&error, ui))?;
            let [rows, files] = [made.rows.to_string(), made.files.to_string()];
            ui.data(&format!("{}\n", ui.words.with("admin-restored", &[("rows", &rows), ("files", &files)])))?;
            tell(&found, ui)
        }
        AdminVerb::Check { roots } => {
            let roots = read_roots(&roots, ui)?;
            let found = check(&installation, &roots).map_err(|error| failed(&error, ui))?;
            tell(&found, ui)
        }
        AdminVerb::Audit { verb } => audit::run(verb, &installation, ui),
    }
}

/// What is wrong, a line each; the exit code says whether anything is.
fn tell(found: &Checkup, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let mut text = String::new();
    for line in &found.database {
        text.push_str(&format!("{}\n", ui.words.with("admin-database-says", &[("what", line)])));
    }
    for digest in &found.files_lost {
        text.push_str(&format!("{}\n", ui.words.with("admin-file-lost", &[("digest", digest)])));
    }
    text.push_str(&audit::problems(&found.audit, ui));
    let [records, files] = [found.audit.records.to_string(), found.files.to_string()];
    let events = found.audit.events.to_string();
    let id = if found.is_well() { "admin-well" } else { "admin-not-well" };
    let arguments = [("records", records.as_str()), ("files", &files), ("events", &events)];
    text.push_str(&format!("{}\n", ui.words.with(id, &arguments)));
    ui.data(&text)?;
    Ok(if found.is_well() { ExitCode::SUCCESS } else { ExitCode::from(REQUIREMENT_NOT_MET) })
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
