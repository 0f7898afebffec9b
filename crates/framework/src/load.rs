//! Pack files in memory → frameworks, or every problem found in them.

mod checks;
mod elements;
mod read;
mod references;
mod shape;

use crate::{
    competence::Experiment,
    fault::is_catalogue,
    id::Position,
    model::{Framework, Header},
    problem::PackError,
    rule::{Check, Vocabulary},
    text::Text,
};
use checks::Checks;
use read::PackPart;

pub use read::from_yaml;
pub(crate) use read::unreadable;

/// One file of a pack: its path as a person would write it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackFile {
    pub path: String,
    pub text: String,
}

/// Everything that packs say.
#[derive(Debug)]
pub struct Library {
    pub frameworks: Vec<Framework>,
    /// Named by frameworks, shared by all of them.
    pub experiments: Vec<Experiment>,
    /// Sorted by id.
    pub checks: Vec<Check>,
}

impl Library {
    pub fn framework(&self, id: &str) -> Option<&Framework> {
        self.frameworks.iter().find(|framework| framework.id() == id)
    }

    pub fn check(&self, id: &str) -> Option<&Check> {
        let found = self.checks.binary_search_by(|check| check.id.as_str().cmp(id));
        found.ok().map(|index| &self.checks[index])
    }

    pub fn experiment(&self, id: &str) -> Option<&Experiment> {
        self.experiments.iter().find(|experiment| experiment.id == id)
    }
}

/// A pack while it is read: the files of one folder that holds a `framework.yaml`.
struct Pack<'a> {
    folder: &'a str,
    parts: Vec<(&'a str, PackPart)>,
    /// Every file could be read, so a name that is not found is really not declared.
    complete: bool,
}

/// Reads packs and checks that everything they name exists.
///
/// A folder with a `framework.yaml` is a framework; its other YAML files may hold any of the same
/// sections and are merged in the order given. Files under a folder named `checks` hold
/// checks, one each, whose rules may use the kinds and fields of `vocabulary`.
///
/// # Errors
/// All problems of all files, sorted by place.
pub fn load(files: &[PackFile], vocabulary: &dyn Vocabulary) -> Result<Library, Vec<PackError>> {
    let mut problems = Vec::new();
    // Each takes about half of the time in which nothing else can begin.
    let (checks, packs) = std::thread::scope(|scope| {
        let packs = scope.spawn(|| gather(files));
        let checks = checks::read(files, vocabulary, &mut problems);
        (checks, packs.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    assemble(packs, checks, problems)
}

/// Reads the frameworks alone, which is enough to list and export them: the checks are neither
/// read nor looked up.
///
/// # Errors
/// As [`load()`], but for the checks.
pub fn load_frameworks(files: &[PackFile]) -> Result<Library, Vec<PackError>> {
    assemble(gather(files), Checks { list: Vec::new(), complete: false }, Vec::new())
}

fn assemble(
    (packs, unread): (Vec<Pack<'_>>, Vec<PackError>),
    checks: Checks,
    mut problems: Vec<PackError>,
) -> Result<Library, Vec<PackError>> {
    problems.extend(unread);
    references::check(&packs, &checks, &mut problems);
    for pack in &packs {
        elements::check(pack, &mut problems);
        shape::check(pack, &mut problems);
    }
    let merged: Vec<_> = packs.into_iter().filter_map(|pack| merge(pack, &mut problems)).collect();
    if !problems.is_empty() {
        problems.sort();
        problems.dedup();
        return Err(problems);
    }
    let (frameworks, experiments): (Vec<_>, Vec<_>) = merged.into_iter().unzip();
    let experiments = experiments.into_iter().flatten().collect();
    Ok(Library { frameworks, experiments, checks: checks.list })
}

/// Groups the files by framework and reads them, with what is wrong in them.
fn gather(files: &[PackFile]) -> (Vec<Pack<'_>>, Vec<PackError>) {
    let mut problems = Vec::new();
    // In the order given, what the program carries first: of two that have one name, the one added is told.
    let mut packs: Vec<Pack<'_>> = files
        .iter()
        .filter_map(|file| file.path.strip_suffix("framework.yaml"))
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        .map(|folder| Pack { folder, parts: Vec::new(), complete: true })
        .collect();
    for file in files.iter().filter(|file| is_part(&file.path)) {
        let owner = packs.iter_mut().filter(|p| file.path.starts_with(p.folder));
        let Some(pack) = owner.max_by_key(|pack| pack.folder.len()) else {
            problems.push(orphan(file));
            continue;
        };
        match read::part(file) {
            Ok(part) => pack.parts.push((&file.path, part)),
            Err(problem) => {
                pack.complete = false;
                problems.push(*problem);
            }
        }
    }
    (packs, problems)
}

/// Whether a file holds a part of a framework: YAML, and neither a check nor faults nor labs nor what papers are held to.
fn is_part(path: &str) -> bool {
    path.ends_with(".yaml") && !is_check(path) && !is_catalogue(path) && !is_of_papers(path)
}

/// Whether a file belongs to the rules of papers, which another room reads.
fn is_of_papers(path: &str) -> bool {
    path.rsplit('/').skip(1).any(|folder| folder == "papers")
}

/// Whether a file makes its folder one of packs: a framework, checks, faults or labs.
pub fn is_of_pack(file: &PackFile) -> bool {
    file.path.rsplit('/').next() == Some("framework.yaml") || is_check(&file.path) || is_catalogue(&file.path)
}

/// Whether a file holds checks.
fn is_check(path: &str) -> bool {
    path.ends_with(".yaml") && path.rsplit('/').skip(1).any(|folder| folder == "checks")
}

fn orphan(file: &PackFile) -> PackError {
    let message = Text::new("ce fichier n'appartient à aucun référentiel", "this file belongs to no framework");
    PackError::new(&file.path, Position::default(), message).hint(Text::new(
        "ajoutez un `framework.yaml` dans son dossier, ou rangez les contrôles sous `checks/`",
        "add a `framework.yaml` to its folder, or put checks under `checks/`",
    ))
}

/// One framework out of the parts of a pack.
fn merge(pack: Pack<'_>, problems: &mut Vec<PackError>) -> Option<(Framework, Vec<Experiment>)> {
    let header = header(&pack, problems)?;
    let mut experiments = Vec::new();
    let mut framework = Framework {
        header,
        activities: Vec::new(),
        themes: Vec::new(),
        competences: Vec::new(),
        evaluations: Vec::new(),
        glossary: Vec::new(),
        skills: Vec::new(),
        profiles: Vec::new(),
    };
    for (_, part) in pack.parts {
        framework.activities.extend(part.activities);
        framework.themes.extend(part.themes);
        framework.competences.extend(part.competences);
        framework.evaluations.extend(part.evaluations);
        framework.glossary.extend(part.glossary);
        framework.skills.extend(part.skills);
        framework.profiles.extend(part.profiles);
        experiments.extend(part.experiments);
    }
    Some((framework, experiments))
}

fn header(pack: &Pack<'_>, problems: &mut Vec<PackError>) -> Option<Header> {
    let mut headers = pack.parts.iter().filter_map(|(path, part)| Some((*path, part.framework.as_ref()?)));
    let Some((_, header)) = headers.next() else {
        if pack.complete {
            let path = format!("{}framework.yaml", pack.folder);
            let message = Text::new("la section `framework` manque", "the section `framework` is missing");
            problems.push(PackError::new(&path, Position { line: 1, column: 1 }, message));
        }
        return None;
    };
    for (path, second) in headers {
        let message =
            Text::new("deuxième section `framework` dans ce dossier", "second section `framework` in this folder");
        problems.push(PackError::new(path, second.id.position(), message));
    }
    Some(header.clone())
}

#[cfg(test)]
pub(crate) mod tests;
