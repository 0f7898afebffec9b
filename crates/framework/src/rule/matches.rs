//! `text.matches(pattern)` of rules. A rule asks the same pattern of every fact, so each is compiled once.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use cel::common::types::{CelBool, CelString};
use cel::{Env, ExecutionError};
use regex::Regex;

/// The most patterns that are kept: rules hold theirs as written, but one may be built from a fact.
const KEPT: usize = 256;

static COMPILED: LazyLock<Mutex<BTreeMap<String, Regex>>> = LazyLock::new(Mutex::default);

/// Gives the environment its `matches`.
pub(super) fn declare(environment: &mut Env) {
    cel::add_member_overload!(environment, fn matches: (CelString, CelString) -> Result<CelBool>)
        .expect("nothing else declares it");
}

fn matches(text: &CelString<'_>, pattern: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    let regex = compiled(pattern.inner()).map_err(|error| ExecutionError::FunctionError {
        function: "matches".to_owned(),
        message: format!("'{}' is not a regular expression: {error}", pattern.inner()),
    })?;
    Ok(CelBool::from(regex.is_match(text.inner())))
}

fn compiled(pattern: &str) -> Result<Regex, regex::Error> {
    let mut known = COMPILED.lock().expect("nothing panics while it holds the lock");
    if let Some(regex) = known.get(pattern) {
        return Ok(regex.clone());
    }
    let regex = Regex::new(pattern)?;
    if known.len() < KEPT {
        known.insert(pattern.to_owned(), regex.clone());
    }
    Ok(regex)
}
