//! What is changed in the candidate's configuration, and nothing else: receivers lead to our sink, and times that are too
//! long for a sandbox are divided.

use serde_json::{Map, Value, json};

use super::times::{divided, seconds};

use crate::say::{Say, say};

/// Where our sink listens.
pub(super) const SINK: &str = "preuve";
pub(super) const PORT: u16 = 8099;

/// A configuration as a tool reads it; YAML is written back as JSON, which is YAML too.
pub(super) fn read(text: &str) -> Option<Value> {
    serde_saphyr::from_str::<Value>(text).ok().filter(Value::is_object)
}

/// What was done to a configuration of Alertmanager.
pub(super) struct Receivers {
    pub text: String,
    /// Channels that lead to our sink instead: `slack of team`.
    pub replaced: Vec<Say>,
    /// Channels that lead to nobody, and why.
    pub dead: Vec<Say>,
    /// Channels that are never told of the end.
    pub not_told_of_ends: Vec<Say>,
}

/// The configuration with each channel of each receiver leading to our sink; a receiver without a channel stays without, and
/// so does one whose address is nobody's: `listens` knows the names that are.
pub(super) fn receivers(text: &str, factor: u64, listens: &dyn Fn(&str) -> bool) -> Option<Receivers> {
    let mut root = read(text)?;
    let (mut replaced, mut dead, mut not_told_of_ends) = (Vec::new(), Vec::new(), Vec::new());
    for receiver in root.get_mut("receivers")?.as_array_mut()? {
        let name = receiver.get("name")?.as_str()?.to_owned();
        let mut hooks = Vec::new();
        for (key, channels) in receiver.as_object()?.iter().filter(|(key, _)| key.ends_with("_configs")) {
            let kind = key.trim_end_matches("_configs");
            for channel in channels.as_array().into_iter().flatten() {
                let address = channel.get("url").and_then(Value::as_str).and_then(host);
                if let Some(address) = address.filter(|address| kind == "webhook" && !listens(address)) {
                    dead.push(say!("channel-dead", kind, name, address));
                    continue;
                }
                replaced.push(say!("channel-of", kind, name));
                let told = channel.get("send_resolved").and_then(Value::as_bool).unwrap_or_else(|| tells_of_ends(kind));
                if !told {
                    not_told_of_ends.push(say!("channel-of", kind, name));
                }
                hooks.push(json!({ "url": format!("http://{SINK}:{PORT}/{name}"), "send_resolved": true }));
            }
        }
        hooks.truncate(1);
        let mut kept = Map::from_iter([("name".to_owned(), Value::from(name))]);
        if !hooks.is_empty() {
            kept.insert("webhook_configs".into(), hooks.into());
        }
        *receiver = Value::Object(kept);
    }
    let root = root.as_object_mut()?;
    // Templates only write messages, and addresses of channels are no longer asked.
    root.remove("templates");
    root.remove("global");
    if let Some(route) = root.get_mut("route") {
        if factor > 1 {
            for (key, usual) in [("group_wait", 30), ("group_interval", 300), ("repeat_interval", 14_400)] {
                route.as_object_mut()?.entry(key).or_insert_with(|| format!("{usual}s").into());
            }
        }
        divide(route, &["group_wait", "group_interval", "repeat_interval"], factor);
    }
    let text = serde_json::to_string_pretty(root).ok()?;
    Some(Receivers { text, replaced, dead, not_told_of_ends })
}

/// The host of an address.
pub(super) fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let place = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let name = place.rsplit_once(':').map_or(place, |(name, _)| name);
    (!name.is_empty()).then_some(name)
}

/// Whether a channel tells of ends when nothing is said, as Alertmanager has it.
fn tells_of_ends(kind: &str) -> bool {
    !matches!(kind, "slack" | "email" | "wechat")
}

/// The longest times of the routes of a configuration of Alertmanager: `group_wait` and `group_interval`.
pub(super) fn grouping(text: &str) -> Option<(u64, u64)> {
    let root = read(text)?;
    let route = root.get("route")?;
    let longest = |key: &str, usual| {
        let mut found = vec![route.get(key).and_then(of).unwrap_or(usual)];
        below(route, 0, &mut |route| found.extend(route.get(key).and_then(of)));
        found.into_iter().max().unwrap_or(usual)
    };
    Some((longest("group_wait", 30), longest("group_interval", 300)))
}

fn below(route: &Value, depth: usize, tell: &mut dyn FnMut(&Value)) {
    for inner in route.get("routes").and_then(Value::as_array).into_iter().flatten() {
        tell(inner);
        if depth < 20 {
            below(inner, depth + 1, tell);
        }
    }
}

/// The longest scrape and evaluation intervals of a configuration of Prometheus.
pub(super) fn intervals(text: &str) -> Option<(u64, u64)> {
    let root = read(text)?;
    let global = |key: &str| root.get("global").and_then(|global| global.get(key)).and_then(of).unwrap_or(60);
    let jobs = root.get("scrape_configs").and_then(Value::as_array).into_iter().flatten();
    let scrape = jobs.map(|job| job.get("scrape_interval").and_then(of).unwrap_or_else(|| global("scrape_interval")));
    Some((scrape.max().unwrap_or_else(|| global("scrape_interval")), global("evaluation_interval")))
}

/// The patterns under which a configuration loads rule files.
pub(super) fn rule_patterns(text: &str) -> Vec<String> {
    let listed = |root: Value| Some(root.get("rule_files")?.as_array()?.clone());
    let patterns = read(text).and_then(listed).unwrap_or_default();
    patterns.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

/// The hosts that a configuration scrapes, and those that it has probed.
pub(super) fn hosts(text: &str) -> Vec<String> {
    let Some(root) = read(text) else { return Vec::new() };
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for job in list(&root, "scrape_configs") {
        for (key, names) in [("static_configs", "targets"), ("dns_sd_configs", "names")] {
            let configured = list(&job, key);
            let addresses = configured.iter().flat_map(|config| list(config, names));
            found.extend(addresses.filter_map(|address| host(address.as_str()?).map(ToOwned::to_owned)));
        }
        // Where a prober is asked, the prober itself is written as the address that replaces the others.
        for relabel in list(&job, "relabel_configs") {
            if relabel.get("target_label").and_then(Value::as_str) == Some("__address__") {
                found.extend(relabel.get("replacement").and_then(Value::as_str).and_then(host).map(ToOwned::to_owned));
            }
        }
    }
    found
}

/// Whether a text is a rule file.
pub(super) fn is_rules(text: &str) -> bool {
    read(text).is_some_and(|root| root.get("groups").is_some_and(Value::is_array))
}

fn of(value: &Value) -> Option<u64> {
    value.as_str().and_then(seconds)
}

/// A configuration of Prometheus with its times divided.
pub(super) fn faster(text: &str, factor: u64) -> Option<String> {
    let mut root = read(text)?;
    let global = root.as_object_mut()?.entry("global").or_insert_with(|| json!({}));
    for (key, usual) in [("scrape_interval", "1m"), ("evaluation_interval", "1m"), ("scrape_timeout", "10s")] {
        global.as_object_mut()?.entry(key).or_insert_with(|| usual.into());
    }
    divide(&mut root, &["scrape_interval", "evaluation_interval", "scrape_timeout"], factor);
    serde_json::to_string_pretty(&root).ok()
}

/// A rule file with its times divided; none when it is not one.
pub(super) fn faster_rules(text: &str, factor: u64) -> Option<String> {
    let mut root = read(text)?;
    root.get("groups")?;
    divide(&mut root, &["for", "keep_firing_for", "interval"], factor);
    serde_json::to_string_pretty(&root).ok()
}

/// Divides every duration under these keys, at any depth.
fn divide(value: &mut Value, keys: &[&str], factor: u64) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                match of(inner).filter(|_| keys.contains(&key.as_str())) {
                    Some(written) => *inner = format!("{}s", divided(written, factor)).into(),
                    None => divide(inner, keys, factor),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| divide(item, keys, factor)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTES: &str = "global: {slack_api_url: 'https://chat.example'}
route:
  receiver: team
  group_by: [alertname]
  routes:
    - matchers: [severity = \"critical\"]
      receiver: on-call
      group_wait: 10s
templates: ['*.tmpl']
receivers:
  - name: team
    slack_configs: [{channel: '#ops'}]
    email_configs: [{to: ops@example.org, send_resolved: true}]
  - name: on-call
  - name: here
    webhook_configs: [{url: 'http://127.0.0.1:5001/'}, {url: 'http://bot:80/x'}]
";

    #[test]
    fn channels_lead_to_the_sink() {
        let listens = |name: &str| name == "bot";
        let done = receivers(ROUTES, 1, &listens).unwrap();
        assert_eq!(done.replaced, ["email of team", "slack of team", "webhook of here"]);
        assert_eq!(done.dead, ["webhook of here: nothing listens on 127.0.0.1"]);
        assert_eq!(done.not_told_of_ends, ["slack of team"]);
        let root = read(&done.text).unwrap();
        assert_eq!(
            root["receivers"],
            json!([
                { "name": "team", "webhook_configs": [{ "url": "http://preuve:8099/team", "send_resolved": true }] },
                { "name": "on-call" },
                { "name": "here", "webhook_configs": [{ "url": "http://preuve:8099/here", "send_resolved": true }] },
            ])
        );
        assert_eq!(root["route"]["routes"][0]["group_wait"], "10s");
        assert!(root.get("templates").is_none() && root.get("global").is_none());
        assert_eq!(grouping(ROUTES), Some((30, 300)));
        let scaled = read(&receivers(ROUTES, 10, &listens).unwrap().text).unwrap();
        assert_eq!((&scaled["route"]["group_wait"], &scaled["route"]["group_interval"]), (&json!("3s"), &json!("30s")));
    }

    #[test]
    fn times_are_divided() {
        let text = "scrape_configs:\n  - job_name: a\n    scrape_interval: 2m\n";
        assert_eq!(intervals(text), Some((120, 60)));
        let faster = faster(text, 10).unwrap();
        assert_eq!(intervals(&faster), Some((12, 6)));
        assert!(faster.contains("\"scrape_timeout\": \"1s\""), "{faster}");
        let rules = "groups:\n  - name: g\n    interval: 30s\n    rules:\n      - {alert: A, expr: up == 0, for: 10m, labels: {for: x}}\n";
        let divided = read(&faster_rules(rules, 10).unwrap()).unwrap();
        assert_eq!(divided["groups"][0]["interval"], "3s");
        assert_eq!(divided["groups"][0]["rules"][0]["for"], "60s");
        assert_eq!(divided["groups"][0]["rules"][0]["labels"]["for"], "x");
    }

    #[test]
    fn what_is_no_configuration_is_left_alone() {
        for text in
            ["", "[1", "a", "- a", "receivers: 5", "receivers: [5]", "receivers:\n  - a: 1\n", "{{ if }}: {{ x }}"]
        {
            assert!(receivers(text, 1, &|_| true).is_none(), "{text}");
            assert!(faster_rules(text, 5).is_none(), "{text}");
        }
    }
}
