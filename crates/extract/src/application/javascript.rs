//! JavaScript and TypeScript components: `package.json`, `deno.json`.

use super::Component;
use super::component::sources;
use crate::{Data, File, Node, Project, path};

const SOURCES: [&str; 11] = ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "vue", "svelte", "astro", "html"];
const SERVERS: [&str; 16] = [
    "express",
    "next",
    "nuxt",
    "react-scripts",
    "fastify",
    "koa",
    "@nestjs/core",
    "@angular/core",
    "vite",
    "@sveltejs/kit",
    "hapi",
    "@hapi/hapi",
    "gatsby",
    "astro",
    "electron",
    "react-dom",
];

pub(super) fn is_manifest(file: &File) -> bool {
    matches!(file.name(), "package.json" | "deno.json" | "deno.jsonc")
}

/// The component of a manifest; none when it only carries the tools of the repository.
pub(super) fn component(project: &Project, file: &File, nested: &[String]) -> Option<Component> {
    // A manifest that does not parse still says that there is a component.
    let unread = Node::new(0..0, None, Data::Null);
    let root = file.json().documents.first().map_or(&unread, |document| &document.root);
    let dir = file.dir();
    let own: Vec<&File> = sources(project, dir, nested, &SOURCES).take(2000).collect();
    if own.is_empty() {
        return None;
    }
    let typed = own.iter().any(|file| matches!(file.extension().as_str(), "ts" | "tsx" | "mts"));
    let language = if typed { "typescript" } else { "javascript" };
    let mut component = Component::new(file, dir, language, manager(project, dir, root));
    component.example |= own.iter().all(|file| !file.class.effective());
    if let Some(name) = root.str_at("name") {
        component.name = name.to_owned();
    }
    component.dependencies = ["dependencies", "devDependencies", "optionalDependencies", "imports"]
        .iter()
        .any(|key| root.get(key).is_some_and(|node| !node.entries().is_empty()));
    // A manifest of hooks and linters beside a few loose files is the repository's tooling.
    let runs = ["dependencies", "main", "module", "exports", "bin"].iter().any(|key| root.get(key).is_some())
        || root.at(&["scripts", "start"]).is_some()
        || root.at(&["scripts", "build"]).is_some()
        || root.at(&["scripts", "dev"]).is_some()
        || file.name() != "package.json";
    component.tooling |= !runs && file.json().error.is_none();
    component.library = is_library(root);
    let locks = [
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "bun.lockb",
        "npm-shrinkwrap.json",
        "deno.lock",
    ];
    Some(component.lock_by(project, &locks))
}

fn is_library(root: &Node) -> bool {
    let published = ["main", "module", "exports", "types", "files"].iter().any(|key| root.get(key).is_some());
    let private = root.get("private").and_then(Node::as_bool) == Some(true);
    let serves = root.get("dependencies").is_some_and(|node| SERVERS.iter().any(|name| node.get(name).is_some()));
    let started = root.at(&["scripts", "start"]).is_some() || root.get("bin").is_some();
    published && !private && !serves && !started
}

fn manager(project: &Project, dir: &str, root: &Node) -> &'static str {
    if let Some(declared) = root.str_at("packageManager") {
        for name in ["pnpm", "yarn", "npm"] {
            if declared.starts_with(name) {
                return name;
            }
        }
    }
    let has =
        |name: &str| project.file(&path::join(dir, name).unwrap_or_default()).is_some() || project.file(name).is_some();
    if has("pnpm-lock.yaml") {
        "pnpm"
    } else if has("yarn.lock") {
        "yarn"
    } else if has("bun.lock") || has("bun.lockb") || has("deno.json") {
        "other"
    } else {
        "npm"
    }
}
