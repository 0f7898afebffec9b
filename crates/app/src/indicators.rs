//! A framework with all its indicators, for people: rung, evidence, advice.

use ::prove::attest::Verified;
use framework::waivers::Waiver;
use framework::{Framework, Need, Rung};
use verdict::{Answers, Role, Standing, Status};

use crate::attestations;
use crate::cite::Citations;
use crate::library::Packs;
use crate::report::model::{ActionReport, Cited, CompetenceReport, FrameworkReport, IndicatorReport};
use crate::words::Words;

/// How many places an indicator cites for each check, and in all.
const PER_CHECK: usize = 2;
const SHOWN: usize = 12;

/// Writes the report of frameworks.
pub(crate) struct Reporter<'a> {
    pub words: Words,
    pub packs: &'a Packs,
    pub answers: &'a Answers<'a>,
    pub citations: &'a Citations<'a>,
    pub waivers: &'a [Waiver],
    pub verified: &'a Verified,
}

impl Reporter<'_> {
    pub(crate) fn framework(
        &self,
        framework: &Framework,
        profile: Option<&str>,
        placed: &[(&str, Standing<'_>)],
    ) -> FrameworkReport {
        let competences = framework.competences.iter().map(|competence| CompetenceReport {
            id: competence.id.to_string(),
            title: self.words.of(&competence.title).to_owned(),
            label: self.words.of(&competence.label).to_owned(),
            indicators: placed
                .iter()
                .filter(|(owner, _)| *owner == &*competence.id)
                .map(|(_, standing)| self.indicator(framework, standing))
                .collect(),
        });
        let standings: Vec<&Standing<'_>> = placed.iter().map(|(_, standing)| standing).collect();
        let next = verdict::actions(&standings).into_iter().map(|action| ActionReport {
            check: action.check.to_owned(),
            advice: self.fix(action.check),
            indicators: action.indicators.iter().map(ToString::to_string).collect(),
        });
        FrameworkReport {
            id: framework.id().to_owned(),
            version: framework.header.version.clone(),
            title: self.words.of(&framework.header.title).to_owned(),
            profile: profile.map(ToOwned::to_owned),
            competences: competences.collect(),
            next: next.collect(),
        }
    }

    fn indicator(&self, framework: &Framework, standing: &Standing<'_>) -> IndicatorReport {
        let indicator = standing.indicator;
        let title = self.words.of(&indicator.title).to_owned();
        let label = indicator.label.as_ref().map_or_else(|| title.clone(), |label| self.words.of(label).to_owned());
        let names = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
        IndicatorReport {
            id: indicator.id.to_string(),
            title,
            label,
            required: indicator.required,
            rung: standing.rung,
            status: standing.status,
            evidence: self.evidence(standing),
            lacking: names(&standing.lacking),
            unknown: names(&standing.unknown),
            needs: indicator.needs.clone(),
            experiments: indicator.experiments.iter().map(ToString::to_string).collect(),
            proofs: attestations::behind(self.verified, framework.id(), &indicator.id, self.words),
            advice: self.advice(standing),
        }
    }

    /// What supports the rung: the first places of each check, then where someone says so.
    fn evidence(&self, standing: &Standing<'_>) -> Vec<Cited> {
        let mut evidence: Vec<Cited> = Vec::new();
        for check in &standing.supported_by {
            let Some(answer) = self.answers.get(*check) else { continue };
            let support = answer.evidence.iter().filter(|evidence| evidence.role == Role::Supports).take(PER_CHECK);
            evidence.extend(support.flat_map(|found| self.citations.fact(check, "supports", found.fact)));
        }
        if standing.rung <= Rung::Declared {
            let declared = standing.declared_at.iter();
            evidence.extend(declared.map(|at| self.citations.location("", "declares", at, String::new())));
        }
        evidence.truncate(SHOWN);
        evidence
    }

    fn advice(&self, standing: &Standing<'_>) -> String {
        let words = self.words;
        let indicator = standing.indicator;
        match standing.status {
            Status::Reached => String::new(),
            Status::NotApplicable => standing.reason.map(|reason| words.of(reason).to_owned()).unwrap_or_default(),
            Status::Waived => {
                let waiver = self.waivers.iter().find(|waiver| *waiver.requirement == *indicator.id);
                waiver.map_or(String::new(), |waiver| {
                    let date = waiver.expiry.to_string();
                    words.with("advice-waived", &[("date", &date), ("approver", &waiver.approver)])
                })
            }
            Status::Below => {
                let fixes: Vec<String> = standing.lacking.iter().take(3).map(|check| self.fix(check)).collect();
                fixes.join(" ")
            }
            Status::Open if !indicator.experiments.is_empty() => {
                let names: Vec<&str> = indicator.experiments.iter().map(|id| &**id).collect();
                words.with("advice-experiment", &[("experiments", &names.join(", "))])
            }
            Status::Unknown if !standing.unknown.is_empty() => {
                words.with("advice-unknown", &[("checks", &standing.unknown.join(", "))])
            }
            Status::Open | Status::Unknown => match indicator.advice.as_ref().map(|text| words.of(text)) {
                Some(advice) if !advice.is_empty() => advice.to_owned(),
                _ => words.with("advice-needs", &[("what", &self.needs(&indicator.needs))]),
            },
        }
    }

    fn needs(&self, needs: &[Need]) -> String {
        let named: Vec<String> = needs.iter().map(|need| self.words.of(&need.label()).to_owned()).collect();
        named.join(", ")
    }

    fn fix(&self, check: &str) -> String {
        self.packs.checks.get(check).map_or(String::new(), |check| self.words.of(&check.fix).to_owned())
    }
}
