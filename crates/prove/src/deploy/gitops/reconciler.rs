//! A minimal reconciler: it applies what git holds, removes what git held before when told to, and sets right what differs
//! when told to. It knows nothing of what was broken.

use std::collections::BTreeSet;

use sandbox::cluster::complaint;
use sandbox::{Cluster, Ended, Status};
use serde_json::{Value, json};

use super::super::json::{kind, list, name, namespace};
use crate::protocol::Stop;
use crate::say::say;

/// What its object declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Policy {
    pub prunes: bool,
    pub heals: bool,
}

/// An object among others: its name space, kind and name.
pub(super) type Id = (String, String, String);

pub(super) fn id(document: &Value) -> Id {
    (namespace(document).to_owned(), kind(document).to_owned(), name(document).to_owned())
}

/// What it did in a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    /// Lines that differed between the cluster and git before it acted.
    pub differed: Vec<String>,
    pub removed: Vec<Id>,
}

pub(super) struct Reconciler<'a> {
    cluster: Cluster<'a>,
    policy: Policy,
    /// What git held when it was last followed.
    followed: Vec<Value>,
}

impl<'a> Reconciler<'a> {
    pub fn new(cluster: Cluster<'a>, policy: Policy) -> Self {
        Self { cluster, policy, followed: Vec::new() }
    }

    /// Applies all documents, and says which the API refuses: when it does not take all, each is applied for itself.
    pub fn first(&mut self, git: &[Value]) -> Result<Vec<(Id, String)>, Stop> {
        let mut refused = Vec::new();
        if self.cluster.apply(&together(git))?.succeeded() {
            self.followed = git.to_vec();
            return Ok(refused);
        }
        for document in git {
            let ended = self.cluster.apply(&document.to_string())?;
            if !ended.succeeded() {
                refused.push((id(document), complaint(&ended)));
            }
        }
        self.followed = git.iter().filter(|one| !refused.iter().any(|(other, _)| *other == id(one))).cloned().collect();
        Ok(refused)
    }

    /// One round: git is followed when it changed, and the cluster set right when it differs and that is declared.
    pub fn round(&mut self, git: &[Value]) -> Result<Done, Stop> {
        let changed = self.followed != git;
        let mut done = Done::default();
        if self.policy.heals || changed {
            done.differed = self.differs(git)?;
        }
        if changed || self.policy.heals && !done.differed.is_empty() {
            self.apply(git)?;
        }
        if changed && self.policy.prunes {
            let held: BTreeSet<Id> = git.iter().map(id).collect();
            done.removed = self.followed.iter().map(id).filter(|one| !held.contains(one)).collect();
            done.removed.iter().try_for_each(|one| self.remove(one))?;
        }
        self.followed = git.to_vec();
        Ok(done)
    }

    /// Sets the cluster as git says, whatever is declared: what an experiment leaves behind.
    pub fn set(&mut self, git: &[Value]) -> Result<(), Stop> {
        self.apply(git)?;
        self.followed = git.to_vec();
        Ok(())
    }

    fn apply(&self, git: &[Value]) -> Result<(), Stop> {
        let ended = self.cluster.apply(&together(git))?;
        if ended.succeeded() { Ok(()) } else { Err(Stop(say!("git-not-followed", told = complaint(&ended)))) }
    }

    fn remove(&self, (namespace, kind, name): &Id) -> Result<(), Stop> {
        let words = ["--namespace", namespace, "delete", kind, name, "--ignore-not-found", "--timeout=30s"];
        let ended = self.cluster.kubectl(&words, "", 60)?;
        if ended.succeeded() {
            Ok(())
        } else {
            Err(Stop(say!("object-not-removed", kind, name, told = complaint(&ended))))
        }
    }

    /// What following git would change, as lines.
    pub fn differs(&self, git: &[Value]) -> Result<Vec<String>, Stop> {
        let ended = self.cluster.kubectl(&["diff", "--filename", "-"], &together(git), 60)?;
        match ended.status {
            Status::Exit(0) => Ok(Vec::new()),
            Status::Exit(1) => Ok(changes(&ended.text())),
            _ => Err(Stop(say!("git-not-compared", told = complaint(&ended)))),
        }
    }

    /// The first object that is not in the cluster. All are asked for at once, and what that does not find for itself.
    pub fn gone(&self, git: &[Value]) -> Result<Option<Id>, Stop> {
        let words = ["get", "--filename", "-", "--ignore-not-found", "--output", "json"];
        let ended = self.cluster.kubectl(&words, &together(git), 60)?;
        let told: Value = serde_json::from_slice(&ended.stdout).unwrap_or_default();
        let stays = |one: &&Value| one.pointer("/metadata/deletionTimestamp").is_none();
        let there: BTreeSet<Id> = list(&told, "/items").iter().filter(stays).map(id).collect();
        for one in git.iter().filter(|one| !there.contains(&id(one))) {
            if self.live(one)?.is_none() {
                return Ok(Some(id(one)));
            }
        }
        Ok(None)
    }

    /// An object as it is in the cluster.
    pub fn live(&self, document: &Value) -> Result<Option<Value>, Stop> {
        let (namespace, kind, name) = id(document);
        let words = ["--namespace", &namespace, "get", &kind, &name, "--ignore-not-found", "--output", "json"];
        let ended = self.cluster.kubectl(&words, "", 30)?;
        if !ended.succeeded() {
            return Err(Stop(say!("object-not-asked", kind, name, told = complaint(&ended))));
        }
        let found: Option<Value> = serde_json::from_slice(&ended.stdout).ok();
        Ok(found.filter(|one| one.pointer("/metadata/deletionTimestamp").is_none()))
    }

    /// Changes an object past git.
    pub fn patch(&self, document: &Value, how: &str, patch: &Value) -> Result<Ended, Stop> {
        let (namespace, kind, name) = id(document);
        let (way, text) = (format!("--type={how}"), patch.to_string());
        Ok(self.cluster.kubectl(&["--namespace", &namespace, "patch", &kind, &name, &way, "--patch", &text], "", 30)?)
    }
}

fn together(git: &[Value]) -> String {
    json!({"apiVersion": "v1", "kind": "List", "items": git}).to_string()
}

/// The lines of a difference that tell what would be written, without what the API counts by itself.
pub(super) fn changes(diff: &str) -> Vec<String> {
    const MOST: usize = 8;
    let told = diff
        .lines()
        .filter(|line| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---"));
    let told = told.filter(|line| !line[1..].trim().is_empty() && !line.contains("generation:"));
    told.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).take(MOST).collect()
}
