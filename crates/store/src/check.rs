//! Whether all is well with what is kept: the database, the files, and the log.

use serde::Serialize;

use crate::engine::Engine;
use crate::{AuditReport, Root, Store, StoreError};

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checkup {
    /// What the database says about itself.
    pub database: Vec<String>,
    pub files: u64,
    /// Digests of files that are gone or altered.
    pub files_lost: Vec<String>,
    pub audit: AuditReport,
}

impl Checkup {
    pub fn is_well(&self) -> bool {
        self.database.is_empty() && self.files_lost.is_empty() && self.audit.problems.is_empty()
    }
}

impl Store {
    /// Reads everything. On PostgreSQL the database itself is its own keeper; records, log and files are read the same.
    ///
    /// # Errors
    /// When the database does not answer at all.
    pub async fn check(&self, kept: &[Root], signers: &[String]) -> Result<Checkup, StoreError> {
        let mut database = Vec::new();
        if let Engine::Sqlite { .. } = &self.engine {
            for row in self.engine.all("PRAGMA integrity_check", &[]).await? {
                let told = row.text(0)?;
                if told != "ok" {
                    database.push(told);
                }
            }
            for row in self.engine.all("PRAGMA foreign_key_check", &[]).await? {
                database.push(format!("{}: a row names one that is not there", row.text(0)?));
            }
        }
        let (mut after, mut files, mut files_lost) = (String::new(), 0, Vec::new());
        loop {
            let page = self.file_list(&after).await?;
            for (digest, _) in &page {
                files += 1;
                if self.file(digest).await.is_err() {
                    files_lost.push(digest.clone());
                }
            }
            match page.last() {
                Some((digest, _)) => after.clone_from(digest),
                None => break,
            }
        }
        Ok(Checkup { database, files, files_lost, audit: self.verify(kept, signers).await? })
    }
}
