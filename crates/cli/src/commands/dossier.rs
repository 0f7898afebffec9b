//! `preuve dossier`: the papers that a candidate hands in.

use std::process::ExitCode;

use app::findings::{self, Findings};
use app::lint::{self, CheckRequest};
use app::papers::{BuildRequest, measure};
use app::{Packs, Reading};

use crate::args::{DossierArgs, DossierCheckArgs, DossierVerb, FailOn, FindingsFormat};
use crate::commands::assess::{cache, today};
use crate::failure::{Failure, REQUIREMENT_NOT_MET};
use crate::findings as terminal;
use crate::ui::Ui;

pub(crate) fn run(args: DossierArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    match args.verb {
        DossierVerb::Check(args) => check(&args, ui),
        DossierVerb::Init(args) => super::dossier_build::begin(args, ui),
        DossierVerb::Build(args) => super::dossier_build::build(args, ui),
    }
}

fn check(args: &DossierCheckArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let packs = Packs::load(&args.packs).map_err(|error| Failure::of(&error, ui.lang()))?;
    let as_of = args.as_of.unwrap_or_else(today);
    let reading = Reading { deep: false, cache: cache(), threads: 1 };
    let build = BuildRequest {
        folder: args.dir.clone(),
        papers: Vec::new(),
        packs: args.packs.clone(),
        as_of,
        reading: reading.clone(),
        belief: None,
        reports: Vec::new(),
        cohort: None,
    };
    let (measured, unset) = measure(&build, ui.words);
    let request = CheckRequest {
        dir: args.dir.clone(),
        repositories: args.repositories.clone(),
        measured,
        unset,
        cohort: args.cohort.clone(),
        fix: args.fix,
        as_of,
        reading,
    };
    let checked = lint::check(&packs, &request, ui.words).map_err(|error| Failure::of(&error, ui.lang()))?;
    for deadline in &checked.deadlines {
        ui.talk(&deadline.named(ui.words));
    }
    if args.fix {
        ui.talk(&ui.words.count("findings-fixed", checked.corrections));
    }
    let text = write(&checked.findings, args.format, args.verbose, ui)?;
    ui.deliver(&text, args.output.as_deref())?;
    Ok(code(&checked.findings, args.fail_on))
}

/// The findings in one format.
pub(crate) fn write(findings: &Findings, format: FindingsFormat, verbose: bool, ui: &Ui) -> Result<String, Failure> {
    let guides = || lint::guides().map_err(|error| Failure::of(&error, ui.lang()));
    Ok(match format {
        FindingsFormat::Terminal => terminal::write(findings, verbose, ui.words),
        FindingsFormat::Json => findings::to_json(findings),
        FindingsFormat::Html => findings::to_html(findings, &guides()?, ui.words),
        FindingsFormat::Sarif => findings::to_sarif(findings, &guides()?, ui.words),
    })
}

/// The exit code for findings that weigh this much.
pub(crate) fn code(findings: &Findings, fail_on: FailOn) -> ExitCode {
    let level = match fail_on {
        FailOn::Error => lint::Level::Error,
        FailOn::Warning => lint::Level::Warning,
        FailOn::Note => lint::Level::Note,
        FailOn::Never => return ExitCode::SUCCESS,
    };
    if findings.weigh(level) { ExitCode::from(REQUIREMENT_NOT_MET) } else { ExitCode::SUCCESS }
}
