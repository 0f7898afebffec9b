//! How a root of the Terraform family keeps its state, and whether that is safe.

use facts::Location;

use super::super::hcl::Body;
use super::partial;
use super::tree::Dir;
use crate::{Node, Project};

/// A declared backend.
pub(crate) struct Backend {
    pub kind: String,
    pub at: Location,
    /// The settings written in the block.
    pub settings: Vec<(String, String)>,
}

/// The judgement over a backend.
pub(crate) struct Judged {
    pub state: &'static str,
    pub locking: bool,
    pub partial: bool,
    pub reason: String,
    /// Where what completes the block was found.
    pub also: Option<Location>,
}

impl Backend {
    /// A backend with the settings of a body.
    pub(crate) fn new(kind: &str, at: Location, body: &Body) -> Self {
        let settings = body.attributes.iter().map(|attribute| (attribute.key.clone(), scalar(&attribute.value)));
        Self { kind: kind.to_owned(), at, settings: settings.collect() }
    }

    /// A backend with the settings of a mapping.
    pub(crate) fn of_map(kind: &str, at: Location, map: Option<&Node>) -> Self {
        let entries = map.map(Node::entries).unwrap_or_default();
        let settings = entries.iter().map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), scalar(value)));
        Self { kind: kind.to_owned(), at, settings: settings.collect() }
    }

    /// The backend that a directory declares.
    pub(crate) fn of_dir(dir: &Dir<'_>) -> Option<Self> {
        let backend = dir.settings("backend").next();
        if let Some((file, block)) = backend {
            return Some(Self::new(block.label(0), file.at(block.range.clone()), &block.body));
        }
        let (file, block) = dir.settings("cloud").next()?;
        Some(Self::new("cloud", file.at(block.range.clone()), &block.body))
    }

    fn setting(&self, name: &str) -> Option<&str> {
        self.settings
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !matches!(*value, "" | "null"))
    }

    /// Whether the block asks for a lock itself.
    fn declares_lock(&self) -> bool {
        let given = |name: &str| self.setting(name).is_some_and(|value| value != "false");
        match self.kind.as_str() {
            "s3" => given("dynamodb_table") || given("use_lockfile"),
            "oss" => given("tablestore_table") || given("tablestore_endpoint"),
            "http" => given("lock_address"),
            _ => false,
        }
    }

    /// What the block lacks is then filled at `init`.
    fn is_partial(&self) -> bool {
        let lacks = |names: &[&str]| names.iter().any(|name| self.setting(name).is_none());
        match self.kind.as_str() {
            "s3" => lacks(&["bucket", "key"]),
            "http" => lacks(&["address"]),
            "oss" => lacks(&["bucket"]),
            "gcs" => lacks(&["bucket"]),
            "azurerm" => lacks(&["storage_account_name"]) || lacks(&["key"]),
            _ => false,
        }
    }

    /// Judges the backend, with what the repository holds to complete it.
    pub(crate) fn judge(&self, project: &Project, dir: &str) -> Judged {
        let kind = self.kind.as_str();
        let partial = self.is_partial();
        let judged = |state, locking, reason: String, also| Judged { state, locking, partial, reason, also };
        match kind {
            "local" | "inmem" => {
                return judged("local", true, "the state stays on the machine that runs the tool".into(), None);
            }
            "s3" | "oss" | "http" => {}
            "swift" | "artifactory" | "manta" | "etcd" => {
                return judged("unlocked", false, format!("the {kind} backend cannot lock the state"), None);
            }
            _ => return judged("safe", true, format!("the {kind} backend locks the state by itself"), None),
        }
        if self.declares_lock() {
            return judged("safe", true, format!("the {kind} backend declares its lock"), None);
        }
        if let Some(found) = partial::lock(project, dir, kind) {
            return judged("safe", true, format!("what completes the {kind} backend declares its lock"), Some(found));
        }
        if !partial {
            return judged("unlocked", false, format!("the {kind} backend declares no lock"), None);
        }
        if let Some(found) = partial::completion(project, dir, kind) {
            return judged(
                "unlocked",
                false,
                format!("what completes the {kind} backend declares no lock"),
                Some(found),
            );
        }
        judged("open", false, format!("what completes the {kind} backend is outside the repository"), None)
    }
}

/// A backend written in text that a tool generates, as the `contents` of a Terragrunt `generate` block.
pub(crate) fn in_text(at: Location, text: &str) -> Option<Backend> {
    let text: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with(['#', '/'])).collect();
    let text = text.join("\n");
    let after = text.split_once("backend \"")?.1;
    let (kind, rest) = after.split_once('"')?;
    let settings = rest.lines().take(40).filter_map(|line| line.split_once('='));
    let settings = settings.map(|(key, value)| (key.trim().to_owned(), value.trim().trim_matches('"').to_owned()));
    Some(Backend { kind: kind.to_owned(), at, settings: settings.collect() })
}

fn scalar(value: &Node) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_null() => String::new(),
        None => "set".to_owned(),
    }
}
