//! Proving that the log and the records are what was written: nothing altered, removed, reordered or cut off.

use std::collections::{BTreeMap, BTreeSet};

use credential::log::Frontier;
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use programme::{
    Appeal, Award, Cohort, Deliberation, Enrolment, FraudReport, Invitation, Organisation, Person, Question, Session,
    Sheet, Title,
};
use serde::Serialize;

use super::append::{Line, body_digest};
use super::root::{Root, root};
use crate::engine::{Row, Tx, Value};
use crate::record::{Record, Side, sha256};
use crate::{Store, StoreError};

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum AuditProblem {
    /// An event is not there.
    Missing { seq: i64 },
    /// An event says something else than when it was written.
    Altered { seq: i64 },
    /// An event does not follow the one before it.
    Broken { seq: i64 },
    /// The text of an event is gone, and nobody was erased who is spoken of in it.
    TextGone { seq: i64 },
    /// The log ends too early.
    Truncated { has: i64, expected: i64 },
    /// The events up to a signed root are not those that were signed.
    RootDiffers { day: String },
    /// The signature of a root is not that of the key.
    SignatureWrong { day: String },
    /// A root was signed by a key that is not believed.
    SignerUnknown { day: String, signer: String },
    /// A record is not as its last event left it.
    RecordAltered { kind: String, id: String },
    /// A record that the log speaks of is not there.
    RecordMissing { kind: String, id: String },
    /// A record that the log does not speak of.
    RecordUnexplained { kind: String, id: String },
}

/// What was read, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    pub events: i64,
    pub records: u64,
    pub roots: usize,
    /// The root of the log as it stands, to compare with one that somebody kept.
    pub root: String,
    pub problems: Vec<AuditProblem>,
}

/// More than this tells nobody more.
const MOST_PROBLEMS: usize = 1_000;

/// What the log says a record must be.
struct Last {
    after: String,
    seen: bool,
}

struct Reading {
    expected: i64,
    previous: String,
    growing: Frontier,
    /// The roots of the log at the sizes that were signed.
    at_size: BTreeMap<i64, String>,
    wanted: BTreeSet<i64>,
    last: BTreeMap<(String, String), Last>,
    erased: BTreeSet<String>,
    /// Events without their text, with the person or record that they are about.
    gone: Vec<(i64, String, String, String)>,
    problems: Vec<AuditProblem>,
}

impl Store {
    /// Reads the whole log and all records, as of one moment. `kept` are roots that somebody kept outside, and
    /// `signers` the public keys that are believed, in hexadecimal (none: every key).
    ///
    /// # Errors
    /// When the database does not answer; what is wrong with the log is in the report.
    pub async fn verify(&self, kept: &[Root], signers: &[String]) -> Result<AuditReport, StoreError> {
        let mut tx = self.engine.snapshot().await?;
        let rows = tx.all("SELECT day, size, root, at, signer, signature FROM root ORDER BY size, day", &[]).await?;
        let mut roots: Vec<Root> = rows.iter().map(root).collect::<Result<_, _>>()?;
        let inside = roots.len();
        roots.extend(kept.iter().cloned());
        let mut reading = Reading {
            expected: 1,
            previous: String::new(),
            growing: Frontier::default(),
            at_size: BTreeMap::from([(0, hex::encode(Frontier::default().root()))]),
            wanted: roots.iter().map(|root| root.size).collect(),
            last: BTreeMap::new(),
            erased: BTreeSet::new(),
            gone: Vec::new(),
            problems: Vec::new(),
        };
        reading.events(&mut tx).await?;
        reading.end(&mut tx).await?;
        reading.texts(&mut tx).await?;
        reading.roots(&roots, signers);
        let records = reading.records(&mut tx).await?;
        reading.problems.truncate(MOST_PROBLEMS);
        let root = hex::encode(reading.growing.root());
        Ok(AuditReport { events: reading.expected - 1, records, roots: inside, root, problems: reading.problems })
    }
}

impl Reading {
    async fn events(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let sql = "SELECT seq, at, kind, subject, actor, what, body, salt, body_digest, after_digest, previous, hash \
                   FROM event WHERE seq > $1 ORDER BY seq LIMIT 5000";
        let mut from = i64::MIN;
        loop {
            let rows = tx.all(sql, &[from.into()]).await?;
            for row in &rows {
                self.event(row)?;
            }
            match rows.last() {
                Some(row) => from = row.int(0)?,
                None => return Ok(()),
            }
        }
    }

    fn event(&mut self, row: &Row) -> Result<(), StoreError> {
        let line = Line {
            seq: row.int(0)?,
            at: row.int(1)?,
            kind: row.text(2)?,
            subject: row.text(3)?,
            actor: row.text(4)?,
            what: row.text(5)?,
            body_digest: row.text(8)?,
            after: row.text(9)?,
        };
        let (body, salt, previous, hash) = (row.maybe_text(6)?, row.maybe_text(7)?, row.text(10)?, row.text(11)?);
        let seq = line.seq;
        while self.expected < seq && self.problems.len() < MOST_PROBLEMS {
            self.problems.push(AuditProblem::Missing { seq: self.expected });
            self.expected += 1;
        }
        match (&body, &salt) {
            (Some(body), Some(salt)) if body_digest(salt, body) == line.body_digest && agrees(&line, body) => {}
            (None, None) => self.gone.push((seq, line.kind.clone(), line.subject.clone(), line.actor.clone())),
            _ => self.problems.push(AuditProblem::Altered { seq }),
        }
        if previous != self.previous {
            self.problems.push(AuditProblem::Broken { seq });
        }
        if line.hash(&previous) != hash {
            self.problems.push(AuditProblem::Altered { seq });
        }
        if line.what == "person-erased" {
            self.erased.insert(line.subject.clone());
        }
        self.growing.push(hash.as_bytes());
        self.previous = hash;
        self.expected = seq.saturating_add(1);
        if self.wanted.contains(&seq) {
            self.at_size.insert(seq, hex::encode(self.growing.root()));
        }
        self.last.insert((line.kind, line.subject), Last { after: line.after, seen: false });
        Ok(())
    }

    async fn end(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let head = tx.all("SELECT size, hash FROM head", &[]).await?;
        let (size, hash) = match head.first() {
            Some(row) => (row.int(0)?, row.text(1)?),
            None => (-1, String::new()),
        };
        let signed = self.wanted.last().copied().unwrap_or(0);
        let (has, expected) = (self.expected - 1, size.max(signed));
        if has < expected {
            self.problems.push(AuditProblem::Truncated { has, expected });
        } else if hash != self.previous || has != size {
            self.problems.push(AuditProblem::Broken { seq: has });
        }
        Ok(())
    }

    /// A text may be gone only for somebody who was erased, by an event that is in the log.
    async fn texts(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        for (seq, kind, subject, actor) in std::mem::take(&mut self.gone) {
            let mut excused = self.erased.contains(&actor) || (kind == "person" && self.erased.contains(&subject));
            let of = match &*kind {
                "enrolment" | "deliberation" => Some("SELECT person FROM enrolment WHERE id = $1"),
                "award" => Some("SELECT person FROM award WHERE id = $1"),
                "sheet" => Some("SELECT person FROM enrolment WHERE id = (SELECT enrolment FROM sheet WHERE id = $1)"),
                "appeal" => {
                    Some("SELECT person FROM enrolment WHERE id = (SELECT enrolment FROM appeal WHERE id = $1)")
                }
                "fraud-report" => {
                    Some("SELECT person FROM enrolment WHERE id = (SELECT enrolment FROM fraud_report WHERE id = $1)")
                }
                _ => None,
            };
            if let Some(sql) = of.filter(|_| !excused) {
                let rows = tx.all(sql, &[subject.into()]).await?;
                excused = match rows.first() {
                    Some(row) => self.erased.contains(&row.text(0)?),
                    None => false,
                };
            }
            if !excused {
                self.problems.push(AuditProblem::TextGone { seq });
            }
        }
        Ok(())
    }

    fn roots(&mut self, roots: &[Root], signers: &[String]) {
        for root in roots {
            let day = root.day.to_string();
            if !is_signed(root) {
                self.problems.push(AuditProblem::SignatureWrong { day: day.clone() });
            } else if !signers.is_empty() && !signers.contains(&root.signer) {
                let signer = root.signer.clone();
                self.problems.push(AuditProblem::SignerUnknown { day: day.clone(), signer });
            }
            if self.at_size.get(&root.size) != Some(&root.root) {
                self.problems.push(AuditProblem::RootDiffers { day });
            }
        }
    }

    async fn records(&mut self, tx: &mut Tx) -> Result<u64, StoreError> {
        let mut count = 0;
        count += self.table::<Organisation>(tx).await?;
        count += self.table::<Person>(tx).await?;
        count += self.table::<Title>(tx).await?;
        count += self.table::<Cohort>(tx).await?;
        count += self.table::<Session>(tx).await?;
        count += self.table::<Invitation>(tx).await?;
        count += self.table::<Question>(tx).await?;
        count += self.table::<Enrolment>(tx).await?;
        count += self.table::<Sheet>(tx).await?;
        count += self.table::<Deliberation>(tx).await?;
        count += self.table::<Award>(tx).await?;
        count += self.table::<Appeal>(tx).await?;
        count += self.table::<FraudReport>(tx).await?;
        for ((kind, id), last) in &self.last {
            if !last.seen {
                self.problems.push(AuditProblem::RecordMissing { kind: kind.clone(), id: id.clone() });
            }
        }
        Ok(count)
    }

    async fn table<T: Record>(&mut self, tx: &mut Tx) -> Result<u64, StoreError> {
        let (table, key) = (T::TABLE, T::KEY);
        let columns: String = T::COLUMNS.iter().map(|column| format!(", {column}")).collect();
        let sql =
            format!("SELECT {key}, body, digest{columns} FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT 5000");
        let kind = table.replace('_', "-");
        let (mut from, mut count) = (String::new(), 0);
        let mut listed: Option<BTreeSet<(String, Vec<Value>)>> = None;
        loop {
            let rows = tx.all(&sql, &[from.as_str().into()]).await?;
            for row in &rows {
                count += 1;
                let id = row.text(0)?;
                let record = self.record::<T>(&kind, &id, row)?;
                for side in record.iter().flat_map(Record::sides) {
                    if listed.is_none() {
                        listed = Some(side_rows(tx, &side).await?);
                    }
                    let rows: BTreeSet<Vec<Value>> = side.rows.into_iter().collect();
                    for row in rows {
                        if !listed.as_mut().is_some_and(|listed| listed.remove(&(id.clone(), row))) {
                            self.problems.push(AuditProblem::RecordAltered { kind: kind.clone(), id: id.clone() });
                        }
                    }
                }
            }
            match rows.last() {
                Some(row) => from = row.text(0)?,
                None => break,
            }
        }
        for (id, _) in listed.unwrap_or_default() {
            self.problems.push(AuditProblem::RecordAltered { kind: kind.clone(), id });
        }
        Ok(count)
    }

    /// Compares a record with its last event, and the columns that lists are made from with the record.
    fn record<T: Record>(&mut self, kind: &str, id: &str, row: &Row) -> Result<Option<T>, StoreError> {
        let (body, digest) = (row.text(1)?, row.text(2)?);
        let (kind, id) = (kind.to_owned(), id.to_owned());
        let Some(last) = self.last.get_mut(&(kind.clone(), id.clone())) else {
            self.problems.push(AuditProblem::RecordUnexplained { kind, id });
            return Ok(None);
        };
        last.seen = true;
        let record: Option<T> = serde_json::from_str(&body).ok();
        let mut same = last.after == digest && sha256(body.as_bytes()) == digest;
        match &record {
            Some(record) => {
                same &= record.subject().id() == id;
                for (nth, value) in (3..).zip(record.values()) {
                    same &= value
                        == match value {
                            Value::Text(_) => Value::Text(row.maybe_text(nth)?),
                            Value::Int(_) => Value::Int(row.maybe_int(nth)?),
                        };
                }
            }
            None => same = false,
        }
        if !same {
            self.problems.push(AuditProblem::RecordAltered { kind, id });
        }
        Ok(record)
    }
}

/// All rows of a side table: whose, and what it says.
async fn side_rows(tx: &mut Tx, side: &Side) -> Result<BTreeSet<(String, Vec<Value>)>, StoreError> {
    let sql = format!("SELECT {}, {} FROM {}", side.owner, side.columns.join(", "), side.table);
    let mut found = BTreeSet::new();
    for row in tx.all(&sql, &[]).await? {
        let values = (1..=side.columns.len()).map(|nth| Ok(Value::Text(row.maybe_text(nth)?)));
        found.insert((row.text(0)?, values.collect::<Result<_, StoreError>>()?));
    }
    Ok(found)
}

/// Whether the columns that lists are made from say what the event itself says.
fn agrees(line: &Line, body: &str) -> bool {
    let Ok(event) = serde_json::from_str::<programme::Event>(body) else { return false };
    event.on.kind() == line.kind && event.on.id() == line.subject && event.act.at.as_microsecond() == line.at
}

fn is_signed(root: &Root) -> bool {
    let key = bytes::<32>(&root.signer).and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = bytes::<64>(&root.signature).map(|signature| Signature::from_bytes(&signature));
    match (key, signature) {
        (Some(key), Some(signature)) => key.verify(root.said().as_bytes(), &signature).is_ok(),
        _ => false,
    }
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut found = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (nth, byte) in found.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * nth..2 * nth + 2], 16).ok()?;
    }
    Some(found)
}
