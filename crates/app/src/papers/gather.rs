//! What a dossier rests on: its reports, what assessments say of their repositories, the code that papers show.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dossier::papers::coverage::{Evidence, Project};
use dossier::papers::excerpt::{Excerpt, Excerpts, Wanted, wanted};
use dossier::{Folder, Manifest, ReportEntry, Source};
use framework::Lang;
use jiff::civil::Date;

use crate::assess::{Reading, Request, assess_with};
use crate::error::AssessError;
use crate::library::Packs;

/// How reports and repositories are read.
pub(super) struct Gathering<'a> {
    pub packs: &'a Packs,
    pub folders: &'a [PathBuf],
    pub root: &'a Path,
    pub folder: &'a Folder,
    pub framework: &'a str,
    pub as_of: Date,
    pub lang: Lang,
    pub reading: &'a Reading,
}

impl Gathering<'_> {
    /// Every project of the dossier, with what its repository shows at the commit that is cited.
    pub fn projects(&self, manifest: &Manifest) -> Result<Vec<Project>, AssessError> {
        manifest.reports.iter().map(|entry| self.project(entry)).collect()
    }

    fn project(&self, entry: &ReportEntry) -> Result<Project, AssessError> {
        let missing = || AssessError::NoReport { repository: entry.path.clone() };
        let name = entry.path.rsplit('/').next().unwrap_or(&entry.path).trim_end_matches(".md").to_owned();
        let Some(repository) = self.repository(entry) else {
            let bytes = self.folder.bytes(&entry.path).ok_or_else(missing)?;
            let report = Source::read(&entry.path, bytes);
            return Ok(Project {
                name,
                report,
                address: entry.path.clone(),
                commit: entry.commit.clone(),
                evidence: Vec::new(),
            });
        };
        let acquired = extract::git::acquire(&repository, extract::git::Limits::default())?;
        let rev = entry.commit.as_deref().unwrap_or("HEAD");
        let commit = acquired.repository.resolve(rev)?;
        let project = acquired.repository.project(&commit)?;
        let bytes = project.file(&entry.path).and_then(|file| file.bytes());
        let bytes = bytes.or_else(|| self.folder.bytes(&entry.path).map(<[u8]>::to_vec)).ok_or_else(missing)?;
        let evidence = self.evidence(&repository, entry, commit.as_str())?;
        let report = Source::read(&entry.path, &bytes);
        Ok(Project { name, report, address: repository, commit: Some(commit.to_string()), evidence })
    }

    /// A path is one below the dossier's folder or beside it; an address stays as it is.
    fn repository(&self, entry: &ReportEntry) -> Option<String> {
        let written = entry.repository.as_ref()?;
        let address = written.contains("://") || Path::new(written).is_absolute();
        Some(if address { written.clone() } else { self.root.join(written).display().to_string() })
    }

    fn evidence(&self, repository: &str, entry: &ReportEntry, commit: &str) -> Result<Vec<Evidence>, AssessError> {
        let request = Request {
            repository: repository.to_owned(),
            rev: entry.commit.clone().unwrap_or_else(|| "HEAD".to_owned()),
            frameworks: vec![self.framework.to_owned()],
            packs: self.folders.to_vec(),
            profile: None,
            as_of: self.as_of,
            lang: self.lang,
            since: None,
            reading: self.reading.clone(),
            belief: None,
        };
        let report = assess_with(self.packs, &request)?;
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
        Ok(evidence.collect())
    }

    /// The code that sources ask for. What is not there stays out; the empty block then shows it.
    pub fn excerpts(&self, manifest: &Manifest, sources: &[Source]) -> Result<Excerpts, AssessError> {
        let mut found = BTreeMap::new();
        for asked in sources.iter().flat_map(wanted) {
            let of_project = |entry: &&ReportEntry| {
                let file = entry.path.rsplit('/').next().unwrap_or(&entry.path);
                asked.project.is_empty() || file.trim_end_matches(".md") == asked.project
            };
            let entry = manifest.reports.iter().filter(|entry| entry.repository.is_some()).find(of_project);
            if let Some(entry) = entry
                && let Some(excerpt) = self.excerpt(entry, &asked)?
            {
                found.insert(asked, excerpt);
            }
        }
        Ok(found)
    }

    fn excerpt(&self, entry: &ReportEntry, asked: &Wanted) -> Result<Option<Excerpt>, AssessError> {
        const LINES: usize = 60;
        let Some(repository) = self.repository(entry) else { return Ok(None) };
        let acquired = extract::git::acquire(&repository, extract::git::Limits::default())?;
        let commit = acquired.repository.resolve(entry.commit.as_deref().unwrap_or("HEAD"))?;
        let project = acquired.repository.project(&commit)?;
        let Some(text) = project.file(&asked.file).and_then(|file| file.text().ok()) else { return Ok(None) };
        let (first, last) = asked.lines.unwrap_or((1, LINES));
        let lines: Vec<&str> = text.as_str().lines().skip(first - 1).take((last - first + 1).min(LINES)).collect();
        let lines_shown = (first, first + lines.len().max(1) - 1);
        let (a, b) = lines_shown;
        let forge = forge(entry.repository.as_deref().unwrap_or_default());
        let name = entry.path.rsplit('/').next().unwrap_or(&entry.path).trim_end_matches(".md").to_owned();
        Ok(Some(Excerpt {
            project: name,
            file: asked.file.clone(),
            lines: lines_shown,
            url: forge.map(|forge| format!("{forge}/blob/{commit}/{}#L{a}-L{b}", asked.file)),
            commit: commit.to_string(),
            text: lines.join("\n"),
        }))
    }
}

/// The address of a repository where people read it; none for a path.
fn forge(repository: &str) -> Option<String> {
    let address = repository.strip_prefix("https://")?;
    Some(format!("https://{}", address.trim_end_matches('/').trim_end_matches(".git")))
}
