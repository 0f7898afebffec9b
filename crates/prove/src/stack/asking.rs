//! What is asked of a stack that runs, and done to its services from outside.

use std::collections::BTreeMap;

use sandbox::{Command, Container, Ended, Pull, State};

use super::{Project, Stack};
use crate::finding::At;
use crate::protocol::Stop;
use crate::say::say;

/// Where an application usually says how it is.
pub(crate) const PATHS: [&str; 6] = ["/", "/health", "/healthz", "/api/health", "/actuator/health", "/api"];

/// What an address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub status: u16,
    pub body: String,
}

impl Stack<'_> {
    /// Whether something listens at a port of a service, seen from its network.
    pub fn listens(&self, service: &str, port: u16) -> Result<bool, Stop> {
        let port = port.to_string();
        let command = Command::new(["nc", "-z", "-w", "2", service, &port]).seconds(5);
        Ok(self.bench.engine.exec(&self.prober, &command)?.succeeded())
    }

    /// What an address answers to a member of the network; none when nothing answers.
    pub fn probe(&self, url: &str) -> Result<Option<Answer>, Stop> {
        let words =
            ["curl", "--silent", "--max-time", "5", "--max-filesize", "900000", "--write-out", "\n%{http_code}", url];
        let ended = self.ask(&Command::new(words).seconds(10))?;
        let text = ended.text();
        let (body, code) = text.rsplit_once('\n').unwrap_or(("", &text));
        let status = code.trim().parse().unwrap_or(0);
        Ok((status > 0).then(|| Answer { status, body: body.to_owned() }))
    }

    /// The addresses of a project that answer well now, each with its service and where its port is written.
    pub fn answering(&self, project: &Project) -> Result<BTreeMap<String, (String, At)>, Stop> {
        let mut found = BTreeMap::new();
        for service in project.services.values() {
            for port in service.ports.iter().filter(|port| !port.udp) {
                for path in PATHS {
                    let url = format!("http://{}:{}{path}", service.name, port.inside);
                    let Some(answer) = self.probe(&url)? else { break };
                    if answer.status < 400 {
                        found.insert(url, (service.name.clone(), port.at.clone()));
                    }
                }
            }
        }
        Ok(found)
    }

    /// Runs a command of ours on the network: load, a query, a listener.
    pub fn ask(&self, command: &Command) -> Result<Ended, Stop> {
        Ok(self.bench.engine.exec(&self.prober, command)?)
    }

    /// Runs a command in a service, as its own user.
    pub fn exec(&self, service: &str, command: Command) -> Result<Ended, Stop> {
        Ok(self.bench.engine.exec(self.container(service)?, &command.as_service())?)
    }

    pub fn pull(&self, service: &str, action: Pull) -> Result<(), Stop> {
        Ok(self.bench.engine.pull(self.container(service)?, action)?)
    }

    pub fn state(&self, service: &str) -> Result<State, Stop> {
        Ok(self.bench.engine.state(self.container(service)?)?)
    }

    pub fn logs(&self, service: &str, bytes: u64) -> Result<String, Stop> {
        let bytes = self.bench.engine.logs(self.container(service)?, bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub fn container(&self, service: &str) -> Result<&Container, Stop> {
        self.running.get(service).ok_or_else(|| Stop(say!("service-not-started", service)))
    }
}
