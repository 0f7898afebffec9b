//! The fixture project, made into a git repository with a fixed history.

use std::path::Path;

/// Makes the repository and prints its path.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn run(args: &[String]) -> Result<String, String> {
    let dir = args.first().ok_or("fixture needs a folder")?;
    testing::fixture::make(Path::new(dir)).map_err(|error| format!("{dir}: {error}"))?;
    Ok(format!("{dir}\n"))
}
