//! What a pack says is possible: page bounds, minutes, juries, rungs that can be reached.

use crate::{
    competence::{Extent, Indicator},
    evaluation::{Deliverable, Jury},
    id::Id,
    load::Pack,
    model::Kind,
    problem::PackError,
    requirement::ProfileRule,
    rung::Rung,
    text::Text,
};

pub(super) fn check(pack: &Pack<'_>, problems: &mut Vec<PackError>) {
    let kind = pack.parts.iter().find_map(|(_, part)| part.framework.as_ref()).map(|h| h.kind);
    for (path, part) in &pack.parts {
        let mut say = |id: &Id, message: Text| {
            problems.push(PackError::new(path, id.position(), message));
        };
        for evaluation in &part.evaluations {
            evaluation.deliverables.iter().for_each(|d| deliverable(d, &mut say));
            evaluation.jury.iter().for_each(|j| jury(j, &mut say));
        }
        for item in part.competences.iter().flat_map(|competence| &competence.indicators) {
            indicator(item, kind, &mut say);
        }
    }
    default_profile(pack, problems);
}

fn deliverable(deliverable: &Deliverable, say: &mut impl FnMut(&Id, Text)) {
    let id = &deliverable.id;
    if let Some(pages) = deliverable.pages
        && (pages.min == 0 || pages.min > pages.max)
    {
        let (min, max) = (pages.min, pages.max);
        say(
            id,
            Text::new(
                format!("`{id}` : bornes de pages impossibles, de {min} à {max}"),
                format!("`{id}`: impossible page bounds, {min} to {max}"),
            ),
        );
    }
    let parts = deliverable.parts.iter().filter_map(|part| part.minutes);
    let total = parts.fold(0_u32, u32::saturating_add);
    if let Some(minutes) = deliverable.minutes
        && total > minutes
    {
        say(
            id,
            Text::new(
                format!("`{id}` : les parties durent {total} minutes, plus que les {minutes}"),
                format!("`{id}`: the parts last {total} minutes, more than the {minutes} allowed"),
            ),
        );
    }
}

fn jury(jury: &Jury, say: &mut impl FnMut(&Id, Text)) {
    let (size, professionals) = (jury.size, jury.professionals_min);
    if size == 0 || professionals > size {
        say(
            &jury.id,
            Text::new(
                format!("jury impossible : {professionals} professionnels parmi {size} membres"),
                format!("impossible jury: {professionals} professionals among {size} members"),
            ),
        );
    }
}

fn indicator(indicator: &Indicator, kind: Option<Kind>, say: &mut impl FnMut(&Id, Text)) {
    let id = &indicator.id;
    let mut wrong = |fr: &str, en: &str| {
        say(id, Text::new(format!("`{id}` : {fr}"), format!("`{id}`: {en}")));
    };
    if indicator.required == Rung::Missing {
        wrong("le barreau `missing` ne demande rien", "the rung `missing` asks for nothing");
    }
    if indicator.required == Rung::Proven && indicator.experiments.is_empty() {
        wrong(
            "`proven` ne s'atteint que par une expérience : nommez-la",
            "`proven` is reached by an experiment only: name one",
        );
    }
    if indicator.extent() != Extent::Full && indicator.needs.is_empty() {
        wrong(
            "les contrôles ne suffisent pas : dites dans `needs` ce qu'il faut d'autre",
            "checks do not settle it: say in `needs` what else it takes",
        );
    }
    let rules = indicator.profiles.iter().filter_map(|rule| rule.present.as_ref());
    if indicator.present.iter().chain(rules).any(|e| e.has_empty_group()) {
        wrong("`all_of` ou `any_of` sans contrôle", "`all_of` or `any_of` without a check");
    }
    if !indicator.profiles.iter().all(says_one_thing) {
        wrong(
            "une règle de profil donne ou bien `present`, ou bien `not_applicable: true`",
            "a profile rule gives either `present` or `not_applicable: true`",
        );
    }
    match (kind, &indicator.requirement) {
        (Some(Kind::Requirements), None) => {
            wrong("une exigence a une section `requirement`", "a requirement has a `requirement` section")
        }
        (Some(Kind::Certification), Some(_)) => wrong(
            "`requirement` n'a de sens que dans un référentiel d'exigences",
            "`requirement` only makes sense in a requirements framework",
        ),
        _ => {}
    }
}

fn says_one_thing(rule: &ProfileRule) -> bool {
    rule.present.is_some() != rule.not_applicable
}

/// One profile, and only one, is used when nobody names one.
fn default_profile(pack: &Pack<'_>, problems: &mut Vec<PackError>) {
    let profiles: Vec<_> =
        pack.parts.iter().flat_map(|(path, part)| part.profiles.iter().map(move |profile| (*path, profile))).collect();
    let Some((path, first)) = profiles.first() else {
        return;
    };
    if profiles.iter().filter(|(_, profile)| profile.default).count() != 1 {
        let message = Text::new(
            "un profil et un seul doit porter `default: true`",
            "one profile, and only one, must carry `default: true`",
        );
        problems.push(PackError::new(path, first.id.position(), message));
    }
}
