//! Why the store did not do something: what happened, sorted by what one can do about it.

use std::path::PathBuf;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("no {kind} {id}")]
    Missing { kind: &'static str, id: String },
    #[error("{kind} {id} was changed meanwhile")]
    Stale { kind: &'static str, id: String },
    #[error("there is such a {kind} already")]
    Exists { kind: &'static str },
    #[error("{what} names a record that is not there")]
    Dangling { what: &'static str },
    #[error("{name} is no column of {kind}")]
    NoColumn { kind: &'static str, name: &'static str },
    #[error("{kind} {id} cannot be read: {why}")]
    Unreadable { kind: &'static str, id: String, why: String },
    #[error("the disk is full")]
    Full,
    #[error("the storage is read-only")]
    ReadOnly,
    #[error("the disk fails: {why}")]
    Disk { why: String },
    #[error("the database is busy")]
    Busy,
    #[error("the database does not answer: {why}")]
    Unreachable { why: String },
    #[error("the database is damaged: {why}")]
    Damaged { why: String },
    #[error("the database was made by a newer version ({version})")]
    Newer { version: i64 },
    #[error("{address} is no address of a database or of storage: {why}")]
    Address { address: String, why: String },
    #[error("file {digest}: {why}")]
    File { digest: String, why: String },
    #[error("{path} holds something already")]
    Occupied { path: PathBuf },
    #[error("backup {path}: {why}")]
    Backup { path: PathBuf, why: String },
    #[error("{0}")]
    Other(String),
}

impl StoreError {
    /// The name of the sentence of the catalogue that says it, without its prefix `store-`.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Missing { .. } => "missing",
            StoreError::Stale { .. } => "stale",
            StoreError::Exists { .. } => "exists",
            StoreError::Dangling { .. } => "dangling",
            StoreError::Unreadable { .. } => "unreadable",
            StoreError::Full => "full",
            StoreError::ReadOnly => "read-only",
            StoreError::Disk { .. } => "disk",
            StoreError::Busy => "busy",
            StoreError::Unreachable { .. } => "unreachable",
            StoreError::Damaged { .. } => "damaged",
            StoreError::Newer { .. } => "newer",
            StoreError::Address { .. } => "address",
            StoreError::File { .. } => "file",
            StoreError::Occupied { .. } => "occupied",
            StoreError::Backup { .. } => "backup",
            StoreError::NoColumn { .. } | StoreError::Other(_) => "other",
        }
    }

    /// Every code, for the test that no sentence is missing.
    pub const CODES: &'static [&'static str] = &[
        "missing",
        "stale",
        "exists",
        "dangling",
        "unreadable",
        "full",
        "read-only",
        "disk",
        "busy",
        "unreachable",
        "damaged",
        "newer",
        "address",
        "file",
        "occupied",
        "backup",
        "other",
    ];

    /// Whether the same may succeed a little later.
    pub fn may_pass(&self) -> bool {
        matches!(self, StoreError::Busy | StoreError::Unreachable { .. })
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        let why = error.to_string();
        match &error {
            sqlx::Error::Database(database) => of_database(database.as_ref(), why),
            sqlx::Error::Io(io) => of_io(io, why),
            sqlx::Error::PoolTimedOut => StoreError::Busy,
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => {
                StoreError::Unreachable { why }
            }
            _ => StoreError::Other(why),
        }
    }
}

fn of_io(io: &std::io::Error, why: String) -> StoreError {
    match io.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::FileTooLarge => StoreError::Full,
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => StoreError::ReadOnly,
        _ => StoreError::Unreachable { why },
    }
}

fn of_database(error: &dyn sqlx::error::DatabaseError, why: String) -> StoreError {
    if error.is_unique_violation() {
        return StoreError::Exists { kind: "record" };
    }
    if error.is_foreign_key_violation() {
        return StoreError::Dangling { what: "record" };
    }
    let code = error.code().unwrap_or_default();
    // SQLite counts its extended codes in the upper bits; PostgreSQL has five characters.
    if let Ok(number) = code.parse::<i32>()
        && code.len() < 5
    {
        return match number & 0xff {
            5 | 6 => StoreError::Busy,
            8 => StoreError::ReadOnly,
            13 => StoreError::Full,
            11 | 26 => StoreError::Damaged { why },
            10 => StoreError::Disk { why },
            14 => StoreError::Unreachable { why },
            _ => StoreError::Other(why),
        };
    }
    match code.as_ref() {
        "53100" => StoreError::Full,
        "25006" => StoreError::ReadOnly,
        "40001" | "40P01" | "55P03" => StoreError::Busy,
        "XX001" | "XX002" => StoreError::Damaged { why },
        code if code.starts_with("57P") || code.starts_with("08") || code.starts_with("53") => {
            StoreError::Unreachable { why }
        }
        _ => StoreError::Other(why),
    }
}
