//! What a juror does: write a sheet, submit it, deliberate. Only on the bench of that candidate.

use std::collections::BTreeMap;

use programme::{
    Act, CriterionId, Deliberation, Enrolment, EnrolmentId, Mark, PersonId, Score, Session, Sheet, SheetId,
    SessionState, Version,
};

use super::Error;
use super::desk::{Desk, Records};

impl Records {
    /// The sessions in whose jury somebody sits.
    pub fn sessions_judged_by<'a>(&'a self, juror: &'a PersonId) -> impl Iterator<Item = &'a Session> {
        self.sessions.iter().filter(move |session| {
            session.jury.juror(juror).is_some() && session.state != SessionState::Draft
        })
    }

    /// A candidate's file, for a juror who judges them.
    ///
    /// # Errors
    /// When there is none, or it is not theirs to judge.
    pub fn file_for(&self, juror: &PersonId, id: &EnrolmentId) -> Result<(&Enrolment, &Session, &Version), Error> {
        let one = self.enrolment(id).ok_or(Error::NotFound)?;
        let (session, _, version) = self.frame(one).ok_or(Error::NotFound)?;
        let sits = session.jury.bench(&one.person).iter().any(|sitting| sitting.person == *juror);
        if sits { Ok((one, session, version)) } else { Err(Error::NotFound) }
    }

    /// A juror's own sheet for a candidate.
    pub fn sheet_of(&self, juror: &PersonId, id: &EnrolmentId) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.juror == *juror && sheet.enrolment == *id)
    }
}

impl Desk {
    /// Keeps what a juror wrote. Sending the same again changes nothing and succeeds.
    ///
    /// # Errors
    /// When the file is not theirs, or the rules refuse.
    pub fn save_sheet(
        &self,
        (juror, id): (&PersonId, &EnrolmentId),
        known: u64,
        scores: BTreeMap<CriterionId, Score>,
        (chance, act): ([u8; 16], Act),
    ) -> Result<u64, Error> {
        self.change(|records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let (one, session, version) = (one.clone(), session.clone(), version.clone());
            let mut sheet = match records.sheet_of(juror, id) {
                Some(sheet) => sheet.clone(),
                None => Sheet::begin(SheetId::from_bytes(chance), &session, &one, &act)?,
            };
            let event = sheet.save((&session, &one, &version), known, scores, act)?;
            let revision = sheet.revision;
            records.sheets.retain(|other| other.id != sheet.id);
            records.sheets.push(sheet);
            records.events.extend(event);
            Ok(revision)
        })
    }

    /// Submits a juror's sheet; from then on it stands.
    ///
    /// # Errors
    /// When there is none, or the rules refuse.
    pub fn submit_sheet(&self, juror: &PersonId, id: &EnrolmentId, act: Act) -> Result<(), Error> {
        self.change(|records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let (one, session, version) = (one.clone(), session.clone(), version.clone());
            let found = records.sheets.iter_mut().find(|sheet| sheet.juror == *juror && sheet.enrolment == *id);
            let sheet = found.ok_or(Error::NotFound)?;
            let event = sheet.submit(&session, &one, &version, act)?;
            records.events.push(event);
            Ok(())
        })
    }

    /// Records the mark that the bench agrees on, for one criterion.
    ///
    /// # Errors
    /// When the file is not theirs, or the rules refuse.
    pub fn agree(
        &self,
        (juror, id): (&PersonId, &EnrolmentId),
        (criterion, mark): (&CriterionId, Mark),
        against: &[PersonId],
        note: Option<&str>,
        act: Act,
    ) -> Result<(), Error> {
        self.change(|records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let (one, session, version) = (one.clone(), session.clone(), version.clone());
            let mut open = match records.deliberations.iter().find(|open| open.enrolment == *id) {
                Some(open) => open.clone(),
                None => Deliberation::open(&session, &one, &version, &records.sheets)?,
            };
            let votes = open.bench.iter().map(|who| (who.clone(), !against.contains(who))).collect();
            let event = open.agree((&one, &version), criterion, mark, &votes, note, act)?;
            records.events.push(event);
            records.deliberations.retain(|other| other.enrolment != *id);
            records.deliberations.push(open);
            Ok(())
        })
    }

    /// Takes the median of the bench for every criterion that has no agreed mark yet, as agreed by all.
    ///
    /// # Errors
    /// When the file is not theirs, or the rules refuse.
    pub fn agree_on_proposal(&self, juror: &PersonId, id: &EnrolmentId, act: &Act) -> Result<(), Error> {
        let marks = self.read(|records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let fresh;
            let open = match records.deliberations.iter().find(|open| open.enrolment == *id) {
                Some(open) => open,
                None => {
                    fresh = Deliberation::open(session, one, version, &records.sheets)?;
                    &fresh
                }
            };
            let mut marks = open.proposal(&records.sheets);
            marks.retain(|criterion, _| !open.agreed.contains_key(criterion));
            Ok::<_, Error>(marks)
        })??;
        for (criterion, mark) in marks {
            self.agree((juror, id), (&criterion, mark), &[], None, act.clone())?;
        }
        Ok(())
    }

    /// Ends the deliberation on a candidate with a decision.
    ///
    /// # Errors
    /// When a criterion has no agreed mark, or the rules refuse otherwise.
    pub fn conclude(&self, juror: &PersonId, id: &EnrolmentId, act: Act) -> Result<(), Error> {
        self.change(|records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let (one, session, version) = (one.clone(), session.clone(), version.clone());
            let open = records.deliberations.iter_mut().find(|open| open.enrolment == *id).ok_or(Error::NotFound)?;
            let (decision, event) = open.conclude(&one, &version, act.clone())?;
            let target = records.enrolments.iter_mut().find(|other| other.id == *id).ok_or(Error::NotFound)?;
            let decided = target.decide(&session, &version, decision, act)?;
            records.events.extend([event, decided]);
            Ok(())
        })
    }

    /// Starts or pauses the timer of an oral.
    ///
    /// # Errors
    /// When the file is not theirs, or it runs already or not.
    pub fn timer(&self, juror: &PersonId, id: &EnrolmentId, start: bool, act: Act) -> Result<(), Error> {
        self.change(|records| {
            records.file_for(juror, id)?;
            let one = records.enrolments.iter_mut().find(|other| other.id == *id).ok_or(Error::NotFound)?;
            let mut timer = one.timer.clone();
            let event = if start { timer.start(one, act)? } else { timer.pause(one, act)? };
            one.timer = timer;
            records.events.push(event);
            Ok(())
        })
    }
}

