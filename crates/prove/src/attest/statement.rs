//! in-toto statements: a test result for each run, and an attribute report for each indicator that it supports.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Finding, Outcome};

pub const STATEMENT: &str = "https://in-toto.io/Statement/v1";
pub const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";
pub const SCAI: &str = "https://in-toto.io/attestation/scai/v0.3";

/// A statement about a commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    #[serde(rename = "_type")]
    pub kind: String,
    pub subject: Vec<Descriptor>,
    #[serde(rename = "predicateType")]
    pub predicate_type: String,
    pub predicate: serde_json::Value,
}

/// Something with a name and a digest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Descriptor {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub digest: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, serde_json::Value>,
}

/// The circumstances of a run.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub commit: &'a str,
    /// The digest of the plan: which commands and faults, under which seed.
    pub plan: &'a str,
    /// The day, as `2026-11-22`.
    pub day: &'a str,
    /// The version of the program.
    pub version: &'a str,
}

/// What an attribute report speaks for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub framework: &'a str,
    pub framework_version: &'a str,
    pub indicator: &'a str,
}

fn statement(commit: &str, predicate_type: &str, predicate: serde_json::Value) -> Statement {
    let digest = BTreeMap::from([("gitCommit".to_owned(), commit.to_owned())]);
    let subject = Descriptor { name: "repository".into(), digest, ..Descriptor::default() };
    Statement { kind: STATEMENT.into(), subject: vec![subject], predicate_type: predicate_type.into(), predicate }
}

/// How one run of an experiment ended: every fault is a test that passed when the fault was noticed.
pub fn test_result(finding: &Finding, run: Run<'_>) -> Statement {
    let result = match finding.outcome {
        Outcome::Proven => "PASSED",
        Outcome::Refuted { .. } | Outcome::Flaky { .. } => "FAILED",
        Outcome::NotProvableHere { .. } => "WARNED",
    };
    let names = |noticed: bool| {
        let counted = finding.trials.iter().filter(|trial| trial.kind != crate::protocol::FaultKind::Null);
        counted.filter(|trial| trial.noticed() == noticed).map(|trial| trial.fault.clone()).collect::<Vec<_>>()
    };
    let predicate = serde_json::json!({
        "result": result,
        "configuration": [{
            "name": finding.experiment,
            "digest": { "sha256": run.plan },
            "annotations": {
                "subject": finding.subject,
                "day": run.day,
                "producer": format!("preuve {}", run.version),
                "finding": finding,
            },
        }],
        "passedTests": names(true),
        "failedTests": names(false),
    });
    statement(run.commit, TEST_RESULT, predicate)
}

/// That an indicator is proven by a run, whose envelope has this digest.
pub fn attribute(scope: Scope<'_>, finding: &Finding, run: Run<'_>, evidence: &str) -> Statement {
    let predicate = serde_json::json!({
        "attributes": [{
            "attribute": scope.indicator,
            "conditions": {
                "framework": scope.framework,
                "frameworkVersion": scope.framework_version,
                "experiment": finding.experiment,
                "rung": "proven",
                "day": run.day,
                "standIns": finding.stand_ins,
            },
            "evidence": { "name": finding.experiment, "digest": { "sha256": evidence } },
        }],
        "producer": { "name": format!("preuve {}", run.version) },
    });
    statement(run.commit, SCAI, predicate)
}

impl Statement {
    /// The bytes that are signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a statement always serialises")
    }
}
