//! Components of languages whose definition and lock are one file each.

use super::Component;
use super::component::sources;
use crate::{File, Project};

/// A package definition that needs little reading.
struct Kind {
    manifest: &'static str,
    language: &'static str,
    manager: &'static str,
    sources: &'static [&'static str],
    locks: &'static [&'static str],
    /// A text of the manifest that declares dependencies.
    declares: &'static [&'static str],
    /// A text without which the file is no package definition.
    requires: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        manifest: "go.mod",
        language: "go",
        manager: "go",
        sources: &["go"],
        locks: &["go.sum"],
        declares: &["require"],
        requires: "module",
    },
    Kind {
        manifest: "Cargo.toml",
        language: "rust",
        manager: "cargo",
        sources: &["rs"],
        locks: &["Cargo.lock"],
        declares: &["dependencies]", "dependencies."],
        requires: "[package]",
    },
    Kind {
        manifest: "composer.json",
        language: "php",
        manager: "composer",
        sources: &["php"],
        locks: &["composer.lock"],
        declares: &["\"require\"", "\"require-dev\""],
        requires: "",
    },
    Kind {
        manifest: "Gemfile",
        language: "ruby",
        manager: "bundler",
        sources: &["rb", "erb", "ru"],
        locks: &["Gemfile.lock"],
        declares: &["gem ", "gemspec"],
        requires: "",
    },
    Kind {
        manifest: "mix.exs",
        language: "elixir",
        manager: "other",
        sources: &["ex", "exs"],
        locks: &["mix.lock"],
        declares: &["{:"],
        requires: "",
    },
    Kind {
        manifest: "Package.swift",
        language: "other",
        manager: "other",
        sources: &["swift"],
        locks: &["Package.resolved"],
        declares: &[".package("],
        requires: "",
    },
    Kind {
        manifest: "pubspec.yaml",
        language: "other",
        manager: "other",
        sources: &["dart"],
        locks: &["pubspec.lock"],
        declares: &["dependencies:"],
        requires: "name:",
    },
    Kind {
        manifest: "CMakeLists.txt",
        language: "cpp",
        manager: "other",
        sources: &["c", "cc", "cpp", "cxx", "h", "hpp"],
        locks: &["conan.lock", "vcpkg.json"],
        declares: &["FetchContent_Declare", "CPMAddPackage"],
        requires: "project",
    },
    Kind {
        manifest: "meson.build",
        language: "c",
        manager: "other",
        sources: &["c", "cc", "cpp", "h", "vala"],
        locks: &[],
        declares: &[],
        requires: "project",
    },
    Kind {
        manifest: "stack.yaml",
        language: "other",
        manager: "other",
        sources: &["hs"],
        locks: &["stack.yaml.lock"],
        declares: &["resolver:"],
        requires: "",
    },
    Kind {
        manifest: "build.zig",
        language: "other",
        manager: "other",
        sources: &["zig"],
        locks: &["build.zig.zon"],
        declares: &[],
        requires: "",
    },
    Kind {
        manifest: "shard.yml",
        language: "other",
        manager: "other",
        sources: &["cr"],
        locks: &["shard.lock"],
        declares: &["dependencies:"],
        requires: "",
    },
    Kind {
        manifest: "rebar.config",
        language: "other",
        manager: "other",
        sources: &["erl"],
        locks: &["rebar.lock"],
        declares: &["deps"],
        requires: "",
    },
    Kind {
        manifest: "project.clj",
        language: "other",
        manager: "other",
        sources: &["clj", "cljs", "cljc"],
        locks: &["project.clj"],
        declares: &[":dependencies"],
        requires: "",
    },
];

fn kind(file: &File) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.manifest == file.name())
}

pub(super) fn is_manifest(file: &File) -> bool {
    kind(file).is_some()
}

/// The component of a manifest; none when the directory holds no source of its language.
pub(super) fn component(project: &Project, file: &File, nested: &[String]) -> Option<Component> {
    let kind = kind(file)?;
    let text = file.str();
    let dir = file.dir();
    if !text.contains(kind.requires) {
        return None;
    }
    let own: Vec<&File> = sources(project, dir, nested, kind.sources).take(5000).collect();
    if own.is_empty() {
        return None;
    }
    let mut component = Component::new(file, dir, kind.language, kind.manager);
    component.example |= own.iter().all(|file| !file.class.effective());
    component.dependencies = kind.declares.iter().any(|mark| text.contains(mark));
    if let Some(name) = name_in(kind, text) {
        component.name = name.to_owned();
    }
    component.library = is_library(project, kind, dir, text, &own);
    Some(component.lock_by(project, kind.locks))
}

/// The name that the package gives itself.
fn name_in<'a>(kind: &Kind, text: &'a str) -> Option<&'a str> {
    match kind.manifest {
        "go.mod" => {
            let module = text.lines().find_map(|line| line.strip_prefix("module "))?.trim();
            let last = crate::path::name(module);
            // A major version ends the path of a module without naming it.
            let version = last.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
            Some(if version { crate::path::name(crate::path::dir(module)) } else { last })
        }
        "Cargo.toml" => {
            let line = text.lines().find(|line| line.trim_start().starts_with("name"))?;
            Some(line.split_once('=')?.1.trim().trim_matches('"'))
        }
        _ => None,
    }
}

fn is_library(project: &Project, kind: &Kind, dir: &str, text: &str, own: &[&File]) -> bool {
    let effective = || own.iter().filter(|file| file.class.effective());
    match kind.language {
        "go" => !effective().any(|file| file.str().lines().any(|line| line.trim_end() == "package main")),
        "rust" => !effective().any(|file| file.name() == "main.rs" || file.path.contains("/bin/")),
        "php" => text.contains("\"type\": \"library\""),
        "ruby" => {
            project.below(dir).any(|file| file.dir() == dir && file.extension() == "gemspec")
                && !own.iter().any(|file| file.name() == "config.ru")
        }
        _ => false,
    }
}
