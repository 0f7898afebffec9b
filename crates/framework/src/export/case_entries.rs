//! The elements of a framework as a flat list of items with parents, as CASE wants them.

use serde_json::{Value, json};

use crate::{
    Part,
    competence::{Activity, Competence, Indicator},
    evaluation::{Deliverable, Evaluation},
    id::Id,
    model::{Framework, Item, Kind, SkillModule},
    text::Text,
};

/// An item before it is written: what it says, under whom, and what it is related to.
pub(super) struct Entry<'a> {
    pub(super) id: &'a Id,
    /// One of [`TYPES`].
    pub(super) item_type: &'static str,
    pub(super) text: &'a Text,
    pub(super) label: Option<&'a Text>,
    /// The item it is a child of; a top-level one is a child of the document.
    pub(super) parent: Option<&'a Id>,
    pub(super) related: Vec<&'a Id>,
    pub(super) theme: Option<&'a Id>,
    /// What CASE has no field for.
    pub(super) details: Vec<(&'static str, Value)>,
}

/// The types of items with their place in the hierarchy and what they mean.
pub(super) const TYPES: [(&str, &str, &str); 15] = [
    ("Activity", "1", "A professional activity."),
    ("Task", "1.1", "A task of an activity."),
    ("Competence", "2", "A competence or a block of skills."),
    ("Requirement family", "3", "Requirements on one subject."),
    ("Modality", "2.1", "What a candidate must do to show a competence."),
    ("Criterion", "2.2", "What a jury pronounces about a competence."),
    ("Indicator", "2.3", "What shows that a competence is held."),
    ("Requirement", "3.1", "What a product or its team must meet."),
    ("Evaluation", "4", "An examination."),
    ("Content", "4.1", "What a candidate must do in an examination."),
    ("Deliverable", "4.2", "What a candidate hands over or presents."),
    ("Section", "4.2.1", "A part of a deliverable."),
    ("Rule", "4.3", "A rule of an examination."),
    ("Skill module", "5", "A module of skills."),
    ("Skill", "5.1", "A skill that is trained and validated."),
];

impl<'a> Entry<'a> {
    fn new(id: &'a Id, item_type: &'static str, text: &'a Text, parent: Option<&'a Id>) -> Entry<'a> {
        let (related, details) = (Vec::new(), Vec::new());
        Entry { id, item_type, text, label: None, parent, related, theme: None, details }
    }
}

/// Every element, parents before children, in the order of the framework.
pub(super) fn of(framework: &Framework) -> Vec<Entry<'_>> {
    let mut out = Vec::new();
    framework.activities.iter().for_each(|activity| of_activity(activity, &mut out));
    framework.competences.iter().for_each(|c| of_competence(c, framework.header.kind, &mut out));
    framework.evaluations.iter().for_each(|evaluation| of_evaluation(evaluation, &mut out));
    framework.skills.iter().for_each(|module| of_module(module, &mut out));
    out
}

fn items<'a>(list: &'a [Item], item_type: &'static str, parent: &'a Id, out: &mut Vec<Entry<'a>>) {
    out.extend(list.iter().map(|item| Entry::new(&item.id, item_type, &item.title, Some(parent))));
}

fn of_activity<'a>(activity: &'a Activity, out: &mut Vec<Entry<'a>>) {
    out.push(Entry::new(&activity.id, "Activity", &activity.title, None));
    items(&activity.tasks, "Task", &activity.id, out);
}

fn of_competence<'a>(competence: &'a Competence, kind: Kind, out: &mut Vec<Entry<'a>>) {
    let (whole, part) = match kind {
        Kind::Certification => ("Competence", "Indicator"),
        Kind::Requirements => ("Requirement family", "Requirement"),
    };
    let id = &competence.id;
    out.push(Entry {
        label: Some(&competence.label),
        related: competence.activity.iter().chain(&competence.tasks).chain(&competence.evaluation).collect(),
        ..Entry::new(id, whole, &competence.title, None)
    });
    items(&competence.modalities, "Modality", id, out);
    out.extend(competence.criteria.iter().map(|c| Entry::new(&c.id, "Criterion", &c.title, Some(id))));
    out.extend(competence.indicators.iter().map(|indicator| Entry {
        label: indicator.label.as_ref(),
        theme: indicator.requirement.as_ref().and_then(|requirement| requirement.theme.as_ref()),
        details: details(indicator),
        ..Entry::new(&indicator.id, part, &indicator.title, Some(id))
    }));
}

fn details(indicator: &Indicator) -> Vec<(&'static str, Value)> {
    let mut out = vec![("requiredRung", json!(indicator.required))];
    if let Some(present) = &indicator.present {
        out.push(("present", json!(present)));
    }
    if !indicator.experiments.is_empty() {
        out.push(("experiments", json!(indicator.experiments)));
    }
    if let Some(requirement) = &indicator.requirement {
        out.push(("level", json!(requirement.level)));
    }
    out
}

fn of_evaluation<'a>(evaluation: &'a Evaluation, out: &mut Vec<Entry<'a>>) {
    let id = &evaluation.id;
    let text = evaluation.statement.as_ref().unwrap_or(&evaluation.title);
    out.push(Entry { label: Some(&evaluation.title), ..Entry::new(id, "Evaluation", text, None) });
    items(&evaluation.contents, "Content", id, out);
    evaluation.deliverables.iter().for_each(|deliverable| of_deliverable(deliverable, id, out));
    if let Some(jury) = &evaluation.jury {
        out.push(Entry {
            details: vec![("size", json!(jury.size)), ("professionalsMin", json!(jury.professionals_min))],
            ..Entry::new(&jury.id, "Rule", &jury.title, Some(id))
        });
    }
    items(&evaluation.rules, "Rule", id, out);
}

fn of_deliverable<'a>(deliverable: &'a Deliverable, parent: &'a Id, out: &mut Vec<Entry<'a>>) {
    let id = &deliverable.id;
    let pages = deliverable.pages.map(|pages| ("pages", json!(pages)));
    let minutes = deliverable.minutes.map(|minutes| ("minutes", json!(minutes)));
    let details = pages.into_iter().chain(minutes).collect();
    out.push(Entry { details, ..Entry::new(id, "Deliverable", &deliverable.title, Some(parent)) });
    of_parts(&deliverable.parts, id, out);
    items(&deliverable.rules, "Rule", id, out);
}

fn of_parts<'a>(parts: &'a [Part], parent: &'a Id, out: &mut Vec<Entry<'a>>) {
    for part in parts {
        let details = part.minutes.map(|minutes| ("minutes", json!(minutes))).into_iter().collect();
        out.push(Entry { details, ..Entry::new(&part.id, "Section", &part.title, Some(parent)) });
        of_parts(&part.parts, &part.id, out);
    }
}

fn of_module<'a>(module: &'a SkillModule, out: &mut Vec<Entry<'a>>) {
    out.push(Entry::new(&module.id, "Skill module", &module.title, None));
    for skill in &module.skills {
        out.push(Entry::new(&skill.id, "Skill", &skill.title, Some(&module.id)));
        items(&skill.parts, "Skill", &skill.id, out);
    }
}
