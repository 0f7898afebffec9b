//! `preuve assess`: a repository in, a cited verdict on every indicator out.

use std::path::PathBuf;
use std::process::ExitCode;

use app::report::model::Report;
use app::report::{html, junit, markdown, sarif};
use app::{Belief, Packs, Reading, Request, Words};

use crate::args::{AssessArgs, Format};
use crate::commands::{cohort, key, require};
use crate::failure::{Failure, REQUIREMENT_NOT_MET};
use crate::terminal;
use crate::ui::Ui;

pub(crate) fn run(args: AssessArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let mut request = request(&args, ui)?;
    // What is asked decides nothing about what is read.
    let begun = app::begin(&request);
    let packs = Packs::load(&args.packs).map_err(|error| Failure::of(&error, ui.lang()))?;
    let requirement = args.require.as_deref().map(|text| require::parse(text, &packs, ui)).transpose()?;
    if let Some(require::Requirement::Profile(profile)) = &requirement {
        request.profile = Some(profile.clone());
        // A profile belongs to one framework, which is then the one that is asked for.
        if request.frameworks.is_empty() {
            request.frameworks = require::owners(profile, &packs);
        }
    }
    if let Some(dir) = &args.cohort {
        return cohort::run(dir, &args, &packs, &request, ui);
    }
    let report = app::assess_begun(&packs, &request, begun).map_err(|error| Failure::of(&error, ui.lang()))?;
    let text = write(&report, args.format, args.verbose, ui.words);
    ui.deliver(&text, args.output.as_deref())?;
    Ok(match requirement {
        Some(requirement) if !require::met(&requirement, &report, ui) => ExitCode::from(REQUIREMENT_NOT_MET),
        _ => ExitCode::SUCCESS,
    })
}

fn request(args: &AssessArgs, ui: &Ui) -> Result<Request, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let belief = match &args.attestations {
        Some(folder) => Some(Belief {
            folder: folder.clone(),
            trusted: key::trusted(args.trust.as_deref(), ui)?,
            max_age: i64::from(args.max_age),
        }),
        None => None,
    };
    Ok(Request {
        repository: args.repository.clone().unwrap_or_default(),
        rev: args.rev.clone(),
        frameworks: args.frameworks.clone(),
        packs: args.packs.clone(),
        profile: args.profile.clone(),
        as_of: args.as_of.unwrap_or_else(today),
        lang: ui.lang(),
        since: args.since.clone(),
        reading: Reading {
            deep: args.deep,
            cache: if args.no_cache { None } else { cache() },
            threads: args.threads.unwrap_or(cores).max(1),
        },
        belief,
    })
}

/// The report in one format.
pub(crate) fn write(report: &Report, format: Format, verbose: bool, words: Words) -> String {
    match format {
        Format::Terminal => terminal::write(report, verbose, words),
        Format::Json => report.to_json(),
        Format::Html => html::write(report, words),
        Format::Markdown => markdown::write(report, words),
        Format::Sarif => sarif::write(report, words),
        Format::Junit => junit::write(report, words),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks what day it is")]
pub(super) fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

/// The folder for results that a commit id names for ever: `$XDG_CACHE_HOME/preuve`, else `~/.cache/preuve`.
#[expect(clippy::disallowed_methods, reason = "the room that reads the environment")]
pub(crate) fn cache() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("preuve"))
}
