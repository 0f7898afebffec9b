//! What would be delivered to a cluster, and the faults of its releases.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value;

use super::data::kept;
use super::delivery::{DATA, DETECTOR, Delivery, FORGETFUL, NULL, STOPPED};
use super::entry::urls;
use super::fit::{fit, wanted_images};
use super::images::{Own, Versions, make};
use super::json::{images, shown};
use super::live::Live;
use super::release::{Break, remarked, with_images};
use super::render::render;
use super::source::Source;
use super::written::Written;
use crate::experiment::{Bench, Ground, Group, Planned, Share, Sketch};
use crate::protocol::{Fault, FaultKind, Stop, Subject, Teeth};
use crate::say::{Say, say};

/// What stands for the cluster of the candidate.
pub(super) fn cluster() -> Say {
    say!("one-node-cluster")
}
/// What a workload is called where users come in, when nothing else tells.
const FRONT: [&str; 5] = ["front", "gateway", "web", "portal", "proxy"];

/// Whether a name says that users come in there.
pub(super) fn front(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split(['/', '-', '_']).any(|part| FRONT.iter().any(|word| part.starts_with(word)))
}

/// An environment whose delivery is proved.
pub(crate) struct Delivering {
    source: Source,
    own: Own,
    entry: String,
    /// A workload that keeps something, known once the documents are rendered.
    keeper: OnceLock<String>,
}

impl Delivering {
    /// What the repository would deliver to a cluster.
    ///
    /// # Errors
    /// With the reason why nothing is.
    pub fn plan(ground: &Ground<'_>) -> Result<Self, Say> {
        let source = Source::of(ground).ok_or(say!("no-workload"))?;
        let serving = source.workloads.iter().filter(|(_, written)| written.serves || written.exposed);
        // Users come in where it is exposed.
        let entry = serving.max_by_key(|(name, written)| {
            let deployment = name.starts_with("Deployment/");
            (written.exposed, written.own, deployment, front(name), std::cmp::Reverse((*name).clone()))
        });
        let entry = entry.ok_or(say!("no-workload-selected"))?.0.clone();
        Ok(Self { own: Own::plan(ground), entry, source, keeper: OnceLock::new() })
    }

    pub(super) fn entry(&self) -> &str {
        &self.entry
    }

    fn written(&self) -> &Written {
        self.source.workloads.get(&self.entry).expect("the entry is one of them")
    }

    /// What a reader of the manifests would have warned of, with its place.
    pub(super) fn weak(&self) -> Vec<Say> {
        let shown = self.written().weak.iter().map(|(what, at)| match at {
            Some(at) => say!("at-line", path = at.path, line = at.line, what),
            None => what.clone(),
        });
        shown.collect()
    }
}

impl Planned for Delivering {
    fn sketch(&self) -> Sketch {
        let mut stand_ins = vec![cluster()];
        if let Some((name, _)) = &self.source.gitops {
            stand_ins.push(say!("reconciler-stand-in", name));
        }
        Sketch {
            subject: format!("{} of {}", self.entry, self.source.name),
            runs: self.source.lines(),
            skipped: Vec::new(),
            stand_ins,
        }
    }

    fn faults(&self) -> Vec<Fault> {
        let at = self.written().at.clone();
        let null = Fault {
            id: NULL.into(),
            change: say!("pod-remark", workload = self.entry),
            kind: FaultKind::Null,
            detector: DETECTOR.into(),
            at: at.clone(),
            noticed_in: Vec::new(),
        };
        let control = |how: Break| Fault {
            id: how.id().into(),
            change: say!("about", detector = self.entry, because = how.change()),
            kind: FaultKind::Control,
            detector: DETECTOR.into(),
            at: at.clone(),
            noticed_in: vec![STOPPED],
        };
        let forgets = self.keeper.get().map(|keeper| Fault {
            id: FORGETFUL.into(),
            change: say!("release-empties", keeper),
            kind: FaultKind::Control,
            detector: DETECTOR.into(),
            at: self.source.workloads.get(keeper).and_then(|written| written.at.clone()),
            noticed_in: vec![DATA, STOPPED],
        });
        std::iter::once(null).chain(Break::ALL.map(control)).chain(forgets).collect()
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn share(&self) -> Share {
        Share::Timed
    }

    fn group(&self) -> Option<Group> {
        Some(Group::Cluster)
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let mut live = Live::raise(bench, &self.entry)?;
        let folder = live.cluster().lay(&bench.tree.entries())?;
        let (documents, left_out) = render(live.cluster(), bench.tree, folder, &self.source)?;
        let fitted = fit(documents, &self.source.given);
        let mut notes: BTreeSet<Say> = fitted.notes;
        notes.extend(left_out);
        let mut stand_ins = fitted.stand_ins;
        let versions = make(bench, &self.own, &wanted_images(&fitted.documents), &mut stand_ins)?;
        let documents = self.without_missing(fitted.documents, &versions, &mut notes)?;
        notes.extend(stand_ins.iter().map(|what| say!("stand-in", what)));
        let now = with_images(&documents, &versions.now);
        let mut failed = live.install(&now, &mut notes)?;
        if failed.is_none() {
            let urls = urls(&now, &self.entry);
            if urls.is_empty() {
                return Err(Stop(say!("no-selector", entry = self.entry)));
            }
            failed = live.ask(&urls)?.map(|told| say!("no-address-well", told));
        }
        if let Some(why) = &failed {
            excused(why, &stand_ins)?;
        }
        let built = documents
            .iter()
            .any(|one| shown(one) == self.entry && images(one).iter().any(|image| versions.built.contains(image)));
        let next = if built {
            with_images(&documents, &versions.next)
        } else {
            notes.insert(say!("same-image-next", entry = self.entry));
            remarked(&now, &self.entry)
        };
        let mut marked = Vec::new();
        for kept in kept(&now).into_iter().filter(|_| failed.is_none()) {
            // What never ran here would say nothing of what a delivery does to it.
            let unasked = match live.runs(&kept)? {
                Ok(()) => kept.mark(live.cluster(), bench.nonce)?.map(Say::from),
                Err(why) => Some(Say::from(why)),
            };
            match unasked {
                None => marked.push(kept),
                Some(why) => drop(notes.insert(say!("survival-not-asked", kept = kept.to_string(), why))),
            }
        }
        if let Some(kept) = marked.first() {
            let _ = self.keeper.set(kept.workload.clone());
        }
        let hollow = versions.hollow;
        Ok(Box::new(Delivery { plan: self, bench, live, now, next, hollow, marked, failed, current: None, notes }))
    }
}

impl Delivering {
    /// The documents without workloads whose image cannot be had.
    fn without_missing(
        &self,
        mut documents: Vec<Value>,
        versions: &Versions,
        notes: &mut BTreeSet<Say>,
    ) -> Result<Vec<Value>, Stop> {
        let mut stop = None;
        documents.retain(|one| {
            let found = images(one).into_iter().find_map(|image| Some((versions.missing.get(&image)?, image)));
            let Some((why, image)) = found else { return true };
            if shown(one) == self.entry {
                stop = Some(Stop(say!("entry-image-not-had", entry = self.entry, image, why)));
            }
            notes.insert(say!("out-image-not-had", workload = shown(one), image, why));
            false
        });
        stop.map_or(Ok(documents), Err)
    }
}

/// Nothing is said against a subject that lacks what only the sandbox withholds.
pub(super) fn excused(why: &Say, stand_ins: &BTreeSet<Say>) -> Result<(), Stop> {
    if matches!(why, Say::Text(text) if text.contains("PodSecurityPolicy") || text.contains("pod security policy")) {
        return Err(Stop(say!("asks-more", why)));
    }
    match stand_ins.iter().next() {
        Some(stand_in) => Err(Stop(say!("with-stand-ins", why, others = stand_in))),
        None => Ok(()),
    }
}
