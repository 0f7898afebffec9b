//! Whether development and deployment rest on the same definitions, and whether they are two things at all.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use facts::{Confidence, Fact, Facts, Location};
use regex::Regex;

use super::definitions::Definition;
use super::landscape::Landscape;
use super::vagrant;
use crate::container::reference::Reference;
use crate::{File, Sink, path};

static WORKLOAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^kind:\s*(?:Deployment|StatefulSet|DaemonSet|CronJob|Job|Rollout|HelmRelease|Application|ApplicationSet)\b").expect("a constant expression")
});
static RESOURCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?m)^\s*(?:resource|module)\s+""#).expect("a constant expression"));
static BUILDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:docker|podman|buildah|nerdctl)\s+(?:buildx\s+|image\s+)?(?:build|bud)\b|/kaniko/executor|docker/build-push-action|docker/bake-action|\bbuildx\s+bake\b")
        .expect("a constant expression")
});
static IMAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?m)^[\s-]*"?(?:image|repository|newName|name)"?[ \t]*[:=][ \t]*["']?([^\s"'#]+)"#)
        .expect("a constant expression")
});

/// A place that describes how the application is deployed.
struct Deployment<'a> {
    how: &'static str,
    file: &'a File,
    at: Location,
}

pub(super) fn push(landscape: &Landscape<'_>, definitions: &[Definition<'_>], facts: &Facts, sink: &mut Sink) {
    let deployments = deployments(landscape, definitions, facts);
    for one in deployments.iter().take(200) {
        sink.push(Fact::new("env.deployment", "parity", one.at.clone()).with("how", one.how));
    }
    if !deployments.is_empty() {
        images(landscape, definitions, &deployments, sink);
        fetched(landscape, definitions, &deployments, sink);
        playbooks(landscape, definitions, sink);
    }
}

/// The deployments that are separate from the environment of development.
fn deployments<'a>(landscape: &Landscape<'a>, definitions: &[Definition<'a>], facts: &Facts) -> Vec<Deployment<'a>> {
    let counted = |tools: &[&str]| definitions.iter().any(|one| one.counts && tools.contains(&one.tool));
    let plain = counted(&["compose", "devcontainer", "nix", "devbox", "gitpod"]);
    let cluster = counted(&["vagrant", "kind", "k3d", "minikube", "tilt", "skaffold", "devspace", "garden", "okteto"]);
    // Manifests that are only applied to the local cluster are that environment, not a second one.
    let manifests = plain || !cluster;
    let mut found = Vec::new();
    for file in landscape.project.files().filter(|file| file.class.effective()) {
        if let Some((how, at)) = described(landscape, definitions, file, manifests) {
            found.push(Deployment { how, file, at });
        }
    }
    for step in facts.of("ci.step") {
        let deploys = step.list("purposes").iter().any(|purpose| purpose == "deploy") && !step.is("ephemeral");
        if let Some(file) = step.location().path().and_then(|path| landscape.project.file(path)).filter(|_| deploys) {
            found.push(Deployment { how: "pipeline", file, at: step.location().clone() });
        }
    }
    found
}

fn described(
    landscape: &Landscape<'_>,
    definitions: &[Definition<'_>],
    file: &File,
    manifests: bool,
) -> Option<(&'static str, Location)> {
    let text = || file.str();
    let name = file.name();
    let templates = file.path.split('/').any(|part| part == "templates");
    match file.extension().as_str() {
        "tf" | "tofu" | "bicep" => {
            let at = RESOURCE.find(text())?;
            return Some(("terraform", file.at(at.range())));
        }
        "yaml" | "yml" => {}
        _ if matches!(name, "fly.toml" | "Procfile" | "vercel.json" | "netlify.toml") => {
            return Some(("platform", file.start()));
        }
        _ => return None,
    }
    if let Some(one) = definitions.iter().find(|one| one.tool == "compose" && one.file.path == file.path) {
        return (one.purpose == "deployment" && one.runs_application).then(|| ("compose", one.at.clone()));
    }
    if matches!(name, "render.yaml" | "heroku.yml" | "serverless.yml" | "app.yaml") {
        return Some(("platform", file.start()));
    }
    if name == "Chart.yaml" {
        return manifests.then(|| ("chart", file.start()));
    }
    if let Some(found) = WORKLOAD.find(text()).filter(|_| !templates && text().contains("apiVersion:")) {
        return manifests.then(|| ("manifests", file.at(found.range())));
    }
    let play = (text().contains("hosts:")
        && text().contains("- ")
        && (text().contains("roles:") || text().contains("tasks:")))
    .then(|| text().find("hosts:"))
    .flatten()?;
    let provisioned = landscape.project.file("Vagrantfile").is_some_and(|vagrant| vagrant.str().contains("ansible"));
    (!provisioned).then(|| ("ansible", file.at(play..play + "hosts:".len())))
}

/// The image definitions that environments build, with where they say so.
fn developed<'a>(landscape: &Landscape<'a>, definitions: &[Definition<'a>]) -> Vec<(String, String, Location)> {
    let mut found = Vec::new();
    for one in definitions.iter().filter(|one| one.counts) {
        match one.tool {
            "compose" => {
                for service in landscape.services.iter().filter(|service| service.file.path == one.file.path) {
                    if let Some(build) = &service.build {
                        found.push((build.definition.clone(), service.name.clone(), service.at.clone()));
                    }
                }
            }
            "tilt" | "skaffold" | "devspace" | "garden" | "kind" | "k3d" | "minikube" => {
                let images = landscape.images.iter().filter(|image| image.application);
                found.extend(images.map(|image| (image.file.path.to_string(), String::new(), one.at.clone())));
            }
            _ => {}
        }
    }
    found.retain(|(definition, ..)| landscape.project.file(definition).is_some());
    found
}

fn images(landscape: &Landscape<'_>, definitions: &[Definition<'_>], deployments: &[Deployment<'_>], sink: &mut Sink) {
    let developed = developed(landscape, definitions);
    let mut own = landscape.images.iter().filter(|image| image.application);
    let alone = own.next().filter(|_| own.next().is_none()).map(|image| image.file.path.to_string());
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (definition, service, at) in &developed {
        if told.len() >= 40 || !told.insert(definition.clone()) {
            continue;
        }
        let built = built_for_deployment(landscape, definition, alone.as_deref() == Some(definition))
            .map(|at| (at, Confidence::Exact));
        // A pipeline that builds another definition of the same folder says which of them is deployed.
        let rival = || {
            let beside = landscape.images.iter().map(|image| image.file.path.to_string());
            let mut beside = beside.filter(|other| other != definition && path::dir(other) == path::dir(definition));
            beside.any(|other| built_for_deployment(landscape, &other, alone.as_deref() == Some(&*other)).is_some())
        };
        let named = || {
            let found = deployed_by_name(landscape, definition, service, deployments).filter(|_| !rival());
            found.map(|at| (at, Confidence::Likely))
        };
        if let Some((other, sure)) = built.or_else(named) {
            let fact = Fact::new("env.shared", "parity", at.clone())
                .with("what", "image")
                .with("definition", definition.as_str());
            sink.push(fact.also(other).confidence(sure));
        }
    }
}

/// Images of the project that Compose fetches ready-made, and that a deployment runs too.
fn fetched(landscape: &Landscape<'_>, definitions: &[Definition<'_>], deployments: &[Deployment<'_>], sink: &mut Sink) {
    for one in definitions.iter().filter(|one| one.counts && one.tool == "compose") {
        let own = landscape.services.iter().filter(|service| service.file.path == one.file.path);
        for service in own.filter(|service| service.application && service.build.is_none()).take(40) {
            let Some((image, _)) = &service.image else { continue };
            let names = BTreeSet::from([plain(Reference::read(image).name())]);
            if let Some(other) = deployed_under(landscape, &names, deployments) {
                let fact = Fact::new("env.shared", "parity", service.at.clone()).with("what", "image");
                sink.push(fact.with("definition", image.as_str()).also(other).confidence(Confidence::Likely));
            }
        }
    }
}

/// The line of a pipeline or script that builds this definition.
fn built_for_deployment(landscape: &Landscape<'_>, definition: &str, alone: bool) -> Option<Location> {
    let (dir, name) = (path::dir(definition), path::name(definition));
    for file in landscape.project.files().filter(|file| file.class.own() && is_pipeline(file)) {
        let Ok(text) = file.text() else { continue };
        let lines: Vec<(usize, &str)> = text.lines().collect();
        for (index, (number, line)) in lines.iter().enumerate() {
            if line.trim_start().starts_with('#') || !BUILDS.is_match(line) {
                continue;
            }
            // The options of an action or a continued command follow on the next lines.
            let around: String =
                lines[index..lines.len().min(index + 14)].iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
            let near = path::within(definition, file.dir()) && !file.dir().is_empty();
            let by_name = name != "Dockerfile" && around.contains(name);
            let by_dir = !dir.is_empty() && around.contains(path::name(dir));
            if alone
                || by_name
                || by_dir
                || (near && name == "Dockerfile")
                || (dir.is_empty() && name == "Dockerfile" && around.contains("context: ."))
            {
                return Some(file.at_line(*number));
            }
        }
    }
    None
}

fn is_pipeline(file: &File) -> bool {
    let name = file.name();
    file.path.starts_with(".github/workflows/")
        || name.contains("gitlab-ci")
        || name.starts_with("Jenkinsfile")
        || matches!(
            name,
            "azure-pipelines.yml"
                | "bitbucket-pipelines.yml"
                | "cloudbuild.yaml"
                | "buildspec.yml"
                | ".drone.yml"
                | ".travis.yml"
        )
        || file.path.starts_with(".circleci/")
        || file.path.starts_with(".gitlab/")
        || file.path.starts_with(".woodpecker")
        || file.path.starts_with(".forgejo/")
        || file.path.starts_with(".gitea/")
        || matches!(file.extension().as_str(), "sh" | "bash" | "mk")
        || name == "Makefile"
}

/// The line of a deployment that names the image after the component or the service that is developed.
fn deployed_by_name(
    landscape: &Landscape<'_>,
    definition: &str,
    service: &str,
    deployments: &[Deployment<'_>],
) -> Option<Location> {
    let image = landscape.images.iter().find(|image| *image.file.path == *definition)?;
    let mut names: BTreeSet<String> = BTreeSet::new();
    names.extend(Some(service.to_owned()));
    names.extend(Some(path::name(path::dir(definition)).to_owned()));
    // The name that Compose gives to what it builds, whatever registry it is later fetched from.
    let building =
        landscape.services.iter().filter(|one| one.build.as_ref().is_some_and(|build| build.definition == definition));
    names
        .extend(building.filter_map(|one| one.image.as_ref()).map(|(text, _)| Reference::read(text).name().to_owned()));
    if let Some(dir) = &image.component {
        names.extend(Some(path::name(dir).to_owned()));
        names.extend(landscape.components.iter().filter(|one| one.dir == *dir).map(|one| one.name.clone()));
    }
    let names: BTreeSet<String> = names.iter().map(|name| plain(name)).filter(|name| name.len() > 1).collect();
    deployed_under(landscape, &names, deployments)
}

/// The line of a deployment whose image bears one of these names.
fn deployed_under(
    landscape: &Landscape<'_>,
    names: &BTreeSet<String>,
    deployments: &[Deployment<'_>],
) -> Option<Location> {
    let described = landscape.project.files().filter(|file| {
        let format = matches!(file.extension().as_str(), "yaml" | "yml" | "tf" | "json");
        format && file.class.effective() && !crate::container::is_compose(file) && file.name() != "package.json"
    });
    for file in deployments.iter().map(|one| one.file).chain(described) {
        let found = IMAGE.captures_iter(file.str()).take(200).find(|found| {
            let reference = Reference::read(&found[1]);
            found[1].contains(['/', ':']) && is_named(&plain(reference.name()), names)
        });
        if let Some(found) = found.as_ref().and_then(|found| found.get(1)) {
            return Some(file.at(found.range()));
        }
    }
    None
}

/// Whether an image bears one of these names, alone or after the name of the project.
fn is_named(image: &str, names: &BTreeSet<String>) -> bool {
    names.contains(image) || names.iter().any(|name| name.len() > 2 && image.ends_with(&format!("-{name}")))
}

fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// A playbook that provisions the machines of development and that a pipeline or script runs elsewhere.
fn playbooks(landscape: &Landscape<'_>, definitions: &[Definition<'_>], sink: &mut Sink) {
    for one in definitions.iter().filter(|one| one.counts && one.tool == "vagrant") {
        for provisioner in vagrant::read(one.file.str()).provisioners {
            let Some(playbook) = provisioner.path.filter(|_| provisioner.kind.starts_with("ansible")) else { continue };
            let name = path::name(&playbook).to_owned();
            let runs = |line: &str| line.contains("ansible-playbook") && line.contains(&name);
            let elsewhere = landscape.project.files().filter(|file| is_pipeline(file)).find_map(|file| {
                let (number, _) = file.text().ok()?.lines().find(|(_, line)| runs(line))?;
                Some(file.at_line(number))
            });
            if let Some(elsewhere) = elsewhere {
                let fact = Fact::new("env.shared", "parity", one.file.at(provisioner.range.clone()));
                sink.push(fact.with("what", "role").with("definition", playbook.as_str()).also(elsewhere));
            }
        }
    }
}
