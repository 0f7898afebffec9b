//! Members of a network of Podman. Its server of names listens at an address of this machine, which members must not
//! reach. So its networks have none: the list of hosts of every member names the others.

use std::fs;
use std::path::Path;

use super::{Dialect, Driver, line};
use crate::{Container, Failure, NetworkName};

/// Comes before what we write into a list of hosts.
const MARK: &str = "# The other members of the network.\n";

impl Driver {
    /// Makes what a container needs before its first program runs: the network without this machine, and the names in it.
    pub(super) fn enter(
        &self,
        container: &Container,
        network: &NetworkName,
        aliases: &[String],
    ) -> Result<(), Failure> {
        if self.dialect != Dialect::Podman {
            return Ok(());
        }
        self.must("start", &["init", &container.0])?;
        self.isolate(network)?;
        self.introduce(network, Some((container, aliases)))
    }

    /// Takes from the bridge every address of this machine: the engine makes it with the first member.
    fn isolate(&self, network: &NetworkName) -> Result<(), Failure> {
        let format = "{{.NetworkInterface}}";
        let bridge = line(&self.must("network", &["network", "inspect", "--format", format, &network.0])?);
        let argv = ["ip", "addr", "flush", "dev", &bridge].map(str::to_owned);
        self.outside("network", "host", &self.helper()?.0, &argv)
    }

    /// Tells every member the addresses of all.
    pub(super) fn introduce(&self, network: &NetworkName, new: Option<(&Container, &[String])>) -> Result<(), Failure> {
        let known = self.known().clone();
        let members = known.iter().filter(|(_, about)| about.network.as_ref() == Some(network));
        let mut members: Vec<(&Container, &[String])> =
            members.map(|(container, about)| (container, about.aliases.as_slice())).collect();
        members.extend(new.filter(|(new, _)| !known.contains_key(new)));
        let mut told = Vec::new();
        let mut lists = Vec::new();
        for (container, aliases) in members {
            let format = "{{.HostsPath}} {{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
            let seen = line(&self.must("inspect", &["inspect", "--format", format, &container.0])?);
            let mut words = seen.split_whitespace();
            // One that has ended, or was cut off, has neither.
            let (Some(list), Some(address)) = (words.next(), words.next()) else { continue };
            lists.push(list.to_owned());
            if !aliases.is_empty() {
                told.push(format!("{address} {}\n", aliases.join(" ")));
            }
        }
        lists.iter().try_for_each(|list| {
            let failed =
                |error: std::io::Error| Failure::Engine { action: "name members".into(), message: error.to_string() };
            let text = fs::read_to_string(list).map_err(failed)?;
            // Written in place: the container sees this very file.
            fs::write(Path::new(list), named(&text, &told)).map_err(failed)
        })
    }
}

/// A list of hosts with these members, and with no others that we had written. Pure.
fn named(text: &str, members: &[String]) -> String {
    let own = text.split(MARK).next().unwrap_or_default();
    format!("{own}{MARK}{}", members.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_once() {
        let first = named("127.0.0.1 localhost\n", &["10.0.0.2 db\n".into()]);
        assert_eq!(first, format!("127.0.0.1 localhost\n{MARK}10.0.0.2 db\n"));
        assert_eq!(named(&first, &["10.0.0.3 web\n".into()]), format!("127.0.0.1 localhost\n{MARK}10.0.0.3 web\n"));
    }
}
