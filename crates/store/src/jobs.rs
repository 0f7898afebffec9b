//! Work for later: whoever holds the lease does it. A worker that dies loses its lease, and another takes over.

use jiff::{SignedDuration, Timestamp};

use crate::audit::moment;
use crate::engine::{Row, Value};
use crate::{Store, StoreError};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    pub fn name(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        }
    }

    fn of(name: &str) -> JobState {
        match name {
            "queued" => JobState::Queued,
            "running" => JobState::Running,
            "done" => JobState::Done,
            "cancelled" => JobState::Cancelled,
            _ => JobState::Failed,
        }
    }
}

/// Work to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub id: String,
    /// `assess`, `prove`, `build`, …
    pub kind: String,
    /// Two jobs that wait or run never have the same key: asking twice does the work once.
    pub key: Option<String>,
    /// The record that it is about, by which its page finds it.
    pub about: Option<String>,
    /// What the worker needs, as JSON.
    pub payload: String,
    pub run_at: Timestamp,
    pub most_attempts: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub kind: String,
    pub about: Option<String>,
    pub payload: String,
    pub state: JobState,
    pub run_at: Timestamp,
    pub attempts: i64,
    pub most_attempts: i64,
    pub worker: Option<String>,
    pub lease_until: Option<Timestamp>,
    /// In hundredths.
    pub progress: i64,
    /// What it does just now, as JSON or text.
    pub note: Option<String>,
    pub result: Option<String>,
    pub failure: Option<String>,
    pub made: Timestamp,
    pub finished: Option<Timestamp>,
}

const COLUMNS: &str = "id, kind, payload, state, run_at, attempts, most_attempts, worker, lease_until, progress, note, \
    result, failure, made, finished, about";

fn micros(at: Timestamp) -> Value {
    at.as_microsecond().into()
}

impl Store {
    /// Puts work in the queue and gives its id; with a key that waits or runs already, the id of that job.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enqueue(&self, job: &NewJob, at: Timestamp) -> Result<String, StoreError> {
        let sql = "INSERT INTO job (id, kind, key, payload, state, run_at, attempts, most_attempts, worker, lease_until, \
            progress, note, result, failure, made, finished, about) \
            VALUES ($1, $2, $3, $4, 'queued', $5, 0, $6, NULL, NULL, 0, NULL, NULL, NULL, $7, NULL, $8) \
            ON CONFLICT (key) DO UPDATE SET kind = job.kind RETURNING id";
        let values = [
            job.id.as_str().into(),
            job.kind.as_str().into(),
            job.key.as_deref().into(),
            job.payload.as_str().into(),
            micros(job.run_at),
            job.most_attempts.max(1).into(),
            micros(at),
            job.about.as_deref().into(),
        ];
        let rows = self.engine.change(sql, &values).await?;
        rows.first().map_or_else(|| Ok(job.id.clone()), |row| row.text(0))
    }

    /// Takes the oldest job of these kinds that waits, or whose worker has died, until the lease ends.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim(
        &self,
        worker: &str,
        kinds: &[&str],
        at: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<Job>, StoreError> {
        let mut tx = self.engine.write().await?;
        let lost = "UPDATE job SET state = 'failed', failure = 'worker-lost', key = NULL, finished = $1 \
                    WHERE state = 'running' AND lease_until < $1 AND attempts >= most_attempts";
        tx.run(lost, &[micros(at)]).await?;
        let until = at.checked_add(lease).unwrap_or(at);
        let mut values: Vec<Value> = vec![worker.into(), micros(until), micros(at)];
        let places: Vec<String> = (0..kinds.len()).map(|nth| format!("${}", nth + 4)).collect();
        values.extend(kinds.iter().map(|kind| Value::from(*kind)));
        // Workers of PostgreSQL pass by a row that another one is taking; SQLite has one writer anyway.
        let skip = if self.engine.is_postgres() { " FOR UPDATE SKIP LOCKED" } else { "" };
        let sql = format!(
            "UPDATE job SET state = 'running', worker = $1, lease_until = $2, attempts = attempts + 1, progress = 0 \
             WHERE id = (SELECT id FROM job WHERE kind IN ({kinds}) AND ((state = 'queued' AND run_at <= $3) \
             OR (state = 'running' AND lease_until < $3)) ORDER BY run_at, id LIMIT 1{skip}) RETURNING {COLUMNS}",
            kinds = if places.is_empty() { "''".to_owned() } else { places.join(", ") },
        );
        let rows = tx.all(&sql, &values).await?;
        tx.commit().await?;
        rows.first().map(job).transpose()
    }

    /// Says how far it is, and holds the lease longer. `false` when the lease was lost or the job cancelled: then the
    /// worker stops.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn progress(
        &self,
        id: &str,
        worker: &str,
        hundredths: i64,
        note: Option<&str>,
        lease_until: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET progress = $3, note = COALESCE($4, note), lease_until = $5 \
                   WHERE id = $1 AND worker = $2 AND state = 'running'";
        let values = [id.into(), worker.into(), hundredths.clamp(0, 100).into(), note.into(), micros(lease_until)];
        Ok(self.engine.run(sql, &values).await? == 1)
    }

    /// Ends a job well. `false` when somebody else has it by now: then this result is dropped.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn finish(&self, id: &str, worker: &str, result: &str, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = 'done', result = $3, finished = $4, progress = 100, key = NULL, lease_until = NULL \
                   WHERE id = $1 AND worker = $2 AND state = 'running'";
        Ok(self.engine.run(sql, &[id.into(), worker.into(), result.into(), micros(at)]).await? == 1)
    }

    /// Ends an attempt badly: it is tried again later, unless it was the last.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn fail(
        &self,
        id: &str,
        worker: &str,
        failure: &str,
        retry_at: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let again = "attempts < most_attempts AND $4 >= 0";
        let sql = format!(
            "UPDATE job SET failure = $3, lease_until = NULL, worker = NULL, \
             state = CASE WHEN {again} THEN 'queued' ELSE 'failed' END, \
             run_at = CASE WHEN {again} THEN $4 ELSE run_at END, \
             key = CASE WHEN {again} THEN key ELSE NULL END, \
             finished = CASE WHEN {again} THEN NULL ELSE $5 END \
             WHERE id = $1 AND worker = $2 AND state = 'running'"
        );
        let retry = retry_at.map_or(-1, Timestamp::as_microsecond);
        let values = [id.into(), worker.into(), failure.into(), retry.into(), micros(at)];
        Ok(self.engine.run(&sql, &values).await? == 1)
    }

    /// Nobody needs it any more. A worker that has it learns so when it next says how far it is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn cancel_job(&self, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = 'cancelled', key = NULL, finished = $2, lease_until = NULL \
                   WHERE id = $1 AND state IN ('queued', 'running')";
        Ok(self.engine.run(sql, &[id.into(), micros(at)]).await? == 1)
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn job(&self, id: &str) -> Result<Option<Job>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM job WHERE id = $1");
        self.engine.one(&sql, &[id.into()]).await?.map(|row| job(&row)).transpose()
    }

    /// Gives a job back that was only begun, for somebody else to take at once: this attempt does not count.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn release_job(&self, id: &str, worker: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE job SET state = 'queued', worker = NULL, lease_until = NULL, attempts = attempts - 1, progress = 0 \
                   WHERE id = $1 AND worker = $2 AND state = 'running'";
        Ok(self.engine.run(sql, &[id.into(), worker.into()]).await? == 1)
    }

    /// How many jobs of these kinds are taken before this one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn jobs_before(&self, job: &Job, kinds: &[&str]) -> Result<i64, StoreError> {
        let mut values: Vec<Value> = vec![micros(job.run_at), job.id.as_str().into()];
        let places: Vec<String> = (0..kinds.len()).map(|nth| format!("${}", nth + 3)).collect();
        values.extend(kinds.iter().map(|kind| Value::from(*kind)));
        let sql = format!(
            "SELECT count(*) FROM job WHERE state = 'queued' AND (run_at < $1 OR (run_at = $1 AND id < $2)) AND kind IN ({})",
            if places.is_empty() { "''".to_owned() } else { places.join(", ") }
        );
        self.engine.one(&sql, &values).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// The latest jobs about a record.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn jobs_about(&self, about: &str, most: i64) -> Result<Vec<Job>, StoreError> {
        let most = most.clamp(0, 1_000);
        let sql = format!("SELECT {COLUMNS} FROM job WHERE about = $1 ORDER BY made DESC, id LIMIT {most}");
        self.engine.all(&sql, &[about.into()]).await?.iter().map(job).collect()
    }

    /// Forgets jobs of a kind that ended before a moment, and says what they had found. A page of them at a time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_jobs(&self, kind: &str, before: Timestamp) -> Result<Vec<Job>, StoreError> {
        let sql = format!(
            "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE kind = $1 AND finished < $2 ORDER BY made LIMIT 200) \
             RETURNING {COLUMNS}"
        );
        self.engine.change(&sql, &[kind.into(), micros(before)]).await?.iter().map(job).collect()
    }

    /// The latest jobs of a kind.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn jobs(&self, kind: &str, most: i64) -> Result<Vec<Job>, StoreError> {
        let most = most.clamp(0, 1_000);
        let sql = format!("SELECT {COLUMNS} FROM job WHERE kind = $1 ORDER BY made DESC, id LIMIT {most}");
        self.engine.all(&sql, &[kind.into()]).await?.iter().map(job).collect()
    }
}

fn job(row: &Row) -> Result<Job, StoreError> {
    let maybe = |nth: usize| -> Result<Option<Timestamp>, StoreError> { row.maybe_int(nth)?.map(moment).transpose() };
    Ok(Job {
        id: row.text(0)?,
        kind: row.text(1)?,
        payload: row.text(2)?,
        state: JobState::of(&row.text(3)?),
        run_at: moment(row.int(4)?)?,
        attempts: row.int(5)?,
        most_attempts: row.int(6)?,
        worker: row.maybe_text(7)?,
        lease_until: maybe(8)?,
        progress: row.int(9)?,
        note: row.maybe_text(10)?,
        result: row.maybe_text(11)?,
        failure: row.maybe_text(12)?,
        made: moment(row.int(13)?)?,
        finished: maybe(14)?,
        about: row.maybe_text(15)?,
    })
}
