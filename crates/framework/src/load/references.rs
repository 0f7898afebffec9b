//! Every name that a pack refers to is declared somewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    id::Id,
    load::{Pack, checks::Checks, read::PackPart},
    problem::PackError,
    text::Text,
};

/// What a reference points at, in words.
#[derive(Clone, Copy)]
enum Target {
    Activity,
    Task,
    Evaluation,
    Theme,
    Profile,
    Requirement,
    Experiment,
    Check,
}

impl Target {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Target::Activity => ("activité inconnue", "unknown activity"),
            Target::Task => ("tâche inconnue", "unknown task"),
            Target::Evaluation => ("épreuve inconnue", "unknown evaluation"),
            Target::Theme => ("thème inconnu", "unknown theme"),
            Target::Profile => ("profil inconnu", "unknown profile"),
            Target::Requirement => ("exigence inconnue", "unknown requirement"),
            Target::Experiment => ("expérience inconnue", "unknown experiment"),
            Target::Check => ("contrôle inconnu", "unknown check"),
        }
    }
}

pub(super) fn check(packs: &[Pack<'_>], checks: &Checks, problems: &mut Vec<PackError>) {
    // Experiments and checks are shared by all packs; the rest belongs to its own framework.
    let everything_read = packs.iter().all(|pack| pack.complete);
    let parts = packs.iter().flat_map(|pack| &pack.parts);
    let experiments = names(parts, |part| part.experiments.iter().map(|e| &e.id).collect());
    let check_names = checks.names();
    for pack in packs {
        let local = |of: fn(&PackPart) -> Vec<&Id>| names(&pack.parts, of);
        let activities = local(|p| p.activities.iter().map(|a| &a.id).collect());
        let tasks = local(|p| p.activities.iter().flat_map(|a| &a.tasks).map(|t| &t.id).collect());
        let evaluations = local(|p| p.evaluations.iter().map(|e| &e.id).collect());
        let themes = local(|p| p.themes.iter().map(|t| &t.id).collect());
        let profiles = local(|p| p.profiles.iter().map(|p| &p.id).collect());
        let indicators = indicator_names(&pack.parts);
        for (path, part) in &pack.parts {
            for (target, id) in references(part) {
                let (known, sure) = match target {
                    Target::Activity => (&activities, pack.complete),
                    Target::Task => (&tasks, pack.complete),
                    Target::Evaluation => (&evaluations, pack.complete),
                    Target::Theme => (&themes, pack.complete),
                    Target::Profile => (&profiles, pack.complete),
                    Target::Requirement => (&indicators, pack.complete),
                    Target::Experiment => (&experiments, everything_read),
                    Target::Check => (&check_names, checks.complete),
                };
                if sure && !known.contains(id.as_str()) {
                    problems.push(unknown(path, target, id, known));
                }
            }
        }
    }
    twice(packs, problems);
}

fn indicator_names<'a>(parts: &'a [(&str, PackPart)]) -> BTreeSet<&'a str> {
    names(parts, |part| part.competences.iter().flat_map(|c| &c.indicators).map(|i| &i.id).collect())
}

fn names<'a, 'p: 'a>(
    parts: impl IntoIterator<Item = &'a (&'p str, PackPart)>,
    of: fn(&PackPart) -> Vec<&Id>,
) -> BTreeSet<&'a str> {
    parts.into_iter().flat_map(|(_, part)| of(part)).map(Id::as_str).collect()
}

/// Every reference of one file.
fn references(part: &PackPart) -> Vec<(Target, &Id)> {
    let mut out = Vec::new();
    for competence in &part.competences {
        out.extend(competence.activity.iter().map(|id| (Target::Activity, id)));
        out.extend(competence.tasks.iter().map(|id| (Target::Task, id)));
        out.extend(competence.evaluation.iter().map(|id| (Target::Evaluation, id)));
        let shown = competence.criteria.iter().flat_map(|criterion| &criterion.shown_by);
        out.extend(shown.map(|id| (Target::Check, id)));
        for indicator in &competence.indicators {
            out.extend(indicator.checks().into_iter().map(|id| (Target::Check, id)));
            out.extend(indicator.experiments.iter().map(|id| (Target::Experiment, id)));
            out.extend(indicator.profiles.iter().map(|rule| (Target::Profile, &rule.profile)));
            let requirement = indicator.requirement.iter();
            out.extend(requirement.filter_map(|r| Some((Target::Theme, r.theme.as_ref()?))));
        }
    }
    let settled = part.profiles.iter().flat_map(|profile| &profile.settles);
    out.extend(settled.map(|settlement| (Target::Requirement, &settlement.requirement)));
    out
}

fn unknown(path: &str, target: Target, id: &Id, known: &BTreeSet<&str>) -> PackError {
    let (french, english) = target.words();
    let message = Text::new(format!("{french} `{id}`"), format!("{english} `{id}`"));
    PackError::new(path, id.position(), message).suggest(id, known.iter().copied())
}

/// Frameworks and experiments have names of their own across all packs.
fn twice(packs: &[Pack<'_>], problems: &mut Vec<PackError>) {
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (path, part) in packs.iter().flat_map(|pack| &pack.parts) {
        let framework = part.framework.iter().map(|header| ("framework", &header.id));
        let experiments = part.experiments.iter().map(|e| ("experiment", &e.id));
        for (kind, id) in framework.chain(experiments) {
            let Some(first) = seen.insert((kind, id.as_str()), path) else {
                continue;
            };
            if first == *path {
                continue; // The same file: said already as a duplicate within the pack.
            }
            let message = Text::new(
                format!("`{id}` est déjà défini dans un autre paquet"),
                format!("`{id}` is already defined in another pack"),
            );
            problems.push(PackError::new(path, id.position(), message).hint(Text::new(
                format!("voir {first} ; un paquet ajouté porte des identifiants à lui"),
                format!("see {first}; a pack that is added has identifiers of its own"),
            )));
        }
    }
}
