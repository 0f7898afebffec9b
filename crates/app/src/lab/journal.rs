//! What happened in a lab, kept outside the candidate's repository and sealed, so that an edit of it shows.
//!
//! Nothing that a grade rests on is believed from here: the starting tree comes from the seed. Only the time of the start
//! and the hints that were taken are read, and both are left out of a grade that has no journal.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Lang;
use crate::error::AssessError;

const FORMAT: &str = "preuve-lab/1";
/// A journal is small; anything larger is none.
const LARGEST: u64 = 1 << 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    format: String,
    pub lab: String,
    pub seed: u64,
    pub lang: Lang,
    pub folder: PathBuf,
    /// Seconds since 1970.
    pub started: i64,
    pub hints: Vec<Taken>,
    pub resets: u32,
    seal: String,
}

/// A hint that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Taken {
    /// The number of the symptom, from one.
    pub symptom: usize,
    pub at: i64,
}

impl Journal {
    pub fn new(lab: &str, seed: u64, lang: Lang, folder: &Path, started: i64) -> Self {
        let (format, seal) = (FORMAT.to_owned(), String::new());
        let folder = folder.to_owned();
        Self { format, lab: lab.to_owned(), seed, lang, folder, started, hints: Vec::new(), resets: 0, seal }
    }

    /// The journal of a folder, and whether its seal is whole.
    pub fn read(journals: &Path, folder: &Path) -> Result<Option<(Self, bool)>, AssessError> {
        let path = place(journals, folder);
        let Ok(data) = path.symlink_metadata() else { return Ok(None) };
        let fail = |why: String| AssessError::Journal { path: path.clone(), why };
        if !data.is_file() || data.len() > LARGEST {
            return Err(fail("it is no small file".to_owned()));
        }
        let text = std::fs::read_to_string(&path).map_err(|error| fail(error.to_string()))?;
        let journal: Self = serde_json::from_str(&text).map_err(|error| fail(error.to_string()))?;
        let sound = journal.seal == journal.sealed() && journal.format == FORMAT;
        Ok(Some((journal, sound)))
    }

    pub fn write(&mut self, journals: &Path) -> Result<(), AssessError> {
        self.seal = self.sealed();
        let text = serde_json::to_string_pretty(self).expect("names and numbers are always written");
        replace(&place(journals, &self.folder), journals, &(text + "\n"))
    }

    /// Whole minutes of a lab that are left at a moment; below nothing once it is over.
    pub fn left(&self, minutes: u32, now: i64) -> i64 {
        (self.started + i64::from(minutes) * 60 - now).div_euclid(60)
    }

    fn sealed(&self) -> String {
        let bare = Self { seal: String::new(), ..self.clone() };
        let text = serde_json::to_string(&bare).expect("names and numbers are always written");
        ::prove::attest::digest(format!("{FORMAT} {} {text}", self.seed.rotate_left(17)).as_bytes())
    }
}

/// Writes a file of the folder of journals: a reader never meets half of one.
pub(super) fn replace(path: &Path, journals: &Path, text: &str) -> Result<(), AssessError> {
    let fail = |source| AssessError::Write { path: path.to_owned(), source };
    std::fs::create_dir_all(journals).map_err(fail)?;
    let part = path.with_extension("part");
    std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, path)).map_err(fail)
}

pub(super) fn place(journals: &Path, folder: &Path) -> PathBuf {
    let digest = ::prove::attest::digest(folder.as_os_str().as_encoded_bytes());
    journals.join(format!("{}.json", &digest[..24]))
}
