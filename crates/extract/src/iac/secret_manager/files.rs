//! Files encrypted by SOPS, ansible-vault, git-crypt, age or eyaml, and the settings of these tools.

use facts::Confidence;

use super::super::standing;
use super::{Use, tell};
use crate::{File, Project, Sink};

/// The facts of all such files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let Ok(text) = file.text() else { continue };
        let text = text.as_str();
        let Some((tool, how, line)) = encrypted(file, text).or_else(|| configured(file, text)) else { continue };
        let example = standing::is_example(project, &file.path);
        let sure = if how == "encrypted-file" { Confidence::Exact } else { Confidence::Likely };
        tell(sink, Use { tool, how, name: file.name(), at: file.at_line(line), example, sure });
    }
}

/// The line of a word, which hardly any file holds: the whole text is searched before its lines are.
fn line_with(text: &str, word: &str) -> Option<usize> {
    if text.contains(word) { line_of(text, |line| line.contains(word)) } else { None }
}

fn line_of(text: &str, holds: impl Fn(&str) -> bool) -> Option<usize> {
    text.lines().position(holds).map(|index| index + 1)
}

fn encrypted(file: &File, text: &str) -> Option<(&'static str, &'static str, usize)> {
    if text.starts_with("$ANSIBLE_VAULT;") {
        return Some(("ansible-vault", "encrypted-file", 1));
    }
    let tagged = |line: &str| line.contains("!vault |") || line.trim_end().ends_with("!vault");
    if let Some(line) = text.contains("!vault").then(|| line_of(text, tagged)).flatten() {
        return Some(("ansible-vault", "encrypted-value", line));
    }
    if let Some(line) = line_with(text, "ENC[AES256_GCM,") {
        return Some(("sops", "encrypted-file", line));
    }
    if let Some(line) = line_with(text, "ENC[PKCS7,") {
        return Some(("eyaml", "encrypted-value", line));
    }
    if text.starts_with("age-encryption.org/v1") || text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----") {
        return Some(("age", "encrypted-file", 1));
    }
    if !file.name().starts_with("Pulumi.") {
        return None;
    }
    let line = line_of(text, |line| line.trim_start().starts_with("secure:"))?;
    Some(("pulumi", "encrypted-value", line))
}

fn configured(file: &File, text: &str) -> Option<(&'static str, &'static str, usize)> {
    let uncommented = |line: &str, words: &[&str]| {
        !line.trim_start().starts_with(['#', ';', '/']) && words.iter().any(|word| line.contains(word))
    };
    match file.name() {
        ".sops.yaml" | ".sops.yml" => {
            Some(("sops", "configuration", line_of(text, |line| uncommented(line, &["creation_rules", "path_regex"]))?))
        }
        "ansible.cfg" => Some((
            "ansible-vault",
            "configuration",
            line_of(text, |line| uncommented(line, &["vault_password_file", "vault_identity_list", "ask_vault_pass"]))?,
        )),
        ".gitattributes" => {
            Some(("git-crypt", "configuration", line_of(text, |line| uncommented(line, &["filter=git-crypt"]))?))
        }
        _ if matches!(file.extension().as_str(), "yml" | "yaml") && text.contains("vars_files") => {
            vault_variables(text)
        }
        _ if matches!(file.extension().as_str(), "sh" | "mk" | "")
            || file.name() == "Makefile"
            || file.name() == "justfile" =>
        {
            let sops = |line: &str| {
                uncommented(
                    line,
                    &[
                        "sops -d",
                        "sops -e",
                        "sops --decrypt",
                        "sops --encrypt",
                        "sops decrypt",
                        "sops encrypt",
                        "sops exec-env",
                    ],
                )
            };
            let vault = |line: &str| {
                uncommented(
                    line,
                    &[
                        "ansible-vault ",
                        "--ask-vault-pass",
                        "--vault-password-file",
                        "kubeseal",
                        "vault kv get",
                        "vault read ",
                    ],
                )
            };
            if let Some(line) = line_of(text, sops) {
                return Some(("sops", "command", line));
            }
            let line = line_of(text, vault)?;
            let shown = text.lines().nth(line - 1).unwrap_or_default();
            let tool = if shown.contains("kubeseal") {
                "sealed-secrets"
            } else if shown.contains("ansible") || shown.contains("--") {
                "ansible-vault"
            } else {
                "vault"
            };
            Some((tool, "command", line))
        }
        _ => None,
    }
}

/// `vars_files` that load a file called vault: the file itself is left out of the repository, as it should be.
fn vault_variables(text: &str) -> Option<(&'static str, &'static str, usize)> {
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.starts_with("vars_files:") {
            inside = true;
        } else if inside && !trimmed.starts_with('-') && !trimmed.is_empty() && !trimmed.starts_with('#') {
            inside = false;
        } else if inside && trimmed.starts_with('-') && trimmed.contains("vault") {
            return Some(("ansible-vault", "vars-file", index + 1));
        }
    }
    None
}
