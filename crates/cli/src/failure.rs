//! Why a verb failed, and the exit code that says so.

use app::{AssessError, Blame, Lang};

/// The requirement of `--require` is not met.
pub(crate) const REQUIREMENT_NOT_MET: u8 = 1;
/// The command was wrong.
pub(crate) const USAGE: u8 = 2;
/// The input cannot be read.
pub(crate) const INPUT: u8 = 3;
/// A program that is needed is missing.
pub(crate) const ENVIRONMENT: u8 = 4;
/// A bug of this program.
pub(crate) const BUG: u8 = 70;

/// An error as people read it, with the code that scripts read.
#[derive(Debug)]
pub(crate) struct Failure {
    pub code: u8,
    pub message: String,
    pub hints: Vec<String>,
}

impl Failure {
    pub(crate) fn new(code: u8, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hints: Vec::new() }
    }

    pub(crate) fn of(error: &AssessError, lang: Lang) -> Self {
        let told = error.told(lang);
        let code = match told.blame {
            Blame::Usage => USAGE,
            Blame::Input => INPUT,
            Blame::Environment => ENVIRONMENT,
        };
        Self { code, message: told.message, hints: told.hints }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.code
    }
}
