//! Monitoring across sources: cloud resources, scraped services that are deployed, measured code that is collected.

use facts::{Confidence, Fact, Facts, Location};

use super::prometheus::{push_alert, push_dashboard, push_logs};
use super::{metric, tools};
use crate::{Project, Sink, path};

/// Joins what sources found.
pub(crate) fn run(project: &Project, facts: &Facts, sink: &mut Sink) {
    let mut cloud = Sink::default();
    for resource in
        facts.of("iac.resource").iter().filter(|resource| !resource.is("example") && resource.text("mode") != "data")
    {
        self::resource(project, resource, &mut cloud);
    }
    for call in facts.of("iac.module-call").iter().filter(|call| !call.is("example") && call.is("provisions")) {
        module(call, &mut cloud);
    }
    let cloud = cloud.into_facts();
    application(project, facts, &cloud, sink);
    metric::run(facts, sink);
    cloud.into_iter().for_each(|fact| sink.push(fact));
}

fn attribute<'f>(resource: &'f Fact, path: &str) -> Option<&'f str> {
    let found =
        resource.list("attributes").iter().filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == path);
    found.map(|(_, value)| value.trim_matches('"'))
}

fn any_attribute(resource: &Fact, test: impl Fn(&str) -> bool) -> bool {
    resource.list("attributes").iter().any(|pair| test(pair))
}

/// Whether a setting, `rule.alert=Down`, names an alert.
fn is_alert(pair: &str) -> bool {
    pair.split_once('=').is_some_and(|(key, _)| key == "alert" || key.ends_with(".alert"))
}

/// What a remote module's name says that it sets up.
fn module(call: &Fact, sink: &mut Sink) {
    let source = call.text("source").to_ascii_lowercase().replace('-', "_");
    let has = |words: &[&str]| words.iter().any(|word| source.contains(word));
    let provider = if has(&["azure", "application_insights", "log_analytics"]) { "azure-monitor" } else { "cloud" };
    let at = call.location().clone();
    let name = call.text("name");
    let alarms = has(&["metric_alarm", "metric_alert", "alert_policy", "cloudwatch_alarm", "activity_log_alert"]);
    if alarms {
        push_alert(provider, "alarm", name, &[], "", at.clone(), sink);
    }
    if has(&["log_group", "log_analytics"]) {
        push_logs(provider, "log-group", at.clone(), sink);
    }
    let measured = has(&["application_insights"]);
    if alarms || measured || has(&["managed_service_prometheus", "monitor_workspace"]) {
        let covers = if measured { "application" } else { "infrastructure" };
        push_cloud(provider, covers, name, at, Confidence::Likely, sink);
    }
}

fn push_cloud(tool: &str, covers: &str, name: &str, at: Location, sure: Confidence, sink: &mut Sink) {
    let fact = Fact::new("mon.target", "monitoring", at).with("tool", tool).with("how", "cloud").with("covers", covers);
    sink.push(fact.with("name", name).with("effective", true).with("matched", true).confidence(sure));
}

fn resource(project: &Project, resource: &Fact, sink: &mut Sink) {
    let kind = resource.text("type");
    let lower = kind.to_ascii_lowercase();
    let at = resource.location().clone();
    let name = resource.text("name");
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let provider = if has(&["aws"]) {
        "cloudwatch"
    } else if has(&["azurerm", "microsoft."]) {
        "azure-monitor"
    } else if has(&["google"]) {
        "google-monitoring"
    } else {
        resource.text("provider")
    };
    if has(&["budget"]) {
        return;
    }
    let mut collects = false;
    if has(&["dashboard", "portal_dashboard"]) && !has(&["permission", "kubernetes_dashboard", "public"]) {
        push_dashboard(provider, "cloud", name, 0, at.clone(), Confidence::Exact, sink);
        collects = !has(&["grafana"]);
    }
    let alarm = has(&[
        "metric_alarm",
        "composite_alarm",
        "cloudwatch::alarm",
        "metric_alert",
        "alert_policy",
        "alertpolicy",
        "activity_log_alert",
        "query_rules_alert",
        "metricalerts",
        "datadog_monitor",
        "newrelic_nrql_alert",
        "grafana_rule_group",
        "uptime_check",
        "prometheus_rule_group",
        "smart_detector_alert",
    ]);
    // A group of rules may only record: such rules warn nobody.
    let records = has(&["prometheus_rule_group"]) && !any_attribute(resource, is_alert);
    if alarm && !records && !has(&["uptime_check"]) {
        push_alert(provider, "alarm", name, &[], "", at.clone(), sink);
        metric::of_alarm(resource, sink);
    }
    collects |= alarm
        || has(&[
            "monitor_workspace",
            "prometheus_workspace",
            "prometheus_scraper",
            "application_insights",
            "monitor_data_collection",
            "managedprometheus",
            "monitor_diagnostic_setting",
        ]);
    if has(&[
        "log_group",
        "logs::loggroup",
        "log_analytics_workspace",
        "operationalinsights",
        "logging_project_sink",
        "logging_project_bucket",
        "logging_metric",
        "log_subscription_filter",
    ]) {
        push_logs(provider, "log-group", at.clone(), sink);
    }
    if any_attribute(resource, |pair| pair.contains("containerInsights"))
        && any_attribute(resource, |pair| {
            pair.ends_with("=enabled") || pair.ends_with("=enhanced") || pair.ends_with("=\"enabled\"")
        })
    {
        collects = true;
    }
    let interval = attribute(resource, "monitoring_interval").is_some_and(|value| value != "0" && !value.is_empty());
    collects |= interval || attribute(resource, "performance_insights_enabled") == Some("true");
    if lower == "google_container_cluster" {
        let blocks = resource.list("blocks");
        collects |= blocks.iter().any(|block| block == "monitoring_config")
            || attribute(resource, "monitoring_service").is_some_and(|value| value.contains("monitoring.googleapis"));
        if blocks.iter().any(|block| block == "logging_config")
            || attribute(resource, "logging_service").is_some_and(|value| value.contains("logging.googleapis"))
        {
            push_logs("google-logging", "bundle", at.clone(), sink);
        }
    }
    if lower == "azurerm_kubernetes_cluster"
        && (resource.list("blocks").iter().any(|block| block.ends_with("oms_agent"))
            || any_attribute(resource, |pair| pair.starts_with("oms_agent")))
    {
        collects = true;
        push_logs("azure-monitor", "bundle", at.clone(), sink);
    }
    if collects {
        let at = setting(project, resource, &["containerInsights", "monitoring_interval", "oms_agent"])
            .unwrap_or_else(|| at.clone());
        let covers = covers(resource, &lower);
        push_cloud(provider, covers, name, at, Confidence::Exact, sink);
    }
    let addon = attribute(resource, "addon_name").or_else(|| attribute(resource, "AddonName"));
    let chart = Some(resource.text("chart")).filter(|chart| !chart.is_empty());
    if let Some(tool) = addon.or(chart).and_then(tools::named) {
        let how = if addon.is_some() { "bundle" } else { "chart" };
        let pinned = super::charts::is_pinned(resource.text("version"));
        tools::report(tool, how, pinned, &at, Confidence::Exact, sink);
        if tool.name == "prometheus" {
            let fact = Fact::new("mon.target", "monitoring", at)
                .with("tool", "prometheus")
                .with("how", "chart")
                .with("covers", "infrastructure");
            sink.push(
                fact.with("name", name).with("effective", true).with("matched", true).confidence(Confidence::Likely),
            );
        }
    }
}

/// What the metrics that a cloud resource collects, shows or watches are about.
fn covers(resource: &Fact, kind: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    let watches = |word: &str| any_attribute(resource, |pair| pair.to_ascii_lowercase().contains(word));
    // What Application Insights receives comes from the code that is measured, and so do alerts on its tables.
    if has(&["application_insights"]) || has(&["query_rules_alert", "metric_alert"]) && watches("application_insights")
    {
        "application"
    } else if has(&["prometheus_rule_group", "monitor_workspace", "prometheus_workspace"]) {
        // A place for metrics and expressions over them: what they measure is said elsewhere.
        "other"
    } else if kind.contains("metric_alarm") && metric::is_own(resource) {
        "application"
    } else {
        "infrastructure"
    }
}

/// The first of some settings in the text of a resource, so that what is cited shows it.
fn setting(project: &Project, resource: &Fact, names: &[&str]) -> Option<Location> {
    let file = project.file(resource.location().path()?)?;
    let start = resource.location().span()?.start;
    let text = file.str().get(start..)?;
    // The next resource starts at the beginning of a line.
    let end = text.find("\nresource ").unwrap_or(text.len());
    let at = names.iter().find_map(|name| text[..end].find(name))? + start;
    let lines = file.text().ok()?;
    Some(file.at(lines.line_range(lines.line_of(at)).start..lines.line_range(lines.line_of(at) + 1).end))
}

/// Where the code is kept elsewhere, its workload is measured when a monitor or an annotation beside it says so.
fn elsewhere(project: &Project, facts: &Facts, targets: &[&Fact], sink: &mut Sink) {
    if facts.of("project.shape").iter().any(|shape| shape.is("builds_application") || shape.is("reusable_unit")) {
        return;
    }
    let workloads = facts.of("k8s.workload").iter();
    // An account of a public registry that nothing ties to the project may be anybody's.
    let own = |workload: &&Fact| {
        let title = format!("{}/{}", workload.text("kind"), workload.text("name"));
        let of =
            |image: &&Fact| image.text("workload") == title && image.text("rendering") == workload.text("rendering");
        let mut images = facts.of("k8s.image").iter().filter(of).filter(|image| !image.is("init"));
        images.any(|image| image.is("own") && !project.image_origins().is_of_unknown_account(image.text("image")))
    };
    let workloads: Vec<&Fact> =
        workloads.filter(|workload| workload.is("application") && !workload.is("example")).filter(own).collect();
    for target in targets {
        let path = target.location().path().unwrap_or_default();
        let beside = |workload: &&&Fact| {
            let own = workload.location().path().unwrap_or_default();
            match target.text("how") {
                "annotation" => own == path,
                "service-monitor" | "pod-monitor" => path::dir(own) == path::dir(path),
                _ => false,
            }
        };
        if let Some(workload) = workloads.iter().find(beside) {
            let fact = Fact::new("mon.application", "monitoring", target.location().clone());
            sink.push(fact.with("target", target.text("name")).also(workload.location().clone()));
        }
    }
}

/// Code that measures, joined with a target that collects it.
fn application(project: &Project, facts: &Facts, cloud: &[Fact], sink: &mut Sink) {
    let targets: Vec<&Fact> = facts
        .of("mon.target")
        .iter()
        .chain(cloud)
        .filter(|target| target.kind() == "mon.target")
        .filter(|target| target.is("effective") && target.is("matched") && target.text("covers") == "application")
        .collect();
    elsewhere(project, facts, &targets, sink);
    for code in facts.of("mon.instrumentation") {
        let exports = code.text("exports");
        let fits = |target: &&&Fact| {
            if exports == "azure-monitor" || target.text("tool") == "azure-monitor" {
                exports == target.text("tool")
            } else if exports == "otlp" {
                target.text("tool") == "otel-collector"
                    || target.text("tool") == "alloy"
                    || target.text("how") == "scrape"
            } else {
                true
            }
        };
        // The target that names the directory of the code is the best one; any target of the application is one.
        let named = |target: &&&Fact| {
            let dir = code.text("dir").rsplit('/').next().unwrap_or_default();
            !dir.is_empty()
                && (target.text("name").contains(dir) || target.list("hosts").iter().any(|host| host.contains(dir)))
        };
        let Some(target) = targets.iter().filter(fits).find(named).or_else(|| targets.iter().find(fits)) else {
            continue;
        };
        let fact =
            Fact::new("mon.application", "monitoring", code.location().clone()).with("library", code.text("library"));
        sink.push(fact.with("target", target.text("name")).also(target.location().clone()));
    }
}
