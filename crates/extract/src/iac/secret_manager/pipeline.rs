//! Protected variables that pipelines refer to: kept by the engine, not in the repository.

use std::collections::BTreeSet;
use std::ops::Range;

use facts::Confidence;

use super::{Use, tell};
use crate::ci::place;
use crate::{File, Node, Project, Sink};

/// The facts of all pipeline files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let azure: BTreeSet<String> = place::azure(project).into_iter().map(|place| place.file.path.to_string()).collect();
    for file in project.files() {
        let name = file.name();
        let yaml = matches!(file.extension().as_str(), "yml" | "yaml");
        if yaml
            && (file.path.contains(".github/workflows/")
                || file.path.contains(".gitea/workflows/")
                || file.path.contains(".forgejo/workflows/"))
        {
            scan(file, github, sink);
        } else if yaml && (name.contains("gitlab-ci") || file.path.contains(".gitlab/")) {
            gitlab(file, sink);
        } else if name.starts_with("Jenkinsfile") || file.extension() == "jenkinsfile" {
            jenkins(file, sink);
        } else if yaml && file.path.contains(".circleci/") {
            circle(file, sink);
        } else if yaml
            && (name.starts_with("azure-pipelines")
                || file.path.contains(".azure-pipelines/")
                || name.starts_with("bitbucket-pipelines")
                || azure.contains(&*file.path))
        {
            gitlab(file, sink);
        } else if yaml
            && (name.starts_with(".drone") || name.starts_with(".woodpecker") || file.path.contains(".woodpecker/"))
        {
            from_secret(file, sink);
        }
    }
}

/// A variable that people protect in the engine shows more than the token that every job is given.
fn push(file: &File, range: Range<usize>, name: &str, sink: &mut Sink) {
    let at = file.at(range);
    let given = is_given(name);
    let (how, sure) = if given { ("job-token", Confidence::Likely) } else { ("protected-variable", Confidence::Exact) };
    tell(sink, Use { tool: "ci-variables", how, name, at, example: false, sure });
}

/// Every line of a scalar that refers to a secret.
fn scan(file: &File, secret: impl Fn(&str) -> Option<String>, sink: &mut Sink) {
    for document in &file.yaml().documents {
        document.root.walk(&mut |node| {
            if let Some(name) = node.as_str().and_then(&secret) {
                push(file, line_with(file, node, "secrets."), &name, sink);
            }
        });
    }
}

/// The line of a scalar that holds a word, or all of it.
fn line_with(file: &File, node: &Node, word: &str) -> Range<usize> {
    let text = file.str().get(node.range.clone()).unwrap_or_default();
    let Some(at) = text.find(word) else { return node.range.clone() };
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let start = start + (text[start..].len() - text[start..].trim_start().len());
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    node.range.start + start.min(end)..node.range.start + end
}

/// The name of the secret that an expression of GitHub Actions refers to, another than the run's own token first.
pub fn github(text: &str) -> Option<String> {
    let mut given = None;
    let mut rest = text;
    while let Some((_, expression)) = rest.split_once("${{") {
        let (inner, after) = expression.split_once("}}").unwrap_or((expression, ""));
        rest = after;
        let mut parts = inner.split("secrets.");
        parts.next();
        for part in parts {
            let name: String =
                part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect();
            if is_given(&name) {
                given = Some(name);
            } else if !name.is_empty() {
                return Some(name);
            }
        }
    }
    given
}

/// A variable that looks like a credential, is used by a script, and is not defined in the file.
fn gitlab(file: &File, sink: &mut Sink) {
    let mut defined = BTreeSet::new();
    for document in &file.yaml().documents {
        document.root.walk(&mut |node| {
            for (key, value) in node.get("variables").map(Node::entries).unwrap_or_default() {
                let own = value.as_str().is_some_and(|text| !text.contains('$'));
                defined.extend(key.as_str().filter(|_| own).map(str::to_owned));
            }
        });
    }
    let mut told = BTreeSet::new();
    for document in &file.yaml().documents {
        document.root.walk(&mut |node| {
            let Some(text) = node.as_str().filter(|text| text.contains('$')) else { return };
            for name in variables(text) {
                if is_credential(&name)
                    && !defined.contains(&name)
                    && !assigned(file.str(), &name)
                    && told.insert(name.clone())
                {
                    push(file, line_with(file, node, &name), &name, sink);
                }
            }
        });
    }
    vault(file, sink);
}

/// `secrets: NAME: vault: …` of GitLab, and its identity tokens.
fn vault(file: &File, sink: &mut Sink) {
    for document in &file.yaml().documents {
        for (_, job) in document.root.entries() {
            for (_, secret) in job.get("secrets").map(Node::entries).unwrap_or_default() {
                if ["vault", "azure_key_vault", "gcp_secret_manager", "aws_secrets_manager"]
                    .iter()
                    .any(|key| secret.get(key).is_some())
                {
                    tell(
                        sink,
                        Use {
                            tool: "vault",
                            how: "protected-variable",
                            name: "",
                            at: file.at(secret.range.clone()),
                            example: false,
                            sure: Confidence::Exact,
                        },
                    );
                }
            }
        }
    }
}

/// Whether a script of the file assigns the variable itself.
fn assigned(text: &str, name: &str) -> bool {
    [format!(" {name}="), format!("export {name}="), format!("\n{name}=")]
        .iter()
        .any(|assignment| text.contains(assignment.as_str()))
}

/// The names of the variables that a text refers to: `$NAME`, `${NAME}`, `$(NAME)`.
pub fn variables(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in text.split('$').skip(1) {
        let part = part.trim_start_matches(['{', '(']);
        let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if name.len() > 2 {
            found.push(name);
        }
    }
    found
}

/// Whether the engine gives this token to every job.
fn is_given(name: &str) -> bool {
    matches!(
        name,
        "GITHUB_TOKEN" | "CI_JOB_TOKEN" | "CI_REGISTRY_PASSWORD" | "SYSTEM_ACCESSTOKEN" | "CI_DEPLOY_PASSWORD"
    )
}

/// Whether a variable is called as a credential is. `CI_PROJECT_PATH` and `TESTS_PASSED` are not.
pub fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let parts: Vec<&str> = name.split('_').collect();
    if matches!(parts.last(), Some(&("NAME" | "PATH" | "URL" | "HOST" | "DIR"))) {
        return false;
    }
    let inside = [
        "PASSWORD",
        "PASSWD",
        "SECRET",
        "TOKEN",
        "PRIVATE_KEY",
        "ACCESS_KEY",
        "API_KEY",
        "APIKEY",
        "SSH_KEY",
        "KUBECONFIG",
        "CREDENTIAL",
        "KUBE_CONFIG",
        "SSH_PRIV",
        "DOCKER_AUTH",
        "SERVICE_ACCOUNT",
    ];
    inside.iter().any(|word| name.contains(word))
        || (parts.len() > 1 && parts.iter().any(|part| matches!(*part, "PASS" | "PAT" | "PWD")))
}

/// `credentials('id')`, `credentialsId: 'id'` and `withCredentials`.
fn jenkins(file: &File, sink: &mut Sink) {
    let Ok(text) = file.text() else { return };
    for (number, line) in text.lines() {
        let written = line.trim_start();
        let comment = written.starts_with("//") || written.starts_with('*') || written.starts_with("/*");
        if !comment
            && ["credentials(", "credentialsId", "withCredentials", "sshagent(", "withVault", "withAWS(credentials"]
                .iter()
                .any(|word| line.contains(word))
        {
            let name = line.split(['\'', '"']).nth(1).unwrap_or_default();
            let range = text.line_range(number);
            push(file, range, name, sink);
        }
    }
}

/// The contexts of CircleCI.
fn circle(file: &File, sink: &mut Sink) {
    for document in &file.yaml().documents {
        document.root.walk(&mut |node| {
            if let Some(range) = node
                .get("context")
                .filter(|value| value.is_seq() || value.as_str().is_some())
                .and_then(|_| node.entry_range("context"))
            {
                push(file, range, "context", sink);
            }
        });
    }
    gitlab(file, sink);
}

fn from_secret(file: &File, sink: &mut Sink) {
    for document in &file.yaml().documents {
        document.root.walk(&mut |node| {
            if let Some(range) = node.entry_range("from_secret") {
                push(file, range, node.str_at("from_secret").unwrap_or_default(), sink);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_name_their_secrets() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(github(text).as_deref(), expected, "{text}");
        check("${{ secrets.GALAXY_API_KEY }}", Some("GALAXY_API_KEY"));
        check("${{ secrets.GITHUB_TOKEN }}", Some("GITHUB_TOKEN"));
        check("${{ secrets.GITHUB_TOKEN || secrets.PAT }}", Some("PAT"));
        check("secrets.X", None);
        check("${{ github.token }}", None);
        check("${{ secrets.", None);
        check("${{ secrets.é }}", None);
    }

    #[test]
    fn variables_are_found_however_written() {
        assert_eq!(variables("echo $A_TOKEN ${DB_PASS:-x} $(API_KEY) $$ $1 $é"), ["A_TOKEN", "DB_PASS", "API_KEY"]);
        let check = |name: &str, expected: bool| assert_eq!(is_credential(name), expected, "{name}");
        check("DOCKER_HUB_PASSWORD", true);
        check("GITLAB_PAT", true);
        check("DB_PASS", true);
        check("IMAGE_TAG", false);
        check("CI_PROJECT_PATH", false);
        check("TESTS_PASSED", false);
        check("VAULT_TOKEN_PATH", false);
    }
}
