//! What a record is to the store: a table, an id, columns to find it by, and the record itself as JSON.

use std::ops::{Deref, DerefMut};

use programme::Subject;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::StoreError;
use crate::engine::{Row, Value};

/// Something that is kept in a table of its own.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    const TABLE: &'static str;
    /// The column of the id.
    const KEY: &'static str = "id";
    /// The columns to find it by, beside the id.
    const COLUMNS: &'static [&'static str];

    fn subject(&self) -> Subject;

    /// As [`Record::COLUMNS`].
    fn values(&self) -> Vec<Value>;

    /// Rows of side tables that are taken from it.
    fn sides(&self) -> Vec<Side> {
        Vec::new()
    }
}

/// A side table that lists, from the other side, whom a record names.
pub struct Side {
    pub(crate) table: &'static str,
    /// The column that holds the record's id.
    pub(crate) owner: &'static str,
    pub(crate) columns: &'static [&'static str],
    pub(crate) rows: Vec<Vec<Value>>,
}

/// A record as it was read, with what tells whether somebody changed it meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    pub(crate) record: T,
    pub(crate) revision: i64,
}

impl<T> Kept<T> {
    pub fn into_inner(self) -> T {
        self.record
    }

    /// Changes with every write.
    pub fn revision(&self) -> i64 {
        self.revision
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.record
    }
}

impl<T> DerefMut for Kept<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.record
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Reads a record from a row that begins with id, body and revision.
pub(crate) fn read<T: Record>(row: &Row) -> Result<Kept<T>, StoreError> {
    let (id, body, revision) = (row.text(0)?, row.text(1)?, row.int(2)?);
    let record = serde_json::from_str(&body).map_err(|error| StoreError::Unreadable {
        kind: T::TABLE,
        id,
        why: error.to_string(),
    })?;
    Ok(Kept { record, revision })
}
