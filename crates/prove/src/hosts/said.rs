//! What one run says of itself; of Ansible by its structured result. It is the subject's claim until a snapshot agrees.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::claim::{Claim, Kind};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// How many tasks changed something, over all hosts.
    pub changed: u64,
    /// The tasks that did: `roles/web/tasks/main.yml:12 install nginx`.
    pub changing: Vec<String>,
    /// The same with their host: `web1` and `roles/web/tasks/main.yml:12`.
    pub changed_by: BTreeMap<(String, String), String>,
    /// The tasks that left themselves or an item out, with their host.
    pub skipped: BTreeSet<(String, String)>,
    /// The tasks that failed, with their message.
    pub failed: Vec<String>,
    pub unreachable: bool,
    pub claims: Vec<Claim>,
}

impl Said {
    /// Reads the result. Nothing when there is none: the run ended before it began.
    pub fn read(output: &str, root: &str) -> Option<Self> {
        let start = output.find("\n{").map_or_else(|| output.find('{'), |at| Some(at + 1))?;
        let result: Value = serde_json::Deserializer::from_str(&output[start..]).into_iter().next()?.ok()?;
        let mut said = Self::default();
        for host in result["stats"].as_object()?.values() {
            said.changed += host["changed"].as_u64().unwrap_or_default();
            said.unreachable |= host["unreachable"].as_u64().unwrap_or_default() > 0;
        }
        for task in result["plays"].as_array()?.iter().filter_map(|play| play["tasks"].as_array()).flatten() {
            let path = text(&task["task"]["path"]).trim_start_matches(root).trim_start_matches('/').to_owned();
            let name = text(&task["task"]["name"]);
            for (host, answer) in task["hosts"].as_object().into_iter().flatten() {
                said.answer(host, &path, name, answer);
            }
        }
        said.claims.sort();
        said.claims.dedup_by(|one, other| one.id() == other.id());
        Some(said)
    }

    /// Adds what another host's run says.
    pub fn join(&mut self, other: Self) {
        self.changed += other.changed;
        self.changing.extend(other.changing);
        self.changed_by.extend(other.changed_by);
        self.skipped.extend(other.skipped);
        self.failed.extend(other.failed);
        self.unreachable |= other.unreachable;
        self.claims.extend(other.claims);
    }

    /// The claims of tasks that were made as they are whenever the code runs, in a run that changed nothing: no other damage
    /// makes such a task run, or ask for more than it always asks.
    pub fn steady(&self) -> BTreeSet<String> {
        let skipped = |claim: &Claim| self.skipped.contains(&(claim.host.clone(), claim.at.clone()));
        self.claims.iter().filter(|claim| !skipped(claim)).map(Claim::asserted).collect()
    }

    fn answer(&mut self, host: &str, path: &str, name: &str, answer: &Value) {
        let yes = |key: &str| answer[key].as_bool() == Some(true);
        if yes("changed") {
            self.changing.push(format!("{path} {name}"));
            self.changed_by.insert((host.to_owned(), path.to_owned()), format!("{path} {name}"));
        }
        if yes("failed") && !yes("ignored") && !yes("ignore_errors") {
            // Of a loop, the item that failed says why.
            let mut items = answer["results"].as_array().into_iter().flatten();
            let told = items.find(|item| item["failed"].as_bool() == Some(true)).unwrap_or(answer);
            let first = |key: &str| text(&told[key]).lines().map(str::trim).find(|line| !line.is_empty());
            let told = [first("msg"), first("stderr")].into_iter().flatten().collect::<Vec<_>>().join(": ");
            self.failed.push(format!("{path} {name}: {}", crate::output::tail(&told, 1)));
        }
        let mut items = answer["results"].as_array().into_iter().flatten();
        if yes("skipped") || items.any(|item| item["skipped"].as_bool() == Some(true)) {
            self.skipped.insert((host.to_owned(), path.to_owned()));
        }
        if yes("skipped") || yes("failed") {
            return;
        }
        let action = text(&answer["action"]).rsplit('.').next().unwrap_or_default();
        let items: Vec<&Value> =
            answer["results"].as_array().map_or_else(|| vec![answer], |items| items.iter().collect());
        for item in items.into_iter().filter(|item| item["skipped"].as_bool() != Some(true)) {
            let given = item["invocation"]["module_args"].as_object().into_iter().flatten();
            let arguments: BTreeMap<&str, &Value> = given.map(|(key, value)| (&**key, value)).collect();
            for (kind, name, line) in claims(action, &arguments, item) {
                self.claims.push(Claim { host: host.to_owned(), kind, name, line, at: path.to_owned() });
            }
        }
    }
}

type Found = Vec<(Kind, String, Option<String>)>;

/// What a module keeps true, by its arguments.
fn claims(action: &str, arguments: &BTreeMap<&str, &Value>, item: &Value) -> Found {
    let given = |key: &str| arguments.get(key).map(|value| text(value)).unwrap_or_default();
    let yes = |key: &str| arguments.get(key).and_then(|value| value.as_bool()) == Some(true);
    let state = given("state");
    let one = |kind, name: &str| vec![(kind, name.to_owned(), None)];
    let mut found = match action {
        "template" | "copy" | "assemble" | "lineinfile" | "blockinfile" | "file" | "ini_file" | "replace" => {
            file(action, arguments, item)
        }
        "apt" | "package" | "dnf" | "yum" if state != "absent" => {
            let names = names(arguments.get("name").or_else(|| arguments.get("package")));
            names
                .iter()
                .map(|name| (Kind::Package, name.split('=').next().unwrap_or_default().to_owned(), None))
                .collect()
        }
        "service" | "systemd" | "systemd_service" => {
            let running =
                if matches!(state, "started" | "restarted") { one(Kind::Running, given("name")) } else { Vec::new() };
            let enabled = if yes("enabled") { one(Kind::Enabled, given("name")) } else { Vec::new() };
            running.into_iter().chain(enabled).collect()
        }
        "user" if state != "absent" && given("name") != "root" => {
            let number = arguments.get("uid").filter(|value| !value.is_null()).map(ToString::to_string);
            vec![(Kind::User, given("name").to_owned(), number)]
        }
        "cron" if state != "absent" && given("cron_file").is_empty() => {
            one(Kind::Cron, if given("user").is_empty() { "root" } else { given("user") })
        }
        _ => Vec::new(),
    };
    found.retain(|(_, name, _)| !name.is_empty() && !name.contains('\0'));
    found
}

fn file(action: &str, arguments: &BTreeMap<&str, &Value>, item: &Value) -> Found {
    let given = |key: &str| arguments.get(key).map(|value| text(value)).unwrap_or_default();
    let paths = [text(&item["dest"]), text(&item["path"]), given("dest"), given("path")];
    let path = paths.into_iter().find(|path| path.starts_with('/')).unwrap_or_default().to_owned();
    if matches!(given("state"), "absent" | "link" | "hard") {
        return Vec::new();
    }
    let mut found = Vec::new();
    // Written once and then left to others.
    // What is as it should be already goes through the module `file`, whose own `force` is about other things.
    let by_file = arguments.contains_key("access_time");
    let once = !by_file
        && arguments
            .get("force")
            .is_some_and(|value| matches!(value, Value::Bool(false)) || text(value) == "false" || text(value) == "no");
    let line = (action == "lineinfile").then(|| given("line").to_owned()).filter(|line| !line.is_empty());
    if (matches!(action, "template" | "copy" | "assemble") && !once) || line.is_some() {
        found.push((Kind::Content, path.clone(), line));
    }
    if !given("mode").is_empty() && given("mode") != "preserve" {
        found.push((Kind::Mode, path.clone(), None));
    }
    if !given("owner").is_empty() {
        found.push((Kind::Owner, path, None));
    }
    found
}

/// A name, several with commas, or a list of names.
fn names<'a>(value: Option<&&'a Value>) -> Vec<&'a str> {
    match value {
        Some(Value::Array(names)) => names.iter().map(text).collect(),
        Some(value) => text(value).split(',').map(str::trim).collect(),
        None => Vec::new(),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
