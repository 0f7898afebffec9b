//! Where organisations are told what happens, and up to which event each was told.

use jiff::Timestamp;
use programme::OrganisationId;

use crate::audit::moment;
use crate::engine::{Row, Value};
use crate::{Store, StoreError, Write};

/// An address that is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub organisation: OrganisationId,
    pub url: String,
    pub events: Vec<String>,
    pub secret: String,
    /// The secret before, and until when it counts.
    pub before: Option<(String, Timestamp)>,
    pub made: Timestamp,
    /// The last event of the log that was looked at for it.
    pub seen: i64,
}

/// Secrets are in no log.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Webhook({} of {})", self.id, self.organisation)
    }
}

const COLUMNS: &str = "id, organisation, url, events, secret, secret_before, before_until, made, seen";

impl Store {
    /// Keeps one, with the event that says so. It is told what happens from now on, and nothing that was before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_webhook(&self, hook: &Webhook, told: Write) -> Result<(), StoreError> {
        let sql = "INSERT INTO webhook (id, organisation, url, events, secret, secret_before, before_until, made, seen) \
                   VALUES ($1, $2, $3, $4, $5, NULL, NULL, $6, (SELECT size FROM head))";
        let values: [Value; 6] = [
            hook.id.as_str().into(),
            hook.organisation.as_str().into(),
            hook.url.as_str().into(),
            hook.events.join(" ").into(),
            hook.secret.as_str().into(),
            hook.made.as_microsecond().into(),
        ];
        let mut tx = self.engine.write().await?;
        self.write_in(&mut tx, told).await?;
        tx.run(sql, &values).await?;
        tx.commit().await
    }

    /// Those of an organisation, or all, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhooks(&self, of: Option<&OrganisationId>) -> Result<Vec<Webhook>, StoreError> {
        let rows = match of {
            Some(of) => {
                let sql = format!("SELECT {COLUMNS} FROM webhook WHERE organisation = $1 ORDER BY made, id");
                self.engine.all(&sql, &[of.as_str().into()]).await?
            }
            None => self.engine.all(&format!("SELECT {COLUMNS} FROM webhook ORDER BY made, id"), &[]).await?,
        };
        rows.iter().map(hook).collect()
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn webhook(&self, id: &str) -> Result<Option<Webhook>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM webhook WHERE id = $1");
        self.engine.one(&sql, &[id.into()]).await?.map(|row| hook(&row)).transpose()
    }

    /// Gives one a new secret, with the event that says so; the one before counts beside it until a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rotate_webhook(
        &self,
        id: &str,
        secret: &str,
        until: Timestamp,
        told: Write,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE webhook SET secret_before = secret, before_until = $3, secret = $2 WHERE id = $1";
        self.told_once(told, sql, &[id.into(), secret.into(), until.as_microsecond().into()], None).await
    }

    /// Takes one away, with what waits for it and the event that says so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove_webhook(&self, id: &str, at: Timestamp, told: Write) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = 'cancelled', key = NULL, finished = $2, lease_until = NULL \
                   WHERE about = $1 AND state IN ('queued', 'running')";
        let also = [id.into(), at.as_microsecond().into()];
        self.told_once(told, "DELETE FROM webhook WHERE id = $1", &[id.into()], Some((sql, &also))).await
    }

    /// Changes one row and tells it, in one transaction. Where the row is not there, nothing is told.
    pub(crate) async fn told_once(
        &self,
        told: Write,
        sql: &str,
        values: &[Value],
        also: Option<(&str, &[Value])>,
    ) -> Result<bool, StoreError> {
        let mut tx = self.engine.write().await?;
        self.write_in(&mut tx, told).await?;
        if tx.run(sql, values).await? != 1 {
            return Ok(false);
        }
        if let Some((sql, values)) = also {
            tx.run(sql, values).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Says that everything up to an event was looked at.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhook_saw(&self, id: &str, seq: i64) -> Result<(), StoreError> {
        let sql = "UPDATE webhook SET seen = $2 WHERE id = $1 AND seen < $2";
        self.engine.run(sql, &[id.into(), seq.into()]).await.map(|_| ())
    }

    /// How many jobs about a record wait or run.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn jobs_open_about(&self, about: &str) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM job WHERE about = $1 AND state IN ('queued', 'running')";
        self.engine.one(sql, &[about.into()]).await?.map_or(Ok(0), |row| row.int(0))
    }
}

fn hook(row: &Row) -> Result<Webhook, StoreError> {
    let organisation = OrganisationId::new(&row.text(1)?);
    let until = row.maybe_int(6)?.map(moment).transpose()?;
    Ok(Webhook {
        id: row.text(0)?,
        organisation: organisation.map_err(|_| StoreError::Damaged { why: "a webhook of nobody".to_owned() })?,
        url: row.text(2)?,
        events: row.text(3)?.split_whitespace().map(str::to_owned).collect(),
        secret: row.text(4)?,
        before: row.maybe_text(5)?.zip(until),
        made: moment(row.int(7)?)?,
        seen: row.int(8)?,
    })
}
