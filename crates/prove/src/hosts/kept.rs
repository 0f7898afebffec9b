//! A converged host as it was kept: its state, and what listened on it, since a service that systemd has started may need a
//! while until it answers.

use sandbox::{Container, Engine, Image};

use super::snapshot::Snapshot;
use super::trusted;
use crate::protocol::Stop;
use crate::shelf::State;

/// Half seconds for which a host that was started again is waited for.
const PATIENCE: u32 = 180;
/// The first of the ports that the kernel gives out by itself: who listens there listens elsewhere the next time.
const GIVEN_OUT: u16 = 32_768;

pub(super) struct Kept {
    pub image: Image,
    /// Addresses such as `0.0.0.0:80`, a line each.
    listening: String,
}

impl Kept {
    pub fn of(engine: &dyn Engine, host: &Container) -> Result<Self, Stop> {
        // What is kept is what later changes are seen against.
        trusted::check(engine, host)?;
        let told = engine.exec(host, &trusted::shell("ss -Hltn").seconds(30))?;
        let addresses = told.text();
        let known = addresses.lines().filter_map(|line| line.split_whitespace().nth(3)).filter(|one| is_chosen(one));
        Ok(Self { image: engine.freeze(host)?, listening: known.collect::<Vec<_>>().join("\n") })
    }

    /// What another subject needs to start the same host, which held this.
    pub fn state(&self, held: Snapshot) -> State {
        State { image: self.image.clone(), listening: self.listening.clone(), held }
    }

    pub fn again(state: &State) -> Self {
        Self { image: state.image.clone(), listening: state.listening.clone() }
    }

    /// Waits until all listens again; what does not is for the tests to say.
    pub fn awaken(&self, engine: &dyn Engine, host: &Container) -> Result<(), Stop> {
        let script = format!(
            "set -f; for n in $(seq {PATIENCE}); do ss -Hltn >/run/listening; missing=; \
             for one in $LISTENING; do grep -qF -e \" $one \" /run/listening || missing=$one; done; \
             [ -z \"$missing\" ] && break; sleep 0.5; done"
        );
        engine.exec(host, &trusted::shell(script).env("LISTENING", &self.listening).seconds(PATIENCE))?;
        Ok(())
    }
}

fn is_chosen(address: &str) -> bool {
    address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()).is_some_and(|port| port < GIVEN_OUT)
}

#[cfg(test)]
mod tests {
    use super::is_chosen;

    #[test]
    fn ports_that_somebody_chose() {
        for address in ["0.0.0.0:80", "*:9090", "[::]:5432", "127.0.0.1%lo:53"] {
            assert!(is_chosen(address), "{address}");
        }
        for address in ["0.0.0.0:41873", "0.0.0.0:*", ""] {
            assert!(!is_chosen(address), "{address}");
        }
    }
}
