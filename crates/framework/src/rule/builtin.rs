//! The checks that the binary carries.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::{Check, Vocabulary, parse_check};
use crate::PackError;

static CHECKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../packs/checks");

/// The built-in checks by id.
///
/// # Errors
/// When a file is not a check; a test makes sure that none is.
pub fn built_in_checks(vocabulary: &dyn Vocabulary) -> Result<BTreeMap<String, Check>, Vec<PackError>> {
    let mut checks = BTreeMap::new();
    let mut problems = Vec::new();
    for file in CHECKS.files().filter(|file| file.path().extension().is_some_and(|extension| extension == "yaml")) {
        let path = format!("packs/checks/{}", file.path().display());
        match parse_check(&path, file.contents_utf8().unwrap_or_default(), vocabulary) {
            Ok(check) => {
                checks.insert(check.id.clone(), check);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(checks) } else { Err(problems) }
}
