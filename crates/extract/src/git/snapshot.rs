//! The tree of one commit, listed without checkout.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use facts::Oid;
use gix::objs::{Find, FindHeader};
use gix::traverse::tree::recorder::Entry as Recorded;

use crate::budget;
use crate::git::packs::{Objects, Packs};
use crate::project::{BlobError, Blobs, Entry, Mode, Project};

/// The most commits that are walked to find the first ones.
const ROOT_WALK: usize = 200_000;

/// A repository that is open for reading, with nothing of its configuration trusted.
pub struct Repository {
    pub(crate) shared: gix::ThreadSafeRepository,
    packs: OnceLock<Arc<Packs>>,
}

/// Why a repository could not be opened or a revision not be found.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{path} is not a git repository")]
    NotARepository {
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("no commit is named `{rev}`")]
    NoSuchRevision {
        rev: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("{path} has no commit")]
    NoCommit { path: PathBuf },
    #[error("the tree of {commit} cannot be read")]
    Tree {
        commit: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Repository {
    /// Opens a work tree or a bare repository.
    ///
    /// # Errors
    /// When there is none at the path.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let limit = format!("gitoxide.objects.allocLimit={}", budget::BLOB_BYTES);
        let options = gix::open::Options::isolated().config_overrides([limit.as_str()]);
        let shared = gix::ThreadSafeRepository::open_opts(path, options)
            .map_err(|source| OpenError::NotARepository { path: path.to_owned(), source: source.into() })?;
        Ok(Self { shared, packs: OnceLock::new() })
    }

    /// Its objects, for one thread.
    pub(crate) fn objects(&self) -> Objects {
        let repo = self.shared.to_thread_local();
        Objects::new(self.packs(&repo), repo.objects)
    }

    fn packs(&self, repo: &gix::Repository) -> Arc<Packs> {
        Arc::clone(self.packs.get_or_init(|| Arc::new(Packs::open(repo))))
    }

    /// Opens a git directory as it is: nothing beside it is looked for.
    pub(super) fn open_inside(git_dir: &Path) -> Result<Self, OpenError> {
        Self::open(git_dir)
    }

    /// The work tree around the git directory, for those that have one. What its configuration names is not trusted.
    pub fn work_tree(&self) -> Option<&Path> {
        let git_dir = self.shared.refs.git_dir();
        git_dir.file_name().filter(|name| *name == ".git").and_then(|_| git_dir.parent())
    }

    /// Whether it holds no commit at all. Where other branches hold some, the name of one is what is wrong.
    pub(super) fn is_empty(&self) -> bool {
        let repo = self.shared.to_thread_local();
        let nothing = || repo.references().is_ok_and(|refs| refs.all().is_ok_and(|mut all| all.next().is_none()));
        repo.head().is_ok_and(|head| head.is_unborn()) && nothing()
    }

    /// The commit that a revision names.
    ///
    /// # Errors
    /// When it names none.
    pub fn resolve(&self, rev: &str) -> Result<Oid, OpenError> {
        let repo = self.shared.to_thread_local();
        if rev == "HEAD" && self.is_empty() {
            let path = self.work_tree().unwrap_or_else(|| self.shared.refs.git_dir()).to_owned();
            return Err(OpenError::NoCommit { path });
        }
        let fail = |source: Box<dyn std::error::Error + Send + Sync>| OpenError::NoSuchRevision {
            rev: rev.to_owned(),
            source,
        };
        let object = repo.rev_parse_single(rev).map_err(|error| fail(error.into()))?;
        let commit = object
            .object()
            .map_err(|error| fail(error.into()))?
            .peel_to_commit()
            .map_err(|error| fail(error.into()))?;
        Ok(Oid::new(commit.id.to_string()))
    }

    /// When a commit says that it was made, in seconds since 1970.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn time(&self, commit: &Oid) -> Result<i64, OpenError> {
        let fail =
            |source: Box<dyn std::error::Error + Send + Sync>| OpenError::Tree { commit: commit.to_string(), source };
        let repo = self.shared.to_thread_local();
        let id = gix::ObjectId::from_hex(commit.as_str().as_bytes()).map_err(|error| fail(error.into()))?;
        let read = repo.find_commit(id).map_err(|error| fail(error.into()))?;
        Ok(read.time().map_err(|error| fail(error.into()))?.seconds)
    }

    /// The commits without a parent that a commit descends from, in the order of their ids.
    ///
    /// # Errors
    /// When a commit cannot be read, or there are more than can be walked.
    pub fn roots(&self, commit: &Oid) -> Result<Vec<Oid>, OpenError> {
        let fail =
            |source: Box<dyn std::error::Error + Send + Sync>| OpenError::Tree { commit: commit.to_string(), source };
        let repo = self.shared.to_thread_local();
        let first = gix::ObjectId::from_hex(commit.as_str().as_bytes()).map_err(|error| fail(error.into()))?;
        let (mut seen, mut open, mut roots) = (BTreeSet::from([first]), vec![first], Vec::new());
        while let Some(id) = open.pop() {
            let read = repo.find_commit(id).map_err(|error| fail(error.into()))?;
            let parents: Vec<gix::ObjectId> = read.parent_ids().map(gix::Id::detach).collect();
            if parents.is_empty() {
                roots.push(Oid::new(id.to_string()));
            }
            open.extend(parents.into_iter().filter(|parent| seen.insert(*parent)));
            if seen.len() > ROOT_WALK {
                return Err(fail("its history is too long".into()));
            }
        }
        roots.sort();
        Ok(roots)
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// When the repository lacks it.
    pub fn project(&self, commit: &Oid) -> Result<Project, OpenError> {
        let fail =
            |source: Box<dyn std::error::Error + Send + Sync>| OpenError::Tree { commit: commit.to_string(), source };
        let repo = self.shared.to_thread_local();
        let id = gix::ObjectId::from_hex(commit.as_str().as_bytes()).map_err(|error| fail(error.into()))?;
        let objects = self.objects();
        let records = files(&repo, &objects, id).map_err(fail)?;
        let mut entries = Vec::with_capacity(records.len());
        for record in records {
            let Some(mode) = mode(record.mode) else { continue };
            let size = objects.try_header(&record.oid).ok().flatten().map_or(0, |header| header.size);
            // A name that is not UTF-8 cannot be cited; its bytes are shown escaped.
            let path = record.filepath.to_string();
            entries.push(Entry { path, blob: Oid::new(record.oid.to_string()), size, mode });
        }
        let blobs = GitBlobs { shared: self.shared.clone(), packs: self.packs(&repo), idle: Mutex::new(vec![objects]) };
        let blobs: Arc<dyn Blobs> = Arc::new(blobs);
        Ok(Project::new(commit.clone(), entries, &blobs))
    }
}

/// All entries below the tree of a commit that are no trees.
fn files(
    repo: &gix::Repository,
    objects: &Objects,
    commit: gix::ObjectId,
) -> Result<Vec<Recorded>, Box<dyn std::error::Error + Send + Sync>> {
    let tree = repo.find_object(commit)?.peel_to_tree()?;
    let mut recorder = gix::traverse::tree::Recorder::default();
    let root = gix::objs::TreeRefIter::from_bytes(&tree.data, commit.kind());
    gix::traverse::tree::breadthfirst(
        root,
        gix::traverse::tree::breadthfirst::State::default(),
        objects,
        &mut recorder,
    )?;
    Ok(recorder.records)
}

fn mode(mode: gix::objs::tree::EntryMode) -> Option<Mode> {
    use gix::objs::tree::EntryKind;
    match mode.kind() {
        EntryKind::Tree => None,
        EntryKind::Blob => Some(Mode::File),
        EntryKind::BlobExecutable => Some(Mode::Executable),
        EntryKind::Link => Some(Mode::Symlink),
        EntryKind::Commit => Some(Mode::Submodule),
    }
}

struct GitBlobs {
    shared: gix::ThreadSafeRepository,
    packs: Arc<Packs>,
    /// Handles that no thread uses at the moment: making one for each blob costs as much as reading it.
    idle: Mutex<Vec<Objects>>,
}

impl Blobs for GitBlobs {
    fn read(&self, blob: &Oid) -> Result<Vec<u8>, BlobError> {
        let id = gix::ObjectId::from_hex(blob.as_str().as_bytes()).map_err(|error| BlobError(error.to_string()))?;
        let idle = self.idle.lock().map_or(None, |mut idle| idle.pop());
        let fresh = || Objects::new(Arc::clone(&self.packs), self.shared.to_thread_local().objects);
        let objects = idle.unwrap_or_else(fresh);
        let mut bytes = Vec::new();
        let found = objects.try_find(&id, &mut bytes).map_err(|error| BlobError(error.to_string()));
        let found = found.map(|object| object.map(|object| object.data.len()));
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(objects);
        }
        let length = found?.ok_or_else(|| BlobError("the repository does not hold it".to_owned()))?;
        bytes.truncate(length);
        Ok(bytes)
    }
}
