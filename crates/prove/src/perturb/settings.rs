//! The settings of a project that lead somewhere: to another service, to a file, or that are a secret.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::At;
use crate::stack::{Project, Service};
use crate::tree::Tree;

/// What a setting is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// It names another service, by one of its names.
    Host(String),
    /// It is the path of a secret.
    File,
    Secret,
}

/// A setting, by the name of its variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub variable: String,
    pub what: What,
    pub services: BTreeSet<String>,
    pub at: At,
}

const HOSTS: [&str; 10] =
    ["HOST", "URL", "URI", "ADDR", "SERVER", "DSN", "ENDPOINT", "UPSTREAM", "BACKEND", "CONNECTION"];
const SECRETS: [&str; 6] = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "_PASS"];

/// The settings of these services, in the order of their names.
pub(super) fn of<'a>(tree: &Tree, project: &Project, services: impl Iterator<Item = &'a Service>) -> Vec<Setting> {
    let mut found: BTreeMap<(String, What), Setting> = BTreeMap::new();
    for service in services {
        for (variable, value) in &service.environment {
            let others = project.services.values().filter(|other| other.name != service.name);
            let mut names = others.flat_map(|other| std::iter::once(&other.name).chain(&other.aliases));
            let host = names.find(|name| !places(variable, value, name).is_empty());
            let what = match host {
                Some(host) => What::Host(host.clone()),
                None if value.starts_with('/') && value.contains("secret") => What::File,
                None if is_secret(variable, value) => What::Secret,
                None => continue,
            };
            let setting = found.entry((variable.clone(), what.clone())).or_insert_with(|| Setting {
                variable: variable.clone(),
                what,
                services: BTreeSet::new(),
                at: written(tree, project, service, variable),
            });
            setting.services.insert(service.name.clone());
        }
    }
    found.into_values().collect()
}

pub(super) fn is_secret(variable: &str, value: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    SECRETS.iter().any(|part| name.contains(part))
        && !name.ends_with("_FILE")
        && value.len() > 2
        && !value.contains('/')
}

/// Where a value names a service as a host.
pub(super) fn places(variable: &str, value: &str, name: &str) -> Vec<usize> {
    let upper = variable.to_ascii_uppercase();
    let hinted = HOSTS.iter().any(|part| upper.contains(part)) || value.contains("://");
    let mut found = Vec::new();
    for (at, _) in value.match_indices(name) {
        let (before, after) = (&value[..at], &value[at + name.len()..]);
        let port = after.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let authority = after.split(['/', '?', ',']).next().unwrap_or_default();
        let begins = match before.chars().next_back() {
            None => true,
            Some('@' | ',' | '=') => true,
            // What stands before an `@` is a user.
            Some('/') => before.ends_with("//") && !authority.contains('@'),
            Some(_) => false,
        };
        let ends = after.is_empty() || port || after.starts_with(['/', ',', '?']);
        if begins && ends && (hinted || port) {
            found.push(at);
        }
    }
    found
}

/// A value with another host in the place of a service.
pub(super) fn redirected(variable: &str, value: &str, name: &str, other: &str) -> String {
    let mut value = value.to_owned();
    for at in places(variable, &value, name).into_iter().rev() {
        value.replace_range(at..at + name.len(), other);
    }
    value
}

/// The line that sets a variable of a service, or that of the service.
fn written(tree: &Tree, project: &Project, service: &Service, variable: &str) -> At {
    let sets = |line: &&str| {
        let bare = line.trim_start().trim_start_matches("- ").trim_start_matches(['"', '\'', '{', ' ']);
        bare.strip_prefix(variable).is_some_and(|rest| rest.starts_with([':', '=', '"', '\'']))
            || line.contains(&format!("{{ {variable}:"))
            || line.contains(&format!("{{{variable}:"))
    };
    let own = |path: &String| {
        let lines: Vec<&str> = tree.text(path)?.lines().collect();
        let from = if *path == service.at.path { service.at.line.saturating_sub(1) } else { 0 };
        let found = lines.iter().skip(from).position(&sets).map(|at| at + from);
        let found = found.or_else(|| lines.iter().position(&sets))?;
        Some(At { path: path.clone(), line: found + 1 })
    };
    project.files.iter().find_map(own).unwrap_or_else(|| service.at.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_in_values() {
        let check = |variable: &str, value: &str, expected: &str| {
            assert_eq!(redirected(variable, value, "db", "x"), expected, "{variable}={value}");
        };
        check("DATABASE_HOST", "db", "x");
        check("DATABASE_NAME", "db", "db");
        check("DATABASE_URL", "postgres://db:db@db:5432/db", "postgres://db:db@x:5432/db");
        check("A", "http://db/db", "http://x/db");
        check("A", "db:5432", "x:5432");
        check("BROKERS_ADDR", "a:1,db:2", "a:1,x:2");
        check("DB_HOST", "mydb", "mydb");
        check("DB_HOST", "dbs", "dbs");
    }
}
