//! The key with which an installation signs what it proves: whether it is where it is looked for, and can be read.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::beside::PROVE_KEY;
use crate::prove::Signer;

/// What is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProverKey {
    /// Proofs were signed here, and no key is in this folder. It may lie with a process on another machine.
    Missing,
    /// It is there, and nothing can be signed with it.
    Unreadable(String),
    /// Others may read it.
    Open(String),
}

impl ProverKey {
    /// Whether something is wrong, rather than worth knowing.
    pub fn is_wrong(&self) -> bool {
        *self != Self::Missing
    }

    /// The end of the message's name, and its particular.
    pub(super) fn said(&self) -> (&'static str, &str) {
        match self {
            Self::Missing => ("missing", PROVE_KEY),
            Self::Unreadable(what) => ("unreadable", what),
            Self::Open(what) => ("open", what),
        }
    }

    #[cfg(test)]
    pub(super) fn samples() -> [Self; 3] {
        [Self::Missing, Self::Unreadable("x".to_owned()), Self::Open("x".to_owned())]
    }
}

/// Looks at the key of an installation, where some key of it is believed or one lies there.
pub(super) fn examine(data: &Path, believed: bool) -> Option<ProverKey> {
    let path = data.join(PROVE_KEY);
    let shown = path.display();
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return believed.then_some(ProverKey::Missing),
        Err(error) => return Some(ProverKey::Unreadable(format!("{shown}: {error}"))),
        Ok(text) => text,
    };
    if Signer::from_pem(&text).is_err() {
        return Some(ProverKey::Unreadable(shown.to_string()));
    }
    let open = fs::metadata(&path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
    open.then(|| ProverKey::Open(shown.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_there_readable_and_nobody_elses() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join(PROVE_KEY);
        let name = path.display().to_string();
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is ours");
        assert_eq!(examine(dir.path(), false), None, "nothing was ever proven here");
        assert_eq!(examine(dir.path(), true), Some(ProverKey::Missing));
        fs::write(&path, Signer::new([7; 32]).to_pem()).expect("it is written");
        mode(0o644);
        assert_eq!(examine(dir.path(), true), Some(ProverKey::Open(name.clone())));
        mode(0o600);
        assert_eq!((examine(dir.path(), true), examine(dir.path(), false)), (None, None));
        fs::write(&path, "cut sho").expect("it is written");
        assert_eq!(examine(dir.path(), false), Some(ProverKey::Unreadable(name)), "its text is not told");
        fs::remove_file(&path).expect("it is ours");
        fs::create_dir(&path).expect("a folder in its place");
        assert!(matches!(examine(dir.path(), true), Some(ProverKey::Unreadable(_))));
    }
}
