//! Backups while others go on writing: one folder, the same for both engines, so that a backup of one is restored to
//! the other.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::engine::{Tx, Value};
use crate::{Store, StoreError};

/// Every table with the column that its rows are paged by, in an order in which each names only those before it.
/// Logins and links are left out: what was restored lets nobody in who had gone out.
const TABLES: [(&str, Option<&str>); 26] = [
    ("organisation", Some("id")),
    ("person", Some("id")),
    ("title", Some("id")),
    ("cohort", Some("id")),
    ("session", Some("id")),
    ("invitation", Some("id")),
    ("question", Some("id")),
    ("enrolment", Some("id")),
    ("sheet", Some("id")),
    ("deliberation", Some("enrolment")),
    ("award", Some("id")),
    ("appeal", Some("id")),
    ("fraud_report", Some("id")),
    ("role_held", None),
    ("coach_of", None),
    ("juror_of", None),
    ("event", Some("seq")),
    ("root", Some("day")),
    ("account", Some("person")),
    ("token", Some("id")),
    ("identity", None),
    ("passkey", Some("id")),
    ("setting", Some("name")),
    ("note", Some("id")),
    ("job", Some("id")),
    ("webhook", Some("id")),
];
/// The first format had nothing beside the store.
const FORMATS: [&str; 2] = ["preuve-backup/1", "preuve-backup/2"];
const ROWS: &str = "records.jsonl";
const MANIFEST: &str = "manifest.json";
const FILES: &str = "files";
/// A line longer than this was written by nobody.
const LONGEST_LINE: u64 = 64 << 20;

/// What a backup holds. It is written last: a folder without it is no backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: String,
    pub at: Timestamp,
    pub rows: u64,
    /// SHA-256 of the rows.
    pub digest: String,
    pub files: u64,
    /// How many events the log had, and its last hash.
    pub events: i64,
    pub hash: String,
    /// What is kept beside the store, by its path in the backup, with its SHA-256.
    #[serde(default)]
    pub beside: Beside,
}

/// Paths with their digests.
pub type Beside = BTreeMap<String, String>;

#[derive(Serialize, Deserialize)]
struct Line {
    table: String,
    row: Map<String, Json>,
}

impl Store {
    /// Writes all records, as of one moment, and all files to a folder that is new or empty. What the store does not
    /// know is written by `beside`, after the records: it may be newer than they are, and never older.
    ///
    /// # Errors
    /// When the folder holds something, or cannot be written.
    pub async fn backup(
        &self,
        folder: &Path,
        at: Timestamp,
        beside: impl FnOnce() -> Result<Beside, StoreError>,
    ) -> Result<Manifest, StoreError> {
        // Records hold names and secrets: nobody else reads them.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| disk(folder, &error))?;
        if std::fs::read_dir(folder).map_err(|error| disk(folder, &error))?.next().is_some() {
            return Err(StoreError::Occupied { path: folder.to_owned() });
        }
        let rows_path = folder.join(ROWS);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&rows_path);
        let file = file.map_err(|error| disk(&rows_path, &error))?;
        let mut out = Counted { to: BufWriter::new(file), path: rows_path, digest: Sha256::new(), lines: 0 };
        let mut tx = self.engine.snapshot().await?;
        let head = tx.all("SELECT size, hash FROM head", &[]).await?;
        let head = head.first().ok_or_else(|| StoreError::Damaged { why: "the log has no head".to_owned() })?;
        let (events, hash) = (head.int(0)?, head.text(1)?);
        for (table, key) in TABLES {
            rows_of(&mut tx, table, key, &mut out).await?;
        }
        rows_of(&mut tx, "file", Some("digest"), &mut out).await?;
        drop(tx);
        let Counted { mut to, path, digest, lines } = out;
        to.flush().and_then(|()| to.get_ref().sync_all()).map_err(|error| disk(&path, &error))?;
        let files = self.copy_files(&folder.join(FILES)).await?;
        let manifest = Manifest {
            format: FORMATS[1].to_owned(),
            at,
            rows: lines,
            digest: hex::encode(digest.finalize()),
            files,
            events,
            hash,
            beside: beside()?,
        };
        let path = folder.join(MANIFEST);
        let text = serde_json::to_string_pretty(&manifest).expect("a manifest is plain data");
        std::fs::write(&path, text).map_err(|error| disk(&path, &error))?;
        Ok(manifest)
    }

    /// A file that is in the list but cannot be read stops the backup: a backup that lacks something is none.
    async fn copy_files(&self, folder: &Path) -> Result<u64, StoreError> {
        let (mut after, mut count) = (String::new(), 0);
        loop {
            let page = self.file_list(&after).await?;
            for (digest, _) in &page {
                let bytes = self.file(digest).await?;
                let shelf = folder.join(&digest[..2]);
                std::fs::create_dir_all(&shelf).map_err(|error| disk(&shelf, &error))?;
                let path = shelf.join(&digest[2..]);
                std::fs::write(&path, bytes).map_err(|error| disk(&path, &error))?;
                count += 1;
            }
            match page.last() {
                Some((digest, _)) => after.clone_from(digest),
                None => return Ok(count),
            }
        }
    }

    /// Fills an empty store from a backup, all of it or nothing. What the store does not know is put back by `beside`,
    /// last: when that fails, nothing was restored.
    ///
    /// # Errors
    /// When the store holds something, or the backup is not whole.
    pub async fn restore(
        &self,
        folder: &Path,
        beside: impl FnOnce(&Beside) -> Result<(), StoreError>,
    ) -> Result<Manifest, StoreError> {
        let manifest = read_manifest(folder)?;
        let rows_path = folder.join(ROWS);
        let file = File::open(&rows_path).map_err(|error| disk(&rows_path, &error))?;
        let mut tx = self.engine.write().await?;
        let held = "SELECT 1 FROM head WHERE size > 0 UNION SELECT 1 FROM person UNION SELECT 1 FROM account";
        if !tx.all(&held.replace("SELECT 1", "SELECT CAST(1 AS BIGINT)"), &[]).await?.is_empty() {
            return Err(StoreError::Occupied { path: PathBuf::from("database") });
        }
        let mut reader = BufReader::new(file);
        let (mut digest, mut rows) = (Sha256::new(), 0);
        let mut files = Vec::new();
        loop {
            let mut text = Vec::new();
            let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text);
            if read.map_err(|error| disk(&rows_path, &error))? == 0 {
                break;
            }
            digest.update(&text);
            rows += 1;
            let line: Line = serde_json::from_slice(&text).map_err(|error| unwhole(folder, &error.to_string()))?;
            if line.table == "file"
                && let Some(Json::String(digest)) = line.row.get("digest")
            {
                files.push(digest.clone());
            }
            insert(&mut tx, folder, line).await?;
        }
        if rows != manifest.rows || hex::encode(digest.finalize()) != manifest.digest {
            return Err(unwhole(folder, "its rows are not those that were written"));
        }
        let head = [manifest.events.into(), manifest.hash.as_str().into()];
        tx.run("UPDATE head SET size = $1, hash = $2", &head).await?;
        for digest in files {
            self.take_file(folder, &digest).await?;
        }
        beside(&manifest.beside)?;
        tx.commit().await?;
        Ok(manifest)
    }

    async fn take_file(&self, folder: &Path, digest: &str) -> Result<(), StoreError> {
        let plain = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let split = digest.split_at_checked(2).filter(|_| plain);
        let (shelf, name) = split.ok_or_else(|| unwhole(folder, "a file has no digest"))?;
        let path = folder.join(FILES).join(shelf).join(name);
        let bytes = std::fs::read(&path).map_err(|error| disk(&path, &error))?;
        if self.files.put(&bytes).await? == digest { Ok(()) } else { Err(unwhole(folder, "a file is not what it was")) }
    }
}

/// Lines on their way to a file, with what the manifest says about them.
struct Counted {
    to: BufWriter<File>,
    path: PathBuf,
    digest: Sha256,
    lines: u64,
}

async fn rows_of(tx: &mut Tx, table: &str, key: Option<&str>, out: &mut Counted) -> Result<(), StoreError> {
    let mut after: Option<Value> = None;
    loop {
        let rows = match (key, &after) {
            (None, _) => tx.all(&format!("SELECT * FROM {table}"), &[]).await?,
            (Some(key), None) => tx.all(&format!("SELECT * FROM {table} ORDER BY {key} LIMIT 2000"), &[]).await?,
            (Some(key), Some(last)) => {
                let sql = format!("SELECT * FROM {table} WHERE {key} > $1 ORDER BY {key} LIMIT 2000");
                tx.all(&sql, std::slice::from_ref(last)).await?
            }
        };
        for row in &rows {
            let named = row.named()?;
            after = named.iter().find(|(name, _)| Some(name.as_str()) == key).map(|(_, value)| value.clone());
            let json = |(name, value)| {
                let value = match value {
                    Value::Text(text) => text.map_or(Json::Null, Json::String),
                    Value::Int(number) => number.map_or(Json::Null, Json::from),
                };
                (name, value)
            };
            let line = Line { table: table.to_owned(), row: named.into_iter().map(json).collect() };
            let mut text = serde_json::to_vec(&line).expect("rows are plain data");
            text.push(b'\n');
            out.digest.update(&text);
            out.lines += 1;
            out.to.write_all(&text).map_err(|error| disk(&out.path, &error))?;
        }
        if rows.is_empty() || key.is_none() {
            return Ok(());
        }
    }
}

/// Names come from a file that somebody may have written: only those of tables that there are, and plain ones.
async fn insert(tx: &mut Tx, folder: &Path, line: Line) -> Result<(), StoreError> {
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let known = TABLES.iter().any(|(table, _)| *table == line.table) || line.table == "file";
    if !known || line.row.is_empty() || !line.row.keys().all(|name| plain(name)) {
        return Err(unwhole(folder, "a row is of no table"));
    }
    let (mut columns, mut places, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (name, value) in line.row {
        let value = match value {
            Json::String(text) => Value::Text(Some(text)),
            Json::Number(number) => Value::Int(number.as_i64()),
            // The column's own type matters to PostgreSQL, and a column that is left out is null.
            Json::Null => continue,
            _ => return Err(unwhole(folder, "a row holds what no column takes")),
        };
        values.push(value);
        columns.push(name);
        places.push(format!("${}", values.len()));
    }
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", line.table, columns.join(", "), places.join(", "));
    tx.run(&sql, &values).await.map(|_| ())
}

fn read_manifest(folder: &Path) -> Result<Manifest, StoreError> {
    let path = folder.join(MANIFEST);
    let text = std::fs::read_to_string(&path).map_err(|error| disk(&path, &error))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| unwhole(folder, &error.to_string()))?;
    if FORMATS.contains(&&*manifest.format) { Ok(manifest) } else { Err(unwhole(folder, "it is of another format")) }
}

fn unwhole(folder: &Path, why: &str) -> StoreError {
    StoreError::Backup { path: folder.to_owned(), why: why.to_owned() }
}

fn disk(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::of_backup(path, error)
}

impl StoreError {
    /// What a disk said about a file of a backup.
    pub fn of_backup(path: &Path, error: &std::io::Error) -> StoreError {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::FileTooLarge => StoreError::Full,
            std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => StoreError::ReadOnly,
            _ => StoreError::Backup { path: path.to_owned(), why: error.to_string() },
        }
    }
}
