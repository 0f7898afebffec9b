//! The hosts of one site and the container from which they are converged, on one internal network.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use sandbox::{Command, Container, Ended, Entry, Image, Limits, Network, NetworkName, Spec, layout};

use super::ansible;
use super::claim::Claim;
use super::damage::{self, Damage};
use super::kept::Kept;
use super::relay::{self, Relay};
use super::said::Said;
use super::site::{Site, What};
use super::snapshot::Snapshot;
use super::trusted;
use crate::experiment::Bench;
use crate::output::{tail, text};
use crate::protocol::{Fault, FaultKind, Stop};
use crate::say::say;

/// The image, and the name, of the container from which hosts are reached.
pub(crate) const CONTROL: &str = "control";
/// Where a host reads who may come in.
const AUTHORIZED: &str = "root/.ssh/authorized_keys";
/// Paths beside the usual ones that snapshots look at.
const WATCHED: usize = 200;
/// What a server of a small site has.
const HOST: Limits = Limits { milli_cpus: 1000, memory_bytes: 1 << 30, processes: 512, disk_bytes: 3 << 30 };

/// What became of hosts that were kept.
pub(crate) enum Resumed<'a> {
    Same(Farm<'a>),
    NotKept,
    /// The start alone made one another: the first difference.
    Otherwise(String),
}

/// Hosts that are up.
pub(crate) struct Farm<'a> {
    bench: &'a Bench<'a>,
    site: &'a Site,
    network: NetworkName,
    control: Container,
    hosts: BTreeMap<String, Container>,
    /// The converged state of each host, once it was kept.
    frozen: BTreeMap<String, Kept>,
    key: Vec<u8>,
    /// Paths that snapshots look at beside the usual ones.
    watched: Vec<String>,
    /// What the last damage changed, where it can be put back.
    told: Option<Vec<u8>>,
}

impl<'a> Farm<'a> {
    /// Starts fresh hosts, and lays out the commit where they are converged from: a container of the image `control`.
    pub fn raise(bench: &'a Bench<'a>, site: &'a Site, control: &str) -> Result<Self, Stop> {
        let mut farm = Self::found(bench, site, control)?;
        let fresh = (bench.image)(site.image())?;
        for name in &site.hosts {
            let host = farm.boot(name, &fresh)?;
            farm.hosts.insert(name.clone(), host);
        }
        farm.hosts.keys().try_for_each(|name| farm.reach(name))?;
        if let What::Local(local) = &site.what {
            farm.names().iter().try_for_each(|name| farm.lay(name, &local.root(), &farm.files()))?;
        }
        Ok(farm)
    }

    /// The same hosts as an earlier subject of this run kept them after their first run of the code, started again. What is laid
    /// on them now is kept with their state, as it is on fresh hosts.
    pub fn resume(bench: &'a Bench<'a>, site: &'a Site, control: &str) -> Result<Resumed<'a>, Stop> {
        let Some(kept) = bench.shelf.take(&key(bench, site)?) else { return Ok(Resumed::NotKept) };
        let mut farm = Self::found(bench, site, control)?;
        farm.frozen = kept.iter().map(|(name, state)| (name.clone(), Kept::again(state))).collect();
        kept.keys().try_for_each(|name| farm.restart(name))?;
        farm.frozen.clear();
        for (name, state) in &kept {
            let differences = state.held.differences(&farm.snapshot(name)?, None);
            // We come with a key of our own each time.
            let another = |line: &String| *line != format!("file /{AUTHORIZED}");
            if let Some(difference) = differences.into_iter().find(another) {
                farm.leave()?;
                return Ok(Resumed::Otherwise(format!("{name}: {difference}")));
            }
        }
        Ok(Resumed::Same(farm))
    }

    /// Keeps the state of every host, for this subject and for those of this run that want the same.
    pub fn shelve(&mut self) -> Result<(), Stop> {
        self.keep()?;
        let mut held = self.snapshots()?;
        let kept = self.frozen.iter().filter_map(|(name, kept)| Some((name.clone(), kept.state(held.remove(name)?))));
        self.bench.shelf.put(key(self.bench, self.site)?, kept.collect());
        Ok(())
    }

    /// Removes the hosts and what they are reached from.
    pub fn leave(self) -> Result<(), Stop> {
        self.hosts.values().chain([&self.control]).try_for_each(|one| Ok(self.bench.engine.remove(one)?))
    }

    /// The place from which hosts are reached, without any yet.
    fn found(bench: &'a Bench<'a>, site: &'a Site, control: &str) -> Result<Self, Stop> {
        let network = bench.engine.network("hosts")?;
        let limits = Limits { memory_bytes: 4 << 30, ..Limits::LARGE };
        let spec = Spec::guarded(&(bench.image)(control)?)
            .alias(CONTROL)
            .network(Network::Members(network.clone()))
            .limits(limits)
            .writable(layout::WORK, limits.memory_bytes / 2)
            .writable("/tmp", limits.memory_bytes / 8);
        let control = bench.engine.start(&spec)?;
        let (hosts, frozen) = (BTreeMap::new(), BTreeMap::new());
        let mut farm =
            Self { bench, site, network, control, hosts, frozen, key: Vec::new(), watched: Vec::new(), told: None };
        farm.lay_out()?;
        Ok(farm)
    }

    fn lay_out(&mut self) -> Result<(), Stop> {
        self.bench.engine.put(&self.control, &ansible::repository(self.site), &self.files())?;
        self.bench.engine.put(&self.control, ansible::OURS, &ansible::files(self.site))?;
        let home = layout::HOME;
        let key = format!("mkdir -p {home} && ssh-keygen -q -t ed25519 -N '' -f {home}/key && cat {home}/key.pub");
        let ended = self.run(&Command::sh(key))?;
        if !ended.succeeded() {
            return Err(Stop(say!("no-host-key", told = ended.error_text())));
        }
        self.key = ended.stdout;
        Ok(())
    }

    /// The files of the commit.
    pub fn files(&self) -> Vec<Entry> {
        self.bench.tree.entries()
    }

    fn boot(&self, name: &str, image: &Image) -> Result<Container, Stop> {
        let proxy = format!(
            "#clear DPkg::Post-Invoke;\nAcquire::http::Proxy \"http://{CONTROL}:{}\";\nAcquire::Retries \"0\";\n\
             Acquire::http::Timeout \"130\";\n",
            relay::PORT
        );
        let files = vec![
            Entry::file("etc/apt/apt.conf.d/99preuve", proxy),
            // A host that loses its power is thrown away: nothing has to reach a disk before the next step.
            Entry::file("etc/dpkg/dpkg.cfg.d/99preuve", "force-unsafe-io\n"),
            Entry::file(AUTHORIZED, self.key.clone()),
        ];
        let network = Network::Members(self.network.clone());
        Ok(self.bench.engine.start(&Spec::host(image).alias(name).network(network).limits(HOST).files(files))?)
    }

    /// Waits until a host lets us in and has ended its start.
    fn reach(&self, name: &str) -> Result<(), Stop> {
        let knock = format!(
            "for n in $(seq 60); do ssh -i {home}/key -o BatchMode=yes -o ConnectTimeout=2 -o StrictHostKeyChecking=no \
             -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@{name} \
             'timeout 60 systemctl is-system-running --wait >/dev/null; true' && exit 0; sleep 0.5; done; exit 1",
            home = layout::HOME
        );
        let ended = self.run(&Command::sh(knock).seconds(240))?;
        if ended.succeeded() {
            return Ok(());
        }
        Err(Stop(say!("host-not-reached", name, told = ended.error_text())))
    }

    /// The relay that brings hosts their packages while they are prepared.
    pub fn relay(&self) -> Result<Relay<'a>, Stop> {
        Relay::start(self.bench, &self.control)
    }

    /// Converges all hosts once.
    pub(super) fn converge(&self) -> Result<Said, Stop> {
        match &self.site.what {
            What::Local(local) => local.converge(self),
            What::Playbook | What::Role => self.play(),
        }
    }

    /// Whether a run says of each change which task made it.
    pub fn ascribes(&self) -> bool {
        matches!(self.site.what, What::Playbook | What::Role)
    }

    /// What the code keeps true, by its own word after a run.
    pub(super) fn claims(&self, said: &Said) -> Result<Vec<Claim>, Stop> {
        match &self.site.what {
            What::Local(local) => local.claims(self),
            What::Playbook | What::Role => Ok(said.claims.clone()),
        }
    }

    fn play(&self) -> Result<Said, Stop> {
        let ended = self.run(&ansible::converge(self.site, &|path| self.bench.tree.has(path)))?;
        match Said::read(&ended.text(), &ansible::repository(self.site)) {
            Some(said) if !said.unreachable => Ok(said),
            Some(_) => Err(Stop(say!("a-host-not-reached"))),
            None => Err(Stop(say!("run-not-begun", status = ended.status, told = tail(&text(&ended), 3)))),
        }
    }

    /// The text of a file of the commit.
    pub fn read(&self, path: &str) -> Option<String> {
        self.bench.tree.text(path).map(ToOwned::to_owned)
    }

    /// In the control container.
    pub fn run(&self, command: &Command) -> Result<Ended, Stop> {
        Ok(self.bench.engine.exec(&self.control, command)?)
    }

    /// Whether what our own commands on a host rest on is as in its image.
    pub fn trust(&self, host: &str) -> Result<(), Stop> {
        trusted::check(self.bench.engine, self.host(host)?)
    }

    pub fn on(&self, host: &str, command: &Command) -> Result<Ended, Stop> {
        Ok(self.bench.engine.exec(self.host(host)?, command)?)
    }

    fn host(&self, name: &str) -> Result<&Container, Stop> {
        self.hosts.get(name).ok_or_else(|| Stop(say!("not-a-host", name)))
    }

    pub fn names(&self) -> Vec<String> {
        self.hosts.keys().cloned().collect()
    }

    /// Lays files on a host, where tests that run there find them.
    pub fn lay(&self, host: &str, folder: &str, files: &[Entry]) -> Result<(), Stop> {
        Ok(self.bench.engine.put(self.host(host)?, folder, files)?)
    }

    /// Gives a host a program, or a folder of one, that our control image has below `/usr`: there it lies below `/usr/local`.
    pub fn equip(&self, host: &str, path: &str) -> Result<(), Stop> {
        let mut taken = self.bench.engine.get(&self.control, &format!("/usr/{path}"), 64 << 20)?.entries;
        if taken.is_empty() {
            return Err(Stop(say!("not-in-image", path)));
        }
        for entry in &mut taken {
            if let sandbox::What::File { executable, .. } = &mut entry.what {
                *executable = true;
            }
        }
        let single = taken.len() == 1 && path.ends_with(&*taken[0].path);
        let folder = if single { path.rsplit_once('/').map_or("", |(above, _)| above) } else { path };
        self.lay(host, &format!("/usr/local/{folder}"), &taken)
    }

    pub fn snapshots(&self) -> Result<BTreeMap<String, Snapshot>, Stop> {
        self.hosts.keys().map(|name| Ok((name.clone(), self.snapshot(name)?))).collect()
    }

    pub fn snapshot(&self, host: &str) -> Result<Snapshot, Stop> {
        Snapshot::take(self.bench.engine, self.host(host)?, &self.watched)
    }

    /// Has every snapshot from now on look at the files of these claims, wherever they lie.
    pub fn watch(&mut self, claims: &[Claim]) {
        let files = claims.iter().filter(|claim| claim.name.starts_with('/') && claim.kind.is_of_a_file());
        let paths: std::collections::BTreeSet<&String> = files.map(|claim| &claim.name).collect();
        self.watched = paths.into_iter().take(WATCHED).cloned().collect();
    }

    /// Every host as it was when it was first asked for: from then on, fresh ones are made from what was kept of them.
    pub fn renew(&mut self) -> Result<(), Stop> {
        if self.frozen.is_empty() {
            return self.keep();
        }
        self.names().iter().try_for_each(|name| self.restart(name))
    }

    /// Keeps the state of every host, so that each fault costs only its difference.
    fn keep(&mut self) -> Result<(), Stop> {
        if self.frozen.is_empty() {
            for (name, host) in &self.hosts {
                self.frozen.insert(name.clone(), Kept::of(self.bench.engine, host)?);
            }
        }
        Ok(())
    }

    /// Keeps the state, and does what a fault says: to the host of its claim, or elsewhere when nothing is claimed. Says what
    /// is damaged now.
    pub fn inflict(
        &mut self,
        damages: &[Damage],
        fault: &Fault,
        elsewhere: Option<String>,
    ) -> Result<Option<Claim>, Stop> {
        self.keep()?;
        let claim = damage::claim(damages, fault);
        let host = claim.as_ref().map(|claim| claim.host.clone()).or(elsewhere);
        let host = host.ok_or_else(|| Stop(say!("no-host")))?;
        self.trust(&host)?;
        self.told = match claim.as_ref().and_then(damage::tell) {
            Some(tell) => Some(self.on(&host, &tell)?).filter(Ended::succeeded).map(|ended| ended.stdout),
            None => None,
        };
        let ended = self.on(&host, &claim.as_ref().map_or_else(damage::nothing, damage::command))?;
        if !ended.succeeded() {
            return Err(Stop(say!("not-damaged", change = fault.change, told = ended.error_text().trim())));
        }
        Ok(claim.filter(|_| fault.kind != FaultKind::Null))
    }

    /// Takes the last damage of a host back, if there is a way, and waits until all listens that did before. Says whether that
    /// could be done: what the host is like then is not said.
    pub fn undo(&self, claim: &Claim) -> Result<bool, Stop> {
        let Some(undo) = self.told.clone().and_then(|told| damage::undo(claim, told)) else { return Ok(false) };
        self.trust(&claim.host)?;
        if !self.on(&claim.host, &undo)?.succeeded() {
            return Ok(false);
        }
        self.awaken(&claim.host)?;
        Ok(true)
    }

    fn awaken(&self, name: &str) -> Result<(), Stop> {
        self.frozen.get(name).map_or(Ok(()), |kept| kept.awaken(self.bench.engine, self.host(name)?))
    }

    /// Starts one host again from its kept state.
    pub fn restart(&mut self, name: &str) -> Result<(), Stop> {
        let image = self.frozen.get(name).map(|kept| kept.image.clone());
        let image = image.ok_or_else(|| Stop(say!("state-not-kept", name)))?;
        if let Some(host) = self.hosts.remove(name) {
            self.bench.engine.remove(&host)?;
        }
        let host = self.boot(name, &image)?;
        self.hosts.insert(name.to_owned(), host);
        self.reach(name)?;
        self.awaken(name)
    }

    pub fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    /// A number below another one, drawn for this purpose by what no subject knows.
    pub fn drawn(&self, purpose: &str, below: u8) -> u8 {
        Sha256::digest(format!("{} {purpose}", self.bench.nonce))[0] % below
    }
}

/// Names what hosts are once this code has converged them: the commit, all that decides a run, and the image they began from.
fn key(bench: &Bench<'_>, site: &Site) -> Result<String, Stop> {
    Ok(format!("{} {} {site:?}", bench.tree.commit, (bench.image)(site.image())?.0))
}
