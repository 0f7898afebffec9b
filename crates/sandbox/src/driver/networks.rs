//! Networks: among members with nothing beyond, and the one door to package registries.

use sha2::{Digest, Sha256};

use super::{Dialect, Driver, line, succeeded};
use crate::{Container, Failure, Network, NetworkName, Spec};

/// Names are answered by the engine for members; any other question fails at once instead of leaving the network.
const MEMBERS_DNS: [&str; 3] = ["--dns=127.0.0.1", "--dns-option=timeout:1", "--dns-option=attempts:1"];

/// Takes away the way to this machine: the gateway, its other addresses, and what clouds keep at link-local addresses.
const SHUT: &str = "set -e; gateway=$(ip -4 route show default | cut -d' ' -f3); \
    for address in $gateway 169.254.0.0/16 \"$@\"; do ip route replace unreachable \"$address\"; done";

impl Driver {
    /// The words that put a container on its network, and the network that it can be unplugged from.
    pub(super) fn network_words(&self, spec: &Spec, words: &mut Vec<String>) -> Result<Option<NetworkName>, Failure> {
        let name = if spec.alias.is_empty() { "sandbox" } else { &spec.alias };
        match &spec.network {
            Network::None => words.extend(["--network=none".to_owned(), format!("--hostname={name}")]),
            Network::Beside(other) => {
                if !self.known().contains_key(other) {
                    return Err(Failure::Refused(format!("the network of {}, which is not of this run", other.0)));
                }
                words.push(format!("--network=container:{}", other.0));
            }
            Network::Registries => words.push(format!("--network=container:{}", self.door()?.0)),
            Network::Members(network) => {
                words.extend([format!("--network={}", network.0), format!("--hostname={name}")]);
                if !spec.alias.is_empty() {
                    words.push(format!("--network-alias={}", spec.alias));
                }
                words.extend(spec.also.iter().map(|alias| format!("--network-alias={alias}")));
                words.extend(MEMBERS_DNS.map(str::to_owned));
                return Ok(Some(network.clone()));
            }
        }
        Ok(None)
    }

    /// An internal network. An internal bridge still has an address of this machine; it is taken from it, so that
    /// members reach each other and nothing else.
    pub(super) fn make_network(&self, name: &str) -> Result<NetworkName, Failure> {
        let full = self.named("a network", name)?;
        // Whoever had it may have left it: the name is this run's.
        let is_here = self.engine(&["network", "inspect", &full])?.succeeded();
        let bridge = if is_here { bridge(&full) } else { self.create_network(&full, true)? };
        if self.dialect == Dialect::Podman {
            // It makes the bridge with the first member, and each member sees to that.
            return Ok(NetworkName(full));
        }
        let helper = self.helper()?;
        let flush = ["ip", "addr", "flush", "dev", &bridge].map(str::to_owned);
        self.outside("network", "host", &helper.0, &flush)?;
        Ok(NetworkName(full))
    }

    /// The name on the engine of something of this run.
    pub(super) fn named(&self, what: &str, name: &str) -> Result<String, Failure> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 30 || !name.chars().all(plain) {
            return Err(Failure::Refused(format!("{what} named {name:?}")));
        }
        Ok(format!("preuve-{}-{name}", self.run.id()))
    }

    /// Makes a network, and tells the name of its bridge.
    fn create_network(&self, full: &str, internal: bool) -> Result<String, Failure> {
        let mut words: Vec<String> = ["network", "create"].map(str::to_owned).to_vec();
        words.extend(self.run.labels());
        if internal {
            words.push("--internal".into());
            if self.dialect == Dialect::Podman {
                words.push("--disable-dns".into());
            }
        }
        let bridge = bridge(full);
        if self.dialect == Dialect::Docker {
            words.extend(["--opt".to_owned(), format!("com.docker.network.bridge.name={bridge}")]);
        }
        words.push(full.to_owned());
        succeeded("network", self.engine_with(words, Vec::new(), super::PATIENCE, &mut || false)?)?;
        Ok(bridge)
    }

    /// The one container whose network reaches registries; what is prepared shares it.
    pub(super) fn door(&self) -> Result<Container, Failure> {
        let mut door = self.door.lock().expect("nothing panics while it is held");
        if let Some(door) = &*door {
            return Ok(door.clone());
        }
        let helper = self.helper()?;
        let full = self.named("a network", "registries")?;
        self.create_network(&full, false)?;
        let mut words: Vec<String> =
            ["run", "--detach", "--pull=never", "--init", "--log-driver=none", "--cap-drop=ALL"]
                .map(str::to_owned)
                .to_vec();
        words.extend(self.run.labels());
        words.extend(
            ["--read-only", "--security-opt=no-new-privileges", "--user=1000:1000", "--stop-timeout=1"]
                .map(str::to_owned),
        );
        words.extend([format!("--network={full}"), "--entrypoint=sleep".into(), helper.0.clone(), "infinity".into()]);
        let ran = succeeded("registries", self.engine_with(words, Vec::new(), super::PATIENCE, &mut || false)?)?;
        let container = Container(line(&ran));
        let mut shut = ["sh", "-c", SHUT, "shut"].map(str::to_owned).to_vec();
        shut.extend(addresses());
        self.outside("registries", &format!("container:{}", container.0), &helper.0, &shut)?;
        *door = Some(container.clone());
        Ok(container)
    }

    /// Runs a program of ours with the right to change a network, in that network's name space.
    pub(super) fn outside(&self, action: &str, network: &str, helper: &str, argv: &[String]) -> Result<(), Failure> {
        let mut words: Vec<String> =
            ["run", "--rm", "--pull=never", "--log-driver=none", "--read-only"].map(str::to_owned).to_vec();
        words.extend(self.run.labels());
        words.extend(["--cap-drop=ALL", "--cap-add=NET_ADMIN", "--security-opt=no-new-privileges"].map(str::to_owned));
        words.extend([format!("--network={network}"), helper.to_owned()]);
        words.extend(argv.iter().cloned());
        succeeded(action, self.engine_with(words, Vec::new(), super::PATIENCE, &mut || false)?).map(drop)
    }
}

/// A kernel takes at most fifteen letters.
fn bridge(full: &str) -> String {
    format!("pv{}", &hex::encode(Sha256::digest(full.as_bytes()))[..12])
}

/// The addresses of this machine, which a door must not open.
pub(crate) fn addresses() -> Vec<String> {
    local(&std::fs::read_to_string("/proc/net/fib_trie").unwrap_or_default())
}

fn local(trie: &str) -> Vec<String> {
    let mut found = std::collections::BTreeSet::new();
    let mut last = "";
    for line in trie.lines() {
        let line = line.trim();
        if let Some(leaf) = line.strip_prefix("|-- ") {
            last = leaf;
        } else if line.starts_with("/32 host LOCAL") && !last.starts_with("127.") {
            found.insert(last.to_owned());
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_this_machine() {
        let trie = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 192.0.2.2\n        /32 host LOCAL\n     |-- 192.0.2.255\n        /32 link BROADCAST\n";
        assert_eq!(local(trie), ["192.0.2.2"]);
    }

    #[test]
    fn a_bridge_has_a_short_name() {
        assert_eq!(bridge("preuve-r1-members").len(), 14);
        assert_ne!(bridge("a"), bridge("b"));
    }
}
