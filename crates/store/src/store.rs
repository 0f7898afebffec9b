//! The store itself: opened once, cloned freely.

use std::sync::Arc;

use crate::engine::{Chance, Engine, Opening};
use crate::files::Files;
use crate::{StoreError, migrate};

/// Records, log, jobs and files. A clone is the same store.
#[derive(Clone)]
pub struct Store {
    pub(crate) engine: Engine,
    pub(crate) chance: Chance,
    pub(crate) files: Arc<Files>,
}

impl Store {
    /// Opens what is there or makes it, and brings the schema up to date.
    ///
    /// # Errors
    /// When it cannot be reached or written, or was made by a newer version.
    pub async fn open(opening: &Opening) -> Result<Store, StoreError> {
        let files = Arc::new(Files::open(&opening.files)?);
        let engine = Engine::open(&opening.place).await?;
        migrate::migrate(&engine).await?;
        Ok(Store { engine, chance: opening.chance.clone(), files })
    }

    /// Whether the database answers: what a readiness probe asks.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.engine.one("SELECT size FROM head", &[]).await.map(|_| ())
    }

    pub async fn close(&self) {
        self.engine.close().await;
    }

    /// Sixteen bytes for an identifier.
    pub fn fresh(&self) -> [u8; 16] {
        let chance = (self.chance)();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&chance[..16]);
        bytes
    }
}
