//! What a certifier learns from many results: how sessions went, what cohorts find hard, whom coaches carry, how far
//! jurors agree.

use std::collections::BTreeMap;

use jiff::Timestamp;
use programme::{
    Cohort, CohortId, CriterionId, CriterionRate, Enrolment, Session, SessionId, SessionRates, SessionState, Sheet,
    Title, TitleId, Version, Words as Both, agreement, coach_loads, rates, weakest,
};

use super::Error;
use super::desk::{Desk, Records};
use super::identity::Account;
use super::scope::Scope;

/// How many skills of a cohort are called its weakest.
const WEAKEST: usize = 3;

/// All that a certifier's page of statistics shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    pub sessions: Vec<SessionFigures>,
    pub weakest: Vec<WeakSkill>,
    pub coaches: Vec<CoachFigures>,
}

/// How one session went.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionFigures {
    pub id: SessionId,
    pub title: Both,
    pub name: String,
    pub state: SessionState,
    pub rates: SessionRates,
    /// How far its jurors agree on the marks that they gave alone.
    pub alpha: Option<f64>,
}

/// A criterion that few of a cohort reach.
#[derive(Clone, Debug, PartialEq)]
pub struct WeakSkill {
    pub cohort: String,
    pub title: Both,
    pub criterion: CriterionId,
    pub told: Both,
    pub rate: CriterionRate,
}

/// Whom a coach carries just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoachFigures {
    pub coach: String,
    pub cohorts: u32,
    pub candidates: u32,
    pub late: u32,
}

/// One session, criterion by criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct CriteriaFigures {
    pub session: SessionFigures,
    pub criteria: Vec<CriterionFigures>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CriterionFigures {
    pub told: Both,
    pub rate: CriterionRate,
    pub alpha: Option<f64>,
}

impl Desk {
    /// The statistics of all sessions of a certifier's organisations. `soon` is the moment by which a hand-in is near.
    ///
    /// # Errors
    /// When the records cannot be reached.
    pub async fn statistics(&self, certifier: &Account, soon: Timestamp) -> Result<Statistics, Error> {
        let scope = Scope::Statistics(certifier.person.clone());
        self.read(&scope, |records| {
            let own: Vec<&Session> =
                records.sessions.iter().filter(|one| records.session_for(certifier, &one.id).is_ok()).collect();
            let judged = own.iter().filter(|one| !matches!(one.state, SessionState::Draft | SessionState::Cancelled));
            let running: Vec<Session> = own
                .iter()
                .filter(|one| matches!(one.state, SessionState::Open | SessionState::Closed))
                .map(|one| (*one).clone())
                .collect();
            let held: Vec<Cohort> = records.cohorts.iter().filter(|one| has_session(&running, one)).cloned().collect();
            let load = |load: programme::CoachLoad| CoachFigures {
                coach: records.name(&load.coach).to_owned(),
                cohorts: load.cohorts,
                candidates: load.candidates,
                late: load.late,
            };
            Statistics {
                sessions: judged.filter_map(|one| figures(records, one)).collect(),
                weakest: weak_skills(records, &own),
                coaches: coach_loads(&held, &running, &records.enrolments, soon).into_iter().map(load).collect(),
            }
        })
        .await
    }

    /// The statistics of one session.
    ///
    /// # Errors
    /// When it is not theirs.
    pub async fn session_statistics(&self, certifier: &Account, id: &SessionId) -> Result<CriteriaFigures, Error> {
        let scope = Scope::Session(id.clone());
        let found = self.read(&scope, |records| {
            let session = records.session_for(certifier, id)?;
            let title = records.title(&session.title).ok_or(Error::NotFound)?;
            let figures = figures(records, session).ok_or(Error::NotFound)?;
            let (_, each) = agreement(&sheets(records, id));
            let criteria = figures.rates.criteria.iter().map(|rate| CriterionFigures {
                told: told(title, &rate.criterion),
                rate: rate.clone(),
                alpha: each.get(&rate.criterion).copied().flatten(),
            });
            Ok::<_, Error>(CriteriaFigures { criteria: criteria.collect(), session: figures })
        });
        found.await?
    }
}

fn has_session(sessions: &[Session], cohort: &Cohort) -> bool {
    sessions.iter().any(|session| session.cohort.as_ref() == Some(&cohort.id))
}

fn sheets(records: &Records, of: &SessionId) -> Vec<Sheet> {
    records.sheets.iter().filter(|sheet| sheet.session == *of).cloned().collect()
}

fn figures(records: &Records, session: &Session) -> Option<SessionFigures> {
    let title = records.title(&session.title)?;
    let enrolments: Vec<Enrolment> = records.enrolments_of(&session.id).cloned().collect();
    Some(SessionFigures {
        id: session.id.clone(),
        title: title.name.clone(),
        name: session.name.clone(),
        state: session.state,
        rates: rates(&title.versions, &enrolments),
        alpha: agreement(&sheets(records, &session.id)).0,
    })
}

/// The criteria that fewest of a cohort reach, over all its sessions of one title.
fn weak_skills(records: &Records, sessions: &[&Session]) -> Vec<WeakSkill> {
    let mut groups: BTreeMap<(CohortId, TitleId), Vec<Enrolment>> = BTreeMap::new();
    for session in sessions {
        let Some(cohort) = &session.cohort else { continue };
        let group = groups.entry((cohort.clone(), session.title.clone())).or_default();
        group.extend(records.enrolments_of(&session.id).cloned());
    }
    let mut found = Vec::new();
    for ((cohort, title), enrolments) in groups {
        let Some(title) = records.title(&title) else { continue };
        let name = records.cohorts.iter().find(|one| one.id == cohort).map_or("–", |one| &one.name);
        let rates = rates(&title.versions, &enrolments);
        found.extend(weakest(&rates, WEAKEST).into_iter().map(|rate| WeakSkill {
            cohort: name.to_owned(),
            title: title.name.clone(),
            criterion: rate.criterion.clone(),
            told: told(title, &rate.criterion),
            rate: rate.clone(),
        }));
    }
    found
}

/// What a criterion is called in the latest version that has it.
fn told(title: &Title, id: &CriterionId) -> Both {
    let named = |version: &Version| version.rubric.criterion(id).map(|criterion| criterion.title.clone());
    title.versions.iter().rev().find_map(named).unwrap_or_default()
}
