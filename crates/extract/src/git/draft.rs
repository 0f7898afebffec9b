//! Makes small repositories with fixed names and dates, so that their ids never change.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use gix::ObjectId;
use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Commit, Tree};

/// One commit to make.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    pub message: &'a str,
    /// Written `Name <address>`.
    pub author: Option<&'a str>,
    /// An RFC 3339 date and time.
    pub date: Option<&'a str>,
    /// Files by path, laid over those of the commits before.
    pub tree: &'a BTreeMap<String, String>,
    /// Names a tag that is put on this commit.
    pub tag: Option<&'a str>,
    /// Makes it a merge with an empty side branch.
    pub merge: bool,
}

/// Who and when, where a commit does not say it.
const AUTHOR: &str = "Ada Lovelace <ada@example.org>";
const DATE: &str = "2024-01-01T12:00:00Z";

/// Makes a bare repository at a path from its commits and a last tree, and gives the id of its last commit.
///
/// # Errors
/// When the file system refuses, or a commit is not well written.
pub fn draft(path: &Path, commits: &[Draft<'_>], last: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let repo = gix::init_bare(path)?;
    let mut tree: BTreeMap<String, String> = BTreeMap::new();
    let mut parent: Option<ObjectId> = None;
    for commit in commits {
        tree.extend(commit.tree.clone());
        let mut parents: Vec<ObjectId> = parent.into_iter().collect();
        if commit.merge {
            parents.push(write(&repo, "side", *commit, &tree, parents.clone())?);
        }
        let id = write(&repo, commit.message, *commit, &tree, parents)?;
        if let Some(tag) = commit.tag {
            put_ref(path, &format!("refs/tags/{tag}"), id)?;
        }
        parent = Some(id);
    }
    if !last.is_empty() || parent.is_none() {
        tree.extend(last.clone());
        let date = commits.last().and_then(|commit| commit.date);
        let commit = Draft { message: "tree", author: None, date, tree: last, tag: None, merge: false };
        parent = Some(write(&repo, commit.message, commit, &tree, parent.into_iter().collect())?);
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
pub fn draft_on(path: &Path, parent: &str, tree: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let repo = gix::open(path)?;
    let parent: ObjectId = parent.parse()?;
    let date = repo.find_commit(parent)?.time()?.seconds;
    let date = jiff::Timestamp::from_second(date + 3_600)?.to_string();
    let message = "Change the application";
    let commit = Draft { message, author: None, date: Some(&date), tree, tag: None, merge: false };
    Ok(write(&repo, message, commit, tree, vec![parent])?.to_string())
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
    commit: Draft<'_>,
    tree: &BTreeMap<String, String>,
    parents: Vec<ObjectId>,
) -> Result<ObjectId, Box<dyn Error>> {
    let author = commit.author.unwrap_or(AUTHOR);
    let (name, email) = author.split_once('<').ok_or("an author is written `Name <address>`")?;
    let date: jiff::Timestamp = commit.date.unwrap_or(DATE).parse()?;
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
