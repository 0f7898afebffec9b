//! Hooks before commits: pre-commit, lefthook. Those of husky are shell scripts.

use super::task::scalar;
use super::{Entry, Part, part};
use crate::File;
use crate::node::Node;

/// The hooks of pre-commit that are known under another name than their tool; the others are named after it.
const TOOLS: [(&str, &str); 40] = [
    ("terraform_fmt", "terraform fmt -check"),
    ("terraform-fmt", "terraform fmt -check"),
    ("terraform_validate", "terraform validate"),
    ("terraform-validate", "terraform validate"),
    ("terraform_tflint", "tflint"),
    ("terraform_tfsec", "tfsec"),
    ("terraform_trivy", "trivy config ."),
    ("terraform_checkov", "checkov -d ."),
    ("terraform_terrascan", "terrascan scan"),
    ("terragrunt_fmt", "terragrunt hclfmt --terragrunt-check"),
    ("terragrunt_validate", "terragrunt validate"),
    ("tofu_fmt", "tofu fmt -check"),
    ("tofu_validate", "tofu validate"),
    ("checkov_container", "checkov -d ."),
    ("helmlint", "helm lint"),
    ("helm-lint", "helm lint"),
    ("ansible-lint", "ansible-lint"),
    ("check-yaml", "yaml-syntax"),
    ("ruff", "ruff check"),
    ("ruff-check", "ruff check"),
    ("ruff-format", "ruff format --check"),
    ("black", "black --check"),
    ("isort", "isort --check"),
    ("prettier", "prettier --check"),
    ("cargo-check", "cargo check"),
    ("clippy", "cargo clippy"),
    ("go-vet", "go vet"),
    ("go-unit-tests", "go test"),
    ("golangci-lint", "golangci-lint run"),
    ("kubeconform", "kubeconform"),
    ("hadolint-docker", "hadolint"),
    ("terraform_docs", "terraform-docs"),
    ("detect-private-key", "detect-secrets scan"),
    ("detect-aws-credentials", "detect-secrets scan"),
    ("detect-secrets", "detect-secrets scan"),
    ("gitleaks", "gitleaks detect"),
    ("gitleaks-docker", "gitleaks detect"),
    ("packer_validate", "packer validate"),
    ("conftest", "conftest test"),
    ("kubescape", "kubescape scan"),
];

/// All hooks of a pre-commit configuration, as one entry each; the empty name stands for all of them.
pub(crate) fn pre_commit(file: &File) -> Vec<Entry> {
    let Some(document) = file.yaml().documents.first() else { return Vec::new() };
    let mut found = Vec::new();
    for repository in document.root.get("repos").map(Node::items).unwrap_or_default() {
        for hook in repository.get("hooks").map(Node::items).unwrap_or_default() {
            let Some(id) = hook.str_at("id") else { continue };
            let known = TOOLS.iter().find(|(name, _)| *name == id).map(|(_, command)| (*command).to_owned());
            let command = hook.str_at("entry").map(str::to_owned).or(known).unwrap_or_else(|| id.to_owned());
            let at = file.at(hook.range.clone());
            found.push(Entry {
                runner: "pre-commit",
                name: id.to_owned(),
                at: at.clone(),
                needs: Vec::new(),
                parts: vec![part(&command, at)],
                dir: String::new(),
            });
        }
    }
    found
}

/// All hooks of a lefthook configuration.
pub(crate) fn lefthook(file: &File) -> Vec<Entry> {
    let Some(document) = file.yaml().documents.first() else { return Vec::new() };
    let mut found = Vec::new();
    for (key, hook) in document.root.entries() {
        let Some(name) = key.as_str() else { continue };
        let commands = hook.get("commands").map(Node::entries).unwrap_or_default().iter().map(|(_, command)| command);
        let jobs = hook.get("jobs").map(Node::items).unwrap_or_default();
        let parts: Vec<Part> =
            commands.chain(jobs).filter_map(|command| command.get("run")).map(|run| scalar(file, run, false)).collect();
        if !parts.is_empty() {
            let at = file.at(key.range.start..hook.range.end);
            found.push(Entry {
                runner: "lefthook",
                name: name.to_owned(),
                at,
                needs: Vec::new(),
                parts,
                dir: file.dir().to_owned(),
            });
        }
    }
    found
}
