//! What it takes to believe an attestation: a trusted signature, this commit, this version of the pack, and not too old.

use std::collections::BTreeMap;

use facts::{Attestation, Oid, Shows};
use serde_json::Value;

use super::dsse::Envelope;
use super::key::{PublicKey, digest};
use super::statement::{SCAI, STATEMENT, Statement, TEST_RESULT};
use crate::say::Say;

/// What is asked of every attestation.
#[derive(Clone, Copy)]
pub struct Demands<'a> {
    pub trusted: &'a [PublicKey],
    pub commit: &'a str,
    /// The version of each framework that is assessed.
    pub versions: &'a BTreeMap<String, String>,
    /// How many days passed from a day like `2026-11-22` to the day of the assessment; none for what is no day.
    pub age: &'a dyn Fn(&str) -> Option<i64>,
    pub max_age: i64,
}

/// Why an attestation is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no envelope of a statement.
    Unreadable,
    /// No trusted key signed exactly this.
    Untrusted,
    OtherCommit {
        commit: String,
    },
    OtherVersion {
        framework: String,
        version: String,
    },
    TooOld {
        days: i64,
    },
    /// Its day lies after the day of the assessment, or is no day.
    Undated,
    /// It speaks of a run whose record is not there, was refused, or did not prove it.
    NoEvidence {
        experiment: String,
    },
    /// Another run of the experiment on this commit failed, on the same day or later.
    Contradicted {
        experiment: String,
        file: String,
    },
}

/// A file that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub file: String,
    pub why: Refusal,
}

/// An attestation that lifts an indicator of one framework.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub file: String,
    pub framework: String,
    pub indicator: String,
    pub experiment: String,
    pub day: String,
    pub stand_ins: Vec<Say>,
    pub attestation: Attestation,
}

/// What came of a folder of attestations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub accepted: Vec<Accepted>,
    pub refused: Vec<Refused>,
}

struct Read {
    file: String,
    digest: String,
    signer: String,
    /// In days.
    age: i64,
    statement: Statement,
}

/// Verifies files, each given by name and bytes.
pub fn verify(files: &[(String, Vec<u8>)], demands: &Demands<'_>) -> Verified {
    let mut verified = Verified::default();
    let mut read = Vec::new();
    for (file, bytes) in files {
        match open(file, bytes, demands) {
            Ok(statement) => read.push(statement),
            Err(why) => verified.refused.push(Refused { file: file.clone(), why }),
        }
    }
    let runs = Runs::of(&read);
    for read in read.iter().filter(|read| read.statement.predicate_type == SCAI) {
        match accept(read, &runs, demands) {
            Ok(accepted) => verified.accepted.extend(accepted),
            Err(why) => verified.refused.push(Refused { file: read.file.clone(), why }),
        }
    }
    verified.refused.sort_by(|a, b| a.file.cmp(&b.file));
    verified
}

fn open(file: &str, bytes: &[u8], demands: &Demands<'_>) -> Result<Read, Refusal> {
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|_| Refusal::Unreadable)?;
    let (payload, signer) = envelope.open(demands.trusted).ok_or(Refusal::Untrusted)?;
    let statement: Statement = serde_json::from_slice(&payload).map_err(|_| Refusal::Unreadable)?;
    if statement.kind != STATEMENT {
        return Err(Refusal::Unreadable);
    }
    let commits: Vec<&String> =
        statement.subject.iter().filter_map(|subject| subject.digest.get("gitCommit")).collect();
    match commits.as_slice() {
        [] => return Err(Refusal::Unreadable),
        commits if commits.iter().all(|commit| *commit == demands.commit) => {}
        [commit, ..] => return Err(Refusal::OtherCommit { commit: (*commit).clone() }),
    }
    let day = match statement.predicate_type.as_str() {
        TEST_RESULT => statement.predicate.pointer("/configuration/0/annotations/day"),
        SCAI => statement.predicate.pointer("/attributes/0/conditions/day"),
        _ => return Err(Refusal::Unreadable),
    };
    let age = match day.and_then(Value::as_str).and_then(|day| (demands.age)(day)) {
        Some(days) if days < 0 => return Err(Refusal::Undated),
        Some(days) if days > demands.max_age => return Err(Refusal::TooOld { days }),
        Some(days) => days,
        None => return Err(Refusal::Undated),
    };
    Ok(Read { file: file.to_owned(), digest: digest(bytes), signer, age, statement })
}

/// The runs that are believed.
struct Runs<'a> {
    /// The experiment that a record proved, by the record's digest.
    proven: BTreeMap<&'a str, &'a str>,
    /// The youngest record of an experiment that failed.
    failed: BTreeMap<&'a str, &'a Read>,
}

impl<'a> Runs<'a> {
    fn of(read: &'a [Read]) -> Self {
        let mut failed: BTreeMap<&str, &Read> = BTreeMap::new();
        for (experiment, run) in read.iter().filter_map(fails) {
            if failed.get(experiment).is_none_or(|other| run.age < other.age) {
                failed.insert(experiment, run);
            }
        }
        Self { proven: read.iter().filter_map(proves).collect(), failed }
    }
}

/// The experiment of a record whose run was refuted, or noticed one time and not another.
fn fails(read: &Read) -> Option<(&str, &Read)> {
    let predicate = &read.statement.predicate;
    let failed = predicate.get("result").and_then(Value::as_str) == Some("FAILED");
    let experiment = predicate.pointer("/configuration/0/name").and_then(Value::as_str)?;
    (read.statement.predicate_type == TEST_RESULT && failed).then_some((experiment, read))
}

/// The digest and experiment of a record whose run proved it.
fn proves(read: &Read) -> Option<(&str, &str)> {
    let predicate = &read.statement.predicate;
    let passed = predicate.get("result").and_then(Value::as_str) == Some("PASSED");
    let experiment = predicate.pointer("/configuration/0/name").and_then(Value::as_str)?;
    let told = predicate.pointer("/configuration/0/annotations/finding/outcome").and_then(Value::as_str);
    (read.statement.predicate_type == TEST_RESULT && passed && told == Some("proven"))
        .then_some((read.digest.as_str(), experiment))
}

fn accept(read: &Read, runs: &Runs<'_>, demands: &Demands<'_>) -> Result<Vec<Accepted>, Refusal> {
    let attributes = read.statement.predicate.get("attributes").and_then(Value::as_array).ok_or(Refusal::Unreadable)?;
    let mut accepted = Vec::new();
    for attribute in attributes {
        let text = |pointer: &str| attribute.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (framework, version) = (text("/conditions/framework"), text("/conditions/frameworkVersion"));
        let experiment = text("/conditions/experiment");
        // A framework that is not assessed today is no reason to refuse: it is simply not asked for.
        let Some(asked) = demands.versions.get(&framework) else { continue };
        if *asked != version {
            return Err(Refusal::OtherVersion { framework, version });
        }
        let evidence = text("/evidence/digest/sha256");
        if text("/conditions/rung") != "proven" || runs.proven.get(&*evidence) != Some(&&*experiment) {
            return Err(Refusal::NoEvidence { experiment });
        }
        // What one run shows and another does not is not shown: a newer proof alone makes good what failed.
        if let Some(failed) = runs.failed.get(&*experiment).filter(|failed| failed.age <= read.age) {
            return Err(Refusal::Contradicted { experiment, file: failed.file.clone() });
        }
        let stand_ins = attribute.pointer("/conditions/standIns").and_then(Value::as_array);
        let stand_ins = stand_ins.into_iter().flatten();
        let stand_ins = stand_ins.filter_map(|said| serde_json::from_value(said.clone()).ok()).collect();
        accepted.push(Accepted {
            file: read.file.clone(),
            framework,
            indicator: text("/attribute"),
            day: text("/conditions/day"),
            stand_ins,
            attestation: Attestation {
                commit: Oid::new(demands.commit),
                shows: Shows::Proved { experiment: experiment.clone() },
                signer: read.signer.clone(),
                statement: read.digest.clone(),
            },
            experiment,
        });
    }
    Ok(accepted)
}
