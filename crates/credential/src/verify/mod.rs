//! Verification: every step of the specification in order, each with what came of it.
//!
//! What a stranger hands in is read within bounds, held against the data model and its contexts, its proof against
//! the issuer's published key, and only then believed about its status, dates, subject and evidence. What would be
//! needed and is not at hand leaves the verdict open: it is never taken for a yes.

mod opened;
mod reason;
mod receipt;
mod signed;
mod status;
mod summary;

use jiff::Timestamp;
use serde_json::Value;

use crate::award::read_moment;
use crate::contexts::{Contexts, VC, is_open_badges};
use crate::identity::recognises;
use crate::integrity;
use crate::issuer::{Document, Method};
use crate::{schema, terms};

pub use opened::{Form, Need, Opened, open};
pub use reason::Reason;
pub use receipt::{Act, Entry, LogProblem, Receipt};
use signed::key;
pub use summary::{EvidenceSummary, ResultSummary, Summary};

/// A step, in the order in which steps are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It is read: picture, token or JSON, within bounds.
    Read,
    /// It holds what an achievement credential must hold.
    Schema,
    /// Everything in it is defined by contexts that are known.
    Contexts,
    /// The issuer lists the key, which may sign at that time.
    Key,
    /// The key signed this very credential.
    Proof,
    /// It is not revoked.
    Status,
    /// It is valid at this moment.
    Dates,
    /// It is about the person whom the reader knows.
    Subject,
    /// The files at hand are those that it names.
    Evidence,
    /// It is listed in the public log.
    Log,
}

impl Step {
    pub const ALL: [Self; 10] = [
        Self::Read,
        Self::Schema,
        Self::Contexts,
        Self::Key,
        Self::Proof,
        Self::Status,
        Self::Dates,
        Self::Subject,
        Self::Evidence,
        Self::Log,
    ];

    /// The word that reports use.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Schema => "schema",
            Self::Contexts => "contexts",
            Self::Key => "key",
            Self::Proof => "proof",
            Self::Status => "status",
            Self::Dates => "dates",
            Self::Subject => "subject",
            Self::Evidence => "evidence",
            Self::Log => "log",
        }
    }
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    /// The credential or the reader does not ask for it.
    NotAsked,
    /// What it needs is not at hand.
    Open(Reason),
    Refused(Reason),
    /// A step before it was refused.
    NotReached,
}

/// What follows from all steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Verified,
    Refused,
    /// Nothing speaks against it, and something that was needed was not at hand.
    Open,
}

/// All that was found.
#[derive(Clone, Debug)]
pub struct Report {
    pub steps: Vec<(Step, Outcome)>,
    /// What the credential says; to be believed as far as the verdict goes.
    pub summary: Option<Summary>,
    /// The key that signed.
    pub key: Option<Method>,
}

impl Report {
    pub fn verdict(&self) -> Verdict {
        let refused = self.steps.iter().any(|(_, outcome)| matches!(outcome, Outcome::Refused(_)));
        let open = self.steps.iter().any(|(_, outcome)| matches!(outcome, Outcome::Open(_)));
        match (refused, open) {
            (true, _) => Verdict::Refused,
            (false, true) => Verdict::Open,
            (false, false) => Verdict::Verified,
        }
    }

    /// The first reason against it, and the step that found it.
    pub fn reason(&self) -> Option<(Step, &Reason)> {
        let refused = self.steps.iter().find_map(|(step, outcome)| match outcome {
            Outcome::Refused(reason) => Some((*step, reason)),
            _ => None,
        });
        let open = || {
            self.steps.iter().find_map(|(step, outcome)| match outcome {
                Outcome::Open(reason) => Some((*step, reason)),
                _ => None,
            })
        };
        refused.or_else(open)
    }

    /// What came of one step.
    pub fn outcome(&self, step: Step) -> &Outcome {
        self.steps.iter().find(|(one, _)| *one == step).map_or(&Outcome::NotReached, |(_, outcome)| outcome)
    }
}

/// What the reader has at hand.
pub struct Material<'a> {
    pub now: Timestamp,
    pub contexts: &'a Contexts,
    /// Documents of issuers, from where their names lead or from a hand that the reader trusts.
    pub issuers: &'a [Document],
    /// Status lists, as they were read.
    pub statuses: &'a [StatusFile],
    /// How the reader knows the person: the kind and the value.
    pub subject: Option<(&'a str, &'a str)>,
    /// Names and SHA-256 of files that should be the evidence.
    pub evidence: &'a [(String, [u8; 32])],
    /// The receipt of the log.
    pub receipt: Option<&'a [u8]>,
}

/// A status list that is at hand.
#[derive(Clone, Debug)]
pub struct StatusFile {
    /// Where it was fetched; without this its own name must be the address that is asked for.
    pub url: Option<String>,
    pub bytes: Vec<u8>,
}

/// Takes all steps.
pub fn verify(file: &[u8], material: &Material<'_>) -> Report {
    let mut run = Run { report: Report { steps: Vec::new(), summary: None, key: None }, stopped: false };
    let opened = match open(file) {
        Ok(opened) => opened,
        Err(reason) => {
            run.note(Step::Read, Outcome::Refused(reason));
            return run.end();
        }
    };
    run.note(Step::Read, Outcome::Passed);
    run.report.summary = Some(Summary::of(&opened));
    let credential = &opened.credential;
    run.take(Step::Schema, || {
        context_order(credential)?;
        Ok(schema::check(credential)?)
    });
    run.take(Step::Contexts, || defined(credential, material.contexts));
    let mut signer = Err(Reason::Proof(integrity::ProofError::Missing));
    run.take_open(Step::Key, || {
        signer = key(&opened, material);
        signer.as_ref().map(|_| ()).map_err(Clone::clone)
    });
    run.report.key = signer.as_ref().ok().map(|signer| signer.method.clone());
    run.take(Step::Proof, || signer?.proves(&opened, material));
    if run.stopped {
        // What an unsigned text says about itself is worth nothing.
        return run.end();
    }
    let status = status::check(credential, material);
    run.note(Step::Status, status);
    run.note(Step::Dates, dates(credential, material.now).into());
    run.note(
        Step::Subject,
        asked(material.subject, |(kind, value)| {
            let known = recognises(&credential["credentialSubject"], kind, value);
            if known { Ok(()) } else { Err(Reason::OtherPerson) }
        }),
    );
    let files = (!material.evidence.is_empty()).then_some(material.evidence);
    run.note(Step::Evidence, asked(files, |files| evidence(credential, files)));
    run.note(
        Step::Log,
        asked(material.receipt, |receipt| {
            let keys = material.issuers.iter().filter(|document| Some(document.id.as_str()) == issuer(credential));
            let receipt = Receipt::read(receipt)?;
            Ok(receipt.lists(credential, keys, material)?)
        }),
    );
    run.end()
}

struct Run {
    report: Report,
    stopped: bool,
}

impl Run {
    fn note(&mut self, step: Step, outcome: Outcome) {
        self.stopped |= matches!(outcome, Outcome::Refused(_) | Outcome::Open(_)) && step <= Step::Proof;
        self.report.steps.push((step, outcome));
    }

    fn take(&mut self, step: Step, check: impl FnOnce() -> Result<(), Reason>) {
        if !self.stopped {
            self.note(step, check().into());
        }
    }

    /// A step that may lack something.
    fn take_open(&mut self, step: Step, check: impl FnOnce() -> Result<(), Reason>) {
        if !self.stopped {
            self.note(step, check().map_or_else(Reason::outcome, |()| Outcome::Passed));
        }
    }

    fn end(mut self) -> Report {
        for step in Step::ALL {
            if !self.report.steps.iter().any(|(taken, _)| *taken == step) {
                self.report.steps.push((step, Outcome::NotReached));
            }
        }
        self.report.steps.sort_by_key(|(step, _)| *step);
        self.report
    }
}

impl From<Result<(), Reason>> for Outcome {
    fn from(result: Result<(), Reason>) -> Self {
        result.map_or_else(Self::Refused, |()| Self::Passed)
    }
}

fn asked<T>(given: Option<T>, check: impl FnOnce(T) -> Result<(), Reason>) -> Outcome {
    given.map_or(Outcome::NotAsked, |given| check(given).into())
}

/// Who a credential says that it is from.
pub(crate) fn issuer(credential: &Value) -> Option<&str> {
    let issuer = credential.get("issuer")?;
    issuer.as_str().or_else(|| issuer.get("id")?.as_str())
}

fn context_order(credential: &Value) -> Result<(), Reason> {
    let named = terms::named(credential)?;
    let ordered = named.first() == Some(&VC) && named.get(1).is_some_and(|url| is_open_badges(url));
    if ordered { Ok(()) } else { Err(Reason::ContextOrder) }
}

fn defined(credential: &Value, contexts: &Contexts) -> Result<(), Reason> {
    let mut bare = credential.clone();
    bare.as_object_mut().and_then(|document| document.remove("proof"));
    Ok(terms::check(&bare, contexts)?)
}

pub(crate) fn dates(credential: &Value, now: Timestamp) -> Result<(), Reason> {
    let moment = |name: &str| credential.get(name).and_then(Value::as_str).and_then(read_moment);
    if let Some(from) = moment("validFrom").filter(|from| *from > now) {
        return Err(Reason::NotYet(from));
    }
    moment("validUntil").filter(|until| *until < now).map_or(Ok(()), |until| Err(Reason::Expired(until)))
}

fn evidence(credential: &Value, files: &[(String, [u8; 32])]) -> Result<(), Reason> {
    let named = summary::evidence(credential);
    let unknown = files.iter().find(|(_, digest)| !named.iter().any(|one| one.digest.as_ref() == Some(digest)));
    unknown.map_or(Ok(()), |(name, _)| Err(Reason::OtherEvidence(name.clone())))
}

#[cfg(test)]
mod tests;
