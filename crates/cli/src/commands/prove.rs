//! `preuve prove`: experiments in a sandbox, from a plan to signed records.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use app::prove::{self, Clock, Fault, Folder, Journal, Preparation, ProofReport, Request, Say, Session, Signer, Trial};
use app::{Reading, Words, recording_page};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::assess::{cache, today};
use super::{ended, key};
use crate::args::{ProofFormat, ProveArgs, Runtime};
use crate::failure::{ENVIRONMENT, Failure, INPUT, REQUIREMENT_NOT_MET};
use crate::proof;
use crate::ui::Ui;

pub(crate) fn run(args: &ProveArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let preparation = prove::prepare(&request(args, ui)).map_err(|error| Failure::of(&error, ui.lang()))?;
    if args.plan {
        let plan = preparation.report();
        let json = args.format == ProofFormat::Json;
        ui.data(&if json { plan.to_json() } else { proof::plan(&plan, ui.words) })?;
        return Ok(ExitCode::SUCCESS);
    }
    // A key or a folder that cannot be had is told before an hour of work, not after it.
    args.output.as_deref().map(|dir| write(dir, &[], ui)).transpose()?;
    let signer = args.output.as_ref().map(|_| key::signer(args.key.as_deref(), ui)).transpose()?;
    let (report, sessions) = conduct(args, &preparation, ui)?;
    // What cannot be kept is told all the same: it took long to find.
    let kept = match (&args.output, &signer) {
        (Some(dir), Some(signer)) => keep(dir, &report, &sessions, signer, ui),
        _ => Ok(()),
    };
    ui.data(&told(&report, args.format, ui.words))?;
    kept?;
    Ok(if report.refuted() { ExitCode::from(REQUIREMENT_NOT_MET) } else { ExitCode::SUCCESS })
}

/// Writes everything that a proof leaves into a folder.
fn keep(dir: &Path, report: &ProofReport, sessions: &[Session], signer: &Signer, ui: &Ui) -> Result<(), Failure> {
    write(dir, &prove::records(report, signer), ui)?;
    let recording = prove::recording(sessions);
    let more = [
        ("proof.json", report.to_json()),
        ("proof.html", prove::html(report, ui.words, Some("recording.html"))),
        ("transcript.jsonl", prove::transcript(sessions)),
        ("recording.cast", recording.to_asciicast()),
        ("recording.html", recording_page(&recording, ui.words)),
    ];
    write(dir, &more.map(|(name, text)| prove::Record { name: name.into(), text }), ui)?;
    let papers = report.experiments.iter().flat_map(|one| &one.findings).flat_map(|finding| &finding.papers);
    let papers: Vec<prove::Record> =
        papers.map(|(name, text)| prove::Record { name: name.clone(), text: text.clone() }).collect();
    write(dir, &papers, ui)?;
    ui.talk(&ui.words.with("written-to", &[("path", &dir.display().to_string())]));
    Ok(())
}

fn told(report: &ProofReport, format: ProofFormat, words: Words) -> String {
    match format {
        ProofFormat::Terminal => proof::write(report, words),
        ProofFormat::Json => report.to_json(),
        ProofFormat::Html => prove::html(report, words, None),
        ProofFormat::Markdown => prove::markdown(report, words),
    }
}

fn request(args: &ProveArgs, ui: &Ui) -> Request {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Request {
        repository: args.repository.clone(),
        rev: args.rev.clone(),
        only: args.only.clone(),
        frameworks: args.frameworks.clone(),
        packs: args.packs.clone(),
        as_of: args.as_of.unwrap_or_else(today),
        lang: ui.lang(),
        seed: args.seed,
        sample: args.sample,
        reading: Reading { deep: false, cache: cache(), threads: cores },
    }
}

pub(super) fn conduct(
    args: &ProveArgs,
    preparation: &Preparation,
    ui: &Ui,
) -> Result<(ProofReport, Vec<Session>), Failure> {
    let bar = bar(preparation.trials(), ui);
    let clock = Arc::new(Watch::start());
    let cache = cache().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-config")))?;
    let lanes = args.lanes.unwrap_or_else(lanes).clamp(1, preparation.subjects().max(1));
    let sessions: Vec<Session> =
        (1..=lanes).map(|lane| open(args, lane, &clock, &cache, &bar, ui)).collect::<Result<_, _>>()?;
    let ending = (bar.clone(), ui.words.say("prove-ending"));
    let enders = sessions.iter().map(Session::ender).collect();
    let ended = ended::on_signal(enders, move || ending.0.set_message(ending.1.clone()));
    let states = cache.join("proofs");
    if args.fresh {
        preparation.digests().iter().for_each(|digest| Folder::new(&states, digest).forget());
    }
    let follower =
        Follower { bar: bar.clone(), words: ui.words, clock, budget: args.budget, ended, said: Mutex::default() };
    let journal = |id: &str, digest: &str| -> Box<dyn Journal + '_> {
        Box::new(Notes { follower: &follower, experiment: id.to_owned(), folder: Folder::new(&states, digest) })
    };
    let report = preparation.conduct_in_lanes(&sessions, &journal);
    follower.ended.hold();
    bar.finish_and_clear();
    Ok((report, sessions))
}

/// As many lanes as this machine bears.
fn lanes() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    prove::lanes_for(processors, &std::fs::read_to_string("/proc/meminfo").unwrap_or_default())
}

/// A session for each lane: what one leaves behind reaches no other.
fn open(
    args: &ProveArgs,
    lane: usize,
    clock: &Arc<Watch>,
    cache: &Path,
    bar: &ProgressBar,
    ui: &Ui,
) -> Result<Session, Failure> {
    let chance = key::chance().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-chance")))?;
    let runtime = args.runtime.map(|runtime| if runtime == Runtime::Docker { "docker" } else { "podman" });
    let mut say = |what: &str| bar.set_message(what.to_owned());
    let session = Session::open(runtime, &chance, clock.clone(), cache, &mut say).map_err(|failure| {
        let mut failure = Failure::new(ENVIRONMENT, failure);
        failure.hints.push(ui.words.say("hint-engine"));
        failure
    })?;
    Ok(if lane > 1 { session.lane(lane) } else { session })
}

fn bar(trials: usize, ui: &Ui) -> ProgressBar {
    let target = if ui.watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(trials as u64), target);
    let style = "{spinner} {bar:24} {pos}/{len} {elapsed} {wide_msg}";
    bar.set_style(ProgressStyle::with_template(style).expect("the template is valid"));
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}

/// What is common to the journals of all subjects.
struct Follower {
    bar: ProgressBar,
    words: Words,
    clock: Arc<Watch>,
    budget: u64,
    ended: ended::Ending,
    /// What was last said of each experiment that goes on now.
    said: Mutex<BTreeMap<String, String>>,
}

impl Follower {
    /// Shows what is broken now, in every lane.
    fn show(&self, experiment: &str, said: Option<String>) {
        let Ok(mut all) = self.said.lock() else { return };
        match said {
            Some(said) => drop(all.insert(experiment.to_owned(), said)),
            None => drop(all.remove(experiment)),
        }
        self.bar.set_message(all.values().map(String::as_str).collect::<Vec<_>>().join(" · "));
    }
}

/// The journal of one subject.
struct Notes<'f> {
    follower: &'f Follower,
    experiment: String,
    folder: Folder,
}

impl Drop for Notes<'_> {
    fn drop(&mut self) {
        self.follower.show(&self.experiment, None);
    }
}

impl Journal for Notes<'_> {
    fn say(&mut self, what: &Say) {
        self.follower.show(&self.experiment, Some(self.follower.words.said(what)));
    }

    fn recall(&mut self, fault: &Fault) -> Option<Trial> {
        let trial = self.folder.recall(&fault.id)?;
        self.follower.bar.inc(1);
        Some(trial)
    }

    fn keep(&mut self, trial: &Trial) {
        self.follower.ended.hold();
        self.folder.keep(trial);
        self.follower.bar.inc(1);
    }

    fn done(&mut self) {
        self.folder.forget();
    }

    fn spent(&self) -> bool {
        self.follower.clock.millis() / 1000 >= self.follower.budget
    }
}

/// The clock of a run.
pub(super) struct Watch(std::time::Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "the room that brings the clock")]
    pub(super) fn start() -> Self {
        Self(std::time::Instant::now())
    }
}

impl Clock for Watch {
    fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

fn write(dir: &Path, records: &[prove::Record], ui: &Ui) -> Result<(), Failure> {
    let fail = |path: PathBuf| {
        move |error: std::io::Error| {
            let shown = path.display().to_string();
            Failure::new(INPUT, format!("{} ({error})", ui.words.with("error-write", &[("path", &shown)])))
        }
    };
    std::fs::create_dir_all(dir).map_err(fail(dir.to_owned()))?;
    for record in records {
        let path = dir.join(&record.name);
        // Nothing that a repository names leads out of the folder.
        if path.parent() != Some(dir) || Path::new(&record.name).file_name().is_none() {
            return Err(fail(path)(std::io::ErrorKind::InvalidFilename.into()));
        }
        std::fs::write(&path, &record.text).map_err(fail(path.clone()))?;
    }
    Ok(())
}
