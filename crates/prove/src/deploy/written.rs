//! Workloads as they are written: their place, and what a reader would have warned of.

use facts::Fact;

use crate::experiment::Ground;
use crate::finding::At;
use crate::say::{Say, say};

/// Where a workload is written, and what is known of it there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub at: Option<At>,
    /// Whether users reach it from outside the cluster.
    pub exposed: bool,
    pub serves: bool,
    /// Whether it runs an image of the project.
    pub own: bool,
    /// What would make a delivery cost users something: `no readiness probe`, `the strategy is recreate`.
    pub weak: Vec<(Say, Option<At>)>,
}

impl Written {
    /// What is known of a workload of a rendering.
    pub(super) fn of(ground: &Ground<'_>, rendering: &str, fact: &Fact) -> Self {
        let name = format!("{}/{}", fact.text("kind"), fact.text("name"));
        Self {
            at: at(fact),
            exposed: fact.is("exposed"),
            serves: fact.is("serves"),
            own: fact.is("application"),
            weak: weak(ground, rendering, &name),
        }
    }
}

pub(super) fn at(fact: &Fact) -> Option<At> {
    let path = fact.location().path()?.to_owned();
    Some(At { path, line: fact.location().span().map_or(1, |span| span.line) })
}

/// What a reader of the manifests would warn of.
fn weak(ground: &Ground<'_>, rendering: &str, workload: &str) -> Vec<(Say, Option<At>)> {
    let of = |kind: &'static str| {
        let facts = ground.facts.of(kind).iter();
        facts.filter(move |fact| fact.text("rendering") == rendering && same(fact.text("workload"), workload))
    };
    let mut weak = Vec::new();
    if let Some(fact) = of("k8s.probe").find(|fact| !fact.is("ready")) {
        weak.push((say!("no-readiness"), at(fact)));
    }
    if let Some(fact) = of("k8s.strategy").find(|fact| fact.text("strategy") == "recreate") {
        weak.push((say!("stops-first"), at(fact)));
    }
    if let Some(fact) = of("k8s.scale").find(|fact| fact.int("minimum").max(fact.int("replicas")) < 2) {
        weak.push((say!("one-copy"), at(fact)));
    }
    weak
}

/// Facts write a workload as `Deployment web` or `Deployment/web`.
fn same(one: &str, other: &str) -> bool {
    one.replace(' ', "/") == other.replace(' ', "/")
}
