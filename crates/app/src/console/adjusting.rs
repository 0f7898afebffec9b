//! What makes an examination fair for somebody: asked for by a candidate or entered by a certifier, decided with a
//! reason, and carried into what it changes: the slot of the oral. Deadlines and the timer ask the enrolment.

use programme::{Act, EnrolmentId, Need, PersonId};

use super::Error;
use super::desk::{Desk, Records};
use super::enrolling::{BREAK, next_day, within_hours};
use super::identity::Account;
use super::running::own;
use super::scope::Scope;

impl Desk {
    /// Asks for an adjustment of one's own examination.
    ///
    /// # Errors
    /// When the enrolment is not theirs, or the rules refuse.
    pub async fn ask_adjustment(
        &self,
        person: &PersonId,
        id: &EnrolmentId,
        need: &Need,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let event = own(records, person, id)?.ask_adjustment(need.clone(), act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Enters an adjustment that a candidate asked for elsewhere, and grants it.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn enter_adjustment(
        &self,
        certifier: &Account,
        id: &EnrolmentId,
        need: &Need,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let mut one = records.enrolment(id).ok_or(Error::NotFound)?.clone();
            records.session_for(certifier, &one.session)?;
            let asked = one.ask_adjustment(need.clone(), act.clone())?;
            let granted = one.decide_adjustment(one.adjustments.len() - 1, true, act.clone())?;
            records.events.extend([asked, granted]);
            records.put(one);
            refit(records, id, &act);
            Ok(())
        })
        .await
    }

    /// Grants or refuses an adjustment.
    ///
    /// # Errors
    /// When the session is not theirs, or the rules refuse.
    pub async fn decide_adjustment(
        &self,
        certifier: &Account,
        id: &EnrolmentId,
        nth: usize,
        granted: bool,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let session = records.enrolment(id).ok_or(Error::NotFound)?.session.clone();
            records.session_for(certifier, &session)?;
            let one = records.enrolments.iter_mut().find(|one| one.id == *id).ok_or(Error::NotFound)?;
            let event = one.decide_adjustment(nth, granted, act.clone())?;
            records.events.push(event);
            refit(records, id, &act);
            Ok(())
        })
        .await
    }
}

/// Gives an oral that was set before the time that it takes now: where it is, or else after the last of the session.
/// Where nothing fits the slot stays, and the certifier's page says that it is too short.
fn refit(records: &mut Records, id: &EnrolmentId, act: &Act) {
    let Some(mut one) = records.enrolment(id).cloned() else { return };
    let Some(slot) = one.oral.clone() else { return };
    let Some((session, _, version)) = records.frame(&one) else { return };
    let (session, version) = (session.clone(), version.clone());
    let Some(plan) = &version.oral else { return };
    if slot.ends.duration_since(slot.starts) >= plan.lasts(one.extra_percent()) {
        return;
    }
    let all: Vec<_> = records.enrolments_of(&session.id).cloned().collect();
    let last = all.iter().filter(|other| other.id != *id).filter_map(|other| Some(other.oral.as_ref()?.ends)).max();
    let after = last.map_or(session.calendar.orals_from, |ends| ends + BREAK);
    for starts in [slot.starts, after, next_day(&session, after)] {
        let Ok(event) = one.set_oral(&session, &version, starts, &slot.room, &all, act.clone()) else { continue };
        if one.oral.as_ref().is_some_and(|oral| within_hours(&session, oral.ends)) {
            records.events.push(event);
            records.put(one);
            return;
        }
    }
}
