//! From files to documents, by the tools that people use: `kubectl kustomize`, `helm template`, or as they are written.

use sandbox::cluster::complaint;
use sandbox::{Cluster, Command, Ended};
use serde_json::Value;

use super::json;
use super::source::{How, Source};
use crate::protocol::Stop;
use crate::say::{Say, say};
use crate::tree::Tree;

const TO_JSON: &str = include_str!("documents.py");

/// The documents of every part of a tree that is laid in a folder, and a sentence for each part that could not be rendered.
/// The first part must be.
pub(super) fn render(
    cluster: &Cluster<'_>,
    tree: &Tree,
    folder: &str,
    source: &Source,
) -> Result<(Vec<Value>, Vec<Say>), Stop> {
    let mut documents = Vec::new();
    let mut notes = Vec::new();
    for (number, how) in source.parts.iter().enumerate() {
        match part(cluster, tree, folder, how)? {
            Ok(found) => documents.extend(found),
            Err(why) if number == 0 => {
                return Err(Stop(say!("about", detector = super::source::shown(how), because = why)));
            }
            Err(why) => notes.push(say!("out-why", what = super::source::shown(how), why)),
        }
    }
    documents.extend(encrypted(cluster, tree, &source.environment, &documents)?);
    Ok((documents, notes))
}

fn part(cluster: &Cluster<'_>, tree: &Tree, folder: &str, how: &How) -> Result<Result<Vec<Value>, String>, Stop> {
    let text = match how {
        How::Plain(paths) => {
            let texts = paths.iter().filter_map(|path| tree.text(path));
            texts.map(|text| format!("{text}\n---\n")).collect()
        }
        How::Kustomize(dir) => {
            let words = ["kubectl", "kustomize", "--load-restrictor=LoadRestrictionsNone", &format!("{folder}/{dir}")];
            let ended = cluster.run(Command::new(words).seconds(60))?;
            if !ended.succeeded() {
                return Ok(Err(complaint(&ended)));
            }
            ended.text()
        }
        How::Helm(dir, values) => {
            let ended = helm(cluster, folder, dir, values, &["--skip-tests", "--no-hooks"])?;
            if !ended.succeeded() {
                return Ok(Err(complaint(&ended)));
            }
            ended.text()
        }
    };
    values(cluster, &text)
}

fn helm(cluster: &Cluster<'_>, folder: &str, dir: &str, values: &[String], more: &[&str]) -> Result<Ended, Stop> {
    let mut words: Vec<String> = ["helm", "template", "release"].map(str::to_owned).into();
    words.push(format!("{folder}/{dir}"));
    words.extend(values.iter().map(|file| format!("--values={folder}/{file}")));
    words.extend(more.iter().map(|&word| word.to_owned()));
    Ok(cluster.run(Command::new(words).seconds(60))?)
}

/// What `helm test` would make: the documents of a chart that are hooks of a test.
pub(super) fn tests(cluster: &Cluster<'_>, folder: &str, how: &How) -> Result<Vec<Value>, Stop> {
    let How::Helm(dir, files) = how else { return Ok(Vec::new()) };
    let ended = helm(cluster, folder, dir, files, &[])?;
    let wrong = |why: String| Stop(say!("about", detector = super::source::shown(how), because = why));
    if !ended.succeeded() {
        return Err(wrong(complaint(&ended)));
    }
    let mut documents = values(cluster, &ended.text())?.map_err(wrong)?;
    documents.retain(|one| {
        let hook = json::text(one, "/metadata/annotations/helm.sh~1hook");
        hook.split(',').any(|word| matches!(word.trim(), "test" | "test-success"))
    });
    Ok(documents)
}

/// The documents of a text.
fn values(cluster: &Cluster<'_>, text: &str) -> Result<Result<Vec<Value>, String>, Stop> {
    let ended = cluster.run(Command::new(["python3", "-c", TO_JSON]).input(text).seconds(60))?;
    if !ended.succeeded() {
        return Ok(Err(complaint(&ended)));
    }
    match serde_json::from_slice::<Vec<Value>>(&ended.stdout) {
        Ok(documents) => Ok(Ok(documents.into_iter().filter(Value::is_object).collect())),
        Err(error) => Ok(Err(error.to_string())),
    }
}

/// Secrets that the repository holds encrypted and that a program would have decrypted on the way.
fn encrypted(cluster: &Cluster<'_>, tree: &Tree, environment: &str, documents: &[Value]) -> Result<Vec<Value>, Stop> {
    let texts = tree.files().filter_map(|(path, _)| Some((path, tree.text(path)?)));
    let sealed = texts.filter(|(path, text)| {
        (path.ends_with(".yaml") || path.ends_with(".yml"))
            && text.contains("ENC[")
            && text.contains("\nsops:")
            && text.contains("kind: Secret")
    });
    // The same secret of several environments may have other keys in each; none is decrypted.
    let mut sealed: Vec<_> = sealed.collect();
    sealed.sort_by_key(|(path, _)| !is_of(path, environment));
    let all: String = sealed.iter().map(|(_, text)| format!("{text}\n---\n")).collect();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = values(cluster, &all)?.unwrap_or_default();
    found.retain(|secret| !documents.iter().any(|other| json::shown(other) == json::shown(secret)));
    found.sort_by_key(json::shown);
    found.dedup_by_key(|secret| json::shown(secret));
    Ok(found)
}

/// Whether a file lies in a folder of an environment, or is called after it: `secrets/staging/db.yaml`, `db.staging.yaml`.
fn is_of(path: &str, environment: &str) -> bool {
    !environment.is_empty() && path.split(['/', '.', '-', '_']).any(|word| word == environment)
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn secrets_of_an_environment() {
        for path in ["k8s/secrets/staging/db.sops.yaml", "staging.yaml", "k8s/db-staging.yaml", "db.staging.enc.yaml"] {
            assert!(is_of(path, "staging"), "{path}");
        }
        for path in ["k8s/secrets/production/db.sops.yaml", "stagings.yaml", "db.yaml"] {
            assert!(!is_of(path, "staging"), "{path}");
        }
        assert!(!is_of("a//b.yaml", ""));
    }
}
