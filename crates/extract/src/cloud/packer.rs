//! Packer: machine images that are built by code.

use facts::{Fact, Location};

use crate::iac::{hcl, standing};
use crate::{File, Node, Project, Sink};

/// The facts of all Packer files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        if file.name().ends_with(".pkr.hcl") {
            match hcl::read(file.str()) {
                Ok(body) => from_hcl(project, file, &body, sink),
                Err(error) => sink.invalid(file, &error, "packer", "iac"),
            }
        } else if file.extension() == "json" && file.str().contains("\"builders\"") {
            from_json(project, file, sink);
        }
    }
}

fn tell(
    project: &Project,
    file: &File,
    at: Location,
    builders: Vec<String>,
    provisioners: Vec<String>,
    sink: &mut Sink,
) {
    let example = standing::is_example(project, &file.path);
    let fact = Fact::new("cloud.image", "packer", at.clone()).with("tool", "packer").with("builders", builders);
    sink.push(fact.with("provisioners", provisioners).with("example", example));
    let code = Fact::new("iac.code", "packer", at).with("tool", "packer").with("dir", file.dir());
    sink.push(code.with("role", "image").with("example", example));
}

fn from_hcl(project: &Project, file: &File, body: &hcl::Body, sink: &mut Sink) {
    let builders: Vec<String> = body.blocks("source").map(|block| block.label(0).to_owned()).collect();
    let builds = body.blocks("build");
    let provisioners: Vec<String> =
        builds.flat_map(|block| block.body.blocks("provisioner")).map(|block| block.label(0).to_owned()).collect();
    let first = body.blocks("source").next().or_else(|| body.blocks("build").next());
    if let Some(block) = first {
        let range = block.range.clone();
        let end = file.str()[range.clone()].find('\n').map_or(range.end, |length| range.start + length);
        tell(project, file, file.at(range.start..end), builders, provisioners, sink);
    }
}

fn from_json(project: &Project, file: &File, sink: &mut Sink) {
    let Some(root) = file.json().documents.first().map(|document| &document.root) else { return };
    let types = |key: &str| -> Vec<String> {
        let items = root.get(key).map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| item.str_at("type")).map(str::to_owned).collect()
    };
    let (builders, provisioners) = (types("builders"), types("provisioners"));
    if let Some(key) = root.key("builders").filter(|_| !builders.is_empty()) {
        tell(project, file, file.at(key.range.clone()), builders, provisioners, sink);
    }
}
