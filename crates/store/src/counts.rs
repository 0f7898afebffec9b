//! What a dashboard tells of many candidates without reading them: how many are where, and the few that wait.

use programme::{Appeal, AppealState, Award, Enrolment, OrganisationId, Person, SessionId, Stage};

use crate::record::{Kept, read};
use crate::{Store, StoreError, people::of_it};

/// An enrolment that somebody must decide about, as its body says. The index `enrolment_waits` has the same words: it
/// holds those few and no others.
const WAITS: &str = r#"(body LIKE '%"fraud_open":true%' OR body LIKE '%"state":"asked"%')"#;

/// The sessions of an organisation that are not over.
const RUNNING: &str = "SELECT id FROM session WHERE organisation = $1 AND state <> 'archived'";

impl Store {
    /// How many are at each stage of each session of an organisation that is not archived.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stages_of(&self, of: &OrganisationId) -> Result<Vec<(SessionId, Stage, i64)>, StoreError> {
        let sql = format!(
            "SELECT session, stage, count(*) FROM enrolment WHERE session IN ({RUNNING}) \
             GROUP BY session, stage ORDER BY session, stage"
        );
        let mut counted = Vec::new();
        for row in self.engine.all(&sql, &[of.as_str().into()]).await? {
            // A name that this version does not know is in no figure of it, either.
            let known = (SessionId::new(&row.text(0)?).ok(), Stage::from_name(&row.text(1)?));
            if let (Some(session), Some(stage)) = known {
                counted.push((session, stage, row.int(2)?));
            }
        }
        Ok(counted)
    }

    /// Who waits in those sessions for an adjustment or for the answer to a suspicion.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn waiting_in(&self, of: &OrganisationId) -> Result<Vec<Kept<Enrolment>>, StoreError> {
        let all = of_it::<Enrolment>();
        let sql = format!("{all} WHERE session IN ({RUNNING}) AND {WAITS} ORDER BY it.id LIMIT 10000");
        self.engine.all(&sql, &[of.as_str().into()]).await?.iter().map(read).collect()
    }

    /// The appeals that nobody has looked at, with who filed them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn appeals_filed(
        &self,
        of: &OrganisationId,
    ) -> Result<(Vec<Kept<Appeal>>, Vec<Kept<Enrolment>>), StoreError> {
        let filed = format!("state = $2 AND session IN ({RUNNING})");
        let values = [of.as_str().into(), AppealState::Filed.name().into()];
        let appeals = format!("{} WHERE {filed} ORDER BY id LIMIT 10000", of_it::<Appeal>());
        let enrolments = format!(
            "{} WHERE id IN (SELECT enrolment FROM appeal WHERE {filed}) ORDER BY id LIMIT 10000",
            of_it::<Enrolment>()
        );
        Ok((
            self.engine.all(&appeals, &values).await?.iter().map(read).collect::<Result<_, _>>()?,
            self.engine.all(&enrolments, &values).await?.iter().map(read).collect::<Result<_, _>>()?,
        ))
    }

    /// What the people of an employer hold and held, with those people: who holds nothing is not among them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn awards_of(
        &self,
        employer: &OrganisationId,
        most: i64,
    ) -> Result<(Vec<Kept<Award>>, Vec<Kept<Person>>), StoreError> {
        let most = most.clamp(0, 10_000);
        let awards = format!(
            "{} WHERE it.person IN (SELECT id FROM person WHERE employer = $1) ORDER BY it.person, it.issued DESC, it.id \
             LIMIT {most}",
            of_it::<Award>()
        );
        let people = format!(
            "{} WHERE it.employer = $1 AND EXISTS (SELECT 1 FROM award WHERE person = it.id) ORDER BY it.id LIMIT {most}",
            of_it::<Person>()
        );
        let values = [employer.as_str().into()];
        Ok((
            self.engine.all(&awards, &values).await?.iter().map(read).collect::<Result<_, _>>()?,
            self.engine.all(&people, &values).await?.iter().map(read).collect::<Result<_, _>>()?,
        ))
    }
}
