//! Secrets whose values are not to be had here: encrypted ones, those that a cluster would fetch, those that nobody wrote down.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::json::{kind, list, name, namespace, template, text};
use crate::declared::Declared;
use crate::say::{Say, say};

/// What stands for every value that cannot be known.
const PLACEHOLDER: &str = "preuve";

/// What `preuve.yaml` gives in their place: values by key, by the name of the secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given(BTreeMap<String, BTreeMap<String, String>>);

impl Given {
    pub fn of(declared: &Declared) -> Self {
        Self(declared.secrets.iter().map(|one| (one.name.clone(), one.values.clone())).collect())
    }

    /// What a secret of this name holds here, in words.
    pub(super) fn told(&self, name: &str) -> Say {
        if self.0.contains_key(name) { say!("values-of-preuve") } else { say!("placeholder-values") }
    }

    fn secret(&self, name: &str, namespace: &str, keys: &[String]) -> Value {
        let mut data: BTreeMap<&str, String> = keys.iter().map(|key| (key.as_str(), PLACEHOLDER.to_owned())).collect();
        let given = self.0.get(name).into_iter().flatten();
        data.extend(given.map(|(key, value)| (key.as_str(), value.replace("{placeholder}", PLACEHOLDER))));
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace},
            "stringData": data})
    }
}

/// A secret in place of one that is encrypted or fetched from elsewhere.
pub(super) fn opened(document: &Value, given: &Given) -> Option<Value> {
    let keys: Vec<String> = match kind(document) {
        "Secret" if document.get("sops").is_some() => {
            let maps = ["data", "stringData"].into_iter().filter_map(|key| document.get(key)?.as_object());
            maps.flat_map(|map| map.keys().cloned()).collect()
        }
        "SealedSecret" => document.pointer("/spec/encryptedData")?.as_object()?.keys().cloned().collect(),
        "ExternalSecret" => {
            list(document, "/spec/data").iter().map(|entry| text(entry, "/secretKey").to_owned()).collect()
        }
        _ => return None,
    };
    let target = match text(document, "/spec/target/name") {
        "" => name(document),
        target => target,
    };
    Some(given.secret(target, namespace(document), &keys))
}

/// Secrets that workloads name and no document holds.
pub(super) fn missing(documents: &[Value], given: &Given, stand_ins: &mut BTreeSet<Say>) -> Vec<Value> {
    let mut wanted: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for document in documents {
        let Some(at) = template(document) else { continue };
        let Some(spec) = document.pointer(&format!("{at}/spec")) else { continue };
        references(spec, &mut |name, key| {
            let keys = wanted.entry((namespace(document).to_owned(), name.to_owned())).or_default();
            keys.extend(key.map(str::to_owned));
        });
    }
    let held = |space: &str, one: &str| {
        documents.iter().any(|doc| kind(doc) == "Secret" && name(doc) == one && namespace(doc) == space)
    };
    let mut made = Vec::new();
    for ((space, name), keys) in wanted {
        // What an operator would have decrypted states no name space: it goes where it is named.
        let elsewhere = documents.iter().find(|doc| kind(doc) == "Secret" && self::name(doc) == name);
        if let Some(secret) = elsewhere.filter(|_| !held(&space, &name)) {
            let mut secret = secret.clone();
            secret["metadata"]["namespace"] = json!(space);
            made.push(secret);
        } else if !held(&space, &name) {
            let values = given.told(&name);
            stand_ins.insert(say!("secret-values", name, values));
            made.push(given.secret(&name, &space, &keys.into_iter().collect::<Vec<_>>()));
        }
    }
    made
}

/// Every secret that a value names, with the key where one is named.
fn references(value: &Value, found: &mut dyn FnMut(&str, Option<&str>)) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let optional = inner.get("optional").and_then(Value::as_bool) == Some(true);
                match key.as_str() {
                    _ if optional => {}
                    "secretKeyRef" => found(text(inner, "/name"), inner.get("key").and_then(Value::as_str)),
                    "secretRef" => found(text(inner, "/name"), None),
                    "secret" if inner.get("secretName").is_some() || inner.get("name").is_some() => {
                        let name = [text(inner, "/secretName"), text(inner, "/name")].concat();
                        let items = list(inner, "/items");
                        if items.is_empty() {
                            found(&name, None);
                        }
                        items.iter().for_each(|item| found(&name, item.get("key").and_then(Value::as_str)));
                    }
                    _ => references(inner, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}
