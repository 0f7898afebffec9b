//! What a candidate does in a session: a project that is frozen, papers, an oral; and what runs found.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::act::bounded;
use crate::paper::receipt;
use crate::project::{commit, digest, url};
use crate::{
    Act, Built, Change, CriterionId, Enrolment, Event, Finding, HandIn, PaperId, PersonId, Project, ProofFile, Refusal,
    Run, Session, SessionState, Sheet, Slot, Stage, Timer, Version, oral,
};

/// How many signed records one enrolment keeps.
const MOST_PROOFS: usize = 400;
/// How many recordings.
const MOST_RECORDINGS: usize = 20;
/// How many files are built of one hand-in.
const MOST_BUILT: usize = 200;

impl Enrolment {
    /// # Errors
    /// When the URL is none, or the project is frozen.
    pub fn name_project(&mut self, repository: &str, act: Act) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting, Stage::Enrolled])?;
        let url = url(repository)?;
        self.project = Some(Project { url: url.clone(), commit: None, frozen: None });
        Ok(self.event(act, Change::ProjectNamed { url }))
    }

    /// Hands the project in: from now on this commit is judged and no other.
    ///
    /// # Errors
    /// After the deadline, without a project, when it is frozen already, or a commit that is not named in full.
    pub fn hand_in(&mut self, session: &Session, at_commit: &str, act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        self.accepts_work(session)?;
        if let Some(Project { commit: Some(frozen), .. }) = &self.project {
            return Err(Refusal::ProjectFrozen { commit: frozen.clone() });
        }
        self.is_one_of(&[Stage::Enrolled])?;
        let deadline = self.deadline(session.calendar.hand_in);
        if act.at > deadline {
            return Err(Refusal::DeadlinePassed { deadline });
        }
        let commit = commit(at_commit)?;
        let project = self.project.as_mut().ok_or(Refusal::NoProject {})?;
        project.commit = Some(commit.clone());
        project.frozen = Some(act.at);
        let change = Change::ProjectFrozen { url: project.url.clone(), commit };
        self.stage = Stage::HandedIn;
        Ok(self.event(act, change))
    }

    /// Records what a program found. Before the hand-in any commit may be looked at; after it, only the frozen one.
    ///
    /// # Errors
    /// When it is about another commit.
    pub fn record_run(&mut self, run: Run, act: Act) -> Result<Event, Refusal> {
        digest(&run.digest)?;
        let of = commit(&run.commit)?;
        let project = self.project.as_ref().ok_or(Refusal::NoProject {})?;
        if project.commit.as_ref().is_some_and(|frozen| *frozen != of) {
            return Err(Refusal::RunOfOtherCommit { commit: of });
        }
        let change = Change::RunRecorded { run: run.id.clone(), run_kind: run.kind, digest: run.digest.clone() };
        self.runs.push(run);
        Ok(self.event(act, change))
    }

    /// Keeps signed records of runs that were believed. The same file twice is one.
    ///
    /// # Errors
    /// Before the hand-in, after the decision, or when there are too many.
    pub fn file_proofs(&mut self, session: &Session, files: Vec<ProofFile>, act: Act) -> Result<Event, Refusal> {
        self.takes_files(session)?;
        let digests = keep(&mut self.proofs, files, MOST_PROOFS)?;
        Ok(self.event(act, Change::ProofsFiled { digests }))
    }

    /// Keeps recordings for the jury to replay. The same file twice is one.
    ///
    /// # Errors
    /// As [`Enrolment::file_proofs`].
    pub fn file_recordings(&mut self, session: &Session, files: Vec<ProofFile>, act: Act) -> Result<Event, Refusal> {
        self.takes_files(session)?;
        let digests = keep(&mut self.recordings, files, MOST_RECORDINGS)?;
        Ok(self.event(act, Change::RecordingsFiled { digests }))
    }

    /// Keeps what was built for the jury, in place of what was built before.
    ///
    /// # Errors
    /// When nobody judges them any more or yet, or it was built from another commit.
    pub fn record_built(&mut self, session: &Session, built: Built, act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        self.is_one_of(&[Stage::HandedIn])?;
        let frozen = self.project.as_ref().and_then(|project| project.commit.as_ref());
        if frozen != Some(&built.commit) {
            return Err(Refusal::RunOfOtherCommit { commit: built.commit });
        }
        if built.files.len() > MOST_BUILT {
            return Err(Refusal::TooManyFiles { most: MOST_BUILT });
        }
        for file in &built.files {
            digest(&file.digest)?;
            bounded(&file.file_name)?;
        }
        let digests = built.files.iter().map(|file| file.digest.clone()).collect();
        self.built = Some(built);
        Ok(self.event(act, Change::FilesBuilt { digests }))
    }

    /// What was prepared for the jury: of each criterion the latest finding at the frozen commit.
    pub fn prepared(&self) -> BTreeMap<CriterionId, Finding> {
        let mut found: BTreeMap<CriterionId, Finding> = BTreeMap::new();
        let Some(frozen) = self.project.as_ref().and_then(|project| project.commit.as_ref()) else { return found };
        let mut runs: Vec<&Run> = self.runs.iter().filter(|run| run.commit == *frozen).collect();
        runs.sort_by_key(|run| run.finished);
        for run in runs {
            found.extend(run.findings.iter().map(|(id, finding)| (id.clone(), finding.clone())));
        }
        found
    }

    /// Takes a paper before its deadline and gives the receipt, which is in the hand-in that was added last.
    ///
    /// # Errors
    /// When the title asks for no such paper, it is too large, or too late.
    pub fn hand_in_paper(
        &mut self,
        session: &Session,
        version: &Version,
        paper: (&PaperId, &str),
        file: (&str, u64),
        act: Act,
    ) -> Result<Event, Refusal> {
        self.of(session)?;
        self.is_one_of(&[Stage::Enrolled, Stage::HandedIn])?;
        self.accepts_work(session)?;
        let ((id, file_name), (file_digest, size)) = (paper, file);
        let rule = version.paper(id).ok_or_else(|| Refusal::PaperUnknown { paper: id.clone() })?;
        digest(file_digest)?;
        bounded(file_name)?;
        if size > rule.largest {
            return Err(Refusal::PaperTooLarge { most: rule.largest });
        }
        let deadline = self.deadline(rule.deadline(&session.calendar));
        if act.at > deadline {
            return Err(Refusal::DeadlinePassed { deadline });
        }
        let receipt = receipt(&self.id, id, file_digest, act.at);
        let change =
            Change::PaperHandedIn { paper: id.clone(), digest: file_digest.to_owned(), receipt: receipt.clone() };
        self.papers.push(HandIn {
            paper: id.clone(),
            digest: file_digest.to_owned(),
            size,
            file_name: file_name.to_owned(),
            at: act.at,
            receipt,
        });
        Ok(self.event(act, change))
    }

    /// The latest run, whatever commit it looked at. Of two that ended in one moment, the one recorded later counts.
    pub fn last_run(&self) -> Option<&Run> {
        self.runs.iter().max_by_key(|run| run.finished)
    }

    /// The latest run at the frozen commit: the one whose evidence a jury reads.
    pub fn run_to_judge(&self) -> Option<&Run> {
        let frozen = self.project.as_ref()?.commit.as_ref()?;
        self.runs.iter().filter(|run| run.commit == *frozen).max_by_key(|run| run.finished)
    }

    /// The paper that counts: the last one handed in.
    pub fn paper(&self, id: &PaperId) -> Option<&HandIn> {
        self.papers.iter().rev().find(|hand_in| hand_in.paper == *id)
    }

    /// Gives a slot for the oral, as long as their plan lasts.
    ///
    /// # Errors
    /// When the title has no oral, or the slot does not fit.
    pub fn set_oral(
        &mut self,
        session: &Session,
        version: &Version,
        starts: Timestamp,
        room: &str,
        all: &[Enrolment],
        act: Act,
    ) -> Result<Event, Refusal> {
        self.of(session)?;
        self.is_one_of(&[Stage::Enrolled, Stage::HandedIn])?;
        bounded(room)?;
        let plan = version.oral.as_ref().ok_or(Refusal::NoOral {})?;
        let ends = starts.checked_add(plan.lasts(self.extra_percent())).map_err(|_| Refusal::SlotOutside {})?;
        let slot = Slot { starts, ends, room: room.to_owned() };
        oral::fit(session, &self.id, &slot, all)?;
        self.oral = Some(slot);
        Ok(self.event(act, Change::OralSet { starts }))
    }

    /// Gives another slot for an oral that was set, for a reason. `busy` is when jurors sit elsewhere.
    ///
    /// # Errors
    /// When the oral was heard or marked, the slot is past or does not fit, or the jury cannot sit then.
    pub fn move_oral(
        &mut self,
        (session, version): (&Session, &Version),
        (starts, room): (Timestamp, &str),
        (all, sheets): (&[Enrolment], &[Sheet]),
        busy: &[(PersonId, Slot)],
        act: Act,
    ) -> Result<Event, Refusal> {
        act.reason()?;
        let before = self.oral.clone().ok_or_else(|| Refusal::SlotMissing { enrolment: self.id.clone() })?;
        self.accepts_work(session)?;
        let marked = sheets.iter().any(|sheet| sheet.enrolment == self.id && sheet.submitted.is_some());
        if marked || self.timer != Timer::default() {
            return Err(Refusal::OralHeard {});
        }
        if starts <= act.at {
            return Err(Refusal::SlotPast {});
        }
        if (before.starts, &*before.room) == (starts, room) {
            return Err(Refusal::SlotSame {});
        }
        // Whoever is missing is seen to first: another day is of no use to a jury that cannot sit.
        if session.jury.jurors.iter().any(|juror| juror.absent) {
            session.jury.may_sit(&version.jury)?;
            session.jury.may_judge(&version.jury, &self.person)?;
        }
        let mut moved = self.clone();
        moved.set_oral(session, version, starts, room, all, act.clone())?;
        let slot = moved.oral.clone().unwrap_or_else(|| before.clone());
        let bench = session.jury.bench(&self.person);
        let meets = |(juror, other): &&(PersonId, Slot)| {
            bench.iter().any(|sitting| sitting.person == *juror) && slot.meets(other)
        };
        if let Some((juror, _)) = busy.iter().find(meets) {
            return Err(Refusal::JurorBusy { juror: juror.clone() });
        }
        *self = moved;
        Ok(self.event(act, Change::OralMoved { from: before.starts, starts }))
    }

    /// What goes with a project that is handed in, until the deliberation.
    fn takes_files(&self, session: &Session) -> Result<(), Refusal> {
        self.of(session)?;
        self.is_one_of(&[Stage::HandedIn])?;
        self.accepts_work(session)
    }

    fn accepts_work(&self, session: &Session) -> Result<(), Refusal> {
        if matches!(session.state, SessionState::Open | SessionState::Closed) {
            Ok(())
        } else {
            Err(Refusal::SessionOver { state: session.state })
        }
    }
}

/// Adds files that are not there yet, and gives their digests.
fn keep(kept: &mut Vec<ProofFile>, files: Vec<ProofFile>, most: usize) -> Result<Vec<String>, Refusal> {
    let mut digests = Vec::new();
    for file in files {
        digest(&file.digest)?;
        bounded(&file.file_name)?;
        if !kept.iter().any(|known| known.digest == file.digest) {
            digests.push(file.digest.clone());
            kept.push(file);
        }
    }
    if kept.len() > most { Err(Refusal::TooManyFiles { most }) } else { Ok(digests) }
}
