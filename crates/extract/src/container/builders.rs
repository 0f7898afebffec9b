//! Images that are built without a Dockerfile: buildpacks, ko, jib.

use facts::{Confidence, Fact, Location};

use crate::application::Component;
use crate::{File, Project, Sink};

/// What a builder is known to produce.
struct Builder {
    name: &'static str,
    non_root: bool,
    /// Whether the user is visible or given by the builder.
    known: bool,
}

const BUILDPACK: Builder = Builder { name: "buildpack", non_root: true, known: true };
const KO: Builder = Builder { name: "ko", non_root: true, known: true };
const JIB: Builder = Builder { name: "jib", non_root: false, known: true };

pub(super) fn push(project: &Project, components: &[Component], sink: &mut Sink) {
    for file in project.files().filter(|file| file.class.effective()) {
        let Some((builder, at)) = builder(file) else { continue };
        let around =
            components.iter().filter(|component| component.real() && crate::path::within(&file.path, &component.dir));
        let component = around.max_by_key(|component| component.dir.len()).map(|component| component.dir.clone());
        let image = Fact::new("container.image", "builder", at.clone())
            .with("builder", builder.name)
            .with("dir", file.dir())
            .with("component", component.unwrap_or_default())
            .with("stages", 2_i64)
            .with("application", true)
            .with("purpose", "application");
        let user = Fact::new("container.user", "builder", at)
            .with("user", if builder.name == "jib" && builder.non_root { "configured" } else { "" })
            .with("non_root", builder.non_root)
            .with("known", builder.known)
            .with("decided_by", "base")
            .with("application", true)
            .with("definition", &*file.path);
        sink.push(image.confidence(Confidence::Likely));
        sink.push(user.confidence(Confidence::Likely));
    }
}

fn builder(file: &File) -> Option<(Builder, Location)> {
    let text = || file.str();
    let found = |needle: &str| text().find(needle).map(|at| file.at(at..at + needle.len()));
    match file.name() {
        ".ko.yaml" | ".ko.yml" => Some((KO, file.start())),
        "project.toml" => Some((BUILDPACK, found("[io.buildpacks").or_else(|| found("[[build.buildpacks"))?)),
        "pom.xml" | "build.gradle" | "build.gradle.kts" => {
            if let Some(at) = found("jib-maven-plugin").or_else(|| found("com.google.cloud.tools.jib")) {
                let user = text().contains("<user>") || text().contains("user =");
                return Some((Builder { non_root: user, ..JIB }, at));
            }
            // Spring Boot's goal that packs with buildpacks counts when the build file configures its image.
            found("<goal>build-image").or_else(|| found("bootBuildImage")).map(|at| (BUILDPACK, at))
        }
        "werf.yaml" => Some((Builder { name: "other", non_root: false, known: false }, file.start())),
        _ => None,
    }
}
