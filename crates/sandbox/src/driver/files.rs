//! Files into a container and out of it, as archives over the streams of a command.

use super::Driver;
use crate::archive::{pack, shown, unpack};
use crate::process::{Bounds, Cut};
use crate::{Command, Container, Entry, Failure, Kind, Taken, layout};

/// What an archive takes beyond the files in it: headers and padding, for each of them and at its end.
const ENVELOPE: u64 = 4 << 20;
const SECONDS: u32 = 120;

impl Driver {
    pub(super) fn put_in(&self, container: &Container, folder: &str, files: &[Entry]) -> Result<(), Failure> {
        let user = match self.about(container)?.kind {
            Kind::Guarded | Kind::Preparing => layout::USER,
            Kind::Host | Kind::Service => 0,
        };
        let archive = pack(files, user)?;
        let line = "mkdir -p -- \"$1\" && exec tar -xf - --no-same-owner -C \"$1\"";
        let command = Command::new(["sh", "-c", line, "put", folder]).directory("/").user(user).input(archive);
        let ended = self.exec_in(container, &command.seconds(SECONDS))?;
        if ended.succeeded() {
            return Ok(());
        }
        let message = format!("{}: {}", ended.status, shown(ended.error_text().lines().next().unwrap_or_default()));
        Err(Failure::Engine { action: format!("put {}", shown(folder)), message })
    }

    /// The reading stops at the bound, and the container lives on: what is too large is an answer, not an attack.
    pub(super) fn get_from(&self, container: &Container, path: &str, max_bytes: u64) -> Result<Taken, Failure> {
        let user = match self.about(container)?.kind {
            Kind::Guarded => layout::USER,
            Kind::Preparing | Kind::Host | Kind::Service => 0,
        };
        let path = path.trim_end_matches('/');
        let (folder, name) = path
            .rsplit_once('/')
            .filter(|(_, name)| !name.is_empty() && *name != "..")
            .ok_or_else(|| Failure::Refused(format!("the path {}", shown(path))))?;
        let folder = if folder.is_empty() { "/" } else { folder };
        let mut words = vec!["exec".to_owned(), format!("--user={user}:{user}"), container.0.clone()];
        words.extend(["tar", "-cf", "-", "--format=gnu", "-C", folder, "--", name].map(str::to_owned));
        let bounds = Bounds { seconds: SECONDS, bytes: max_bytes.saturating_mul(2).saturating_add(ENVELOPE) };
        let ran = self.engine_with(words, Vec::new(), bounds, &mut || false)?;
        match (ran.cut, ran.code) {
            (None, Some(0)) => {
                let mut taken = unpack(&ran.stdout, name, max_bytes)?;
                // The archiver leaves sockets out by itself.
                let told = String::from_utf8_lossy(&ran.stderr).into_owned();
                let sockets =
                    told.lines().filter_map(|line| line.strip_prefix("tar: ")?.strip_suffix(": socket ignored"));
                taken.refused.extend(sockets.map(|path| format!("{}: a socket", shown(path))));
                taken.refused.sort();
                Ok(taken)
            }
            (Some(Cut::Flood), _) => Err(Failure::Refused(format!("{}: too large", shown(name)))),
            _ => Err(Failure::Engine { action: format!("get {}", shown(path)), message: ran.complaint() }),
        }
    }
}
