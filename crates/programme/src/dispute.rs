//! When somebody disagrees or suspects: appeals and reports of fraud, each heard by others than those concerned.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::named::named;
use crate::{
    Act, AppealId, Change, Decision, Enrolment, EnrolmentId, Event, FraudReportId, PersonId, Refusal, SessionId, Stage,
    Subject, Version,
};

named! {
    pub enum AppealState {
        Filed = "filed",
        Admitted = "admitted",
        Inadmissible = "inadmissible",
        Upheld = "upheld",
        Dismissed = "dismissed",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    pub id: AppealId,
    pub enrolment: EnrolmentId,
    pub session: SessionId,
    pub person: PersonId,
    pub grounds: String,
    pub state: AppealState,
    /// Who hears it; none of them sat on the bench.
    #[serde(default)]
    pub panel: Vec<PersonId>,
    #[serde(default)]
    pub answer: Option<String>,
}

impl Appeal {
    /// # Errors
    /// When the result is not published or not theirs, too late, or without grounds.
    pub fn file(
        id: AppealId,
        enrolment: &Enrolment,
        version: &Version,
        grounds: &str,
        act: Act,
    ) -> Result<(Appeal, Event), Refusal> {
        enrolment.is_one_of(&[Stage::Published])?;
        if *act.person()? != enrolment.person {
            return Err(Refusal::AppealOfOther {});
        }
        bounded(grounds)?;
        if grounds.trim().is_empty() {
            return Err(Refusal::NotFilled { field: "grounds" });
        }
        let until = appeal_until(enrolment, version).ok_or(Refusal::NotFilled { field: "published" })?;
        if act.at > until {
            return Err(Refusal::AppealTooLate { until });
        }
        let appeal = Appeal {
            id,
            enrolment: enrolment.id.clone(),
            session: enrolment.session.clone(),
            person: enrolment.person.clone(),
            grounds: grounds.trim().to_owned(),
            state: AppealState::Filed,
            panel: Vec::new(),
            answer: None,
        };
        let event = appeal.event(act, Change::AppealFiled { enrolment: enrolment.id.clone() });
        Ok((appeal, event))
    }

    /// Admits it, to be heard by a panel none of whom judged before.
    ///
    /// # Errors
    /// When somebody of the panel sat on the bench, or is the candidate.
    pub fn admit(&mut self, enrolment: &Enrolment, panel: Vec<PersonId>, act: Act) -> Result<Event, Refusal> {
        self.is(AppealState::Filed)?;
        self.about(enrolment)?;
        if panel.is_empty() {
            return Err(Refusal::NotFilled { field: "panel" });
        }
        let sat = |person: &&PersonId| {
            **person == self.person
                || enrolment.decision.as_ref().is_some_and(|decision| decision.bench.contains(person))
        };
        if let Some(person) = panel.iter().find(sat) {
            return Err(Refusal::AppealPanelSat { person: person.clone() });
        }
        self.panel = panel;
        Ok(self.go(AppealState::Admitted, act))
    }

    /// # Errors
    /// Without a reason, or when it was answered.
    pub fn reject(&mut self, act: Act) -> Result<Event, Refusal> {
        self.is(AppealState::Filed)?;
        self.answer = Some(act.reason()?.to_owned());
        Ok(self.go(AppealState::Inadmissible, act))
    }

    /// The panel leaves the decision as it is.
    ///
    /// # Errors
    /// When somebody else answers, or without a reason.
    pub fn dismiss(&mut self, act: Act) -> Result<Event, Refusal> {
        self.heard(&act)?;
        self.answer = Some(act.reason()?.to_owned());
        Ok(self.go(AppealState::Dismissed, act))
    }

    /// The panel puts another decision in the place of the first. Both the appeal and the enrolment change.
    ///
    /// # Errors
    /// When somebody else answers, without a reason, with a decision about somebody else, or with a lower result.
    pub fn uphold(&mut self, enrolment: &mut Enrolment, decision: Decision, act: Act) -> Result<[Event; 2], Refusal> {
        self.heard(&act)?;
        self.about(enrolment)?;
        if decision.enrolment != enrolment.id || decision.version != enrolment.version {
            return Err(Refusal::WrongEnrolment {});
        }
        // Nobody is worse off for having asked.
        let lower = |before: &Decision| {
            (decision.grade.passed, decision.grade.basis_points) < (before.grade.passed, before.grade.basis_points)
        };
        if enrolment.decision.as_ref().is_some_and(lower) {
            return Err(Refusal::AppealLowers {});
        }
        self.answer = Some(act.reason()?.to_owned());
        let replaced = enrolment.event(act.clone(), Change::DecisionReplaced { passed: decision.grade.passed });
        enrolment.decision = Some(decision);
        Ok([self.go(AppealState::Upheld, act), replaced])
    }

    fn heard(&self, act: &Act) -> Result<(), Refusal> {
        self.is(AppealState::Admitted)?;
        if self.panel.contains(act.person()?) { Ok(()) } else { Err(Refusal::NotJuror {}) }
    }

    fn about(&self, enrolment: &Enrolment) -> Result<(), Refusal> {
        if self.enrolment == enrolment.id { Ok(()) } else { Err(Refusal::WrongEnrolment {}) }
    }

    /// Whether somebody has yet to answer it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, AppealState::Filed | AppealState::Admitted)
    }

    fn is(&self, needed: AppealState) -> Result<(), Refusal> {
        if self.state == needed { Ok(()) } else { Err(Refusal::AppealIs { state: self.state }) }
    }

    fn go(&mut self, to: AppealState, act: Act) -> Event {
        self.state = to;
        self.event(act, Change::AppealMoved { to })
    }

    /// Takes away what was written in it. That it was filed, and how it ended, stays.
    pub fn erase(&mut self, act: Act) -> Event {
        self.grounds = String::new();
        self.answer = None;
        self.event(act, Change::TextErased {})
    }

    fn event(&self, act: Act, change: Change) -> Event {
        Event::new(Subject::Appeal(self.id.clone()), act, change)
    }
}

/// Until when an appeal may be filed.
pub fn appeal_until(enrolment: &Enrolment, version: &Version) -> Option<Timestamp> {
    let hours = i64::from(version.appeal_days.min(3_650)) * 24;
    enrolment.published?.checked_add(hours.hours()).ok()
}

named! {
    pub enum FraudState { Reported = "reported", Founded = "founded", Unfounded = "unfounded" }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FraudReport {
    pub id: FraudReportId,
    pub enrolment: EnrolmentId,
    pub session: SessionId,
    pub candidate: PersonId,
    pub reporter: PersonId,
    pub facts: String,
    pub state: FraudState,
    /// What the candidate says to it, or what was written down when they were heard.
    #[serde(default)]
    pub heard: Option<String>,
    #[serde(default)]
    pub answer: Option<String>,
}

impl FraudReport {
    /// Reports facts about a candidate; nothing of theirs is published until it is answered. Both records change.
    ///
    /// # Errors
    /// Without facts, or when the examination is over for them.
    pub fn file(
        id: FraudReportId,
        enrolment: &mut Enrolment,
        facts: &str,
        act: Act,
    ) -> Result<(FraudReport, [Event; 2]), Refusal> {
        let reporter = act.person()?.clone();
        enrolment.is_one_of(&[Stage::Enrolled, Stage::HandedIn, Stage::Decided])?;
        bounded(facts)?;
        if facts.trim().is_empty() {
            return Err(Refusal::NotFilled { field: "facts" });
        }
        let report = FraudReport {
            id,
            enrolment: enrolment.id.clone(),
            session: enrolment.session.clone(),
            candidate: enrolment.person.clone(),
            reporter,
            facts: facts.trim().to_owned(),
            state: FraudState::Reported,
            heard: None,
            answer: None,
        };
        enrolment.fraud_open = true;
        let change = Change::FraudReported { enrolment: enrolment.id.clone() };
        let events = [report.event(act.clone(), change.clone()), enrolment.event(act, change)];
        Ok((report, events))
    }

    /// Writes down what the candidate says: by themselves, or by somebody who heard them and did not report.
    ///
    /// # Errors
    /// When nothing is said, the reporter writes it down, or the report was answered.
    pub fn hear(&mut self, said: &str, act: Act) -> Result<Event, Refusal> {
        if self.state != FraudState::Reported {
            return Err(Refusal::FraudIs { state: self.state });
        }
        if *act.person()? == self.reporter {
            return Err(Refusal::JudgeInOwnCause {});
        }
        bounded(said)?;
        if said.trim().is_empty() {
            return Err(Refusal::NotFilled { field: "said" });
        }
        self.heard = Some(said.trim().to_owned());
        Ok(self.event(act, Change::FraudHeard {}))
    }

    /// Somebody who neither reported nor is concerned answers. What is founded excludes the candidate, who must have been
    /// heard.
    ///
    /// # Errors
    /// Without a reason, in one's own cause, unheard, or when it was answered.
    pub fn answer(&mut self, enrolment: &mut Enrolment, founded: bool, act: Act) -> Result<[Event; 2], Refusal> {
        if self.state != FraudState::Reported {
            return Err(Refusal::FraudIs { state: self.state });
        }
        if self.enrolment != enrolment.id {
            return Err(Refusal::WrongEnrolment {});
        }
        let by = act.person()?;
        if *by == self.reporter || *by == self.candidate {
            return Err(Refusal::JudgeInOwnCause {});
        }
        let reason = act.reason()?.to_owned();
        if founded && self.heard.is_none() {
            return Err(Refusal::FraudUnheard {});
        }
        self.answer = Some(reason);
        self.state = if founded { FraudState::Founded } else { FraudState::Unfounded };
        enrolment.fraud_open = false;
        if founded {
            enrolment.stage = Stage::Excluded;
        }
        let change = Change::FraudMoved { to: self.state };
        Ok([self.event(act.clone(), change.clone()), enrolment.event(act, change)])
    }

    /// Takes away what was written about somebody. That it was reported, and how it ended, stays.
    pub fn erase(&mut self, act: Act) -> Event {
        self.facts = String::new();
        self.heard = None;
        self.answer = None;
        self.event(act, Change::TextErased {})
    }

    fn event(&self, act: Act, change: Change) -> Event {
        Event::new(Subject::FraudReport(self.id.clone()), act, change)
    }
}
