//! What alerts do after a kill: pending, firing, delivered, held back, over.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::kills::DELIVERED;
use super::site::Alert;
use super::told::Delivered;
use crate::protocol::{Place, Reaction, Stop};

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
                let pending = self.pending.get(name).map_or(String::new(), |at| format!("pending after {at} s, "));
                let firing = self.firing.get(name).map_or(String::new(), |at| format!("firing after {at} s, "));
                let text = format!(
                    "{pending}{firing}delivered to {receiver} after {after} s; its end {end} s after the return"
                );
                (own, DELIVERED, text)
            }
            (None, _, Some(after)) if self.held.contains(name) => {
                (own, DELIVERED, format!("firing after {after} s, held back because another alert was delivered"))
            }
            (Some((after, receiver)), None, _) => {
                let text = format!("delivered to {receiver} after {after} s, and its end was not");
                (format!("{own} is delivered, and its end is not"), LASTING, text)
            }
            (None, _, Some(after)) => {
                (format!("{own} fires and is delivered to nobody"), FIRING, format!("firing after {after} s"))
            }
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
