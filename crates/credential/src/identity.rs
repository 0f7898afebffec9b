//! Who a credential is about, without saying it: a salted hash that only those can check who know the person already.

use serde_json::{Value, json};

use crate::encoding::sha256;

/// One way to recognise a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `emailAddress`, `sourcedId`, `name`…, as Open Badges names them.
    pub kind: String,
    /// The value itself, or its hash.
    pub told: String,
    /// With a salt the value is hashed.
    pub salt: Option<String>,
}

impl Identity {
    /// A value that is hashed with a salt; each credential has its own, so that two cannot be joined by it.
    pub fn hashed(kind: &str, value: &str, salt: &str) -> Self {
        Self { kind: kind.to_owned(), told: hash(kind, value, salt), salt: Some(salt.to_owned()) }
    }

    /// A value that everybody may read.
    pub fn plain(kind: &str, value: &str) -> Self {
        Self { kind: kind.to_owned(), told: value.to_owned(), salt: None }
    }

    pub(crate) fn object(&self) -> Value {
        let mut out = json!({
            "type": "IdentityObject",
            "hashed": self.salt.is_some(),
            "identityHash": self.told,
            "identityType": self.kind,
        });
        if let Some(salt) = &self.salt {
            out["salt"] = salt.clone().into();
        }
        out
    }
}

/// Whether one of a credential's identities is this value.
pub(crate) fn recognises(subject: &Value, kind: &str, value: &str) -> bool {
    let one = |identity: &Value| {
        let text = |name: &str| identity.get(name).and_then(Value::as_str);
        let told = text("identityHash").unwrap_or_default();
        let known = match identity.get("hashed").and_then(Value::as_bool) {
            Some(true) => {
                let algorithm_ok = told.starts_with("sha256$");
                algorithm_ok && told.eq_ignore_ascii_case(&hash(kind, value, text("salt").unwrap_or_default()))
            }
            _ => told == normal(kind, value),
        };
        text("identityType") == Some(kind) && known
    };
    let id = subject.get("id").and_then(Value::as_str);
    let identifiers = subject.get("identifier");
    id == Some(value)
        || match identifiers {
            Some(Value::Array(all)) => all.iter().any(one),
            Some(identity) => one(identity),
            None => false,
        }
}

fn hash(kind: &str, value: &str, salt: &str) -> String {
    format!("sha256${}", hex::encode(sha256(format!("{}{salt}", normal(kind, value)).as_bytes())))
}

/// An address is one whatever its case and the spaces around it.
fn normal(kind: &str, value: &str) -> String {
    let value = value.trim();
    if kind == "emailAddress" { value.to_lowercase() } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_recognised_by_who_knows_them() {
        let subject = json!({"identifier": [Identity::hashed("emailAddress", "Ana@Example.org ", "s4lt").object()]});
        assert!(recognises(&subject, "emailAddress", "ana@example.org"));
        assert!(!recognises(&subject, "emailAddress", "bob@example.org"));
        assert!(!recognises(&subject, "name", "ana@example.org"), "of another kind");
        assert!(!subject.to_string().contains("ana@"), "it is not told");
        let subject = json!({"id": "urn:uuid:1", "identifier": Identity::plain("name", "Ana").object()});
        assert!(recognises(&subject, "name", "Ana") && recognises(&subject, "emailAddress", "urn:uuid:1"));
        // The vector of `printf '%s' anasalt | sha256sum`.
        let known = "sha256$a59c5253afe8b80f4f774b33b3a8ea7658a891de76114ee02e14b2d9fcef1f2e";
        assert_eq!(hash("name", "ana", "salt"), known);
    }
}
