//! Notes and messages between people, which are no acts: they stand beside the records and are no part of the log.

use jiff::Timestamp;
use programme::PersonId;

use crate::engine::{Row, Value};
use crate::{Store, StoreError};

/// One note, or one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: String,
    /// What it is about, and who may read it: whoever asks knows what the name means.
    pub about: String,
    pub author: PersonId,
    /// The one person whom it is for; none when it is for whoever is in charge.
    pub addressee: Option<PersonId>,
    pub at: Timestamp,
    /// When its addressee first saw it.
    pub seen: Option<Timestamp>,
    pub body: String,
}

const COLUMNS: &str = "id, about, author, addressee, at, seen, body";

fn moment(micros: i64, what: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Unreadable {
        kind: "note",
        id: what.to_owned(),
        why: error.to_string(),
    })
}

fn person(text: &str, of: &str) -> Result<PersonId, StoreError> {
    PersonId::new(text).map_err(|error| StoreError::Unreadable {
        kind: "note",
        id: of.to_owned(),
        why: error.to_string(),
    })
}

fn note(row: &Row) -> Result<Note, StoreError> {
    let id = row.text(0)?;
    let addressee = row.maybe_text(3)?.map(|text| person(&text, &id)).transpose()?;
    Ok(Note {
        about: row.text(1)?,
        author: person(&row.text(2)?, &id)?,
        addressee,
        at: moment(row.int(4)?, &id)?,
        seen: row.maybe_int(5)?.map(|at| moment(at, &id)).transpose()?,
        body: row.text(6)?,
        id,
    })
}

impl Store {
    /// Keeps a note.
    ///
    /// # Errors
    /// When its author or addressee is not there, or the database does not answer.
    pub async fn add_note(&self, note: &Note) -> Result<(), StoreError> {
        let sql = format!("INSERT INTO note ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        let values = [
            note.id.as_str().into(),
            note.about.as_str().into(),
            note.author.as_str().into(),
            note.addressee.as_ref().map(PersonId::as_str).into(),
            note.at.as_microsecond().into(),
            note.seen.map(Timestamp::as_microsecond).into(),
            note.body.as_str().into(),
        ];
        self.engine.run(&sql, &values).await.map(|_| ())
    }

    /// The notes about something, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notes_about(&self, about: &str, most: i64) -> Result<Vec<Note>, StoreError> {
        let most = most.clamp(0, 1_000);
        let sql = format!("SELECT {COLUMNS} FROM note WHERE about = $1 ORDER BY at DESC, id LIMIT {most}");
        self.engine.all(&sql, &[about.into()]).await?.iter().map(note).collect()
    }

    /// The last word in each of these threads that is not the reader's own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_heard(&self, threads: &[String], reader: &PersonId) -> Result<Vec<Note>, StoreError> {
        if threads.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (2..threads.len() + 2).map(|nth| format!("${nth}")).collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM note WHERE about IN ({}) AND author <> $1 AND at = (SELECT max(other.at) FROM note \
             other WHERE other.about = note.about AND other.author <> $1) ORDER BY at DESC, id",
            places.join(", ")
        );
        let mut values: Vec<Value> = vec![reader.as_str().into()];
        values.extend(threads.iter().map(|about| about.as_str().into()));
        self.engine.all(&sql, &values).await?.iter().map(note).collect()
    }

    /// What somebody wrote, and what was written to them, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notes_of(&self, person: &PersonId, most: i64) -> Result<Vec<Note>, StoreError> {
        let most = most.clamp(0, 10_000);
        let sql =
            format!("SELECT {COLUMNS} FROM note WHERE author = $1 OR addressee = $1 ORDER BY at, id LIMIT {most}");
        self.engine.all(&sql, &[person.as_str().into()]).await?.iter().map(note).collect()
    }

    /// Says that somebody saw what is for them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn see_notes(&self, about: &str, addressee: &PersonId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE note SET seen = $3 WHERE about = $1 AND addressee = $2 AND seen IS NULL";
        let values = [about.into(), addressee.as_str().into(), at.as_microsecond().into()];
        self.engine.run(sql, &values).await.map(|_| ())
    }

    /// Of these threads, those whose last word is for whoever is in charge.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unanswered(&self, threads: &[String]) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        for some in threads.chunks(400) {
            let places: Vec<String> = (1..=some.len()).map(|nth| format!("${nth}")).collect();
            let sql = format!(
                "SELECT DISTINCT about FROM note WHERE about IN ({}) AND addressee IS NULL \
                 AND at = (SELECT max(other.at) FROM note other WHERE other.about = note.about) ORDER BY about",
                places.join(", ")
            );
            let values: Vec<Value> = some.iter().map(|about| about.as_str().into()).collect();
            for row in self.engine.all(&sql, &values).await? {
                found.push(row.text(0)?);
            }
        }
        Ok(found)
    }
}
