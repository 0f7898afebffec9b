//! The key that signs what this person's runs showed, made on first use.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use app::prove::{PublicKey, Signer};

use crate::failure::{ENVIRONMENT, Failure, INPUT};
use crate::ui::Ui;

const KEY: &str = "key.pem";
const PUBLIC: &str = "key.pub.pem";

/// The key of a file, or the person's own, which is made when there is none.
pub(super) fn signer(file: Option<&Path>, ui: &Ui) -> Result<Signer, Failure> {
    if let Some(file) = file {
        return read(file, ui);
    }
    let folder = folder().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-config")))?;
    let file = folder.join(KEY);
    if file.exists() {
        return read(&file, ui);
    }
    let told = |error: std::io::Error| {
        let path = file.display().to_string();
        Failure::new(ENVIRONMENT, format!("{} ({error})", ui.words.with("error-write", &[("path", &path)])))
    };
    fs::create_dir_all(&folder).map_err(told)?;
    let signer = kept(&file, ui)?;
    fs::write(folder.join(PUBLIC), signer.public().to_pem()).map_err(told)?;
    Ok(signer)
}

/// The key of a file, which is made when it is not there.
pub(super) fn kept(file: &Path, ui: &Ui) -> Result<Signer, Failure> {
    if file.exists() {
        return read(file, ui);
    }
    let signer = Signer::new(chance().ok_or_else(|| Failure::new(ENVIRONMENT, ui.words.say("error-no-chance")))?);
    let told = |error: std::io::Error| {
        let path = file.display().to_string();
        Failure::new(ENVIRONMENT, format!("{} ({error})", ui.words.with("error-write", &[("path", &path)])))
    };
    let mut open = OpenOptions::new();
    // Nobody else may read it, not even for a moment.
    let mut written = open.write(true).create_new(true).mode(0o600).open(file).map_err(told)?;
    written.write_all(signer.to_pem().as_bytes()).map_err(told)?;
    ui.talk(&ui.words.with("prove-key-made", &[("path", &file.display().to_string())]));
    Ok(signer)
}

/// The keys that are believed: those of a file, or the person's own.
pub(super) fn trusted(file: Option<&Path>, ui: &Ui) -> Result<Vec<PublicKey>, Failure> {
    let own = || folder().map(|folder| folder.join(PUBLIC)).filter(|path| path.exists());
    let Some(file) = file.map(Path::to_owned).or_else(own) else { return Ok(Vec::new()) };
    let text = text(&file, ui)?;
    PublicKey::all_from_pem(&text).map_err(|_| no_key(&file, ui))
}

fn read(file: &Path, ui: &Ui) -> Result<Signer, Failure> {
    Signer::from_pem(&text(file, ui)?).map_err(|_| no_key(file, ui))
}

fn text(file: &Path, ui: &Ui) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| Failure::new(INPUT, format!("{} ({error})", no_key(file, ui).message)))
}

fn no_key(file: &Path, ui: &Ui) -> Failure {
    Failure::new(INPUT, ui.words.with("error-no-key", &[("path", &file.display().to_string())]))
}

/// `$XDG_CONFIG_HOME/preuve`, else `~/.config/preuve`.
#[expect(clippy::disallowed_methods, reason = "the room that reads the environment")]
fn folder() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")))?;
    Some(base.join("preuve"))
}

/// 32 bytes that nobody can guess.
pub(super) fn chance() -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    fs::File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).ok()?;
    Some(bytes)
}
