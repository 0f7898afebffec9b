//! One transaction: records that change, and the events that say so.

use programme::Event;

use crate::audit::{self, Entry};
use crate::engine::{Tx, Value};
use crate::record::{Kept, Record, sha256};
use crate::{Store, StoreError, statement};

/// What will be written, all of it or nothing. It is put together before the transaction begins, so that the only
/// writer is held for as short as possible.
#[derive(Default)]
pub struct Write {
    steps: Vec<Step>,
    entries: Vec<Entry>,
}

struct Step {
    kind: &'static str,
    id: String,
    sql: String,
    values: Vec<Value>,
    sides: Vec<(String, Vec<Value>)>,
}

impl Write {
    pub fn new() -> Write {
        Write::default()
    }

    /// A record that is new, with what happened to it.
    #[must_use]
    pub fn add<T: Record>(self, record: &T, event: Event) -> Write {
        self.add_all(record, vec![event])
    }

    /// The same, when several things happened to it at once.
    #[must_use]
    pub fn add_all<T: Record>(self, record: &T, events: Vec<Event>) -> Write {
        let (body, digest) = body(record);
        let id = record.subject().id().to_owned();
        let mut values = vec![Value::from(id.as_str())];
        values.extend(record.values());
        values.extend([Value::Text(Some(body)), digest.as_str().into()]);
        self.step(record, statement::insert::<T>(), values, digest, events)
    }

    /// A record that was read and changed, with what happened to it.
    #[must_use]
    pub fn put<T: Record>(self, kept: &Kept<T>, event: Event) -> Write {
        self.put_all(kept, vec![event])
    }

    /// The same, when several things happened to it at once.
    #[must_use]
    pub fn put_all<T: Record>(self, kept: &Kept<T>, events: Vec<Event>) -> Write {
        let record = &kept.record;
        let (body, digest) = body(record);
        let id = record.subject().id().to_owned();
        let mut values = record.values();
        values.extend([Value::Text(Some(body)), digest.as_str().into(), id.into(), kept.revision.into()]);
        self.step(record, statement::update::<T>(), values, digest, events)
    }

    /// Says that what is written depends on records that this one stands for: nobody may have changed them meanwhile.
    #[must_use]
    pub fn guard<T: Record>(mut self, kept: &Kept<T>) -> Write {
        let id = kept.record.subject().id().to_owned();
        let values = vec![id.as_str().into(), kept.revision.into()];
        self.steps.push(Step { kind: T::TABLE, id, sql: statement::guard::<T>(), values, sides: Vec::new() });
        self
    }

    /// Tells what happened in the order in which it did, whichever record it happened to.
    #[must_use]
    pub fn in_order(mut self) -> Write {
        self.entries.sort_by_key(|entry| entry.event.act.at);
        self
    }

    /// What another write does, in the same transaction.
    #[must_use]
    pub fn with(mut self, other: Write) -> Write {
        self.steps.extend(other.steps);
        self.entries.extend(other.entries);
        self
    }

    fn step<T: Record>(
        mut self,
        record: &T,
        sql: String,
        values: Vec<Value>,
        digest: String,
        events: Vec<Event>,
    ) -> Write {
        let id = record.subject().id().to_owned();
        let mut sides = Vec::new();
        for side in record.sides() {
            sides.push((statement::clear(&side), vec![Value::from(id.as_str())]));
            let add = statement::add(&side);
            for row in &side.rows {
                let mut values = vec![Value::from(id.as_str())];
                values.extend(row.iter().cloned());
                if !sides.iter().any(|(sql, known)| *sql == add && *known == values) {
                    sides.push((add.clone(), values));
                }
            }
        }
        self.entries.extend(events.into_iter().map(|event| Entry { event, after: digest.clone() }));
        self.steps.push(Step { kind: T::TABLE, id, sql, values, sides });
        self
    }
}

/// The record as it is kept, and its digest.
fn body<T: Record>(record: &T) -> (String, String) {
    let body = serde_json::to_string(record).expect("records are plain data");
    let digest = sha256(body.as_bytes());
    (body, digest)
}

impl Store {
    /// Writes all of it or nothing. When it returns, it is on the disk.
    ///
    /// # Errors
    /// When a record was changed meanwhile, is there already, or names one that is not; when the disk is full, …
    pub async fn commit(&self, write: Write) -> Result<(), StoreError> {
        let mut tx = self.engine.write().await?;
        self.write_in(&mut tx, write).await?;
        tx.commit().await
    }

    pub(crate) async fn write_in(&self, tx: &mut Tx, write: Write) -> Result<(), StoreError> {
        // The log comes first: on PostgreSQL its head is what writers wait for, one after the other.
        audit::append(tx, write.entries, (self.chance)()).await?;
        for step in write.steps {
            let changed = tx.run(&step.sql, &step.values).await.map_err(|error| named(error, step.kind))?;
            if changed != 1 {
                return Err(StoreError::Stale { kind: step.kind, id: step.id });
            }
            for (sql, values) in &step.sides {
                tx.run(sql, values).await.map_err(|error| named(error, step.kind))?;
            }
        }
        Ok(())
    }
}

fn named(error: StoreError, kind: &'static str) -> StoreError {
    match error {
        StoreError::Exists { .. } => StoreError::Exists { kind },
        StoreError::Dangling { .. } => StoreError::Dangling { what: kind },
        other => other,
    }
}
