//! What would be delivered: the renderings of one environment, chosen from facts, with where their workloads are written.

use std::collections::BTreeMap;

use facts::Fact;

use super::gitops::points;
use super::secrets::Given;
use super::written::{Written, at};
use crate::experiment::{Ground, Line};
use crate::say::say;

/// How documents are made from files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// As they are written.
    Plain(Vec<String>),
    /// The folder of a kustomization.
    Kustomize(String),
    /// The folder of a chart, and the files of values after its own.
    Helm(String, Vec<String>),
}

/// The renderings that make one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// What the environment is called, or the rendering when it has no name.
    pub name: String,
    /// The environment whose secrets it has, as folders are called: `staging`, or nothing.
    pub environment: String,
    pub parts: Vec<How>,
    /// Workloads of the application that run for ever: `Deployment/web`, and where each is written.
    pub workloads: BTreeMap<String, Written>,
    /// The object of a GitOps operator that would deliver it, with its place.
    pub gitops: Option<(String, String)>,
    /// What stands for secrets that only a cluster can read.
    pub given: Given,
}

impl Source {
    /// The environment that is nearest to production and safest to try, if the repository describes any.
    pub fn of(ground: &Ground<'_>) -> Option<Self> {
        let renderings = renderings(ground);
        let (id, facts) = nearest(ground, &renderings)?;
        let environment = environment(facts);
        let mut parts: Vec<How> = how(ground, id).into_iter().collect();
        // An environment is often several kustomizations: the application, its data, its secrets.
        if !environment.is_empty() && matches!(parts.first(), Some(How::Kustomize(_))) {
            parts.extend(beside(ground, &renderings, environment, &|other, _| other != id));
        }
        let name = if environment.is_empty() { id.to_owned() } else { format!("{id} ({environment})") };
        Self::new(ground, (name, environment), (id, facts), parts)
    }

    /// The object of a GitOps operator that points to what is delivered.
    pub fn pointing<'a>(&self, ground: &Ground<'a>) -> Option<&'a Fact> {
        points(ground, self.name.split(" (").next().unwrap_or(&self.name))
    }

    /// A chart, and beside it what holds nothing of the application in the environment that would be delivered: its data.
    pub fn of_chart(ground: &Ground<'_>, chart: &str) -> Option<Self> {
        let renderings = renderings(ground);
        let own = |id: &str| matches!(how(ground, id), Some(How::Helm(dir, _)) if dir == chart);
        let found = renderings.iter().filter(|(id, _)| own(id));
        let (id, facts) = found.max_by_key(|(id, facts)| (stage(environment(facts)), std::cmp::Reverse(**id)))?;
        let around = nearest(ground, &renderings).map_or("", |(_, facts)| environment(facts));
        let mut parts: Vec<How> = how(ground, id).into_iter().collect();
        if !around.is_empty() {
            parts.extend(beside(ground, &renderings, around, &|_, facts| {
                !facts.iter().any(|fact| fact.is("application"))
            }));
        }
        Self::new(ground, ((*id).to_owned(), around), (id, facts), parts)
    }

    fn new(
        ground: &Ground<'_>,
        (name, environment): (String, &str),
        (id, facts): (&str, &[&Fact]),
        parts: Vec<How>,
    ) -> Option<Self> {
        if parts.is_empty() {
            return None;
        }
        let written = facts
            .iter()
            .map(|fact| (format!("{}/{}", fact.text("kind"), fact.text("name")), Written::of(ground, id, fact)));
        Some(Self {
            name,
            environment: environment.to_owned(),
            parts,
            workloads: written.collect(),
            gitops: gitops(ground, id),
            given: Given::of(ground.declared),
        })
    }

    /// What `preuve prove --plan` shows.
    pub fn lines(&self) -> Vec<Line> {
        let from = |how: &How| match how {
            How::Plain(paths) => paths.clone(),
            How::Kustomize(dir) => vec![dir.clone()],
            How::Helm(dir, values) => std::iter::once(dir.clone()).chain(values.iter().cloned()).collect(),
        };
        let mut lines: Vec<Line> = self
            .parts
            .iter()
            .map(|how| Line { what: "deliver".into(), text: shown(how).into(), from: from(how) })
            .collect();
        lines.extend(self.workloads.iter().map(|(name, written)| Line {
            what: "workload".into(),
            text: name.into(),
            from: written.at.iter().map(|at| format!("{}:{}", at.path, at.line)).collect(),
        }));
        lines.extend(self.gitops.iter().map(|(name, place)| Line {
            what: "gitops".into(),
            text: say!("our-reconciler", name),
            from: vec![place.clone()],
        }));
        lines
    }
}

type Renderings<'a> = BTreeMap<&'a str, Vec<&'a Fact>>;

/// The workloads that run for ever, by rendering.
fn renderings<'a>(ground: &Ground<'a>) -> Renderings<'a> {
    let mut renderings = Renderings::new();
    let workloads = ground.facts.of("k8s.workload").iter();
    for fact in workloads.filter(|fact| !fact.is("example") && fact.is("long_running") && fact.is("controlled")) {
        renderings.entry(fact.text("rendering")).or_default().push(fact);
    }
    renderings
}

fn nearest<'r, 'a>(ground: &Ground<'_>, renderings: &'r Renderings<'a>) -> Option<(&'a str, &'r [&'a Fact])> {
    let wanted = ground.declared.environments.iter().find_map(|one| one.path.clone()).unwrap_or_default();
    let found = renderings.iter().max_by_key(|(id, facts)| {
        let own = facts.iter().filter(|fact| fact.is("application")).count();
        let reached = facts.iter().any(|fact| fact.is("exposed"));
        let declared = !wanted.is_empty() && id.starts_with(wanted.trim_end_matches('/'));
        (declared, own > 0, reached, stage(environment(facts)), own, std::cmp::Reverse(**id))
    });
    found.map(|(id, facts)| (*id, facts.as_slice()))
}

fn environment<'a>(facts: &[&'a Fact]) -> &'a str {
    facts.first().map_or("", |fact| fact.text("environment"))
}

/// The other kustomizations of an environment.
fn beside(
    ground: &Ground<'_>,
    renderings: &Renderings<'_>,
    wanted: &str,
    also: &dyn Fn(&str, &[&Fact]) -> bool,
) -> Vec<How> {
    let others = renderings.iter().filter(|(id, facts)| environment(facts) == wanted && also(id, facts));
    others.filter_map(|(id, _)| how(ground, id)).filter(|how| matches!(how, How::Kustomize(_))).collect()
}

/// The command as a person would type it.
pub(super) fn shown(how: &How) -> String {
    match how {
        How::Plain(paths) => format!("kubectl apply --filename {}", paths.join(" --filename ")),
        How::Kustomize(dir) => format!("kubectl apply --kustomize {dir}"),
        How::Helm(dir, values) => {
            values.iter().fold(format!("helm template release {dir}"), |line, file| format!("{line} --values {file}"))
        }
    }
}

/// Staging is meant for trying; production is what counts; anything else comes after.
fn stage(environment: &str) -> u8 {
    match environment {
        "staging" | "preproduction" | "integration" => 3,
        "production" => 2,
        "" => 1,
        _ => 0,
    }
}

fn how(ground: &Ground<'_>, id: &str) -> Option<How> {
    let objects = || ground.facts.of("k8s.object").iter().filter(move |fact| fact.text("rendering") == id);
    match objects().next()?.text("tool") {
        "kustomize" => Some(How::Kustomize(id.to_owned())),
        "helm" => {
            let (dir, rest) = id.split_once(" (").unwrap_or((id, ""));
            let shown = rest.trim_end_matches(')').split(", ").filter(|name| !name.is_empty());
            let values = shown.filter_map(|name| {
                let inside = if dir == "." { name.to_owned() } else { format!("{dir}/{name}") };
                [inside, name.to_owned()].into_iter().find(|path| ground.tree.has(path))
            });
            Some(How::Helm(dir.to_owned(), values.collect()))
        }
        _ => {
            let mut paths: Vec<String> = objects()
                .filter(|fact| !fact.is("example"))
                .filter_map(|fact| fact.location().path().map(str::to_owned))
                .collect();
            paths.sort();
            paths.dedup();
            (!paths.is_empty()).then_some(How::Plain(paths))
        }
    }
}

fn gitops(ground: &Ground<'_>, rendering: &str) -> Option<(String, String)> {
    let fact = points(ground, rendering)?;
    let place = at(fact).map(|at| format!("{}:{}", at.path, at.line)).unwrap_or_default();
    Some((format!("{} {}", fact.text("kind"), fact.text("name")).trim().to_owned(), place))
}
