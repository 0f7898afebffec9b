//! What the repository is as a whole: an application, infrastructure, a reusable unit, documents, or nothing.

use std::sync::LazyLock;

use facts::Fact;
use regex::Regex;

use super::{Component, components};
use crate::{File, Project, Sink, path};

static ROOT_ONLY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?m)^\s*(?:backend\s+"|cloud\s*\{|provider\s+")"#).expect("a constant expression"));
static VARIABLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^\s*variable\s").expect("a constant expression"));
static WORKLOAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^kind:\s*[\x22']?(?:Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod|Application|ApplicationSet|HelmRelease|Kustomization|Rollout|Service|Ingress|ConfigMap|Namespace)\b")
        .expect("a constant expression")
});
static PLAY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^-?\s+hosts:").expect("a constant expression"));

/// What kinds of deployment and infrastructure the tree describes, with a file that shows each.
#[derive(Default)]
struct Infrastructure<'a> {
    terraform: Vec<&'a File>,
    manifests: Vec<&'a File>,
    charts: Vec<&'a File>,
    playbooks: Vec<&'a File>,
    platforms: Vec<&'a File>,
    compose: Vec<&'a File>,
    machines: Vec<&'a File>,
}

/// Pushes the one fact that says what the repository is.
pub(super) fn shape(project: &Project, sink: &mut Sink) {
    let found = components(project);
    let real: Vec<&Component> = found.iter().filter(|component| component.real()).collect();
    let infrastructure = Infrastructure::of(project);
    let (shape, shown) = decide(project, &real, &infrastructure);
    let reusable = matches!(shape, "library" | "role" | "module" | "chart");
    let builds = matches!(shape, "application" | "library");
    let location = shown.unwrap_or_else(|| project.whole());
    let fact = Fact::new("project.shape", "shape", location)
        .with("shape", shape)
        .with("builds_application", builds)
        .with("reusable_unit", reusable)
        .with("deploys", !reusable && infrastructure.deploys());
    sink.push(fact);
}

fn decide(
    project: &Project,
    real: &[&Component],
    infrastructure: &Infrastructure<'_>,
) -> (&'static str, Option<facts::Location>) {
    if let Some(file) = role(project) {
        return ("role", Some(file.start()));
    }
    let manifests_alone = real.iter().all(|component| component.parser == "plain");
    if manifests_alone && let Some(file) = module(project, infrastructure) {
        return ("module", Some(file.start()));
    }
    if real.is_empty()
        && let Some(file) = chart(project, infrastructure)
    {
        return ("chart", Some(file.start()));
    }
    if let Some(component) = real.iter().find(|component| !component.library).or(real.first()) {
        let images = project.files().any(|file| file.class.effective() && crate::container::is_dockerfile(file));
        let alone = !images && infrastructure.compose.is_empty() && !infrastructure.deploys();
        let library = alone && real.iter().all(|component| component.library);
        return (if library { "library" } else { "application" }, Some(component.at.clone()));
    }
    // The code may be kept elsewhere; what packs and starts it is of this repository.
    if let Some(image) = crate::container::images(project, &[]).into_iter().find(crate::container::packs_program) {
        return ("application", Some(image.file.start()));
    }
    if let Some(file) = infrastructure.first() {
        return ("infrastructure", Some(file.start()));
    }
    let holds = project.files().next();
    (if holds.is_some() { "documents" } else { "empty" }, holds.map(File::start))
}

impl<'a> Infrastructure<'a> {
    fn of(project: &'a Project) -> Self {
        let mut found = Self::default();
        for file in project.files().filter(|file| file.class.effective()) {
            found.take(file);
        }
        found
    }

    fn take(&mut self, file: &'a File) {
        let name = file.name();
        match file.extension().as_str() {
            "tf" | "tofu" | "bicep" => self.terraform.push(file),
            "yaml" | "yml" => self.take_yaml(file),
            "hcl"
                if matches!(name, "terragrunt.hcl" | "terragrunt.stack.hcl" | "root.hcl")
                    || name.ends_with(".pkr.hcl") =>
            {
                self.terraform.push(file)
            }
            "pp" | "sls" => self.playbooks.push(file),
            "nix" if file.str().contains("nixosConfigurations") => self.machines.push(file),
            _ if name == "Vagrantfile" => self.machines.push(file),
            _ if matches!(name, "Procfile" | "fly.toml" | "netlify.toml" | "vercel.json" | "Jenkinsfile.deploy") => {
                self.platforms.push(file);
            }
            _ if matches!(name, "cdk.json" | "Policyfile.rb" | "Berksfile") => self.terraform.push(file),
            _ => {}
        }
    }

    fn take_yaml(&mut self, file: &'a File) {
        let name = file.name();
        let text = file.str();
        let in_templates = file.path.split('/').any(|part| part == "templates");
        if matches!(name, "Chart.yaml" | "helmfile.yaml") {
            self.charts.push(file);
        } else if matches!(name, "Pulumi.yaml" | "serverless.yml" | "serverless.yaml" | "samconfig.yaml") {
            self.terraform.push(file);
        } else if crate::container::is_compose(file) {
            self.compose.push(file);
        } else if matches!(name, "render.yaml" | "app.yaml") && text.contains("services:") {
            self.platforms.push(file);
        } else if name.starts_with("kustomization.") || (text.contains("apiVersion:") && WORKLOAD.is_match(text)) {
            if !in_templates {
                self.manifests.push(file);
            }
        } else if text.contains("AWSTemplateFormatVersion") || text.contains("AWS::Serverless") {
            self.terraform.push(file);
        } else if PLAY.is_match(text)
            && (text.contains("tasks:") || text.contains("roles:") || text.contains("import_"))
        {
            self.playbooks.push(file);
        }
    }

    fn deploys(&self) -> bool {
        [&self.terraform, &self.manifests, &self.charts, &self.playbooks, &self.platforms]
            .iter()
            .any(|files| !files.is_empty())
    }

    fn first(&self) -> Option<&'a File> {
        [
            &self.manifests,
            &self.charts,
            &self.terraform,
            &self.playbooks,
            &self.platforms,
            &self.compose,
            &self.machines,
        ]
        .iter()
        .find_map(|files| files.first().copied())
    }
}

/// An Ansible role or collection at the root.
fn role(project: &Project) -> Option<&File> {
    let file = |path: &str| project.file(path).filter(|file| file.class.own());
    let tasks = file("tasks/main.yml").or_else(|| file("tasks/main.yaml"));
    if let Some(meta) = file("meta/main.yml").or_else(|| file("meta/main.yaml")) {
        return tasks.map(|_| meta);
    }
    if let Some(galaxy) = file("galaxy.yml") {
        return Some(galaxy);
    }
    tasks.filter(|_| file("defaults/main.yml").is_some() || file("handlers/main.yml").is_some())
}

/// A Terraform module at the root: variables, and neither a backend nor a provider of its own.
fn module<'a>(project: &'a Project, infrastructure: &Infrastructure<'a>) -> Option<&'a File> {
    let at = |dir: &str| infrastructure.terraform.iter().filter(|file| file.dir() == dir).collect::<Vec<_>>();
    let others =
        [&infrastructure.manifests, &infrastructure.playbooks, &infrastructure.platforms, &infrastructure.machines];
    if others.iter().any(|files| !files.is_empty()) {
        return None;
    }
    let root: Vec<&&File> = at("");
    let modules_only = root.is_empty()
        && !infrastructure.terraform.is_empty()
        && project.has_dir("modules")
        && infrastructure.terraform.iter().all(|file| path::within(&file.path, "modules"));
    if modules_only {
        return infrastructure.terraform.first().copied().filter(|_| !wrapped(project));
    }
    let bound = root.iter().any(|file| ROOT_ONLY.is_match(file.str()));
    let filled = project
        .files()
        .any(|file| file.class.effective() && (file.name().ends_with(".tfvars") || file.name() == "terragrunt.hcl"));
    let takes = root.iter().any(|file| VARIABLE.is_match(file.str()));
    let outside = infrastructure.terraform.iter().any(|file| {
        !file.dir().is_empty()
            && !path::within(&file.path, "modules")
            && !path::within(&file.path, "wrappers")
            && ROOT_ONLY.is_match(file.str())
    });
    if bound || filled || !takes || outside {
        return None;
    }
    root.iter().find(|file| file.name() == "main.tf").or(root.first()).map(|file| **file)
}

fn wrapped(project: &Project) -> bool {
    project.files().any(|file| file.class.effective() && file.name() == "terragrunt.hcl")
}

/// Charts alone, at the root or under `charts`, without environments that they are deployed to.
fn chart<'a>(project: &'a Project, infrastructure: &Infrastructure<'a>) -> Option<&'a File> {
    let others = [
        &infrastructure.terraform,
        &infrastructure.playbooks,
        &infrastructure.platforms,
        &infrastructure.machines,
        &infrastructure.compose,
    ];
    if others.iter().any(|files| !files.is_empty()) {
        return None;
    }
    let placed = |file: &&File| {
        let parent = path::dir(file.dir());
        file.name() == "Chart.yaml"
            && (file.dir().is_empty()
                || ["charts", "stable", "incubator", "library"].contains(&path::name(parent))
                || infrastructure.charts.len() == 1)
    };
    let outside = infrastructure
        .manifests
        .iter()
        .any(|file| !infrastructure.charts.iter().any(|chart| path::within(&file.path, chart.dir())));
    let environments = project.files().any(|file| {
        file.class.effective()
            && ["environments", "envs", "overlays", "clusters"]
                .iter()
                .any(|name| file.path.split('/').any(|part| part == *name))
    });
    if infrastructure.charts.is_empty() || !infrastructure.charts.iter().all(placed) || outside || environments {
        return None;
    }
    infrastructure.charts.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)], expected: &str) {
        let project = Project::in_memory(files.iter().copied());
        let mut sink = Sink::default();
        shape(&project, &mut sink);
        let facts = sink.into_facts();
        assert_eq!(facts[0].text("shape"), expected, "{files:?}");
    }

    #[test]
    fn repositories_have_one_shape() {
        check(&[], "empty");
        check(&[("README.md", "# Notes\n")], "documents");
        check(&[("package.json", "{\"dependencies\": {\"express\": \"^4\"}}"), ("server.js", "")], "application");
        check(&[("src/api/requirements.txt", "flask"), ("src/api/server.py", "")], "application");
        check(&[("Dockerfile", "FROM nginx:1\nCOPY . /x\n"), ("index.html", "<p>")], "application");
        check(&[("pyproject.toml", "[project]\nname = 'x'\n"), ("x/core.py", "")], "library");
        let api = "FROM python:3.12\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nCMD [\"python\", \"server.py\"]\n";
        check(&[("images/api/Dockerfile", api), ("k8s/d.yaml", "apiVersion: v1\nkind: Service\n")], "application");
        let tools = "FROM python:3.12\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nENTRYPOINT [\"ansible-playbook\"]\n";
        check(
            &[("images/tools/Dockerfile", tools), ("k8s/d.yaml", "apiVersion: v1\nkind: Service\n")],
            "infrastructure",
        );
        check(&[("tasks/main.yml", "- debug:\n"), ("meta/main.yml", "galaxy_info: {}\n")], "role");
        check(&[("galaxy.yml", "name: x\n"), ("plugins/modules/x.py", "")], "role");
        check(&[("main.tf", "resource \"a\" \"b\" {}\n"), ("variables.tf", "variable \"x\" {}\n")], "module");
        check(&[("main.tf", "provider \"aws\" {}\n"), ("variables.tf", "variable \"x\" {}\n")], "infrastructure");
        check(&[("charts/a/Chart.yaml", "name: a\n"), ("charts/a/templates/d.yaml", "kind: Deployment\n")], "chart");
        check(&[("a/Chart.yaml", "name: a\n"), ("b/Chart.yaml", "name: b\n")], "infrastructure");
        check(&[("k8s/d.yaml", "apiVersion: apps/v1\nkind: Deployment\n")], "infrastructure");
    }

    #[test]
    fn tools_of_the_repository_are_no_application() {
        check(
            &[("package.json", "{\"devDependencies\": {\"husky\": \"9\"}}"), ("main.tf", "provider \"a\" {}")],
            "infrastructure",
        );
        check(
            &[("requirements.txt", "ansible==9\n"), ("site.yml", "- hosts: all\n  roles: [web]\n")],
            "infrastructure",
        );
        check(&[("test/go.mod", "module x\n"), ("test/a_test.go", ""), ("main.tf", "variable \"x\" {}\n")], "module");
        check(
            &[
                ("scripts/report.py", ""),
                ("scripts/requirements.txt", "boto3\n"),
                ("main.tf", "terraform {\n  backend \"s3\" {}\n}\n"),
            ],
            "infrastructure",
        );
    }

    #[test]
    fn broken_manifests_do_not_stop_the_reading() {
        check(&[("package.json", "{\"a\":"), ("index.js", "")], "application");
        check(&[("pyproject.toml", "[[[["), ("pom.xml", "<<<"), ("go.mod", "\u{0}"), ("Cargo.toml", "=")], "documents");
        check(&[("Chart.yaml", "\t:\n- ]")], "chart");
    }
}
