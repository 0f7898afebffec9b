//! `preuve admin audit`: the log of every act, signed and verified.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

use app::admin::{AuditReport, Installation, problem_told, sign_log, verify_log};

use super::admin::{failed, now, read_roots};
use super::key;
use crate::args::AuditVerb;
use crate::failure::{BUG, ENVIRONMENT, Failure, INPUT, REQUIREMENT_NOT_MET};
use crate::ui::Ui;

pub(super) fn run(verb: AuditVerb, installation: &Installation, ui: &mut Ui) -> Result<ExitCode, Failure> {
    match verb {
        AuditVerb::Verify { roots, signers, json } => {
            let roots = read_roots(&roots, ui)?;
            let report = verify_log(installation, &roots, &signers).map_err(|error| failed(&error, ui))?;
            if json {
                ui.data(&pretty(&report)?)?;
            } else {
                let [events, records, signed] =
                    [report.events.to_string(), report.records.to_string(), report.roots.to_string()];
                let arguments =
                    [("events", events.as_str()), ("records", &records), ("roots", &signed), ("root", &report.root)];
                let id = if report.problems.is_empty() { "audit-whole" } else { "audit-not-whole" };
                let text = format!("{}{}\n", problems(&report, ui), ui.words.with(id, &arguments));
                ui.data(&text)?;
            }
            let whole = report.problems.is_empty();
            Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(REQUIREMENT_NOT_MET) })
        }
        AuditVerb::Sign { key: file, output } => {
            let file = file.unwrap_or_else(|| installation.data.join("log.key"));
            let seed = log_key(&file, ui)?;
            let root = sign_log(installation, &seed, now()).map_err(|error| failed(&error, ui))?;
            ui.deliver(&pretty(&root)?, output.as_deref())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The problems of a log, a line each.
pub(super) fn problems(report: &AuditReport, ui: &Ui) -> String {
    report.problems.iter().map(|problem| format!("{}\n", problem_told(ui.words, problem))).collect()
}

fn pretty(value: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::new(BUG, error.to_string()))?;
    Ok(format!("{text}\n"))
}

/// The key that signs the log: 64 hexadecimal digits in a file that only its owner reads.
pub(super) fn log_key(file: &Path, ui: &Ui) -> Result<[u8; 32], Failure> {
    let told = |error: std::io::Error| {
        let path = file.display().to_string();
        Failure::new(ENVIRONMENT, format!("{} ({error})", ui.words.with("error-write", &[("path", &path)])))
    };
    if !file.exists() {
        let seed = key::chance().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-chance")))?;
        let text: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut open = OpenOptions::new();
        let mut written = open.write(true).create_new(true).mode(0o600).open(file).map_err(told)?;
        written.write_all(format!("{text}\n").as_bytes()).map_err(told)?;
        ui.talk(&ui.words.with("prove-key-made", &[("path", &file.display().to_string())]));
        return Ok(seed);
    }
    let text = fs::read_to_string(file).map_err(told)?;
    seed(text.trim()).ok_or_else(|| {
        let path = file.display().to_string();
        Failure::new(INPUT, ui.words.with("error-log-key", &[("path", &path)]))
    })
}

fn seed(text: &str) -> Option<[u8; 32]> {
    let mut seed = [0; 32];
    hex::decode_to_slice(text, &mut seed).ok()?;
    Some(seed)
}
