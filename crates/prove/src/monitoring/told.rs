//! What Prometheus, Alertmanager and our sink say, from JSON to types.

use std::collections::BTreeMap;

use serde_json::Value;

/// An address that Prometheus asks for metrics.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    pub job: String,
    pub instance: String,
    /// The host that is asked.
    pub host: String,
    /// What is asked about, when a prober is asked: the host of it.
    pub probed: Option<String>,
    pub up: bool,
    pub error: String,
}

/// A rule that Prometheus has loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub name: String,
    pub alerting: bool,
    /// Whether it could be evaluated: `ok`, `err`, `unknown`.
    pub health: String,
    pub error: String,
    pub expression: String,
    /// The alerts of it that are pending or firing now: state, and labels.
    pub alerts: Vec<(String, Labels)>,
}

pub(super) type Labels = BTreeMap<String, String>;

/// An alert as it came to our sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delivered {
    pub receiver: String,
    pub name: String,
    pub firing: bool,
    pub labels: Labels,
}

/// The `data` of an answer of Prometheus, or what it says is wrong.
pub(super) fn data(status: u64, body: &str) -> Result<Value, String> {
    let parsed: Value = serde_json::from_str(body).unwrap_or_default();
    match parsed.get("status").and_then(Value::as_str) {
        Some("success") => Ok(parsed["data"].clone()),
        Some(_) => Err(text(&parsed, "error")),
        None => Err(format!("{status} {}", crate::output::tail(body, 2))),
    }
}

pub(super) fn targets(data: &Value) -> Vec<Target> {
    let each = |target: &Value| {
        let label = |name: &str| text(&target["labels"], name);
        let host = |url: &str| super::rewrite::host(url).unwrap_or_default().to_owned();
        let probed = target["discoveredLabels"]["__param_target"].as_str().or(url_parameter(target));
        Target {
            job: label("job"),
            instance: label("instance"),
            host: host(&text(target, "scrapeUrl")),
            probed: probed.map(host),
            up: target["health"] == "up",
            error: text(target, "lastError"),
        }
    };
    items(&data["activeTargets"]).map(each).collect()
}

/// What a prober is asked about: `http://prober:9115/probe?target=http://shop:80/`.
fn url_parameter(target: &Value) -> Option<&str> {
    let (_, query) = target["scrapeUrl"].as_str()?.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("target="))?;
    Some(value.strip_prefix("http%3A%2F%2F").or(value.strip_prefix("https%3A%2F%2F")).unwrap_or(value))
        .map(|value| value.split("%3A").next().and_then(|value| value.split("%2F").next()).unwrap_or(value))
}

pub(super) fn rules(data: &Value) -> Vec<Rule> {
    let groups = items(&data["groups"]);
    let each = |rule: &Value| Rule {
        name: text(rule, "name"),
        alerting: rule["type"] == "alerting",
        health: text(rule, "health"),
        error: text(rule, "lastError"),
        expression: text(rule, "query"),
        alerts: items(&rule["alerts"]).map(|alert| (text(alert, "state"), labels(&alert["labels"]))).collect(),
    };
    groups.flat_map(|group| items(&group["rules"])).map(each).collect()
}

/// The label sets of a list of series, or of the samples of a result.
pub(super) fn series(data: &Value) -> Vec<Labels> {
    if let Some(result) = data.get("result") {
        // A scalar or a string is a result without series.
        return match data["resultType"].as_str() {
            Some("vector" | "matrix") => items(result).map(|sample| labels(&sample["metric"])).collect(),
            _ => vec![Labels::new()],
        };
    }
    items(data).map(labels).collect()
}

/// The notifications of our sink, one a line.
pub(super) fn delivered(lines: &str) -> Vec<Delivered> {
    let read = |line: &str| serde_json::from_str::<Value>(line).ok();
    let each = |hook: Value| {
        let receiver = text(&hook, "receiver");
        let alert = |alert: &Value| Delivered {
            receiver: receiver.clone(),
            name: text(&alert["labels"], "alertname"),
            firing: alert["status"] == "firing",
            labels: labels(&alert["labels"]),
        };
        items(&hook["alerts"]).map(alert).collect::<Vec<_>>()
    };
    lines.lines().filter_map(read).flat_map(each).collect()
}

/// Names of alerts that Alertmanager holds back because of others.
pub(super) fn inhibited(alerts: &Value) -> Vec<String> {
    let held = |alert: &&Value| items(&alert["status"]["inhibitedBy"]).next().is_some();
    items(alerts).filter(held).map(|alert| text(&alert["labels"], "alertname")).collect()
}

pub(super) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(super) fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn labels(value: &Value) -> Labels {
    let pairs = value.as_object().into_iter().flatten();
    pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_read() {
        assert_eq!(data(400, "{\"status\":\"error\",\"error\":\"parse error\"}"), Err("parse error".into()));
        assert_eq!(data(0, "refused"), Err("0 refused".into()));
        let found = targets(&json!({ "activeTargets": [
            { "labels": { "job": "api", "instance": "api:80" }, "scrapeUrl": "http://api:80/metrics", "health": "up" },
            { "labels": { "job": "probe", "instance": "http://shop/" }, "scrapeUrl": "http://prober:9115/probe?module=a&target=http%3A%2F%2Fshop%3A80%2F",
              "health": "down", "lastError": "no such host" },
        ] }));
        let told: Vec<_> = found.iter().map(|target| (&*target.host, target.probed.as_deref(), target.up)).collect();
        assert_eq!(told, [("api", None, true), ("prober", Some("shop"), false)]);
        let rules = rules(&json!({ "groups": [{ "rules": [
            { "name": "Down", "type": "alerting", "health": "ok", "query": "up == 0", "alerts": [{ "state": "firing", "labels": { "job": "api" } }] },
            { "name": "r", "type": "recording", "health": "err", "lastError": "x", "query": "a" },
        ] }] }));
        assert_eq!((rules.len(), rules[0].alerts.len(), &*rules[1].error), (2, 1, "x"));
        assert_eq!(series(&json!({ "resultType": "scalar", "result": [0, "1"] })).len(), 1);
        assert_eq!(series(&json!({ "resultType": "vector", "result": [] })).len(), 0);
        assert_eq!(series(&json!([{ "job": "api" }]))[0]["job"], "api");
    }

    #[test]
    fn notifications_are_read() {
        let line = "{\"receiver\":\"team\",\"alerts\":[{\"status\":\"firing\",\"labels\":{\"alertname\":\"Down\"}},{\"status\":\"resolved\",\"labels\":{\"alertname\":\"Slow\"}}]}";
        let found = delivered(&format!("{line}\nnull\nnot json\n"));
        let told: Vec<_> = found.iter().map(|alert| (&*alert.receiver, &*alert.name, alert.firing)).collect();
        assert_eq!(told, [("team", "Down", true), ("team", "Slow", false)]);
        let held = json!([{ "labels": { "alertname": "A" }, "status": { "inhibitedBy": ["x"] } }, { "status": { "inhibitedBy": [] } }]);
        assert_eq!(inhibited(&held), ["A"]);
    }
}
