//! The catalogue: what each known program, action, task and image is for. It is data, in the YAML files beside this one.
//!
//! A command is described by words: the program first, then sub-commands in their order. `a|b` are alternatives,
//! `*` stands for anything. A word that starts with `-` is an option that must be there, with a value after `=`
//! where it matters; `~` marks a word that may stand anywhere, `!` what must not be there, `.` the end of the sub-commands.

mod pattern;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use self::pattern::{Command, Pattern, glob};
use crate::node::Node;
use crate::read_yaml;

const FILES: [&str; 7] = [
    include_str!("languages.yaml"),
    include_str!("containers.yaml"),
    include_str!("infrastructure.yaml"),
    include_str!("delivery.yaml"),
    include_str!("security.yaml"),
    include_str!("actions.yaml"),
    include_str!("engines.yaml"),
];
const PROGRAMS: &str = include_str!("programs.yaml");

/// What a command or a used part is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub purposes: BTreeSet<&'static str>,
    pub tool: String,
    /// What it acts on, where visible.
    pub target: String,
    /// What it deploys to: kubernetes, gitops, cloud, host or compose; empty otherwise.
    pub on: &'static str,
    /// The family of infrastructure code that it applies; empty when it applies none.
    pub applies: &'static str,
    /// Whether the words only suggest this meaning.
    pub likely: bool,
}

/// Where a command runs, as far as that changes what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum Place {
    /// The machine of the job.
    #[default]
    Job,
    /// The machine of the job, which outlives it because the project owns it.
    Owned,
    /// A container that the job started.
    Container,
    /// A distant machine.
    Remote,
}

struct Entry {
    purposes: Vec<String>,
    run: Vec<Pattern>,
    uses: Vec<String>,
    with: Vec<(String, Vec<String>)>,
    what: Option<String>,
    when: Option<String>,
    on: String,
    applies: String,
    likely: bool,
    target: String,
}

pub(crate) struct Catalogue {
    entries: Vec<Entry>,
    by_program: BTreeMap<String, Vec<(usize, usize)>>,
    wild: Vec<(usize, usize)>,
    names: BTreeMap<String, Vec<String>>,
    values: BTreeMap<String, BTreeSet<String>>,
    charts: BTreeSet<String>,
}

/// The catalogue, read once.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(Catalogue::read)
}

fn strings(node: Option<&Node>) -> Vec<String> {
    let nodes = node.map(Node::one_or_many).unwrap_or_default();
    nodes.into_iter().filter_map(Node::as_str).map(str::to_owned).collect()
}

impl Entry {
    fn read(node: &Node) -> Self {
        let text = |key: &str| node.str_at(key).unwrap_or_default().to_owned();
        let conditions = node.get("with").map(Node::entries).unwrap_or_default();
        let split = |value: &Node| value.as_str().unwrap_or_default().split('|').map(str::to_owned).collect();
        Self {
            purposes: strings(node.get("is")),
            run: strings(node.get("run")).iter().map(|pattern| Pattern::parse(pattern)).collect(),
            uses: strings(node.get("uses")),
            with: conditions
                .iter()
                .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), split(value)))
                .collect(),
            what: node.str_at("what").map(str::to_owned),
            when: node.str_at("when").map(str::to_owned),
            on: text("on"),
            applies: text("applies"),
            likely: node.str_at("sure") == Some("likely"),
            target: text("target"),
        }
    }
}

impl Catalogue {
    fn read() -> Self {
        let roots = FILES.map(read_yaml::read);
        let items = roots.iter().flat_map(|file| &file.documents).flat_map(|document| document.root.items());
        let entries: Vec<Entry> = items.map(Entry::read).collect();
        let mut by_program: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        let mut wild = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            for (which, pattern) in entry.run.iter().enumerate() {
                for program in &pattern.programs {
                    if program.contains('*') {
                        wild.push((at, which));
                    } else {
                        by_program.entry(program.clone()).or_default().push((at, which));
                    }
                }
            }
        }
        let programs = read_yaml::read(PROGRAMS);
        let root = programs.documents.first().map(|document| &document.root);
        let map = |key: &str| root.and_then(|root| root.get(key)).map(Node::entries).unwrap_or_default();
        let name = |node: &Node| node.as_str().unwrap_or_default().to_owned();
        let split = |node: &Node| node.as_str().unwrap_or_default().split(' ').map(str::to_owned).collect();
        Self {
            by_program,
            wild,
            names: map("names").iter().map(|(key, value)| (name(key), split(value))).collect(),
            values: map("values")
                .iter()
                .map(|(key, value)| (name(key), strings(Some(value)).into_iter().collect()))
                .collect(),
            charts: strings(root.and_then(|root| root.get("charts"))).into_iter().collect(),
            entries,
        }
    }

    /// The words with the program under its common name, without its path.
    pub(crate) fn normal(&self, words: &[String]) -> Vec<String> {
        let Some((first, rest)) = words.split_first() else { return Vec::new() };
        let mut name = first.trim_start_matches('@').rsplit(['/', '\\']).next().unwrap_or_default();
        if first.starts_with('@') && self.names.contains_key(first.as_str()) {
            name = first;
        }
        let lower = name.to_ascii_lowercase();
        let mut name = [".exe", ".cmd", ".bat", ".ps1"]
            .iter()
            .find_map(|end| lower.strip_suffix(end))
            .unwrap_or(&lower)
            .to_owned();
        // `$KUBECTL` and `$(HELM)` name a program by convention.
        let bare = name.trim_matches(|c| matches!(c, '$' | '{' | '}' | '(' | ')'));
        if bare.len() < name.len() && self.knows(bare) {
            name = bare.to_owned();
        }
        if let Some(version) = name.strip_prefix("python").or_else(|| name.strip_prefix("pip"))
            && version.starts_with(['2', '3'])
            && version.chars().all(|c| c.is_ascii_digit() || c == '.')
        {
            name.truncate(name.len() - version.len());
        }
        let mut normal = self.names.get(&name).cloned().unwrap_or_else(|| vec![name]);
        normal.extend(rest.iter().cloned());
        normal
    }

    /// Whether a program is in the catalogue.
    pub(crate) fn knows(&self, program: &str) -> bool {
        self.by_program.contains_key(program) || self.names.contains_key(program) || self.values.contains_key(program)
    }

    /// The words that are neither options nor values of options.
    pub(crate) fn positional<'w>(&self, words: &'w [String]) -> Vec<&'w str> {
        let Some((program, arguments)) = words.split_first() else { return Vec::new() };
        let values = self.values.get(program);
        let mut found = Vec::new();
        let mut skip = false;
        for argument in arguments {
            if std::mem::take(&mut skip) {
                continue;
            }
            match argument.starts_with('-') && argument.len() > 1 {
                true => skip = values.is_some_and(|values| values.contains(argument)),
                false => found.push(argument.as_str()),
            }
        }
        found
    }

    /// What a command is for; none when no entry knows it.
    pub(crate) fn command(&'static self, words: &[String], place: Place) -> Option<Meaning> {
        let program = words.first()?;
        let command = Command::new(words, self.positional(words));
        let own = self.by_program.get(program).into_iter().flatten();
        let mut meaning: Option<Meaning> = None;
        for (at, which) in own.chain(&self.wild) {
            let entry = &self.entries[*at];
            if entry.runs_at(place) && entry.run[*which].matches(&command) {
                let target = command.target(&entry.target);
                add(&mut meaning, entry, program, target);
            }
        }
        meaning
    }

    /// What a used action, orb, task, template, plugin or image is for; none when no entry knows it.
    pub(crate) fn used(
        &'static self,
        what: &str,
        name: &str,
        with: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Meaning> {
        let mut meaning: Option<Meaning> = None;
        for entry in &self.entries {
            let kind = entry.what.as_deref().is_none_or(|kind| kind == what);
            let named = kind && entry.uses.iter().any(|pattern| glob(pattern, name));
            if named && entry.with.iter().all(|(key, values)| holds(with(key).as_deref(), values)) {
                add(&mut meaning, entry, name, String::new());
            }
        }
        meaning
    }

    /// Whether a chart comes from a repository of other people.
    pub(crate) fn foreign_chart(&self, chart: &str) -> bool {
        let name = chart.trim_start_matches("oci://");
        if chart.starts_with("oci://") {
            return name.split('/').any(|part| self.charts.contains(part) || part == "bitnamicharts");
        }
        name.split_once('/').is_some_and(|(repository, _)| self.charts.contains(repository))
    }
}

impl Entry {
    fn runs_at(&self, place: Place) -> bool {
        match self.when.as_deref() {
            Some("remote") => place == Place::Remote,
            Some("selfhosted") => place == Place::Owned,
            Some("local") => place != Place::Remote,
            _ => true,
        }
    }
}

fn add(meaning: &mut Option<Meaning>, entry: &'static Entry, tool: &str, target: String) {
    let likely = entry.likely && meaning.as_ref().is_none_or(|meaning| meaning.likely);
    let meaning = meaning.get_or_insert_with(|| Meaning { tool: tool.to_owned(), ..Meaning::default() });
    meaning.likely = likely;
    meaning.purposes.extend(entry.purposes.iter().map(String::as_str));
    if meaning.target.is_empty() {
        meaning.target = target;
    }
    for (field, value) in [(&mut meaning.on, &entry.on), (&mut meaning.applies, &entry.applies)] {
        if field.is_empty() {
            *field = value;
        }
    }
}

/// Whether an input has one of the values; an empty alternative also accepts its absence, `!false` any other value.
fn holds(value: Option<&str>, accepted: &[String]) -> bool {
    let Some(value) = value.map(|value| value.trim().to_ascii_lowercase()).filter(|value| !value.is_empty()) else {
        return accepted.iter().any(String::is_empty);
    };
    accepted.iter().filter(|accepted| !accepted.is_empty()).any(|accepted| match accepted.strip_prefix('!') {
        Some(refused) => value != refused,
        None => glob(accepted, &value),
    })
}

#[cfg(test)]
mod tests;
