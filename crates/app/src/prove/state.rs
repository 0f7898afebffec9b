//! Trials that are finished, kept in a folder so that an interrupted run goes on where it was.

use std::path::{Path, PathBuf};

use ::prove::Trial;
use ::prove::attest::digest;

/// The kept trials of one plan: a folder named for its digest, a file for each fault.
pub struct Folder(PathBuf);

impl Folder {
    /// Below the folder of all states.
    pub fn new(states: &Path, digest: &str) -> Self {
        Self(states.join(digest))
    }

    pub fn recall(&self, fault: &str) -> Option<Trial> {
        let trial: Trial = serde_json::from_slice(&std::fs::read(self.file(fault)).ok()?).ok()?;
        (trial.fault == fault).then_some(trial)
    }

    /// Keeps a trial. What cannot be written is run again another time, and no more.
    pub fn keep(&self, trial: &Trial) {
        let Ok(text) = serde_json::to_vec(trial) else { return };
        let whole = std::fs::create_dir_all(&self.0).and_then(|()| {
            // Never half a file: an interrupted write leaves the name that nobody reads.
            let file = self.file(&trial.fault);
            let part = file.with_extension("part");
            std::fs::write(&part, text)?;
            std::fs::rename(part, file)
        });
        drop(whole);
    }

    /// Forgets all of them.
    pub fn forget(&self) {
        // A folder that is not there is forgotten already.
        drop(std::fs::remove_dir_all(&self.0));
    }

    fn file(&self, fault: &str) -> PathBuf {
        self.0.join(format!("{}.json", &digest(fault.as_bytes())[..32]))
    }
}
