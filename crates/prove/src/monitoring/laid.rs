//! What is run of a monitored project, and with which files: what cannot be had is left out, receivers lead to our sink.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::images::recipe_for;

use super::rewrite;
use super::site::Site;
use crate::experiment::Bench;
use crate::protocol::Stop;
use crate::say::{Say, say};
use crate::stack::{Origin, Project, Service};
use crate::tree::Tree;

/// The service of a project that carries a name.
pub(super) fn named<'p>(project: &'p Project, host: &str) -> Option<&'p str> {
    let carries = |service: &&Service| service.name == host || service.aliases.iter().any(|name| name == host);
    project.services.values().find(carries).map(|service| &*service.name)
}

/// What is run of the project: Prometheus, Alertmanager, what is scraped, the application, and what those need; and what is
/// left out because it is not to be had here.
pub(super) fn kept(bench: &Bench<'_>, site: &Site) -> Result<(Project, BTreeMap<String, Say>), Stop> {
    let own = [Some(&site.prometheus), site.alertmanager.as_ref()];
    let own: Vec<&str> = own.into_iter().flatten().map(String::as_str).collect();
    let text = bench.tree.text(&site.written).unwrap_or_default();
    let scraped = rewrite::hosts(text);
    let mut project = site.project.clone();
    let mut wanted: BTreeSet<String> = own.iter().map(|name| (*name).to_owned()).collect();
    wanted.extend(scraped.iter().filter_map(|host| named(&project, host)).map(ToOwned::to_owned));
    wanted.extend(site.alerts.iter().filter_map(|alert| alert.declared.as_ref()).map(|(service, _)| service.clone()));
    let application =
        project.services.values().filter(|one| one.profiles.is_empty() && matches!(one.origin, Origin::Build(_)));
    wanted.extend(application.map(|service| service.name.clone()));
    let mut left_out = missing(bench, &project);
    for name in &own {
        if let Some(because) = left_out.get(*name) {
            return Err(Stop(say!("about", detector = name, because)));
        }
        // Neither needs another service to do what it is for.
        if let Some(service) = project.services.get_mut(*name) {
            service.needs.retain(|need| wanted.contains(&need.service) && !left_out.contains_key(&need.service));
        }
    }
    // What cannot be had takes those along that wait for it.
    loop {
        let waits = |name: &String| {
            let service = project.services.get(name)?;
            let need = service.needs.iter().find(|need| left_out.contains_key(&need.service))?;
            Some((name.clone(), say!("needs-not-here", service = need.service)))
        };
        let more: Vec<(String, Say)> =
            project.services.keys().filter(|name| !left_out.contains_key(*name)).filter_map(waits).collect();
        if more.is_empty() {
            break;
        }
        left_out.extend(more);
    }
    left_out.retain(|name, _| wanted.contains(name));
    wanted.retain(|name| !left_out.contains_key(name));
    let mut project = project.only(&wanted.iter().map(String::as_str).collect::<Vec<_>>());
    for service in project.services.values_mut() {
        in_its_own_place(service);
    }
    Ok((project, left_out))
}

/// A node exporter is not given the folders of the machine: it tells of its container, and is not led to what is not there.
fn in_its_own_place(service: &mut Service) {
    let Origin::Image(name, _) = &service.origin else { return };
    if recipe_for(name) == Some("node-exporter")
        && let Some(words) = &mut service.command
    {
        words.retain(|word| !word.trim_start_matches('-').starts_with("path."));
    }
}

/// Services whose image, or what they ask of the machine, is not to be had here.
fn missing(bench: &Bench<'_>, project: &Project) -> BTreeMap<String, Say> {
    let fatal = project.unhonoured.iter().filter(|found| found.fatal);
    let mut missing: BTreeMap<String, Say> =
        fatal.map(|found| (found.service.clone(), say!("asks-for", what = found.what))).collect();
    let built = |name: &str| {
        let tags = project.services.values().filter_map(|service| match &service.origin {
            Origin::Build(from) => from.tag.as_deref(),
            Origin::Image(..) => None,
        });
        tags.into_iter().any(|tag| tag == name)
    };
    for service in project.services.values() {
        if let Origin::Image(name, _) = &service.origin
            && !built(name)
            && let Err(Stop(because)) = (bench.stand_in)(name)
        {
            missing.entry(service.name.clone()).or_insert(because);
        }
    }
    missing
}

/// The tree with channels that lead to our sink, and times divided.
pub(super) fn changed(tree: &Tree, site: &Site, notes: &mut Vec<Say>) -> Result<Tree, Stop> {
    let mut tree = tree.clone();
    if let Some(service) = &site.alertmanager {
        let routes = site.routes.as_ref();
        let read = routes.and_then(|path| {
            let listens =
                |host: &str| host.contains('.') && !host.starts_with("127.") || named(&site.project, host).is_some();
            Some((path, rewrite::receivers(tree.text(path)?, site.factor, &listens)?))
        });
        let Some((path, done)) = read else {
            let what = routes.unwrap_or(service);
            return Err(Stop(say!("receivers-unread", what)));
        };
        tree = tree.with(path, &done.text);
        notes.extend(done.replaced.iter().map(|channel| say!("sink-instead", channel)));
        notes.extend(done.dead.iter().map(|what| say!("because", what, why = path)));
        notes.extend(done.not_told_of_ends.iter().map(|channel| say!("end-not-told", channel)));
    }
    if site.factor > 1 {
        let faster = |text: &str| rewrite::faster(text, site.factor);
        let rules = |text: &str| rewrite::faster_rules(text, site.factor);
        let changed = tree.text(&site.written).and_then(faster);
        let changed = changed.ok_or_else(|| Stop(say!("times-whole", file = site.written)))?;
        tree = tree.with(&site.written, &changed);
        for path in &site.rules {
            if let Some(changed) = tree.text(path).and_then(rules) {
                tree = tree.with(path, &changed);
            }
        }
        notes.push(say!("times-divided", factor = site.factor));
    }
    Ok(tree)
}

/// Whether the version that a service asks for is newer than what stands in for it.
pub(super) fn is_newer(project: &Project, service: &str, major: u32, minor: u32) -> bool {
    let Some(Origin::Image(name, _)) = project.services.get(service).map(|service| &service.origin) else {
        return true;
    };
    let tag = name.rsplit_once(':').map_or("latest", |(_, tag)| tag);
    let mut numbers = tag.trim_start_matches('v').split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(first), second) => (first, second.unwrap_or(u32::MAX)) > (major, minor),
        (None, _) => true,
    }
}
