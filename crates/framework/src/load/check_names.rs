//! The identifiers of the checks that packs may refer to.

use std::collections::BTreeSet;

use crate::load::{PackFile, is_check};

/// What is known of the checks while frameworks are read.
pub(super) struct CheckNames<'a> {
    pub(super) known: BTreeSet<&'a str>,
    /// Every check file could be read, so a name that is not known does not exist.
    pub(super) complete: bool,
}

pub(super) fn of(files: &[PackFile]) -> CheckNames<'_> {
    let complete = files.iter().any(|file| is_check(&file.path));
    CheckNames {
        known: BTreeSet::new(),
        complete,
    }
}
