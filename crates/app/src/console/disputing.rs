//! When somebody disagrees or suspects: appeals that are filed, admitted to a panel and answered; reports of fraud, heard
//! before they are answered.

use std::collections::BTreeMap;

use programme::{
    Act, Appeal, AppealId, Award, AwardState, CriterionId, Decision, Enrolment, EnrolmentId, FraudReport,
    FraudReportId, Mark, PersonId, Role, SessionId, Title, grade,
};

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::running::{half, issue};
use super::scope::Scope;

/// As whom somebody reports what they suspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    Juror,
    Invigilator,
    Certifier,
}

type Chance = dyn Fn() -> [u8; 32] + Send + Sync;

impl Records {
    /// Those who may hear an appeal: jurors and certifiers of the session's organisation who did not judge it.
    pub fn panel_for<'r>(&'r self, one: &'r Enrolment) -> impl Iterator<Item = &'r programme::Person> {
        let home = self.session(&one.session).map(|session| &session.organisation);
        let sat = move |id: &PersonId| one.decision.as_ref().is_some_and(|made| made.bench.contains(id));
        self.people.iter().filter(move |person| {
            let holds = |role| home.is_some_and(|home| person.has(role, home));
            (holds(Role::Juror) || holds(Role::Certifier)) && person.id != one.person && !sat(&person.id)
        })
    }

    /// An appeal that somebody hears.
    ///
    /// # Errors
    /// When there is none, or they are not of its panel.
    pub fn appeal_for(&self, person: &PersonId, id: &AppealId) -> Result<&Appeal, Error> {
        let appeal = self.appeals.iter().find(|appeal| appeal.id == *id).ok_or(Error::NotFound)?;
        if appeal.panel.contains(person) { Ok(appeal) } else { Err(Error::NotFound) }
    }
}

impl Desk {
    /// Files an appeal against one's own published result.
    ///
    /// # Errors
    /// When the enrolment is not theirs, one waits already, or the rules refuse.
    pub async fn file_appeal(
        &self,
        person: &PersonId,
        id: &EnrolmentId,
        grounds: &str,
        (chance, act): ([u8; 32], Act),
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let one = records.enrolment(id).filter(|one| one.person == *person).ok_or(Error::NotFound)?;
            let (_, _, version) = records.frame(one).ok_or(Error::NotFound)?;
            let open = |appeal: &&Appeal| appeal.enrolment == *id && appeal.is_open();
            if let Some(waits) = records.appeals.iter().find(open) {
                return Err(programme::Refusal::AppealIs { state: waits.state }.into());
            }
            let appeal = AppealId::from_bytes(half(chance));
            let (appeal, event) = Appeal::file(appeal, one, version, grounds, act.clone())?;
            records.appeals.push(appeal);
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Admits an appeal to be heard by a panel, or declines to hear it when there is none.
    ///
    /// # Errors
    /// When the session is not theirs, somebody of the panel may not sit on it, or the rules refuse.
    pub async fn examine_appeal(
        &self,
        certifier: &Account,
        id: &AppealId,
        panel: Option<&[PersonId]>,
        act: Act,
    ) -> Result<EnrolmentId, Error> {
        self.change(&Scope::Appeal(id.clone()), |records| {
            let appeal = records.appeals.iter().find(|appeal| appeal.id == *id).ok_or(Error::NotFound)?;
            records.session_for(certifier, &appeal.session)?;
            let one = records.enrolment(&appeal.enrolment).ok_or(Error::NotFound)?.clone();
            if let Some(panel) = panel {
                let may: Vec<&PersonId> = records.panel_for(&one).map(|person| &person.id).collect();
                let sat = one.decision.as_ref().map(|made| made.bench.clone()).unwrap_or_default();
                // Who sat is refused by the rules, with a word; who has nothing to do with it is not there at all.
                if panel.iter().any(|person| !may.contains(&person) && !sat.contains(person)) {
                    return Err(Error::NotFound);
                }
            }
            let appeal = records.appeals.iter_mut().find(|appeal| appeal.id == *id).ok_or(Error::NotFound)?;
            let event = match panel {
                Some(panel) => appeal.admit(&one, panel.to_vec(), act.clone())?,
                None => appeal.reject(act.clone())?,
            };
            records.events.push(event);
            Ok(one.id)
        })
        .await
    }

    /// The appeals that wait for somebody's answer.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn appeals_to_hear(&self, person: &PersonId) -> Result<Vec<AppealId>, Error> {
        self.read(&Scope::Appeals, |records| {
            let own = records.appeals.iter().filter(|appeal| appeal.panel.contains(person));
            own.map(|appeal| appeal.id.clone()).collect()
        })
        .await
    }

    /// Leaves a decision as it is.
    ///
    /// # Errors
    /// When somebody else hears the appeal, or the rules refuse.
    pub async fn dismiss_appeal(&self, person: &PersonId, id: &AppealId, act: Act) -> Result<(), Error> {
        self.change(&Scope::Appeal(id.clone()), |records| {
            records.appeal_for(person, id)?;
            let appeal = records.appeals.iter_mut().find(|appeal| appeal.id == *id).ok_or(Error::NotFound)?;
            let event = appeal.dismiss(act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Puts other marks in the place of the first. Who passes by them is awarded the title; an award that stood already is
    /// corrected. Gives what must be signed.
    ///
    /// # Errors
    /// When somebody else hears the appeal, or the rules refuse.
    pub async fn uphold_appeal(
        &self,
        person: &PersonId,
        id: &AppealId,
        marks: &BTreeMap<CriterionId, Mark>,
        chance: &Chance,
        act: &Act,
    ) -> Result<Vec<programme::AwardId>, Error> {
        let issued = self.store.count(store::Find::<Award>::all()).await?;
        self.change(&Scope::Appeal(id.clone()), |records| {
            let mut appeal = records.appeal_for(person, id)?.clone();
            let mut one = records.enrolment(&appeal.enrolment).ok_or(Error::NotFound)?.clone();
            let (_, title, version) = records.frame(&one).ok_or(Error::NotFound)?;
            let (title, version) = (title.clone(), version.clone());
            let decision = Decision {
                enrolment: one.id.clone(),
                version: one.version,
                marks: marks.clone(),
                grade: grade(&version, marks)?,
                bench: appeal.panel.clone(),
                minority: Vec::new(),
                at: act.at,
            };
            let events = appeal.uphold(&mut one, decision, act.clone())?;
            records.events.extend(events);
            let award = awarded(records, &one, &title, issued, chance, act)?;
            records.put(one);
            if let Some(kept) = records.appeals.iter_mut().find(|kept| kept.id == appeal.id) {
                *kept = appeal;
            }
            Ok(award.into_iter().collect())
        })
        .await
    }

    /// Reports facts about a candidate; nothing of theirs is published until it is answered.
    ///
    /// # Errors
    /// When the candidate is not theirs to see, or the rules refuse.
    pub async fn report_fraud(
        &self,
        (who, by): (Suspicion, &Account),
        id: &EnrolmentId,
        facts: &str,
        (chance, act): ([u8; 32], Act),
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let mut one = records.enrolment(id).ok_or(Error::NotFound)?.clone();
            match who {
                Suspicion::Juror => drop(records.file_for(&by.person, id)?),
                Suspicion::Certifier => drop(records.session_for(by, &one.session)?),
                Suspicion::Invigilator => invigilates(records, by, &one.session)?,
            }
            let report = FraudReportId::from_bytes(half(chance));
            let (report, events) = FraudReport::file(report, &mut one, facts, act.clone())?;
            records.events.extend(events);
            records.frauds.push(report);
            records.put(one);
            Ok(())
        })
        .await
    }

    /// Writes down what a candidate says to a report: the candidate, or a certifier who heard them.
    ///
    /// # Errors
    /// When it is neither theirs nor of their session, or the rules refuse.
    pub async fn hear_fraud(
        &self,
        by: &Account,
        own: bool,
        id: &FraudReportId,
        of: &EnrolmentId,
        said: &str,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(of.clone()), |records| {
            let one = records.enrolment(of).ok_or(Error::NotFound)?;
            if own {
                (one.person == by.person).then_some(()).ok_or(Error::NotFound)?;
            } else {
                records.session_for(by, &one.session)?;
            }
            let event = report(records, id, of)?.hear(said, act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Answers a report: what is founded excludes the candidate.
    ///
    /// # Errors
    /// When the session is not theirs, they reported it, nobody was heard, or the rules refuse otherwise.
    pub async fn answer_fraud(
        &self,
        certifier: &Account,
        id: &FraudReportId,
        of: &EnrolmentId,
        founded: bool,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(of.clone()), |records| {
            let mut one = records.enrolment(of).ok_or(Error::NotFound)?.clone();
            records.session_for(certifier, &one.session)?;
            let events = report(records, id, of)?.answer(&mut one, founded, act.clone())?;
            // Another report about the same person still waits.
            one.fraud_open = records
                .frauds
                .iter()
                .any(|other| other.enrolment == *of && other.state == programme::FraudState::Reported);
            records.events.extend(events);
            records.put(one);
            Ok(())
        })
        .await
    }
}

/// The store loads jurors and certifiers of a session, not those who watch: whether somebody does is in their account.
fn invigilates(records: &Records, by: &Account, session: &SessionId) -> Result<(), Error> {
    let session = records.session(session).ok_or(Error::NotFound)?;
    if by.holds(Role::Invigilator, &session.organisation) { Ok(()) } else { Err(Error::NotFound) }
}

fn report<'r>(records: &'r mut Records, id: &FraudReportId, of: &EnrolmentId) -> Result<&'r mut FraudReport, Error> {
    records.frauds.iter_mut().find(|one| one.id == *id && one.enrolment == *of).ok_or(Error::NotFound)
}

/// What a new decision means for the award: issued when there is none, corrected when it stands.
fn awarded(
    records: &mut Records,
    one: &Enrolment,
    title: &Title,
    issued: i64,
    chance: &Chance,
    act: &Act,
) -> Result<Option<programme::AwardId>, Error> {
    if !one.decision.as_ref().is_some_and(|made| made.grade.passed) {
        return Ok(None);
    }
    let today = act.at.to_zoned(jiff::tz::TimeZone::UTC).date();
    if let Some(award) = records.awards.iter_mut().find(|award| award.enrolment == one.id) {
        // What was taken back is not given again by marks.
        if award.state(today) == AwardState::Revoked {
            return Ok(None);
        }
        let event = award.correct(act.clone())?;
        let id = award.id.clone();
        records.events.push(event);
        return Ok(Some(id));
    }
    let (award, event) = issue(one, title, issued, chance(), act)?;
    let id = award.id.clone();
    records.awards.push(award);
    records.events.push(event);
    Ok(Some(id))
}
