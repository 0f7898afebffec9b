//! `preuve report`: a project's report begun, and held against its repository.

use std::process::ExitCode;

use app::Reading;
use app::papers::{CheckRequest, InitRequest, begin_report, check_report};

use super::dossier;
use crate::args::{ReportArgs, ReportVerb};
use crate::commands::assess::cache;
use crate::failure::Failure;
use crate::ui::Ui;

pub(crate) fn run(args: ReportArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let lang = ui.lang();
    let reading = Reading { deep: false, cache: cache(), threads: 2 };
    let packs = args.packs;
    match args.verb {
        ReportVerb::Init { repository, name } => {
            let request = InitRequest { repository, name, lang, packs, reading };
            let begun = begin_report(&request).map_err(|error| Failure::of(&error, lang))?;
            ui.talk(&ui.words.with("written-to", &[("path", &begun.path.display().to_string())]));
            Ok(ExitCode::SUCCESS)
        }
        ReportVerb::Check { repository, report, rev, person, subjects, fix, fail_on, format, output, verbose } => {
            let request = CheckRequest { repository, rev, report, person, subjects, packs, lang, reading, fix };
            let checked = check_report(&request).map_err(|error| Failure::of(&error, lang))?;
            if fix {
                ui.talk(&ui.words.count("findings-fixed", checked.corrections));
            }
            let text = dossier::write(&checked.findings, format, verbose, ui)?;
            ui.deliver(&text, output.as_deref())?;
            Ok(dossier::code(&checked.findings, fail_on))
        }
    }
}
