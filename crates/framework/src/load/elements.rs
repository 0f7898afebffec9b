//! Every element of a pack has its own identifier and says everything in both languages.

use std::collections::BTreeMap;

use crate::{
    Part,
    competence::{Activity, Competence},
    evaluation::{Deliverable, Evaluation},
    id::Id,
    load::{Pack, read::PackPart},
    model::{Header, Item, SkillModule},
    problem::PackError,
    requirement::Profile,
    text::{Lang, Text},
};

/// An element: its identifier and what it says, by the name of the field.
pub(super) struct Element<'a> {
    pub(super) id: &'a Id,
    pub(super) texts: Vec<(&'static str, &'a Text)>,
}

type Elements<'a> = Vec<Element<'a>>;

pub(super) fn check(pack: &Pack<'_>, problems: &mut Vec<PackError>) {
    let mut seen: BTreeMap<&str, (&str, &Id)> = BTreeMap::new();
    for (path, part) in &pack.parts {
        for element in of_part(part) {
            match seen.get(element.id.as_str()) {
                Some((first, id)) => problems.push(duplicate(path, element.id, first, id)),
                None => {
                    seen.insert(element.id, (path, element.id));
                }
            }
            let texts = element.texts.iter();
            problems.extend(texts.flat_map(|(field, text)| untold(path, element.id, field, text)));
        }
    }
}

fn duplicate(path: &str, id: &Id, first: &str, other: &Id) -> PackError {
    let line = other.position().line;
    let message = Text::new(format!("identifiant `{id}` en double"), format!("duplicate identifier `{id}`"));
    PackError::new(path, id.position(), message)
        .hint(Text::new(format!("déjà utilisé en {first}:{line}"), format!("already used at {first}:{line}")))
}

fn untold<'a>(path: &'a str, id: &'a Id, field: &'a str, text: &'a Text) -> impl Iterator<Item = PackError> + 'a {
    text.missing().into_iter().map(move |lang| {
        let (french, english) = match lang {
            Lang::Fr => ("français", "French"),
            Lang::En => ("anglais", "English"),
        };
        let message = Text::new(
            format!("`{id}` : le champ `{field}` n'a pas de texte en {french}"),
            format!("`{id}`: the field `{field}` has no text in {english}"),
        );
        PackError::new(path, id.position(), message)
    })
}

/// The elements of one file. The framework's own header comes first.
pub(super) fn of_part(part: &PackPart) -> Elements<'_> {
    let mut out = Vec::new();
    out.extend(part.framework.iter().flat_map(of_header));
    out.extend(part.activities.iter().flat_map(of_activity));
    out.extend(part.themes.iter().map(of_item));
    out.extend(part.competences.iter().flat_map(of_competence));
    out.extend(part.evaluations.iter().flat_map(of_evaluation));
    out.extend(
        part.glossary.iter().map(|entry| Element {
            id: &entry.id,
            texts: vec![("term", &entry.term), ("definition", &entry.definition)],
        }),
    );
    out.extend(part.skills.iter().flat_map(of_module));
    out.extend(part.profiles.iter().map(of_profile));
    out.extend(part.experiments.iter().map(|experiment| Element {
        id: &experiment.id,
        texts: vec![("title", &experiment.title), ("control", &experiment.control)],
    }));
    out
}

fn of_item(item: &Item) -> Element<'_> {
    Element { id: &item.id, texts: with_note(&item.title, item.source_note.as_ref()) }
}

fn with_note<'a>(title: &'a Text, note: Option<&'a Text>) -> Vec<(&'static str, &'a Text)> {
    let mut texts = vec![("title", title)];
    texts.extend(note.map(|note| ("source_note", note)));
    texts
}

fn of_header(header: &Header) -> Elements<'_> {
    let mut texts = vec![("title", &header.title), ("summary", &header.summary), ("publisher", &header.publisher)];
    texts.extend(header.notes.iter().map(|note| ("notes", note)));
    let mut out = vec![Element { id: &header.id, texts }];
    out.extend(header.prerequisite.iter().map(of_item));
    out.extend(header.preamble.iter().map(of_item));
    out
}

fn of_activity(activity: &Activity) -> Elements<'_> {
    let mut out = vec![Element { id: &activity.id, texts: vec![("title", &activity.title)] }];
    out.extend(activity.tasks.iter().map(of_item));
    out
}

fn of_competence(competence: &Competence) -> Elements<'_> {
    let mut texts = with_note(&competence.title, competence.source_note.as_ref());
    texts.push(("label", &competence.label));
    let mut out = vec![Element { id: &competence.id, texts }];
    out.extend(competence.modalities.iter().map(of_item));
    out.extend(competence.criteria.iter().map(|criterion| Element {
        id: &criterion.id,
        texts: with_note(&criterion.title, criterion.source_note.as_ref()),
    }));
    out.extend(competence.indicators.iter().map(|indicator| {
        let mut texts = with_note(&indicator.title, indicator.source_note.as_ref());
        texts.extend(indicator.label.as_ref().map(|label| ("label", label)));
        texts.extend(indicator.advice.as_ref().map(|advice| ("advice", advice)));
        texts.extend(indicator.profiles.iter().map(|rule| ("reason", &rule.reason)));
        Element { id: &indicator.id, texts }
    }));
    out
}

fn of_evaluation(evaluation: &Evaluation) -> Elements<'_> {
    let mut texts = vec![("title", &evaluation.title)];
    texts.extend(evaluation.statement.as_ref().map(|text| ("statement", text)));
    let mut out = vec![Element { id: &evaluation.id, texts }];
    out.extend(evaluation.contents.iter().map(of_item));
    out.extend(evaluation.deliverables.iter().flat_map(of_deliverable));
    out.extend(evaluation.jury.iter().map(|jury| Element { id: &jury.id, texts: vec![("title", &jury.title)] }));
    out.extend(evaluation.rules.iter().map(of_item));
    out
}

fn of_deliverable(deliverable: &Deliverable) -> Elements<'_> {
    let mut out = vec![Element { id: &deliverable.id, texts: vec![("title", &deliverable.title)] }];
    out.extend(of_parts(&deliverable.parts));
    out.extend(deliverable.rules.iter().map(of_item));
    out
}

fn of_parts(parts: &[Part]) -> Elements<'_> {
    let mut out = Vec::new();
    for part in parts {
        out.push(Element { id: &part.id, texts: with_note(&part.title, part.source_note.as_ref()) });
        out.extend(of_parts(&part.parts));
    }
    out
}

fn of_module(module: &SkillModule) -> Elements<'_> {
    let texts = vec![("title", &module.title), ("validated_by", &module.validated_by)];
    let mut out = vec![Element { id: &module.id, texts }];
    for skill in &module.skills {
        out.push(Element { id: &skill.id, texts: vec![("title", &skill.title)] });
        out.extend(skill.parts.iter().map(of_item));
    }
    out
}

fn of_profile(profile: &Profile) -> Element<'_> {
    let mut texts = vec![("title", &profile.title), ("summary", &profile.summary)];
    texts.extend(profile.settles.iter().map(|settlement| ("decision", &settlement.decision)));
    Element { id: &profile.id, texts }
}
