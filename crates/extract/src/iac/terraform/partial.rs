//! What completes a backend from outside its block: `-backend-config` files and commands kept in the repository.

use facts::Location;

use crate::{File, Project, path};

/// Where the repository declares the lock that a partial backend lacks; files near the root come first.
pub(crate) fn lock(project: &Project, dir: &str, kind: &str) -> Option<Location> {
    let words: &[&str] = match kind {
        "s3" => &["use_lockfile", "dynamodb_table"],
        "oss" => &["tablestore_table", "tablestore_endpoint"],
        _ => &["lock_address", "TF_HTTP_LOCK_ADDRESS", "gitlab-terraform", "gitlab-tofu"],
    };
    near(project, dir).find_map(|file| line_with(file, words))
}

/// Where the repository completes a partial backend at all.
pub(crate) fn completion(project: &Project, dir: &str, kind: &str) -> Option<Location> {
    let words: &[&str] = match kind {
        "http" => &["address"],
        _ => &["bucket"],
    };
    near(project, dir).filter(|file| is_configuration(file)).find_map(|file| line_with(file, words))
}

fn near<'p>(project: &'p Project, dir: &str) -> impl Iterator<Item = &'p File> {
    let mut files: Vec<&File> = project.files().filter(|file| is_configuration(file) || runs_commands(file)).collect();
    files.sort_by_key(|file| (!is_configuration(file), !path::within(&file.path, dir), file.path.len()));
    files.into_iter()
}

/// `prod.tfbackend`, `backend.hcl`, `backend-config/dev.hcl`, and their examples.
fn is_configuration(file: &File) -> bool {
    let name = file.name().to_ascii_lowercase();
    name.contains(".tfbackend")
        || ((name.contains("backend") || file.dir().to_ascii_lowercase().contains("backend"))
            && [".hcl", ".tfvars", ".conf", ".config", ".example", ".sample"]
                .iter()
                .any(|ending| name.contains(ending)))
}

fn runs_commands(file: &File) -> bool {
    let name = file.name();
    name.ends_with(".sh")
        || name.starts_with("Makefile")
        || name.starts_with("Jenkinsfile")
        || name == "justfile"
        || name.starts_with("Taskfile")
        || name.contains("gitlab-ci")
        || name.contains("pipelines")
        || file.path.starts_with(".github/")
        || file.path.contains(".circleci/")
}

fn line_with(file: &File, words: &[&str]) -> Option<Location> {
    let text = file.text().ok()?;
    let found = text.lines().find(|(_, line)| {
        let line = line.split('#').next().unwrap_or_default();
        let given = |word: &&str| {
            let rest =
                line.split_once(*word).map(|(_, rest)| rest.trim_start_matches([' ', '=', ':', '"', '\'', '\\']));
            rest.is_some_and(|rest| !rest.starts_with("false"))
        };
        words.iter().any(given)
    });
    found.map(|(line, _)| file.at_line(line))
}
