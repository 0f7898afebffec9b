//! Begin a dossier: a folder with `dossier.yaml` and the skeleton of a paper.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use dossier::report::placeholder::TO_WRITE;
use framework::fault::Tree;
use framework::{Framework, Lang};

use super::build::name_of;
use crate::error::{AssessError, What};
use crate::library::Packs;
use crate::words::Words;

/// What to begin, and where.
#[derive(Clone, Debug)]
pub struct DossierRequest {
    /// A deliverable, or the name that people give it.
    pub paper: String,
    pub dir: PathBuf,
    pub person: Option<String>,
    pub lang: Lang,
    pub packs: Vec<PathBuf>,
}

/// Writes a new dossier into a folder that is not there yet, or empty.
///
/// # Errors
/// When no framework asks for such a paper, or the folder holds something.
pub fn begin_dossier(request: &DossierRequest) -> Result<(), AssessError> {
    let packs = Packs::load(&request.packs)?;
    let tree = tree(&packs, request)?;
    crate::start::write(&request.dir, &tree)
}

fn tree(packs: &Packs, request: &DossierRequest) -> Result<Tree, AssessError> {
    let mut known = Vec::new();
    for framework in &packs.frameworks {
        for evaluation in &framework.evaluations {
            for deliverable in evaluation.deliverables.iter().filter(|one| one.pages.is_some()) {
                let name = name_of(&deliverable.id);
                if name == request.paper || *deliverable.id == *request.paper {
                    return Ok(files(framework, evaluation, deliverable, &name, request));
                }
                known.push(name);
            }
        }
    }
    Err(AssessError::NoSuchId { what: What::Any, id: request.paper.clone(), known })
}

fn files(
    framework: &Framework,
    evaluation: &framework::Evaluation,
    deliverable: &framework::Deliverable,
    name: &str,
    request: &DossierRequest,
) -> Tree {
    let words = Words(request.lang);
    let kind = words.say(&format!("paper-kind-{}", deliverable.id.to_string().to_lowercase().replace('.', "-")));
    let person = request.person.clone().unwrap_or_else(|| words.say("dossier-person"));
    let quoted = |text: &str| serde_json::to_string(text).expect("a text is JSON");
    let mut yaml = String::new();
    let _ = writeln!(yaml, "title: {}\nlanguage: {}", quoted(&kind), request.lang.code());
    let _ = writeln!(yaml, "framework: {}\nperson: {{ name: {} }}", framework.id(), quoted(&person));
    let _ = writeln!(yaml, "# {}\n# ended: 2026-06-26", words.say("dossier-ended"));
    let _ = writeln!(yaml, "papers:\n  - deliverable: {}\n    source: [{name}.md]", deliverable.id);
    let _ = writeln!(yaml, "# {}\n# reports:", words.say("dossier-reports"));
    let _ = writeln!(yaml, "#   - path: project.md\n#     repository: ../project\n#     commit: HEAD");
    let _ = writeln!(yaml, "# {}\n# acronyms: {{ CI: … }}", words.say("dossier-acronyms"));
    let text = text(framework, evaluation, deliverable, &kind, words);
    Tree::from([(dossier::PATH.to_owned(), yaml), (Path::new(name).with_extension("md").display().to_string(), text)])
}

/// The parts that the deliverable asks for; without any, the blocks that its evaluation judges and their items.
fn text(
    framework: &Framework,
    evaluation: &framework::Evaluation,
    deliverable: &framework::Deliverable,
    kind: &str,
    words: Words,
) -> String {
    let mark = match words.0 {
        Lang::Fr => TO_WRITE[0],
        Lang::En => TO_WRITE[1],
    };
    let trimmed = |text: &str| text.trim_end_matches([',', ' ', ':', '.']).to_owned();
    let mut out = format!("# {kind}\n");
    for part in &deliverable.parts {
        let title = trimmed(part.title.get(words.0));
        let (heading, hint) = title.split_once(" : ").or_else(|| title.split_once(": ")).unwrap_or((&title, &title));
        let heading = heading.rsplit_once(" sur ").map_or(heading, |(_, what)| what);
        let heading = heading.trim_start_matches("une ").trim_start_matches("an ").trim_start_matches("a ");
        let mut letters = heading.chars();
        let heading: String =
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
        let _ = write!(out, "\n## {heading}\n\n> {mark} {hint}.\n");
    }
    if deliverable.parts.is_empty() {
        for block in framework.competences.iter().filter(|one| one.evaluation.as_ref() == Some(&evaluation.id)) {
            let _ = write!(out, "\n## {}\n", block.title.get(words.0));
            for item in &block.indicators {
                let _ = write!(out, "\n### {}\n\n> {mark} {}\n", item.title.get(words.0), words.say("dossier-item"));
            }
        }
    }
    out
}
