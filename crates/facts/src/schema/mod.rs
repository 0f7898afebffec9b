//! The kinds of facts and their fields: the vocabulary that readers fill and rules ask.
//!
//! One file per family. The table documents itself: `docs/facts.md` is generated from it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::FieldType;

mod app;
mod ci;
mod cloud;
mod container;
mod document;
mod file;
mod iac;
mod kubernetes;
mod monitoring;
mod secret;
mod vcs;

/// One kind of fact.
#[derive(Debug)]
pub struct KindSchema {
    /// Family and noun: `ci.step`.
    pub name: &'static str,
    /// One sentence: what one such fact says.
    pub doc: &'static str,
    pub fields: &'static [Field],
}

/// One field of a kind.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub field_type: FieldType,
    /// One sentence, with the closed list of values where there is one.
    pub doc: &'static str,
}

impl KindSchema {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

const fn bool(name: &'static str, doc: &'static str) -> Field {
    Field { name, field_type: FieldType::Bool, doc }
}

const fn int(name: &'static str, doc: &'static str) -> Field {
    Field { name, field_type: FieldType::Int, doc }
}

const fn text(name: &'static str, doc: &'static str) -> Field {
    Field { name, field_type: FieldType::Text, doc }
}

const fn list(name: &'static str, doc: &'static str) -> Field {
    Field { name, field_type: FieldType::List, doc }
}

/// The families, in the order of the documentation.
const FAMILIES: [&[KindSchema]; 11] = [
    file::KINDS,
    app::KINDS,
    ci::KINDS,
    container::KINDS,
    kubernetes::KINDS,
    iac::KINDS,
    cloud::KINDS,
    monitoring::KINDS,
    secret::KINDS,
    vcs::KINDS,
    document::KINDS,
];

/// All kinds.
pub fn kinds() -> impl Iterator<Item = &'static KindSchema> {
    FAMILIES.into_iter().flatten()
}

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static KindSchema> {
    // Every field of every fact asks.
    static BY_NAME: LazyLock<BTreeMap<&str, &KindSchema>> =
        LazyLock::new(|| kinds().map(|kind| (kind.name, kind)).collect());
    BY_NAME.get(name).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_documented() {
        let mut seen = BTreeSet::new();
        for kind in kinds() {
            assert!(seen.insert(kind.name), "kind {} is declared twice", kind.name);
            assert!(kind.doc.ends_with('.'), "{}: a doc is a sentence", kind.name);
            let mut fields = BTreeSet::new();
            for field in kind.fields {
                assert!(fields.insert(field.name), "{}.{} is declared twice", kind.name, field.name);
                assert!(field.doc.ends_with('.'), "{}.{}: a doc is a sentence", kind.name, field.name);
            }
        }
    }
}
