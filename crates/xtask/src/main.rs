//! Verbs and terminal.
fn main() {}
