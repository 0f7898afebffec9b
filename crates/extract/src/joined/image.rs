//! Images that the repository builds, joined with the places that run them.

use std::collections::BTreeSet;

use facts::{Confidence, Fact, Facts, Location};

use crate::image_origin::Reference;
use crate::{Project, Sink, path};

/// The most joins that are told.
const MOST: usize = 1_000;

/// Joins what runs with what is built: by the same reference, by the same name, or by the name of a component.
pub(super) fn run(project: &Project, facts: &Facts, sink: &mut Sink) {
    let built = Built::of(facts);
    let mut seen: BTreeSet<(String, Location)> = BTreeSet::new();
    let workloads = facts
        .of("k8s.image")
        .iter()
        .filter(|image| !image.is("example") && image.is("own"))
        .map(|image| (image, "kubernetes", image.text("image")));
    let services = facts
        .of("compose.service")
        .iter()
        .filter(|service| !service.is("example") && !service.is("builds") && service.text("purpose") != "test")
        .filter(|service| project.image_origins().is_own(service.text("image")))
        .map(|service| (service, "compose", service.text("image")));
    for (run, on, image) in workloads.chain(services) {
        if seen.len() < MOST && seen.insert((image.to_owned(), run.location().clone())) {
            built.join(image, run, on).into_iter().for_each(|fact| sink.push(fact));
        }
    }
    // A service that is built where it runs: the definition is the other end.
    for service in facts.of("compose.service").iter().filter(|service| service.is("builds") && !service.is("example")) {
        let definition = service.text("definition");
        if let Some(image) = built.definitions.iter().find(|image| image.location().path() == Some(definition)) {
            let name = Some(service.text("image")).filter(|name| !name.is_empty()).unwrap_or(service.text("name"));
            sink.push(told(name, service, "compose", "definition", image.location().clone()));
        }
    }
}

struct Built<'f> {
    steps: Vec<&'f Fact>,
    services: Vec<&'f Fact>,
    definitions: Vec<&'f Fact>,
}

impl<'f> Built<'f> {
    fn of(facts: &'f Facts) -> Self {
        let makes = |step: &&Fact| {
            let purposes = step.list("purposes");
            !step.text("target").is_empty() && purposes.iter().any(|purpose| purpose == "build" || purpose == "publish")
        };
        let named = |service: &&Fact| service.is("builds") && !service.text("image").is_empty();
        let own = |image: &&Fact| !matches!(image.text("purpose"), "example" | "test" | "devcontainer");
        Self {
            steps: facts.of("ci.step").iter().filter(makes).collect(),
            services: facts.of("compose.service").iter().filter(named).collect(),
            definitions: facts.of("container.image").iter().filter(own).collect(),
        }
    }

    /// What builds an image, the same reference before the same name.
    fn join(&self, image: &str, run: &Fact, on: &str) -> Option<Fact> {
        let all = || {
            let steps = self.steps.iter().map(|step| (*step, "pipeline", step.text("target")));
            steps.chain(self.services.iter().map(|service| (*service, "compose", service.text("image"))))
        };
        if let Some((built, by, _)) = all().find(|(_, _, made)| whole(made) == whole(image)) {
            return Some(told(image, run, on, by, built.location().clone()));
        }
        let name = Reference::of(image).name;
        let found = all().find(|(_, _, made)| !name.is_empty() && Reference::of(made).name == name);
        let found = found.map(|(built, by, _)| (built, by)).or_else(|| {
            let packs = |image: &&&Fact| {
                let dir = Some(image.text("component")).filter(|dir| !dir.is_empty()).unwrap_or(image.text("dir"));
                let dir = path::name(dir).to_ascii_lowercase();
                let name = name.to_ascii_lowercase();
                !dir.is_empty() && (name == dir || name.split(['-', '_', '.']).any(|word| word == dir))
            };
            self.definitions.iter().find(packs).map(|image| (*image, "definition"))
        });
        let (built, by) = found?;
        Some(told(image, run, on, by, built.location().clone()).confidence(Confidence::Likely))
    }
}

/// The reference without tag and digest; a variable for the whole of it names nothing.
fn whole(image: &str) -> Option<(&str, &str, &str)> {
    let found = Reference::of(image);
    let known = !found.name.is_empty() && !found.name.starts_with('$');
    known.then_some((found.registry, found.namespace, found.name))
}

fn told(image: &str, run: &Fact, on: &str, by: &str, built: Location) -> Fact {
    let fact = Fact::new("cd.image", "joined", run.location().clone()).with("image", image).with("on", on);
    fact.with("built_by", by).also(built)
}

#[cfg(test)]
mod tests {
    use crate::{Project, facts};

    #[test]
    fn what_runs_leads_to_what_builds_it() {
        let check = |files: &[(&str, &str)], expected: &[&str]| {
            let project = Project::in_memory(files.iter().copied());
            let facts = facts(&project, 1);
            let told = facts.of("cd.image").iter().map(|fact| {
                let end = fact.related().last().and_then(|place| place.path()).unwrap_or("-");
                format!("{} {} {} {end}", fact.text("image"), fact.text("on"), fact.text("built_by"))
            });
            assert_eq!(told.collect::<Vec<_>>(), expected);
        };
        let deployment = |image: &str| {
            format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: c\n          image: {image}\n"
            )
        };
        let ci = (".gitlab-ci.yml", "build:\n  script:\n    - docker build -t ghcr.io/acme/api:$CI_COMMIT_SHA .\n");
        let docker = ("Dockerfile", "FROM alpine:3\n");
        let own = deployment("ghcr.io/acme/api:1.2");
        check(&[ci, docker, ("k8s/d.yaml", &own)], &["ghcr.io/acme/api:1.2 kubernetes pipeline .gitlab-ci.yml"]);
        let web = deployment("registry.example.org/shop-web:1");
        check(
            &[("web/Dockerfile", "FROM alpine:3\n"), ("k8s/d.yaml", &web)],
            &["registry.example.org/shop-web:1 kubernetes definition web/Dockerfile"],
        );
        check(
            &[("compose.yaml", "services:\n  web:\n    build: web\n"), ("web/Dockerfile", "FROM alpine:3\n")],
            &["web compose definition web/Dockerfile"],
        );
        // Somebody else's image is built by nobody here, and neither is one whose name nothing has.
        check(&[ci, docker, ("k8s/d.yaml", &deployment("postgres:16"))], &[]);
        check(&[ci, docker, ("k8s/d.yaml", &deployment("ghcr.io/acme/worker:1"))], &[]);
    }
}
