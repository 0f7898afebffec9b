//! Why a use case failed: what, where, and what to do, in the reader's language.

mod git;
mod told;

use std::path::PathBuf;

use extract::git::{AcquireError, BeginError, OpenError};
use framework::PackError;

/// Whose problem an error is; the exit code follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The command was wrong: 2.
    Usage,
    /// The input cannot be read: 3.
    Input,
    /// A program that is needed is missing: 4.
    Environment,
}

/// Why an assessment could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Acquire(#[from] AcquireError),
    #[error("{} problems in packs or waivers", .0.len())]
    Packs(Vec<PackError>),
    #[error("pack folder {path}")]
    PackFolder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("no pack in {path}")]
    NoPack { path: PathBuf },
    #[error("attestations in {path}")]
    Attestations {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{name} cannot name a product")]
    Name { name: String, taken: bool },
    #[error("{path} is not empty")]
    NotEmpty { path: PathBuf },
    #[error("{path} cannot be written")]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Begin(BeginError),
    #[error("no lab was started in {path}")]
    NoLab { path: PathBuf },
    #[error("a lab was started in {path} already")]
    LabStarted { path: PathBuf },
    #[error("the journal of the lab in {path} cannot be used: {why}")]
    Journal { path: PathBuf, why: String },
    #[error("lab {lab} cannot be made: {why}")]
    Lab { lab: String, why: String },
    #[error("dossier in {path}")]
    Dossier {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("no dossier.yaml in {path}")]
    NoDossier { path: PathBuf },
    #[error("{}", .0)]
    Manifest(Box<PackError>),
    #[error("{path} is named and not in the dossier")]
    NotInDossier { path: String },
    #[error("{commit} has no report {path}")]
    ReportNotThere { path: String, commit: String },
    #[error("{path} has no work tree")]
    NoWorkTree { path: PathBuf },
    #[error("file {path}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} names no paper")]
    NoPapers { path: PathBuf },
    #[error("{path} is there already")]
    ReportThere { path: PathBuf },
    #[error("{path} lists {paper} already")]
    PaperThere { path: PathBuf, paper: String },
    /// Papers cannot be put into a `dossier.yaml` as it is written; its author can.
    #[error("{path} is written in its own way")]
    DossierEdit { path: PathBuf, lines: String },
    #[error("{path} has more than {most} files")]
    DossierLarge { path: PathBuf, most: usize },
    #[error("{paper} cannot be set: {why}")]
    Press { paper: String, why: String },
    #[error("{path} is no report of an assessment: {why}")]
    Report { path: PathBuf, why: String },
    #[error("{repository} has no report")]
    NoReport { repository: String },
    #[error("unknown {what} {id}")]
    NoSuchId { what: What, id: String, known: Vec<String> },
}

/// What kind of name was not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Framework,
    Profile,
    Requirement,
    Lab,
    Symptom,
    Experiment,
    Paper,
    Any,
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            What::Framework => "framework",
            What::Profile => "profile",
            What::Requirement => "requirement",
            What::Lab => "lab",
            What::Symptom => "symptom",
            What::Experiment => "experiment",
            What::Paper => "paper",
            What::Any => "name",
        })
    }
}

/// An error as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub blame: Blame,
    pub message: String,
    pub hints: Vec<String>,
}
