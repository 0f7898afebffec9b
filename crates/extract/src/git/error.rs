//! Why a repository could not be had: what, where, and what to do.

use std::path::Path;

use super::OpenError;

/// Why a repository could not be had.
#[derive(Debug, thiserror::Error)]
pub enum AcquireError {
    #[error("`{repository}` is no repository to assess: {why}")]
    Refused { repository: String, why: String },
    #[error("{place} leads outside the repository, to `{target}`, which is not followed: {hint}")]
    Outside { place: String, target: String, hint: &'static str },
    #[error("`{repository}` could not be cloned: {why}")]
    Clone { repository: String, why: String },
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl AcquireError {
    pub(super) fn cannot_read(path: &Path, error: &std::io::Error) -> Self {
        AcquireError::Refused { repository: path.display().to_string(), why: error.to_string() }
    }
}
