//! What a Terraform directory declares, as facts: resources, data, module calls, providers, variables.

use std::ops::Range;

use facts::{Confidence, Fact, Location};

use super::super::hcl::{Block, Body};
use super::tree::{Dir, Tree};
use super::{PARSER, of_module, of_type};
use crate::{File, Node, Project, Sink, path};

/// How many settings of one resource are kept.
const SETTINGS: usize = 120;
const SETTING_BYTES: usize = 300;

/// The facts of one directory.
pub(crate) fn directory(project: &Project, tree: &Tree<'_>, dir: &Dir<'_>, sink: &mut Sink) {
    for kind in ["resource", "data", "ephemeral"] {
        for (file, block) in dir.blocks(kind) {
            sink.push(resource(dir, file, block, kind == "resource"));
        }
    }
    for (file, block) in dir.blocks("module") {
        sink.push(call(project, tree, dir, file, block));
    }
    for (file, block) in dir.blocks("provider") {
        let fact = Fact::new("iac.provider", PARSER, header(file, &block.range)).with("name", block.label(0));
        let version = block.body.text("version").unwrap_or_default();
        sink.push(fact.with("version", version).with("dir", dir.path.as_str()).with("example", dir.example));
    }
    required(dir, sink);
    for (what, kind) in [("variable", "variable"), ("output", "output")] {
        for (file, block) in dir.blocks(kind) {
            let fact = Fact::new("iac.variable", PARSER, header(file, &block.range)).with("what", what);
            let fact = fact.with("name", block.label(0)).with("dir", dir.path.as_str()).with("example", dir.example);
            let sensitive = block.body.text("sensitive") == Some("true");
            sink.push(fact.with("default", block.body.get("default").is_some()).with("sensitive", sensitive));
        }
    }
}

/// The first line of a block: what it is, without all that it holds.
pub(crate) fn header(file: &File, range: &Range<usize>) -> Location {
    let text = file.str().get(range.clone()).unwrap_or_default();
    let end = text.find('\n').map_or(range.end, |length| range.start + length);
    file.at(range.start..end)
}

fn required(dir: &Dir<'_>, sink: &mut Sink) {
    for (file, block) in dir.settings("required_providers") {
        for attribute in &block.body.attributes {
            let value = &attribute.value;
            let text = |key: &str| value.str_at(key).unwrap_or_default().to_owned();
            let version = if value.is_map() { text("version") } else { value.as_str().unwrap_or_default().to_owned() };
            let fact = Fact::new("iac.provider", PARSER, file.at(attribute.range.clone()));
            let fact =
                fact.with("name", attribute.key.as_str()).with("source", text("source")).with("version", version);
            sink.push(fact.with("dir", dir.path.as_str()).with("example", dir.example));
        }
    }
}

fn resource(dir: &Dir<'_>, file: &File, block: &Block, managed: bool) -> Fact {
    let kind = of_type(block.label(0));
    let mut settings = Settings::default();
    settings.body("", &block.body, 0);
    let provider = block.label(0).split('_').next().unwrap_or_default();
    let fact = Fact::new("iac.resource", PARSER, header(file, &block.range)).with("tool", "terraform");
    let fact = fact.with("type", block.label(0)).with("name", block.label(1)).with("provider", provider);
    let fact = fact.with("mode", if managed { "managed" } else { "data" }).with("category", kind.category);
    let fact = fact.with("provisions", managed && kind.provisions).with("dir", dir.path.as_str());
    let fact = fact.with("attributes", settings.values).with("blocks", settings.blocks).with("example", dir.example);
    let release = matches!(block.label(0), "helm_release");
    let text = |key: &str| block.body.text(key).unwrap_or_default().to_owned();
    let (chart, repository) = if release { (text("chart"), text("repository")) } else { Default::default() };
    let version = if release { text("version") } else { text("addon_version") };
    let fact = fact.with("chart", chart).with("repository", repository).with("version", version);
    fact.confidence(if central(kind.category) { Confidence::Exact } else { Confidence::Likely })
}

/// Machines, networks, clusters and databases are cited before what surrounds them.
pub(crate) fn central(category: &str) -> bool {
    matches!(
        category,
        "machine" | "network" | "cluster" | "database" | "load-balancer" | "deployment" | "function" | "bucket"
    )
}

/// The settings of a resource, flattened.
#[derive(Default)]
struct Settings {
    values: Vec<String>,
    blocks: Vec<String>,
}

impl Settings {
    fn body(&mut self, prefix: &str, body: &Body, depth: usize) {
        for attribute in &body.attributes {
            self.value(&join(prefix, &attribute.key), &attribute.value, depth);
        }
        for block in &body.blocks {
            let name = if block.kind == "dynamic" { block.label(0) } else { &block.kind };
            let path = join(prefix, name);
            if self.blocks.len() < SETTINGS {
                self.blocks.push(path.clone());
            }
            let content = block.body.blocks.iter().find(|inner| block.kind == "dynamic" && inner.kind == "content");
            self.body(&path, content.map_or(&block.body, |inner| &inner.body), depth + 1);
        }
    }

    fn value(&mut self, path: &str, value: &Node, depth: usize) {
        if self.values.len() >= SETTINGS || depth > 12 || sensitive(path) {
            return;
        }
        if let Some(text) = value.as_str() {
            let end = text.char_indices().map(|(at, _)| at).nth(SETTING_BYTES).unwrap_or(text.len());
            self.values.push(format!("{path}={}", &text[..end]));
        } else if value.is_map() {
            for (key, inner) in value.entries() {
                self.value(&join(path, key.as_str().unwrap_or_default()), inner, depth + 1);
            }
        } else {
            for item in value.items() {
                self.value(path, item, depth + 1);
            }
        }
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// Settings whose value may be a secret are told by name elsewhere and never copied.
fn sensitive(path: &str) -> bool {
    let name = path.to_ascii_lowercase();
    [
        "password",
        "passwd",
        "secret_string",
        "secret_key",
        "token",
        "private_key",
        "access_key",
        "credential",
        "user_data",
    ]
    .iter()
    .any(|word| name.contains(word))
}

fn call(project: &Project, tree: &Tree<'_>, dir: &Dir<'_>, file: &File, block: &Block) -> Fact {
    let source = block.body.text("source").unwrap_or_default();
    let source = Source::read(source, block.body.text("version"));
    let target = source.local.as_ref().and_then(|local| path::join(&dir.path, local));
    let target = target.filter(|target| tree.dirs.contains_key(target) || project.has_dir(target));
    let fact = Fact::new("iac.module-call", PARSER, header(file, &block.range)).with("tool", "terraform");
    let fact = fact.with("name", block.label(0)).with("from", dir.path.as_str()).with("example", dir.example);
    let fact = source.describe(fact).with("dir", target.unwrap_or_default());
    match block.body.attribute("source") {
        Some(attribute) => fact.also(file.at(attribute.range.clone())),
        None => fact,
    }
}

/// Where a module comes from.
pub(crate) struct Source {
    written: String,
    origin: &'static str,
    version: String,
    pub local: Option<String>,
}

impl Source {
    /// Reads a source as Terraform and Terragrunt do.
    pub(crate) fn read(written: &str, version: Option<&str>) -> Self {
        let (base, query) = written.split_once('?').unwrap_or((written, ""));
        let parameter = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let local = (base.starts_with("./") || base.starts_with("../") || base == "." || base == "..")
            .then(|| base.replace("//", "/"));
        let (origin, version) = if local.is_some() {
            ("local", None)
        } else if parameter("ref").is_some()
            || base.starts_with("git::")
            || base.starts_with("git@")
            || base.starts_with("github.com/")
            || base.contains(".git")
            || base.starts_with("bitbucket.org/")
        {
            ("git", parameter("ref"))
        } else if let Some(registry) = base.strip_prefix("tfr://") {
            let _ = registry;
            ("registry", parameter("version"))
        } else if base.starts_with("http://")
            || base.starts_with("https://")
            || base.starts_with("s3::")
            || base.starts_with("gcs::")
        {
            ("http", parameter("checksum"))
        } else if base.split('/').count() >= 3 && !base.contains("${") {
            ("registry", version)
        } else {
            ("other", version)
        };
        Self { written: written.to_owned(), origin, version: version.unwrap_or_default().to_owned(), local }
    }

    /// Writes the source into a fact.
    pub(crate) fn describe(&self, fact: Fact) -> Fact {
        let kind = of_module(&self.written);
        let remote = matches!(self.origin, "registry" | "git" | "http");
        let branch =
            matches!(self.version.as_str(), "main" | "master" | "develop" | "dev" | "latest" | "HEAD" | "trunk");
        let open = self.version.starts_with('>') && !self.version.contains(',');
        let pinned = remote && !self.version.is_empty() && !branch && !open;
        let fact = fact
            .with("source", self.written.as_str())
            .with("origin", self.origin)
            .with("version", self.version.as_str());
        let fact = fact.with("pinned", pinned).with("provisions", remote && !self.written.ends_with("/null"));
        fact.with("category", if remote { kind.category } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_say_where_a_module_comes_from() {
        let check = |written: &str, version: Option<&str>, origin: &str, expected: &str| {
            let source = Source::read(written, version);
            assert_eq!((source.origin, source.version.as_str()), (origin, expected), "{written}");
        };
        check("./modules/vpc", None, "local", "");
        check("../../modules//vpc", None, "local", "");
        check("terraform-aws-modules/vpc/aws", Some("5.1.0"), "registry", "5.1.0");
        check("app.terraform.io/acme/vpc/aws", Some("~> 1.0"), "registry", "~> 1.0");
        check("git::https://example.com/vpc.git?ref=v1.2.0", None, "git", "v1.2.0");
        check("github.com/acme/vpc", None, "git", "");
        check("tfr:///terraform-aws-modules/vpc/aws?version=3.5.0", None, "registry", "3.5.0");
        check("${var.source}", None, "other", "");
        check("${local.base_source_url}?ref=v0.8.0", None, "git", "v0.8.0");
    }
}
