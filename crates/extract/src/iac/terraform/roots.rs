//! Which directories are roots that keep a state, and whether each keeps it safely.

use std::collections::BTreeSet;

use facts::Fact;

use super::PARSER;
use super::backend::{Backend, Judged};
use super::declare::{Source, header};
use super::terragrunt;
use super::tree::{Dir, Tree};
use crate::{Project, Sink, path};

/// The facts about code directories and roots.
pub(crate) fn declare(project: &Project, tree: &Tree<'_>, sink: &mut Sink) {
    let called = called(tree);
    let units: BTreeSet<&str> = tree.units().map(|(file, _)| file.dir()).collect();
    for dir in tree.dirs.values() {
        let root = !called.contains(&dir.path) && !units.contains(dir.path.as_str()) && is_root(project, dir);
        code(dir, root, sink);
        if root && !dir.files.is_empty() {
            sink.push(root_fact(project, dir));
        }
    }
    for (file, body) in tree.units() {
        terragrunt::unit(project, tree, file, body, sink);
    }
}

/// The directories that something uses as a module.
fn called(tree: &Tree<'_>) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    for dir in tree.dirs.values() {
        for (_, block) in dir.blocks("module") {
            let source = Source::read(block.body.text("source").unwrap_or_default(), None);
            called.extend(source.local.and_then(|local| path::join(&dir.path, &local)));
        }
    }
    for (file, body) in tree.hcl.values() {
        called.extend(terragrunt::source(tree, file, body).and_then(|(_, target)| target));
    }
    called
}

/// Whether Terraform is run in this directory, rather than used from elsewhere.
fn is_root(project: &Project, dir: &Dir<'_>) -> bool {
    if Backend::of_dir(dir).is_some() {
        return true;
    }
    if dir
        .path
        .split('/')
        .any(|part| matches!(part, "modules" | "module" | "_modules" | "tf-modules" | "terraform-modules"))
    {
        return false;
    }
    let declares = ["resource", "module", "data"].iter().any(|kind| dir.blocks(kind).next().is_some());
    if !declares {
        return false;
    }
    let configured = dir.blocks("provider").next().is_some();
    let beside = project.below(&dir.path).filter(|file| file.dir() == dir.path).any(|file| {
        file.name().contains(".tfvars") || file.name() == ".terraform.lock.hcl" || file.name().ends_with(".tfstate")
    });
    let asks = dir.blocks("variable").any(|(_, block)| block.body.get("default").is_none());
    let gives = dir.blocks("output").next().is_some();
    configured || beside || !asks && !gives
}

fn code(dir: &Dir<'_>, root: bool, sink: &mut Sink) {
    let first = dir.files.iter().find_map(|(file, body)| {
        let block = body.blocks.iter().find(|block| matches!(block.kind.as_str(), "resource" | "module" | "data"))?;
        Some(header(file, &block.range))
    });
    if let Some(at) = first {
        let fact = Fact::new("iac.code", PARSER, at).with("tool", "terraform").with("dir", dir.path.as_str());
        sink.push(fact.with("role", if root { "root" } else { "module" }).with("example", dir.example));
    }
}

fn root_fact(project: &Project, dir: &Dir<'_>) -> Fact {
    let backend = Backend::of_dir(dir);
    let bootstrap = backend.is_none() && only_creates_backend(dir);
    let (kind, judged) = match &backend {
        Some(backend) => (backend.kind.as_str(), backend.judge(project, &dir.path)),
        None => ("local", undeclared()),
    };
    let at = match &backend {
        Some(backend) => backend.at.clone(),
        None => first_block(dir),
    };
    let fact = Fact::new("iac.root", PARSER, at).with("tool", "terraform").with("dir", dir.path.as_str());
    describe(fact, kind, judged).with("bootstrap", bootstrap).with("example", dir.example)
}

/// No backend: the state stays where the tool runs.
pub(crate) fn undeclared() -> Judged {
    Judged { state: "local", locking: false, partial: false, reason: "no backend is declared".to_owned(), also: None }
}

/// Writes the judgement into the fact of a root.
pub(crate) fn describe(fact: Fact, kind: &str, judged: Judged) -> Fact {
    let fact = fact.with("backend", kind).with("state", judged.state).with("locking", judged.locking);
    let fact = fact.with("partial", judged.partial).with("reason", judged.reason);
    match judged.also {
        Some(at) => fact.also(at),
        None => fact,
    }
}

fn first_block(dir: &Dir<'_>) -> facts::Location {
    let order = ["terraform", "provider", "resource", "module", "data"];
    let block = order.iter().find_map(|kind| dir.blocks(kind).next());
    match block {
        Some((file, block)) => header(file, &block.range),
        None => dir.files[0].0.start(),
    }
}

/// Whether all that a root makes is the place where the states of others are kept.
fn only_creates_backend(dir: &Dir<'_>) -> bool {
    let types: Vec<&str> = dir.blocks("resource").map(|(_, block)| block.label(0)).collect();
    let store = types.iter().any(|name| {
        matches!(
            *name,
            "aws_s3_bucket"
                | "google_storage_bucket"
                | "azurerm_storage_container"
                | "azurerm_storage_account"
                | "scaleway_object_bucket"
                | "aws_dynamodb_table"
        ) || name.ends_with("_storage_bucket")
    });
    let around = |name: &&str| {
        [
            "s3_bucket",
            "dynamodb_table",
            "storage",
            "bucket",
            "kms",
            "iam",
            "resource_group",
            "key_vault",
            "role_",
            "service_account",
            "project_service",
            "key_ring",
            "crypto_key",
            "openid",
        ]
        .iter()
        .any(|word| name.contains(word))
            || ["random_", "null_", "time_", "local_"].iter().any(|prefix| name.starts_with(prefix))
    };
    let names = dir.blocks("resource").any(|(file, block)| {
        let text = file.str().get(block.range.clone()).unwrap_or_default().to_ascii_lowercase();
        ["state", "lockid", "lock"].iter().any(|word| text.contains(word))
    });
    let called = dir.path.to_ascii_lowercase();
    let says = names || ["bootstrap", "backend", "state", "remote"].iter().any(|word| called.contains(word));
    store && says && types.iter().all(around) && dir.blocks("module").next().is_none()
}
