//! What a jury is given of a hand-in: one file for the candidate, and their papers where those are text.
//!
//! All of it is a stranger's: the repository is fetched within bounds and read at one commit, a dossier rests on nothing else
//! whatever it says, and papers that cannot be set keep no jury from the rest.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use dossier::papers::model::{Block, Part, Run};
use dossier::{File, Folder, Manifest, PaperEntry};
use extract::Project;
use extract::git::{Acquired, acquire_within};
use framework::Lang;
use jiff::civil::Date;

use super::build::BuildRequest;
use super::jury;
use super::repositories::{Judged, Repositories};
use super::workshop::Workshop;
use crate::assess::Reading;
use crate::console::looking::{Looked, Means, Phase};
use crate::error::AssessError;
use crate::library::Packs;
use crate::lint::{DOSSIER_FILES, DOSSIER_TOGETHER};
use crate::words::Words;

/// Where a repository keeps the dossier that comes with it.
const FOLDERS: [&str; 2] = ["", "dossier/"];
/// What papers are made of; nothing else of a repository is.
const KINDS: [&str; 8] = ["md", "markdown", "png", "jpg", "jpeg", "svg", "csv", "yaml"];

/// A hand-in as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HandedIn {
    pub person: String,
    pub lang: Lang,
    /// What the person is a candidate for.
    pub title: String,
    pub framework: String,
    pub url: String,
    pub papers: Vec<HandedPaper>,
    pub as_of: Date,
}

/// A paper that was handed in by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HandedPaper {
    pub deliverable: String,
    pub file_name: String,
    pub day: Date,
    pub digest: String,
    /// Its text, when it is one; a PDF goes to the jury as it is.
    pub text: Option<Vec<u8>>,
}

/// A file that was built: its name and its bytes.
pub(crate) type BuiltFile = (String, Vec<u8>);

/// Builds the file for the jury, and the papers that are text; the file for the jury comes first.
///
/// A repository that cannot be fetched any more is told in the file: what was found in it is kept with the run.
///
/// # Errors
/// When nobody wants it any more, or the file for the jury cannot be set.
pub(crate) fn build_handed_in(
    packs: &Packs,
    (handed, looked): (&HandedIn, Looked),
    means: &Means,
    told: &dyn Fn(Phase),
) -> Result<Vec<BuiltFile>, AssessError> {
    told(Phase::Fetching);
    let fetched = fetch(&handed.url, &looked.commit, means);
    let fetched = match fetched {
        // Nobody waits for it any more: nothing else is tried.
        Err(error) if means.stop.load(Ordering::Relaxed) => return Err(error),
        fetched => fetched,
    };
    let lost = fetched.as_ref().err().map(|error| error.told(handed.lang).message);
    let judged = Judged { address: handed.url.clone(), fetched: fetched.ok(), looked };
    told(Phase::Reading);
    let request = BuildRequest {
        folder: PathBuf::new(),
        papers: Vec::new(),
        packs: Vec::new(),
        as_of: handed.as_of,
        reading: Reading { deep: false, cache: None, threads: means.threads },
        belief: None,
        reports: Vec::new(),
        cohort: None,
    };
    let Found { folder, manifest, mut notes } = found(handed, &judged);
    notes.extend(lost.map(|why| Words(handed.lang).with("jury-not-fetched", &[("why", &why)])));
    let set = |manifest: &Manifest, notes: &[String]| {
        let mut workshop = Workshop::new(&request, packs, Repositories::Judged(&judged), (&folder, manifest));
        files(&mut workshop, (handed, notes), told)
    };
    match set(&manifest, &notes) {
        Err(error) if !manifest.papers.is_empty() => {
            notes.push(error.told(handed.lang).message);
            set(&Manifest { papers: Vec::new(), reports: Vec::new(), ..manifest }, &notes)
        }
        done => done,
    }
}

fn fetch(url: &str, commit: &str, means: &Means) -> Result<(Acquired, Project), AssessError> {
    let acquired = acquire_within(url, means.limits, &means.reach, &means.stop)?;
    let commit = acquired.repository.resolve(commit)?;
    let project = acquired.repository.project(&commit)?;
    Ok((acquired, project))
}

/// Composes and sets everything.
fn files(
    workshop: &mut Workshop<'_>,
    (handed, notes): (&HandedIn, &[String]),
    told: &dyn Fn(Phase),
) -> Result<Vec<BuiltFile>, AssessError> {
    let mut jury = jury::file(workshop)?;
    let annex = arrived(handed, notes, Words(workshop.manifest.language));
    let parts = &mut jury.document.parts;
    let first = parts.iter().position(|part| part.annex).unwrap_or(parts.len());
    parts.insert(first, annex);
    told(Phase::Building);
    let mut all = vec![jury];
    all.extend(workshop.written()?);
    all.iter().map(|paper| Ok((format!("{}.pdf", paper.name), paper.print()?.pdf()?))).collect()
}

/// What was handed in beside the project, and what of it is not in this file.
fn arrived(handed: &HandedIn, notes: &[String], words: Words) -> Part {
    let head = ["jury-paper", "jury-handed", "jury-digest"].map(|id| words.say(id));
    let mut blocks: Vec<Block> = notes.iter().map(Block::para).collect();
    let rows = handed.papers.iter().map(|paper| {
        let day = dossier::papers::day(paper.day, words.0);
        let name = vec![Run::strong(&paper.deliverable), Run::text(" "), Run::code(&paper.file_name)];
        vec![name, vec![Run::text(day)], vec![Run::code(&paper.digest)]]
    });
    if handed.papers.is_empty() {
        blocks.push(Block::para(words.say("jury-nothing-handed")));
    } else {
        blocks.push(Block::table(&head, rows.collect(), &[36, 16, 48]));
    }
    let title = vec![Run::text(words.say("jury-arrived"))];
    Part { id: "jury-arrived".to_owned(), title, annex: true, page: true, blocks, ..Part::default() }
}

/// A dossier, and what a jury should know of how it was found.
struct Found {
    folder: Folder,
    manifest: Manifest,
    notes: Vec<String>,
}

/// The dossier that the repository holds, with what was handed in as text in place of what it says there.
fn found(handed: &HandedIn, judged: &Judged) -> Found {
    let words = Words(handed.lang);
    let mut notes = Vec::new();
    let there = judged.project().and_then(|project| {
        FOLDERS.into_iter().find_map(|prefix| {
            let file = project.file(&format!("{prefix}{}", dossier::PATH))?;
            let text = file.bytes().unwrap_or_default();
            Some((project, prefix, Manifest::read(&file.path, &String::from_utf8_lossy(&text))))
        })
    });
    let (mut folder, mut manifest) = match there {
        Some((project, prefix, Ok(mut manifest))) => {
            let folder = folder(project, prefix);
            for lost in judged.adopt(&mut manifest, &folder, Some(prefix)) {
                notes.push(words.with("jury-report-elsewhere", &[("report", &lost)]));
            }
            (folder, manifest)
        }
        Some((.., Err(problem))) => {
            notes.push(words.with("jury-dossier-unread", &[("why", &problem.to_string())]));
            (Folder::default(), blank(handed))
        }
        None => (Folder::default(), blank(handed)),
    };
    // Whose file it is, and by which rules it is judged, is known here and not asked of its author.
    manifest.person.name.clone_from(&handed.person);
    manifest.framework = Some(handed.framework.clone());
    for paper in &handed.papers {
        let Some(text) = &paper.text else { continue };
        let path = format!("handed-in/{}.md", paper.deliverable);
        folder.files.insert(path.clone(), File::Bytes(text.clone()));
        let known = manifest.papers.iter_mut().find(|entry| entry.deliverable == paper.deliverable);
        match known {
            Some(entry) => entry.source = vec![path],
            None => manifest.papers.push(PaperEntry {
                deliverable: paper.deliverable.clone(),
                source: vec![path],
                title: None,
                documents: None,
            }),
        }
    }
    Found { folder, manifest, notes }
}

fn blank(handed: &HandedIn) -> Manifest {
    Manifest {
        title: handed.title.clone(),
        language: handed.lang,
        person: dossier::Person { name: handed.person.clone(), email: None, organisation: None },
        framework: Some(handed.framework.clone()),
        ended: None,
        papers: Vec::new(),
        reports: Vec::new(),
        subject: Vec::new(),
        words: Vec::new(),
        acronyms: std::collections::BTreeMap::new(),
    }
}

/// The files of a dossier in a project, within the bounds of a folder on disk.
fn folder(project: &Project, prefix: &str) -> Folder {
    let mut folder = Folder::default();
    let mut together = 0;
    let own = project.below(prefix.trim_end_matches('/')).filter(|file| KINDS.contains(&&*file.extension()));
    for file in own.take(DOSSIER_FILES) {
        let fits = together + file.size <= DOSSIER_TOGETHER;
        let bytes = if fits { file.bytes() } else { None };
        together += bytes.as_ref().map_or(0, |_| file.size);
        let path = file.path.strip_prefix(prefix).unwrap_or(&file.path).to_owned();
        folder.files.insert(path, bytes.map_or(File::TooLarge(file.size), File::Bytes));
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::looking::Looked;

    const URL: &str = "https://git.example/class/fares";

    fn judged() -> Judged {
        let looked = Looked::empty("job", URL, &"a".repeat(40), Date::constant(2026, 1, 1));
        Judged { address: format!("{URL}.git"), fetched: None, looked }
    }

    #[test]
    fn a_dossier_leads_to_the_project_that_was_handed_in_and_to_no_other() {
        let text = format!(
            "title: T\nlanguage: en\nperson: {{ name: N }}\nreports:\n  - {{ path: own.md }}\n  - {{ path: gone.md }}\n  \
             - {{ path: r.md, repository: {URL}/ }}\n  - {{ path: own.md, repository: /srv/secret }}\n  \
             - {{ path: own.md, repository: ../../other }}\n  - {{ path: own.md, repository: \"http://169.254.169.254/\" }}\n"
        );
        let mut manifest = Manifest::read(dossier::PATH, &text).unwrap();
        let mut folder = Folder::default();
        folder.files.insert("own.md".to_owned(), File::Bytes(Vec::new()));
        let lost = judged().adopt(&mut manifest, &folder, Some("dossier/"));
        // The tree is not there, so the project's own report is not either; what is named elsewhere is opened nowhere.
        assert_eq!(manifest.reports.iter().map(|entry| &*entry.path).collect::<Vec<_>>(), ["own.md"]);
        assert!(manifest.reports.iter().all(|entry| entry.repository.is_none()));
        assert_eq!(lost.len(), 5, "{lost:?}");
    }

    #[test]
    fn whose_file_it_is_is_not_asked_of_its_author() {
        let handed = HandedIn {
            person: "Ada".to_owned(),
            lang: Lang::En,
            title: "T".to_owned(),
            framework: "rs-devops".to_owned(),
            url: URL.to_owned(),
            papers: vec![HandedPaper {
                deliverable: "E1.r1".to_owned(),
                file_name: "e1.md".to_owned(),
                day: Date::constant(2026, 1, 2),
                digest: "d".repeat(64),
                text: Some(b"# E1".to_vec()),
            }],
            as_of: Date::constant(2026, 1, 2),
        };
        let Found { folder, manifest, notes } = found(&handed, &judged());
        assert_eq!((&*manifest.person.name, manifest.framework.as_deref()), ("Ada", Some("rs-devops")));
        assert_eq!(folder.bytes(&manifest.papers[0].source[0]), Some(&b"# E1"[..]));
        assert!(notes.is_empty());
    }
}
