//! The document of an issuer: which keys sign for it, and in which periods. Also what is read of other issuers.

mod find;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::award::{moment, read_moment};
use crate::jwk::{Key, Unfit};
use crate::key::PublicKey;
use crate::names::{is_did_web, with_fragment};

pub(crate) use find::{find, listed};

/// A key in the life of an issuer. A retired key signs no more, and what it signed stays valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    pub id: String,
    pub controller: String,
    pub key: Key,
    /// From when it signs.
    pub from: Option<Timestamp>,
    /// Until when it signs: after rotation, what it signed before still verifies.
    pub until: Option<Timestamp>,
    /// From when on nothing that it signed is believed.
    pub expires: Option<Timestamp>,
    /// It is in other hands: nothing that it signed is believed.
    pub revoked: Option<Timestamp>,
}

/// Who issues, with its keys, the newest last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: String,
    pub name: Option<String>,
    pub methods: Vec<Method>,
    /// Which methods may sign credentials.
    assertion: Vec<String>,
}

/// Why no key is found or believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    #[error("the document of {0} is not at hand")]
    NoDocument(String),
    #[error("{0} is named in a way that leads to no document")]
    Unresolvable(String),
    #[error("the issuer does not list the key {0} for signing credentials")]
    NotListed(String),
    #[error("the key is that of {controller}, the credential that of {issuer}")]
    OtherIssuer { controller: String, issuer: String },
    #[error("the key signs from {from} on, the proof is of {created}")]
    TooEarly { from: Timestamp, created: Timestamp },
    #[error("the key signed until {until}, the proof is of {created}")]
    TooLate { until: Timestamp, created: Timestamp },
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error("the proof does not say when it was made, and the key has a period")]
    NoTime,
    #[error("the key was revoked at {0}")]
    Revoked(Timestamp),
    #[error("the key expired at {0}")]
    Expired(Timestamp),
}

impl Document {
    /// A new issuer without keys.
    pub fn new(id: &str, name: &str) -> Self {
        Self { id: id.to_owned(), name: Some(name.to_owned()), methods: Vec::new(), assertion: Vec::new() }
    }

    /// Adds a key that signs from now on; the one before it retires.
    pub fn rotate(&mut self, key: PublicKey, now: Timestamp) -> String {
        if let Some(last) = self.methods.last_mut() {
            last.until.get_or_insert(now);
        }
        let id = with_fragment(&self.id, &key.multikey());
        let controller = self.id.clone();
        self.methods.push(Method {
            id: id.clone(),
            controller,
            key: Key::Ed25519(key),
            from: Some(now),
            until: None,
            expires: None,
            revoked: None,
        });
        self.assertion.push(id.clone());
        id
    }

    /// Says that a key is in other hands. Whether there was such a key.
    pub fn revoke(&mut self, id: &str, now: Timestamp) -> bool {
        let method = self.methods.iter_mut().find(|method| method.id == id);
        method.map(|method| method.revoked.get_or_insert(now)).is_some()
    }

    /// The key that signs now.
    pub fn current(&self) -> Option<&Method> {
        self.methods.last().filter(|method| method.until.is_none() && method.revoked.is_none())
    }

    /// The document as it is published: a DID document, or a controlled identifier document.
    pub fn publish(&self) -> Value {
        let periods = json!({
            "validFrom": {"@id": "https://www.w3.org/2018/credentials#validFrom", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
            "validUntil": {"@id": "https://www.w3.org/2018/credentials#validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"},
            "name": "https://schema.org/name",
        });
        let kind = if is_did_web(&self.id) { "https://www.w3.org/ns/did/v1" } else { "https://www.w3.org/ns/cid/v1" };
        let methods: Vec<Value> = self.methods.iter().map(Method::object).collect();
        let mut out = json!({
            "@context": [kind, "https://w3id.org/security/multikey/v1", periods],
            "id": self.id,
            "verificationMethod": methods,
            "assertionMethod": self.assertion,
        });
        if let Some(name) = &self.name {
            out["name"] = name.clone().into();
        }
        out
    }

    /// Reads the document of any issuer: a DID document, a controlled identifier document, or a single multikey.
    /// Methods of other kinds are left out.
    pub fn read(value: &Value) -> Option<Self> {
        let id = value.get("id")?.as_str()?.to_owned();
        let name = value.get("name").and_then(Value::as_str).map(str::to_owned);
        if value.get("type").and_then(Value::as_str) == Some("Multikey") {
            let method = Method::read(value, &id)?;
            return Some(Self {
                id: method.controller.clone(),
                name,
                assertion: vec![method.id.clone()],
                methods: vec![method],
            });
        }
        let listed = |member: &str| value.get(member).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut methods: Vec<Method> =
            listed("verificationMethod").iter().take(256).filter_map(|method| Method::read(method, &id)).collect();
        let mut assertion = Vec::new();
        for entry in listed("assertionMethod").iter().take(256) {
            match entry {
                Value::String(reference) => assertion.push(absolute(reference, &id)),
                embedded => {
                    let Some(method) = Method::read(embedded, &id) else { continue };
                    assertion.push(method.id.clone());
                    methods.push(method);
                }
            }
        }
        Some(Self { id, name, methods, assertion })
    }

    /// Reads what lies at the address of a key or an issuer: a document, or a lone JWK. That says nothing of whose it is,
    /// so that it speaks only for an issuer that lists its address.
    pub fn read_at(value: &Value, address: &str) -> Option<Self> {
        if value.get("kty").is_none() {
            return Self::read(value);
        }
        let method = Method::always(address, address.to_owned(), Key::from_jwk(value)?);
        Some(Self { id: address.to_owned(), name: None, assertion: vec![address.to_owned()], methods: vec![method] })
    }
}

/// `#key` means a key of this document.
fn absolute(name: &str, document: &str) -> String {
    if name.starts_with('#') { format!("{document}{name}") } else { name.to_owned() }
}

impl Method {
    fn object(&self) -> Value {
        let mut out = json!({"id": self.id, "controller": self.controller});
        for (name, value) in self.key.members() {
            out[name] = value;
        }
        let times = [
            ("validFrom", self.from),
            ("validUntil", self.until),
            ("expires", self.expires),
            ("revoked", self.revoked),
        ];
        for (name, time) in times {
            if let Some(time) = time {
                out[name] = moment(time).into();
            }
        }
        out
    }

    fn read(value: &Value, document: &str) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let key = match text("type")? {
            "Multikey" | "Ed25519VerificationKey2020" => {
                Key::Ed25519(PublicKey::from_multikey(text("publicKeyMultibase")?).ok()?)
            }
            "JsonWebKey" | "JsonWebKey2020" => Key::from_jwk(value.get("publicKeyJwk")?)?,
            _ => return None,
        };
        // A time that cannot be read must not become an open end.
        let time = |name: &str| match value.get(name) {
            None => Some(None),
            Some(time) => time.as_str().and_then(read_moment).map(Some),
        };
        Some(Self {
            id: absolute(text("id")?, document),
            controller: text("controller").unwrap_or(document).to_owned(),
            key,
            from: time("validFrom")?,
            until: time("validUntil")?,
            expires: time("expires")?,
            revoked: time("revoked")?,
        })
    }

    /// A key without a period.
    fn always(id: &str, controller: String, key: Key) -> Self {
        Self { id: id.to_owned(), controller, key, from: None, until: None, expires: None, revoked: None }
    }

    /// Whether what it signed then is believed now.
    pub(crate) fn holds(&self, created: Option<Timestamp>, now: Timestamp) -> Result<(), KeyProblem> {
        if let Some(revoked) = self.revoked.filter(|revoked| *revoked <= now) {
            return Err(KeyProblem::Revoked(revoked));
        }
        if let Some(expires) = self.expires.filter(|expires| *expires <= now) {
            return Err(KeyProblem::Expired(expires));
        }
        if self.from.is_none() && self.until.is_none() {
            return Ok(());
        }
        let created = created.ok_or(KeyProblem::NoTime)?;
        match (self.from.filter(|from| created < *from), self.until.filter(|until| created > *until)) {
            (Some(from), _) => Err(KeyProblem::TooEarly { from, created }),
            (_, Some(until)) => Err(KeyProblem::TooLate { until, created }),
            _ => Ok(()),
        }
    }
}
