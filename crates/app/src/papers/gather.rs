//! What a dossier rests on: its reports, what assessments say of their repositories, the code that papers show.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dossier::lint::{Missing, Why};
use dossier::papers::coverage::{Evidence, Project};
use dossier::papers::excerpt::{Excerpt, Excerpts, Fence, Wanted, wanted};
use dossier::{Folder, Manifest, ReportEntry, Source};

use super::build::BuildRequest;
use super::repositories::{Judged, Repositories};
use super::verdicts::{self, Verdict};
use crate::assess::{Request, assess_with};
use crate::error::AssessError;
use crate::library::Packs;
use crate::report::model::Report;

/// How reports and repositories are read.
pub(super) struct Gathering<'a> {
    pub packs: &'a Packs,
    pub folder: &'a Folder,
    pub manifest: &'a Manifest,
    pub request: &'a BuildRequest,
    pub repositories: Repositories<'a>,
    pub framework: &'a str,
}

/// A project of the dossier, and what its assessment says when it has a repository.
pub(super) struct Gathered {
    pub project: Project,
    pub verdicts: Vec<Verdict>,
    /// The signed records that were not believed.
    pub refused: BTreeSet<String>,
}

/// The name of a project: that of its report.
pub(super) fn name_of(entry: &ReportEntry) -> String {
    entry.path.rsplit('/').next().unwrap_or(&entry.path).trim_end_matches(".md").to_owned()
}

impl Gathering<'_> {
    /// Every project of the dossier, with what its repository shows at the commit that is cited.
    pub fn projects(&self) -> Result<Vec<Gathered>, AssessError> {
        self.manifest.reports.iter().map(|entry| self.project(entry)).collect()
    }

    fn project(&self, entry: &ReportEntry) -> Result<Gathered, AssessError> {
        let name = name_of(entry);
        let repository = match self.repositories {
            Repositories::Judged(judged) if entry.repository.is_some() => return self.judged(judged, entry),
            Repositories::Judged(_) => None,
            Repositories::Written(root) => repository(root, entry),
        };
        let Some(repository) = repository else {
            let missing = || AssessError::NotInDossier { path: entry.path.clone() };
            let bytes = self.folder.bytes(&entry.path).ok_or_else(missing)?;
            let report = Source::read(&entry.path, bytes);
            let (address, commit) = (entry.path.clone(), entry.commit.clone());
            let project = Project { name, report, address, commit, evidence: Vec::new() };
            return Ok(Gathered { project, verdicts: Vec::new(), refused: BTreeSet::new() });
        };
        let acquired = extract::git::acquire(&repository, extract::git::Limits::default())?;
        let rev = entry.commit.as_deref().unwrap_or("HEAD");
        let commit = acquired.repository.resolve(rev)?;
        let project = acquired.repository.project(&commit)?;
        let bytes = project.file(&entry.path).and_then(|file| file.bytes());
        let short = commit.as_str().get(..8).unwrap_or(commit.as_str());
        let missing = || AssessError::ReportNotThere { path: entry.path.clone(), commit: short.to_owned() };
        let bytes = bytes.or_else(|| self.folder.bytes(&entry.path).map(<[u8]>::to_vec)).ok_or_else(missing)?;
        let assessed = self.assess(&repository, entry)?;
        let evidence = evidence(&assessed, entry, commit.as_str());
        let report = Source::read(&entry.path, &bytes);
        let verdicts = verdicts::of(&name, &assessed);
        let project = Project { name, report, address: repository, commit: Some(commit.to_string()), evidence };
        Ok(Gathered { project, verdicts, refused: assessed.refused.into_iter().collect() })
    }

    /// What was handed in is not judged again: papers say what its run says.
    fn judged(&self, judged: &Judged, entry: &ReportEntry) -> Result<Gathered, AssessError> {
        let bytes = judged.file(&entry.path).ok_or_else(|| {
            let commit = judged.looked.commit.get(..8).unwrap_or(&judged.looked.commit).to_owned();
            AssessError::ReportNotThere { path: entry.path.clone(), commit }
        })?;
        let name = name_of(entry);
        let verdicts = self
            .packs
            .framework(self.framework)
            .ok()
            .map(|framework| verdicts::of_run(&name, &judged.looked, framework, self.manifest.language));
        let project = Project {
            report: Source::read(&entry.path, &bytes),
            address: judged.address.clone(),
            commit: Some(judged.looked.commit.clone()),
            evidence: judged.evidence(self.framework, entry),
            name,
        };
        Ok(Gathered { project, verdicts: verdicts.into_iter().collect(), refused: BTreeSet::new() })
    }

    fn assess(&self, repository: &str, entry: &ReportEntry) -> Result<Report, AssessError> {
        let request = Request {
            repository: repository.to_owned(),
            rev: entry.commit.clone().unwrap_or_else(|| "HEAD".to_owned()),
            frameworks: vec![self.framework.to_owned()],
            packs: self.request.packs.clone(),
            profile: None,
            as_of: self.request.as_of,
            lang: self.manifest.language,
            since: None,
            reading: self.request.reading.clone(),
            belief: self.request.belief.clone(),
        };
        assess_with(self.packs, &request)
    }
}

/// A path is one below the dossier's folder or beside it; an address stays as it is.
fn repository(root: &Path, entry: &ReportEntry) -> Option<String> {
    let written = entry.repository.as_ref()?;
    let address = written.contains("://") || Path::new(written).is_absolute();
    Some(if address { written.clone() } else { root.join(written).display().to_string() })
}

/// Where the repository of a report lies, when it is on this machine.
pub(crate) fn lies_here(root: &Path, entry: &ReportEntry) -> Option<String> {
    repository(root, entry).filter(|address| !address.contains("://"))
}

/// What an assessment says, as the plain data that papers show.
fn evidence(report: &Report, entry: &ReportEntry, commit: &str) -> Vec<Evidence> {
    let forge = forge(entry.repository.as_deref().unwrap_or_default());
    let place = |cited: &crate::report::model::Cited| {
        let line = cited.line.map(|line| format!("#L{line}")).unwrap_or_default();
        let url = forge.as_ref().zip(cited.path.as_ref());
        (cited.place(), url.map(|(forge, path)| format!("{forge}/blob/{commit}/{path}{line}")))
    };
    let evidence = report.indicators().map(|(_, indicator)| Evidence {
        item: indicator.id.clone(),
        rung: indicator.rung,
        places: indicator.evidence.iter().filter(|cited| cited.path.is_some()).map(place).collect(),
    });
    evidence.collect()
}

/// The code that sources ask for, and what of it is not as they say.
///
/// # Errors
/// When a repository cannot be read.
pub(crate) fn excerpts(
    repositories: Repositories<'_>,
    manifest: &Manifest,
    sources: &[Source],
) -> Result<(Excerpts, Vec<Missing>), AssessError> {
    let mut found = BTreeMap::new();
    let mut missing = Vec::new();
    let mut open: BTreeMap<String, Opened> = BTreeMap::new();
    for fence in sources.iter().flat_map(wanted) {
        let lost = |why, seen: String| Missing { info: fence.info.clone(), why, seen };
        let Some(asked) = &fence.wanted else {
            missing.push(lost(Why::Range, String::new()));
            continue;
        };
        let of_project = |entry: &&ReportEntry| asked.project.is_empty() || name_of(entry) == asked.project;
        let entry = manifest.reports.iter().filter(|entry| entry.repository.is_some()).find(of_project);
        let Some(entry) = entry else {
            missing.push(lost(Why::Project, String::new()));
            continue;
        };
        let name = format!("{:?} {:?}", entry.repository, entry.commit);
        let shown = match repositories {
            Repositories::Judged(judged) => {
                let Some(project) = judged.project() else {
                    missing.push(lost(Why::Project, String::new()));
                    continue;
                };
                excerpt((project, &judged.looked.commit), entry, asked, &fence)
            }
            Repositories::Written(root) => {
                if !open.contains_key(&name) {
                    open.insert(name.clone(), Opened::of(root, entry)?);
                }
                let opened = &open[&name];
                excerpt((&opened.project, &opened.commit), entry, asked, &fence)
            }
        };
        match shown {
            Ok(excerpt) => {
                found.insert(asked.clone(), excerpt);
            }
            Err((why, seen)) => missing.push(lost(why, seen)),
        }
    }
    Ok((found, missing))
}

/// The most lines that one fence shows.
const LINES: usize = 60;

/// A repository at the commit that is cited; a clone lives as long as this.
struct Opened {
    _acquired: extract::git::Acquired,
    project: extract::Project,
    commit: String,
}

impl Opened {
    fn of(root: &Path, entry: &ReportEntry) -> Result<Self, AssessError> {
        let repository = repository(root, entry).unwrap_or_default();
        let acquired = extract::git::acquire(&repository, extract::git::Limits::default())?;
        let commit = acquired.repository.resolve(entry.commit.as_deref().unwrap_or("HEAD"))?;
        let project = acquired.repository.project(&commit)?;
        Ok(Self { _acquired: acquired, project, commit: commit.to_string() })
    }
}

fn excerpt(
    (project, commit): (&extract::Project, &String),
    entry: &ReportEntry,
    asked: &Wanted,
    fence: &Fence,
) -> Result<Excerpt, (Why, String)> {
    let short = commit.get(..8).unwrap_or(commit).to_owned();
    let Some(text) = project.file(&asked.file).and_then(|file| file.text().ok()) else {
        return Err((Why::File, short));
    };
    let all: Vec<&str> = text.as_str().lines().collect();
    let (first, last) = asked.lines.unwrap_or((1, all.len().clamp(1, LINES)));
    if last > all.len() {
        return Err((Why::Lines, all.len().to_string()));
    }
    let lines = &all[first - 1..last.min(first + LINES - 1)];
    let bare = |line: &&str| line.trim().to_owned();
    let own: Vec<String> =
        fence.own.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let there: Vec<String> = lines.iter().map(bare).filter(|line| !line.is_empty()).collect();
    if !own.is_empty() && own != there {
        return Err((Why::Differs, short));
    }
    let (a, b) = (first, first + lines.len() - 1);
    let forge = forge(entry.repository.as_deref().unwrap_or_default());
    Ok(Excerpt {
        project: name_of(entry),
        file: asked.file.clone(),
        lines: (a, b),
        url: forge.map(|forge| format!("{forge}/blob/{commit}/{}#L{a}-L{b}", asked.file)),
        commit: commit.to_string(),
        text: lines.join("\n"),
    })
}

/// The address of a repository where people read it; none for a path.
pub(super) fn forge(repository: &str) -> Option<String> {
    let address = repository.strip_prefix("https://")?;
    Some(format!("https://{}", address.trim_end_matches('/').trim_end_matches(".git")))
}
