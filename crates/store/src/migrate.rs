//! The schema, brought up to date in steps that are the same on both engines.

use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use crate::StoreError;
use crate::engine::Engine;

const STEPS: [(i64, &str, &str); 8] = [
    (1, "records", include_str!("../migrations/0001_records.sql")),
    (2, "identity", include_str!("../migrations/0002_identity.sql")),
    (3, "jobs", include_str!("../migrations/0003_jobs.sql")),
    (4, "job-about", include_str!("../migrations/0004_job_about.sql")),
    (5, "webhooks", include_str!("../migrations/0005_webhooks.sql")),
    (6, "award-issued", include_str!("../migrations/0006_award_issued.sql")),
    (7, "enrolment-waits", include_str!("../migrations/0007_enrolment_waits.sql")),
    (8, "note-author", include_str!("../migrations/0008_note_author.sql")),
];

/// Applies the steps that are missing. Two that start together wait for each other.
pub(crate) async fn migrate(engine: &Engine) -> Result<(), StoreError> {
    let step = |(version, name, sql): (i64, &'static str, &'static str)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let migrator = Migrator::with_migrations(STEPS.into_iter().map(step).collect());
    let done = match engine {
        Engine::Sqlite { writer, .. } => migrator.run(writer).await,
        Engine::Postgres { pool } => migrator.run(pool).await,
    };
    done.map_err(|error| match error {
        MigrateError::VersionMissing(version) => StoreError::Newer { version },
        MigrateError::VersionMismatch(version) => {
            StoreError::Damaged { why: format!("step {version} of the schema is not the one that was applied") }
        }
        MigrateError::Execute(error) => StoreError::from(error),
        other => StoreError::Other(other.to_string()),
    })
}
