//! The workshop of a dossier: what its papers are made of is read once, and each paper is composed from it.

use std::collections::{BTreeMap, BTreeSet};

use dossier::documents::Table;
use dossier::papers::model::{Attachment, Document};
use dossier::papers::{Oral, Recipe, annexes, compose, coverage, day, matrix, screen, script, slides};
use dossier::{Folder, Manifest, PaperEntry, Source, oral};
use framework::{Deliverable, Form, Framework};

use super::build::{BuildRequest, Paper, name_of};
use super::deadline;
use super::gather::{self, Gathered, Gathering};
use super::repositories::Repositories;
use super::verdicts;
use crate::error::{AssessError, What};
use crate::library::Packs;
use crate::words::Words;

/// One dossier while its papers are made; what was gathered for a framework is kept.
pub(super) struct Workshop<'a> {
    pub request: &'a BuildRequest,
    pub packs: &'a Packs,
    pub repositories: Repositories<'a>,
    pub folder: &'a Folder,
    pub manifest: &'a Manifest,
    gathered: BTreeMap<String, Vec<Gathered>>,
    pub unread: BTreeSet<(String, usize, &'static str)>,
}

impl<'a> Workshop<'a> {
    pub fn new(
        request: &'a BuildRequest,
        packs: &'a Packs,
        repositories: Repositories<'a>,
        (folder, manifest): (&'a Folder, &'a Manifest),
    ) -> Self {
        Self { request, packs, repositories, folder, manifest, gathered: BTreeMap::new(), unread: BTreeSet::new() }
    }

    /// The framework and the deliverable of an entry.
    pub fn deliverable(
        &self,
        id: &str,
    ) -> Result<(&'a Framework, &'a Deliverable, &'a framework::Evaluation), AssessError> {
        let wanted = &self.manifest.framework;
        if let Some(id) = wanted {
            self.packs.framework(id)?;
        }
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
        Err(AssessError::NoSuchId { what: What::Paper, id: id.to_owned(), known })
    }

    /// The projects of the dossier as one framework sees them.
    pub fn gather(&mut self, framework: &str) -> Result<&[Gathered], AssessError> {
        if !self.gathered.contains_key(framework) {
            let Workshop { packs, folder, manifest, request, repositories, .. } = *self;
            let gathering = Gathering { packs, folder, manifest, request, repositories, framework };
            let projects = gathering.projects()?;
            self.gathered.insert(framework.to_owned(), projects);
        }
        Ok(self.gathered.get(framework).map_or(&[], Vec::as_slice))
    }

    /// The records that assessments of the projects refused.
    pub fn refused(&self) -> BTreeSet<String> {
        self.gathered.values().flatten().flat_map(|one| one.refused.iter().cloned()).collect()
    }

    /// The texts of an entry and its table of documents; what of them cannot be read is kept.
    fn sources(&mut self, entry: &PaperEntry) -> Result<(Vec<Source>, Option<Table>), AssessError> {
        let missing = |path: &String| AssessError::NotInDossier { path: path.clone() };
        let bytes = |path: &String| self.folder.bytes(path).ok_or_else(|| missing(path));
        let read = |path: &String| Ok(Source::read(path, bytes(path)?));
        let sources: Vec<Source> = entry.source.iter().map(read).collect::<Result<_, AssessError>>()?;
        let read = |path: &String| Ok::<Table, AssessError>(Table::read(path, bytes(path)?));
        let documents = entry.documents.as_ref().map(read).transpose()?;
        for source in &sources {
            let told = |(why, range): &(dossier::source::Refusal, std::ops::Range<usize>)| {
                (source.path.clone(), source.positions(range).0.line, why.message())
            };
            self.unread.extend(source.refusals.iter().map(told));
        }
        Ok((sources, documents))
    }

    /// The papers of one entry: a talk goes with its script.
    pub fn papers(&mut self, entry: &PaperEntry) -> Result<Vec<Paper>, AssessError> {
        let (framework, asked, evaluation) = self.deliverable(&entry.deliverable)?;
        let lang = self.manifest.language;
        let words = Words(lang);
        let (sources, documents) = self.sources(entry)?;
        let (excerpts, missing) = gather::excerpts(self.repositories, self.manifest, &sources)?;
        let say = |id: &str, arguments: &[(&'static str, &str)]| words.with(id, arguments);
        let as_of = self.request.as_of;
        let mut pictures = pictures(self.folder);
        let manifest = self.manifest;
        let gathered = self.gather(framework.id())?;
        let projects: Vec<_> = gathered.iter().map(|one| one.project.clone()).collect();
        let attached = verdicts::attached(gathered, framework);
        let table = coverage::coverage(&blocks(framework, evaluation), &projects, &sources, lang);
        let name = name_of(&entry.deliverable);
        // Papers are written beside each other, and each is judged by its own items.
        let drawing = format!("{name}-coverage.svg");
        let annexes = if projects.is_empty() { Vec::new() } else { annexes(&table, &drawing, lang, &say) };
        if !annexes.is_empty() {
            pictures.insert(drawing, matrix(&table, lang, &say).into_bytes());
        }
        let deadline = deadline::of(manifest, asked, as_of);
        let recipe = Recipe {
            manifest,
            kind: words.say(&format!("paper-kind-{}", entry.deliverable.to_lowercase().replace('.', "-"))),
            title: entry.title.clone(),
            sources: &sources,
            pictures: &pictures,
            excerpts: &excerpts,
            documents: documents.as_ref(),
            due: deadline.as_ref().map(|deadline| deadline.told(words)),
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
            let (deadline, missing) = (deadline.clone(), Vec::new());
            Paper { name, deliverable, document, ident, day: as_of, bounds, deadline, missing, plain_too: false }
        };
        if asked.form == Form::Written {
            let paper = made(name, compose(&recipe, annexes), attached);
            return Ok(vec![Paper { missing, ..paper }]);
        }
        let talk = oral::talk(&sources);
        let oral = Oral { deliverable: asked, talk: &talk };
        let beside = format!("{}-script", name.trim_end_matches("-slides"));
        let script = made(beside, script(&recipe, &oral), Vec::new());
        let shown = made(name, slides(&recipe, &oral, screen(&table, lang, &say)), attached);
        Ok(vec![shown, Paper { deliverable: None, deadline: None, plain_too: true, ..script }])
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

/// Whether a file is a picture that papers show.
fn picture(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".png", ".jpg", ".jpeg", ".svg"].iter().any(|ending| lower.ends_with(ending))
}
