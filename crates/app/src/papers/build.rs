//! Build the papers of a dossier: from its folder to documents, and from documents to files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use dossier::documents::Table;
use dossier::lint::Missing;
use dossier::papers::model::{Attachment, Document};
use dossier::papers::{
    Oral, Recipe, annexes, clock, compose, coverage, day, html, markdown, matrix, screen, script, slides,
};
use dossier::{Folder, Manifest, PaperEntry, Source, oral};
use framework::{Deliverable, Form, Framework};
use jiff::civil::Date;

use super::gather::{self, Gathered, Gathering};
use super::{jury, verdicts};
use crate::assess::Reading;
use crate::attestations::Belief;
use crate::error::{AssessError, What};
use crate::library::Packs;
use crate::lint;
use crate::words::Words;

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

pub(super) fn name_of(deliverable: &str) -> String {
    let named = NAMES.iter().find(|(_, id)| *id == deliverable).map(|(name, _)| (*name).to_owned());
    named.unwrap_or_else(|| deliverable.to_lowercase().replace('.', "-"))
}

/// Composes the papers that are asked for.
///
/// # Errors
/// When the folder, a report or a repository cannot be read, or a name is not known.
pub fn build_papers(request: &BuildRequest) -> Result<Built, AssessError> {
    let packs = Packs::load(&request.packs)?;
    let folder = lint::read_dossier(&request.folder)?;
    let manifest = lint::manifest(&request.folder, &folder)?;
    let mut workshop = Workshop {
        request,
        packs: &packs,
        folder: &folder,
        manifest: &manifest,
        gathered: BTreeMap::new(),
        unread: BTreeSet::new(),
    };
    let mut names = request.papers.clone();
    let jury = names.iter().any(|name| name == JURY);
    names.retain(|name| name != JURY);
    let mut papers = Vec::new();
    if !names.is_empty() || !jury {
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
        found.ok_or_else(|| AssessError::NoSuchId { what: What::Any, id: name.clone(), known: known() })
    };
    names.iter().map(find).collect()
}

/// One dossier while its papers are made; what was gathered for a framework is kept.
pub(super) struct Workshop<'a> {
    pub request: &'a BuildRequest,
    pub packs: &'a Packs,
    pub folder: &'a Folder,
    pub manifest: &'a Manifest,
    gathered: BTreeMap<String, Vec<Gathered>>,
    unread: BTreeSet<(String, usize, &'static str)>,
}

impl<'a> Workshop<'a> {
    /// The framework and the deliverable of an entry.
    pub fn deliverable(
        &self,
        id: &str,
    ) -> Result<(&'a Framework, &'a Deliverable, &'a framework::Evaluation), AssessError> {
        let wanted = &self.manifest.framework;
        let named = |framework: &&Framework| wanted.as_ref().is_none_or(|name| name == framework.id());
        for framework in self.packs.frameworks.iter().filter(named) {
            for evaluation in &framework.evaluations {
                if let Some(found) = evaluation.deliverables.iter().find(|one| *one.id == *id) {
                    return Ok((framework, found, evaluation));
                }
            }
        }
        let all = self.packs.frameworks.iter().flat_map(|framework| &framework.evaluations);
        let known = all.flat_map(|evaluation| &evaluation.deliverables).map(|one| one.id.to_string()).collect();
        Err(AssessError::NoSuchId { what: What::Any, id: id.to_owned(), known })
    }

    /// The projects of the dossier as one framework sees them.
    pub fn gather(&mut self, framework: &str) -> Result<&[Gathered], AssessError> {
        if !self.gathered.contains_key(framework) {
            let (packs, folder, manifest, request) = (self.packs, self.folder, self.manifest, self.request);
            let projects = Gathering { packs, folder, manifest, request, framework }.projects()?;
            self.gathered.insert(framework.to_owned(), projects);
        }
        Ok(self.gathered.get(framework).map_or(&[], Vec::as_slice))
    }

    /// The records that assessments of the projects refused.
    fn refused(&self) -> BTreeSet<String> {
        let reports = self.gathered.values().flatten().filter_map(|one| one.report.as_ref());
        reports.flat_map(|report| report.refused.iter().cloned()).collect()
    }

    fn papers(&mut self, entry: &PaperEntry) -> Result<Vec<Paper>, AssessError> {
        let (framework, asked, evaluation) = self.deliverable(&entry.deliverable)?;
        let lang = self.manifest.language;
        let missing = |path: &String| AssessError::NoReport { repository: path.clone() };
        let folder = self.folder;
        let bytes = |path: &String| folder.bytes(path).ok_or_else(|| missing(path));
        let read = |path: &String| Ok(Source::read(path, bytes(path)?));
        let sources: Vec<Source> = entry.source.iter().map(read).collect::<Result<_, AssessError>>()?;
        let read = |path: &String| Ok::<Table, AssessError>(Table::read(path, bytes(path)?));
        let documents = entry.documents.as_ref().map(read).transpose()?;
        let words = Words(lang);
        for source in &sources {
            let told = |(why, range): &(dossier::source::Refusal, std::ops::Range<usize>)| {
                (source.path.clone(), source.positions(range).0.line, why.message())
            };
            self.unread.extend(source.refusals.iter().map(told));
        }
        let (excerpts, missing) = gather::excerpts(&self.request.folder, self.manifest, &sources)?;
        let say = |id: &str, arguments: &[(&'static str, &str)]| words.with(id, arguments);
        let as_of = self.request.as_of;
        let mut pictures = pictures(folder);
        let manifest = self.manifest;
        let gathered = self.gather(framework.id())?;
        let projects: Vec<_> = gathered.iter().map(|one| one.project.clone()).collect();
        let attached = verdicts::attached(gathered, framework);
        let table = coverage::coverage(&blocks(framework, evaluation), &projects, &sources, lang);
        let annexes = if projects.is_empty() { Vec::new() } else { annexes(&table, lang, &say) };
        if !annexes.is_empty() {
            pictures.insert("coverage.svg".to_owned(), matrix(&table, lang, &say).into_bytes());
        }
        let recipe = Recipe {
            manifest,
            kind: words.say(&format!("paper-kind-{}", entry.deliverable.to_lowercase().replace('.', "-"))),
            title: entry.title.clone(),
            sources: &sources,
            pictures: &pictures,
            excerpts: &excerpts,
            documents: documents.as_ref(),
            clock: manifest.ended.zip(asked.days).and_then(|(ended, days)| clock::clock(ended, days, as_of)),
            day: day(as_of, lang),
            projects: projects.iter().map(|project| (project.name.clone(), project.commit.clone())).collect(),
            say: &say,
        };
        let made = |name: String, document: Document, attached: Vec<Attachment>| {
            let mut document = Document { attached, ..document };
            used_pictures(&mut document);
            let ident = format!("{}/{}/{name}", manifest.title, manifest.person.name);
            let bounds = asked.pages.map(|pages| (pages.min, pages.max));
            let deliverable = Some(entry.deliverable.clone());
            Paper { name, deliverable, document, ident, day: as_of, bounds, missing: Vec::new(), plain_too: false }
        };
        let name = name_of(&entry.deliverable);
        if asked.form == Form::Written {
            let paper = made(name, compose(&recipe, annexes), attached);
            return Ok(vec![Paper { missing, ..paper }]);
        }
        let talk = oral::talk(&sources);
        let oral = Oral { deliverable: asked, talk: &talk };
        let beside = format!("{}-script", name.trim_end_matches("-slides"));
        let script = made(beside, script(&recipe, &oral), Vec::new());
        let shown = made(name, slides(&recipe, &oral, screen(&table, lang, &say)), attached);
        Ok(vec![shown, Paper { deliverable: None, plain_too: true, ..script }])
    }

    /// Every written paper of the dossier.
    pub fn written(&mut self) -> Result<Vec<Paper>, AssessError> {
        let mut papers = Vec::new();
        for entry in &self.manifest.papers {
            papers.extend(self.papers(entry)?);
        }
        Ok(papers)
    }
}

/// The competences that an evaluation judges.
fn blocks(framework: &Framework, evaluation: &framework::Evaluation) -> Vec<framework::Competence> {
    let own = |one: &&framework::Competence| one.evaluation.as_ref().is_none_or(|id| *id == evaluation.id);
    framework.competences.iter().filter(own).cloned().collect()
}

/// Every picture of the folder that papers can show.
fn pictures(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let pictures = folder.files.keys().filter(|path| picture(path));
    pictures.filter_map(|path| Some((path.clone(), folder.bytes(path)?.to_vec()))).collect()
}

/// Leaves out the pictures that no page shows: they count against the bounds of the press.
pub(super) fn used_pictures(document: &mut Document) {
    use dossier::papers::model::Block;
    fn walk(blocks: &[Block], used: &mut Vec<String>) {
        for block in blocks {
            match block {
                Block::Image { path, .. } => used.push(path.clone()),
                Block::Quote { c } | Block::Callout { c } => walk(c, used),
                Block::List { items, .. } => items.iter().for_each(|item| walk(item, used)),
                _ => {}
            }
        }
    }
    let mut used = Vec::new();
    document.parts.iter().for_each(|part| walk(&part.blocks, &mut used));
    document.pictures.retain(|path, _| used.contains(path));
}

impl Paper {
    pub fn html(&self) -> String {
        html::page(&self.document)
    }

    pub fn markdown(&self) -> String {
        markdown::text(&self.document)
    }
}

/// Whether a file is a picture that papers show.
fn picture(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".png", ".jpg", ".jpeg", ".svg"].iter().any(|ending| lower.ends_with(ending))
}
