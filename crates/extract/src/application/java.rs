//! JVM components: Maven, Gradle, sbt. They have no lock file by default: versions that are all exact resolve to one set.

use std::sync::LazyLock;

use regex::Regex;

use super::Component;
use super::component::sources;
use crate::{File, Project};

const SOURCES: [&str; 5] = ["java", "kt", "scala", "groovy", "kts"];

/// Versions that do not name one release: ranges, `LATEST`, snapshots, `1.+`.
static LOOSE_MAVEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<version>\s*(?:[\[(][^<]*|LATEST|RELEASE)\s*</version>").expect("a constant expression")
});
static LOOSE_GRADLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"["'][\w.\-]+:[\w.\-]+:(?:[\w.\-]*\+|latest\.\w+|[\[(][^"']*)["']"#).expect("a constant expression")
});

pub(super) fn is_manifest(file: &File) -> bool {
    matches!(file.name(), "pom.xml" | "build.gradle" | "build.gradle.kts" | "build.sbt")
}

/// The component of a manifest; none for an aggregator.
pub(super) fn component(project: &Project, file: &File, nested: &[String]) -> Option<Component> {
    let dir = file.dir();
    let own: Vec<&File> =
        sources(project, dir, nested, &SOURCES).filter(|source| source.extension() != "kts").take(5000).collect();
    if own.is_empty() {
        return None;
    }
    let manager = match file.name() {
        "pom.xml" => "maven",
        "build.sbt" => "other",
        _ => "gradle",
    };
    let of = |extension: &str| own.iter().filter(|file| file.extension() == extension).count();
    let language = match (of("java"), of("kt"), of("scala")) {
        (java, kotlin, scala) if kotlin > java && kotlin >= scala => "kotlin",
        (java, _, scala) if scala > java => "scala",
        _ => "java",
    };
    let mut component = Component::new(file, dir, language, manager);
    if component.name.is_empty() {
        component.name = named(project, file).unwrap_or_default();
    }
    // Sources of tests lie beside those of the program; a module of tests alone is no component.
    component.example |= own.iter().all(|file| !file.class.effective());
    let text = file.str();
    component.dependencies = text.contains("<dependency>")
        || text.contains("libraryDependencies")
        || text.contains("implementation")
        || text.contains("compile ");
    let started = [
        "spring-boot-maven-plugin",
        "jib-maven-plugin",
        "com.google.cloud.tools.jib",
        "org.springframework.boot",
        "quarkus",
        "<packaging>war",
        "application",
        "mainClass",
    ];
    component.library = !started.iter().any(|mark| text.contains(mark))
        && !own.iter().any(|file| file.class.effective() && is_started(file.str()));
    let loose = if manager == "maven" { LOOSE_MAVEN.find(text) } else { LOOSE_GRADLE.find(text) };
    let component = component.lock_by(project, &["gradle.lockfile", "build.sbt.lock", "buildscript-gradle.lockfile"]);
    Some(match loose {
        Some(found) if !component.locked => Component { lock_at: file.at(found.range()), ..component },
        _ => Component { locked: true, ..component },
    })
}

static ROOT_PROJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?m)^\s*rootProject\.name\s*=\s*["']([\w.-]+)["']"#).expect("a constant expression")
});
static PARENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<parent>.*?</parent>|<!--.*?-->").expect("a constant expression"));
static ARTIFACT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<artifactId>\s*([\w.-]+)\s*</artifactId>").expect("a constant expression"));

/// The name that a build gives to the project at the root of the repository.
fn named(project: &Project, file: &File) -> Option<String> {
    if file.name() == "pom.xml" {
        let own = PARENT.replace_all(file.str(), "");
        return ARTIFACT.captures(&own).map(|found| found[1].to_owned());
    }
    let settings = ["settings.gradle", "settings.gradle.kts"].iter().find_map(|name| project.file(name))?;
    ROOT_PROJECT.captures(settings.str()).map(|found| found[1].to_owned())
}

fn is_started(text: &str) -> bool {
    text.contains("static void main(") || text.contains("fun main(") || text.contains("extends App")
}
