//! The minutes of a talk add up to those that the framework gives, each step has a command, each slide fits its screen.

use framework::Form;

use crate::finding::{Finding, Level};
use crate::lint::Paper;
use crate::oral::{self, Place, Role};
use crate::source::Source;

pub(super) const MINUTES: &str = "oral.minutes";
pub(super) const SCREEN: &str = "oral.screen";

/// The sources of a paper that is a talk.
fn sources(paper: &Paper<'_>) -> Option<Vec<Source>> {
    let oral = paper.asked.deliverable.is_some_and(|deliverable| deliverable.form == Form::Oral);
    oral.then(|| paper.texts.iter().map(|text| text.source.clone()).collect())
}

/// The line that opens a fence.
fn at(sources: &[Source], place: &Place, rule: &'static str, level: Level, message: &'static str) -> Option<Finding> {
    let source = sources.get(place.source)?;
    let opening = source.slice(&place.range).lines().next().unwrap_or_default().len();
    Some(Finding::at(source, place.range.start..place.range.start + opening, rule, level, message))
}

pub(super) fn minutes(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let Some(sources) = sources(paper) else { return };
    let (Some(deliverable), Some(first)) = (paper.asked.deliverable, sources.first()) else { return };
    let talk = oral::talk(&sources);
    let slides: Vec<_> = talk.slides.iter().map(|slide| (&slide.place, slide.seconds)).collect();
    let steps: Vec<_> = talk.steps.iter().map(|step| (&step.place, step.seconds)).collect();
    for (role, all, missing) in
        [(Role::Presentation, &slides, "oral-no-slide"), (Role::Demonstration, &steps, "oral-no-demo")]
    {
        let Some(allowed) = oral::allowed(deliverable, role) else { continue };
        let Some((last, _)) = all.last() else {
            found.push(Finding::on(&first.path, MINUTES, Level::Error, missing));
            continue;
        };
        for (place, _) in all.iter().filter(|(_, seconds)| seconds.is_none()) {
            found.extend(at(&sources, place, MINUTES, Level::Error, "oral-no-minutes"));
        }
        let sum: u32 = all.iter().filter_map(|(_, seconds)| *seconds).sum();
        if sum != allowed && all.iter().all(|(_, seconds)| seconds.is_some()) {
            let message = if role == Role::Presentation { "oral-minutes" } else { "oral-minutes-demo" };
            let finding = at(&sources, last, MINUTES, Level::Error, message);
            found.extend(finding.map(|one| one.with("sum", oral::minutes(sum)).with("asked", oral::minutes(allowed))));
        }
    }
    for step in talk.steps.iter().filter(|step| step.commands.is_empty()) {
        found.extend(at(&sources, &step.place, MINUTES, Level::Error, "oral-no-command"));
    }
}

pub(super) fn screen(paper: &Paper<'_>, found: &mut Vec<Finding>) {
    let (Some(sources), Some(measured)) = (sources(paper), paper.asked.pages) else { return };
    let talk = oral::talk(&sources);
    let places = talk.slides.iter().map(|slide| &slide.place).chain(talk.steps.iter().map(|step| &step.place));
    // A talk is measured in screens, one part for each slide and then each step.
    for (place, (title, screens)) in places.zip(&measured.parts) {
        if *screens > 1 {
            let finding = at(&sources, place, SCREEN, Level::Warning, "oral-screens");
            found.extend(finding.map(|one| one.with("title", title.as_str()).with("screens", screens.to_string())));
        }
    }
}
