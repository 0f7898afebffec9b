//! What a command wrote, as a message to people tells it.

use sandbox::Ended;

/// Both streams, one after the other.
pub(crate) fn text(ended: &Ended) -> String {
    format!("{}{}", ended.text(), ended.error_text())
}

/// The last lines that say something, on one line.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let told: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = told[told.len().saturating_sub(lines)..].join(" / ");
    last.chars().filter(|c| !c.is_control()).take(400).collect()
}
