//! The packs of one run: those that the binary carries and those of more folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use framework::rule::Check;
use framework::{Catalogue, Experiment, Framework, Library, PackFile};
use verdict::FactVocabulary;

use crate::error::{AssessError, What};

/// Everything that is asked.
pub struct Packs {
    pub frameworks: Vec<Framework>,
    pub experiments: Vec<Experiment>,
    pub checks: BTreeMap<String, Check>,
}

/// Bounds on a pack folder, which anyone may have written.
const PACK_FILES: usize = 2_000;
const PACK_ENTRIES: usize = 20_000;
const PACK_BYTES: u64 = 1024 * 1024;

impl Packs {
    /// Loads the built-in packs and those of the folders.
    ///
    /// # Errors
    /// With every problem of every file.
    pub fn load(folders: &[PathBuf]) -> Result<Self, AssessError> {
        let mut files = framework::builtin();
        for folder in folders {
            files.extend(read_folder(folder)?);
        }
        let Library { frameworks, experiments, checks } =
            framework::load(&files, &FactVocabulary).map_err(AssessError::Packs)?;
        let checks = checks.into_iter().map(|check| (check.id.clone(), check)).collect();
        Ok(Self { frameworks, experiments, checks })
    }

    /// The faults, healthy variants and labs of the built-in packs and those of the folders.
    ///
    /// # Errors
    /// With every problem of every file.
    pub fn catalogue(&self, folders: &[PathBuf]) -> Result<Catalogue, AssessError> {
        let mut files = framework::builtin();
        for folder in folders {
            files.extend(read_folder(folder)?);
        }
        let checks: Vec<&str> = self.checks.keys().map(String::as_str).collect();
        let experiments: Vec<&str> = self.experiments.iter().map(|one| &*one.id).collect();
        framework::load_catalogue(&files, &checks, &experiments).map_err(AssessError::Packs)
    }

    /// The named frameworks in the order named, or all; a profile must belong to one of them.
    ///
    /// # Errors
    /// When a name is not known.
    pub fn choose(&self, names: &[String], profile: Option<&str>) -> Result<Vec<&Framework>, AssessError> {
        let chosen: Vec<&Framework> = if names.is_empty() {
            self.frameworks.iter().collect()
        } else {
            names.iter().map(|name| self.framework(name)).collect::<Result<_, _>>()?
        };
        if let Some(profile) = profile {
            let known: Vec<String> = chosen
                .iter()
                .flat_map(|framework| framework.profiles.iter().map(|profile| profile.id.to_string()))
                .collect();
            if !known.iter().any(|id| id == profile) {
                return Err(AssessError::NoSuchId { what: What::Profile, id: profile.to_owned(), known });
            }
        }
        Ok(chosen)
    }

    /// The framework of that id.
    ///
    /// # Errors
    /// When there is none.
    pub fn framework(&self, id: &str) -> Result<&Framework, AssessError> {
        let known = || self.frameworks.iter().map(|framework| framework.id().to_owned()).collect();
        let found = self.frameworks.iter().find(|framework| framework.id() == id);
        found.ok_or_else(|| AssessError::NoSuchId { what: What::Framework, id: id.to_owned(), known: known() })
    }
}

/// The text files of a pack folder, with paths as a person would write them.
///
/// # Errors
/// When the folder cannot be read, or holds no pack.
pub fn read_folder(folder: &Path) -> Result<Vec<PackFile>, AssessError> {
    let fail = |path: &Path, source| AssessError::PackFolder { path: path.to_owned(), source };
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).map_err(|error| fail(&dir, error))? {
            let entry = entry.map_err(|error| fail(&dir, error))?;
            seen += 1;
            if seen > PACK_ENTRIES {
                return Err(AssessError::NoPack { path: folder.to_owned() });
            }
            let path = entry.path();
            // A link could lead anywhere, and a pack needs none.
            let kind = entry.file_type().map_err(|error| fail(&path, error))?;
            if kind.is_dir() {
                open.push(path);
                continue;
            }
            let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
            let small = entry.metadata().is_ok_and(|data| data.len() <= PACK_BYTES);
            if kind.is_file() && yaml && small && files.len() < PACK_FILES {
                let text = std::fs::read_to_string(&path).map_err(|error| fail(&path, error))?;
                files.push(PackFile { path: path.display().to_string(), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if files.iter().any(framework::is_of_pack) {
        Ok(files)
    } else {
        Err(AssessError::NoPack { path: folder.to_owned() })
    }
}
