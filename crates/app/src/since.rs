//! What changed since an earlier commit, and which indicators it touches.

use std::collections::{BTreeMap, BTreeSet};

use extract::Project;
use verdict::Answers;

use crate::assess::Assessed;
use crate::report::model::{CheckChange, Report, Since, Touched};

pub(crate) fn compare(
    rev: &str,
    before: &Assessed,
    earlier: &Answers<'_>,
    after: &Assessed,
    answers: &Answers<'_>,
    report: &Report,
) -> Since {
    let changed = changed_paths(&before.project, &after.project);
    let differing = answers.iter().filter_map(|(id, answer)| {
        let before = earlier.get(id)?.outcome;
        (before != answer.outcome).then(|| CheckChange {
            id: id.clone(),
            before,
            after: answer.outcome,
            indicators: indicators_of(id, report),
        })
    });
    Since {
        rev: rev.to_owned(),
        commit: before.commit.to_string(),
        changed_files: changed.len(),
        checks: differing.collect(),
        touched: touched(&changed, earlier, report),
    }
}

/// The paths whose content is another one, was added or was removed.
fn changed_paths(before: &Project, after: &Project) -> BTreeSet<String> {
    let blobs = |project: &Project| -> BTreeMap<String, String> {
        project.all_files().iter().map(|file| (file.path.to_string(), file.blob.to_string())).collect()
    };
    let (old, new) = (blobs(before), blobs(after));
    let gone = old.iter().filter(|(path, blob)| new.get(*path) != Some(*blob));
    let come = new.iter().filter(|(path, blob)| old.get(*path) != Some(*blob));
    gone.chain(come).map(|(path, _)| path.clone()).collect()
}

/// The indicators whose standing rests on a check.
fn indicators_of(check: &str, report: &Report) -> Vec<String> {
    report
        .indicators()
        .filter(|(_, indicator)| {
            indicator.evidence.iter().any(|cited| cited.check == check)
                || indicator.lacking.iter().chain(&indicator.unknown).any(|id| id == check)
        })
        .map(|(framework, indicator)| format!("{} {}", framework.id, indicator.id))
        .collect()
}

/// Indicators that rest on a changed file now, or whose checks rested on one before.
fn touched(changed: &BTreeSet<String>, earlier: &Answers<'_>, report: &Report) -> Vec<Touched> {
    let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (framework, indicator) in report.indicators() {
        let now = indicator.evidence.iter().filter_map(|cited| cited.path.clone());
        let checks: BTreeSet<&str> = indicator.evidence.iter().map(|cited| cited.check.as_str()).collect();
        let lacking = indicator.lacking.iter().map(String::as_str);
        let then = checks.into_iter().chain(lacking).filter_map(|check| earlier.get(check)).flat_map(|answer| {
            answer
                .evidence
                .iter()
                .take(20)
                .filter_map(|evidence| evidence.fact.location().path().map(ToOwned::to_owned))
        });
        for path in now.chain(then).filter(|path| changed.contains(path)) {
            found.entry((framework.id.clone(), indicator.id.clone())).or_default().insert(path);
        }
    }
    let entry = |((framework, indicator), paths): (_, BTreeSet<String>)| Touched {
        framework,
        indicator,
        paths: paths.into_iter().collect(),
    };
    found.into_iter().map(entry).collect()
}
