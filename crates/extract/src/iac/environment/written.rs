//! Environments told apart by what is written: workspaces, Helmfile environments, inventory groups, pipelines.

use facts::{Fact, Facts};

use super::super::{hcl, standing};
use super::Seen;
use super::names::canonical;
use crate::{File, Node, Project};

/// The environments that files name.
pub(crate) fn all(project: &Project) -> Vec<Seen> {
    let mut found = Vec::new();
    for file in project.files() {
        let name = file.name();
        if name.ends_with(".tf") && file.str().contains("terraform.workspace") {
            workspaces(project, file, &mut found);
        } else if name.starts_with("helmfile") && matches!(file.extension().as_str(), "yaml" | "yml") {
            helmfile(project, file, &mut found);
        } else if matches!(file.extension().as_str(), "yaml" | "yml") && file.str().contains("kind: ApplicationSet") {
            application_set(project, file, &mut found);
        }
    }
    found
}

fn seen(project: &Project, file: &File, node: &Node, how: &'static str, group: &str) -> Option<Seen> {
    let written = node.as_str()?;
    Some(Seen {
        name: canonical(written)?,
        written: written.to_owned(),
        how,
        group: format!("{}:{group}", file.path),
        content: vec![(String::new(), written.to_owned())],
        at: file.at(node.range.clone()),
        example: standing::is_example(project, &file.path),
        named: true,
        needs_sibling: true,
    })
}

/// Values keyed by workspace: `{ dev = …, prod = … }[terraform.workspace]`.
fn workspaces(project: &Project, file: &File, found: &mut Vec<Seen>) {
    let Ok(body) = hcl::read(file.str()) else { return };
    let blocks = body.blocks.iter().filter(|block| matches!(block.kind.as_str(), "locals" | "variable"));
    for attribute in blocks.flat_map(|block| &block.body.attributes) {
        let value = &attribute.value;
        for (key, inner) in value.entries() {
            if let Some(mut one) = seen(project, file, key, "workspace", &attribute.key) {
                one.content = vec![(String::new(), file.str().get(inner.range.clone()).unwrap_or_default().to_owned())];
                found.push(one);
            }
        }
    }
}

fn helmfile(project: &Project, file: &File, found: &mut Vec<Seen>) {
    for document in &file.yaml().documents {
        let entries = document.root.get("environments").map(Node::entries).unwrap_or_default();
        for (key, value) in entries {
            if let Some(mut one) = seen(project, file, key, "values", "environments") {
                one.content = vec![(String::new(), file.str().get(value.range.clone()).unwrap_or_default().to_owned())];
                found.push(one);
            }
        }
    }
}

/// The elements of a list generator that name an environment.
fn application_set(project: &Project, file: &File, found: &mut Vec<Seen>) {
    for document in &file.yaml().documents {
        document.root.walk(&mut |node| {
            let Some(list) = node.get("elements").filter(|_| node.is_map()) else { return };
            for element in list.items() {
                for key in ["env", "environment", "stage", "cluster", "name", "namespace"] {
                    found.extend(
                        element.get(key).and_then(|value| seen(project, file, value, "application", "elements")),
                    );
                }
            }
        });
    }
}

/// The environments that pipelines deploy to and that commands select.
pub(crate) fn of_facts(facts: &Facts) -> Vec<Seen> {
    let mut found = Vec::new();
    let mut tell = |fact: &Fact, written: &str, how: &'static str, named: bool| {
        let word = written.split(['/', ' ', ':']).next().unwrap_or_default();
        let name = canonical(word).or_else(|| super::names::within(word).map(|(name, ..)| name));
        if let Some(name) = name {
            found.push(Seen {
                name,
                written: written.to_owned(),
                how,
                group: how.to_owned(),
                content: vec![(String::new(), name.to_owned())],
                at: fact.location().clone(),
                example: false,
                named,
                needs_sibling: false,
            });
        }
    };
    for job in facts.of("ci.job") {
        // A workflow that is called gets the name of the environment from elsewhere.
        tell(job, job.text("environment"), "pipeline", !job.text("name").contains(" / "));
    }
    // A job that deploys may say where in its own name alone.
    let deploys = |step: &&Fact| {
        step.text("environment").is_empty() && step.list("purposes").iter().any(|purpose| purpose == "deploy")
    };
    for step in facts.of("ci.step").iter().filter(deploys) {
        tell(step, step.text("job"), "pipeline", true);
    }
    for fact in facts.of("ci.step").iter().chain(facts.of("command")) {
        let command = fact.text("command");
        if let Some((_, rest)) =
            command.split_once("workspace ").filter(|_| command.contains("terraform") || command.contains("tofu"))
        {
            let mut words =
                rest.split_whitespace().filter(|word| !word.starts_with('-') && !matches!(*word, "select" | "new"));
            tell(fact, words.next().unwrap_or_default().trim_matches(['"', '\'']), "workspace", true);
        }
    }
    found
}
