//! The reference application, made into a repository of its own with fixed names and dates.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use framework::rule::CaseCommit;

#[path = "../../app/versioned.rs"]
mod versioned;

const ROSALIND: &str = "Rosalind Franklin <rosalind@example.org>";
const THERESA: &str = "Theresa Kachindamoto <theresa@example.org>";

/// Message, author, date, what it adds, tag; a merge has `Merge` in its message. The last one adds what is left.
type Step = (&'static str, &'static str, &'static str, &'static [&'static str], Option<&'static str>);

const HISTORY: &[Step] = &[
    ("Say what the counter is", ROSALIND, "2025-03-03T09:00:00Z", &["LICENSE", ".gitignore", "pyproject.toml"], None),
    (
        "A few lines of web toolkit",
        ROSALIND,
        "2025-03-05T09:30:00Z",
        &["src/comptoir/web/", "src/comptoir/logs.py"],
        None,
    ),
    ("Take orders under an idempotency key", THERESA, "2025-03-07T10:00:00Z", &["src/comptoir/inventory/"], None),
    ("Pin everything with its hash", THERESA, "2025-03-07T16:00:00Z", &["requirements", "Makefile"], None),
    (
        "Merge branch 'inventory' into 'main'\n\nSee merge request comptoir/comptoir!1",
        ROSALIND,
        "2025-03-12T11:00:00Z",
        &["CODEOWNERS", ".gitlab/"],
        Some("v0.1.0"),
    ),
    ("One invoice for each order", ROSALIND, "2025-03-13T09:00:00Z", &["src/comptoir/billing/"], None),
    ("A page that works without a script", THERESA, "2025-03-14T09:00:00Z", &["src/comptoir/"], None),
    (
        "Test what is decided, at its bounds",
        THERESA,
        "2025-03-17T14:00:00Z",
        &["tests/unit/", "tests/__init__.py"],
        None,
    ),
    (
        "One command starts everything",
        ROSALIND,
        "2025-03-18T09:00:00Z",
        &["compose.yaml", "Dockerfile", ".dockerignore", ".devcontainer/", "environment/"],
        None,
    ),
    (
        "Merge branch 'environment' into 'main'\n\nSee merge request comptoir/comptoir!4",
        THERESA,
        "2025-03-21T16:00:00Z",
        &["tests/integration/", "tests/browser/"],
        Some("v0.2.0"),
    ),
    ("The same commands on both forges", ROSALIND, "2025-03-24T09:00:00Z", &[".gitlab-ci.yml", ".github/"], None),
    ("Describe the cluster", THERESA, "2025-03-25T09:00:00Z", &["kubernetes/", ".sops.yaml", "operations/"], None),
    ("Watch the services", ROSALIND, "2025-03-27T09:00:00Z", &["monitoring/"], None),
    ("Configure hosts, and test them", THERESA, "2025-03-31T09:00:00Z", &["ansible/", "tests/infra/"], None),
    ("Explain the choices", ROSALIND, "2025-04-02T09:00:00Z", &["docs/", "comptoir.md"], None),
    (
        "Merge branch 'release-1' into 'main'\n\nSee merge request comptoir/comptoir!9",
        THERESA,
        "2025-04-04T15:00:00Z",
        &[""],
        Some("v1.0.0"),
    ),
];

/// Makes the reference application as a bare repository and gives the id of its last commit.
///
/// # Errors
/// When the folder cannot be written, or the sources cannot be read.
pub fn make(path: &Path) -> Result<String, Box<dyn Error>> {
    make_of(path, &files()?, "comptoir")
}

/// Makes a repository of the same history from other files: the application under another name.
///
/// # Errors
/// When the folder cannot be written.
pub fn make_of(path: &Path, files: &BTreeMap<String, String>, word: &str) -> Result<String, Box<dyn Error>> {
    if path.exists() {
        fs::remove_dir_all(path)?;
    }
    fs::create_dir_all(path)?;
    crate::history::make(path, &commits(files, word), &BTreeMap::new())
}

/// The files of the application, as they are beside this crate.
///
/// # Errors
/// When one cannot be read as text.
pub fn files() -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference-app");
    let mut files = BTreeMap::new();
    for path in versioned::files(&root)? {
        let shown = path.strip_prefix(&root)?.display().to_string();
        let text = fs::read_to_string(&path).map_err(|error| format!("{shown}: {error}"))?;
        files.insert(shown, text);
    }
    Ok(files)
}

fn commits(files: &BTreeMap<String, String>, word: &str) -> Vec<CaseCommit> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut commits = Vec::new();
    for (message, author, date, adds, tag) in HISTORY {
        let added: Vec<&str> = files
            .keys()
            .map(String::as_str)
            .filter(|path| {
                !done.contains(path) && adds.iter().any(|add| path.starts_with(&add.replace("comptoir", word)))
            })
            .collect();
        done.extend(&added);
        commits.push(CaseCommit {
            message: message.replace("comptoir", word),
            author: Some((*author).to_owned()),
            date: Some((*date).to_owned()),
            tree: added.into_iter().map(|path| (path.to_owned(), files[path].clone())).collect(),
            tag: tag.map(ToOwned::to_owned),
            merge: message.starts_with("Merge"),
        });
    }
    commits
}
