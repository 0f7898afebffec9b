//! What programs found of a project, recorded for the jury: a report of an assessment, as `preuve assess` writes it.

use programme::{Act, EnrolmentId, Run, RunId, RunKind, SessionId};
use serde_json::Value;

use super::Error;
use super::desk::Desk;
use super::identity::Account;
use super::looking::{Looked, findings};
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
        let now = act.at;
        let value: Value = if report.len() > MOST {
            return Err(Error::NoReport);
        } else {
            serde_json::from_slice(report).map_err(|_| Error::NoReport)?
        };
        let looked = Looked::of_report(&value).ok_or(Error::NoReport)?;
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
            // A report that does not speak of the framework says nothing.
            looked.framework(&version.framework.id).ok_or(Error::NoReport)?;
            let run = Run {
                id: run.clone(),
                kind: RunKind::Assessment,
                commit: looked.commit.clone(),
                digest: digest.clone(),
                finished: act.at,
                findings: findings(version, &looked),
            };
            let one = records.enrolments.iter_mut().find(|one| one.id == *id).ok_or(Error::NotFound)?;
            let event = one.record_run(run, act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await?;
        self.queue_build(id, now).await?;
        Ok(session)
    }
}

#[cfg(test)]
mod tests {
    use programme::Mark;
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
        let check = |rung: &str, status: &str, expected: (&str, Option<i32>)| {
            let indicators: Vec<Value> = shown
                .iter()
                .map(|id| json!({"id": id, "rung": rung, "required": "present", "status": status}))
                .collect();
            let report = json!({
                "schema": "preuve-report/1", "as_of": "2026-01-01", "repository": {"commit": "c0"},
                "frameworks": [{"id": "rs-devops", "competences": [{"id": block, "indicators": indicators}]}],
            });
            let looked = Looked::of_report(&report).unwrap();
            let found = findings(&version, &looked);
            let one = &found[&criterion.id];
            assert_eq!((one.rung.as_str(), one.mark), (expected.0, expected.1.map(Mark::points)));
        };
        check("missing", "below", ("missing", Some(0)));
        check("declared", "below", ("declared", Some(2)));
        check("present", "reached", ("present", Some(5)));
        check("proven", "reached", ("proven", Some(5)));
        check("missing", "unknown", ("missing", None));
        assert!(Looked::of_report(&json!({"schema": "preuve-report/1"})).is_none());
    }
}
