//! What must hold while everything runs: the configuration is accepted, targets are up, what is read is exposed, what is
//! asked gives data, and nothing fires.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::laid::{is_newer, named};
use super::site::{Query, Wanted};
use super::subject::BASELINE;
use super::told::{Rule, Target};
use crate::finding::At;
use crate::output::tail;
use crate::protocol::{Reaction, Stop};
use crate::say::{Say, Spoken, say};
use crate::stack::{Origin, Wrong};
use crate::tree::Tree;

/// Seconds that services are given until they answer at their metrics.
const START: u64 = 60;
/// The most that is waited for series to come.
const COMING: u64 = 60;
/// The most notes of one kind.
const TOLD: usize = 8;
/// Files larger than this are no code that somebody wrote.
const CODE: usize = 1 << 20;
/// The version that stands in for the published one.
const PROMETHEUS: (u32, u32) = (2, 42);
const ALERTMANAGER: (u32, u32) = (0, 25);

fn reaction(detector: impl Into<Say>, message: impl Into<Say>) -> Reaction {
    Reaction { detector: detector.into(), place: BASELINE, message: message.into() }
}

fn shown(at: &At) -> String {
    format!("{}:{}", at.path, at.line)
}

/// What it means that the services do not start: it is the configuration's doing when Prometheus or Alertmanager does not.
///
/// # Errors
/// When it says nothing of the monitoring.
pub(super) fn not_started(desk: &Desk<'_>, wrong: Wrong) -> Result<Reaction, Stop> {
    let trouble = match wrong {
        Wrong::Here(stop) => return Err(stop),
        Wrong::Subject(trouble) => trouble,
    };
    let (version, file) = if trouble.service == desk.site.prometheus {
        (PROMETHEUS, &desk.site.written)
    } else if Some(&trouble.service) == desk.site.alertmanager.as_ref() {
        (ALERTMANAGER, desk.site.routes.as_ref().unwrap_or(&desk.site.written))
    } else {
        return Err(Stop(trouble.spoken()));
    };
    if is_newer(desk.project(), &trouble.service, version.0, version.1) {
        let ours = say!("ours-older", major = version.0, minor = version.1);
        return Err(Stop(say!("not-starting-ours", service = trouble.service, ours, told = trouble.message)));
    }
    let message = desk.complaint(&trouble.service).map_or(trouble.message, Say::from);
    Ok(reaction(say!("configuration", file), message))
}

/// Waits until every target is up. What is not run here is left out, and said.
pub(super) fn targets(desk: &Desk<'_>, notes: &mut Vec<Say>) -> Result<Option<Reaction>, Stop> {
    if !desk.eventually(START, || desk.answers())? {
        return Err(Stop(say!("prometheus-silent", told = desk.last_words(&desk.site.prometheus))));
    }
    if let Some(refused) = desk.refused()? {
        return Ok(Some(reaction(say!("configuration", file = desk.site.written), refused)));
    }
    let times = desk.site.times.divided(desk.site.factor);
    let mut down: Vec<Target> = Vec::new();
    desk.eventually(START + times.rounds(), || {
        let all = desk.targets()?;
        // Just after its start Prometheus knows of no target yet.
        let known = !all.is_empty();
        down = all.into_iter().filter(|target| !target.up).collect();
        Ok(known && down.iter().all(|target| is_elsewhere(desk, target).is_some()))
    })?;
    let mut wrong = None;
    for target in &down {
        let at = desk.site.jobs.get(&target.job).map_or_else(|| desk.site.written.clone(), shown);
        match is_elsewhere(desk, target) {
            Some(why) => notes.push(say!("target-of", instance = target.instance, job = target.job, at, why)),
            None => {
                let message = say!("target-down", instance = target.instance, at, told = target.error);
                wrong.get_or_insert(reaction(say!("target", job = target.job), message));
            }
        }
    }
    let all = desk.targets()?;
    let judged = all.iter().filter(|target| target.host != "localhost" && target.up).count();
    if wrong.is_none() && judged == 0 {
        return Err(Stop(say!("nothing-scraped-here")));
    }
    Ok(wrong)
}

/// Why it says nothing that a target is down: it is not run here. A name that no service carries is the subject's own doing.
fn is_elsewhere(desk: &Desk<'_>, target: &Target) -> Option<Say> {
    if desk.service(&target.host).is_some() {
        // A prober answers for what it asks.
        let probed = target.probed.as_deref().filter(|probed| desk.service(probed).is_none())?;
        return probed.contains('.').then(|| say!("probed-not-here", probed));
    }
    if let Some(name) = named(&desk.site.project, &target.host) {
        let because = desk.left_out.get(name).cloned().unwrap_or_else(|| say!("not-started-part"));
        return Some(say!("not-run-here", name, because));
    }
    let here = target.host == "localhost" || target.host.starts_with("127.");
    (!here && target.host.contains('.')).then(|| say!("outside-project", host = target.host))
}

/// Everything that must hold before something is broken: what is wrong first.
pub(super) fn first(desk: &Desk<'_>, notes: &mut Vec<Say>) -> Result<Option<Reaction>, Stop> {
    let rules = desk.rules()?;
    if let Some(wrong) = rules_loaded(desk, &rules, notes) {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = exposed(desk, notes)? {
        return Ok(Some(wrong));
    }
    if let Some(wrong) = data(desk, notes)? {
        return Ok(Some(wrong));
    }
    if !desk.site.alerts.is_empty() && desk.alertmanagers()? == 0 {
        let file = &desk.site.written;
        return Ok(Some(reaction(say!("configuration", file), say!("no-alertmanager"))));
    }
    for rule in rules.iter().filter(|rule| rule.alerting && rule.alerts.iter().any(|(state, _)| state == "firing")) {
        notes.push(say!("fires-idle", alert = rule.name));
    }
    stirring(desk)
}

/// After a fault was mended: targets are up and no alert that watches a service stirs.
pub(super) fn again(desk: &Desk<'_>) -> Result<Option<Reaction>, Stop> {
    let mut ignored = Vec::new();
    if let Some(down) = targets(desk, &mut ignored)? {
        return Ok(Some(down));
    }
    let mut left = None;
    desk.eventually(START, || {
        left = stirring(desk)?;
        Ok(left.is_none())
    })?;
    Ok(left)
}

/// An alert that watches a service and is pending or firing.
pub(super) fn stirring(desk: &Desk<'_>) -> Result<Option<Reaction>, Stop> {
    let watching: BTreeMap<&str, String> = desk
        .site
        .alerts
        .iter()
        .filter(|alert| alert.is_watching())
        .map(|alert| (&*alert.name, alert.place()))
        .collect();
    let elsewhere = |host: &str| desk.service(host).is_none();
    for rule in desk.rules()? {
        let Some(place) = watching.get(&*rule.name) else { continue };
        // It is right about what is not run here.
        let own = rule.alerts.iter().find(|(_, labels)| {
            let host = labels.get("instance").and_then(|instance| super::rewrite::host(instance));
            desk.left_out.is_empty() || host.is_some_and(|host| !elsewhere(host))
        });
        if let Some((state, labels)) = own {
            let of = labels.get("instance").or(labels.get("job")).map_or("", String::as_str);
            let message = say!("stirs-idle", state, of, place);
            return Ok(Some(reaction(say!("alert", alert = rule.name), message)));
        }
    }
    Ok(None)
}

fn rules_loaded(desk: &Desk<'_>, rules: &[Rule], notes: &mut Vec<Say>) -> Option<Reaction> {
    let names: BTreeSet<&str> = rules.iter().filter(|rule| rule.alerting).map(|rule| &*rule.name).collect();
    let missing: Vec<_> = desk.site.alerts.iter().filter(|alert| !names.contains(&*alert.name)).collect();
    if let (true, Some(first)) = (names.is_empty(), missing.first()) {
        let message = say!("rule-not-named", place = first.place(), file = desk.site.written);
        return Some(reaction(say!("alert", alert = first.name), message));
    }
    notes.extend(missing.iter().map(|alert| say!("alert-not-loaded", alert = alert.name, place = alert.place())));
    let failing = rules.iter().find(|rule| rule.health == "err")?;
    Some(reaction(say!("rule", rule = failing.name), say!("not-evaluated", told = failing.error)))
}

/// Each metric that is read must be exposed by something.
fn exposed(desk: &Desk<'_>, notes: &mut Vec<Say>) -> Result<Option<Reaction>, Stop> {
    let names: BTreeSet<&str> = desk.site.wanted.iter().map(|wanted| &*wanted.metric).collect();
    let mut missing: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut excuses: BTreeMap<String, Option<Say>> = BTreeMap::new();
    let rounds = desk.site.times.divided(desk.site.factor).rounds();
    let start = desk.millis();
    desk.eventually(COMING.max(rounds), || {
        let open: Vec<String> = missing.iter().cloned().collect();
        missing = absent(desk, &open)?;
        for metric in &missing {
            excuses.entry(metric.clone()).or_insert_with(|| excuse(desk, metric));
        }
        let waited = (desk.millis() - start) / 1000 >= rounds.min(COMING);
        let excused = |metric: &String| excuses.get(metric).is_some_and(Option::is_some);
        Ok(missing.is_empty() || waited && missing.iter().all(excused))
    })?;
    let of = |metric: &str| desk.site.wanted.iter().find(|wanted| wanted.metric == metric);
    let (mut wrong, mut told): (Vec<&Wanted>, Vec<Say>) = (Vec::new(), Vec::new());
    for metric in &missing {
        let Some(wanted) = of(metric) else { continue };
        match excuses.get(metric).and_then(Option::as_ref) {
            Some(why) => {
                told.push(say!("no-series-here", by = wanted.by, place = shown(&wanted.at), metric, why));
            }
            None => wrong.push(wanted),
        }
    }
    notes.extend(shortened(told));
    // An alert that never fires is worse than a panel without data.
    wrong.sort_by_key(|wanted| (!wanted.by.starts_with("alert"), &wanted.at));
    Ok(wrong.first().map(|wanted| {
        let message = say!("nobody-exports", metric = wanted.metric, place = shown(&wanted.at));
        reaction(wanted.by.clone(), message)
    }))
}

/// The first of many notes of one kind, and how many more there are.
fn shortened(mut notes: Vec<Say>) -> Vec<Say> {
    let more = notes.len().saturating_sub(TOLD);
    notes.truncate(TOLD);
    notes.extend((more > 0).then(|| say!("more-of-kind", more)));
    notes
}

/// Those of the metrics that have neither a series nor a description.
fn absent(desk: &Desk<'_>, metrics: &[String]) -> Result<BTreeSet<String>, Stop> {
    let selectors: Vec<String> = metrics.iter().map(|metric| format!("{{__name__=\"{metric}\"}}")).collect();
    let series = desk.series(&selectors)?;
    let without = metrics.iter().zip(&series).filter(|(_, series)| series.is_empty());
    let without: Vec<&String> = without.map(|(metric, _)| metric).collect();
    let paths: Vec<String> = without.iter().map(|metric| format!("/api/v1/metadata?metric={}", base(metric))).collect();
    let described = desk.ask(&paths)?;
    let described = described
        .into_iter()
        .map(|answer| answer.is_ok_and(|data| data.as_object().is_some_and(|all| !all.is_empty())));
    Ok(without
        .into_iter()
        .zip(described)
        .filter(|(_, described)| !described)
        .map(|(metric, _)| metric.clone())
        .collect())
}

/// The name under which a histogram or summary is described.
fn base(metric: &str) -> &str {
    ["_bucket", "_sum", "_count"].iter().find_map(|end| metric.strip_suffix(end)).unwrap_or(metric)
}

/// Why it says nothing that a metric has no series here.
fn excuse(desk: &Desk<'_>, metric: &str) -> Option<Say> {
    if let Some(path) = mentioned(desk.tree(), base(metric)) {
        return Some(say!("speaks-of-it", path));
    }
    let wanted = desk.site.wanted.iter().find(|wanted| wanted.metric == metric)?;
    if let Some(exposer) = &wanted.exposer {
        return Some(say!("exposes-it", exposer));
    }
    // What only the project's own code exposes is not the matter of an exporter that is left out.
    let own = |name: &String| {
        let service = desk.site.project.services.get(name);
        service.is_some_and(|service| matches!(service.origin, Origin::Build(_)))
    };
    let name = desk.left_out.keys().find(|name| wanted.usual || own(name))?;
    Some(say!("exposer-not-here", name))
}

/// A file of the project's own code that names a metric.
fn mentioned<'t>(tree: &'t Tree, metric: &str) -> Option<&'t str> {
    let plain = metric.strip_suffix("_total").unwrap_or(metric);
    let code = |path: &str| {
        // A test that speaks of a metric exposes none.
        if path.split(['/', '_', '-', '.']).any(|part| matches!(part, "test" | "tests" | "spec" | "__tests__")) {
            return false;
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        !matches!(ending, "yml" | "yaml" | "json" | "md" | "rules" | "txt" | "j2" | "tpl" | "html" | "adoc" | "rst")
    };
    let files = tree.files().filter(|(path, file)| file.own && code(path));
    let speaks = |path: &&str| tree.text(path).is_some_and(|text| text.len() < CODE && text.contains(plain));
    files.map(|(path, _)| path).find(speaks)
}

/// What recording rules and panels ask must be understood, and its share that gives data is told.
fn data(desk: &Desk<'_>, notes: &mut Vec<Say>) -> Result<Option<Reaction>, Stop> {
    for by in ["recording", "panel"] {
        let asker = |name: &str| if by == "panel" { say!("panel", name) } else { say!("recording", name) };
        let queries: Vec<&Query> = desk.site.queries.iter().filter(|query| query.by == by).collect();
        if queries.is_empty() {
            continue;
        }
        let expressions: Vec<&str> = queries.iter().map(|query| &*query.expression).collect();
        let mut answers = Vec::new();
        desk.eventually(desk.site.times.divided(desk.site.factor).rounds().min(COMING), || {
            answers = desk.gives(&expressions)?;
            Ok(answers.iter().all(|answer| answer != &Ok(false)))
        })?;
        let (mut with, mut empty) = (0_usize, Vec::new());
        for (query, answer) in queries.iter().zip(&answers) {
            let place = shown(&query.at);
            match answer {
                Ok(true) => with += 1,
                Ok(false) => empty.push(say!("gives-no-data", by = asker(&query.name), place)),
                Err(error) if error.contains("parse error") => {
                    let message = say!("not-understood", place, told = tail(error, 1));
                    return Ok(Some(reaction(asker(&query.name), message)));
                }
                Err(error) => notes.push(say!("query-told", by = asker(&query.name), place, told = tail(error, 1))),
            }
        }
        let all = queries.len();
        notes.push(if by == "panel" { say!("panels-give", with, all) } else { say!("recordings-give", with, all) });
        notes.extend(shortened(empty));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Content, File};

    #[test]
    fn code_that_names_a_metric() {
        let file = |text: &str| File { content: Content::Bytes { bytes: text.into(), executable: false }, own: true };
        let files = [
            ("app.py", "Counter('orders', 'x')"),
            ("rules.yml", "orders_total lost_total"),
            ("tests/test_rules.py", "lost_total"),
        ];
        let tree = Tree::new("c", files.map(|(path, text)| (path.to_owned(), file(text))).into());
        assert_eq!(mentioned(&tree, "orders_total"), Some("app.py"));
        assert_eq!(mentioned(&tree, "lost_total"), None);
        assert_eq!((base("a_seconds_bucket"), base("a_total")), ("a_seconds", "a_total"));
    }
}
