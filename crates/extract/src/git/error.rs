//! Why a repository could not be had: what, where, and what to do.

use std::path::Path;

use super::OpenError;

/// Why a repository could not be had.
#[derive(Debug, thiserror::Error)]
pub enum AcquireError {
    #[error("`{repository}` is no repository to assess: {why}")]
    Refused { repository: String, why: Refusal },
    #[error("{place} leads outside the repository, to `{target}`, which is not followed")]
    Outside { place: String, target: String, hint: Hint },
    #[error("`{repository}` could not be cloned: {why}")]
    Clone { repository: String, why: Failed },
    #[error("`{repository}` can only be fetched by the git program, which is not installed")]
    NoGit { repository: String },
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Why what a person wrote is not looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("it is neither a path, nor a bundle, nor an address")]
    NoPlace,
    #[error("only https://, ssh:// and file:// addresses are fetched")]
    Scheme,
    #[error("the host of the address is not one")]
    Host,
    #[error("remote helpers are never started")]
    Helper,
    #[error("there is nothing at that path")]
    Nothing,
    #[error("it is a file but not a git bundle")]
    NotABundle,
    #[error("there is no git repository at or above it")]
    NoRepository,
    #[error("only https:// addresses are fetched here")]
    NotHttps,
    #[error("an address with a name or a password in it is not fetched")]
    Password,
    #[error("the path of the address is not one of a repository")]
    Path,
    #[error("only the usual port of https is asked")]
    Port,
    #[error("no host of that name is known")]
    Unknown,
    #[error("the host is this machine or one of its network")]
    Private,
    #[error("it is not among the repositories that are kept here")]
    NotMirrored,
    #[error("{0}")]
    System(String),
}

/// Why a clone was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    #[error("it is larger than {bytes} bytes")]
    TooLarge { bytes: u64 },
    #[error("it took longer than {seconds} seconds")]
    TooSlow { seconds: u64 },
    #[error("nobody waits for it any more")]
    Stopped,
    #[error("it holds no commit")]
    Empty,
    /// In the words of the git program or of the system.
    #[error("{0}")]
    Told(String),
}

/// What to do about a repository that leads outside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Assess the repository that it belongs to.
    Owner,
    /// Clone it without links first.
    Clone,
    /// Give it all its objects.
    Repack,
}

impl AcquireError {
    pub(super) fn cannot_read(path: &Path, error: &std::io::Error) -> Self {
        AcquireError::Refused { repository: path.display().to_string(), why: Refusal::System(error.to_string()) }
    }
}
