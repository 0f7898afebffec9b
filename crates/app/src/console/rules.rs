//! The rules of a title as they follow from its framework, before a certifier changes them.

use framework::{Form, Framework};
use jiff::civil::Date;
use programme::{
    Absence, Block, Compensation, Criterion, CriterionId, FrameworkRef, JuryRules, Majority, Mark, OralPart, OralPlan,
    PaperId, PaperRule, Rubric, Scale, Version, Words as Both,
};
use sha2::{Digest, Sha256};

/// The largest paper that is taken.
const PAPER_BYTES: u64 = 10 * 1024 * 1024;

/// A first version: every criterion weighs the same, four fifths of the points pass, strong makes up for weak.
///
/// What the source says is taken from it (criteria, papers, days, parts of the oral, size of the jury); what it leaves
/// open is the house's choice, and data that the certifier changes.
pub fn first_version(framework: &Framework, in_force: Date) -> Version {
    let jury = framework.evaluations.iter().find_map(|evaluation| evaluation.jury.as_ref());
    Version {
        number: 1,
        in_force,
        framework: FrameworkRef {
            id: framework.id().to_owned(),
            version: framework.header.version.clone(),
            digest: digest(framework),
        },
        rubric: rubric(framework),
        pass_mark: 8_000,
        compensation: Compensation::Full,
        tolerance: Mark::points(1),
        jury: JuryRules {
            size: jury.map_or(3, |jury| jury.size),
            professionals_min: jury.map_or(1, |jury| jury.professionals_min),
            quorum: 2,
            absence: Absence::Substitute,
            majority: Majority::Simple,
            minority_note: true,
        },
        oral: oral(framework),
        papers: papers(framework),
        prerequisites: framework.header.prerequisite.iter().map(|_| "experience".to_owned()).collect(),
        validity_months: Some(12),
        renewal_days: 60,
        appeal_days: 30,
    }
}

pub(super) fn digest(framework: &Framework) -> String {
    let text = serde_json::to_vec(framework).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn both(text: &framework::Text) -> Both {
    Both { fr: text.fr.clone(), en: text.en.clone() }
}

/// One criterion of the rubric for each of the framework, in a block for each competence.
fn rubric(framework: &Framework) -> Rubric {
    let mut criteria = Vec::new();
    let mut blocks = Vec::new();
    for competence in &framework.competences {
        blocks.push(Block { id: competence.id.to_string(), title: both(&competence.label), pass_mark: None });
        let block = Some(competence.id.to_string());
        let criterion = |id: &str, title: &framework::Text, indicators: Vec<String>| Criterion {
            id: CriterionId(id.to_owned()),
            title: both(title),
            weight: 1,
            block: block.clone(),
            floor: None,
            indicators,
        };
        for one in &competence.criteria {
            let shown_by = one.shown_by.iter().map(ToString::to_string).collect();
            criteria.push(criterion(&one.id, &one.title, shown_by));
        }
        // A framework that names no criteria is judged by its indicators.
        if competence.criteria.is_empty() {
            criteria.extend(
                competence.indicators.iter().map(|one| criterion(&one.id, &one.title, vec![one.id.to_string()])),
            );
        }
    }
    Rubric { scale: Scale { min: Mark::points(0), max: Mark::points(5), step: Mark::points(1) }, criteria, blocks }
}

fn oral(framework: &Framework) -> Option<OralPlan> {
    let deliverables = framework.evaluations.iter().flat_map(|evaluation| &evaluation.deliverables);
    let parts: Vec<OralPart> = deliverables
        .filter(|deliverable| deliverable.form == Form::Oral)
        .flat_map(|deliverable| &deliverable.parts)
        .filter_map(|part| Some(OralPart { title: both(&part.title), minutes: part.minutes? }))
        .collect();
    (!parts.is_empty()).then_some(OralPlan { parts })
}

fn papers(framework: &Framework) -> Vec<PaperRule> {
    let deliverables = framework
        .evaluations
        .iter()
        .flat_map(|evaluation| evaluation.deliverables.iter().map(move |deliverable| (evaluation, deliverable)));
    deliverables
        // A paper that lies in the repository of its project comes with the commit.
        .filter(|(_, one)| one.form == Form::Written && one.file_name.is_none())
        .map(|(evaluation, one)| PaperRule {
            id: PaperId(one.id.to_string()),
            title: both(&evaluation.title),
            required: false,
            days: one.days,
            largest: PAPER_BYTES,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Packs;

    #[test]
    fn every_certification_has_rules_that_a_candidate_can_be_judged_by() {
        let packs = Packs::load(&[]).unwrap();
        for (id, criteria, oral) in [("rs-devops", 20, Some(50)), ("cloud-devops-expert", 18, None)] {
            let version = first_version(packs.framework(id).unwrap(), Date::constant(2026, 1, 1));
            version.check().unwrap();
            assert_eq!(version.rubric.criteria.len(), criteria, "{id}");
            let minutes = version.oral.map(|oral| oral.parts.iter().map(|part| part.minutes).sum::<u32>());
            assert_eq!(minutes, oral, "{id}");
        }
    }
}
