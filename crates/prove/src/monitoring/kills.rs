//! Which services each alert says that it watches, and so which are killed.

use std::collections::BTreeSet;

use super::desk::Desk;
use super::site::{Alert, Watch};
use super::told::{Labels, Target};
use crate::protocol::{Fault, FaultKind, Place, Stop};
use crate::say::{Say, say};
use crate::stack::{Origin, Project};

/// An alert must come to our sink, and its end too.
pub(super) const DELIVERED: Place = Place("delivered");
/// The most services that one alert takes the end of.
const TOGETHER: usize = 4;
/// The most kills beyond the first of each alert: each takes as long as its alert.
const MORE: usize = 1;

/// One kill, and the alert that must tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kill {
    pub alert: Alert,
    pub services: Vec<String>,
    pub fault: Fault,
}

/// What an alert watches on the services that run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    /// Groups of services: each group's end must be told.
    Groups(BTreeSet<Vec<String>>),
    /// Its selector finds no series.
    NoSeries(String),
    /// What it watches is not a service that runs here.
    Elsewhere(Say),
}

/// What each watching alert watches.
pub(super) fn watched(desk: &Desk<'_>, alert: &Alert, targets: &[Target]) -> Result<Watched, Stop> {
    if let Some((service, _)) = &alert.declared {
        return Ok(match desk.project().services.contains_key(service) {
            true => Watched::Groups([vec![service.clone()]].into()),
            false => Watched::Elsewhere(say!("service-not-here", service)),
        });
    }
    let selectors: Vec<String> = alert.watches.iter().map(|watch| watch.selector.clone()).collect();
    let found = desk.series(&selectors)?;
    let mut groups = BTreeSet::new();
    let mut nothing = None;
    for (watch, series) in alert.watches.iter().zip(&found) {
        if series.is_empty() {
            nothing.get_or_insert_with(|| watch.selector.clone());
        }
        let named = |host: &str| desk.service(host).map(ToOwned::to_owned);
        let mut services: Vec<String> =
            series.iter().filter_map(|labels| service(desk.project(), watch, labels, targets, &named)).collect();
        services.retain(|name| *name != desk.site.prometheus && Some(name) != desk.site.alertmanager.as_ref());
        services.sort();
        services.dedup();
        if watch.together && services.len() <= TOGETHER && !services.is_empty() {
            groups.insert(services);
        } else if !watch.together {
            groups.extend(services.into_iter().map(|name| vec![name]));
        }
    }
    Ok(match (groups.is_empty(), nothing) {
        (false, _) => Watched::Groups(groups),
        (true, Some(selector)) => Watched::NoSeries(selector),
        (true, None) => Watched::Elsewhere(say!("not-killable")),
    })
}

/// The service whose end a series tells.
pub(super) fn service(
    project: &Project,
    watch: &Watch,
    labels: &Labels,
    targets: &[Target],
    named: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let label = |name: &str| labels.get(name).map_or("", String::as_str);
    let target = targets.iter().find(|target| target.job == label("job") && target.instance == label("instance"))?;
    let metric = label("__name__");
    if metric == "probe_success" {
        return named(target.probed.as_deref()?);
    }
    let asked = named(&target.host)?;
    if metric == "up" || watch.together {
        return Some(asked);
    }
    // What the application says of others may take its users to notice; what an exporter says does not.
    if project.services.get(&asked).is_some_and(|service| matches!(service.origin, Origin::Build(_))) {
        return None;
    }
    // A label names what it speaks of, or the exporter's own settings do.
    let by_label = labels.iter().filter(|(name, _)| !matches!(name.as_str(), "job" | "instance" | "__name__"));
    let by_label = by_label.filter_map(|(_, value)| named(value)).find(|name| *name != asked);
    by_label.or_else(|| exported(project, &asked))
}

/// The service that an exporter speaks of: one that its settings name, or that it waits for.
fn exported(project: &Project, exporter: &str) -> Option<String> {
    let service = project.services.get(exporter)?;
    let words = service.environment.values().chain(service.command.iter().flatten());
    let hosts: BTreeSet<&str> =
        words.flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c))).collect();
    let others = || project.services.keys().filter(|name| *name != exporter);
    let by_words = others().find(|name| hosts.contains(name.as_str()));
    let by_need = || service.needs.iter().map(|need| &need.service).find(|name| others().any(|other| other == *name));
    by_words.or_else(by_need).cloned()
}

/// The kills of an alert: the first must be noticed, the others are a sample.
pub(super) fn kills(
    desk: &Desk<'_>,
    alert: &Alert,
    groups: &BTreeSet<Vec<String>>,
    within: u64,
    seed: u64,
) -> Vec<Kill> {
    let project = desk.project();
    let needed = |services: &[String]| {
        let needs = project.services.values().flat_map(|service| &service.needs);
        needs.filter(|need| services.contains(&need.service)).count()
    };
    let mut order: Vec<&Vec<String>> = groups.iter().collect();
    // What fewest others need is killed first: what falls with it would speak for it.
    let turn = usize::try_from(seed).unwrap_or(0) % order.len().max(1);
    order.rotate_left(turn);
    order.sort_by_key(|services| needed(services));
    let kill = |(index, services): (usize, &Vec<String>)| {
        let names = services.join(", ");
        let place = alert.place();
        let fault = Fault {
            id: format!("kill {names} for {}", alert.name),
            change: say!("must-be-delivered", names, alert = alert.name, place, within),
            kind: if index == 0 { FaultKind::Control } else { FaultKind::Sampled },
            detector: say!("alert", alert = alert.name),
            at: Some(alert.at.clone()),
            noticed_in: vec![DELIVERED],
        };
        Kill { alert: alert.clone(), services: services.clone(), fault }
    };
    order.into_iter().enumerate().map(kill).collect()
}

/// The first kill of each alert, then a few of the others.
pub(super) fn drawn(mut all: Vec<Kill>, sample: usize) -> Vec<Kill> {
    all.sort_by_key(|kill| kill.fault.kind != FaultKind::Control);
    let controls = all.iter().filter(|kill| kill.fault.kind == FaultKind::Control).count();
    // What is killed for one alert anyway costs nothing more for another.
    let known: BTreeSet<Vec<String>> = all.iter().take(controls).map(|kill| kill.services.clone()).collect();
    let (free, mut dear): (Vec<Kill>, Vec<Kill>) =
        all.split_off(controls).into_iter().partition(|kill| known.contains(&kill.services));
    dear.truncate(sample.min(MORE));
    all.into_iter().chain(free).chain(dear).collect()
}
