//! What is watched, and by what: planned from facts and from the Compose project that Prometheus is a service of.

use std::collections::{BTreeMap, BTreeSet};

use facts::Fact;

use super::read::cited;
use super::times::Times;
use super::{place, read, rewrite};
use crate::experiment::{Ground, Line};
use crate::finding::At;
use crate::say::{Say, say};
use crate::stack::{self, Project};
use crate::tree::Tree;

/// A monitored Compose project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// The Compose file that Prometheus is a service of.
    pub compose: String,
    pub project: Project,
    pub prometheus: String,
    pub alertmanager: Option<String>,
    /// Of Prometheus, in its container and in the tree.
    pub configuration: String,
    pub written: String,
    /// Of Alertmanager, in the tree.
    pub routes: Option<String>,
    /// The rule files that Prometheus loads.
    pub rules: Vec<String>,
    pub alerts: Vec<Alert>,
    /// Recording rules and panels.
    pub queries: Vec<Query>,
    pub wanted: Vec<Wanted>,
    /// Where each job is written.
    pub jobs: BTreeMap<String, At>,
    pub times: Times,
    /// What all times are divided by.
    pub factor: u64,
}

/// An alert rule of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    pub name: String,
    pub at: At,
    /// Seconds for which its expression must hold.
    pub wait: u64,
    pub watches: Vec<Watch>,
    /// The service that the candidate says it watches, and the seconds within which it must be told.
    pub declared: Option<(String, Option<u32>)>,
}

/// Series whose end an alert tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watch {
    pub selector: String,
    /// Whether it takes the end of all of them.
    pub together: bool,
}

/// What a recording rule or a panel asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// `recording` or `panel`.
    pub by: String,
    pub name: String,
    pub expression: String,
    pub at: At,
}

/// A metric that something reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Wanted {
    pub metric: String,
    /// `alert Down`, `panel Versions`.
    pub by: String,
    pub at: At,
    /// The exporter, library or rule that the repository shows for it.
    pub exposer: Option<String>,
    /// Whether a program is known for metrics of such a name.
    pub usual: bool,
}

impl Site {
    /// The monitored projects of a repository.
    ///
    /// # Errors
    /// With the reason why there is none that can be run here.
    pub fn all(ground: &Ground<'_>) -> Result<Vec<Self>, Say> {
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for file in stack::found(ground.tree).into_iter().take(20) {
            let profiles = profiles(ground, &file);
            let profiles: Vec<&str> = profiles.iter().map(String::as_str).collect();
            match Project::read(ground.tree, &file, &profiles) {
                Ok(project) => match Self::of(ground, project) {
                    Some(Ok(site)) => found.push(site),
                    Some(Err(because)) => refused.push(because),
                    None => {}
                },
                Err(because) if ground.tree.text(&file).is_some_and(|text| text.contains("prometheus")) => {
                    refused.push(because);
                }
                Err(_) => {}
            }
        }
        match (found.is_empty(), refused.is_empty()) {
            (false, _) => Ok(found.into_iter().take(2).collect()),
            (true, false) => Err(Say::Several(refused)),
            (true, true) => Err(elsewhere(ground)),
        }
    }

    /// The site of a project; none when Prometheus is not one of its services.
    fn of(ground: &Ground<'_>, project: Project) -> Option<Result<Self, Say>> {
        let prometheus = place::running(&project, ground.tree, "prometheus")?.clone();
        let alertmanager = place::running(&project, ground.tree, "alertmanager").cloned();
        let configuration = place::configuration(&prometheus, "/etc/prometheus/prometheus.yml");
        let compose = project.file.clone();
        let Some(written) = place::in_tree(&prometheus, ground.tree, &configuration) else {
            let at = &prometheus.at;
            return Some(Err(say!("not-a-file", path = at.path, line = at.line, configuration)));
        };
        let text = ground.tree.text(&written).unwrap_or_default();
        let patterns = rewrite::rule_patterns(text);
        let rules = place::rule_files(&prometheus, ground.tree, &configuration, &patterns);
        let routes = alertmanager.as_ref().and_then(|service| {
            let path = place::configuration(service, "/etc/alertmanager/alertmanager.yml");
            place::in_tree(service, ground.tree, &path)
        });
        let alerts = read::alerts(ground, &rules);
        let times = times(ground.tree, &written, routes.as_deref());
        // What no alert that can be tried waits for does not count; an alert that is too patient is refused, not hurried.
        let patient = alerts.iter().filter(|alert| !alert.watches.is_empty() && alert.bound() >= alert.wait);
        let factor = times.factor(patient.map(|alert| alert.wait).max().unwrap_or(0));
        let site = Self {
            compose,
            prometheus: prometheus.name,
            alertmanager: alertmanager.map(|service| service.name),
            configuration,
            queries: read::queries(ground, &rules),
            wanted: read::wanted(ground, &rules),
            jobs: read::jobs(ground, &written),
            written,
            routes,
            rules,
            alerts,
            project,
            times,
            factor,
        };
        Some(Ok(site))
    }

    /// What `preuve prove --plan` shows.
    pub fn lines(&self) -> Vec<Line> {
        let line = |what: Say, text: Say, from: Vec<String>| Line { what, text, from };
        let mut lines = vec![line(
            say!("service", name = self.prometheus),
            say!("prometheus-with", file = self.written, count = self.rules.len()),
            vec![format!("{}:1", self.written)],
        )];
        if let (Some(name), Some(routes)) = (&self.alertmanager, &self.routes) {
            let text = say!("alertmanager-with", routes);
            lines.push(line(say!("service", name), text, vec![format!("{routes}:1")]));
        }
        for alert in self.alerts.iter().filter(|alert| alert.is_watching()) {
            let series: Vec<&str> = alert.watches.iter().map(|watch| &*watch.selector).collect();
            let what = alert.declared.as_ref().map_or_else(|| series.join(", "), |(service, _)| service.clone());
            let within = self.times.divided(self.factor).told_within(super::times::divided(alert.wait, self.factor));
            let text = say!("watches-within", what, within);
            lines.push(line(say!("alert", alert = alert.name), text, vec![alert.place()]));
        }
        let panels = self.queries.iter().filter(|query| query.by == "panel").count();
        let records = self.queries.len() - panels;
        if !self.queries.is_empty() {
            let text = say!("queries-asked", records, panels);
            lines.push(line(say!("queries"), text, Vec::new()));
        }
        if self.factor > 1 {
            let text = say!("all-times-divided", factor = self.factor);
            lines.push(line(say!("times"), text, Vec::new()));
        }
        lines
    }

    /// Whether an alert watches what is scraped itself, not what an exporter says of something else.
    pub fn asks_itself(&self, alert: &str) -> bool {
        let own = |watch: &Watch| watch.selector == "up" || watch.selector.starts_with("up{");
        self.alerts.iter().any(|known| known.name == alert && known.watches.iter().any(own))
    }

    /// Alerts that no end of a service moves.
    pub fn left_out(&self) -> Vec<Line> {
        let others = self.alerts.iter().filter(|alert| !alert.is_watching());
        let text = say!("tells-no-end");
        others
            .map(|alert| Line {
                what: say!("alert", alert = alert.name),
                text: text.clone(),
                from: vec![alert.place()],
            })
            .collect()
    }
}

/// Seconds after which the news of an outage is too late, when the candidate declares nothing else.
const TOO_LATE: u64 = 30 * 60;

impl Alert {
    pub fn place(&self) -> String {
        format!("{}:{}", self.at.path, self.at.line)
    }

    pub fn detector(&self) -> Say {
        say!("alert", alert = self.name)
    }

    pub fn is_watching(&self) -> bool {
        !self.watches.is_empty() || self.declared.is_some()
    }

    /// Seconds for which it may wait.
    pub fn bound(&self) -> u64 {
        self.declared.as_ref().and_then(|(_, within)| *within).map_or(TOO_LATE, u64::from)
    }
}

/// Why a repository without a monitored Compose project cannot be tried, told by how it is monitored.
fn elsewhere(ground: &Ground<'_>) -> Say {
    let targets = || ground.facts.of("mon.target").iter().filter(|fact| fact.is("effective"));
    let told = |fact: &Fact| format!("{} ({}, {})", fact.text("tool"), fact.text("how"), cited(fact));
    if let Some(fact) = targets().find(|fact| fact.text("tool") == "prometheus") {
        let how = match fact.text("how") {
            "scrape" => say!("not-compose-configuration"),
            "chart" | "values" | "bundle" => say!("fetched-chart"),
            _ => say!("cluster-objects"),
        };
        return say!("prometheus-elsewhere", how, place = cited(fact));
    }
    match targets().next() {
        Some(fact) => say!("monitoring-by", tool = told(fact)),
        None => say!("nothing-collects"),
    }
}

/// All profiles of a file: what Prometheus is started with is among them.
fn profiles(ground: &Ground<'_>, file: &str) -> Vec<String> {
    let services = ground.facts.of("compose.service").iter().filter(|fact| fact.text("file") == file);
    let all: BTreeSet<String> = services.flat_map(|fact| fact.list("profiles").iter().cloned()).collect();
    all.into_iter().collect()
}

fn times(tree: &Tree, written: &str, routes: Option<&str>) -> Times {
    let usual = Times::default();
    let (scrape, evaluation) =
        tree.text(written).and_then(rewrite::intervals).unwrap_or((usual.scrape, usual.evaluation));
    let (group_wait, group_interval) = routes
        .and_then(|path| tree.text(path))
        .and_then(rewrite::grouping)
        .unwrap_or((usual.group_wait, usual.group_interval));
    Times { scrape, evaluation, group_wait, group_interval }
}
