//! What alerts do after a kill: pending, firing, delivered, held back, over.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::kills::DELIVERED;
use super::site::Alert;
use super::told::Delivered;
use crate::protocol::{Place, Reaction, Stop};
use crate::say::{Say, say};

/// Prometheus knows, and nobody is told.
const FIRING: Place = Place("firing");
/// It was told, and its end was not.
const LASTING: Place = Place("lasting");

/// What was seen after a kill: alert, and after how many seconds.
#[derive(Default)]
pub(super) struct Seen {
    pending: BTreeMap<String, u64>,
    firing: BTreeMap<String, u64>,
    /// With the receiver that was told.
    pub told: BTreeMap<String, (u64, String)>,
    /// Held back because another alert was told.
    held: BTreeSet<String>,
    pub fired: BTreeSet<String>,
}

impl Seen {
    pub fn look(&mut self, desk: &Desk<'_>, start: u64, services: &[String]) -> Result<(), Stop> {
        let after = |desk: &Desk<'_>| (desk.millis() - start) / 1000;
        let delivered = desk.delivered()?;
        let now = after(desk);
        for alert in delivered.iter().filter(|alert| alert.firing && about(alert, desk, services)) {
            self.told.entry(alert.name.clone()).or_insert((now, alert.receiver.clone()));
        }
        self.fired.extend(delivered.iter().filter(|alert| alert.firing).map(|alert| alert.name.clone()));
        for rule in desk.rules()? {
            for (state, _) in &rule.alerts {
                let seen = if state == "firing" { &mut self.firing } else { &mut self.pending };
                seen.entry(rule.name.clone()).or_insert(now);
                if state == "firing" {
                    self.fired.insert(rule.name.clone());
                }
            }
        }
        if !self.told.is_empty() {
            self.held.extend(desk.inhibited()?);
        }
        Ok(())
    }

    pub fn is_told(&self, alert: &Alert) -> bool {
        self.told.contains_key(&alert.name) || self.held.contains(&alert.name)
    }

    pub fn reaction(&self, alert: &Alert, ended: &BTreeMap<String, u64>) -> Option<Reaction> {
        let name = &alert.name;
        let own = alert.detector();
        let (detector, place, message) = match (self.told.get(name), ended.get(name), self.firing.get(name)) {
            (Some((after, receiver)), Some(end), _) => {
                let pending = self.pending.get(name).map(|at| say!("pending-after", at));
                let firing = self.firing.get(name).map(|after| say!("firing-after", after));
                let delivered = say!("delivered", receiver, after, end);
                (own, DELIVERED, Say::Several(pending.into_iter().chain(firing).chain([delivered]).collect()))
            }
            (None, _, Some(after)) if self.held.contains(name) => (own, DELIVERED, say!("held-back", after)),
            (Some((after, receiver)), None, _) => {
                let text = say!("delivered-without-end", receiver, after);
                (say!("end-not-delivered", own), LASTING, text)
            }
            (None, _, Some(after)) => (say!("delivered-to-nobody", own), FIRING, say!("firing-after", after)),
            (None, _, None) => return None,
        };
        Some(Reaction { detector, place, message })
    }
}

/// Whether an alert that was delivered can be of these services: the instance that it names is not another one.
pub(super) fn about(alert: &Delivered, desk: &Desk<'_>, services: &[String]) -> bool {
    let instance = alert.labels.get("instance").and_then(|instance| desk.instances.get(instance));
    let other = instance.is_some_and(|name| !services.contains(name));
    // What an exporter says of another service carries the exporter's name.
    !(other && desk.site.asks_itself(&alert.name))
}
