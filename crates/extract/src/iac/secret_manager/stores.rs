//! Secret stores that manifests, chart templates and application code take their secrets from.

use std::sync::LazyLock;

use facts::Confidence;

use super::super::{kube, standing};
use super::{Use, tell};
use crate::marks::Marks;
use crate::{File, Project, Sink};

/// Kinds of objects by API group.
const OBJECTS: [(&str, &str); 9] = [
    ("bitnami.com/", "sealed-secrets"),
    ("external-secrets.io/", "external-secrets"),
    ("kubernetes-client.io/", "external-secrets"),
    ("secrets-store.csi.x-k8s.io/", "csi-secrets-store"),
    ("secrets-store.csi.k8s.io/", "csi-secrets-store"),
    ("secrets.hashicorp.com/", "vault"),
    ("ricoberger.de/", "vault"),
    ("isindir.github.com/", "sops"),
    ("secrets.infisical.com/", "infisical"),
];

/// Words of configuration and of manifests, with the tool that reads them.
const WORDS: [(&str, &str, &str); 14] = [
    ("vault.hashicorp.com/agent-inject", "vault", "annotation"),
    ("vault.hashicorp.com/role", "vault", "annotation"),
    ("avp.kubernetes.io/path", "vault", "annotation"),
    ("<path:", "vault", "annotation"),
    ("secrets-store.csi.k8s.io", "csi-secrets-store", "volume"),
    ("azureKeyVault", "azure-key-vault", "reference"),
    ("resolve:secretsmanager:", "aws-secrets-manager", "reference"),
    ("resolve:ssm-secure:", "aws-ssm", "reference"),
    ("arn:aws:secretsmanager:", "aws-secrets-manager", "reference"),
    ("ref+vault://", "vault", "reference"),
    ("ref+awssecrets://", "aws-secrets-manager", "reference"),
    ("ref+sops://", "sops", "reference"),
    ("secrets+gpg-import://", "sops", "reference"),
    ("secrets://", "sops", "reference"),
];

/// Calls of application and infrastructure programs.
const CALLS: [(&str, &str); 14] = [
    ("secretsmanager.", "aws-secrets-manager"),
    ("SecretsManagerClient", "aws-secrets-manager"),
    ("client(\"secretsmanager\"", "aws-secrets-manager"),
    ("client('secretsmanager'", "aws-secrets-manager"),
    ("GetSecretValue", "aws-secrets-manager"),
    ("SecretManagerServiceClient", "gcp-secret-manager"),
    ("azure.keyvault.secrets", "azure-key-vault"),
    ("@azure/keyvault-secrets", "azure-key-vault"),
    ("hvac.Client", "vault"),
    ("spring-cloud-starter-vault", "vault"),
    ("hashicorp/vault/api", "vault"),
    ("node-vault", "vault"),
    ("doppler run", "doppler"),
    ("infisical run", "infisical"),
];

static ANY_WORD: LazyLock<Marks> = LazyLock::new(|| Marks::new(WORDS.iter().map(|(word, ..)| *word)));

static ANY_CALL: LazyLock<Marks> = LazyLock::new(|| Marks::new(CALLS.iter().map(|(word, _)| *word)));

/// The facts of all files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        match file.extension().as_str() {
            "yaml" | "yml" | "tpl" | "json" => manifest(project, file, sink),
            "hcl" => policy(project, file, sink),
            "py" | "ts" | "js" | "go" | "java" | "kt" | "cs" | "xml" | "gradle" | "rb" | "php" | "sh" => {
                program(project, file, sink)
            }
            _ => {}
        }
    }
}

fn manifest(project: &Project, file: &File, sink: &mut Sink) {
    let example = standing::is_example(project, &file.path);
    for header in kube::of_file(file) {
        if let Some((_, tool)) = OBJECTS.iter().find(|(group, _)| header.api.starts_with(group)) {
            let at = file.at_line(header.line);
            tell(sink, Use { tool, how: "object", name: &header.name, at, example, sure: Confidence::Exact });
        }
    }
    let Ok(text) = file.text() else { return };
    // Hardly any file holds one of the words: the whole text is searched before its lines are.
    if file.extension() == "json" || !ANY_WORD.any_in(text.as_str()) {
        return;
    }
    for (number, line) in text.lines() {
        let written = line.trim_start();
        if written.starts_with('#') || written.starts_with("{{/*") {
            continue;
        }
        if let Some((_, tool, how)) = WORDS.iter().find(|(word, ..)| line.contains(word)) {
            let at = file.at_line(number);
            return tell(sink, Use { tool, how, name: "", at, example, sure: Confidence::Likely });
        }
    }
}

/// A policy or a server configuration of Vault.
fn policy(project: &Project, file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else { return };
    let policy = text.lines().find(|(_, line)| line.starts_with("path \""));
    let server = text.lines().find(|(_, line)| {
        line.starts_with("seal \"") || line.starts_with("storage \"raft\"") || line.starts_with("auto_auth")
    });
    if let Some((line, _)) = policy.filter(|_| text.as_str().contains("capabilities")).or(server) {
        let example = standing::is_example(project, &file.path);
        tell(
            sink,
            Use {
                tool: "vault",
                how: "configuration",
                name: file.name(),
                at: file.at_line(line),
                example,
                sure: Confidence::Exact,
            },
        );
    }
}

fn program(project: &Project, file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else { return };
    if !ANY_CALL.any_in(text.as_str()) {
        return;
    }
    for (number, line) in text.lines() {
        let comment = line.trim_start().starts_with(['#', '*']) || line.trim_start().starts_with("//");
        if let Some((_, tool)) = CALLS.iter().find(|(word, _)| !comment && line.contains(word)) {
            let example = standing::is_example(project, &file.path);
            let at = file.at_line(number);
            return tell(sink, Use { tool, how: "program", name: "", at, example, sure: Confidence::Likely });
        }
    }
}
