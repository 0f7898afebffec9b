//! What stands in for a published image. A stand-in always travels with the proof.

use serde::{Deserialize, Serialize};

use super::recipe::stand_ins;
use crate::Image;

/// An image that was asked for, and what was given instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StandIn {
    /// As the subject names it: `python:3.11.9-slim-bookworm`.
    pub asked: String,
    /// What it was given: `Debian 12 with Python 3.11`.
    pub given: String,
}

impl StandIn {
    pub(crate) fn new(asked: &str, recipe: &str) -> Self {
        let given = rows().find(|row| row.recipe == recipe).map_or(recipe, |row| row.holds);
        Self { asked: asked.to_owned(), given: given.to_owned() }
    }
}

impl std::fmt::Display for StandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} -> {}", self.asked, self.given)
    }
}

struct Row {
    recipe: &'static str,
    holds: &'static str,
    repositories: &'static str,
}

/// The table's columns are set apart by two spaces or more.
fn rows() -> impl Iterator<Item = Row> {
    stand_ins().lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split("  ").map(str::trim).filter(|column| !column.is_empty());
        Some(Row { recipe: columns.next()?, holds: columns.next()?, repositories: columns.next()? })
    })
}

/// The recipe that stands in for a published image.
pub fn recipe_for(asked: &str) -> Option<&'static str> {
    let repository = repository(asked);
    let matches = |pattern: &str| match pattern.strip_suffix('*') {
        Some(prefix) => repository.starts_with(prefix),
        None => repository == pattern,
    };
    rows().find(|row| row.repositories.split(' ').any(matches)).map(|row| row.recipe)
}

/// The repository of a reference, without registry, `library/`, tag and digest.
fn repository(asked: &str) -> &str {
    let name = asked.split('@').next().unwrap_or(asked);
    let name = match name.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        _ => name,
    };
    let name = match name.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => rest,
        _ => name,
    };
    name.strip_prefix("library/").unwrap_or(name)
}

/// The name under which a configured registry has a published image.
pub(super) fn in_registry(registry: &str, asked: &str) -> String {
    let host = asked.split('/').next().filter(|host| asked.contains('/') && host.contains(['.', ':']));
    if host.is_some() {
        return asked.to_owned();
    }
    let path = if asked.contains('/') { asked.to_owned() } else { format!("library/{asked}") };
    format!("{}/{path}", registry.trim_end_matches('/'))
}

/// A Dockerfile with the images that it stands on replaced by those that are here. `find` gives the image for a name.
/// Names of earlier stages and `scratch` stay.
///
/// # Errors
/// With what `find` says of an image that cannot be had.
pub fn dress<E>(
    dockerfile: &str,
    mut find: impl FnMut(&str) -> Result<(Image, Option<StandIn>), E>,
) -> Result<(String, Vec<StandIn>), E> {
    let mut stages: Vec<String> = vec!["scratch".into()];
    let mut given = Vec::new();
    let mut arguments: Vec<(String, String)> = Vec::new();
    let mut lines = Vec::new();
    for line in dockerfile.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is = |index: usize, word: &str| words.get(index).is_some_and(|found| found.eq_ignore_ascii_case(word));
        // The builder asks a registry what its own language means; there is none to ask.
        if line.trim_start().to_ascii_lowercase().starts_with("# syntax") {
            continue;
        }
        if is(0, "ARG")
            && stages.len() == 1
            && let Some((name, value)) = words.get(1).and_then(|word| word.split_once('='))
        {
            arguments.push((name.into(), value.trim_matches('"').into()));
        }
        let mut line = line.to_owned();
        if is(0, "FROM")
            && let Some(at) = words.iter().skip(1).position(|word| !word.starts_with("--")).map(|at| at + 1)
        {
            let asked = filled(words[at], &arguments);
            let mut rest: Vec<String> = vec!["FROM".into()];
            if stages.contains(&asked.to_ascii_lowercase()) {
                rest.push(asked);
            } else {
                let (image, stand_in) = find(&asked)?;
                rest.push(image.0);
                given.extend(stand_in);
            }
            rest.extend(words[at + 1..].iter().map(|word| (*word).to_owned()));
            line = rest.join(" ");
            let name = if is(at + 1, "AS") { words.get(at + 2).copied().unwrap_or_default() } else { "" };
            stages.push(name.to_ascii_lowercase());
        } else if is(0, "COPY") {
            for word in &words {
                let Some(from) = word.strip_prefix("--from=") else { continue };
                let earlier = stages.contains(&from.to_ascii_lowercase()) || from.chars().all(|c| c.is_ascii_digit());
                if !earlier {
                    let (image, stand_in) = find(from)?;
                    line = line.replacen(word, &format!("--from={}", image.0), 1);
                    given.extend(stand_in);
                }
            }
        }
        lines.push(line);
    }
    given.sort();
    given.dedup();
    Ok((lines.join("\n") + "\n", given))
}

/// A reference with the arguments before the first stage filled in.
fn filled(reference: &str, arguments: &[(String, String)]) -> String {
    arguments.iter().fold(reference.to_owned(), |text, (name, value)| {
        text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_recipe() {
        assert!(rows().count() >= 12);
        for row in rows() {
            assert!(super::super::recipe::Recipe::find(row.recipe).is_some(), "{}", row.recipe);
        }
    }

    #[test]
    fn what_stands_in() {
        for (asked, recipe) in [
            ("python:3.11.9-slim-bookworm", Some("python")),
            ("docker.io/library/python", Some("python")),
            ("quay.io/prometheus/node-exporter:v1.5.0", Some("node-exporter")),
            ("registry:5000/postgres@sha256:00", Some("postgres")),
            ("localhost/nginx:1", Some("nginx")),
            ("bitnami/postgresql:15", Some("postgres")),
            ("someone/pythonista", None),
            ("mypython", None),
            ("", None),
        ] {
            assert_eq!(recipe_for(asked), recipe, "{asked}");
        }
        assert_eq!(StandIn::new("node:20", "node").to_string(), "node:20 -> Debian 12 with Node 24");
        assert_eq!(in_registry("docker.io", "python:3"), "docker.io/library/python:3");
        assert_eq!(in_registry("r.example/m/", "a/b"), "r.example/m/a/b");
        assert_eq!(in_registry("docker.io", "quay.io/a/b"), "quay.io/a/b");
    }

    #[test]
    fn a_dockerfile_is_dressed() {
        let text = "# syntax=docker/dockerfile:1\nARG V=3.12\nFROM --platform=linux/amd64 python:${V} AS build\nRUN true\nFROM build AS test\nFROM scratch\nCOPY --from=build /a /a\nCOPY --from=0 /a /b\nCOPY --from=nginx:1 /c /c\n";
        let find = |asked: &str| {
            Ok::<_, ()>((Image(format!("ours/{}", recipe_for(asked).unwrap())), Some(StandIn::new(asked, "base"))))
        };
        let (dressed, given) = dress(text, find).unwrap();
        let expected = "ARG V=3.12\nFROM ours/python AS build\nRUN true\nFROM build AS test\nFROM scratch\nCOPY --from=build /a /a\nCOPY --from=0 /a /b\nCOPY --from=ours/nginx /c /c\n";
        assert_eq!(dressed, expected);
        assert_eq!(given.iter().map(|given| given.asked.as_str()).collect::<Vec<_>>(), ["nginx:1", "python:3.12"]);
    }
}
