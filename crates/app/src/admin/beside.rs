//! What an installation keeps beside its store and nobody could make again: the keys of issuers with what they signed,
//! the key that signs the log, and the one that signs proofs.
//!
//! Messages of the outbox are left out: they hold links that work once, which no backup holds.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use ::credential::digest;
use store::{Beside, StoreError};

pub use crate::credential::Flaw;
use crate::credential::{Office, hold};

const ISSUERS: &str = "issuers";
const LOG_KEY: &str = "log.key";
/// What it signed stays believed without it; but records of one installation are then signed by two keys.
pub(super) const PROVE_KEY: &str = "prove.key";
const KEYS: [&str; 2] = [LOG_KEY, PROVE_KEY];
/// Where they are in a backup.
const FOLDER: &str = "beside";
/// Where they wait in an installation until all are there.
const WAITING: &str = ".restored";
/// A file that is larger was written by nobody.
const LARGEST: u64 = 64 << 20;

fn disk(path: &Path) -> impl Fn(std::io::Error) -> StoreError + '_ {
    move |error| StoreError::of_backup(path, &error)
}

fn wrong(path: &Path, why: &str) -> StoreError {
    StoreError::Backup { path: path.to_owned(), why: why.to_owned() }
}

/// Copies them to a backup. Each issuer is held still meanwhile, so that its ledger, list and log agree.
pub(super) fn take_out(data: &Path, folder: &Path) -> Result<Beside, StoreError> {
    let mut taken = Beside::new();
    for issuer in issuers(data)? {
        let place = data.join(ISSUERS).join(&issuer);
        let _held = hold(&place).map_err(|error| wrong(&place, &error.to_string()))?;
        for file in files(&place)? {
            let path = format!("{ISSUERS}/{issuer}/{file}");
            copy_out(data, folder, path, &mut taken)?;
        }
    }
    for key in KEYS.into_iter().filter(|key| data.join(key).exists()) {
        copy_out(data, folder, key.to_owned(), &mut taken)?;
    }
    Ok(taken)
}

fn copy_out(data: &Path, folder: &Path, path: String, taken: &mut Beside) -> Result<(), StoreError> {
    let from = data.join(&path);
    let bytes = fs::read(&from).map_err(disk(&from))?;
    write(&folder.join(FOLDER).join(&path), &bytes)?;
    taken.insert(path, digest(&bytes));
    Ok(())
}

/// Names of folders, in order.
fn issuers(data: &Path) -> Result<BTreeSet<String>, StoreError> {
    let place = data.join(ISSUERS);
    let listed = match fs::read_dir(&place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        other => other.map_err(disk(&place))?,
    };
    let mut found = BTreeSet::new();
    for entry in listed {
        let entry = entry.map_err(disk(&place))?;
        if entry.file_type().map_err(disk(&place))?.is_dir() {
            found.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(found)
}

/// What lies in the folder of an issuer and one below it: neither its lock, nor what was being written.
fn files(place: &Path) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    let mut folders = vec![String::new()];
    while let Some(below) = folders.pop() {
        let folder = place.join(&below);
        for entry in fs::read_dir(&folder).map_err(disk(&folder))? {
            let entry = entry.map_err(disk(&folder))?;
            let (kind, name) =
                (entry.file_type().map_err(disk(&folder))?, entry.file_name().to_string_lossy().into_owned());
            if kind.is_dir() && below.is_empty() {
                folders.push(format!("{name}/"));
            } else if kind.is_file() && name != "lock" && !name.ends_with(".new") {
                found.insert(format!("{below}{name}"));
            }
        }
    }
    Ok(found)
}

/// Readable by its owner alone from its first moment, and on the disk when this returns.
fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(path);
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(disk(folder))?;
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    opened.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all())).map_err(disk(path))
}

/// Puts them back where nothing is: first all of them aside, compared with what the manifest says, then in place.
pub(super) fn put_back(data: &Path, folder: &Path, paths: &Beside) -> Result<(), StoreError> {
    if paths.is_empty() {
        return Ok(());
    }
    // Somebody may have written the manifest: nothing of it is followed before all of it was looked at.
    for path in paths.keys() {
        let ours = KEYS.contains(&path.as_str()) || path.starts_with(&format!("{ISSUERS}/"));
        if !ours || !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(wrong(folder, "a path leads elsewhere"));
        }
    }
    let tops: BTreeSet<&str> = paths.keys().filter_map(|path| path.split('/').next()).collect();
    for top in &tops {
        let place = data.join(top);
        let empty = place.is_dir() && fs::read_dir(&place).map_err(disk(&place))?.next().is_none();
        if empty {
            fs::remove_dir(&place).map_err(disk(&place))?;
        } else if place.exists() {
            return Err(StoreError::Occupied { path: place });
        }
    }
    let waiting = data.join(WAITING);
    if waiting.exists() {
        fs::remove_dir_all(&waiting).map_err(disk(&waiting))?;
    }
    let done = set_aside(&waiting, folder, paths).and_then(|()| {
        tops.iter().try_for_each(|top| {
            let place = data.join(top);
            fs::rename(waiting.join(top), &place).map_err(disk(&place))
        })
    });
    // What is left of it holds keys.
    let _ = fs::remove_dir_all(&waiting);
    done
}

fn set_aside(waiting: &Path, folder: &Path, paths: &Beside) -> Result<(), StoreError> {
    for (path, expected) in paths {
        let from: PathBuf = folder.join(FOLDER).join(path);
        let about = fs::symlink_metadata(&from).map_err(disk(&from))?;
        if !about.is_file() || about.len() > LARGEST {
            return Err(wrong(&from, "it is no file of a backup"));
        }
        let bytes = fs::read(&from).map_err(disk(&from))?;
        if digest(&bytes) != *expected {
            return Err(wrong(&from, "it is not what was written"));
        }
        write(&waiting.join(path), &bytes)?;
    }
    Ok(())
}

/// Reads what every issuer signed; an organisation that awarded something has one.
pub(super) fn examine(data: &Path, awarding: &[String]) -> (usize, Vec<(String, Flaw)>) {
    let found = match issuers(data) {
        Ok(found) => found,
        Err(error) => return (0, vec![(ISSUERS.to_owned(), Flaw::Unreadable(error.to_string()))]),
    };
    let (mut read, mut flaws) = (0, Vec::new());
    for issuer in &found {
        let (count, wrong) = Office::at(data.join(ISSUERS).join(issuer)).examine();
        read += count;
        flaws.extend(wrong.into_iter().map(|flaw| (issuer.clone(), flaw)));
    }
    let lost: BTreeSet<&String> = awarding.iter().filter(|issuer| !found.contains(*issuer)).collect();
    flaws.extend(lost.into_iter().map(|issuer| (issuer.clone(), Flaw::Missing)));
    (read, flaws)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(paths: Beside, spoil: impl FnOnce(&Path)) -> Result<(), StoreError> {
        let dir = tempfile::tempdir().expect("a folder");
        let (data, folder) = (dir.path().join("data"), dir.path().join("backup"));
        write(&folder.join("beside/log.key"), b"key").expect("it is written");
        fs::create_dir_all(&data).expect("a folder");
        spoil(dir.path());
        let done = put_back(&data, &folder, &paths);
        assert!(!data.join(WAITING).exists(), "nothing is left");
        assert_eq!(data.join(LOG_KEY).exists(), done.is_ok());
        done
    }

    #[test]
    fn the_keys_that_sign_go_along() {
        let dir = tempfile::tempdir().expect("a folder");
        let (data, folder, other) = (dir.path().join("data"), dir.path().join("backup"), dir.path().join("other"));
        for (name, bytes) in [(LOG_KEY, b"log"), (PROVE_KEY, b"pro"), ("preuve.db", b"sql")] {
            write(&data.join(name), bytes).expect("it is written");
        }
        let taken = take_out(&data, &folder).expect("a backup");
        assert_eq!(taken.keys().collect::<Vec<_>>(), KEYS.iter().collect::<Vec<_>>());
        fs::create_dir_all(&other).expect("a folder");
        put_back(&other, &folder, &taken).expect("it is restored");
        assert_eq!(fs::read(other.join(PROVE_KEY)).expect("a key"), b"pro");
        fs::remove_file(other.join(LOG_KEY)).expect("it is ours");
        let told = put_back(&other, &folder, &taken).expect_err("a key is never overwritten");
        assert!(matches!(told, StoreError::Occupied { path } if path.ends_with(PROVE_KEY)));
    }

    #[test]
    fn what_is_put_back_is_what_was_taken_out() {
        let of = |path: &str, bytes: &[u8]| Beside::from([(path.to_owned(), digest(bytes))]);
        assert!(tried(of("log.key", b"key"), |_| {}).is_ok());
        for (paths, why) in [
            (of("log.key", b"other"), "it is not what was written"),
            (of("../log.key", b"key"), "a path leads elsewhere"),
            (of("issuers/../log.key", b"key"), "a path leads elsewhere"),
            (of("/etc/log.key", b"key"), "a path leads elsewhere"),
        ] {
            let told = tried(paths.clone(), |_| {}).expect_err("it is refused").to_string();
            assert!(told.contains(why), "{paths:?}: {told}");
        }
        let linked = tried(of("log.key", b"key"), |dir| {
            let file = dir.join("backup/beside/log.key");
            fs::rename(&file, dir.join("elsewhere")).expect("it is ours");
            std::os::unix::fs::symlink(dir.join("elsewhere"), file).expect("it is ours");
        });
        assert!(linked.expect_err("it is refused").to_string().contains("no file"), "a link is followed nowhere");
    }
}
