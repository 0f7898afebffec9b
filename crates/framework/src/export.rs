//! Frameworks in forms that other tools read.

mod case;
mod case_entries;

pub use case::case;
use serde_json::Value;

use crate::model::Framework;

/// The version of the shape that [`json`] writes.
pub const JSON_VERSION: u32 = 1;

/// The framework as this program knows it: every element, reference and rule.
pub fn json(framework: &Framework) -> Value {
    let framework = serde_json::to_value(framework).expect("a framework holds texts, numbers and lists alone");
    serde_json::json!({ "format": "preuve-framework", "format_version": JSON_VERSION, "framework": framework })
}
