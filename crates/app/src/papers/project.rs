//! What a repository shows, as the plain data that papers are held against.

use std::collections::BTreeMap;

use dossier::report::{Author, Project as Shown, technologies};
use facts::{Fact, Facts};

/// Where facts name a technology: the kind and the field.
const NAMES: [(&str, &str); 24] = [
    ("ci.pipeline", "engine"),
    ("ci.step", "tools"),
    ("app.component", "language"),
    ("app.component", "manager"),
    ("app.test", "framework"),
    ("compose.service", "image"),
    ("env.definition", "tool"),
    ("k8s.image", "image"),
    ("k8s.object", "tool"),
    ("k8s.gitops", "operator"),
    ("iac.code", "tool"),
    ("iac.provider", "name"),
    ("iac.resource", "provider"),
    ("iac.resource", "chart"),
    ("iac.manager", "tool"),
    ("iac.applied", "tool"),
    ("infratest.suite", "tool"),
    ("mon.target", "tool"),
    ("mon.exporter", "name"),
    ("mon.dashboard", "tool"),
    ("mon.alert", "tool"),
    ("mon.logs", "tool"),
    ("secret.manager", "tool"),
    ("container.base", "image"),
];
/// What stands for a technology by being there.
const KINDS: [(&str, &str); 6] = [
    ("container.image", "docker"),
    ("compose.service", "docker compose"),
    ("k8s.object", "kubernetes"),
    ("k8s.workload", "kubernetes"),
    ("ansible.play", "ansible"),
    ("cloud.init", "cloud-init"),
];

/// The technologies and people of a repository.
pub(super) fn shown(facts: &Facts) -> Shown {
    let mut uses: BTreeMap<String, String> = BTreeMap::new();
    let mut note = |name: &str, fact: &Fact| {
        if !fact.is("example") && !name.is_empty() && technologies::named(name).is_some() {
            uses.entry(name.to_owned()).or_insert_with(|| place(fact));
        }
    };
    for (kind, name) in KINDS {
        facts.of(kind).iter().for_each(|fact| note(name, fact));
    }
    for (kind, field) in NAMES {
        for fact in facts.of(kind) {
            note(fact.text(field), fact);
            fact.list(field).iter().for_each(|name| note(name, fact));
        }
    }
    Shown { uses: uses.into_iter().collect(), authors: authors(facts) }
}

pub(super) fn authors(facts: &Facts) -> Vec<Author> {
    let human = facts.of("vcs.author").iter().filter(|fact| !fact.is("bot"));
    let author = |fact: &Fact| Author {
        name: fact.text("name").to_owned(),
        commits: u64::try_from(fact.int("commits")).unwrap_or(0),
    };
    let mut authors: Vec<Author> = human.map(author).collect();
    authors.sort_by(|a, b| b.commits.cmp(&a.commits).then(a.name.cmp(&b.name)));
    authors
}

/// `path:line` of a fact.
pub(super) fn place(fact: &Fact) -> String {
    let location = fact.location();
    match (location.path(), location.span()) {
        (Some(path), Some(span)) => format!("{path}:{}", span.line),
        (Some(path), None) => path.to_owned(),
        (None, _) => String::new(),
    }
}
