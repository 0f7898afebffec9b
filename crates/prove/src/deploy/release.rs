//! Releases: the documents of a version, and the same with something broken. Pure.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::json::{containers, shown, template, text};
use crate::say::{Say, say};

/// Which images the documents run: as written, as the engine holds them.
pub(crate) type Held = BTreeMap<String, String>;

/// What is wrong with a release of one workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// Its image is in no registry.
    NoImage,
    /// It starts and serves nothing.
    Silent,
    /// It ends as soon as it has started.
    Crash,
    /// A setting is taken from a place that does not hold it.
    NoSetting,
}

impl Break {
    pub const ALL: [Self; 4] = [Self::NoImage, Self::Silent, Self::Crash, Self::NoSetting];

    pub fn id(self) -> &'static str {
        match self {
            Self::NoImage => "no-image",
            Self::Silent => "silent",
            Self::Crash => "crash",
            Self::NoSetting => "no-setting",
        }
    }

    pub fn change(self) -> Say {
        match self {
            Self::NoImage => say!("release-no-image"),
            Self::Silent => say!("release-hollow"),
            Self::Crash => say!("release-ends"),
            Self::NoSetting => say!("release-lacks"),
        }
    }
}

/// The documents with the images that the engine holds.
pub(crate) fn with_images(documents: &[Value], held: &Held) -> Vec<Value> {
    let mut documents = documents.to_vec();
    for document in &mut documents {
        for container in containers(document) {
            if let Some(image) = held.get(text(container, "/image")) {
                container["image"] = json!(image);
            }
        }
    }
    documents
}

/// The documents with one workload broken. `hollow` is an image that runs and serves nothing.
pub(crate) fn broken(documents: &[Value], workload: &str, how: Break, hollow: &str) -> Vec<Value> {
    let mut documents = documents.to_vec();
    for document in documents.iter_mut().filter(|document| shown(document) == workload) {
        let Some(at) = template(document) else { continue };
        let Some(container) = document.pointer_mut(&format!("{at}/spec/containers/0")) else { continue };
        match how {
            Break::NoImage => container["image"] = json!("preuve/there-is-no-such-image:1"),
            Break::Silent => hollowed(container, hollow, &["sleep", "3600"]),
            Break::Crash => hollowed(container, hollow, &["false"]),
            Break::NoSetting => {
                let setting = json!({"name": "PREUVE_REQUIRED", "valueFrom": {"configMapKeyRef":
                    {"name": "preuve-there-is-no-such-map", "key": "required"}}});
                match container.get_mut("env").and_then(Value::as_array_mut) {
                    Some(env) => env.push(setting),
                    None => container["env"] = json!([setting]),
                }
            }
        }
    }
    documents
}

fn hollowed(container: &mut Value, image: &str, command: &[&str]) {
    container["image"] = json!(image);
    container["command"] = json!(command);
    if let Some(map) = container.as_object_mut() {
        map.remove("args");
        map.remove("workingDir");
    }
}

/// The documents with a remark on one workload's pods: they are replaced, and nothing else changes.
pub(crate) fn remarked(documents: &[Value], workload: &str) -> Vec<Value> {
    let mut documents = documents.to_vec();
    for document in documents.iter_mut().filter(|document| shown(document) == workload) {
        let Some(at) = template(document) else { continue };
        let Some(metadata) = document.pointer_mut(&format!("{at}/metadata")).and_then(Value::as_object_mut) else {
            continue;
        };
        let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
        if !annotations.is_object() {
            *annotations = json!({});
        }
        annotations["preuve/remark"] = json!("delivered again");
    }
    documents
}
