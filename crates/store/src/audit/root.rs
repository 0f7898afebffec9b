//! The root of the log at the end of a day, signed: what is given to somebody else holds the installation to its word.

use credential::log::Frontier;
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::append::moment;
use crate::engine::Row;
use crate::{Store, StoreError};

/// A signed root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    pub day: Date,
    /// How many events it covers.
    pub size: i64,
    /// In hexadecimal.
    pub root: String,
    pub at: Timestamp,
    /// The public key, in hexadecimal.
    pub signer: String,
    pub signature: String,
}

impl Root {
    /// What is signed.
    pub(crate) fn said(&self) -> String {
        format!("preuve-root/1\n{}\n{}\n{}\n{}\n", self.day, self.size, self.root, self.at.as_microsecond())
    }
}

const COLUMNS: &str = "SELECT day, size, root, at, signer, signature FROM root";

impl Store {
    /// Signs the log as it stands, once a day; asked again on the same day it gives the same root.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_root(&self, key: &[u8; 32], at: Timestamp) -> Result<Root, StoreError> {
        let at = moment(at.as_microsecond())?;
        let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let known = format!("{COLUMNS} WHERE day = $1");
        if let Some(row) = self.engine.one(&known, &[day.to_string().into()]).await? {
            return root(&row);
        }
        let size = self.log_length().await?;
        let mut growing = Frontier::default();
        self.hashes(size, |hash| growing.push(hash)).await?;
        let key = SigningKey::from_bytes(key);
        let signer = hex::encode(key.verifying_key().as_bytes());
        let mut root_now = Root { day, size, root: hex::encode(growing.root()), at, signer, signature: String::new() };
        root_now.signature = hex::encode(key.sign(root_now.said().as_bytes()).to_bytes());
        // Two that sign at once keep the root of the first.
        let sql = "INSERT INTO root (day, size, root, at, signer, signature) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (day) DO NOTHING";
        let Root { day, size, root: hash, at, signer, signature } = &root_now;
        let values = [
            day.to_string().into(),
            (*size).into(),
            hash.as_str().into(),
            at.as_microsecond().into(),
            signer.as_str().into(),
            signature.as_str().into(),
        ];
        self.engine.run(sql, &values).await?;
        let row = self.engine.one(&known, &[day.to_string().into()]).await?;
        row.map_or(Ok(root_now), |row| root(&row))
    }

    /// All signed roots, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn roots(&self) -> Result<Vec<Root>, StoreError> {
        let rows = self.engine.all(&format!("{COLUMNS} ORDER BY size, day"), &[]).await?;
        rows.iter().map(root).collect()
    }

    /// The hashes of the first events, in order.
    async fn hashes(&self, size: i64, mut each: impl FnMut(&[u8])) -> Result<(), StoreError> {
        let sql = "SELECT hash FROM event WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT 5000";
        let mut from = 0;
        while from < size {
            let rows = self.engine.all(sql, &[from.into(), size.into()]).await?;
            if rows.is_empty() {
                return Err(StoreError::Damaged { why: format!("the log ends after {from} of {size} events") });
            }
            for row in &rows {
                each(row.text(0)?.as_bytes());
            }
            from += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        }
        Ok(())
    }
}

pub(super) fn root(row: &Row) -> Result<Root, StoreError> {
    let wrong = |error: jiff::Error| StoreError::Damaged { why: error.to_string() };
    Ok(Root {
        day: row.text(0)?.parse().map_err(wrong)?,
        size: row.int(1)?,
        root: row.text(2)?,
        at: moment(row.int(3)?)?,
        signer: row.text(4)?,
        signature: row.text(5)?,
    })
}
