//! What programs found of a project, recorded for the jury: a report of an assessment, as `preuve assess` writes it.

use std::collections::{BTreeMap, BTreeSet};

use framework::Rung;
use programme::{Act, CriterionId, EnrolmentId, Finding, Mark, Run, RunId, RunKind, Scale, SessionId, Version};
use serde_json::Value;

use super::Error;
use super::desk::Desk;
use super::identity::Account;
use super::scope::Scope;

/// The largest report that is read.
const MOST: usize = 32 << 20;

impl Desk {
    /// Records a report for a candidate: what it says of each criterion is what the jury finds prepared.
    ///
    /// # Errors
    /// When the session is not theirs, it is no report, or it is about another commit.
    pub async fn record_report(
        &self,
        certifier: &Account,
        id: &EnrolmentId,
        report: &[u8],
        act: Act,
    ) -> Result<SessionId, Error> {
        let value: Value = if report.len() > MOST {
            return Err(Error::NoReport);
        } else {
            serde_json::from_slice(report).map_err(|_| Error::NoReport)?
        };
        let commit = value["repository"]["commit"].as_str().ok_or(Error::NoReport)?.to_owned();
        if value["schema"].as_str() != Some(crate::report::model::SCHEMA) {
            return Err(Error::NoReport);
        }
        let scope = Scope::Enrolment(id.clone());
        let session = self.read(&scope, |records| {
            let one = records.enrolment(id).ok_or(Error::NotFound)?;
            Ok::<_, Error>(records.session_for(certifier, &one.session)?.id.clone())
        });
        let session = session.await??;
        let digest = self.keep(report, act.at).await?;
        let run = RunId::from_bytes(self.store.fresh());
        self.change(&scope, |records| {
            let one = records.enrolment(id).ok_or(Error::NotFound)?;
            let (_, _, version) = records.frame(one).ok_or(Error::NotFound)?;
            let findings = findings(&value, version).ok_or(Error::NoReport)?;
            let run = Run {
                id: run.clone(),
                kind: RunKind::Assessment,
                commit: commit.clone(),
                digest: digest.clone(),
                finished: act.at,
                findings,
            };
            let one = records.enrolments.iter_mut().find(|one| one.id == *id).ok_or(Error::NotFound)?;
            let event = one.record_run(run, act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await?;
        Ok(session)
    }
}

/// What a report says of each criterion: the lowest rung of what shows it, where a check that is met shows *present*. A
/// report that does not speak of the version's framework says nothing.
pub fn findings(report: &Value, version: &Version) -> Option<BTreeMap<CriterionId, Finding>> {
    let frameworks = report["frameworks"].as_array()?;
    let spoken = frameworks.iter().find(|one| one["id"].as_str() == Some(&version.framework.id))?;
    let mut rungs: BTreeMap<String, (Rung, Rung)> = BTreeMap::new();
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    let mut of_block: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for competence in spoken["competences"].as_array()? {
        let block = competence["id"].as_str()?;
        for indicator in competence["indicators"].as_array()? {
            let id = indicator["id"].as_str()?.to_owned();
            if indicator["status"].as_str() == Some("unknown") {
                unknown.insert(id.clone());
            }
            let rung = |name: &str| indicator[name].as_str().and_then(Rung::from_name);
            rungs.insert(id.clone(), (rung("rung")?, rung("required")?));
            of_block.entry(block.to_owned()).or_default().push(id);
        }
    }
    // A criterion may name checks as well.
    for check in report["checks"].as_array().into_iter().flatten() {
        let (Some(id), Some(outcome)) = (check["id"].as_str(), check["outcome"].as_str()) else { continue };
        let rung = if outcome == "met" { Rung::Present } else { Rung::Missing };
        if outcome == "unknown" {
            unknown.insert(id.to_owned());
        }
        if outcome != "not-applicable" {
            rungs.insert(id.to_owned(), (rung, Rung::Present));
        }
    }
    let mut found = BTreeMap::new();
    for criterion in &version.rubric.criteria {
        // A criterion that names no indicator is shown by those of its competence.
        let own = match (&criterion.block, criterion.indicators.is_empty()) {
            (Some(block), true) => of_block.get(block).cloned().unwrap_or_default(),
            _ => criterion.indicators.clone(),
        };
        let open = own.iter().any(|id| unknown.contains(id));
        let own: Vec<(Rung, Rung)> = own.iter().filter_map(|id| rungs.get(id).copied()).collect();
        let Some(rung) = own.iter().map(|(rung, _)| *rung).min() else { continue };
        // What could not be read is not failed: then no mark is suggested.
        let mark = (!open).then(|| suggested(version.rubric.scale, &own));
        found.insert(criterion.id.clone(), Finding { rung: rung.name().to_owned(), mark });
    }
    Some(found)
}

/// The mark to begin with: all points where every indicator stands where it must, else the share of the way there.
fn suggested(scale: Scale, own: &[(Rung, Rung)]) -> Mark {
    let height = |rung: Rung| Rung::ALL.iter().position(|one| *one == rung).unwrap_or_default();
    let (mut won, mut all) = (0, 0);
    for (rung, required) in own {
        won += height(*rung).min(height(*required));
        all += height(*required);
    }
    let steps = (scale.max.0 - scale.min.0) / scale.step.0;
    let share = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let taken = if all == 0 { steps } else { steps * share(won) / share(all) };
    Mark(scale.min.0 + taken * scale.step.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Packs;
    use crate::console::first_version;

    #[test]
    fn a_report_suggests_what_its_indicators_reach() {
        let packs = Packs::load(&[]).unwrap();
        let version = first_version(packs.framework("rs-devops").unwrap(), "2026-01-01".parse().unwrap());
        let criterion = version.rubric.criteria[0].clone();
        let block = criterion.block.clone().unwrap();
        let mut shown = criterion.indicators.clone();
        if shown.is_empty() {
            shown = vec![format!("{block}.in1"), format!("{block}.in2")];
        }
        let check = |rung: &str, expected: (&str, i32)| {
            let indicators: Vec<Value> =
                shown.iter().map(|id| json!({"id": id, "rung": rung, "required": "present"})).collect();
            let report =
                json!({"frameworks": [{"id": "rs-devops", "competences": [{"id": block, "indicators": indicators}]}]});
            let found = findings(&report, &version).unwrap();
            let one = &found[&criterion.id];
            assert_eq!((one.rung.as_str(), one.mark), (expected.0, Some(Mark::points(expected.1))));
        };
        check("missing", ("missing", 0));
        check("declared", ("declared", 2));
        check("present", ("present", 5));
        check("proven", ("proven", 5));
        assert_eq!(findings(&json!({"frameworks": []}), &version), None);
    }
}
