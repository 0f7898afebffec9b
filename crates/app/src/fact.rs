//! Kinds of facts, explained.

use std::fmt::Write;

use facts::schema;

/// The vocabulary of facts.
pub struct Fact;

impl Fact {
    /// What a kind of fact says, field by field.
    pub fn kind(name: &str) -> Option<String> {
        let kind = schema::kind(name)?;
        let mut out = format!("{}\n{}\n\n", kind.name, kind.doc);
        for field in kind.fields {
            let _ = writeln!(out, "  {:<18} {:<5} {}", field.name, field.field_type.name(), field.doc);
        }
        Some(out)
    }
}
