//! Why a use case failed: what, where, and what to do, in the reader's language.

use std::path::PathBuf;

use extract::git::{AcquireError, OpenError};
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
    #[error("unknown {what} {id}")]
    NoSuchId { what: What, id: String, known: Vec<String> },
}

/// What kind of name was not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Framework,
    Profile,
    Requirement,
    Any,
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            What::Framework => "framework",
            What::Profile => "profile",
            What::Requirement => "requirement",
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
            AssessError::Acquire(error) => {
                Told { blame: Blame::Input, message: error.to_string(), hints: vec![words.say("hint-repository")] }
            }
            AssessError::Packs(problems) => {
                let lines: Vec<String> = problems.iter().map(|problem| problem.in_lang(lang)).collect();
                Told { blame: Blame::Input, message: lines.join("\n"), hints: vec![words.say("hint-packs")] }
            }
            AssessError::PackFolder { path, source } => {
                let message = words.with("error-pack-folder", &[("path", &path.display().to_string())]);
                Told { blame: Blame::Input, message: format!("{message} ({source})"), hints: Vec::new() }
            }
            AssessError::NoSuchId { what, id, known } => {
                let message = match what {
                    What::Framework => "error-no-such-framework",
                    What::Profile => "error-no-such-profile",
                    What::Requirement => "error-no-such-requirement",
                    What::Any => "error-no-such-id",
                };
                let near = framework::closest(id, known.iter().map(String::as_str));
                let hint = match near {
                    Some(name) => words.with("hint-did-you-mean", &[("name", name)]),
                    None if known.len() <= 12 => words.with("hint-known", &[("names", &known.join(", "))]),
                    None => words.say("hint-explain"),
                };
                Told { blame: Blame::Usage, message: words.with(message, &[("id", id)]), hints: vec![hint] }
            }
        }
    }
}

fn open_error(words: Words, error: &OpenError) -> Told {
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    let hint = match error {
        OpenError::NoSuchRevision { .. } => "hint-revision",
        _ => "hint-repository",
    };
    Told { blame: Blame::Input, message, hints: vec![words.say(hint)] }
}
