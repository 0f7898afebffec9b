//! What the environment depends on, and whether its version is fixed: packages, base images, boxes, inputs.

use std::collections::BTreeSet;

use facts::{Fact, Location};

use super::definitions::Definition;
use super::landscape::Landscape;
use super::vagrant;
use crate::container::base;
use crate::container::reference::Reference;
use crate::container::{Image, Service, bases};
use crate::{File, Node, Sink, path};

pub(super) fn push(landscape: &Landscape<'_>, definitions: &[Definition<'_>], sink: &mut Sink) {
    let counted: Vec<&Definition<'_>> = definitions.iter().filter(|one| one.counts).collect();
    if counted.is_empty() {
        return;
    }
    packages(landscape, sink);
    let mut done = BTreeSet::new();
    for one in counted {
        match one.tool {
            "compose" => composed(landscape, one, &mut done, sink),
            "vagrant" => boxes(one.file, sink),
            "devcontainer" => devcontainer(landscape, one, &mut done, sink),
            "nix" | "devbox" => inputs(landscape, one, sink),
            "tilt" | "skaffold" | "devspace" | "garden" | "okteto" => {
                for image in landscape.images.iter().filter(|image| image.application) {
                    built(image, None, &mut done, sink);
                }
            }
            _ => {}
        }
    }
}

fn pin(sink: &mut Sink, at: Location, what: &str, name: &str, pinned: Option<bool>) {
    let fact = Fact::new("env.pin", "environment", at)
        .with("what", what)
        .with("name", name)
        .with("pinned", pinned == Some(true))
        .with("known", pinned.is_some());
    sink.push(fact);
}

fn packages(landscape: &Landscape<'_>, sink: &mut Sink) {
    for component in landscape.components.iter().filter(|one| one.real() && one.dependencies) {
        let name = if component.dir.is_empty() { &component.name } else { &component.dir };
        pin(sink, component.lock_at.clone(), "packages", name, Some(component.locked));
    }
}

fn composed(landscape: &Landscape<'_>, one: &Definition<'_>, done: &mut BTreeSet<String>, sink: &mut Sink) {
    let services: Vec<&Service<'_>> =
        landscape.services.iter().filter(|service| service.file.path == one.file.path).collect();
    for service in services {
        if let Some(build) = &service.build {
            let image = landscape.images.iter().find(|image| *image.file.path == *build.definition);
            if let Some(image) = image {
                built(image, build.target.as_deref(), done, sink);
            }
        } else if let Some((text, known)) = &service.image {
            let reference = Reference::read(text);
            // An image of the project is what is developed, not what it is developed on.
            let own = service.application && !base::is_official(&reference);
            if !own {
                pin(sink, service.at.clone(), "image", text, known.then(|| reference.pinned()));
            }
        }
    }
}

fn built(image: &Image<'_>, target: Option<&str>, done: &mut BTreeSet<String>, sink: &mut Sink) {
    if !done.insert(image.file.path.to_string()) {
        return;
    }
    for from in bases(image, target) {
        let pinned = from.reference.as_ref().map(|reference| reference.repository == "scratch" || reference.pinned());
        pin(sink, from.at, "image", &from.written, pinned);
    }
}

fn boxes(file: &File, sink: &mut Sink) {
    for boxed in vagrant::read(file.str()).boxes {
        pin(sink, file.at(boxed.range), "box", &boxed.name, Some(boxed.pinned));
    }
}

fn devcontainer(landscape: &Landscape<'_>, one: &Definition<'_>, done: &mut BTreeSet<String>, sink: &mut Sink) {
    let Some(document) = one.file.json().documents.first() else { return };
    let root = &document.root;
    if let Some(image) = root.get("image").and_then(Node::as_str) {
        pin(sink, one.at.clone(), "image", image, Some(Reference::read(image).pinned()));
    }
    let named = root.at(&["build", "dockerfile"]).or_else(|| root.get("dockerFile")).and_then(Node::as_str);
    let definition = named.and_then(|name| path::join(one.file.dir(), name));
    if let Some(image) = landscape.images.iter().find(|image| definition.as_deref() == Some(&*image.file.path)) {
        built(image, None, done, sink);
    }
}

/// Nix and devbox fix their inputs in a lock file, or by a digest in the text.
fn inputs(landscape: &Landscape<'_>, one: &Definition<'_>, sink: &mut Sink) {
    let locks = ["flake.lock", "devenv.lock", "devbox.lock", "npins/sources.json", "nix/sources.json"];
    let lock = locks.iter().find_map(|name| landscape.file(one.file.dir(), name));
    let fetched = one.file.str().contains("sha256") && !one.file.str().contains("<nixpkgs>");
    let at = lock.map_or_else(|| one.at.clone(), File::start);
    pin(sink, at, "inputs", one.file.name(), Some(lock.is_some() || fetched));
}
