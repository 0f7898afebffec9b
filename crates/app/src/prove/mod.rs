//! Prove: experiments on one commit, from a plan that can be read first to records that can be signed.

mod correction;
mod lanes;
mod page;
mod records;
mod report;
mod session;
mod state;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use ::prove::declared::Declared;
use ::prove::tree::{Content, File, Tree};
use ::prove::{Bench, Ground, Planned, Planning, Sketch};
use extract::{Mode, Project};
use facts::{Facts, Oid};
use framework::{Framework, Text};
use jiff::civil::Date;

use crate::assess::read;
use crate::error::AssessError;
use crate::library::Packs;
use crate::{Lang, Reading};

pub use ::prove::attest::{Envelope, PublicKey, Signer};
pub use ::prove::protocol::{Fault, FaultKind, Journal, Silent};
pub use ::prove::{Finding, Notice, Outcome, Say, Trial};
pub use lanes::{Journals, lanes_for};
pub use page::html;
pub use records::{Record, records};
pub use report::{ExperimentReport, PlanReport, PlannedSubject, ProofReport, markdown};
pub use sandbox::Clock;
pub use session::{Ender, Session, recording, transcript};
pub use state::Folder;

/// What draws a sample of faults, and how many it holds, where nobody says otherwise.
pub const SEED: u64 = 1;
pub const SAMPLE: usize = 6;

/// What to prove, and how.
#[derive(Clone, Debug)]
pub struct Request {
    pub repository: String,
    pub rev: String,
    /// Only these: `C2`, `c2.run-pipeline` or an indicator's id; all when empty.
    pub only: Vec<String>,
    pub frameworks: Vec<String>,
    pub packs: Vec<std::path::PathBuf>,
    pub as_of: Date,
    pub lang: Lang,
    pub seed: u64,
    /// The most faults that a sample holds.
    pub sample: usize,
    pub reading: Reading,
}

/// A commit that was read and planned.
pub struct Preparation {
    /// What it is called where it was read from.
    pub repository: String,
    pub commit: Oid,
    pub as_of: Date,
    pub lang: Lang,
    pub seed: u64,
    tree: Tree,
    experiments: Vec<Prepared>,
}

/// An experiment that a framework names, planned on the commit.
struct Prepared {
    id: String,
    title: Text,
    /// The indicators that it supports: framework, its version, indicator.
    supports: Vec<(String, String, String)>,
    plan: Result<Vec<Box<dyn Planned>>, Say>,
}

/// Files beyond this are left out of the sandbox, and the tree as a whole stays below the second.
const FILE_BYTES: u64 = 64 << 20;
const TREE_BYTES: u64 = 512 << 20;

/// Reads the commit and plans every experiment that was asked for.
///
/// # Errors
/// When the repository, a pack or `preuve.yaml` cannot be read, or nothing that was asked for exists.
pub fn prepare(request: &Request) -> Result<Preparation, AssessError> {
    let packs = Packs::load(&request.packs)?;
    let frameworks = packs.choose(&request.frameworks, None)?;
    let wanted = wanted(&packs, &frameworks, &request.only)?;
    let acquired = extract::git::acquire(&request.repository, extract::git::Limits::default())?;
    prepare_on(&acquired.repository, &wanted, request)
}

/// The same for a stranger's address, which is reached within bounds.
///
/// # Errors
/// As [`prepare`], and when the repository may not be reached.
pub fn prepare_within(
    packs: &Packs,
    request: &Request,
    (limits, reach, stop): (extract::git::Limits, &extract::git::Reach, &Arc<AtomicBool>),
) -> Result<Preparation, AssessError> {
    let frameworks = packs.choose(&request.frameworks, None)?;
    let wanted = wanted(packs, &frameworks, &request.only)?;
    let acquired = extract::git::acquire_within(&request.repository, limits, reach, stop)?;
    prepare_on(&acquired.repository, &wanted, request)
}

fn prepare_on(
    repository: &extract::git::Repository,
    wanted: &[Wanted],
    request: &Request,
) -> Result<Preparation, AssessError> {
    let assessed = read(repository, &request.rev, &request.reading)?;
    let declared = correction::read(&assessed.project)?;
    let tree = tree(&assessed.project);
    let experiments = plan(wanted, &assessed.facts, &declared, &tree, request);
    Ok(Preparation {
        repository: name(&request.repository),
        commit: assessed.commit,
        as_of: request.as_of,
        lang: request.lang,
        seed: request.seed,
        tree,
        experiments,
    })
}

/// The name of its folder, or the last part of an address, as `git clone` names a folder by it.
fn name(address: &str) -> String {
    let folder = std::path::Path::new(address).canonicalize().ok();
    let folder = folder.as_deref().and_then(std::path::Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let last = || address.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or(address).to_owned();
    let name = folder.unwrap_or_else(last);
    name.trim_end_matches(".git").trim_end_matches(".bundle").to_owned()
}

/// An experiment with the indicators that it supports.
struct Wanted {
    id: String,
    title: Text,
    supports: Vec<(String, String, String)>,
}

fn wanted(packs: &Packs, frameworks: &[&Framework], only: &[String]) -> Result<Vec<Wanted>, AssessError> {
    let mut found = Vec::new();
    for experiment in &packs.experiments {
        let supports: Vec<(String, String, String)> = frameworks
            .iter()
            .flat_map(|framework| {
                let naming =
                    framework.indicators().filter(move |(_, indicator)| indicator.experiments.contains(&experiment.id));
                naming.map(move |(_, indicator)| {
                    (framework.id().to_owned(), framework.header.version.clone(), indicator.id.to_string())
                })
            })
            .collect();
        if !supports.is_empty() {
            found.push(Wanted { id: experiment.id.to_string(), title: experiment.title.clone(), supports });
        }
    }
    let names = |wanted: &Wanted, name: &str| {
        let family = wanted.id.split('.').next().unwrap_or_default();
        wanted.id == name
            || family.eq_ignore_ascii_case(name)
            || wanted.supports.iter().any(|(_, _, indicator)| indicator.eq_ignore_ascii_case(name))
    };
    if let Some(unknown) = only.iter().find(|name| !found.iter().any(|wanted| names(wanted, name))) {
        let known = found.iter().map(|wanted| wanted.id.clone()).collect();
        return Err(AssessError::NoSuchId { what: crate::What::Experiment, id: unknown.clone(), known });
    }
    found.retain(|wanted| only.is_empty() || only.iter().any(|name| names(wanted, name)));
    Ok(found)
}

fn plan(wanted: &[Wanted], facts: &Facts, declared: &Declared, tree: &Tree, request: &Request) -> Vec<Prepared> {
    let ground = Ground { facts, declared, tree, seed: request.seed, sample: request.sample };
    let one = |wanted: &Wanted| {
        let plan = match ::prove::by_id(&wanted.id).map(|experiment| experiment.plan(&ground)) {
            None => Err(Say::Sentence { say: "not-this-version".into(), with: BTreeMap::new() }),
            Some(Planning::NotProvable(because)) => Err(because),
            Some(Planning::Planned(subjects)) => Ok(subjects),
        };
        Prepared { id: wanted.id.clone(), title: wanted.title.clone(), supports: wanted.supports.clone(), plan }
    };
    wanted.iter().map(one).collect()
}

/// The files of the commit, links as links; what is too large is left out.
pub(crate) fn tree(project: &Project) -> Tree {
    let mut files = BTreeMap::new();
    let mut total = 0;
    for file in project.all_files() {
        let small = file.size <= FILE_BYTES && total + file.size <= TREE_BYTES;
        let Some(bytes) = file.whole().filter(|_| small) else { continue };
        total += file.size;
        let content = match file.mode {
            Mode::File | Mode::Executable => Content::Bytes { bytes, executable: file.mode == Mode::Executable },
            Mode::Symlink => Content::Link(String::from_utf8_lossy(&bytes).into_owned()),
            Mode::Submodule => continue,
        };
        files.insert(file.path.to_string(), File { content, own: file.class.own() && file.is_regular() });
    }
    Tree::new(project.commit.as_str(), files)
}

impl Preparation {
    /// How many trials the whole plan has, for a progress bar.
    pub fn trials(&self) -> usize {
        let subjects = self.experiments.iter().filter_map(|prepared| prepared.plan.as_ref().ok()).flatten();
        subjects.map(|subject| subject.faults().len()).sum()
    }

    /// What would be run.
    pub fn report(&self) -> PlanReport {
        report::plan(self)
    }

    /// The digests of all plans, which name their kept trials.
    pub fn digests(&self) -> Vec<String> {
        let all = self.experiments.iter().flat_map(|prepared| {
            let subjects = prepared.plan.as_ref().ok().into_iter().flatten();
            subjects.map(|planned| digest(&prepared.id, &self.commit, self.seed, &**planned))
        });
        all.collect()
    }

    /// Runs everything. `journal` makes the journal of one subject from the digest of its plan.
    pub fn conduct<'j>(
        &self,
        session: &Session,
        journal: &mut dyn FnMut(&str, &str) -> Box<dyn Journal + 'j>,
    ) -> ProofReport {
        session.with_bench(&self.tree, |bench| self.all(bench, journal))
    }

    fn all<'j>(&self, bench: &Bench<'_>, journal: &mut dyn FnMut(&str, &str) -> Box<dyn Journal + 'j>) -> ProofReport {
        let mut found = BTreeMap::new();
        for (experiment, prepared) in self.experiments.iter().enumerate() {
            for (subject, planned) in prepared.plan.iter().flatten().enumerate() {
                let digest = digest(&prepared.id, &self.commit, self.seed, &**planned);
                let mut journal = journal(&prepared.id, &digest);
                let finding = ::prove::run(&prepared.id, &**planned, bench, &mut *journal);
                found.insert((experiment, subject), (finding, digest));
            }
        }
        self.told(found)
    }

    /// The report on what was found, by the numbers of experiments and subjects.
    fn told(&self, mut found: BTreeMap<(usize, usize), (Finding, String)>) -> ProofReport {
        let experiments = self.experiments.iter().enumerate().map(|(number, prepared)| {
            let findings = match &prepared.plan {
                Err(because) => vec![(Finding::not_provable(&prepared.id, "", because.clone()), String::new())],
                Ok(subjects) => (0..subjects.len()).filter_map(|subject| found.remove(&(number, subject))).collect(),
            };
            report::experiment(self.lang, prepared, findings)
        });
        report::proof(self, experiments.collect())
    }
}

/// Names a plan: the same commands, faults and commit give the same digest.
fn digest(id: &str, commit: &Oid, seed: u64, planned: &dyn Planned) -> String {
    let Sketch { subject, runs, skipped, stand_ins } = planned.sketch();
    let faults: Vec<(String, Say)> = planned.faults().into_iter().map(|fault| (fault.id, fault.change)).collect();
    let all = serde_json::json!([
        env!("CARGO_PKG_VERSION"),
        id,
        commit.as_str(),
        seed,
        subject,
        runs,
        skipped,
        stand_ins,
        faults
    ]);
    ::prove::attest::digest(all.to_string().as_bytes())
}
