//! For how long what speaks of people is kept. The periods are configuration; when they begin is said here.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::{
    Act, Appeal, Award, Change, Enrolment, Event, Invitation, InvitationState, Person, Role, Session, SessionState,
    Stage, Version, appeal_until,
};

/// Periods in days; what has none is kept until somebody forgets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Of what was handed in and made of it, from the day on which its enrolment is settled.
    pub files: Option<u16>,
    /// Of people, from the day on which nothing is due to them and they hold nothing; of invitations, from the end of
    /// their session.
    pub people: Option<u16>,
}

impl Retention {
    pub fn is_any(self) -> bool {
        self.shortest().is_some()
    }

    /// The shortest of its periods: nothing of a session is due any earlier.
    pub fn shortest(self) -> Option<u16> {
        self.files.into_iter().chain(self.people).min()
    }
}

/// Whether a period is over that began on a day.
pub fn is_past(began: Date, days: u16, today: Date) -> bool {
    began.saturating_add(i32::from(days).days()) < today
}

impl Session {
    /// The day after which it asks nothing of anybody; none while it goes on.
    pub fn ended(&self) -> Option<Date> {
        let over = matches!(self.state, SessionState::Published | SessionState::Archived | SessionState::Cancelled);
        over.then_some(self.calendar.deliberation)
    }
}

/// The last moment at which somebody did something about a matter: a period never begins before it. That something was
/// forgotten, or a session archived, is housekeeping and prolongs nothing.
pub fn last_act<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<Timestamp> {
    let counts = |event: &&Event| {
        !matches!(
            event.change,
            Change::FilesForgotten {} | Change::TextErased {} | Change::SessionMoved { to: SessionState::Archived, .. }
        )
    };
    events.into_iter().filter(counts).map(|event| event.act.at).max()
}

impl Enrolment {
    /// The day after which the rules ask nothing more in it: a result can no longer be contested, or the session is over
    /// without one. None while a decision, an appeal or a report of fraud is open.
    pub fn settled(&self, session: &Session, version: &Version, appeals: &[Appeal]) -> Option<Date> {
        let contested = appeals.iter().any(|appeal| appeal.enrolment == self.id && appeal.is_open());
        if self.fraud_open || contested {
            return None;
        }
        let ended = session.ended()?;
        match self.stage {
            Stage::Published => {
                let until = appeal_until(self, version).or(self.published)?;
                Some(until.to_zoned(TimeZone::UTC).date().max(ended))
            }
            // A seat without a result is still owed one, unless the session was closed for good.
            Stage::Enrolled | Stage::HandedIn | Stage::Decided if session.state == SessionState::Published => None,
            _ => Some(ended),
        }
    }

    /// Says that the files of an enrolment are gone. Their digests stay with the decision that rests on them, without
    /// the names that their authors gave them, and so do adjustments, without why they were asked for.
    pub fn forget_files(&mut self, act: Act) -> Event {
        self.built = None;
        self.clear_file_names();
        self.clear_needs();
        self.files_forgotten = Some(act.at);
        self.event(act, Change::FilesForgotten {})
    }
}

impl Invitation {
    /// Takes away whom it was for; nobody can accept it any more.
    pub fn erase(&mut self, act: Act) -> Event {
        (self.name, self.email) = (String::new(), String::new());
        if self.state == InvitationState::Sent {
            self.state = InvitationState::Withdrawn;
        }
        Event::new(crate::Subject::Invitation(self.id.clone()), act, Change::TextErased {})
    }
}

/// The day after which nothing is due to somebody and they hold nothing, from the days on which their enrolments were
/// settled. None while an enrolment is open or an award holds, for who works here, and for who never applied.
pub fn parted(person: &Person, settled: &[Option<Date>], awards: &[Award]) -> Option<Date> {
    if person.erased || person.roles.iter().any(|held| held.role != Role::Candidate) {
        return None;
    }
    let mut last = None;
    for day in settled {
        last = last.max(Some((*day)?));
    }
    // An award for life is never parted from.
    for award in awards.iter().filter(|award| award.person == person.id) {
        last = last.max(Some(award.revoked.or(award.until)?));
    }
    last
}
