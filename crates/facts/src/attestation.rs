//! What lifts an indicator above *present*: signed records of runs, and judgements of named people.
//!
//! Nothing in the product makes one without a real run or a real person; until a room does, both lists are empty.

use crate::Oid;

/// A signed record that something was run, whose signature has been verified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attestation {
    /// The commit that was run.
    pub commit: Oid,
    pub shows: Shows,
    /// Who signed: the key id.
    pub signer: String,
    /// The digest of the signed statement.
    pub statement: String,
}

/// What a record shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shows {
    /// A run outside the product is known to have worked: an indicator may stand on *effective*.
    Worked { indicator: String },
    /// An experiment succeeded and each of its controls failed when it should: *proven*.
    Proved { experiment: String },
}

/// A juror read an indicator's evidence and agrees.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Judgement {
    pub commit: Oid,
    pub framework: String,
    pub indicator: String,
    pub juror: String,
    pub reason: String,
}
