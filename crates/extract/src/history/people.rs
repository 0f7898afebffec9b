//! Who wrote the history: one person under several names and addresses counts once, robots not at all.

use std::collections::BTreeMap;

/// A name and address as a commit holds them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Identity {
    pub name: String,
    pub email: String,
}

/// A distinct author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub name: String,
    pub commits: usize,
    pub bot: bool,
    /// The index of the most frequent identity.
    pub identity: usize,
}

/// Names that a machine or a template gives: two people may share them.
const NOBODY: [&str; 22] = [
    "",
    "root",
    "user",
    "admin",
    "unknown",
    "ubuntu",
    "debian",
    "vagrant",
    "student",
    "your name",
    "name",
    "me",
    "git",
    "test",
    "dev",
    "developer",
    "pi",
    "localhost",
    "docker",
    "mac",
    "administrator",
    "author",
];
/// The same for the part before the `@`.
const SHARED_BOXES: [&str; 10] =
    ["contact", "info", "admin", "noreply", "no-reply", "github", "gitlab", "hello", "mail", "support"];

/// Merges identities, each with the number of its commits, into people; ordered by commits, then name.
pub(crate) fn people(identities: &[(Identity, usize)]) -> Vec<Person> {
    let mut groups = Groups::new(identities.len());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (index, (identity, _)) in identities.iter().enumerate() {
        for key in keys(identity) {
            let first = *seen.entry(key).or_insert(index);
            groups.join(first, index);
        }
    }
    let handles: Vec<Option<String>> =
        identities.iter().take(HANDLES).map(|(identity, _)| handle(&identity.name)).collect();
    for (index, one) in handles.iter().enumerate() {
        for other in (0..index).filter(|other| alike(one.as_deref(), handles[*other].as_deref())) {
            groups.join(other, index);
        }
    }
    let mut people: BTreeMap<usize, (Person, usize)> = BTreeMap::new();
    for (index, (identity, commits)) in identities.iter().enumerate() {
        let fresh = Person { name: identity.name.clone(), commits: 0, bot: false, identity: index };
        let (person, best) = people.entry(groups.root(index)).or_insert((fresh, 0));
        person.commits += commits;
        person.bot |= is_bot(identity);
        if commits > best {
            *best = *commits;
            person.name.clone_from(&identity.name);
            person.identity = index;
        }
    }
    let mut people: Vec<Person> = people.into_values().map(|(person, _)| person).collect();
    people.sort_by(|a, b| b.commits.cmp(&a.commits).then_with(|| a.name.cmp(&b.name)));
    people
}

/// How many identities are compared with each other.
const HANDLES: usize = 300;

/// The letters and digits of a name that is one word.
fn handle(name: &str) -> Option<String> {
    let name = name.trim().to_lowercase();
    let letters: String = name.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    (!name.contains(char::is_whitespace) && letters.len() >= 7).then_some(letters)
}

/// Whether two handles are one, up to signs and a last letter: `n-nourdine` and `nnourdin`.
fn alike(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    long.len() <= short.len() + 1 && long.starts_with(short) && !long.ends_with(|c: char| c.is_ascii_digit())
}

/// What two identities of one person have in common.
fn keys(identity: &Identity) -> Vec<String> {
    let mut keys = Vec::new();
    let email = identity.email.trim().to_lowercase();
    let (local, host) = email.rsplit_once('@').unwrap_or((email.as_str(), ""));
    let login = forge_login(local, host);
    if let Some(login) = login {
        keys.push(format!("login {login}"));
    } else if !email.is_empty() && !host.is_empty() && !SHARED_BOXES.contains(&local) {
        keys.push(format!("email {email}"));
        // The same login before a private address and a forge's own one.
        let plain = local.split('+').next().unwrap_or(local);
        if plain.len() >= 5 && !NOBODY.contains(&plain) {
            keys.push(format!("login {plain}"));
        }
    }
    let name = folded_name(&identity.name);
    if !NOBODY.contains(&name.as_str()) && name.len() >= 3 {
        keys.push(format!("name {name}"));
        if !name.contains(' ') && name.len() >= 4 {
            keys.push(format!("login {name}"));
        }
    }
    keys
}

/// The login in an address that a forge gives to those who hide theirs.
fn forge_login<'a>(local: &'a str, host: &str) -> Option<&'a str> {
    if !host.contains("noreply") && !local.ends_with("noreply") {
        return None;
    }
    let without_id = match local.split_once('+').or_else(|| local.split_once('-')) {
        Some((id, login)) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => login,
        _ => local,
    };
    (!without_id.is_empty() && !SHARED_BOXES.contains(&without_id)).then_some(without_id)
}

/// The words of a name in one order, without accents and case.
fn folded_name(name: &str) -> String {
    let folded: String = name.to_lowercase().chars().map(unaccented).collect();
    let mut words: Vec<&str> = folded.split(|c: char| c.is_whitespace() || c == ',' || c == '.').collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.join(" ")
}

fn unaccented(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        c => c,
    }
}

/// Whether an identity is one of a robot or of a coding assistant.
fn is_bot(identity: &Identity) -> bool {
    let name = identity.name.trim().to_lowercase();
    let email = identity.email.trim().to_lowercase();
    let known = [
        "dependabot",
        "renovate",
        "greenkeeper",
        "github-actions",
        "github actions",
        "semantic-release",
        "release-please",
        "snyk",
        "codecov",
        "imgbot",
        "allcontributors",
        "mergify",
        "pre-commit-ci",
        "gitlab-ci",
        "argocd",
        "flux",
        "fluxcd",
        "weblate",
        "copilot",
        "claude",
        "cursor agent",
        "devin-ai-integration",
        "gemini-code-assist",
        "jenkins",
        "circleci",
        "travis ci",
        "travis-ci",
        "azure pipelines",
        "ci",
        "cd",
        "github",
        "gitbook",
        "transifex",
        "stale",
        "netlify",
        "vercel",
        "prow",
    ];
    let words = || name.split(|c: char| !c.is_alphanumeric());
    name.ends_with("[bot]")
        || email.contains("[bot]@")
        || words().any(|word| word == "bot")
        || (name.ends_with("bot") && name.contains(['-', '_']))
        || known.contains(&name.as_str())
        || ["noreply@anthropic.com", "cursoragent@cursor.com", "noreply@github.com"].contains(&email.as_str())
        || email.starts_with("bot@")
        || (email.starts_with("project_") && email.contains("_bot"))
}

/// Disjoint sets over indexes.
struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.parent[index] != index {
            self.parent[index] = self.parent[self.parent[index]];
            index = self.parent[index];
        }
        index
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(identities: &[(&str, &str)], expected: &[(&str, usize, bool)]) {
        let identities: Vec<(Identity, usize)> = identities
            .iter()
            .map(|(name, email)| (Identity { name: (*name).to_owned(), email: (*email).to_owned() }, 1))
            .collect();
        let people = people(&identities);
        let found: Vec<(&str, usize, bool)> =
            people.iter().map(|person| (person.name.as_str(), person.commits, person.bot)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn one_person_under_several_names_and_addresses() {
        check(
            &[("Ada Lovelace", "ada@home.example"), ("lovelace ada", "ada@work.example")],
            &[("Ada Lovelace", 2, false)],
        );
        check(&[("ada", "ada@home.example"), ("Countess", "ADA@home.example")], &[("ada", 2, false)]);
        check(
            &[
                ("Ada", "12+lovelace@users.noreply.github.com"),
                ("lovelace", "a@home.example"),
                ("A. L.", "lovelace@mail.example"),
            ],
            &[("Ada", 3, false)],
        );
        check(&[("Zoé Dûr", "z@a.example"), ("zoe dur", "z@b.example")], &[("Zoé Dûr", 2, false)]);
    }

    #[test]
    fn handles_that_differ_by_signs_or_a_last_letter_are_one() {
        check(&[("a-lovelace", "a@home.example"), ("alovelac", "ada@work.example")], &[("a-lovelace", 2, false)]);
        check(
            &[("student1", "a@s.example"), ("student2", "b@s.example")],
            &[("student1", 1, false), ("student2", 1, false)],
        );
        check(&[("martin", "a@s.example"), ("martine", "b@s.example")], &[("martin", 1, false), ("martine", 1, false)]);
        check(
            &[("Ada Byron", "a@s.example"), ("Ada Byrons", "b@s.example")],
            &[("Ada Byron", 1, false), ("Ada Byrons", 1, false)],
        );
    }

    #[test]
    fn different_people_stay_apart() {
        check(
            &[("root", "root@host1"), ("root", "root@host2"), ("Grace", "grace@navy.example")],
            &[("Grace", 1, false), ("root", 1, false), ("root", 1, false)],
        );
        check(
            &[("Ada", "noreply@example.org"), ("Bob", "noreply@example.org")],
            &[("Ada", 1, false), ("Bob", 1, false)],
        );
    }

    #[test]
    fn robots_are_told() {
        check(
            &[("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")],
            &[("dependabot[bot]", 1, true)],
        );
        check(&[("Abbot", "abbot@example.org")], &[("Abbot", 1, false)]);
    }
}
