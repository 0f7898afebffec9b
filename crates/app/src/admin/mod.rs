//! Keeping an installation: backups, restoring them, checking what is kept, and proving that the log is whole.

mod beside;
mod prover;
mod results;

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use framework::Lang;
use jiff::Timestamp;
use jiff::civil::Date;
pub use programme::Retention;
use programme::{Award, Enrolment, Invitation, Person, Title};
pub use store::{AuditProblem, AuditReport, Chance, Checkup, Manifest, Root};
use store::{Find, Opening, Store, StoreError};

use crate::console::{self, Desk, Due};
use crate::error::{Blame, Told};
use crate::words::Words;
pub use beside::Flaw;
pub use prover::ProverKey;
pub use results::{Results, ResultsError, ResultsRequest, results};

/// Where an installation keeps its things.
#[derive(Clone)]
pub struct Installation {
    pub data: PathBuf,
    pub database: Option<String>,
    pub files: Option<String>,
    pub chance: Chance,
}

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no installation in {0}")]
    NoInstallation(PathBuf),
    #[error("{path} is no signed root: {why}")]
    Root { path: PathBuf, why: String },
    #[error("no worker can be started: {0}")]
    Runtime(std::io::Error),
}

impl AdminError {
    /// The error in one language, with what to do about it.
    pub fn told(&self, lang: Lang) -> Told {
        let words = Words(lang);
        match self {
            AdminError::Store(error) => store_told(words, error),
            AdminError::NoInstallation(path) => Told {
                blame: Blame::Usage,
                message: words.with("error-no-installation", &[("path", &path.display().to_string())]),
                hints: vec![words.say("hint-no-installation")],
            },
            AdminError::Root { path, why } => {
                let arguments = [("path", path.display().to_string()), ("why", why.clone())];
                let arguments: Vec<(&'static str, &str)> =
                    arguments.iter().map(|(name, text)| (*name, text.as_str())).collect();
                Told { blame: Blame::Input, message: words.with("error-root", &arguments), hints: Vec::new() }
            }
            AdminError::Runtime(error) => {
                Told { blame: Blame::Environment, message: error.to_string(), hints: Vec::new() }
            }
        }
    }
}

/// What the store says, in the reader's language.
pub fn store_told(words: Words, error: &StoreError) -> Told {
    let blame = match error {
        StoreError::Address { .. } | StoreError::Occupied { .. } => Blame::Usage,
        StoreError::Backup { .. } | StoreError::Damaged { .. } | StoreError::File { .. } => Blame::Input,
        _ => Blame::Environment,
    };
    // What the database or the system says itself is in English and follows in full.
    let message = words.with(&format!("store-{}", error.code()), &[("what", &error.to_string())]);
    Told { blame, message, hints: Vec::new() }
}

fn run<T>(
    installation: &Installation,
    must_exist: bool,
    work: impl AsyncFnOnce(Store) -> Result<T, StoreError>,
) -> Result<T, AdminError> {
    // Looking at an installation that is not there must not make one.
    if must_exist && installation.database.is_none() && !installation.data.join("preuve.db").exists() {
        return Err(AdminError::NoInstallation(installation.data.clone()));
    }
    let Installation { data, database, files, chance } = installation;
    // It holds names and keys, and may be needed even when database and files are elsewhere: nobody else reads it.
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.map_err(|error| StoreError::of_backup(data, &error))?;
    let opening = Opening::in_folder(data, database.as_deref(), files.as_deref(), chance.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(AdminError::Runtime)?;
    runtime.block_on(async {
        let store = Store::open(&opening).await?;
        let done = work(store.clone()).await;
        store.close().await;
        Ok(done?)
    })
}

/// What was looked at, in the store and beside it.
pub struct Examined {
    pub store: Checkup,
    /// How many credentials were read, and what is wrong with their issuers: the issuer, and what.
    pub credentials: usize,
    pub flaws: Vec<(String, Flaw)>,
    /// What is to be said of the key that signs proofs.
    pub prover: Option<ProverKey>,
}

impl Examined {
    pub fn is_well(&self) -> bool {
        self.store.is_well() && self.flaws.is_empty() && !self.prover.as_ref().is_some_and(ProverKey::is_wrong)
    }
}

/// Writes a backup to a folder that is new or empty; others go on working meanwhile.
///
/// # Errors
/// When there is no installation, or the backup cannot be written.
pub fn backup(installation: &Installation, folder: &Path, at: Timestamp) -> Result<Manifest, AdminError> {
    run(installation, true, async |store| {
        store.backup(folder, at, || beside::take_out(&installation.data, folder)).await
    })
}

/// Fills an empty installation from a backup, and looks at the result.
///
/// # Errors
/// When the installation holds something, or the backup is not whole.
pub fn restore(installation: &Installation, folder: &Path) -> Result<(Manifest, Examined), AdminError> {
    run(installation, false, async |store| {
        let put_back = |paths: &_| beside::put_back(&installation.data, folder, paths);
        let manifest = store.restore(folder, put_back).await?;
        Ok((manifest, examine(installation, &store, &[]).await?))
    })
}

/// Reads all that is kept.
///
/// # Errors
/// When there is no installation, or it cannot be read at all; what is wrong is in the result.
pub fn check(installation: &Installation, kept: &[Root]) -> Result<Examined, AdminError> {
    run(installation, true, async |store| examine(installation, &store, kept).await)
}

async fn examine(installation: &Installation, store: &Store, kept: &[Root]) -> Result<Examined, StoreError> {
    let mut awarding = Vec::new();
    for title in store.find(Find::<Title>::all()).await? {
        if store.count(Find::<Award>::by("title", title.id.as_str())).await? > 0 {
            awarding.push(title.certifier.to_string());
        }
    }
    let (credentials, flaws) = beside::examine(&installation.data, &awarding);
    let proves = match Desk::new(store.clone()).prover_keys().await {
        Ok(keys) => !keys.is_empty(),
        Err(console::Error::Store(error)) => return Err(error),
        Err(_) => false,
    };
    let prover = prover::examine(&installation.data, proves);
    Ok(Examined { store: store.check(kept, &[]).await?, credentials, flaws, prover })
}

/// Something that would be forgotten.
pub struct DueOf {
    /// `files`, `invitation` or `person`.
    pub what: &'static str,
    pub id: String,
    /// Whom it speaks of.
    pub of: String,
}

/// Whose period is over on a day. Nothing is changed.
///
/// # Errors
/// When there is no installation.
pub fn due(installation: &Installation, periods: Retention, today: Date) -> Result<Vec<DueOf>, AdminError> {
    run(installation, true, async |store| {
        let found = Desk::new(store.clone()).due(periods, today).await.map_err(|error| match error {
            console::Error::Store(error) => error,
            other => StoreError::Other(other.to_string()),
        })?;
        let mut told = Vec::new();
        for due in found {
            told.push(match due {
                Due::Files(id) => {
                    let one = store.get::<Enrolment>(id.as_str()).await?;
                    let of = store.get::<Person>(one.person.as_str()).await?.name.clone();
                    DueOf { what: "files", id: id.to_string(), of }
                }
                Due::Invitation(id) => {
                    let of = store.get::<Invitation>(id.as_str()).await?.name.clone();
                    DueOf { what: "invitation", id: id.to_string(), of }
                }
                Due::Person(id) => {
                    let of = store.get::<Person>(id.as_str()).await?.name.clone();
                    DueOf { what: "person", id: id.to_string(), of }
                }
            });
        }
        Ok(told)
    })
}

/// Reads the log and the records, against roots that were kept outside and keys that are believed.
///
/// # Errors
/// When there is no installation; what is wrong is in the result.
pub fn verify_log(installation: &Installation, kept: &[Root], signers: &[String]) -> Result<AuditReport, AdminError> {
    run(installation, true, async |store| store.verify(kept, signers).await)
}

/// Signs the log as it stands, once a day.
///
/// # Errors
/// When there is no installation.
pub fn sign_log(installation: &Installation, key: &[u8; 32], at: Timestamp) -> Result<Root, AdminError> {
    run(installation, true, async |store| store.sign_root(key, at).await)
}

/// Reads a root that somebody kept.
///
/// # Errors
/// When it is none.
pub fn read_root(path: &Path) -> Result<Root, AdminError> {
    let wrong = |why: String| AdminError::Root { path: path.to_owned(), why };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
}

/// A problem of the log as people read it.
pub fn problem_told(words: Words, problem: &AuditProblem) -> String {
    let text = |id: &str, arguments: &[(&'static str, String)]| {
        let arguments: Vec<(&'static str, &str)> =
            arguments.iter().map(|(name, text)| (*name, text.as_str())).collect();
        words.with(id, &arguments)
    };
    let seq = |id: &str, seq: i64| text(id, &[("seq", seq.to_string())]);
    let record = |id: &str, kind: &str, record: &str| text(id, &[("kind", kind.to_owned()), ("id", record.to_owned())]);
    match problem {
        AuditProblem::Missing { seq: n } => seq("audit-missing", *n),
        AuditProblem::Altered { seq: n } => seq("audit-altered", *n),
        AuditProblem::Broken { seq: n } => seq("audit-broken", *n),
        AuditProblem::TextGone { seq: n } => seq("audit-text-gone", *n),
        AuditProblem::Truncated { has, expected } => {
            text("audit-truncated", &[("has", has.to_string()), ("expected", expected.to_string())])
        }
        AuditProblem::RootDiffers { day } => text("audit-root-differs", &[("day", day.clone())]),
        AuditProblem::SignatureWrong { day } => text("audit-signature-wrong", &[("day", day.clone())]),
        AuditProblem::SignerUnknown { day, signer } => {
            text("audit-signer-unknown", &[("day", day.clone()), ("signer", signer.clone())])
        }
        AuditProblem::RecordAltered { kind, id } => record("audit-record-altered", kind, id),
        AuditProblem::RecordMissing { kind, id } => record("audit-record-missing", kind, id),
        AuditProblem::RecordUnexplained { kind, id } => record("audit-record-unexplained", kind, id),
    }
}

impl ResultsError {
    /// The refusal in one language, with what to do about it.
    pub fn told(&self, lang: Lang) -> Told {
        let words = Words(lang);
        let path_and_why =
            |id: &str, path: &Path, why: &str| words.with(id, &[("path", &path.display().to_string()), ("why", why)]);
        let (message, hints) = match self {
            ResultsError::Read { path, why } => (path_and_why("error-results-read", path, why), Vec::new()),
            ResultsError::Schema { path, why } => {
                (path_and_why("error-results-schema", path, why), vec![words.say("hint-results-schema")])
            }
            ResultsError::Lacks(count, named) => {
                let mut hints = named.clone();
                hints.push(words.say("hint-results-lacks"));
                (words.with("error-results-lacks", &[("count", &count.to_string())]), hints)
            }
            ResultsError::Nothing => (words.say("error-results-nothing"), Vec::new()),
            ResultsError::NoTitle(id) => (words.with("error-results-no-title", &[("title", id)]), Vec::new()),
        };
        Told { blame: Blame::Input, message, hints }
    }
}

/// What is wrong with an issuer, as people read it.
pub fn flaw_told(words: Words, issuer: &str, flaw: &Flaw) -> String {
    let (id, what) = flaw.said();
    words.with(&format!("admin-issuer-{id}"), &[("issuer", issuer), ("what", what)])
}

/// What is to be said of the key that signs proofs, and what to do, as people read it.
pub fn prover_told(words: Words, key: &ProverKey) -> String {
    let (id, what) = key.said();
    words.with(&format!("admin-prover-{id}"), &[("what", what)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_said_has_words() {
        for lang in [Lang::Fr, Lang::En] {
            let words = Words(lang);
            let codes = StoreError::CODES.iter().map(|code| format!("store-{code}"));
            for id in codes {
                assert!(!words.with(&id, &[("what", "x")]).starts_with('⟨'), "{lang:?} {id}");
            }
            let (kind, id, day) = ("person".to_owned(), "ada".to_owned(), "2026-01-01".to_owned());
            let problems = [
                AuditProblem::Missing { seq: 1 },
                AuditProblem::Altered { seq: 1 },
                AuditProblem::Broken { seq: 1 },
                AuditProblem::TextGone { seq: 1 },
                AuditProblem::Truncated { has: 1, expected: 2 },
                AuditProblem::RootDiffers { day: day.clone() },
                AuditProblem::SignatureWrong { day: day.clone() },
                AuditProblem::SignerUnknown { day, signer: "00".to_owned() },
                AuditProblem::RecordAltered { kind: kind.clone(), id: id.clone() },
                AuditProblem::RecordMissing { kind: kind.clone(), id: id.clone() },
                AuditProblem::RecordUnexplained { kind, id },
            ];
            for flaw in Flaw::samples() {
                assert!(!flaw_told(words, "school", &flaw).contains('⟨'), "{lang:?} {flaw:?}");
            }
            for key in ProverKey::samples() {
                assert!(!prover_told(words, &key).contains('⟨'), "{lang:?} {key:?}");
            }
            for problem in problems {
                assert!(!problem_told(words, &problem).contains('⟨'), "{lang:?} {problem:?}");
            }
        }
    }
}
