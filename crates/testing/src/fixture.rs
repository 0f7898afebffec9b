//! The fixture project: a small service with its whole chain, and a history with fixed names and dates.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use framework::rule::CaseCommit;
use include_dir::{Dir, include_dir};

static TREE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/ferry");

/// Message, author, date, what it adds, tag; a merge has `Merge` in its message.
type Step = (&'static str, &'static str, &'static str, &'static [&'static str], Option<&'static str>);

const ADA: &str = "Ada Lovelace <ada@example.org>";
const GRACE: &str = "Grace Hopper <grace@example.org>";

const HISTORY: &[Step] = &[
    ("Say what Ferry is", ADA, "2025-03-03T09:00:00Z", &["README.md", "LICENSE", ".gitignore"], None),
    ("Tell when the next boat leaves", ADA, "2025-03-03T14:00:00Z", &["app/", "requirements.txt"], None),
    ("Test the timetable", GRACE, "2025-03-04T10:00:00Z", &["tests/"], None),
    ("One command starts everything", GRACE, "2025-03-04T16:00:00Z", &["Dockerfile", "compose.yaml", "Makefile"], None),
    ("Lint, test, build and publish at each push", ADA, "2025-03-05T09:30:00Z", &[".gitlab-ci.yml"], None),
    (
        "Merge branch 'pipeline' into 'main'\n\nSee merge request harbour/ferry!1",
        GRACE,
        "2025-03-06T11:00:00Z",
        &["CODEOWNERS"],
        Some("v1.0.0"),
    ),
    ("Describe the cluster", ADA, "2025-03-10T09:00:00Z", &["terraform/"], None),
    ("Harden the bastion, and test it", GRACE, "2025-03-11T10:00:00Z", &["ansible/"], None),
    ("Deploy by overlays", ADA, "2025-03-12T15:00:00Z", &["k8s/"], Some("v1.1.0")),
    ("Watch the service", GRACE, "2025-03-17T09:00:00Z", &["monitoring/"], None),
    ("Explain the choices", ADA, "2025-03-19T09:00:00Z", &["docs/", "ferry.md"], None),
    (
        "Merge branch 'monitoring' into 'main'\n\nSee merge request harbour/ferry!2",
        ADA,
        "2025-03-20T17:00:00Z",
        &["CHANGELOG.md"],
        Some("v1.2.0"),
    ),
];

/// Makes the fixture project as a bare repository and gives the id of its last commit.
///
/// # Errors
/// When the folder cannot be written.
pub fn make(path: &Path) -> Result<String, Box<dyn Error>> {
    if path.exists() {
        std::fs::remove_dir_all(path)?;
    }
    std::fs::create_dir_all(path)?;
    let files = files();
    let commits: Vec<CaseCommit> = HISTORY.iter().map(|step| commit(step, &files)).collect();
    crate::history::make(path, &commits, &BTreeMap::new())
}

/// The files of the project.
pub fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![&TREE];
    while let Some(dir) = open.pop() {
        open.extend(dir.dirs());
        for file in dir.files() {
            let path = file.path().display().to_string();
            files.insert(path, file.contents_utf8().unwrap_or_default().to_owned());
        }
    }
    files
}

fn commit((message, author, date, adds, tag): &Step, files: &BTreeMap<String, String>) -> CaseCommit {
    let added = |path: &str| adds.iter().any(|add| path == *add || (add.ends_with('/') && path.starts_with(add)));
    CaseCommit {
        message: (*message).to_owned(),
        author: Some((*author).to_owned()),
        date: Some((*date).to_owned()),
        tree: files.iter().filter(|(path, _)| added(path)).map(|(path, text)| (path.clone(), text.clone())).collect(),
        tag: tag.map(ToOwned::to_owned),
        merge: message.starts_with("Merge"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_commit_and_the_id_never_changes() {
        let files = files();
        let commits: Vec<CaseCommit> = HISTORY.iter().map(|step| commit(step, &files)).collect();
        let committed: usize = commits.iter().map(|commit| commit.tree.len()).sum();
        assert_eq!(committed, files.len());
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_eq!(make(&one.path().join("a")).unwrap(), make(&two.path().join("b")).unwrap());
    }
}
