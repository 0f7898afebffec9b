//! Adding to the log, and reading what happened to a record.

use jiff::Timestamp;
use programme::{Actor, Event};

use crate::engine::{Row, Tx, Value};
use crate::record::sha256;
use crate::{Store, StoreError};

/// An event, and the digest of its record as it left it.
pub(crate) struct Entry {
    pub(crate) event: Event,
    pub(crate) after: String,
}

/// A line of the log as its hash covers it.
pub(crate) struct Line {
    pub(crate) seq: i64,
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) subject: String,
    pub(crate) actor: String,
    pub(crate) what: String,
    pub(crate) body_digest: String,
    pub(crate) after: String,
}

impl Line {
    /// Texts cannot run into each other: each is preceded by its length.
    pub(crate) fn hash(&self, previous: &str) -> String {
        let mut said = String::from("preuve-event/1\n");
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        let parts = [&seq, &at, &self.kind, &self.subject, &self.actor, &self.what, &self.body_digest, &self.after]
            .map(String::as_str);
        for part in parts.into_iter().chain([previous]) {
            said.push_str(&part.len().to_string());
            said.push(':');
            said.push_str(part);
            said.push('\n');
        }
        sha256(said.as_bytes())
    }
}

/// The digest of a body that nobody can guess back once its salt is gone.
pub(crate) fn body_digest(salt: &str, body: &str) -> String {
    sha256(format!("{salt}\n{body}").as_bytes())
}

const INSERT: &str = "INSERT INTO event \
    (seq, at, kind, subject, actor, what, body, salt, body_digest, after_digest, previous, hash) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

pub(crate) async fn append(tx: &mut Tx, entries: Vec<Entry>, chance: [u8; 32]) -> Result<(), StoreError> {
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let head = tx.all("UPDATE head SET size = size + $1 RETURNING size, hash", &[count.into()]).await?;
    let head = head.first().ok_or_else(|| StoreError::Damaged { why: "the log has no head".to_owned() })?;
    let (size, mut previous) = (head.int(0)?, head.text(1)?);
    for (seq, entry) in (size - count + 1..).zip(entries) {
        let Entry { event, after } = entry;
        let body = serde_json::to_string(&event).expect("events are plain data");
        let salt = sha256(&[chance.as_slice(), &seq.to_be_bytes()].concat());
        let line = Line {
            seq,
            at: event.act.at.as_microsecond(),
            kind: event.on.kind().to_owned(),
            subject: event.on.id().to_owned(),
            actor: actor(&event),
            what: what(&event),
            body_digest: body_digest(&salt, &body),
            after,
        };
        let hash = line.hash(&previous);
        let values: [Value; 12] = [
            seq.into(),
            line.at.into(),
            line.kind.into(),
            line.subject.into(),
            line.actor.into(),
            line.what.into(),
            Value::Text(Some(body)),
            salt.into(),
            line.body_digest.into(),
            line.after.into(),
            previous.into(),
            hash.as_str().into(),
        ];
        tx.run(INSERT, &values).await?;
        previous = hash;
    }
    tx.run("UPDATE head SET hash = $1", &[previous.into()]).await?;
    Ok(())
}

fn actor(event: &Event) -> String {
    match &event.act.by {
        Actor::Person(person) => person.to_string(),
        Actor::Service(name) => format!("service:{name}").replace('\0', ""),
    }
}

/// The name of the change, as it is written.
fn what(event: &Event) -> String {
    let value = serde_json::to_value(&event.change).unwrap_or_default();
    value.get("what").and_then(|what| what.as_str()).unwrap_or_default().to_owned()
}

/// One line of the log as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    pub seq: i64,
    pub at: Timestamp,
    pub kind: String,
    pub subject: String,
    /// A person's id, or `service:…`.
    pub actor: String,
    pub what: String,
    /// `None` once it was taken away for somebody who was erased.
    pub event: Option<Event>,
}

const COLUMNS: &str = "SELECT seq, at, kind, subject, actor, what, body FROM event";

impl Store {
    /// What happened to one record, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn history(&self, kind: &str, subject: &str) -> Result<Vec<Logged>, StoreError> {
        let sql = format!("{COLUMNS} WHERE kind = $1 AND subject = $2 ORDER BY seq LIMIT 10000");
        self.engine.all(&sql, &[kind.into(), subject.into()]).await?.iter().map(logged).collect()
    }

    /// The log from its end: the latest lines before a number (or of all), newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log(&self, before: Option<i64>, most: i64) -> Result<Vec<Logged>, StoreError> {
        let sql = format!("{COLUMNS} WHERE seq < $1 ORDER BY seq DESC LIMIT {}", most.clamp(0, 10_000));
        self.engine.all(&sql, &[before.unwrap_or(i64::MAX).into()]).await?.iter().map(logged).collect()
    }

    /// The same, of what one organisation holds: its titles, cohorts and sessions, and what is in those.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log_of(&self, of: &str, before: Option<i64>, most: i64) -> Result<Vec<Logged>, StoreError> {
        let of_session = |kind: &str, table: &str| {
            format!(
                "kind = '{kind}' AND EXISTS (SELECT 1 FROM {table} JOIN session ON session.id = {table}.session \
                 WHERE {table}.id = event.subject AND session.organisation = $2)"
            )
        };
        let owned = |kind: &str, by: &str| {
            format!("kind = '{kind}' AND EXISTS (SELECT 1 FROM {kind} WHERE id = event.subject AND {by} = $2)")
        };
        let of_title = |kind: &str| {
            format!(
                "kind = '{kind}' AND EXISTS (SELECT 1 FROM {kind} JOIN title ON title.id = {kind}.title \
                 WHERE {kind}.id = event.subject AND title.certifier = $2)"
            )
        };
        let any = [
            "kind = 'organisation' AND subject = $2".to_owned(),
            owned("title", "certifier"),
            owned("cohort", "organisation"),
            owned("session", "organisation"),
            of_session("invitation", "invitation"),
            of_session("enrolment", "enrolment"),
            of_session("deliberation", "enrolment"),
            of_session("sheet", "sheet"),
            of_session("appeal", "appeal"),
            of_session("fraud-report", "fraud_report"),
            "kind = 'award' AND EXISTS (SELECT 1 FROM award JOIN enrolment ON enrolment.id = award.enrolment \
             JOIN session ON session.id = enrolment.session \
             WHERE award.id = event.subject AND session.organisation = $2)"
                .to_owned(),
            of_title("question"),
        ]
        .join(") OR (");
        let most = most.clamp(0, 10_000);
        let sql = format!("{COLUMNS} WHERE seq < $1 AND (({any})) ORDER BY seq DESC LIMIT {most}");
        let values = [before.unwrap_or(i64::MAX).into(), of.into()];
        self.engine.all(&sql, &values).await?.iter().map(logged).collect()
    }

    /// The log from a number on: what came after it, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log_after(&self, seq: i64, most: i64) -> Result<Vec<Logged>, StoreError> {
        let sql = format!("{COLUMNS} WHERE seq > $1 ORDER BY seq LIMIT {}", most.clamp(0, 10_000));
        self.engine.all(&sql, &[seq.into()]).await?.iter().map(logged).collect()
    }

    /// How many lines the log has. Whatever changes a record adds one: while it stays, what was read is as it was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log_length(&self) -> Result<i64, StoreError> {
        self.engine.one("SELECT size FROM head", &[]).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// What somebody did, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn deeds(&self, actor: &str, most: i64) -> Result<Vec<Logged>, StoreError> {
        let sql = format!("{COLUMNS} WHERE actor = $1 ORDER BY seq DESC LIMIT {}", most.clamp(0, 10_000));
        self.engine.all(&sql, &[actor.into()]).await?.iter().map(logged).collect()
    }
}

fn logged(row: &Row) -> Result<Logged, StoreError> {
    let body = row.maybe_text(6)?;
    Ok(Logged {
        seq: row.int(0)?,
        at: moment(row.int(1)?)?,
        kind: row.text(2)?,
        subject: row.text(3)?,
        actor: row.text(4)?,
        what: row.text(5)?,
        event: body.and_then(|body| serde_json::from_str(&body).ok()),
    })
}

pub(crate) fn moment(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Damaged { why: error.to_string() })
}
