//! Why a use case failed: what, where, and what to do, in the reader's language.

use std::path::PathBuf;

use extract::git::{AcquireError, BeginError, Failed, Hint, OpenError, Refusal};
use framework::{Lang, PackError};

use crate::words::Words;

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

impl AssessError {
    /// The error in one language, with what to do about it.
    pub fn told(&self, lang: Lang) -> Told {
        let words = Words(lang);
        match self {
            AssessError::Open(error) | AssessError::Acquire(AcquireError::Open(error)) => open_error(words, error),
            AssessError::Acquire(error) => acquire_error(words, error),
            AssessError::Packs(problems) => {
                let lines: Vec<String> = problems.iter().map(|problem| problem.in_lang(lang)).collect();
                Told { blame: Blame::Input, message: lines.join("\n"), hints: vec![words.say("hint-packs")] }
            }
            AssessError::PackFolder { path, source } => {
                let message = words.with("error-pack-folder", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message: format!("{message} ({source})"), hints: Vec::new() }
            }
            AssessError::Attestations { path, source } => {
                let message = words.with("error-attestations", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message: format!("{message} ({source})"), hints: Vec::new() }
            }
            AssessError::Name { name, taken } => {
                let message = if *taken { "error-name-taken" } else { "error-name" };
                let message = words.with(message, &[("name", name)]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-name")] }
            }
            AssessError::Report { path, why } => {
                let told = [("path", path.display().to_string()), ("why", why.clone())];
                let message = words.with("error-report", &[("path", &told[0].1), ("why", &told[1].1)]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-report")] }
            }
            AssessError::NotEmpty { path } => {
                let message = words.with("error-not-empty", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-not-empty")] }
            }
            AssessError::Write { path, source } => {
                let message = words.with("error-write", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message: format!("{message} ({source})"), hints: Vec::new() }
            }
            AssessError::Begin(BeginError::NoGit) => {
                let hints = vec![words.say("hint-no-git")];
                Told { blame: Blame::Environment, message: words.say("error-begin-no-git"), hints }
            }
            AssessError::Begin(BeginError::Told(why)) => {
                let message = words.with("error-begin", &[("why", why)]);
                Told { blame: Blame::Input, message, hints: Vec::new() }
            }
            AssessError::NoLab { path } => {
                let message = words.with("error-no-lab", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-no-lab")] }
            }
            AssessError::LabStarted { path } => {
                let message = words.with("error-lab-started", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-lab-started")] }
            }
            AssessError::Journal { path, why } => {
                let path = path.display().to_string();
                let message = words.with("error-journal", &[("path", &path), ("why", why)]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-journal")] }
            }
            AssessError::Lab { lab, why } => {
                let message = words.with("error-lab", &[("lab", lab), ("why", why)]);
                Told { blame: Blame::Input, message, hints: Vec::new() }
            }
            AssessError::Dossier { path, source } => {
                let message = words.with("error-dossier", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message: format!("{message} ({source})"), hints: Vec::new() }
            }
            AssessError::NoDossier { path } => {
                let message = words.with("error-no-dossier", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message, hints: vec![words.say("hint-no-dossier")] }
            }
            AssessError::PaperThere { path, paper } => {
                let message =
                    words.with("error-paper-there", &[("path", &path.display().to_string()), ("paper", paper)]);
                Told { blame: Blame::Usage, message, hints: vec![words.say("hint-paper-there")] }
            }
            AssessError::DossierEdit { path, lines } => {
                let message = words.with("error-dossier-edit", &[("path", &path.display().to_string())]);
                let hint = format!("{}\n{lines}", words.say("hint-dossier-edit"));
                Told { blame: Blame::Input, message, hints: vec![hint.trim_end().to_owned()] }
            }
            AssessError::DossierLarge { path, most } => {
                let (path, most) = (path.display().to_string(), most.to_string());
                let message = words.with("error-dossier-large", &[("path", &path), ("most", &most)]);
                Told { blame: Blame::Input, message, hints: Vec::new() }
            }
            AssessError::Press { paper, why } => {
                let message = words.with("error-press", &[("paper", paper), ("why", why)]);
                Told { blame: Blame::Input, message, hints: Vec::new() }
            }
            AssessError::NoReport { repository } => Told {
                blame: Blame::Input,
                message: words.with("error-no-report", &[("repository", repository)]),
                hints: vec![words.say("hint-no-report")],
            },
            AssessError::NoSuchId { what, id, known } => {
                let message = match what {
                    What::Framework => "error-no-such-framework",
                    What::Profile => "error-no-such-profile",
                    What::Requirement => "error-no-such-requirement",
                    What::Lab => "error-no-such-lab",
                    What::Symptom => "error-no-such-symptom",
                    What::Experiment => "error-no-such-experiment",
                    What::Any => "error-no-such-id",
                };
                let near = if *what == What::Symptom {
                    None
                } else {
                    framework::closest(id, known.iter().map(String::as_str))
                };
                let hint = match near {
                    Some(name) => words.with("hint-did-you-mean", &[("name", name)]),
                    None if known.len() <= 12 || *what == What::Experiment => {
                        words.with("hint-known", &[("names", &known.join(", "))])
                    }
                    None if *what == What::Lab => words.say("hint-lab-list"),
                    None => words.say("hint-explain"),
                };
                Told { blame: Blame::Usage, message: words.with(message, &[("id", id)]), hints: vec![hint] }
            }
        }
    }
}

fn acquire_error(words: Words, error: &AcquireError) -> Told {
    let (blame, message, hint) = match error {
        AcquireError::Open(error) => return open_error(words, error),
        AcquireError::Refused { repository, why } => {
            let arguments = [("repository", repository.as_str()), ("why", &refusal(words, why))];
            let hint = if *why == Refusal::NoRepository { "hint-init" } else { "hint-repository" };
            (Blame::Input, words.with("error-refused", &arguments), hint)
        }
        AcquireError::Outside { place, target, hint } => {
            let hint = match hint {
                Hint::Owner => "hint-outside-owner",
                Hint::Clone => "hint-outside-clone",
                Hint::Repack => "hint-outside-repack",
            };
            (Blame::Input, words.with("error-outside", &[("place", place), ("target", target)]), hint)
        }
        AcquireError::Clone { repository, why } => {
            let why = failed(words, why);
            let message = words.with("error-clone", &[("repository", repository), ("why", &why)]);
            (Blame::Input, message, "hint-clone")
        }
        AcquireError::NoGit { repository } => {
            (Blame::Environment, words.with("error-no-git", &[("repository", repository)]), "hint-no-git")
        }
    };
    Told { blame, message, hints: vec![words.say(hint)] }
}

fn refusal(words: Words, why: &Refusal) -> String {
    words.say(match why {
        Refusal::NoPlace => "refused-no-place",
        Refusal::Scheme => "refused-scheme",
        Refusal::Host => "refused-host",
        Refusal::Helper => "refused-helper",
        Refusal::Nothing => "refused-nothing",
        Refusal::NotABundle => "refused-not-a-bundle",
        Refusal::NoRepository => "refused-no-repository",
        Refusal::NotHttps => "refused-not-https",
        Refusal::Password => "refused-password",
        Refusal::Path => "refused-path",
        Refusal::Port => "refused-port",
        Refusal::Unknown => "refused-unknown-host",
        Refusal::Private => "refused-private",
        Refusal::NotMirrored => "refused-not-mirrored",
        Refusal::System(told) => return told.clone(),
    })
}

fn failed(words: Words, why: &Failed) -> String {
    match why {
        Failed::TooLarge { bytes } => words.with("failed-too-large", &[("bytes", &bytes.to_string())]),
        Failed::TooSlow { seconds } => words.with("failed-too-slow", &[("seconds", &seconds.to_string())]),
        Failed::Stopped => words.say("failed-stopped"),
        Failed::Told(told) => told.clone(),
    }
}

fn open_error(words: Words, error: &OpenError) -> Told {
    let (mut message, hint) = match error {
        OpenError::NotARepository { path, .. } => {
            let path = path.display().to_string();
            (words.with("error-not-a-repository", &[("path", &path)]), "hint-repository")
        }
        OpenError::NoSuchRevision { rev, .. } => {
            (words.with("error-no-such-revision", &[("rev", rev)]), "hint-revision")
        }
        OpenError::NoCommit { path } => {
            let path = path.display().to_string();
            (words.with("error-no-commit", &[("path", &path)]), "hint-no-commit")
        }
        OpenError::Tree { commit, .. } => (words.with("error-tree", &[("commit", commit)]), "hint-tree"),
    };
    // The causes are told by the reader of git, in English; they are what one searches for.
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    Told { blame: Blame::Input, message, hints: vec![words.say(hint)] }
}
