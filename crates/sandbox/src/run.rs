//! One run and its owner: the labels that everything made for it carries.

use std::fs;

use sha2::{Digest, Sha256};

use crate::Failure;

/// The label that names the run.
pub(crate) const RUN: &str = "preuve.run";
/// The label that names the process that holds it.
pub(crate) const OWNER: &str = "preuve.owner";

/// A run: everything that it makes is found again by its id, and by whether its owner lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub(crate) id: String,
    pub(crate) owner: Owner,
    secret: [u8; 32],
}

impl Run {
    /// A run of this process. `chance` is what no subject can guess; it seeds the nonces.
    ///
    /// # Errors
    /// When the id is not made of lowercase letters, digits and hyphens, or the process cannot be identified.
    pub fn new(id: &str, chance: &[u8]) -> Result<Self, Failure> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || id.len() > 40 || !id.chars().all(plain) || id.starts_with('-') {
            return Err(Failure::Refused(format!("a run named {id:?}")));
        }
        Ok(Self { id: id.to_owned(), owner: Owner::this()?, secret: Sha256::digest(chance).into() })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// A word for this purpose that the subject cannot have known before it was given.
    pub fn nonce(&self, purpose: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.secret);
        hash.update(purpose.as_bytes());
        hex::encode(hash.finalize())[..32].to_owned()
    }

    pub(crate) fn labels(&self) -> Vec<String> {
        let labels = [format!("{RUN}={}", self.id), format!("{OWNER}={}", self.owner)];
        labels.into_iter().flat_map(|label| ["--label".to_owned(), label]).collect()
    }
}

/// A process, told apart from another that has the same number later, after a restart, or in another container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pid: u32,
    /// When it started, in ticks since the machine did.
    started: u64,
    /// The first letters of the machine's boot id.
    boot: String,
    /// The name space in which the number means something.
    space: String,
}

/// Whether an owner still lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    Alive,
    Dead,
    /// It is counted elsewhere: another machine, or another name space.
    Elsewhere,
}

impl Owner {
    fn this() -> Result<Self, Failure> {
        let pid = std::process::id();
        let unknown = || Failure::Absent("/proc does not tell which process this is".into());
        Ok(Self {
            pid,
            started: started(pid).ok_or_else(unknown)?,
            boot: boot().ok_or_else(unknown)?,
            space: space().ok_or_else(unknown)?,
        })
    }

    pub(crate) fn read(label: &str) -> Option<Self> {
        let mut parts = label.split(':');
        let owner = Self {
            pid: parts.next()?.parse().ok()?,
            started: parts.next()?.parse().ok()?,
            boot: parts.next()?.to_owned(),
            space: parts.next()?.to_owned(),
        };
        parts.next().is_none().then_some(owner)
    }

    pub(crate) fn life(&self) -> Life {
        match (boot(), space()) {
            (Some(boot), _) if boot != self.boot => Life::Dead,
            (_, Some(space)) if space == self.space => {
                if started(self.pid) == Some(self.started) {
                    Life::Alive
                } else {
                    Life::Dead
                }
            }
            _ => Life::Elsewhere,
        }
    }
}

impl std::fmt::Display for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}:{}", self.pid, self.started, self.boot, self.space)
    }
}

/// The start time of a process that is neither gone nor a zombie.
fn started(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name is in parentheses and may hold anything; the fields are counted after it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    if matches!(fields.first(), Some(&("Z" | "X"))) {
        return None;
    }
    fields.get(19)?.parse().ok()
}

fn boot() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.chars().filter(char::is_ascii_hexdigit).take(12).collect())
}

fn space() -> Option<String> {
    let link = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(link.to_str()?.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_lives_while_its_process_does() {
        let this = Owner::this().unwrap();
        assert_eq!(this.life(), Life::Alive);
        assert_eq!(Owner::read(&this.to_string()), Some(this.clone()));
        assert_eq!(Owner { started: this.started + 1, ..this.clone() }.life(), Life::Dead, "a reused number");
        assert_eq!(Owner { boot: "0".repeat(12), ..this.clone() }.life(), Life::Dead, "before a restart");
        assert_eq!(Owner { space: "1".into(), ..this }.life(), Life::Elsewhere);
        assert_eq!(Owner::read("1:2:3"), None);
        assert_eq!(Owner::read("1:2:3:4:5"), None);
    }

    #[test]
    fn nonces_depend_on_chance_and_purpose() {
        let run = |chance: &[u8]| Run::new("r1", chance).unwrap();
        assert_eq!(run(b"a").nonce("x"), run(b"a").nonce("x"));
        assert_ne!(run(b"a").nonce("x"), run(b"b").nonce("x"));
        assert_ne!(run(b"a").nonce("x"), run(b"a").nonce("y"));
    }

    #[test]
    fn a_run_has_a_plain_name() {
        for name in ["", "A", "a b", "-rm", "a/b", "é"] {
            assert!(Run::new(name, b"").is_err(), "{name}");
        }
    }
}
