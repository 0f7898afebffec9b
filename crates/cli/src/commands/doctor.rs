//! `preuve doctor`: what can be proven on this machine, and the command that would add the rest.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use app::Words;
use app::doctor::{Clock, Doctor, Machine, Part, Readiness, doctor};

use crate::args::{DoctorArgs, DoctorFormat};
use crate::failure::{BUG, ENVIRONMENT, Failure};
use crate::ui::{BAD, BOLD, DIM, GOOD, OPEN, Ui, styled};

/// The clock of experiments: what has passed since the program looked first.
struct Elapsed(Instant);

impl Clock for Elapsed {
    fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "the room that has a clock")]
pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(Elapsed(Instant::now()))
}

pub(crate) fn run(args: DoctorArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let cache = super::assess::cache().unwrap_or_else(|| PathBuf::from("/var/cache/preuve"));
    let machine = Machine::read(cache.join("engine"), args.registry);
    let found = doctor(machine, &clock(), ui.words).map_err(|error| Failure::new(BUG, error))?;
    let text = match args.format {
        DoctorFormat::Terminal => written(&found, ui.words),
        DoctorFormat::Json => found.to_json(),
    };
    ui.data(&text)?;
    Ok(if found.can_run() { ExitCode::SUCCESS } else { ExitCode::from(ENVIRONMENT) })
}

fn written(doctor: &Doctor, words: Words) -> String {
    let mut out = String::new();
    let parts =
        [("doctor-engines", &doctor.engines), ("doctor-tools", &doctor.tools), ("doctor-images", &doctor.images)];
    for (title, parts) in parts {
        let _ = writeln!(out, "{}", styled(BOLD, &words.say(title)));
        parts.iter().for_each(|part| line(&mut out, part));
        out.push('\n');
    }
    let _ = writeln!(out, "{}", styled(BOLD, &words.say("doctor-competences")));
    for one in &doctor.competences {
        let (mark, style, state) = match one.state {
            Readiness::Ready => ("✓", GOOD, "doctor-ready"),
            Readiness::AfterPreparation => ("○", OPEN, "doctor-after-preparation"),
            Readiness::Missing => ("✗", BAD, "doctor-missing"),
            Readiness::NothingToRun => ("·", DIM, "doctor-nothing-to-run"),
        };
        let _ = write!(out, "  {} {} {}: {}", styled(style, mark), one.competence, one.title, words.say(state));
        let more = if one.missing.is_empty() { String::new() } else { format!(" ({})", one.missing.join(", ")) };
        let _ = writeln!(out, "{}", styled(DIM, &more));
        if let Some(command) = &one.command {
            let _ = writeln!(out, "      {command}");
        }
    }
    out
}

fn line(out: &mut String, part: &Part) {
    let mark = if part.present { styled(GOOD, "✓") } else { styled(DIM, "·") };
    let _ = writeln!(out, "  {mark} {:<14} {}", part.name, styled(DIM, &part.detail));
}
