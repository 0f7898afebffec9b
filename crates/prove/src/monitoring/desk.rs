//! The monitored services as they run, and our observer among them: what it asks, and what is delivered to it.

use std::collections::{BTreeMap, BTreeSet};

use sandbox::{Command, Pull, eventually_by};
use serde_json::Value;

use super::laid;
use super::place;
use super::rewrite;
use super::site::Site;
use super::told::{self, Delivered, Labels, Rule, Target};
use crate::experiment::Bench;
use crate::output::{tail, text};
use crate::protocol::Stop;
use crate::say::{Say, say};
use crate::stack::{Images, Project, Stack, Wrong};
use crate::tree::Tree;

const PROGRAM: &str = include_str!("observer.py");
const FOLDER: &str = "/work/observer";
/// The most addresses that traffic is made for.
const VISITED: usize = 10;

/// Services that run, with their monitoring.
pub(super) struct Desk<'a> {
    bench: &'a Bench<'a>,
    pub site: &'a Site,
    stack: Stack<'a>,
    /// Services that are not run here, and why.
    pub left_out: BTreeMap<String, Say>,
    pub notes: Vec<Say>,
    pub stand_ins: BTreeSet<Say>,
    /// Where Prometheus and Alertmanager are asked.
    api: String,
    alerts: Option<String>,
    /// What each instance of a target is: the service that is asked or probed, or the name of another host.
    pub instances: BTreeMap<String, String>,
    seen: usize,
}

impl<'a> Desk<'a> {
    /// Builds the services and lays them out, with the configuration that is changed. Nothing runs yet.
    pub fn lay(bench: &'a Bench<'a>, site: &'a Site) -> Result<Self, Stop> {
        let mut notes = Vec::new();
        let (project, left_out) = laid::kept(bench, site)?;
        let tree = laid::changed(bench.tree, site, &mut notes)?;
        let mut images = Images::new(bench);
        let made = images.make(&tree, &project)?;
        let mut stack = Stack::new(bench, "monitored")?;
        stack.lay(&tree, &project, made)?;
        let address = |name: &str, port| project.services.get(name).map(|service| place::interface(service, port));
        let api = address(&site.prometheus, 9090).unwrap_or_default();
        let alerts = site.alertmanager.as_ref().and_then(|name| address(name, 9093));
        notes.extend(images.notes.iter().cloned());
        let stand_ins = images.stand_ins;
        let desk =
            Self { bench, site, stack, left_out, notes, stand_ins, api, alerts, instances: BTreeMap::new(), seen: 0 };
        desk.observe()?;
        Ok(desk)
    }

    /// Starts our sink, and a little traffic.
    fn observe(&self) -> Result<(), Stop> {
        let own = |name: &str| name == self.site.prometheus || Some(name) == self.site.alertmanager.as_deref();
        let services = self.stack.project().services.values().filter(|service| !own(&service.name));
        let ports = services.flat_map(|service| service.ports.iter().map(move |port| (&service.name, port)));
        let urls: Vec<String> =
            ports.filter(|(_, port)| !port.udp).map(|(name, port)| format!("http://{name}:{}/", port.inside)).collect();
        let line = format!(
            "mkdir -p {FOLDER} && cat >{FOLDER}/observer.py && : >{FOLDER}/delivered && \
             (setsid nohup python3 {FOLDER}/observer.py serve {port} \"$@\" >/dev/null 2>&1 &) && \
             for n in $(seq 50); do nc -z 127.0.0.1 {port} && exit 0; sleep 0.2; done; exit 1",
            port = rewrite::PORT
        );
        let words = ["sh".to_owned(), "-c".to_owned(), line, "sh".to_owned()];
        let command = Command::new(words.into_iter().chain(urls.into_iter().take(VISITED))).input(PROGRAM);
        if !self.stack.ask(&command)?.succeeded() {
            return Err(Stop(say!("no-sink")));
        }
        Ok(())
    }

    /// # Errors
    /// With what does not start.
    pub fn up(&mut self) -> Result<(), Wrong> {
        self.stack.up()
    }

    pub fn project(&self) -> &Project {
        self.stack.project()
    }

    pub fn tree(&self) -> &Tree {
        self.bench.tree
    }

    pub fn millis(&self) -> u64 {
        (self.bench.millis)()
    }

    /// Asks until the answer is yes or the time is over.
    pub fn eventually(&self, seconds: u64, question: impl FnMut() -> Result<bool, Stop>) -> Result<bool, Stop> {
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        eventually_by(self.bench.millis, seconds, question)
    }

    /// The service that carries a name on the network.
    pub fn service(&self, host: &str) -> Option<&str> {
        laid::named(self.stack.project(), host)
    }

    /// Keeps which instance is which service.
    pub fn meet(&mut self, targets: &[Target]) {
        let asked = |target: &Target| target.probed.clone().unwrap_or_else(|| target.host.clone());
        let name = |host: String| self.service(&host).map_or(host.clone(), ToOwned::to_owned);
        self.instances = targets.iter().map(|target| (target.instance.clone(), name(asked(target)))).collect();
    }

    /// What `promtool` finds wrong with the configuration.
    pub fn refused(&self) -> Result<Option<String>, Stop> {
        let check = Command::new(["promtool", "check", "config", &self.site.configuration]).seconds(120);
        let ended = self.stack.exec(&self.site.prometheus, check)?;
        match ended.status {
            // Without the program nothing is said.
            sandbox::Status::Exit(0 | 126 | 127) => Ok(None),
            sandbox::Status::Exit(_) => Ok(Some(tail(&text(&ended), 2))),
            other => Err(Stop(say!("no-promtool", other))),
        }
    }

    /// Asks addresses of Prometheus, all at once: what each answers, or what it says is wrong.
    pub fn ask(&self, paths: &[String]) -> Result<Vec<Result<Value, String>>, Stop> {
        let urls: Vec<String> = paths.iter().map(|path| format!("{}{path}", self.api)).collect();
        let answers = self.fetch(&urls)?;
        Ok(answers.into_iter().map(|(status, body)| told::data(status, &body)).collect())
    }

    fn fetch(&self, urls: &[String]) -> Result<Vec<(u64, String)>, Stop> {
        let input = serde_json::to_vec(urls).expect("texts are JSON");
        let command = Command::new(["python3", &format!("{FOLDER}/observer.py"), "ask"]).input(input);
        let ended = self.stack.ask(&command.seconds(120).output_bytes(32 << 20))?;
        let answers: Option<Vec<(u64, String)>> = serde_json::from_slice(&ended.stdout).ok();
        answers.ok_or_else(|| Stop(say!("observer-silent", told = tail(&text(&ended), 2))))
    }

    fn one(&self, path: &str) -> Result<Value, Stop> {
        let mut answers = self.ask(&[path.to_owned()])?;
        let answer = answers.pop().ok_or_else(|| Stop(say!("not-asked")))?;
        answer.map_err(|error| Stop(say!("no-answer-path", path, error)))
    }

    /// Whether Prometheus answers yet.
    pub fn answers(&self) -> Result<bool, Stop> {
        Ok(self.ask(&["/api/v1/status/runtimeinfo".to_owned()])?.pop().is_some_and(|answer| answer.is_ok()))
    }

    /// What is asked for metrics, save what is not run here.
    pub fn targets(&self) -> Result<Vec<Target>, Stop> {
        Ok(told::targets(&self.one("/api/v1/targets?state=active")?))
    }

    pub fn rules(&self) -> Result<Vec<Rule>, Stop> {
        Ok(told::rules(&self.one("/api/v1/rules")?))
    }

    /// The label sets of the series that each selector finds.
    pub fn series(&self, selectors: &[String]) -> Result<Vec<Vec<Labels>>, Stop> {
        let paths: Vec<String> =
            selectors.iter().map(|selector| format!("/api/v1/series?match[]={}", encoded(selector))).collect();
        let answers = self.ask(&paths)?;
        Ok(answers.into_iter().map(|answer| answer.map(|data| told::series(&data)).unwrap_or_default()).collect())
    }

    /// Whether each expression gives data, or why it cannot be asked.
    pub fn gives(&self, expressions: &[&str]) -> Result<Vec<Result<bool, String>>, Stop> {
        let paths: Vec<String> =
            expressions.iter().map(|expression| format!("/api/v1/query?query={}", encoded(expression))).collect();
        let answers = self.ask(&paths)?;
        Ok(answers.into_iter().map(|answer| answer.map(|data| !told::series(&data).is_empty())).collect())
    }

    /// How many Alertmanagers Prometheus sends its alerts to.
    pub fn alertmanagers(&self) -> Result<usize, Stop> {
        Ok(told::items(&self.one("/api/v1/alertmanagers")?["activeAlertmanagers"]).count())
    }

    /// The alerts that Alertmanager holds back because of others.
    pub fn inhibited(&self) -> Result<Vec<String>, Stop> {
        let Some(alerts) = &self.alerts else { return Ok(Vec::new()) };
        let answers = self.fetch(&[format!("{alerts}/api/v2/alerts")])?;
        let parsed = answers.first().and_then(|(_, body)| serde_json::from_str(body).ok()).unwrap_or_default();
        Ok(told::inhibited(&parsed))
    }

    /// What came to our sink since [`Desk::forget`].
    pub fn delivered(&self) -> Result<Vec<Delivered>, Stop> {
        let command = Command::sh(format!("sleep 1; tail -n +{} {FOLDER}/delivered", self.seen + 1)).seconds(180);
        Ok(told::delivered(&self.stack.ask(&command.output_bytes(16 << 20))?.text()))
    }

    /// What came until now is no longer told.
    pub fn forget(&mut self) -> Result<(), Stop> {
        let lines = self.stack.ask(&Command::sh(format!("wc -l <{FOLDER}/delivered")).seconds(180))?.text();
        self.seen = lines.trim().parse().unwrap_or(0);
        Ok(())
    }

    pub fn kill(&self, service: &str) -> Result<(), Stop> {
        self.stack.pull(service, Pull::Kill)
    }

    /// Starts again what was killed, and what ended of it.
    pub fn mend(&mut self, killed: &[String]) -> Result<(), Wrong> {
        let order: Vec<String> =
            self.stack.project().order().map_err(Stop)?.iter().map(|one| one.name.clone()).collect();
        for name in order {
            let state = self.stack.state(&name)?;
            let own = killed.contains(&name);
            if !state.running && (own || state.exit != 0) {
                self.stack.pull(&name, Pull::Start)?;
                if !own {
                    self.notes.push(say!("ended-with", name, service = killed.join(", ")));
                }
            }
        }
        killed.iter().try_for_each(|name| self.stack.ready(name))
    }

    /// What a program that did not start says is wrong, in the form of its family: `err="…"`.
    pub fn complaint(&self, service: &str) -> Option<String> {
        let logs = self.stack.logs(service, 16 << 10).ok()?;
        let told = logs.lines().rev().find_map(|line| line.split_once("err="))?.1;
        Some(tail(told.trim_matches('"'), 1))
    }

    /// The last words of a service.
    pub fn last_words(&self, service: &str) -> String {
        tail(&self.stack.logs(service, 8 << 10).unwrap_or_default(), 2)
    }
}

/// As a query of an address holds it.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
