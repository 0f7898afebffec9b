//! `--require`: whether every indicator stands where it must, for pipelines.

use app::report::model::{IndicatorReport, Report};
use app::{AssessError, Packs, Rung, Status, What};

use crate::failure::Failure;
use crate::ui::Ui;

/// What is required.
pub(crate) enum Requirement {
    /// At least this rung, or the one that the framework requires when that is lower.
    Rung(Rung),
    /// What the frameworks require on this target platform, as far as files can show it.
    Profile(String),
}

/// Reads the value of the option.
pub(crate) fn parse(text: &str, packs: &Packs, ui: &Ui) -> Result<Requirement, Failure> {
    if let Some(rung) = Rung::from_name(text) {
        return Ok(Requirement::Rung(rung));
    }
    if !owners(text, packs).is_empty() {
        return Ok(Requirement::Profile(text.to_owned()));
    }
    let rungs = Rung::ALL.iter().map(|rung| rung.name().to_owned());
    let profiles = packs.frameworks.iter().flat_map(|framework| framework.profiles.iter());
    let known = rungs.chain(profiles.map(|profile| profile.id.to_string())).collect();
    let error = AssessError::NoSuchId { what: What::Requirement, id: text.to_owned(), known };
    Err(Failure::of(&error, ui.lang()))
}

/// The frameworks that have a profile of that name.
pub(crate) fn owners(profile: &str, packs: &Packs) -> Vec<String> {
    let owners = packs.frameworks.iter().filter(|framework| framework.profile(profile).is_some());
    owners.map(|framework| framework.id().to_owned()).collect()
}

/// Whether the requirement is met; says which indicators are below it and which cannot be told.
pub(crate) fn met(requirement: &Requirement, report: &Report, ui: &Ui) -> bool {
    let (mut below, mut untold) = (Vec::new(), Vec::new());
    for (framework, indicator) in report.indicators() {
        let name = (framework.id.as_str(), indicator.id.as_str());
        match standing(requirement, indicator) {
            Standing::Fine => {}
            Standing::Below => below.push(name),
            Standing::Untold => untold.push(name),
        }
    }
    let say = |id: &str, names: &[(&str, &str)]| {
        ui.warn(&ui.words.count_with(id, names.len(), "indicators", &by_framework(names)));
    };
    if !untold.is_empty() {
        say("require-unknown", &untold);
    }
    if !below.is_empty() {
        say("require-failed", &below);
    }
    below.is_empty()
}

/// A line for each framework, so that a long list stays readable.
fn by_framework(names: &[(&str, &str)]) -> String {
    names.chunk_by(|one, next| one.0 == next.0).fold(String::new(), |mut told, group| {
        let indicators: Vec<&str> = group.iter().map(|(_, indicator)| *indicator).collect();
        told.push_str(&format!("\n  {}: {}", group[0].0, indicators.join(", ")));
        told
    })
}

enum Standing {
    Fine,
    Below,
    Untold,
}

fn standing(requirement: &Requirement, indicator: &IndicatorReport) -> Standing {
    let needed = match requirement {
        Requirement::Rung(rung) => (*rung).min(indicator.required),
        // Above *present* it takes a run or a person, which a pipeline cannot stand in for.
        Requirement::Profile(_) => indicator.required.min(Rung::Present),
    };
    match indicator.status {
        _ if indicator.rung >= needed => Standing::Fine,
        Status::Reached | Status::Waived | Status::NotApplicable => Standing::Fine,
        Status::Unknown => Standing::Untold,
        Status::Below | Status::Open => Standing::Below,
    }
}
