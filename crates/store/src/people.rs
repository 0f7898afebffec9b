//! Records asked for from the other side: who is what in an organisation, whom somebody coaches, where somebody sits.

use programme::{Award, Cohort, Enrolment, OrganisationId, Person, PersonId, Role, Session};

use crate::record::{Kept, Record, read};
use crate::{Store, StoreError};

/// The columns that [`read`] wants, of a table called `it`.
pub(crate) fn of_it<T: Record>() -> String {
    format!("SELECT it.{key}, it.body, it.revision FROM {table} it", key = T::KEY, table = T::TABLE)
}

impl Store {
    /// Those who have a role in an organisation, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn people_in(&self, role: Role, of: &OrganisationId) -> Result<Vec<Kept<Person>>, StoreError> {
        let sql = format!(
            "{} JOIN role_held side ON side.person = it.id WHERE side.organisation = $1 AND side.role = $2 \
             ORDER BY it.name, it.id LIMIT 10000",
            of_it::<Person>()
        );
        self.engine.all(&sql, &[of.as_str().into(), role.name().into()]).await?.iter().map(read).collect()
    }

    /// The sessions in whose jury somebody sits, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions_judged(&self, by: &PersonId) -> Result<Vec<Kept<Session>>, StoreError> {
        let sql = format!(
            "{} JOIN juror_of side ON side.session = it.id WHERE side.person = $1 \
             ORDER BY it.opens DESC, it.id LIMIT 1000",
            of_it::<Session>()
        );
        self.engine.all(&sql, &[by.as_str().into()]).await?.iter().map(read).collect()
    }

    /// The cohorts that somebody coaches, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn cohorts_coached(&self, by: &PersonId) -> Result<Vec<Kept<Cohort>>, StoreError> {
        let sql = format!(
            "{} JOIN coach_of side ON side.cohort = it.id WHERE side.person = $1 \
             ORDER BY it.starts DESC, it.id LIMIT 1000",
            of_it::<Cohort>()
        );
        self.engine.all(&sql, &[by.as_str().into()]).await?.iter().map(read).collect()
    }

    /// The people enrolled in a session, by id: one question for a whole list of names.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn people_of_session(&self, session: &str) -> Result<Vec<Kept<Person>>, StoreError> {
        let sql = format!(
            "{} WHERE it.id IN (SELECT person FROM {} WHERE session = $1) ORDER BY it.id LIMIT 10000",
            of_it::<Person>(),
            Enrolment::TABLE
        );
        self.engine.all(&sql, &[session.into()]).await?.iter().map(read).collect()
    }

    /// The latest awards from sessions of an organisation, with their people: two questions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn awarded_by(&self, of: &OrganisationId, most: i64) -> Result<Awarded, StoreError> {
        // A condition, not a join: a join would be begun from everybody who ever enrolled.
        let from = "WHERE EXISTS (SELECT 1 FROM enrolment place JOIN session home ON home.id = place.session \
                    WHERE place.id = it.enrolment AND home.organisation = $1) ORDER BY it.issued DESC, it.id";
        let values = [of.as_str().into()];
        let awards = format!("{} {from} LIMIT {}", of_it::<Award>(), most.clamp(0, 10_000));
        let people = format!(
            "{} WHERE it.id IN (SELECT it.person FROM award it {from} LIMIT {}) ORDER BY it.id",
            of_it::<Person>(),
            most.clamp(0, 10_000)
        );
        Ok(Awarded {
            awards: self.engine.all(&awards, &values).await?.iter().map(read).collect::<Result<_, _>>()?,
            people: self.engine.all(&people, &values).await?.iter().map(read).collect::<Result<_, _>>()?,
        })
    }
}

/// Awards with whom they were given to.
pub struct Awarded {
    pub awards: Vec<Kept<Award>>,
    pub people: Vec<Kept<Person>>,
}
