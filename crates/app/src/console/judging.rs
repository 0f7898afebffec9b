//! What a juror does: write a sheet, submit it, deliberate. Only on the bench of that candidate.

use std::collections::BTreeMap;

use programme::{
    Act, CriterionId, Deliberation, Enrolment, EnrolmentId, Mark, PersonId, Score, Session, SessionState, Sheet,
    SheetId, Version,
};

use super::Error;
use super::desk::{Desk, Records};
use super::scope::Scope;

impl Records {
    /// The sessions in whose jury somebody sits.
    pub fn sessions_judged_by<'a>(&'a self, juror: &'a PersonId) -> impl Iterator<Item = &'a Session> {
        self.sessions
            .iter()
            .filter(move |session| session.jury.juror(juror).is_some() && session.state != SessionState::Draft)
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
    pub async fn save_sheet(
        &self,
        (juror, id): (&PersonId, &EnrolmentId),
        known: u64,
        scores: BTreeMap<CriterionId, Score>,
        (chance, act): ([u8; 16], Act),
    ) -> Result<u64, Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let (one, session, version) = (one.clone(), session.clone(), version.clone());
            let mut sheet = match records.sheet_of(juror, id) {
                Some(sheet) => sheet.clone(),
                None => {
                    let (sheet, begun) = Sheet::begin(SheetId::from_bytes(chance), &session, &one, act.clone())?;
                    records.events.push(begun);
                    sheet
                }
            };
            let event = sheet.save((&session, &one, &version), known, scores.clone(), act.clone())?;
            let revision = sheet.revision;
            records.sheets.retain(|other| other.id != sheet.id);
            records.sheets.push(sheet);
            records.events.extend(event);
            Ok(revision)
        })
        .await
    }

    /// Submits a juror's sheet; from then on it stands.
    ///
    /// # Errors
    /// When there is none, or the rules refuse.
    pub async fn submit_sheet(&self, juror: &PersonId, id: &EnrolmentId, act: Act) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let (one, session, version) = (one.clone(), session.clone(), version.clone());
            let found = records.sheets.iter_mut().find(|sheet| sheet.juror == *juror && sheet.enrolment == *id);
            let sheet = found.ok_or(Error::NotFound)?;
            let event = sheet.submit(&session, &one, &version, act.clone())?;
            records.events.push(event);
            Ok(())
        })
        .await
    }

    /// Records the mark that the bench agrees on, for one criterion.
    ///
    /// # Errors
    /// When the file is not theirs, or the rules refuse.
    pub async fn agree(
        &self,
        (juror, id): (&PersonId, &EnrolmentId),
        (criterion, mark): (&CriterionId, Mark),
        against: &[PersonId],
        note: Option<&str>,
        act: Act,
    ) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let (one, session, version) = (one.clone(), session.clone(), version.clone());
            let mut open = match records.deliberations.iter().find(|open| open.enrolment == *id) {
                Some(open) => open.clone(),
                None => {
                    let (open, opened) = Deliberation::open(&session, &one, &version, &records.sheets, act.clone())?;
                    records.events.push(opened);
                    open
                }
            };
            let votes = open.bench.iter().map(|who| (who.clone(), !against.contains(who))).collect();
            let event = open.agree((&one, &version), criterion, mark, &votes, note, act.clone())?;
            records.events.push(event);
            records.deliberations.retain(|other| other.enrolment != *id);
            records.deliberations.push(open);
            Ok(())
        })
        .await
    }

    /// Takes the median of the bench for every criterion that has no agreed mark yet, as agreed by all.
    ///
    /// # Errors
    /// When the file is not theirs, or the rules refuse.
    pub async fn agree_on_proposal(&self, juror: &PersonId, id: &EnrolmentId, act: &Act) -> Result<(), Error> {
        let scope = Scope::Enrolment(id.clone());
        let marks = self.read(&scope, |records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let fresh;
            let open = match records.deliberations.iter().find(|open| open.enrolment == *id) {
                Some(open) => open,
                None => {
                    fresh = Deliberation::open(session, one, version, &records.sheets, act.clone())?.0;
                    &fresh
                }
            };
            let mut marks = open.proposal(&records.sheets);
            marks.retain(|criterion, _| !open.agreed.contains_key(criterion));
            Ok::<_, Error>(marks)
        });
        let marks = marks.await??;
        for (criterion, mark) in marks {
            self.agree((juror, id), (&criterion, mark), &[], None, act.clone()).await?;
        }
        Ok(())
    }

    /// Ends the deliberation on a candidate with a decision.
    ///
    /// # Errors
    /// When a criterion has no agreed mark, or the rules refuse otherwise.
    pub async fn conclude(&self, juror: &PersonId, id: &EnrolmentId, act: Act) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            let (one, session, version) = records.file_for(juror, id)?;
            let (one, session, version) = (one.clone(), session.clone(), version.clone());
            let open = records.deliberations.iter_mut().find(|open| open.enrolment == *id).ok_or(Error::NotFound)?;
            let (decision, event) = open.conclude(&one, &version, act.clone())?;
            let target = records.enrolments.iter_mut().find(|other| other.id == *id).ok_or(Error::NotFound)?;
            let decided = target.decide(&session, &version, decision, act.clone())?;
            records.events.extend([event, decided]);
            Ok(())
        })
        .await
    }

    /// Starts or pauses the timer of an oral.
    ///
    /// # Errors
    /// When the file is not theirs, or it runs already or not.
    pub async fn timer(&self, juror: &PersonId, id: &EnrolmentId, start: bool, act: Act) -> Result<(), Error> {
        self.change(&Scope::Enrolment(id.clone()), |records| {
            records.file_for(juror, id)?;
            let one = records.enrolments.iter_mut().find(|other| other.id == *id).ok_or(Error::NotFound)?;
            let mut timer = one.timer.clone();
            let event = if start { timer.start(one, act.clone())? } else { timer.pause(one, act.clone())? };
            one.timer = timer;
            records.events.push(event);
            Ok(())
        })
        .await
    }
}
