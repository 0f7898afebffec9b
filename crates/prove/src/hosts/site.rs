//! Which hosts the code converges, and how: planned from facts, in the repository's own inventory where it has one.

use std::collections::{BTreeMap, BTreeSet};

use facts::Fact;

use super::local::Local;
use super::puppet;
use crate::declared::{self, Variable};
use crate::experiment::{Ground, Line};
use crate::say::{Say, say};

/// The most hosts that are started at once.
const HOSTS: usize = 4;

/// One piece of code and the hosts that it converges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// The playbook or role, from the root.
    pub path: String,
    pub(super) what: What,
    /// The repository's own inventory.
    pub inventory: Option<String>,
    /// The names of the hosts, as the code calls them.
    pub hosts: Vec<String>,
    /// The groups that the hosts are put into when there is no inventory.
    pub groups: Vec<String>,
    /// Roles and collections that are fetched from elsewhere.
    pub fetched: Vec<String>,
    pub from: Vec<String>,
    /// What the candidate sets otherwise for a sandbox.
    pub variables: BTreeMap<String, Variable>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Playbook,
    /// The repository is a role: a playbook of ours applies it.
    Role,
    /// Applied on the host itself.
    Local(Local),
}

impl Site {
    /// The sites of a repository: what the candidate declares; each playbook that no other imports; a role on its own when
    /// there is none; Puppet's manifests.
    pub fn all(ground: &Ground<'_>) -> Vec<Self> {
        let declared = scripts(ground);
        if !declared.is_empty() {
            return declared;
        }
        let playbooks = playbooks(ground);
        if playbooks.is_empty() {
            return role(ground).or_else(|| manifests(ground)).into_iter().collect();
        }
        playbooks.into_iter().filter_map(|path| Self::of(ground, path)).collect()
    }

    /// Fresh machines, which whoever raises them sets up step by step: nothing converges them.
    pub fn machines(path: &str, names: Vec<String>, from: String) -> Result<Self, Say> {
        if names.len() > HOSTS {
            return Err(say!("too-many-machines", path, count = names.len(), most = HOSTS));
        }
        if let Some(name) = names.iter().find(|name| !plain(name)) {
            return Err(say!("no-host-name", path, name));
        }
        Ok(Self {
            path: path.to_owned(),
            what: What::Playbook,
            inventory: None,
            hosts: names,
            groups: Vec::new(),
            fetched: Vec::new(),
            from: vec![from],
            variables: BTreeMap::new(),
        })
    }

    /// The image of its hosts.
    pub fn image(&self) -> &'static str {
        match &self.what {
            What::Local(local) => local.image(),
            What::Playbook | What::Role => "host",
        }
    }

    fn of(ground: &Ground<'_>, path: &str) -> Option<Self> {
        let plays: Vec<&Fact> = ground.facts.of("ansible.play").iter().filter(|fact| at(fact) == path).collect();
        let groups: BTreeSet<String> = plays.iter().flat_map(|play| patterns(play.text("hosts"))).collect();
        if groups.is_empty() {
            return None;
        }
        let inventory = inventory(ground, path);
        let hosts = match inventory {
            Some(fact) => fact.list("hosts").iter().filter(|name| !is_here(name)).take(HOSTS).cloned().collect(),
            None => hosts(ground),
        };
        Some(Self {
            path: path.to_owned(),
            what: What::Playbook,
            inventory: inventory.map(|fact| at(fact).to_owned()),
            hosts,
            groups: groups.into_iter().filter(|group| group != "all").collect(),
            fetched: fetched(ground),
            from: plays.iter().copied().chain(inventory).map(cited).collect(),
            variables: variables(ground),
        })
    }

    /// What is set otherwise than in the code, as a proof must say.
    pub fn otherwise(&self) -> Vec<Say> {
        let shown = |(name, value): (&String, &Variable)| {
            say!("set-otherwise", name, value = value.to_string(), file = declared::PATH)
        };
        self.variables.iter().map(shown).collect()
    }

    /// What `preuve prove --plan` shows.
    pub fn lines(&self) -> Vec<Line> {
        let applied = match &self.what {
            What::Playbook => format!("ansible-playbook {}", self.path).into(),
            What::Role => say!("role-playbook", role = self.path),
            What::Local(local) => local.shown().into(),
        };
        let inventory = match &self.what {
            What::Local(_) => say!("applies-itself"),
            What::Playbook | What::Role => self.inventory.as_ref().map_or_else(|| say!("our-inventory"), Say::from),
        };
        let hosts = Line {
            what: say!("hosts"),
            text: say!("because", what = self.hosts.join(", "), why = inventory),
            from: self.from.clone(),
        };
        let converge =
            Line { what: say!("converge"), text: applied, from: self.from.iter().take(1).cloned().collect() };
        vec![hosts, converge]
    }
}

/// Playbooks that hold a play and that no other playbook imports.
fn playbooks<'a>(ground: &Ground<'a>) -> Vec<&'a str> {
    let plays = || ground.facts.of("ansible.play").iter().filter(|fact| !fact.is("example"));
    let imports = plays().filter(|fact| fact.is("import"));
    let imported: BTreeSet<&str> = imports.map(|fact| fact.text("name")).filter(|name| !name.is_empty()).collect();
    let mut paths: Vec<&str> = plays().filter(|fact| !fact.is("import")).map(at).collect();
    paths.dedup();
    paths.retain(|path| !imported.iter().any(|name| path.ends_with(name)));
    // One playbook for the whole site stands for the others, which are its parts or its chores.
    let whole = |path: &&str| {
        matches!(
            path.rsplit('/').next(),
            Some("site.yml" | "site.yaml" | "main.yml" | "playbook.yml" | "playbook.yaml")
        )
    };
    match paths.iter().copied().find(whole) {
        Some(path) => vec![path],
        None => paths.into_iter().take(2).collect(),
    }
}

/// The inventory nearest to the playbook; among several, the one of a place where it is safe to try.
fn inventory<'a>(ground: &Ground<'a>, playbook: &str) -> Option<&'a Fact> {
    let folder = playbook.rsplit_once('/').map_or("", |(folder, _)| folder);
    let usable = |fact: &&Fact| matches!(fact.text("format"), "ini" | "yaml") && !fact.is("example");
    let remote = |fact: &&Fact| fact.list("hosts").iter().any(|name| !is_here(name) && plain(name));
    let trial = |path: &str| ["dev", "staging", "test", "preprod"].iter().any(|name| path.contains(name));
    let found = ground.facts.of("ansible.inventory").iter().filter(usable).filter(remote);
    found.min_by_key(|fact| (!at(fact).starts_with(folder), !trial(at(fact)), at(fact)))
}

fn role(ground: &Ground<'_>) -> Option<Site> {
    let own = |fact: &&Fact| !fact.is("example") && !fact.is("scaffold") && fact.text("dir").is_empty();
    let fact = ground.facts.of("ansible.role").iter().find(own)?;
    Some(Site {
        path: if fact.text("name").is_empty() { "role".into() } else { fact.text("name").into() },
        what: What::Role,
        inventory: None,
        hosts: hosts(ground),
        groups: Vec::new(),
        fetched: fetched(ground),
        from: vec![cited(fact)],
        variables: variables(ground),
    })
}

/// A command for each way in which the candidate declares that hosts converge.
fn scripts(ground: &Ground<'_>) -> Vec<Site> {
    let mut sites: Vec<Site> = Vec::new();
    for host in ground.declared.hosts.iter().take(HOSTS) {
        // A playbook or a manifest is found by itself: what is declared of its host are its groups.
        let Some(command) = host.converge.as_deref().filter(|text| !is_code(text)) else { continue };
        if let Some(site) = sites.iter_mut().find(|site| site.path == command) {
            site.hosts.push(host.name.clone());
            continue;
        }
        let at = format!("{}:1", declared::PATH);
        sites.push(Site {
            path: command.to_owned(),
            what: What::Local(Local::Script { command: command.to_owned(), at: at.clone() }),
            inventory: None,
            hosts: vec![host.name.clone()],
            groups: Vec::new(),
            fetched: Vec::new(),
            from: vec![at],
            variables: BTreeMap::new(),
        });
    }
    sites
}

fn is_code(text: &str) -> bool {
    [".yml", ".yaml", ".pp"].iter().any(|end| text.ends_with(end)) && !text.contains(' ')
}

fn manifests(ground: &Ground<'_>) -> Option<Site> {
    let found = puppet::find(ground)?;
    let nodes: Vec<String> = found.nodes.into_iter().filter(|name| plain(name)).take(HOSTS).collect();
    Some(Site {
        path: found.path,
        what: What::Local(Local::Puppet(found.manifests)),
        inventory: None,
        hosts: if nodes.is_empty() { hosts(ground) } else { nodes },
        groups: Vec::new(),
        fetched: found.fetched,
        from: vec![found.from],
        variables: BTreeMap::new(),
    })
}

/// What the candidate sets otherwise for a sandbox, by names and values that an inventory takes as they are.
fn variables(ground: &Ground<'_>) -> BTreeMap<String, Variable> {
    let word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@".contains(c));
    let plain =
        |(name, value): &(&String, &Variable)| word(name) && !matches!(value, Variable::Text(text) if !word(text));
    let all = ground.declared.converge.variables.iter().filter(plain);
    all.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The hosts that the candidate declares, or one.
fn hosts(ground: &Ground<'_>) -> Vec<String> {
    let names: Vec<String> = ground.declared.hosts.iter().take(HOSTS).map(|host| host.name.clone()).collect();
    if names.is_empty() { vec!["host1".into()] } else { names }
}

fn fetched(ground: &Ground<'_>) -> Vec<String> {
    let wanted = ground.facts.of("ansible.requirement").iter().filter(|fact| !fact.is("example"));
    wanted.map(|fact| format!("{} {}", fact.text("what"), fact.text("name"))).collect()
}

/// The groups and hosts that a pattern names, without what it leaves out.
fn patterns(hosts: &str) -> Vec<String> {
    let names = hosts.split([',', ':']).map(str::trim).filter(|name| !name.starts_with(['!', '&', '~']));
    names.filter(|name| !is_here(name) && plain(name)).map(ToOwned::to_owned).collect()
}

/// A name that can be a host's on a network of ours.
fn plain(name: &str) -> bool {
    !name.is_empty() && name.len() < 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

fn is_here(name: &str) -> bool {
    matches!(name, "localhost" | "127.0.0.1" | "::1")
}

fn at(fact: &Fact) -> &str {
    fact.location().path().unwrap_or_default()
}

fn cited(fact: &Fact) -> String {
    let line = fact.location().span().map_or(1, |span| span.line);
    format!("{}:{line}", at(fact))
}
