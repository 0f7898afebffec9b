//! Findings as JSON.

use super::Findings;

/// Writes the findings as JSON.
pub fn write(findings: &Findings) -> String {
    let mut text = serde_json::to_string_pretty(findings).expect("every key is text");
    text.push('\n');
    text
}
