//! The walk by itself, which needs no tree: it can begin before anything else is known.

use facts::Oid;
use gix::ObjectId;

use super::Options;
use super::cache::Cache;
use super::walk::History;
use crate::git::Repository;

/// The commits that lead to one, or why they are not all there.
pub(crate) struct Walked {
    pub history: Result<History, String>,
    pub cache: Cache,
    /// Whether they were known before.
    pub known: bool,
}

/// Walks the history that leads to a commit.
pub(crate) fn walk(repository: &Repository, commit: &Oid, options: &Options) -> Walked {
    let cache = Cache::open(options.cache.as_deref());
    let broken = |why: String| Walked { history: Err(why), cache: Cache::open(None), known: false };
    if repository.shared.to_thread_local().is_shallow().unwrap_or(true) {
        return broken("the clone is shallow: fetch the whole history with `git fetch --unshallow`".to_owned());
    }
    let Ok(tip) = ObjectId::from_hex(commit.as_str().as_bytes()) else {
        return broken("the commit has no name of an object".to_owned());
    };
    // A history that is known to its end needs no walk at all.
    if let Some(history) = cache.load(tip) {
        return Walked { history: Ok(history), cache, known: true };
    }
    let history = super::walk::walk(&repository.objects(), tip, &cache).map_err(|error| error.to_string());
    Walked { history, cache, known: false }
}
