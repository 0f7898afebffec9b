//! Build the papers of a dossier: from its folder to documents, and from documents to files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dossier::papers::model::Document;
use dossier::papers::{Recipe, annexes, clock, compose, coverage, day, html, markdown, matrix};
use dossier::{Folder, Manifest, PaperEntry, Source};
use framework::{Deliverable, Framework};
use jiff::civil::Date;

use super::gather::Gathering;
use crate::assess::Reading;
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
}

/// A paper that is built, ready to be written.
pub struct Paper {
    /// The name of its files, without ending.
    pub name: String,
    /// The deliverable of a framework that it is: `T.r2`.
    pub deliverable: String,
    pub document: Document,
    /// What its bytes are derived from, so that the same dossier gives the same file.
    pub ident: String,
    pub day: Date,
    /// The fewest and the most pages that are asked for.
    pub bounds: Option<(u32, u32)>,
}

/// The names that people give to deliverables.
const NAMES: [(&str, &str); 3] = [("technical-file", "T.r2"), ("e1-report", "E1.r1"), ("e2-paper", "E2.r1")];

pub(super) fn name_of(deliverable: &str) -> String {
    let named = NAMES.iter().find(|(_, id)| *id == deliverable).map(|(name, _)| (*name).to_owned());
    named.unwrap_or_else(|| deliverable.to_lowercase().replace('.', "-"))
}

/// Composes the papers that are asked for.
///
/// # Errors
/// When the folder, a report or a repository cannot be read, or a name is not known.
pub fn build_papers(request: &BuildRequest) -> Result<Vec<Paper>, AssessError> {
    let packs = Packs::load(&request.packs)?;
    let folder = lint::read_dossier(&request.folder)?;
    let manifest = lint::manifest(&request.folder, &folder)?;
    let chosen = choose(&manifest, &request.papers)?;
    chosen.into_iter().map(|entry| paper(request, &packs, &folder, &manifest, entry)).collect()
}

fn choose<'a>(manifest: &'a Manifest, names: &[String]) -> Result<Vec<&'a PaperEntry>, AssessError> {
    if names.is_empty() {
        return Ok(manifest.papers.iter().collect());
    }
    let known = || manifest.papers.iter().map(|entry| name_of(&entry.deliverable)).collect();
    let find = |name: &String| {
        let is = |entry: &&PaperEntry| entry.deliverable == *name || name_of(&entry.deliverable) == *name;
        let found = manifest.papers.iter().find(is);
        found.ok_or_else(|| AssessError::NoSuchId { what: What::Any, id: name.clone(), known: known() })
    };
    names.iter().map(find).collect()
}

/// The framework and the deliverable of an entry.
fn deliverable<'a>(
    packs: &'a Packs,
    manifest: &Manifest,
    id: &str,
) -> Result<(&'a Framework, &'a Deliverable, &'a framework::Evaluation), AssessError> {
    let named = |framework: &&Framework| manifest.framework.as_ref().is_none_or(|name| name == framework.id());
    for framework in packs.frameworks.iter().filter(named) {
        for evaluation in &framework.evaluations {
            if let Some(found) = evaluation.deliverables.iter().find(|one| *one.id == *id) {
                return Ok((framework, found, evaluation));
            }
        }
    }
    let all = packs.frameworks.iter().flat_map(|framework| &framework.evaluations);
    let known = all.flat_map(|evaluation| &evaluation.deliverables).map(|one| one.id.to_string()).collect();
    Err(AssessError::NoSuchId { what: What::Any, id: id.to_owned(), known })
}

fn paper(
    request: &BuildRequest,
    packs: &Packs,
    folder: &Folder,
    manifest: &Manifest,
    entry: &PaperEntry,
) -> Result<Paper, AssessError> {
    let lang = manifest.language;
    let (framework, asked, evaluation) = deliverable(packs, manifest, &entry.deliverable)?;
    let missing = |path: &String| AssessError::NoReport { repository: path.clone() };
    let read = |path: &String| folder.bytes(path).map(|bytes| Source::read(path, bytes)).ok_or_else(|| missing(path));
    let sources: Vec<Source> = entry.source.iter().map(read).collect::<Result<_, _>>()?;
    let gathering = Gathering {
        packs,
        folders: &request.packs,
        root: &request.folder,
        folder,
        framework: framework.id(),
        as_of: request.as_of,
        lang,
        reading: &request.reading,
    };
    let projects = gathering.projects(manifest)?;
    let excerpts = gathering.excerpts(manifest, &sources)?;
    let words = Words(lang);
    let say = |id: &str, arguments: &[(&'static str, &str)]| words.with(id, arguments);
    let mut pictures: BTreeMap<String, Vec<u8>> = folder
        .files
        .keys()
        .filter(|path| picture(path))
        .filter_map(|path| Some((path.clone(), folder.bytes(path)?.to_vec())))
        .collect();
    let blocks: Vec<framework::Competence> = framework
        .competences
        .iter()
        .filter(|one| one.evaluation.as_ref().is_none_or(|id| *id == evaluation.id))
        .cloned()
        .collect();
    let table = coverage::coverage(&blocks, &projects, &sources, lang);
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
        clock: manifest.ended.zip(asked.days).and_then(|(ended, days)| clock::clock(ended, days, request.as_of)),
        day: day(request.as_of, lang),
        projects: projects.iter().map(|project| (project.name.clone(), project.commit.clone())).collect(),
        say: &say,
    };
    let mut document = compose(&recipe, annexes);
    used_pictures(&mut document);
    let name = name_of(&entry.deliverable);
    let ident = format!("{}/{}/{}", manifest.title, manifest.person.name, entry.deliverable);
    let bounds = asked.pages.map(|pages| (pages.min, pages.max));
    let deliverable = entry.deliverable.clone();
    Ok(Paper { name, deliverable, document, ident, day: request.as_of, bounds })
}

/// Leaves out the pictures that no page shows: they count against the bounds of the press.
fn used_pictures(document: &mut Document) {
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
