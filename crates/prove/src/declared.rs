//! What the candidate declares or corrects in `preuve.yaml`, at the root of the repository.
//!
//! ```yaml
//! commands:
//!   test: make test
//! services:
//!   - name: api
//!     start: python -m api
//!     port: 8000
//!     health: http://localhost:8000/health
//! hosts:
//!   - name: web1
//!     groups: [web]
//! converge:
//!   variables: { firewall_enabled: false }
//! environments:
//!   - name: production
//!     path: k8s/overlays/production
//! secrets:
//!   - name: broker
//!     values: {user.conf: "default_user = app\ndefault_pass = {placeholder}\n"}
//! alerts:
//!   - name: ApiDown
//!     service: api
//!     within: 60
//! journeys:
//!   - name: an order becomes an invoice
//!     write: {url: http://api:8000/orders, headers: {Idempotency-Key: "{unique}"}, body: '{"item": 1}'}
//!     read: http://api:8000/orders/{id}
//!     shows: invoiced
//!     consumer: billing
//! backups:
//!   - service: db
//!     backup: sh /scripts/backup.sh /kept
//!     restore: sh /scripts/restore.sh /kept
//!     keeps: /kept
//! ```
//!
//! Every part may be left out: a plan is made from facts, and this only corrects it. A name that is not here is refused
//! where the file is read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    pub commands: Commands,
    pub services: Vec<Service>,
    pub hosts: Vec<Host>,
    pub converge: Converge,
    pub environments: Vec<Environment>,
    pub secrets: Vec<Secret>,
    pub alerts: Vec<Alert>,
    pub journeys: Vec<Journey>,
    pub backups: Vec<Backup>,
}

/// How the project is worked on, from its root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Commands {
    /// Fetches what the project depends on; the only one that may reach package registries.
    pub install: Option<String>,
    pub build: Option<String>,
    pub lint: Option<String>,
    pub test: Option<String>,
    pub start: Option<String>,
}

/// A process of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub name: String,
    /// The command that starts it, from `directory`.
    #[serde(default)]
    pub start: Option<String>,
    #[serde(default)]
    pub directory: String,
    #[serde(default)]
    pub port: Option<u16>,
    /// The address that answers 200 when it is well.
    #[serde(default)]
    pub health: Option<String>,
    /// The services that must run before it.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// A server that configuration management converges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    pub name: String,
    #[serde(default)]
    pub groups: Vec<String>,
    /// The playbook or manifest that converges it, from the root.
    #[serde(default)]
    pub converge: Option<String>,
    /// The command that tests it, from the root.
    #[serde(default)]
    pub test: Option<String>,
}

/// How configuration management is told that the hosts are in a sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Converge {
    /// Variables of every host, such as one that leaves out what takes rights over the machine's network. The proof names them.
    pub variables: BTreeMap<String, Variable>,
}

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Variable {
    Truth(bool),
    Number(i64),
    Text(String),
}

/// As an inventory of Ansible writes it.
impl std::fmt::Display for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Variable::Truth(true) => f.write_str("True"),
            Variable::Truth(false) => f.write_str("False"),
            Variable::Number(number) => write!(f, "{number}"),
            Variable::Text(text) => write!(f, "'{text}'"),
        }
    }
}

/// A place that the application is deployed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    pub name: String,
    /// Its overlay, values file or inventory, from the root.
    #[serde(default)]
    pub path: Option<String>,
    /// The command that deploys to it.
    #[serde(default)]
    pub deploy: Option<String>,
    /// The command that goes back to the version before.
    #[serde(default)]
    pub rollback: Option<String>,
    /// The address that users ask.
    #[serde(default)]
    pub url: Option<String>,
}

/// What a secret of the cluster holds in the sandbox, where its own values are encrypted, fetched from elsewhere or written
/// by hand: a file of settings that a program must be able to read, say. A secret that the repository holds keeps its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    pub name: String,
    /// Values by key; of keys that are not here, each holds a placeholder, which is `{placeholder}` in a value.
    pub values: BTreeMap<String, String>,
}

/// An alert that must fire when its service is stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    pub name: String,
    /// The service whose end it tells.
    pub service: String,
    /// Seconds within which it must be delivered.
    #[serde(default)]
    pub within: Option<u32>,
}

/// Something that users do: what they write, and where it then shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    pub name: String,
    pub write: Write,
    /// The address that shows it; `{field}` is taken from the JSON that writing answered.
    pub read: String,
    /// Words that it must show in the end; else what it showed at first.
    #[serde(default)]
    pub shows: Option<String>,
    /// The service that does the rest later, from a queue.
    #[serde(default)]
    pub consumer: Option<String>,
}

/// A request that writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    pub url: String,
    #[serde(default = "post")]
    pub method: String,
    /// `{unique}` is another word each time, here and in the body.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub body: String,
}

fn post() -> String {
    "POST".into()
}

/// How the data of a service are kept, and brought back. Both commands run in the service of the Compose project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    pub service: String,
    pub backup: String,
    pub restore: String,
    /// The folder of the service in which backups are kept: all that survives the loss of everything else.
    pub keeps: String,
    /// Files of the repository that the commands need, and the folder of the service where they are laid.
    #[serde(default)]
    pub files: Vec<String>,
    #[serde(default)]
    pub laid: Option<String>,
    /// A command whose answer must be the same before and after.
    #[serde(default)]
    pub compare: Option<String>,
}

/// Where the file lies.
pub const PATH: &str = "preuve.yaml";

/// A name that nothing declares: `(name, where it is used, names that are known)`.
pub type Dangling<'a> = (&'a str, String, Vec<&'a str>);

impl Declared {
    /// The first name that refers to a service which is not declared, when services are declared at all.
    pub fn dangling(&self) -> Option<Dangling<'_>> {
        let known: Vec<&str> = self.services.iter().map(|service| &*service.name).collect();
        let needs = self.services.iter().flat_map(|service| {
            service.needs.iter().map(move |name| (&**name, format!("services.{}.needs", service.name)))
        });
        let alerts = self.alerts.iter().map(|alert| (&*alert.service, format!("alerts.{}.service", alert.name)));
        let (name, place) = needs.chain(alerts).find(|(name, _)| !known.is_empty() && !known.contains(name))?;
        Some((name, place, known))
    }
}
