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
//! environments:
//!   - name: production
//!     path: k8s/overlays/production
//! alerts:
//!   - name: ApiDown
//!     service: api
//!     within: 60
//! ```
//!
//! Every part may be left out: a plan is made from facts, and this only corrects it. A name that is not here is refused
//! where the file is read.

use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    pub commands: Commands,
    pub services: Vec<Service>,
    pub hosts: Vec<Host>,
    pub environments: Vec<Environment>,
    pub alerts: Vec<Alert>,
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
