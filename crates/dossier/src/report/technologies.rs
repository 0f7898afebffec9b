//! The technologies that reports name and repositories use, by their spellings.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::wording::{Word, folded};

const TABLE: &str = include_str!("technologies.txt");

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Technology {
    pub id: &'static str,
    pub name: &'static str,
    pub family: &'static str,
    /// Whether a framework asks for what it is for, so that a report should name it.
    pub matters: bool,
    spellings: Vec<Vec<String>>,
}

/// All of them, in the order of the table.
pub fn all() -> &'static [Technology] {
    static ALL: OnceLock<Vec<Technology>> = OnceLock::new();
    ALL.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(technology).collect())
}

fn technology(line: &'static str) -> Option<Technology> {
    let mut cells = line.split('|').map(str::trim);
    let (id, name, family, mark) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let spellings = cells.next()?.split(',').map(|text| folded(text).split(' ').map(str::to_owned).collect());
    Some(Technology { id, name, family, matters: mark == "!", spellings: spellings.collect() })
}

/// The technology of that id.
pub fn of(id: &str) -> Option<&'static Technology> {
    all().iter().find(|technology| technology.id == id)
}

/// The technologies that a name of the field means, as facts have it: `postgres:16-alpine`, `github`, `argocd`.
pub fn named(text: &str) -> Option<&'static Technology> {
    let name = text.rsplit('/').next().unwrap_or(text);
    let name = folded(name.split([':', '@']).next().unwrap_or(name));
    let dashed = name.replace(' ', "-");
    let is = |technology: &&Technology| {
        technology.id == dashed || technology.spellings.iter().any(|spelling| spelling.join(" ") == name)
    };
    all().iter().find(is)
}

/// Where technologies are named in a text: the longest spelling wins, so that Docker Compose is not Docker.
pub fn mentions(words: &[Word]) -> Vec<(&'static Technology, usize, usize)> {
    let by_first = index();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let candidates = by_first.get(&*words[at].folded).map(Vec::as_slice).unwrap_or_default();
        let holds = |spelling: &Vec<String>| {
            spelling.iter().enumerate().all(|(n, word)| words.get(at + n).is_some_and(|found| found.folded == *word))
        };
        let best = candidates.iter().filter(|(_, spelling)| holds(spelling)).max_by_key(|(_, spelling)| spelling.len());
        match best {
            Some((technology, spelling)) => {
                found.push((*technology, at, at + spelling.len() - 1));
                at += spelling.len();
            }
            None => at += 1,
        }
    }
    found
}

type ByFirst = BTreeMap<&'static str, Vec<(&'static Technology, &'static Vec<String>)>>;

fn index() -> &'static ByFirst {
    static INDEX: OnceLock<ByFirst> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = ByFirst::new();
        for technology in all() {
            for spelling in &technology.spellings {
                index.entry(&spelling[0]).or_default().push((technology, spelling));
            }
        }
        index
    })
}

#[cfg(test)]
mod tests {
    use super::super::wording::words;
    use super::*;

    #[test]
    fn names_are_found_in_sentences() {
        let check = |text: &str, expected: &[&str]| {
            let words = words(text);
            let found: Vec<&str> = mentions(&words).iter().map(|(technology, ..)| technology.id).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("Nous avons choisi Docker Compose, puis Kubernetes.", &["compose", "kubernetes"]);
        check("L'image Docker et GitLab CI/CD", &["docker", "gitlab-ci"]);
        check("Prometheus alerts, Grafana's dashboards", &["prometheus", "grafana"]);
        check("go to the vaulted room and compose a text", &["compose"]);
        check("node_exporter and cloud-init", &["node-exporter", "cloud-init"]);
        check("C# and K3s", &["csharp", "k3s"]);
        check("Un conteneur de développement, two development containers", &["devcontainer", "devcontainer"]);
    }

    #[test]
    fn facts_name_them_too() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(named(text).map(|t| t.id), expected, "{text}");
        check("docker.io/library/postgres:16-alpine", Some("postgresql"));
        check("github", Some("github-actions"));
        check("argocd", Some("argo-cd"));
        check("registry.example.org/shop/api", None);
        check("go", Some("go"));
    }
}
