//! Monitored services under the protocol: what reacts to a kill is an alert that reaches our sink.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::desk::Desk;
use super::kills::{self, DELIVERED, Kill, Watched};
use super::seen::{Seen, about};
use super::site::{Alert, Site};
use super::told::Target;
use super::{baseline, times};
use crate::experiment::{Bench, Ground, Planned, Share, Sketch};
use crate::protocol::{Fault, FaultKind, Place, Reaction, Stop, Subject, Teeth};
use crate::say::{Say, say};
use crate::stack::Wrong;

/// Something is wrong while everything runs.
pub(super) const BASELINE: Place = Place("baseline");

/// A site whose monitoring is proved.
pub(crate) struct Watching {
    site: Site,
    seed: u64,
    sample: usize,
    /// Known once the services run.
    faults: OnceLock<Vec<Fault>>,
    stand_ins: OnceLock<Vec<Say>>,
}

impl Watching {
    /// # Errors
    /// With the reason why nothing can be tried.
    pub fn plan(ground: &Ground<'_>) -> Result<Vec<Self>, Say> {
        let new = |site| Self {
            site,
            seed: ground.seed,
            sample: ground.sample,
            faults: OnceLock::new(),
            stand_ins: OnceLock::new(),
        };
        Ok(Site::all(ground)?.into_iter().map(new).collect())
    }
}

impl Planned for Watching {
    fn sketch(&self) -> Sketch {
        let stand_ins = self.stand_ins.get().cloned().unwrap_or_default();
        Sketch { subject: self.site.compose.clone(), runs: self.site.lines(), skipped: self.site.left_out(), stand_ins }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.get().cloned().unwrap_or_default()
    }

    fn teeth(&self) -> Teeth {
        Teeth(100)
    }

    fn share(&self) -> Share {
        Share::Timed
    }

    fn set_up<'a>(&'a self, bench: &'a Bench<'a>) -> Result<Box<dyn Subject + 'a>, Stop> {
        let mut desk = Desk::lay(bench, &self.site)?;
        drop(self.stand_ins.set(desk.stand_ins.iter().cloned().collect()));
        let mut running = Running {
            wrong: None,
            kills: Vec::new(),
            now: Now::Nothing,
            known: BTreeMap::new(),
            judged: false,
            fired: BTreeSet::new(),
            notes: Vec::new(),
            desk: None,
        };
        match desk.up() {
            Ok(()) => self.meet(&mut desk, &mut running)?,
            Err(wrong) => running.wrong = Some(baseline::not_started(&desk, wrong)?),
        }
        let null = Fault {
            id: "null".into(),
            change: say!("asked-once-more"),
            kind: FaultKind::Null,
            detector: "alerts".into(),
            at: None,
            noticed_in: vec![DELIVERED],
        };
        let faults = std::iter::once(null).chain(running.kills.iter().map(|kill| kill.fault.clone()));
        drop(self.faults.set(faults.collect()));
        running.desk = Some(desk);
        Ok(Box::new(running))
    }
}

impl Watching {
    /// Waits for what is scraped, and finds what each alert watches.
    fn meet(&self, desk: &mut Desk<'_>, running: &mut Running<'_>) -> Result<(), Stop> {
        if let Some(reaction) = baseline::targets(desk, &mut running.notes)? {
            running.wrong = Some(reaction);
            return Ok(());
        }
        let targets: Vec<Target> = desk.targets()?;
        desk.meet(&targets);
        let mut all = Vec::new();
        for alert in self.site.alerts.iter().filter(|alert| alert.is_watching()) {
            if alert.wait > alert.bound() {
                let message = say!("waits-too-long", wait = alert.wait, most = alert.bound(), place = alert.place());
                running.wrong.get_or_insert(Reaction { detector: alert.detector(), place: BASELINE, message });
                continue;
            }
            match kills::watched(desk, alert, &targets)? {
                Watched::Groups(groups) => {
                    all.extend(kills::kills(desk, alert, &groups, self.within(alert), self.seed));
                }
                Watched::NoSeries(selector) if desk.left_out.is_empty() => {
                    let message = say!("watches-nothing", selector, place = alert.place());
                    running.wrong.get_or_insert(Reaction { detector: alert.detector(), place: BASELINE, message });
                }
                Watched::NoSeries(selector) => {
                    running.notes.push(say!(
                        "not-exercised-series",
                        alert = alert.name,
                        place = alert.place(),
                        selector
                    ));
                }
                Watched::Elsewhere(because) => {
                    running.notes.push(say!("not-exercised", alert = alert.name, place = alert.place(), because));
                }
            }
        }
        running.kills = kills::drawn(all, self.sample);
        if self.site.alerts.is_empty() {
            running.notes.push(say!("loads-no-alert", file = self.site.written));
        }
        Ok(())
    }

    fn within(&self, alert: &Alert) -> u64 {
        within(&self.site, alert)
    }
}

fn within(site: &Site, alert: &Alert) -> u64 {
    let told = site.times.divided(site.factor).told_within(times::divided(alert.wait, site.factor));
    // What the candidate promises is held to.
    let promised = alert.declared.as_ref().and_then(|(_, within)| *within).filter(|_| site.factor == 1);
    promised.map_or(told, |promised| told.min(u64::from(promised)))
}

/// What is broken now.
enum Now {
    Nothing,
    Null,
    /// Services, for the alert of this name.
    Killed(Vec<String>, String),
}

/// A site that runs.
struct Running<'a> {
    desk: Option<Desk<'a>>,
    /// What is wrong before anything is broken.
    wrong: Option<Reaction>,
    kills: Vec<Kill>,
    now: Now,
    /// What each alert did when these services were killed: they are killed once for all alerts that watch them.
    known: BTreeMap<Vec<String>, BTreeMap<String, Reaction>>,
    /// Whether the baseline was judged as a whole.
    judged: bool,
    /// Alerts that were seen firing.
    fired: BTreeSet<String>,
    notes: Vec<Say>,
}

impl Running<'_> {
    fn desk(&self) -> Result<&Desk<'_>, Stop> {
        self.desk.as_ref().ok_or_else(|| Stop(say!("nothing-runs")))
    }

    fn site(&self) -> Result<&Site, Stop> {
        Ok(self.desk()?.site)
    }

    fn baseline(&mut self) -> Result<Vec<Reaction>, Stop> {
        if let Some(wrong) = &self.wrong {
            return Ok(vec![wrong.clone()]);
        }
        let mut notes = Vec::new();
        let found =
            if self.judged { baseline::again(self.desk()?)? } else { baseline::first(self.desk()?, &mut notes)? };
        self.judged = true;
        self.notes.extend(notes);
        Ok(found.into_iter().collect())
    }

    /// Nothing is broken: no alert that watches a service may stir.
    fn undisturbed(&mut self) -> Result<Vec<Reaction>, Stop> {
        let desk = self.desk()?;
        let rounds = desk.site.times.divided(desk.site.factor).rounds().min(60);
        let mut stirred = None;
        desk.eventually(rounds, || {
            stirred = baseline::stirring(desk)?;
            Ok(stirred.is_some())
        })?;
        Ok(stirred.into_iter().collect())
    }

    /// Kills services, waits for every alert that watches them, starts them again and waits for the end of the alerts.
    fn kill(&mut self, services: &[String]) -> Result<BTreeMap<String, Reaction>, Stop> {
        let alerts: Vec<Alert> =
            self.kills.iter().filter(|kill| kill.services == services).map(|kill| kill.alert.clone()).collect();
        let desk = self.desk.as_mut().ok_or_else(|| Stop(say!("nothing-runs")))?;
        desk.forget()?;
        let start = desk.millis();
        services.iter().try_for_each(|name| desk.kill(name))?;
        let mut seen = Seen::default();
        let longest = alerts.iter().map(|alert| within(desk.site, alert)).max().unwrap_or(0);
        desk.eventually(longest, || {
            seen.look(desk, start, services)?;
            Ok(alerts.iter().all(|alert| seen.is_told(alert)))
        })?;
        let back = desk.millis();
        let mended = desk.mend(services).map_err(|wrong| match wrong {
            Wrong::Here(stop) => stop,
            Wrong::Subject(trouble) => Stop(say!("not-started-again", trouble)),
        });
        mended?;
        let over = desk.site.times.divided(desk.site.factor).over_within();
        let told: Vec<&Alert> = alerts.iter().filter(|alert| seen.told.contains_key(&alert.name)).collect();
        let mut ended = BTreeMap::new();
        desk.eventually(over, || {
            let now = desk.millis();
            for alert in desk.delivered()?.iter().filter(|alert| !alert.firing && about(alert, desk, services)) {
                ended.entry(alert.name.clone()).or_insert((now - back) / 1000);
            }
            Ok(told.iter().all(|alert| ended.contains_key(&alert.name)))
        })?;
        self.fired.extend(seen.fired.iter().cloned());
        let reactions = alerts.iter().filter_map(|alert| Some((alert.name.clone(), seen.reaction(alert, &ended)?)));
        Ok(reactions.collect())
    }
}

impl Subject for Running<'_> {
    fn observe(&mut self) -> Result<Vec<Reaction>, Stop> {
        let now = std::mem::replace(&mut self.now, Now::Nothing);
        match now {
            Now::Nothing => self.baseline(),
            Now::Null => self.undisturbed(),
            Now::Killed(services, alert) => {
                if !self.known.contains_key(&services) {
                    let reactions = self.kill(&services)?;
                    self.known.insert(services.clone(), reactions);
                }
                Ok(self.known.get(&services).and_then(|known| known.get(&alert)).cloned().into_iter().collect())
            }
        }
    }

    fn inject(&mut self, fault: &Fault) -> Result<(), Stop> {
        let kill = self.kills.iter().find(|kill| kill.fault.id == fault.id);
        self.now = match kill {
            Some(kill) => Now::Killed(kill.services.clone(), kill.alert.name.clone()),
            None => Now::Null,
        };
        Ok(())
    }

    /// A kill is mended where its end is observed.
    fn restore(&mut self) -> Result<(), Stop> {
        self.now = Now::Nothing;
        Ok(())
    }

    fn millis(&self) -> u64 {
        self.desk.as_ref().map_or(0, Desk::millis)
    }

    fn notes(&self) -> Vec<Say> {
        let mut notes = self.notes.clone();
        let Ok(desk) = self.desk() else { return notes };
        notes.extend(desk.notes.iter().cloned());
        notes.extend(desk.left_out.iter().map(|(name, because)| say!("not-run-here", name, because)));
        let tried: BTreeSet<&str> = self.kills.iter().map(|kill| &*kill.alert.name).collect();
        let others = self.site().map(|site| &site.alerts[..]).unwrap_or_default().iter();
        notes.extend(
            others
                .filter(|alert| !tried.contains(&*alert.name))
                .filter(|alert| self.fired.contains(&alert.name))
                .map(|alert| say!("fired-as-well", alert = alert.name, place = alert.place())),
        );
        notes
    }
}
