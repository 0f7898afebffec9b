//! Begin a dossier: a folder with `dossier.yaml` and the skeleton of one paper, or of every paper.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use dossier::{Folder, Source, lint};
use framework::fault::Tree;
use framework::{Deliverable, Evaluation, Form, Framework, Lang};

use super::build::name_of;
use super::skeleton::Skeleton;
use crate::error::{AssessError, What};
use crate::library::Packs;
use crate::words::Words;

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

/// Writes a new dossier into a folder that is not there yet, or empty.
///
/// # Errors
/// When no framework asks for such a paper, or the folder holds something.
pub fn begin_dossier(request: &DossierRequest) -> Result<(), AssessError> {
    let packs = Packs::load(&request.packs)?;
    let begun = choose(&packs, request)?;
    crate::start::write(&request.dir, &tree(&packs, &begun, request))
}

/// A paper to begin, and the talk that goes with it.
struct Begun<'a> {
    framework: &'a Framework,
    evaluation: &'a Evaluation,
    written: &'a Deliverable,
    talk: Option<&'a Deliverable>,
}

fn choose<'a>(packs: &'a Packs, request: &DossierRequest) -> Result<Vec<Begun<'a>>, AssessError> {
    let mut known = Vec::new();
    let mut begun = Vec::new();
    for framework in &packs.frameworks {
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
        return Err(AssessError::NoSuchId { what: What::Any, id: request.paper.clone(), known });
    }
    // The same deliverable of two packs is the first one's, as when it is built.
    let mut seen = BTreeSet::new();
    begun.retain(|one| seen.insert(one.written.id.to_string()));
    Ok(begun)
}

fn tree(packs: &Packs, begun: &[Begun<'_>], request: &DossierRequest) -> Tree {
    let words = Words(request.lang);
    let mut files = Tree::new();
    let mut entries = String::new();
    for one in begun {
        let name = name_of(&one.written.id);
        let source = format!("{name}.md");
        let _ = writeln!(entries, "  - deliverable: {}\n    source: [{source}]", one.written.id);
        let skeleton = Skeleton {
            framework: one.framework,
            evaluation: one.evaluation,
            written: one.written,
            talk: one.talk,
            words,
        };
        if let Some(table) = skeleton.table() {
            entries.push_str("    documents: documents.csv\n");
            files.insert("documents.csv".to_owned(), table);
        }
        if let Some(talk) = one.talk {
            let _ = writeln!(entries, "  - deliverable: {}\n    source: [{source}]", talk.id);
        }
        let text = corrected(packs, &skeleton.text(), &source, one, request.lang);
        files.insert(source, text);
    }
    files.insert(dossier::PATH.to_owned(), manifest(begun, &entries, request));
    files
}

fn manifest(begun: &[Begun<'_>], entries: &str, request: &DossierRequest) -> String {
    let words = Words(request.lang);
    let quoted = |text: &str| serde_json::to_string(text).expect("a text is JSON");
    let waits = |id: &str| format!("{} {}", super::skeleton::mark(request.lang), words.say(id));
    let person = request.person.clone().unwrap_or_else(|| waits("dossier-person"));
    let mut yaml = format!("title: {}\nlanguage: {}\n", quoted(&waits("dossier-title")), request.lang.code());
    let frameworks: BTreeSet<&str> = begun.iter().map(|one| one.framework.id()).collect();
    if let [framework] = frameworks.iter().collect::<Vec<_>>().as_slice() {
        let _ = writeln!(yaml, "framework: {framework}");
    }
    let _ = writeln!(yaml, "person: {{ name: {} }}", quoted(&person));
    let _ = writeln!(yaml, "# {}\n# ended: 2026-06-26", words.say("dossier-ended"));
    let _ = write!(yaml, "papers:\n{entries}");
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
        let asked = lint::Asked {
            lang,
            deliverable: Some(deliverable),
            folder: &folder,
            vocabulary: &vocabulary,
            pages: None,
            measures: &[],
            missing: &[],
            documents: None,
        };
        let found = lint::check(&[Source::parse(path, &text)], &asked);
        text = lint::apply(&text, &found).text;
    }
    text
}
