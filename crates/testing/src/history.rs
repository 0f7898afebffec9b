//! Makes small repositories with fixed names and dates, so that their ids never change.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use framework::rule::CaseCommit;
use gix::ObjectId;
use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Commit, Tree};

/// Who and when, where a commit does not say it.
const AUTHOR: &str = "Ada Lovelace <ada@example.org>";
const DATE: &str = "2024-01-01T12:00:00Z";

/// Makes a bare repository at a path from the commits of a case and a last tree, and gives the id of its last commit.
///
/// # Errors
/// When the file system refuses, or a commit is not well written.
pub fn make(path: &Path, commits: &[CaseCommit], last: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let repo = gix::init_bare(path)?;
    let mut tree: BTreeMap<String, String> = BTreeMap::new();
    let mut parent: Option<ObjectId> = None;
    for commit in commits {
        tree.extend(commit.tree.clone());
        let mut parents: Vec<ObjectId> = parent.into_iter().collect();
        if commit.merge {
            parents.push(write(&repo, "side", commit, &tree, parents.clone())?);
        }
        let id = write(&repo, &commit.message, commit, &tree, parents)?;
        if let Some(tag) = &commit.tag {
            put_ref(path, &format!("refs/tags/{tag}"), id)?;
        }
        parent = Some(id);
    }
    if !last.is_empty() || parent.is_none() {
        tree.extend(last.clone());
        let date = commits.last().and_then(|commit| commit.date.clone());
        let commit = CaseCommit {
            message: "tree".to_owned(),
            author: None,
            date,
            tree: BTreeMap::new(),
            tag: None,
            merge: false,
        };
        parent = Some(write(&repo, &commit.message, &commit, &tree, parent.into_iter().collect())?);
    }
    let head = parent.ok_or("a history has a commit")?;
    put_ref(path, "refs/heads/main", head)?;
    fs::write(path.join("HEAD"), "ref: refs/heads/main\n")?;
    Ok(head.to_string())
}

/// Adds a commit with a whole tree on another, without moving a branch, and gives its id.
///
/// # Errors
/// When the file system refuses, or the parent is not there.
pub fn add(path: &Path, parent: &str, tree: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let repo = gix::open(path)?;
    let parent: ObjectId = parent.parse()?;
    let date = repo.find_commit(parent)?.time()?.seconds;
    let commit = CaseCommit {
        message: "Change the application".to_owned(),
        author: None,
        date: Some(jiff::Timestamp::from_second(date + 3_600)?.to_string()),
        tree: BTreeMap::new(),
        tag: None,
        merge: false,
    };
    Ok(write(&repo, &commit.message, &commit, tree, vec![parent])?.to_string())
}

fn put_ref(path: &Path, name: &str, id: ObjectId) -> Result<(), Box<dyn Error>> {
    let file = path.join(name);
    if let Some(dir) = file.parent() {
        fs::create_dir_all(dir)?;
    }
    Ok(fs::write(file, format!("{id}\n"))?)
}

fn write(
    repo: &gix::Repository,
    message: &str,
    commit: &CaseCommit,
    tree: &BTreeMap<String, String>,
    parents: Vec<ObjectId>,
) -> Result<ObjectId, Box<dyn Error>> {
    let author = commit.author.as_deref().unwrap_or(AUTHOR);
    let (name, email) = author.split_once('<').ok_or("an author is written `Name <address>`")?;
    let date: jiff::Timestamp = commit.date.as_deref().unwrap_or(DATE).parse()?;
    let signature = gix::actor::Signature {
        name: name.trim().into(),
        email: email.trim_end_matches('>').into(),
        time: gix::date::Time { seconds: date.as_second(), offset: 0 },
    };
    let commit = Commit {
        tree: write_tree(repo, tree, "")?,
        parents: parents.into_iter().collect(),
        author: signature.clone(),
        committer: signature,
        encoding: None,
        message: message.into(),
        extra_headers: Vec::new(),
    };
    Ok(repo.write_object(&commit)?.detach())
}

/// Writes the tree of all files below a directory; the prefix is empty or ends in a slash.
fn write_tree(
    repo: &gix::Repository,
    files: &BTreeMap<String, String>,
    prefix: &str,
) -> Result<ObjectId, Box<dyn Error>> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with(prefix)) {
        let rest = &path[prefix.len()..];
        let (name, entry) = match rest.split_once('/') {
            Some((dir, _)) if entries.contains_key(dir) => continue,
            Some((dir, _)) => {
                let oid = write_tree(repo, files, &format!("{prefix}{dir}/"))?;
                (dir, Entry { mode: EntryKind::Tree.into(), filename: dir.into(), oid })
            }
            None => {
                let kind = if text.starts_with("#!") { EntryKind::BlobExecutable } else { EntryKind::Blob };
                let oid = repo.write_blob(text)?.detach();
                (rest, Entry { mode: kind.into(), filename: rest.into(), oid })
            }
        };
        entries.insert(name.to_owned(), entry);
    }
    let mut entries: Vec<Entry> = entries.into_values().collect();
    entries.sort();
    Ok(repo.write_object(&Tree { entries })?.detach())
}
