//! What is taken away while requests arrive, and where that must show.

use super::floor::{ADDRESS, PROBE};
use super::site::{Site, place};
use crate::declared::Journey;
use crate::finding::At;
use crate::protocol::{Fault, FaultKind, Place};
use crate::say::{Say, say};
use crate::stack::{Service, Source};

/// Requests that were lost although another instance runs.
pub(super) const LOAD: Place = Place("load");
/// What users wrote, and no longer find.
pub(super) const JOURNEY: Place = Place("journey");
/// What waited for a consumer.
pub(super) const BACKLOG: Place = Place("backlog");
const NOTICED: [Place; 5] = [LOAD, JOURNEY, BACKLOG, PROBE, ADDRESS];
/// The most services whose instances are killed: each costs a start or two.
pub(super) const SERVICES: usize = 3;
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Null,
    /// No second instance is started.
    Alone,
    /// The second instance does not serve.
    Hollow,
    /// A service starts again without what it kept.
    Amnesia,
    /// The consumer is not started again.
    Idle,
}

#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub fault: Fault,
    pub way: Way,
    pub service: String,
}

/// What is broken, in the order in which it is tried.
pub(super) fn faults(site: &Site, journeys: &[(Journey, At)]) -> Vec<Broken> {
    let consumes = |service: &Service| journeys.iter().any(|(one, _)| one.consumer.as_ref() == Some(&service.name));
    let one = |way: Way, kind: FaultKind, service: &Service, at: &At, what: Say, detector: &str| {
        let name = &service.name;
        let change = say!("loss", place = place(at), name, what);
        let (id, noticed) = match way {
            Way::Null => ("null".to_owned(), &[][..]),
            _ => (format!("{way:?} {name}").to_lowercase(), &NOTICED[..]),
        };
        let fault = Fault::in_file(id, change, kind, detector, (&at.path, at.line), noticed);
        Broken { fault, way, service: name.clone() }
    };
    let mut found = Vec::new();
    for service in site.told().take(SERVICES) {
        if found.is_empty() {
            found.push(one(Way::Null, FaultKind::Null, service, &service.at, say!("label-added"), "load"));
        }
        let front = !service.ports.is_empty();
        if front {
            let what = say!("only-killed");
            found.push(one(Way::Alone, FaultKind::Control, service, &service.at, what, "load"));
            let what = say!("second-serves-not");
            found.push(one(Way::Hollow, FaultKind::Sampled, service, &service.at, what, "load"));
        }
        if !front && !consumes(service) {
            let what = say!("only-killed");
            found.push(one(Way::Alone, FaultKind::Sampled, service, &service.at, what, "load"));
        }
    }
    for (journey, at) in journeys {
        let consumer = journey.consumer.as_ref().and_then(|name| site.project.services.get(name));
        let what = say!("stopped-for-good");
        found.extend(consumer.map(|one_| one(Way::Idle, FaultKind::Control, one_, at, what, "journeys")));
    }
    if !journeys.is_empty() {
        let keeps = site.project.services.values().filter(|service| service.mounts.iter().any(kept));
        let what = say!("restarts-empty");
        found.extend(
            keeps.take(2).map(|one_| one(Way::Amnesia, FaultKind::Sampled, one_, &one_.at, what.clone(), "journeys")),
        );
    }
    found
}

/// Whether a service keeps something there.
pub(super) fn kept(mount: &crate::stack::Mount) -> bool {
    !mount.read_only && matches!(mount.source, Source::Volume(_))
}
