//! Puppet, applied on each host: what the compiled catalog keeps true, and what one run says that it changed.

use std::sync::LazyLock;

use regex::Regex;
use sandbox::Command;
use serde_json::Value;

use super::claim::{Claim, Kind};
use super::said::Said;
use crate::experiment::Ground;

/// Where Puppet keeps what it knows between runs: outside of what a snapshot looks at.
const STATE: &str = "/var/tmp/puppet";
const LOG: &str = "/var/tmp/puppet/log.json";

/// What is applied, from the root of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifests {
    /// `manifests/site.pp`, or the class of a repository that is a module.
    pub entry: Entry,
    /// The folders in which modules are looked up.
    pub modules: Vec<String>,
    pub hiera: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Manifest(String),
    /// The repository is a module of this name: it is laid as one, and its class is included.
    Class(String),
}

impl Manifests {
    /// The command that a person would type, without what is ours.
    pub fn shown(&self) -> String {
        match &self.entry {
            Entry::Manifest(path) => format!("puppet apply {path}"),
            Entry::Class(name) => format!("puppet apply -e 'include {name}'"),
        }
    }

    /// The catalog of this host: what the code keeps true there.
    pub fn compile(&self, root: &str, host: &str) -> Command {
        let entry = match &self.entry {
            Entry::Manifest(path) => format!("--manifest={root}/{path}"),
            Entry::Class(name) => format!("--code=include {name}"),
        };
        let argv = ["puppet", "catalog", "compile", host].map(ToOwned::to_owned).into_iter().chain([entry]);
        Command::new(argv.chain(self.settings(root))).own().root().seconds(300).output_bytes(16 << 20)
    }

    /// One run, and then what it logged, one entry a line.
    pub fn apply(&self, root: &str, host: &str) -> Command {
        let entry = match &self.entry {
            Entry::Manifest(path) => format!("{root}/{path}"),
            Entry::Class(name) => format!("--execute=include {name}"),
        };
        let script = format!("rm -f {LOG}; puppet apply \"$@\" >/dev/null 2>&1; status=$?; cat {LOG}; exit $status");
        let argv =
            ["sh", "-c", &*script, "puppet", "--detailed-exitcodes", "--certname", host, "--logdest", LOG, &*entry];
        let argv = argv.into_iter().map(ToOwned::to_owned).chain(self.settings(root));
        Command::new(argv).own().root().directory(root).seconds(1200).output_bytes(16 << 20)
    }

    fn settings(&self, root: &str) -> Vec<String> {
        let modules: Vec<String> = self.modules.iter().map(|folder| format!("{root}/{folder}")).collect();
        let mut settings = vec![
            format!("--vardir={STATE}"),
            format!("--confdir={STATE}/conf"),
            format!("--modulepath={}", modules.join(":")),
        ];
        settings.extend(self.hiera.as_ref().map(|path| format!("--hiera_config={root}/{path}")));
        settings
    }
}

/// What a repository applies with Puppet.
pub(super) struct Found {
    /// How it is called in a plan.
    pub path: String,
    pub manifests: Manifests,
    /// The hosts that the manifest names.
    pub nodes: Vec<String>,
    pub fetched: Vec<String>,
    pub from: String,
}

static NODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?m)^\s*node\s+['"]([\w.-]{1,60})['"]"#).expect("a fixed pattern"));
static FETCHED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?m)^\s*mod\s*\(?\s*['"]([\w/-]{1,80})['"]"#).expect("a fixed pattern"));

/// The manifest of a whole site; the class of a repository that is a module.
pub(super) fn find(ground: &Ground<'_>) -> Option<Found> {
    let facts = ground.facts.of("iac.manager").iter();
    let puppet = facts.filter(|fact| fact.text("tool") == "puppet" && !fact.is("example"));
    let paths: Vec<&str> = puppet.filter_map(|fact| fact.location().path()).collect();
    let fetched = |folder: &str| {
        let puppetfile = ground.tree.text(&join(folder, "Puppetfile")).unwrap_or_default();
        FETCHED.captures_iter(puppetfile).map(|found| format!("module {}", &found[1])).collect()
    };
    let site = paths.iter().copied().filter(|path| !path.contains("modules/")).min_by_key(|path| {
        let name = path.rsplit('/').next().unwrap_or_default();
        (!matches!(name, "site.pp" | "default.pp" | "init.pp" | "main.pp"), path.matches('/').count(), *path)
    })?;
    if site == "manifests/init.pp" && ground.tree.has("metadata.json") {
        let name = module_name(ground.tree.text("metadata.json")?)?;
        let manifests = Manifests { entry: Entry::Class(name.clone()), modules: vec!["..".into()], hiera: None };
        let from = format!("{site}:1");
        return Some(Found { path: format!("module {name}"), manifests, nodes: Vec::new(), fetched: Vec::new(), from });
    }
    // The folder above `manifests` is what Puppet calls an environment.
    let folder = site.rsplit_once('/').map_or("", |(folder, _)| folder);
    let environment = folder.strip_suffix("manifests").map_or(folder, |above| above.trim_end_matches('/'));
    let modules = ["modules", "site-modules", "site"].iter().map(|name| join(environment, name));
    let hiera = Some(join(environment, "hiera.yaml")).filter(|path| ground.tree.has(path));
    let text = ground.tree.text(site).unwrap_or_default();
    Some(Found {
        path: site.to_owned(),
        manifests: Manifests { entry: Entry::Manifest(site.to_owned()), modules: modules.collect(), hiera },
        nodes: NODE.captures_iter(text).map(|found| found[1].to_owned()).collect(),
        fetched: fetched(environment),
        from: format!("{site}:1"),
    })
}

/// `apache` of `puppetlabs-apache`.
fn module_name(metadata: &str) -> Option<String> {
    let metadata: Value = serde_json::from_str(metadata).ok()?;
    let name = text(&metadata["name"]).rsplit(['-', '/']).next().unwrap_or_default();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| name.to_owned())
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// What a run says of itself, by its log. Nothing when it did not come to its end.
pub(super) fn said(log: &str, root: &str, host: &str) -> Option<Said> {
    let entries = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut said = Said::default();
    let mut applied = false;
    for entry in entries {
        let (level, source, message) = (text(&entry["level"]), text(&entry["source"]), text(&entry["message"]));
        applied |= message.starts_with("Applied catalog");
        let place = place(&entry, root).unwrap_or_else(|| host.to_owned());
        let told = format!("{place} {}", resource(source));
        match level {
            "err" | "alert" | "emerg" | "crit" => said.failed.push(format!("{told}: {}", first(message))),
            // What only prints changes nothing.
            "notice" if source.starts_with("/Stage[") && !source.contains("/Notify[") => {
                said.changed += 1;
                said.changing.push(told);
            }
            _ => {}
        }
    }
    (applied || !said.failed.is_empty()).then_some(said)
}

/// What a catalog keeps true on a host.
pub(super) fn claims(catalog: &str, root: &str, host: &str) -> Vec<Claim> {
    let start = catalog.find("\n{").map_or(0, |at| at + 1);
    let read = serde_json::Deserializer::from_str(&catalog[start..]).into_iter::<Value>().next();
    let Some(Ok(catalog)) = read else { return Vec::new() };
    let mut claims = Vec::new();
    for resource in catalog["resources"].as_array().into_iter().flatten() {
        let Some(at) = place(resource, root) else { continue };
        let number = || Some(&resource["parameters"]["uid"]).filter(|value| !value.is_null()).map(ToString::to_string);
        for (kind, name) in kept(resource) {
            let line = (kind == Kind::User).then(number).flatten();
            claims.push(Claim { host: host.to_owned(), kind, name, line, at: at.clone() });
        }
    }
    claims.sort();
    claims.dedup_by(|one, other| one.id() == other.id());
    claims
}

fn kept(resource: &Value) -> Vec<(Kind, String)> {
    let given = |key: &str| text(&resource["parameters"][key]);
    let has = |key: &str| !resource["parameters"][key].is_null();
    let title = text(&resource["title"]);
    let named = |key: &str| if given(key).is_empty() { title } else { given(key) }.to_owned();
    let ensure = given("ensure");
    let gone = matches!(ensure, "absent" | "purged");
    match text(&resource["type"]) {
        _ if gone => Vec::new(),
        "File" => {
            let path = named("path");
            let whole = (has("content") || has("source")) && ensure != "directory" && !has("recurse");
            let kinds = [(Kind::Content, whole), (Kind::Mode, has("mode")), (Kind::Owner, has("owner"))];
            kinds.into_iter().filter(|(_, held)| *held).map(|(kind, _)| (kind, path.clone())).collect()
        }
        "Package" => vec![(Kind::Package, named("name"))],
        "Service" => {
            let running = matches!(ensure, "running") || resource["parameters"]["ensure"] == true;
            let enabled = matches!(given("enable"), "true") || resource["parameters"]["enable"] == true;
            let kinds = [(Kind::Running, running), (Kind::Enabled, enabled)];
            kinds.into_iter().filter(|(_, held)| *held).map(|(kind, _)| (kind, named("name"))).collect()
        }
        "User" if named("name") != "root" => vec![(Kind::User, named("name"))],
        "Cron" => vec![(Kind::Cron, if given("user").is_empty() { "root" } else { given("user") }.to_owned())],
        _ => Vec::new(),
    }
}

/// `manifests/site.pp:3`; nothing for what no file of the repository says.
fn place(value: &Value, root: &str) -> Option<String> {
    let path = text(&value["file"]).strip_prefix(root)?.trim_start_matches('/');
    Some(format!("{path}:{}", value["line"].as_u64().unwrap_or(1)))
}

/// `Web/File[/etc/x]/content` of `/Stage[main]/Web/File[/etc/x]/content`.
fn resource(source: &str) -> &str {
    source.strip_prefix("/Stage[main]/").unwrap_or(source)
}

fn first(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
