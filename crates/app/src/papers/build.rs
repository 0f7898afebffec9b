//! Build the papers of a dossier: from its folder to documents, and from documents to files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use dossier::lint::Missing;
use dossier::papers::model::Document;
use dossier::papers::{html, markdown};
use dossier::{Manifest, PaperEntry};
use jiff::civil::Date;

use super::deadline::Deadline;
use super::jury;
use super::repositories::Repositories;
use super::workshop::Workshop;
use crate::assess::Reading;
use crate::attestations::Belief;
use crate::error::{AssessError, What};
use crate::library::Packs;
use crate::lint;

/// Which papers to build.
#[derive(Clone, Debug)]
pub struct BuildRequest {
    pub folder: PathBuf,
    /// A paper by its deliverable, or by the name that `dossier init` gives it; all when none is named.
    pub papers: Vec<String>,
    pub packs: Vec<PathBuf>,
    pub as_of: Date,
    pub reading: Reading,
    /// The signed records that may lift an item above *present*.
    pub belief: Option<Belief>,
    /// Reports of `assess`, as JSON, for the jury file; the repositories of the dossier are assessed else.
    pub reports: Vec<PathBuf>,
    /// A folder of dossiers whose passages the jury file shows beside this one's.
    pub cohort: Option<PathBuf>,
}

/// What came of a dossier.
pub struct Built {
    pub papers: Vec<Paper>,
    /// The signed records that lift nothing, each with its reason.
    pub refused: BTreeSet<String>,
    /// What of the texts could not be read: file, line, and what the catalogue calls it.
    pub unread: BTreeSet<(String, usize, &'static str)>,
}

/// A paper that is built, ready to be written.
pub struct Paper {
    /// The name of its files, without ending.
    pub name: String,
    /// The deliverable of a framework that it is: `T.r2`; none when it only goes with one.
    pub deliverable: Option<String>,
    pub document: Document,
    /// What its bytes are derived from, so that the same dossier gives the same file.
    pub ident: String,
    pub day: Date,
    /// The fewest and the most pages that are asked for.
    pub bounds: Option<(u32, u32)>,
    /// When it is due.
    pub deadline: Option<Deadline>,
    /// The code that it asks for and does not get as it says.
    pub missing: Vec<Missing>,
    /// It is read in a terminal too: its Markdown is written whatever is asked for.
    pub plain_too: bool,
}

/// The names that people give to deliverables.
const NAMES: [(&str, &str); 4] =
    [("technical-file", "T.r2"), ("e1-report", "E1.r1"), ("e1-slides", "E1.r2"), ("e2-paper", "E2.r1")];
/// What is no deliverable of a candidate: it joins them for a jury.
const JURY: &str = "jury-file";

/// What people call a deliverable.
pub(crate) fn called(deliverable: &str) -> Option<&'static str> {
    NAMES.iter().find(|(_, id)| *id == deliverable).map(|(name, _)| *name)
}

pub(super) fn name_of(deliverable: &str) -> String {
    called(deliverable).map_or_else(|| deliverable.to_lowercase().replace('.', "-"), ToOwned::to_owned)
}

/// Composes the papers that are asked for.
///
/// # Errors
/// When the folder, a report or a repository cannot be read, or a name is not known.
pub fn build_papers(request: &BuildRequest) -> Result<Built, AssessError> {
    let packs = Packs::load(&request.packs)?;
    let folder = lint::read_dossier(&request.folder)?;
    let manifest = lint::manifest(&request.folder, &folder)?;
    if let Some(belief) = &request.belief {
        // Without a project nobody would look into it, nor tell that it is not there.
        let fail = |source| AssessError::Attestations { path: belief.folder.clone(), source };
        std::fs::read_dir(&belief.folder).map_err(fail)?;
    }
    let repositories = Repositories::Written(&request.folder);
    let mut workshop = Workshop::new(request, &packs, repositories, (&folder, &manifest));
    let mut names = request.papers.clone();
    let jury = names.iter().any(|name| name == JURY);
    names.retain(|name| name != JURY);
    let mut papers = Vec::new();
    if !names.is_empty() || !jury {
        if manifest.papers.is_empty() {
            return Err(AssessError::NoPapers { path: request.folder.join(dossier::PATH) });
        }
        for entry in choose(&manifest, &names)? {
            papers.extend(workshop.papers(&entry)?);
        }
    }
    if jury {
        papers.push(jury::file(&mut workshop)?);
    }
    Ok(Built { papers, refused: workshop.refused(), unread: workshop.unread })
}

/// The entries of the manifest that are named. A talk without an entry is made from the text of its report.
fn choose(manifest: &Manifest, names: &[String]) -> Result<Vec<PaperEntry>, AssessError> {
    if names.is_empty() {
        return Ok(manifest.papers.clone());
    }
    let written = |id: &str| manifest.papers.iter().find(|entry| entry.deliverable == id);
    let talk = || {
        let report = written("E1.r1").filter(|_| written("E1.r2").is_none())?;
        Some(PaperEntry { deliverable: "E1.r2".to_owned(), ..report.clone() })
    };
    let known = || {
        let talk = talk();
        let own = manifest.papers.iter().chain(talk.as_ref()).map(|entry| name_of(&entry.deliverable));
        own.chain([JURY.to_owned()]).collect()
    };
    let find = |name: &String| {
        let is = |entry: &&PaperEntry| entry.deliverable == *name || name_of(&entry.deliverable) == *name;
        let found = manifest.papers.iter().find(is).cloned().or_else(|| talk().filter(|entry| is(&entry)));
        found.ok_or_else(|| AssessError::NoSuchId { what: What::Paper, id: name.clone(), known: known() })
    };
    names.iter().map(find).collect()
}

impl Paper {
    pub fn html(&self) -> String {
        html::page(&self.document)
    }

    pub fn markdown(&self) -> String {
        markdown::text(&self.document)
    }
}
