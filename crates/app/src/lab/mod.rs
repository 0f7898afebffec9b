//! Labs: a repository with faults to repair, drawn by a seed, and a grade by the same checks and experiments as everywhere.

mod answered;
mod draw;
mod grade;
mod honest;
mod journal;
mod services;
mod statement;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use extract::git::{First, Repository, begin_with};
use facts::Oid;
use framework::Lab;
use framework::fault::Tree;
use verdict::Outcome;

use self::answered::{Answered, tree};
use self::draw::Drawn;
use self::honest::{STATEMENT, Work};
use self::journal::{Journal, Taken};
use crate::assess::Reading;
use crate::error::{AssessError, What};
use crate::library::Packs;
use crate::words::Words;
use crate::{Catalogue, Lang};

pub use grade::{Broken, FaultGrade, Grade, Ran, State, TaskGrade, Time};
pub use honest::{Caught, Trick};
pub use services::{Live, Look};

/// The first commit of a lab, whoever starts it and whenever: it must be the same for the same seed.
const FIRST: First<'static> =
    First { name: "Preuve", email: "lab@preuve.example", seconds: 1_735_725_600, message: "Start" };

/// What the verbs of labs need besides their arguments.
pub struct Room<'a> {
    pub packs: &'a Packs,
    pub catalogue: &'a Catalogue,
    /// The folder of journals, outside every candidate's repository.
    pub journals: &'a Path,
    pub lang: Lang,
    /// Seconds since 1970.
    pub now: i64,
    pub reading: Reading,
}

/// A lab that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    pub lab: String,
    pub title: String,
    pub seed: u64,
    pub folder: PathBuf,
    pub minutes: u32,
    pub points: u32,
    pub symptoms: Vec<String>,
    /// Whether services run while it is repaired.
    pub services: bool,
}

/// How a lab stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub lab: Started,
    /// Minutes until the end; negative after it.
    pub left: i64,
    pub hints: usize,
    /// What hints have cost so far, in hundredths of points.
    pub cost: u32,
    pub resets: u32,
    pub sound: bool,
}

/// A hint, and what it cost in hundredths of points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub symptom: usize,
    pub text: String,
    pub cost: u32,
}

/// Which lab is graded: what the journal says, or what the examiner says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub lab: String,
    pub seed: u64,
}

/// Runs experiments on a commit of a repository; none when there is nothing here to run them.
pub type Runs<'r> = dyn FnMut(&Path, &[String]) -> Option<BTreeMap<String, Ran>> + 'r;

impl Room<'_> {
    fn words(&self) -> Words {
        Words(self.lang)
    }

    /// The lab of that id.
    fn lab(&self, id: &str) -> Result<&Lab, AssessError> {
        let known = || self.catalogue.labs.iter().map(|lab| lab.id.to_string()).collect();
        let found = self.catalogue.lab(id);
        found.ok_or_else(|| AssessError::NoSuchId { what: What::Lab, id: id.to_owned(), known: known() })
    }

    /// The lab as the seed draws it, with its statement in a language.
    fn draw(&self, id: &str, seed: u64, lang: Lang) -> Result<Drawn<'_>, AssessError> {
        let lab = self.lab(id)?;
        let fail = |error: framework::fault::EditError| AssessError::Lab { lab: id.to_owned(), why: error.to_string() };
        let mut drawn = draw::draw(self.catalogue, lab, &crate::start::application(), seed).map_err(fail)?;
        let statement = statement::write(&drawn, Words(lang));
        drawn.broken.insert(STATEMENT.to_owned(), statement);
        Ok(drawn)
    }

    /// Makes the repository of a lab in a folder that is not there yet, or empty.
    ///
    /// # Errors
    /// When the folder holds something, or the lab cannot be made.
    pub fn start(&self, id: &str, dir: &Path, seed: u64) -> Result<Started, AssessError> {
        let drawn = self.draw(id, seed, self.lang)?;
        let folder = self.make(&drawn, dir)?;
        let mut journal = Journal::new(id, seed, self.lang, &folder, self.now);
        journal.write(self.journals)?;
        Ok(self.started(&drawn, seed, folder))
    }

    fn make(&self, drawn: &Drawn<'_>, dir: &Path) -> Result<PathBuf, AssessError> {
        crate::start::write(dir, &drawn.broken)?;
        begin_with(dir, FIRST).map_err(AssessError::Begin)?;
        std::fs::canonicalize(dir).map_err(|source| AssessError::Write { path: dir.to_owned(), source })
    }

    fn started(&self, drawn: &Drawn<'_>, seed: u64, folder: PathBuf) -> Started {
        let words = self.words();
        Started {
            lab: drawn.lab.id.to_string(),
            title: words.of(&drawn.lab.title).to_owned(),
            seed,
            folder,
            minutes: drawn.lab.minutes,
            points: drawn.lab.points,
            symptoms: drawn.faults().map(|seeded| words.of(&seeded.fault.symptom).to_owned()).collect(),
            services: drawn.lab.services.is_some(),
        }
    }

    /// The files that a lab starts from and those without its faults, for an examiner.
    ///
    /// # Errors
    /// When there is no such lab, or it cannot be made.
    pub fn key(&self, given: &Given) -> Result<(Tree, Tree), AssessError> {
        let drawn = self.draw(&given.lab, given.seed, self.lang)?;
        let mut healthy = drawn.healthy;
        healthy.extend(drawn.broken.get(STATEMENT).map(|text| (STATEMENT.to_owned(), text.clone())));
        Ok((drawn.broken, healthy))
    }

    /// How the lab of a folder stands.
    ///
    /// # Errors
    /// When none was started there.
    pub fn status(&self, dir: &Path) -> Result<Standing, AssessError> {
        let (journal, sound) = self.journal(dir)?;
        let drawn = self.draw(&journal.lab, journal.seed, journal.lang)?;
        Ok(Standing {
            left: journal.left(drawn.lab.minutes, self.now),
            hints: journal.hints.len(),
            cost: cost(&drawn) * u32::try_from(journal.hints.len()).unwrap_or(0),
            resets: journal.resets,
            sound,
            lab: self.started(&drawn, journal.seed, journal.folder),
        })
    }

    /// The next hint about a symptom, or about the first one that has not been hinted at. It is written down first.
    ///
    /// # Errors
    /// When no lab was started there, or there is no such symptom.
    pub fn hint(&self, dir: &Path, symptom: Option<usize>) -> Result<Hint, AssessError> {
        let (mut journal, _) = self.journal(dir)?;
        let drawn = self.draw(&journal.lab, journal.seed, journal.lang)?;
        let taken = |number: usize| journal.hints.iter().filter(|hint| hint.symptom == number).count();
        let count = drawn.faults().count();
        let fewest = || (1..=count).min_by_key(|number| taken(*number)).unwrap_or(1);
        let number = symptom.unwrap_or_else(fewest);
        let Some(seeded) = number.checked_sub(1).and_then(|at| drawn.faults().nth(at)) else {
            let known = (1..=count).map(|number| number.to_string()).collect();
            return Err(AssessError::NoSuchId { what: What::Symptom, id: number.to_string(), known });
        };
        // The second hint about a symptom explains the mistake; there is no third, and nothing to pay for it.
        let (text, cost) = match taken(number) {
            0 => (&seeded.fault.hint, cost(&drawn)),
            1 => (&seeded.fault.explanation, cost(&drawn)),
            _ => (&seeded.fault.explanation, 0),
        };
        let text = self.words().of(text).to_owned();
        if cost > 0 {
            journal.hints.push(Taken { symptom: number, at: self.now });
            journal.write(self.journals)?;
        }
        Ok(Hint { symptom: number, text, cost })
    }

    /// Makes the repository anew beside the one that there is, which is kept under another name. Time and hints go on.
    ///
    /// # Errors
    /// When no lab was started there, or the folder cannot be moved.
    pub fn reset(&self, dir: &Path) -> Result<PathBuf, AssessError> {
        let (mut journal, _) = self.journal(dir)?;
        let drawn = self.draw(&journal.lab, journal.seed, journal.lang)?;
        let name = journal.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let kept = (1..1_000)
            .map(|number| journal.folder.with_file_name(format!("{name}.before-{number}")))
            .find(|path| path.symlink_metadata().is_err())
            .ok_or_else(|| AssessError::NotEmpty { path: journal.folder.clone() })?;
        if journal.folder.symlink_metadata().is_ok() {
            let fail = |source| AssessError::Write { path: kept.clone(), source };
            std::fs::rename(&journal.folder, &kept).map_err(fail)?;
        }
        self.make(&drawn, &journal.folder)?;
        journal.resets += 1;
        journal.write(self.journals)?;
        Ok(kept)
    }

    /// Grades the last commit of a folder. What the examiner gives wins over the journal, which is believed about nothing
    /// but time and hints: the starting tree is made again from the seed and compared with the first commit.
    ///
    /// # Errors
    /// When there is neither a journal nor a lab given, or the repository cannot be read.
    pub fn grade(&self, dir: &Path, given: Option<&Given>, runs: &mut Runs<'_>) -> Result<Grade, AssessError> {
        let acquired = extract::git::acquire(&dir.display().to_string(), extract::git::Limits::default())?;
        let repository = &acquired.repository;
        let kept = self.kept(dir)?;
        let of_journal = kept.as_ref().map(|(journal, _)| Given { lab: journal.lab.clone(), seed: journal.seed });
        let Some(wanted) = given.cloned().or(of_journal.clone()) else {
            return Err(AssessError::NoLab { path: dir.to_owned() });
        };
        let mut caught = Vec::new();
        let of_another = of_journal.is_some_and(|of| of != wanted);
        if of_another || kept.as_ref().is_some_and(|(_, sound)| !sound) {
            caught.push(Caught { trick: Trick::JournalEdited, place: self.journals.display().to_string() });
        }
        let head = repository.resolve("HEAD")?;
        let (drawn, start) = self.beginning(repository, &head, &wanted, kept.as_ref())?;
        let Some(start) = start else {
            caught.push(Caught { trick: Trick::HistoryRewritten, place: head.short().to_owned() });
            return Ok(self.without_beginning(&drawn, &wanted, &head, caught));
        };
        let journal = kept.filter(|_| !of_another).map(|(journal, _)| journal);
        let before = Answered::of(self, repository, &start)?;
        let after = Answered::of(self, repository, &head)?;
        let ran = self.run(dir, &drawn, &after, runs);
        let live = self.live(drawn.lab.services.as_ref(), dir, &head);
        self.weigh(repository, &drawn, (&before, &after), &ran, Found { wanted, head, caught, journal, live })
    }

    /// The drawn lab in the language in which the candidate has it, and the commit that it started from.
    fn beginning(
        &self,
        repository: &Repository,
        head: &Oid,
        wanted: &Given,
        kept: Option<&(Journal, bool)>,
    ) -> Result<(Drawn<'_>, Option<Oid>), AssessError> {
        let roots = repository.roots(head)?;
        let first = kept.map_or(self.lang, |(journal, _)| journal.lang);
        let other = if first == Lang::Fr { Lang::En } else { Lang::Fr };
        // A second root would bring in work that is not the candidate's.
        if let [root] = roots.as_slice() {
            let found = tree(&repository.project(root)?);
            for lang in [first, other] {
                let drawn = self.draw(&wanted.lab, wanted.seed, lang)?;
                if found == drawn.broken {
                    return Ok((drawn, Some(root.clone())));
                }
            }
        }
        Ok((self.draw(&wanted.lab, wanted.seed, first)?, None))
    }

    /// A history that does not begin where the lab began earns nothing.
    fn without_beginning(&self, drawn: &Drawn<'_>, wanted: &Given, head: &Oid, caught: Vec<Caught>) -> Grade {
        let nothing = drawn.faults().flat_map(|seeded| &seeded.fault.noticed_by);
        let nothing: BTreeMap<String, Outcome> = nothing.map(|id| (id.to_string(), Outcome::Unknown)).collect();
        let ground = grade::Ground {
            drawn,
            seed: wanted.seed,
            commit: head.to_string(),
            after: &nothing,
            runs: &BTreeMap::new(),
            broken: Vec::new(),
            caught,
            hints: None,
            time: Time::Unknown,
            uncommitted: 0,
            live: None,
        };
        grade::grade(ground, self.words())
    }

    /// Runs what only a run can tell, where every check beside it is met.
    fn run(&self, dir: &Path, drawn: &Drawn<'_>, after: &Answered, runs: &mut Runs<'_>) -> BTreeMap<String, Ran> {
        let mut wanted: Vec<String> = Vec::new();
        for seeded in drawn.faults() {
            let standing = |id: &str| after.outcomes.get(id).is_some_and(|outcome| *outcome != Outcome::Met);
            let ids = || seeded.fault.noticed_by.iter().map(|id| &**id);
            if !ids().any(standing) {
                wanted.extend(ids().filter(|id| !after.outcomes.contains_key(*id)).map(ToOwned::to_owned));
            }
        }
        wanted.sort();
        wanted.dedup();
        if wanted.is_empty() {
            return BTreeMap::new();
        }
        runs(dir, &wanted).unwrap_or_default()
    }

    fn weigh(
        &self,
        repository: &Repository,
        drawn: &Drawn<'_>,
        (before, after): (&Answered, &Answered),
        runs: &BTreeMap<String, Ran>,
        found: Found,
    ) -> Result<Grade, AssessError> {
        let words = self.words();
        let state = |seeded: &draw::Seeded<'_>| grade::judge(seeded, &after.outcomes, runs, words).0;
        let standing: Vec<_> = drawn.faults().filter(|seeded| state(seeded) == State::Standing).collect();
        let repaired = drawn.faults().filter(|seeded| state(seeded) == State::Repaired);
        let shown = repaired.flat_map(|seeded| &seeded.fault.noticed_by);
        let shown =
            shown.filter_map(|id| Some((id.to_string(), after.supports.get(&**id)?.clone()))).collect::<Vec<_>>();
        let work = Work {
            start: &drawn.broken,
            healthy: &drawn.healthy,
            now: &after.tree,
            asserted_before: &before.assertions,
            asserted_now: &after.assertions,
        };
        let mut caught = found.caught;
        caught.extend(honest::look(&work, &standing, &shown));
        let broken = grade::fallen(&before.outcomes, &after.outcomes).into_iter().map(|id| Broken {
            check: id.to_owned(),
            question: self.packs.checks.get(id).map_or(String::new(), |check| words.of(&check.question).to_owned()),
            places: after.against.get(id).cloned().unwrap_or_default(),
        });
        let time = match &found.journal {
            None => Time::Unknown,
            Some(journal) => {
                match journal.left(drawn.lab.minutes, repository.time(&found.head)?.max(journal.started)) {
                    left if left < 0 => Time::Late(-left),
                    left => Time::Within(left),
                }
            }
        };
        let uncommitted =
            repository.work_tree().map_or(0, |dir| extract::git::uncommitted(dir, &after.read.project).files());
        let ground = grade::Ground {
            drawn,
            seed: found.wanted.seed,
            commit: found.head.to_string(),
            after: &after.outcomes,
            runs,
            broken: broken.collect(),
            caught,
            hints: found.journal.as_ref().map(|journal| journal.hints.len()),
            time,
            uncommitted,
            live: found.live,
        };
        Ok(grade::grade(ground, words))
    }

    fn kept(&self, dir: &Path) -> Result<Option<(Journal, bool)>, AssessError> {
        let Ok(folder) = std::fs::canonicalize(dir) else { return Ok(None) };
        Journal::read(self.journals, &folder)
    }

    fn journal(&self, dir: &Path) -> Result<(Journal, bool), AssessError> {
        self.kept(dir)?.ok_or_else(|| AssessError::NoLab { path: dir.to_owned() })
    }
}

/// What is known before the work is weighed.
struct Found {
    wanted: Given,
    head: Oid,
    caught: Vec<Caught>,
    journal: Option<Journal>,
    live: Option<Live>,
}

/// What a hint costs, in hundredths of points.
fn cost(drawn: &Drawn<'_>) -> u32 {
    drawn.lab.points * drawn.lab.hint
}
