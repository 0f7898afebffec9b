//! Monitoring: who measures, who collects, what is shown, what alerts, where logs go.

mod charts;
mod collector;
mod compose;
mod deployed;
mod driver;
mod ends;
mod exposer;
mod grafana;
mod instrumentation;
mod metric;
mod objects;
mod prometheus;
mod promql;
mod relation;
mod scripts;
mod stream;
mod tools;

use crate::{File, Node, Project, Sink};

pub(crate) use relation::run as relate;

/// Reads everything about monitoring that one file shows by itself, and the code that measures.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let mut found = Sink::default();
    for file in project.files().filter(|file| file.class.effective()) {
        one(project, file, &mut found);
    }
    let deployed = deployed::Deployed::of(project);
    for fact in found.into_facts().into_iter().map(|fact| deployed.judged(fact)) {
        deployed.scraped(&fact).into_iter().for_each(|join| sink.push(join));
        sink.push(fact);
    }
    instrumentation::run(project, sink);
}

fn one(project: &Project, file: &File, sink: &mut Sink) {
    grafana::file(file, sink);
    if let Some(stream) = stream::read(file) {
        for document in &stream.documents.documents {
            let root = &document.root;
            if root.str_at("kind").is_some() && root.get("apiVersion").is_some() {
                objects::object(project, &stream, root, sink);
            } else {
                configuration(root, stream.template, &|range| file.at(range), sink);
            }
            compose::services(file, root, sink);
            charts::installed(project, file, root, sink);
            charts::values(project, file, root, sink);
            if file.path.contains("ansible")
                || file.path.contains("roles/")
                || file.path.contains("playbook")
                || root.items().iter().any(|play| play.get("hosts").is_some())
            {
                scripts::ansible(file, root, sink);
            }
        }
    }
    let extension = file.extension();
    let name = file.name();
    if matches!(extension.as_str(), "conf" | "toml" | "alloy" | "river" | "config" | "cfg")
        || name.ends_with(".conf.j2")
    {
        let size = file.text().map_or(0, |text| text.as_str().len());
        if size < 200_000 {
            collector::native(file.name().trim_end_matches(".j2"), file.str(), &file.start(), sink);
        }
    }
    let script = matches!(extension.as_str(), "sh" | "bash" | "ps1" | "mk" | "tpl" | "tftpl" | "yml" | "yaml")
        || matches!(name, "Makefile" | "makefile" | "justfile" | "Justfile" | "Vagrantfile" | "Jenkinsfile")
        || extension == "groovy";
    if script {
        scripts::read(file, sink);
    }
    if script || matches!(extension.as_str(), "tf" | "tofu" | "json" | "j2") {
        driver::read(file, sink);
    }
}

/// A document without a kind, or one inside a scalar: the configuration of some tool.
fn configuration(root: &Node, template: bool, at: prometheus::Locate<'_>, sink: &mut Sink) {
    prometheus::document(root, template, at, sink);
    collector::document(root, at, sink);
    grafana::provisioning(root, at, sink);
}
