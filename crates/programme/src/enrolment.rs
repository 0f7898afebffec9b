//! One person in one session: from the application to the published result.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::named::named;
use crate::paper::receipt;
use crate::project::{commit, digest, url};
use crate::session::seats_taken;
use crate::{
    Act, Change, CriterionId, Decision, DocumentId, EnrolmentId, Event, Finding, HandIn, Lang, PaperId, Person,
    PersonId, Project, Refusal, Run, Session, SessionId, SessionState, Slot, Subject, Timer, Title, Version,
    first_waiting, oral,
};

named! {
    pub enum Stage {
        /// Asked for a seat; documents may be missing.
        Applied = "applied",
        Waiting = "waiting",
        Enrolled = "enrolled",
        HandedIn = "handed-in",
        Decided = "decided",
        Published = "published",
        Withdrawn = "withdrawn",
        Ineligible = "ineligible",
        /// Taken out without fault of theirs. They did not fail, and may come again.
        Cancelled = "cancelled",
        /// Taken out for fraud that was found.
        Excluded = "excluded",
    }
}

impl Stage {
    pub fn has_seat(self) -> bool {
        matches!(self, Stage::Enrolled | Stage::HandedIn | Stage::Decided | Stage::Published)
    }

    /// Whether the session owes them a decision.
    pub fn is_judged(self) -> bool {
        self.has_seat()
    }

    pub fn is_over(self) -> bool {
        matches!(self, Stage::Withdrawn | Stage::Ineligible | Stage::Cancelled | Stage::Excluded)
    }
}

named! {
    pub enum DocumentState { Filed = "filed", Accepted = "accepted", Rejected = "rejected" }
}

/// A document that shows a prerequisite. A person looks at it; no program decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub id: DocumentId,
    /// Which prerequisite of the title's version it shows.
    pub kind: String,
    pub digest: String,
    pub file_name: String,
    pub state: DocumentState,
    #[serde(default)]
    pub decided_by: Option<PersonId>,
}

named! {
    pub enum AdjustmentState { Asked = "asked", Granted = "granted", Refused = "refused" }
}

/// What makes an examination fair for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Need {
    /// More time in the oral, as a share of it.
    ExtraTime {
        percent: u32,
    },
    /// Later deadlines.
    ExtraDays {
        days: u32,
    },
    Language {
        lang: Lang,
    },
    AccessiblePapers,
    Other {
        what: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    pub need: Need,
    pub state: AdjustmentState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    pub id: EnrolmentId,
    pub session: SessionId,
    pub person: PersonId,
    /// The version of the title that was in force when they applied; it stays.
    pub version: u32,
    pub stage: Stage,
    pub applied: Timestamp,
    #[serde(default)]
    pub documents: Vec<Document>,
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
    #[serde(default)]
    pub project: Option<Project>,
    #[serde(default)]
    pub runs: Vec<Run>,
    #[serde(default)]
    pub papers: Vec<HandIn>,
    #[serde(default)]
    pub oral: Option<Slot>,
    #[serde(default)]
    pub timer: Timer,
    #[serde(default)]
    pub decision: Option<Decision>,
    #[serde(default)]
    pub published: Option<Timestamp>,
    /// A report of fraud waits for its answer.
    #[serde(default)]
    pub fraud_open: bool,
    #[serde(default)]
    pub cancelled_from: Option<Stage>,
}

const MOST_EXTRA_PERCENT: u32 = 100;
const MOST_EXTRA_DAYS: u32 = 90;

impl Enrolment {
    /// Asks for a seat. Binds to the version of the title that is in force on that day.
    ///
    /// # Errors
    /// When the session takes nobody, or the person applied to it already.
    pub fn apply(
        id: EnrolmentId,
        session: &Session,
        title: &Title,
        person: &Person,
        others: &[Enrolment],
        act: Act,
    ) -> Result<(Enrolment, Event), Refusal> {
        session.is(SessionState::Open)?;
        if title.id != session.title {
            return Err(Refusal::WrongTitle {});
        }
        let again = |one: &&Enrolment| one.session == session.id && one.person == person.id && !one.stage.is_over();
        if let Some(already) = others.iter().find(again) {
            return Err(Refusal::AlreadyEnrolled { enrolment: already.id.clone() });
        }
        let version = title.in_force(act.at.to_zoned(jiff::tz::TimeZone::UTC).date())?.number;
        let enrolment = Enrolment {
            id,
            session: session.id.clone(),
            person: person.id.clone(),
            version,
            stage: Stage::Applied,
            applied: act.at,
            documents: Vec::new(),
            adjustments: Vec::new(),
            project: None,
            runs: Vec::new(),
            papers: Vec::new(),
            oral: None,
            timer: Timer::default(),
            decision: None,
            published: None,
            fraud_open: false,
            cancelled_from: None,
        };
        let event = enrolment.event(act, Change::Applied { session: session.id.clone(), version });
        Ok((enrolment, event))
    }

    /// # Errors
    /// When the file has no digest, or the application is over.
    pub fn file_document(
        &mut self,
        id: DocumentId,
        kind: &str,
        file: (&str, &str),
        act: Act,
    ) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting])?;
        let (file_name, file_digest) = file;
        digest(file_digest)?;
        bounded(kind)?;
        bounded(file_name)?;
        let change = Change::DocumentFiled { document: id.clone(), digest: file_digest.to_owned() };
        self.documents.push(Document {
            id,
            kind: kind.to_owned(),
            digest: file_digest.to_owned(),
            file_name: file_name.to_owned(),
            state: DocumentState::Filed,
            decided_by: None,
        });
        Ok(self.event(act, change))
    }

    /// A person looked at a document. Rejecting it needs a reason.
    ///
    /// # Errors
    /// When a program decides, or the candidate, or somebody decided already.
    pub fn decide_document(&mut self, id: &DocumentId, accepted: bool, act: Act) -> Result<Event, Refusal> {
        let by = act.person()?.clone();
        if by == self.person {
            return Err(Refusal::SelfCheck {});
        }
        if !accepted {
            act.reason()?;
        }
        let unknown = || Refusal::DocumentUnknown { document: id.clone() };
        let document = self.documents.iter_mut().find(|document| document.id == *id).ok_or_else(unknown)?;
        if document.state != DocumentState::Filed {
            return Err(Refusal::DocumentChecked { document: id.clone() });
        }
        document.state = if accepted { DocumentState::Accepted } else { DocumentState::Rejected };
        document.decided_by = Some(by);
        Ok(self.event(act, Change::DocumentDecided { document: id.clone(), accepted }))
    }

    /// The prerequisites that no accepted document shows.
    pub fn missing_documents<'a>(&self, version: &'a Version) -> Vec<&'a str> {
        let shown = |kind: &&String| {
            self.documents.iter().any(|one| one.kind == **kind && one.state == DocumentState::Accepted)
        };
        version.prerequisites.iter().filter(|kind| !shown(kind)).map(String::as_str).collect()
    }

    /// Gives a seat to somebody who is eligible, in the order of waiting.
    ///
    /// # Errors
    /// When a document is missing, no seat is free, or somebody has waited longer.
    pub fn admit(&mut self, session: &Session, title: &Title, all: &[Enrolment], act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Open)?;
        self.is_one_of(&[Stage::Applied, Stage::Waiting])?;
        self.eligible(title)?;
        if full(session, all) {
            return Err(Refusal::SessionFull { capacity: session.capacity });
        }
        let before = match first_waiting(all) {
            Some(first) if *first == self.id => 0,
            Some(_) if self.stage == Stage::Applied => {
                all.iter().filter(|one| one.stage == Stage::Waiting && one.id != self.id).count()
            }
            Some(_) => {
                let earlier = |one: &&Enrolment| (one.applied, &one.id) < (self.applied, &self.id);
                all.iter().filter(|one| one.stage == Stage::Waiting).filter(earlier).count()
            }
            None => 0,
        };
        if before > 0 {
            return Err(Refusal::OthersWait { before });
        }
        self.stage = Stage::Enrolled;
        Ok(self.event(act, Change::Admitted {}))
    }

    /// Puts somebody eligible on the waiting list of a full session.
    ///
    /// # Errors
    /// When there is a seat and nobody else waits.
    pub fn wait(&mut self, session: &Session, title: &Title, all: &[Enrolment], act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Open)?;
        self.is_one_of(&[Stage::Applied])?;
        self.eligible(title)?;
        if !full(session, all) && first_waiting(all).is_none() {
            return Err(Refusal::SeatFree {});
        }
        self.stage = Stage::Waiting;
        Ok(self.event(act, Change::PutOnWaitingList {}))
    }

    /// Somebody is not eligible, for a reason that they will read.
    ///
    /// # Errors
    /// Without a reason, by a program, or once they have a seat.
    pub fn refuse(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting])?;
        act.person()?;
        act.reason()?;
        self.stage = Stage::Ineligible;
        Ok(self.event(act, Change::Refused {}))
    }

    /// They go of their own will, before the decision.
    ///
    /// # Errors
    /// Once it is decided.
    pub fn withdraw(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting, Stage::Enrolled, Stage::HandedIn])?;
        self.stage = Stage::Withdrawn;
        Ok(self.event(act, Change::Withdrawn {}))
    }

    /// Takes somebody out without fault of theirs: no result, and no failure.
    ///
    /// # Errors
    /// Without a reason, or after publication.
    pub fn cancel(&mut self, act: Act) -> Result<Event, Refusal> {
        act.reason()?;
        if self.stage.is_over() || self.stage == Stage::Published {
            return Err(Refusal::EnrolmentOver { stage: self.stage });
        }
        self.cancelled_from = Some(self.stage);
        let from = std::mem::replace(&mut self.stage, Stage::Cancelled);
        Ok(self.event(act, Change::Cancelled { from }))
    }

    /// Takes a cancellation back, as long as the session is not published and has a seat.
    ///
    /// # Errors
    /// When it is not cancelled, too late, or the seat is taken.
    pub fn uncancel(&mut self, session: &Session, all: &[Enrolment], act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        self.is_one_of(&[Stage::Cancelled])?;
        act.reason()?;
        if matches!(session.state, SessionState::Published | SessionState::Archived | SessionState::Cancelled) {
            return Err(Refusal::SessionOver { state: session.state });
        }
        let to = self.cancelled_from.unwrap_or(Stage::Applied);
        if to.has_seat() && full(session, all) {
            return Err(Refusal::SessionFull { capacity: session.capacity });
        }
        self.cancelled_from = None;
        self.stage = to;
        Ok(self.event(act, Change::Uncancelled { to }))
    }

    /// Asks for an adjustment.
    ///
    /// # Errors
    /// When it is more than anybody grants, or the examination is over.
    pub fn ask_adjustment(&mut self, need: Need, act: Act) -> Result<Event, Refusal> {
        self.is_one_of(&[Stage::Applied, Stage::Waiting, Stage::Enrolled, Stage::HandedIn])?;
        match &need {
            Need::ExtraTime { percent } if *percent > MOST_EXTRA_PERCENT => {
                return Err(Refusal::ExtraTimeOutside { most: MOST_EXTRA_PERCENT });
            }
            Need::ExtraDays { days } if *days > MOST_EXTRA_DAYS => {
                return Err(Refusal::ExtraTimeOutside { most: MOST_EXTRA_DAYS });
            }
            Need::Other { what } => bounded(what)?,
            _ => {}
        }
        self.adjustments.push(Adjustment { need, state: AdjustmentState::Asked });
        Ok(self.event(act, Change::AdjustmentAsked {}))
    }

    /// # Errors
    /// When there is none, it was decided, the candidate decides, or it is refused without a reason.
    pub fn decide_adjustment(&mut self, nth: usize, granted: bool, act: Act) -> Result<Event, Refusal> {
        if *act.person()? == self.person {
            return Err(Refusal::SelfCheck {});
        }
        if !granted {
            act.reason()?;
        }
        let adjustment = self.adjustments.get_mut(nth).ok_or(Refusal::AdjustmentUnknown {})?;
        if adjustment.state != AdjustmentState::Asked {
            return Err(Refusal::AdjustmentDecided {});
        }
        adjustment.state = if granted { AdjustmentState::Granted } else { AdjustmentState::Refused };
        Ok(self.event(act, Change::AdjustmentDecided { granted }))
    }

    fn granted(&self) -> impl Iterator<Item = &Need> {
        self.adjustments.iter().filter(|one| one.state == AdjustmentState::Granted).map(|one| &one.need)
    }

    /// How much longer their oral is.
    pub fn extra_percent(&self) -> u32 {
        self.granted()
            .filter_map(|need| if let Need::ExtraTime { percent } = need { Some(*percent) } else { None })
            .max()
            .unwrap_or(0)
    }

    /// A deadline as it holds for them.
    pub fn deadline(&self, of_all: Timestamp) -> Timestamp {
        let days = self
            .granted()
            .filter_map(|need| if let Need::ExtraDays { days } = need { Some(*days) } else { None })
            .max();
        let hours = i64::from(days.unwrap_or(0)) * 24;
        of_all.checked_add(hours.hours()).unwrap_or(of_all)
    }

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

    /// What was prepared for the jury: of each criterion the latest finding at the frozen commit.
    pub fn prepared(&self) -> BTreeMap<CriterionId, Finding> {
        let mut found: BTreeMap<CriterionId, Finding> = BTreeMap::new();
        let Some(frozen) = self.project.as_ref().and_then(|project| project.commit.as_ref()) else { return found };
        let mut runs: Vec<&Run> = self.runs.iter().filter(|run| run.commit == *frozen).collect();
        runs.sort_by_key(|run| (run.finished, &run.id));
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

    /// Takes the jury's decision.
    ///
    /// # Errors
    /// When it is decided already, nothing was handed in, or a paper that is required is missing.
    pub fn decide(
        &mut self,
        session: &Session,
        version: &Version,
        decision: Decision,
        act: Act,
    ) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Deliberating)?;
        if self.stage == Stage::Decided {
            return Err(Refusal::DecisionTaken {});
        }
        self.is_one_of(&[Stage::HandedIn])?;
        if decision.enrolment != self.id || decision.version != self.version {
            return Err(Refusal::WrongEnrolment {});
        }
        if let Some(missing) = version.papers.iter().find(|paper| paper.required && self.paper(&paper.id).is_none()) {
            return Err(Refusal::PaperMissing { paper: missing.id.clone() });
        }
        let change = Change::Decided { passed: decision.grade.passed, basis_points: decision.grade.basis_points };
        self.decision = Some(decision);
        self.stage = Stage::Decided;
        Ok(self.event(act, change))
    }

    /// The candidate may see the result from now on.
    ///
    /// # Errors
    /// Before the session is published.
    pub fn publish(&mut self, session: &Session, act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Published)?;
        self.is_one_of(&[Stage::Decided])?;
        self.stage = Stage::Published;
        self.published = Some(act.at);
        Ok(self.event(act, Change::ResultPublished {}))
    }

    /// Takes a published result back, after the session was.
    ///
    /// # Errors
    /// When the session is still published, or without a reason.
    pub fn unpublish(&mut self, session: &Session, act: Act) -> Result<Event, Refusal> {
        self.of(session)?;
        session.is(SessionState::Deliberating)?;
        self.is_one_of(&[Stage::Published])?;
        act.reason()?;
        self.stage = Stage::Decided;
        self.published = None;
        Ok(self.event(act, Change::ResultWithdrawn {}))
    }

    fn eligible(&self, title: &Title) -> Result<(), Refusal> {
        let version = title.version(self.version)?;
        match self.missing_documents(version).first() {
            Some(kind) => Err(Refusal::DocumentMissing { kind: (*kind).to_owned() }),
            None => Ok(()),
        }
    }

    fn accepts_work(&self, session: &Session) -> Result<(), Refusal> {
        if matches!(session.state, SessionState::Open | SessionState::Closed) {
            Ok(())
        } else {
            Err(Refusal::SessionOver { state: session.state })
        }
    }

    pub(crate) fn of(&self, session: &Session) -> Result<(), Refusal> {
        if self.session == session.id { Ok(()) } else { Err(Refusal::WrongSession {}) }
    }

    pub(crate) fn is_one_of(&self, stages: &[Stage]) -> Result<(), Refusal> {
        if stages.contains(&self.stage) {
            return Ok(());
        }
        if self.stage.is_over() {
            return Err(Refusal::EnrolmentOver { stage: self.stage });
        }
        Err(Refusal::StageIs { stage: self.stage, needed: stages[stages.len() - 1] })
    }

    pub(crate) fn event(&self, act: Act, change: Change) -> Event {
        Event::new(Subject::Enrolment(self.id.clone()), act, change)
    }
}

fn full(session: &Session, all: &[Enrolment]) -> bool {
    seats_taken(all) >= usize::try_from(session.capacity).unwrap_or(usize::MAX)
}
