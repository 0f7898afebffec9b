//! A session of examination, from draft to archive, and who has a seat in it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::people::named_well;
use crate::{
    Act, Calendar, Change, CohortId, Enrolment, EnrolmentId, Event, Jury, OrganisationId, PersonId, Refusal, SessionId,
    Stage, Subject, Title, TitleId,
};

/// People who learn together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    pub id: CohortId,
    pub organisation: OrganisationId,
    pub name: String,
    pub starts: Date,
    pub ends: Date,
    pub coaches: Vec<PersonId>,
}

impl Cohort {
    /// # Errors
    /// When it has no name or ends before it begins.
    pub fn create(cohort: Cohort, act: Act) -> Result<(Cohort, Event), Refusal> {
        named_well(&cohort.name)?;
        if cohort.ends < cohort.starts {
            return Err(Refusal::CalendarDisordered { field: "ends" });
        }
        let event = Event::new(Subject::Cohort(cohort.id.clone()), act, Change::CohortCreated {});
        Ok((cohort, event))
    }

    pub fn set_coaches(&mut self, coaches: Vec<PersonId>, act: Act) -> Event {
        self.coaches = coaches;
        Event::new(Subject::Cohort(self.id.clone()), act, Change::CohortChanged {})
    }
}

named! {
    pub enum SessionState {
        Draft = "draft",
        Open = "open",
        Closed = "closed",
        Deliberating = "deliberating",
        Published = "published",
        Archived = "archived",
        /// It does not take place. Nobody failed by it.
        Cancelled = "cancelled",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub title: TitleId,
    /// Who holds it: the certifier or a body that it accredited.
    pub organisation: OrganisationId,
    pub cohort: Option<CohortId>,
    pub name: String,
    pub state: SessionState,
    pub capacity: u32,
    pub calendar: Calendar,
    pub jury: Jury,
    /// Where it was when it was cancelled.
    #[serde(default)]
    pub cancelled_from: Option<SessionState>,
}

/// How many seats a session has when nobody says.
pub const DEFAULT_CAPACITY: u32 = 20;

impl Session {
    /// # Errors
    /// When name, capacity or calendar do not fit.
    pub fn draft(
        id: SessionId,
        title: &Title,
        organisation: OrganisationId,
        name: &str,
        calendar: Calendar,
        act: Act,
    ) -> Result<(Session, Event), Refusal> {
        named_well(name)?;
        calendar.check()?;
        let session = Session {
            id,
            title: title.id.clone(),
            organisation,
            cohort: None,
            name: name.trim().to_owned(),
            state: SessionState::Draft,
            capacity: DEFAULT_CAPACITY,
            calendar,
            jury: Jury::default(),
            cancelled_from: None,
        };
        let event = session.event(act, Change::SessionDrafted { title: title.id.clone() });
        Ok((session, event))
    }

    /// Sets seats, dates and cohort, as long as nothing was decided on them.
    ///
    /// # Errors
    /// When the session is closed, or the numbers contradict themselves or those who are enrolled.
    pub fn plan(
        &mut self,
        capacity: u32,
        calendar: Calendar,
        cohort: Option<CohortId>,
        enrolments: &[Enrolment],
        act: Act,
    ) -> Result<Event, Refusal> {
        if !matches!(self.state, SessionState::Draft | SessionState::Open) {
            return Err(Refusal::SessionOver { state: self.state });
        }
        if capacity == 0 {
            return Err(Refusal::CapacityZero {});
        }
        let enrolled = seats_taken(enrolments);
        if usize::try_from(capacity).unwrap_or(usize::MAX) < enrolled {
            return Err(Refusal::CapacityBelowEnrolled { enrolled });
        }
        calendar.check()?;
        (self.capacity, self.calendar, self.cohort) = (capacity, calendar, cohort);
        Ok(self.event(act, Change::SessionPlanned {}))
    }

    /// draft → open: people may apply. The title must have rules by then.
    ///
    /// # Errors
    /// When it is no draft, or no version of the title is in force on the day it opens.
    pub fn open(&mut self, title: &Title, act: Act) -> Result<Event, Refusal> {
        self.is(SessionState::Draft)?;
        if title.id != self.title {
            return Err(Refusal::WrongTitle {});
        }
        title.in_force(self.calendar.opens)?;
        Ok(self.go(SessionState::Open, act))
    }

    /// open → closed: nobody enrols any more; hand-ins, orals and scores go on.
    ///
    /// # Errors
    /// When it is not open.
    pub fn close(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is(SessionState::Open)?;
        Ok(self.go(SessionState::Closed, act))
    }

    /// closed → deliberating, with a jury that may sit. Ties that arose after the jury was appointed are found by
    /// [`Session::check_conflicts`], which is asked first.
    ///
    /// # Errors
    /// When the jury does not satisfy the rules of every version that candidates are bound to.
    pub fn deliberate(&mut self, title: &Title, enrolments: &[Enrolment], act: Act) -> Result<Event, Refusal> {
        self.is(SessionState::Closed)?;
        self.holds(enrolments)?;
        let sitting: Vec<&Enrolment> = enrolments.iter().filter(|one| one.stage.is_judged()).collect();
        if sitting.is_empty() {
            return Err(Refusal::NobodyEnrolled {});
        }
        for enrolment in sitting {
            self.jury.may_sit(&title.version(enrolment.version)?.jury)?;
        }
        Ok(self.go(SessionState::Deliberating, act))
    }

    /// deliberating → published: everybody who was judged is decided, and no fraud report is open.
    ///
    /// # Errors
    /// With the first who is undecided.
    pub fn publish(&mut self, enrolments: &[Enrolment], act: Act) -> Result<Event, Refusal> {
        self.is(SessionState::Deliberating)?;
        self.holds(enrolments)?;
        let open: Vec<&Enrolment> =
            enrolments.iter().filter(|one| one.stage.is_judged() && one.stage != Stage::Decided).collect();
        if let Some(first) = open.first() {
            return Err(Refusal::Undecided { enrolment: first.id.clone(), count: open.len() });
        }
        if let Some(disputed) = enrolments.iter().find(|one| one.fraud_open && one.stage.is_judged()) {
            return Err(Refusal::DisputeOpen { enrolment: disputed.id.clone() });
        }
        Ok(self.go(SessionState::Published, act))
    }

    /// published → deliberating: what was published is taken back, which needs a reason.
    ///
    /// # Errors
    /// When nothing is published, or without a reason.
    pub fn unpublish(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is(SessionState::Published)?;
        act.reason()?;
        Ok(self.go(SessionState::Deliberating, act))
    }

    /// published → archived.
    ///
    /// # Errors
    /// When it is not published.
    pub fn archive(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is(SessionState::Published)?;
        Ok(self.go(SessionState::Archived, act))
    }

    /// The session does not take place. What is published cannot be cancelled.
    ///
    /// # Errors
    /// After publication, or without a reason.
    pub fn cancel(&mut self, act: Act) -> Result<Event, Refusal> {
        act.reason()?;
        if matches!(self.state, SessionState::Published | SessionState::Archived | SessionState::Cancelled) {
            return Err(Refusal::SessionOver { state: self.state });
        }
        self.cancelled_from = Some(self.state);
        Ok(self.go(SessionState::Cancelled, act))
    }

    /// It takes place after all, from where it was.
    ///
    /// # Errors
    /// When it is not cancelled, or without a reason.
    pub fn uncancel(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is(SessionState::Cancelled)?;
        act.reason()?;
        let back = self.cancelled_from.take().unwrap_or(SessionState::Draft);
        Ok(self.go(back, act))
    }

    pub(crate) fn is(&self, needed: SessionState) -> Result<(), Refusal> {
        if self.state == needed { Ok(()) } else { Err(Refusal::SessionIs { state: self.state, needed }) }
    }

    fn holds(&self, enrolments: &[Enrolment]) -> Result<(), Refusal> {
        if enrolments.iter().all(|one| one.session == self.id) { Ok(()) } else { Err(Refusal::WrongSession {}) }
    }

    fn go(&mut self, to: SessionState, act: Act) -> Event {
        let from = std::mem::replace(&mut self.state, to);
        self.event(act, Change::SessionMoved { from, to })
    }

    pub(crate) fn event(&self, act: Act, change: Change) -> Event {
        Event::new(Subject::Session(self.id.clone()), act, change)
    }
}

/// How many seats are taken.
pub fn seats_taken(enrolments: &[Enrolment]) -> usize {
    enrolments.iter().filter(|one| one.stage.has_seat()).count()
}

/// Those who have a seat.
pub fn admitted(enrolments: &[Enrolment]) -> impl Iterator<Item = &Enrolment> {
    enrolments.iter().filter(|one| one.stage.has_seat())
}

/// Who is next when a seat becomes free: who has waited longest, then by id.
pub fn first_waiting(enrolments: &[Enrolment]) -> Option<&EnrolmentId> {
    let waiting = enrolments.iter().filter(|one| one.stage == Stage::Waiting);
    waiting.min_by_key(|one| (one.applied, &one.id)).map(|one| &one.id)
}
