//! Beginning a repository: an empty one in a folder, or one whose first commit has a fixed author and date.

use std::path::Path;
use std::process::Stdio;

use facts::Oid;

use super::Repository;
use super::acquire::git;

/// Why a repository could not be begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    #[error("the git program is not installed")]
    NoGit,
    /// In the words of the git program or of the system.
    #[error("{0}")]
    Told(String),
}

/// Who made a first commit, and when in seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct First<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub seconds: i64,
    pub message: &'a str,
}

/// Makes an empty repository around the files of a folder.
///
/// # Errors
/// When the git program is missing or refuses.
pub fn begin(dir: &Path) -> Result<(), BeginError> {
    run(dir, &["init", "--quiet", "--initial-branch=main", "--template="], &[])
}

/// Makes a repository whose only commit holds every file of a folder; the same files make the same commit.
///
/// # Errors
/// As [`begin`].
pub fn begin_with(dir: &Path, first: First<'_>) -> Result<Oid, BeginError> {
    begin(dir)?;
    // The folder's own ignore rules must not drop a file that was put there on purpose.
    run(dir, &["add", "--all", "--force", "."], &[])?;
    let date = format!("{} +0000", first.seconds);
    let who = [
        ("GIT_AUTHOR_NAME", first.name),
        ("GIT_AUTHOR_EMAIL", first.email),
        ("GIT_AUTHOR_DATE", &date),
        ("GIT_COMMITTER_NAME", first.name),
        ("GIT_COMMITTER_EMAIL", first.email),
        ("GIT_COMMITTER_DATE", &date),
    ];
    run(dir, &["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", first.message], &who)?;
    let head = Repository::open(dir).and_then(|repository| repository.resolve("HEAD"));
    head.map_err(|error| BeginError::Told(error.to_string()))
}

fn run(dir: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), BeginError> {
    let mut command = git("file", dir);
    command.args(arguments).envs(variables.iter().copied());
    let output = command.stdin(Stdio::null()).output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => BeginError::NoGit,
        _ => BeginError::Told(error.to_string()),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(BeginError::Told(told.chars().filter(|c| !c.is_control()).take(600).collect()))
}
