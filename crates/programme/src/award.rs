//! What a person holds: issued, renewed, revoked. The credential itself is made elsewhere from this.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::act::bounded;
use crate::named::named;
use crate::{
    Act, AwardId, Change, Enrolment, EnrolmentId, Event, PersonId, Refusal, Stage, Subject, Title, TitleId, Version,
};

named! {
    pub enum AwardState { Held = "held", Expired = "expired", Revoked = "revoked" }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    pub id: AwardId,
    pub enrolment: EnrolmentId,
    pub person: PersonId,
    pub title: TitleId,
    pub version: u32,
    pub issued: Date,
    /// The last day on which it holds; `None` is for life.
    pub until: Option<Date>,
    #[serde(default)]
    pub revoked: Option<Date>,
    /// Days on which it was renewed.
    #[serde(default)]
    pub renewed: Vec<Date>,
    /// Days on which its marks were corrected after an appeal.
    #[serde(default)]
    pub corrected: Vec<Date>,
    /// Of the credentials that were signed for it, so many of the first say marks that are no longer true.
    #[serde(default)]
    pub void: usize,
    /// What anybody types to verify it.
    pub code: String,
    /// Its place in the public status list.
    pub status_index: u64,
}

impl Award {
    /// Awards the title to somebody who passed and may know it.
    ///
    /// # Errors
    /// When the result is not published, or is no pass.
    pub fn issue(
        id: AwardId,
        enrolment: &Enrolment,
        title: &Title,
        code: &str,
        status_index: u64,
        act: Act,
    ) -> Result<(Award, Event), Refusal> {
        enrolment.is_one_of(&[Stage::Published])?;
        bounded(code)?;
        let decision = enrolment.decision.as_ref().ok_or(Refusal::NotPassed {})?;
        if !decision.grade.passed {
            return Err(Refusal::NotPassed {});
        }
        let issued = day(&act);
        let award = Award {
            id,
            enrolment: enrolment.id.clone(),
            person: enrolment.person.clone(),
            title: title.id.clone(),
            version: enrolment.version,
            issued,
            until: end(issued, title.version(enrolment.version)?),
            revoked: None,
            renewed: Vec::new(),
            corrected: Vec::new(),
            void: 0,
            code: code.to_owned(),
            status_index,
        };
        let change = Change::AwardIssued { enrolment: enrolment.id.clone(), until: award.until };
        let event = award.event(act, change);
        Ok((award, event))
    }

    pub fn state(&self, on: Date) -> AwardState {
        if self.revoked.is_some() {
            AwardState::Revoked
        } else if self.until.is_some_and(|until| until < on) {
            AwardState::Expired
        } else {
            AwardState::Held
        }
    }

    /// Prolongs an award that still holds, when its end is near.
    ///
    /// # Errors
    /// When it is revoked, over, for life, or not yet near its end.
    pub fn renew(&mut self, title: &Title, act: Act) -> Result<Event, Refusal> {
        let today = day(&act);
        let version = title.version(self.version)?;
        let Some(until) = self.until else { return Err(Refusal::AwardIs { state: AwardState::Held }) };
        match self.state(today) {
            AwardState::Revoked => return Err(Refusal::AwardIs { state: AwardState::Revoked }),
            AwardState::Expired => return Err(Refusal::AwardExpired { on: until }),
            AwardState::Held => {}
        }
        let from = self.renewable(version).unwrap_or(until);
        if today < from {
            return Err(Refusal::RenewalTooEarly { from });
        }
        self.until = end(until, version);
        self.renewed.push(today);
        Ok(self.event(act, Change::AwardRenewed { until: self.until }))
    }

    /// How many credentials were signed for it before the one that holds now: each renewal and each correction replaces one.
    pub fn replaced(&self) -> usize {
        self.renewed.len() + self.corrected.len()
    }

    /// The first day on which it may be renewed; none for life.
    pub fn renewable(&self, version: &Version) -> Option<Date> {
        Some(self.until?.saturating_sub(i64::from(version.renewal_days.min(3_650)).days()))
    }

    /// Says that the decision which it rests on has other marks now.
    ///
    /// # Errors
    /// When it is revoked.
    pub fn correct(&mut self, act: Act) -> Result<Event, Refusal> {
        if self.revoked.is_some() {
            return Err(Refusal::AwardIs { state: AwardState::Revoked });
        }
        self.corrected.push(day(&act));
        self.void = self.replaced();
        Ok(self.event(act, Change::AwardCorrected {}))
    }

    /// Takes an award back, for a reason. Nothing undoes it.
    ///
    /// # Errors
    /// Without a reason, or when it is revoked already.
    pub fn revoke(&mut self, act: Act) -> Result<Event, Refusal> {
        act.reason()?;
        if self.revoked.is_some() {
            return Err(Refusal::AwardIs { state: AwardState::Revoked });
        }
        self.revoked = Some(day(&act));
        Ok(self.event(act, Change::AwardRevoked {}))
    }

    fn event(&self, act: Act, change: Change) -> Event {
        Event::new(Subject::Award(self.id.clone()), act, change)
    }
}

fn day(act: &Act) -> Date {
    act.at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn end(from: Date, version: &Version) -> Option<Date> {
    version.validity_months.map(|months| from.saturating_add(i64::from(months.min(1_200)).months()))
}
