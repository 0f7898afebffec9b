//! Why a repository could not be opened or fetched, in the words of people.

use extract::git::{AcquireError, Failed, Hint, OpenError, Refusal};

use super::{Blame, Told};
use crate::words::Words;

pub(super) fn acquire_error(words: Words, error: &AcquireError) -> Told {
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
            (Blame::Input, message, if repository.contains("://") { "hint-clone" } else { "hint-bundle" })
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
        Failed::Empty => words.say("failed-empty"),
        Failed::Told(told) => told.clone(),
    }
}

pub(super) fn open_error(words: Words, error: &OpenError) -> Told {
    let (mut message, hint) = match error {
        OpenError::NotARepository { path, .. } => {
            let path = path.display().to_string();
            (words.with("error-not-a-repository", &[("path", &path)]), "hint-repository")
        }
        OpenError::NoSuchRevision { rev, .. } => {
            // That the name was not found is all that the cause would add.
            let message = words.with("error-no-such-revision", &[("rev", rev)]);
            return Told { blame: Blame::Input, message, hints: vec![words.say("hint-revision")] };
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
