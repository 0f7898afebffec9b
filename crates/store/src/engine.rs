//! Two engines behind one face: SQLite with one writer and several readers, or PostgreSQL. The only file that knows both.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Column, Postgres, Row as _, Sqlite, Transaction, TypeInfo, ValueRef};

use crate::StoreError;

/// How long somebody waits for the writer or for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
const CONNECTIONS: u32 = 12;

/// Where records are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file of SQLite, made when it is not there.
    File(PathBuf),
    /// `postgres://…`
    Postgres(String),
}

impl Place {
    /// Reads `postgres://…`, `sqlite:path` or a path.
    pub fn of(text: &str) -> Place {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Place::Postgres(text.to_owned())
        } else {
            Place::File(PathBuf::from(text.strip_prefix("sqlite:").unwrap_or(text)))
        }
    }
}

/// Thirty-two bytes of chance at a time.
pub type Chance = Arc<dyn Fn() -> [u8; 32] + Send + Sync>;

/// What a store is opened with.
#[derive(Clone)]
pub struct Opening {
    pub place: Place,
    /// A folder, or `s3://bucket/prefix?…`.
    pub files: String,
    pub chance: Chance,
}

impl Opening {
    /// What an installation keeps in one folder: `preuve.db` and `files`, unless either is somewhere else.
    pub fn in_folder(data: &Path, database: Option<&str>, files: Option<&str>, chance: Chance) -> Opening {
        let place = database.map_or_else(|| Place::File(data.join("preuve.db")), Place::of);
        let files = files.map_or_else(|| data.join("files").display().to_string(), str::to_owned);
        Opening { place, files, chance }
    }
}

/// What a statement is filled with, or gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Text(Option<String>),
    Int(Option<i64>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        // PostgreSQL has no NUL in texts; nobody's name needs one.
        Value::Text(Some(text.replace('\0', "")))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::from(text.as_str())
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Value {
        Value::Text(text.map(|text| text.replace('\0', "")))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Value {
        Value::from(text.as_deref())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Value {
        Value::Int(number)
    }
}

/// One row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! either {
    ($row:expr, $inner:ident => $body:expr) => {
        match $row {
            Row::Sqlite($inner) => $body,
            Row::Postgres($inner) => $body,
        }
    };
}

impl Row {
    pub(crate) fn text(&self, nth: usize) -> Result<String, StoreError> {
        Ok(either!(self, row => row.try_get::<String, usize>(nth))?)
    }

    pub(crate) fn maybe_text(&self, nth: usize) -> Result<Option<String>, StoreError> {
        Ok(either!(self, row => row.try_get::<Option<String>, usize>(nth))?)
    }

    pub(crate) fn int(&self, nth: usize) -> Result<i64, StoreError> {
        Ok(either!(self, row => row.try_get::<i64, usize>(nth))?)
    }

    pub(crate) fn maybe_int(&self, nth: usize) -> Result<Option<i64>, StoreError> {
        Ok(either!(self, row => row.try_get::<Option<i64>, usize>(nth))?)
    }

    /// All values with the names of their columns, whatever they are.
    pub(crate) fn named(&self) -> Result<Vec<(String, Value)>, StoreError> {
        either!(self, row => {
            let mut found = Vec::new();
            for column in row.columns() {
                let nth = column.ordinal();
                // The declared type, since the value may be null.
                let kind = column.type_info().name().to_owned();
                let null = row.try_get_raw(nth)?.is_null();
                let number = matches!(kind.as_str(), "INTEGER" | "BIGINT" | "INT8" | "INT");
                let value = match (number, null) {
                    (true, true) => Value::Int(None),
                    (true, false) => Value::Int(Some(row.try_get(nth)?)),
                    (false, true) => Value::Text(None),
                    (false, false) => Value::Text(Some(row.try_get(nth)?)),
                };
                found.push((column.name().to_owned(), value));
            }
            Ok(found)
        })
    }
}

#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres { pool: PgPool },
}

/// A transaction that writes, or one that reads everything as of one moment.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

macro_rules! filled {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe($sql));
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Int(number) => query.bind(*number),
            };
        }
        query
    }};
}

impl Engine {
    pub(crate) async fn open(place: &Place) -> Result<Engine, StoreError> {
        match place {
            Place::File(path) => sqlite(path).await,
            Place::Postgres(url) => postgres(url).await,
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Engine::Postgres { .. })
    }

    pub(crate) async fn all(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        match self {
            Engine::Sqlite { readers, .. } => {
                let rows = filled!(sql.to_owned(), values).fetch_all(readers).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Engine::Postgres { pool } => {
                let rows = filled!(sql.to_owned(), values).fetch_all(pool).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    pub(crate) async fn one(&self, sql: &str, values: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    /// Runs one statement that writes, by itself.
    pub(crate) async fn run(&self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let changed = tx.run(sql, values).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Runs one statement that writes and gives rows, by itself.
    pub(crate) async fn change(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut tx = self.write().await?;
        let rows = tx.all(sql, values).await?;
        tx.commit().await?;
        Ok(rows)
    }

    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        match self {
            // A writer that begins as a reader could find, too late, that another one was quicker.
            Engine::Sqlite { writer, .. } => Ok(Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)),
            Engine::Postgres { pool } => Ok(Tx::Postgres(pool.begin().await?)),
        }
    }

    /// Everything as of one moment, while others go on writing.
    pub(crate) async fn snapshot(&self) -> Result<Tx, StoreError> {
        match self {
            Engine::Sqlite { readers, .. } => Ok(Tx::Sqlite(readers.begin().await?)),
            Engine::Postgres { pool } => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Ok(Tx::Postgres(pool.begin_with(begin).await?))
            }
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Engine::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres { pool } => pool.close().await,
        }
    }
}

impl Tx {
    pub(crate) async fn all(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        match self {
            Tx::Sqlite(tx) => {
                let rows = filled!(sql.to_owned(), values).fetch_all(&mut **tx).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Tx::Postgres(tx) => {
                let rows = filled!(sql.to_owned(), values).fetch_all(&mut **tx).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    pub(crate) async fn run(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        match self {
            Tx::Sqlite(tx) => Ok(filled!(sql.to_owned(), values).execute(&mut **tx).await?.rows_affected()),
            Tx::Postgres(tx) => Ok(filled!(sql.to_owned(), values).execute(&mut **tx).await?.rows_affected()),
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Tx::Sqlite(tx) => Ok(tx.commit().await?),
            Tx::Postgres(tx) => Ok(tx.commit().await?),
        }
    }
}

async fn sqlite(path: &Path) -> Result<Engine, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What was acknowledged survives a loss of power.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(200);
    // A file does not hang up: asking whether it is still there would double the switches between threads.
    let pool = || {
        let patient = SqlitePoolOptions::new().acquire_timeout(PATIENCE).test_before_acquire(false);
        patient.idle_timeout(None).max_lifetime(None)
    };
    let writer = pool().max_connections(1).connect_with(options.clone()).await?;
    let readers =
        pool().max_connections(READERS).min_connections(1).connect_with(options.create_if_missing(false)).await?;
    Ok(Engine::Sqlite { writer, readers })
}

async fn postgres(url: &str) -> Result<Engine, StoreError> {
    let wrong = |error: sqlx::Error| {
        // The address may hold a password: what is shown ends before it.
        let address = url.split("//").next().unwrap_or_default().to_owned();
        StoreError::Address { address: format!("{address}//…"), why: error.to_string() }
    };
    let options = PgConnectOptions::from_str(url).map_err(wrong)?;
    let pool =
        PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_with(options).await?;
    Ok(Engine::Postgres { pool })
}
