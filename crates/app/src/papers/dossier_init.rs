//! Begin a dossier: a folder with `dossier.yaml` and the skeleton of one paper, or of every paper; or add to one.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use dossier::{Folder, Manifest, PaperEntry, Source, lint};
use framework::fault::Tree;
use framework::{Deliverable, Evaluation, Form, Framework, Id, Lang};

use super::build::name_of;
use super::skeleton::Skeleton;
use crate::error::{AssessError, What};
use crate::library::Packs;
use crate::words::Words;

/// The table of documents of a paper that asks for one.
const TABLE: &str = "documents.csv";

/// What to begin, and where.
#[derive(Clone, Debug)]
pub struct DossierRequest {
    /// A deliverable, or the name that people give it; [`ALL`] for every paper.
    pub paper: String,
    pub dir: PathBuf,
    pub person: Option<String>,
    pub lang: Lang,
    pub packs: Vec<PathBuf>,
}

/// Every paper in one dossier.
pub const ALL: &str = "all";

/// What was begun.
#[derive(Debug)]
pub struct BegunDossier {
    pub written: Vec<PathBuf>,
    /// What a new entry of `dossier.yaml` names and was there before.
    pub kept: Vec<PathBuf>,
}

/// Writes a new dossier into a folder that is not there yet, or empty; or puts the papers that lack into the dossier
/// that the folder holds. Nothing that is there is written over, and the comments of `dossier.yaml` stay.
///
/// # Errors
/// When no framework asks for such a paper, the folder holds something else, or there is nothing to add.
pub fn begin_dossier(request: &DossierRequest) -> Result<BegunDossier, AssessError> {
    let packs = Packs::load(&request.packs)?;
    let Some(text) = text_there(&request.dir)? else {
        let begun = choose(&packs, request, None)?;
        crate::start::write(&request.dir, &tree(&packs, &begun, request))?;
        return Ok(BegunDossier { written: vec![request.dir.clone()], kept: Vec::new() });
    };
    let there = Manifest::read(dossier::PATH, &text).map_err(AssessError::Manifest)?;
    let begun = choose(&packs, request, there.framework.as_deref())?;
    add(&packs, &begun, &there, &text, request)
}

/// The `dossier.yaml` of a folder; a link is none.
fn text_there(dir: &Path) -> Result<Option<String>, AssessError> {
    let path = dir.join(dossier::PATH);
    if !path.symlink_metadata().is_ok_and(|data| data.is_file() && data.len() <= dossier::source::LARGEST as u64) {
        return Ok(None);
    }
    std::fs::read_to_string(path).map(Some).map_err(|source| AssessError::Dossier { path: dir.to_owned(), source })
}

/// A paper to begin, and the talk that goes with it.
struct Begun<'a> {
    framework: &'a Framework,
    evaluation: &'a Evaluation,
    written: &'a Deliverable,
    talk: Option<&'a Deliverable>,
}

impl<'a> Begun<'a> {
    fn skeleton(&self, lang: Lang) -> Skeleton<'a> {
        let Self { framework, evaluation, written, talk } = *self;
        Skeleton { framework, evaluation, written, talk, words: Words(lang) }
    }

    /// What `dossier.yaml` says of the paper and of its talk.
    fn entries(&self, lang: Lang) -> Vec<PaperEntry> {
        let source = vec![format!("{}.md", name_of(&self.written.id))];
        let table = self.skeleton(lang).table().map(|_| TABLE.to_owned());
        let entry = |id: &Id, documents| {
            let (deliverable, source) = (id.to_string(), source.clone());
            PaperEntry { deliverable, source, title: None, documents }
        };
        let talk = self.talk.map(|talk| entry(&talk.id, None));
        std::iter::once(entry(&self.written.id, table)).chain(talk).collect()
    }

    /// The files of the paper.
    fn files(&self, packs: &Packs, lang: Lang) -> Tree {
        let skeleton = self.skeleton(lang);
        let source = format!("{}.md", name_of(&self.written.id));
        let text = corrected(packs, &skeleton.text(), &source, self, lang);
        let table = skeleton.table().map(|table| (TABLE.to_owned(), table));
        std::iter::once((source, text)).chain(table).collect()
    }
}

fn choose<'a>(packs: &'a Packs, request: &DossierRequest, wanted: Option<&str>) -> Result<Vec<Begun<'a>>, AssessError> {
    let mut known = Vec::new();
    let mut begun = Vec::new();
    // The framework of the dossier speaks first.
    let mut frameworks: Vec<&Framework> = packs.frameworks.iter().collect();
    frameworks.sort_by_key(|one| wanted.is_some_and(|id| one.id() != id));
    for framework in frameworks {
        for evaluation in &framework.evaluations {
            let own = &evaluation.deliverables;
            let talk = own.iter().find(|one| one.form == Form::Oral);
            for written in own.iter().filter(|one| one.pages.is_some()) {
                let names: Vec<String> = std::iter::once(written).chain(talk).map(|one| name_of(&one.id)).collect();
                let is = |one: &Deliverable| *one.id == *request.paper || name_of(&one.id) == request.paper;
                if request.paper == ALL || is(written) || talk.is_some_and(is) {
                    begun.push(Begun { framework, evaluation, written, talk });
                }
                known.extend(names);
            }
        }
    }
    known.push(ALL.to_owned());
    if begun.is_empty() {
        return Err(AssessError::NoSuchId { what: What::Paper, id: request.paper.clone(), known });
    }
    // The same deliverable of two packs is the first one's, as when it is built.
    let mut seen = BTreeSet::new();
    begun.retain(|one| seen.insert(one.written.id.to_string()));
    Ok(begun)
}

fn tree(packs: &Packs, begun: &[Begun<'_>], request: &DossierRequest) -> Tree {
    let mut files: Tree = begun.iter().flat_map(|one| one.files(packs, request.lang)).collect();
    files.insert(dossier::PATH.to_owned(), manifest(begun, request));
    files
}

/// Puts into a dossier the papers that it lacks; a talk whose paper is there is held on that paper's text.
fn add(
    packs: &Packs,
    begun: &[Begun<'_>],
    there: &Manifest,
    text: &str,
    request: &DossierRequest,
) -> Result<BegunDossier, AssessError> {
    let (dir, lang, path) = (&request.dir, there.language, request.dir.join(dossier::PATH));
    let (mut files, mut entries) = (Tree::new(), Vec::new());
    for one in begun {
        let written = there.papers.iter().find(|entry| entry.deliverable == *one.written.id);
        let lacks = |entry: &PaperEntry| there.papers.iter().all(|known| known.deliverable != entry.deliverable);
        let source = written.map(|entry| &entry.source);
        entries.extend(one.entries(lang).into_iter().filter(lacks).map(|mut entry| {
            entry.source = source.unwrap_or(&entry.source).clone();
            entry
        }));
        if written.is_none() {
            files.extend(one.files(packs, lang));
        }
    }
    if entries.is_empty() {
        return Err(AssessError::PaperThere { path, paper: request.paper.clone() });
    }
    let of_several = there.framework.as_deref().is_some_and(|id| begun.iter().any(|one| one.framework.id() != id));
    let Some(with) = dossier::entries::with_papers(text, &entries, of_several) else {
        return Err(AssessError::DossierEdit { path, lines: dossier::entries::lines(&entries, "  ") });
    };
    let mut done = BegunDossier { written: Vec::new(), kept: Vec::new() };
    for (name, text) in files {
        let file = dir.join(name);
        // Created anew or not at all.
        match std::fs::File::create_new(&file).and_then(|mut open| open.write_all(text.as_bytes())) {
            Ok(()) => done.written.push(file),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => done.kept.push(file),
            Err(source) => return Err(AssessError::Write { path: file, source }),
        }
    }
    crate::lint::write(&path, with.as_bytes())?;
    done.written.push(path);
    Ok(done)
}

fn manifest(begun: &[Begun<'_>], request: &DossierRequest) -> String {
    let words = Words(request.lang);
    let quoted = |text: &str| serde_json::to_string(text).expect("a text is JSON");
    let waits = |id: &str| format!("{} {}", super::skeleton::mark(request.lang), words.say(id));
    let person = request.person.clone().unwrap_or_else(|| waits("dossier-person"));
    let mut yaml = format!("title: {}\nlanguage: {}\n", quoted(&waits("dossier-title")), request.lang.code());
    let frameworks: BTreeSet<&str> = begun.iter().map(|one| one.framework.id()).collect();
    if let [framework] = frameworks.iter().collect::<Vec<_>>().as_slice() {
        let _ = writeln!(yaml, "framework: {framework}");
    }
    let entries: Vec<PaperEntry> = begun.iter().flat_map(|one| one.entries(request.lang)).collect();
    let _ = writeln!(yaml, "person: {{ name: {} }}", quoted(&person));
    let _ = writeln!(yaml, "# {}\n# ended: 2026-06-26", words.say("dossier-ended"));
    let _ = write!(yaml, "papers:\n{}", dossier::entries::lines(&entries, "  "));
    let _ = writeln!(yaml, "# {}\n# reports:", words.say("dossier-reports"));
    let _ = writeln!(yaml, "#   - path: project.md\n#     repository: ../project\n#     commit: HEAD");
    let _ = writeln!(yaml, "# {}\n# words: [Keycloak]", words.say("dossier-words"));
    let _ = writeln!(yaml, "# {}\n# acronyms: {{ CI: … }}", words.say("dossier-acronyms"));
    yaml
}

/// The text as `dossier check --fix` would leave it: what is official wording is not always set as print is.
fn corrected(packs: &Packs, text: &str, path: &str, begun: &Begun<'_>, lang: Lang) -> String {
    let vocabulary = lint::Vocabulary::of(lang, &packs.frameworks);
    let folder = Folder::default();
    let mut text = text.to_owned();
    for deliverable in std::iter::once(begun.written).chain(begun.talk) {
        let asked = lint::Asked { deliverable: Some(deliverable), ..lint::Asked::of(lang, &folder, &vocabulary) };
        let found = lint::check(&[Source::parse(path, &text)], &asked);
        text = lint::apply(&text, &found).text;
    }
    text
}
