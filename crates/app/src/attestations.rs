//! Attestations of a folder: verified, told, and given to the ladder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::prove::attest::{Demands, PublicKey, Refusal, Refused, Verified, verify};
use facts::{Attestation, Oid};
use framework::Framework;
use jiff::civil::Date;

use crate::error::AssessError;
use crate::report::model::Proof;
use crate::words::Words;

/// Bounds on a folder that anyone may have written.
const FILES: usize = 2_000;
const BYTES: u64 = 4 << 20;

/// Which records are believed.
#[derive(Clone, Debug)]
pub struct Belief {
    pub folder: PathBuf,
    pub trusted: Vec<PublicKey>,
    /// In days.
    pub max_age: i64,
}

/// Verifies the folder for one commit and the frameworks that are assessed.
///
/// # Errors
/// When the folder cannot be listed.
pub(crate) fn read(
    belief: &Belief,
    commit: &Oid,
    frameworks: &[&Framework],
    as_of: Date,
) -> Result<Verified, AssessError> {
    let files =
        files(&belief.folder).map_err(|source| AssessError::Attestations { path: belief.folder.clone(), source })?;
    let versions: BTreeMap<String, String> =
        frameworks.iter().map(|framework| (framework.id().to_owned(), framework.header.version.clone())).collect();
    Ok(judge(&files, &belief.trusted, commit.as_str(), &versions, (as_of, belief.max_age)))
}

/// Verifies files for one commit and the versions of the frameworks that are asked for.
pub(crate) fn judge(
    files: &[(String, Vec<u8>)],
    trusted: &[PublicKey],
    commit: &str,
    versions: &BTreeMap<String, String>,
    (as_of, max_age): (Date, i64),
) -> Verified {
    let age = |day: &str| Some(i64::from(day.parse::<Date>().ok()?.until(as_of).ok()?.get_days()));
    verify(files, &Demands { trusted, commit, versions, age: &age, max_age })
}

/// The JSON files of the folder itself, in the order of their names; links are not followed.
fn files(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut names: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let small = entry.metadata().is_ok_and(|data| data.is_file() && data.len() <= BYTES);
        let json = entry.path().extension().is_some_and(|extension| extension == "json");
        let name = entry.file_name().to_string_lossy().into_owned();
        // What a proof writes beside its records.
        let beside = name == "proof.json" || name.ends_with(".cdx.json");
        if small && json && !beside {
            names.push(entry.path());
        }
    }
    names.sort();
    names.truncate(FILES);
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        std::fs::read(&path).map(|bytes| (name, bytes))
    };
    names.into_iter().map(read).collect()
}

/// What the ladder takes for one framework.
pub(crate) fn for_framework(verified: &Verified, framework: &str) -> Vec<Attestation> {
    let own = verified.accepted.iter().filter(|accepted| accepted.framework == framework);
    own.map(|accepted| accepted.attestation.clone()).collect()
}

/// What a report shows of the records behind an indicator.
pub(crate) fn behind(verified: &Verified, framework: &str, indicator: &str, words: Words) -> Vec<Proof> {
    let own =
        verified.accepted.iter().filter(|accepted| accepted.framework == framework && accepted.indicator == indicator);
    own.map(|accepted| Proof {
        experiment: accepted.experiment.clone(),
        day: accepted.day.clone(),
        signer: accepted.attestation.signer.clone(),
        statement: accepted.attestation.statement.clone(),
        file: accepted.file.clone(),
        stand_ins: accepted.stand_ins.iter().map(|said| words.said(said)).collect(),
    })
    .collect()
}

/// Each refused file with its reason.
pub(crate) fn refused(verified: &Verified, words: Words) -> Vec<String> {
    let told = |refused: &Refused| {
        let why = match &refused.why {
            Refusal::Unreadable => words.say("attestation-unreadable"),
            Refusal::Untrusted => words.say("attestation-untrusted"),
            Refusal::OtherCommit { commit } => words.with("attestation-other-commit", &[("commit", commit)]),
            Refusal::OtherVersion { framework, version } => {
                words.with("attestation-other-version", &[("framework", framework), ("version", version)])
            }
            Refusal::TooOld { days } => {
                words.count("attestation-too-old", usize::try_from(*days).unwrap_or(usize::MAX))
            }
            Refusal::Undated => words.say("attestation-undated"),
            Refusal::NoEvidence { experiment } => words.with("attestation-no-evidence", &[("experiment", experiment)]),
            Refusal::Contradicted { experiment, file } => {
                words.with("attestation-contradicted", &[("experiment", experiment), ("file", file)])
            }
        };
        words.with("attestation-refused", &[("file", &refused.file), ("why", &why)])
    };
    verified.refused.iter().map(told).collect()
}
