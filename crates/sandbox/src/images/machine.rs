//! What images take from this machine: where packages come from, whom to trust, and where to keep things.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::Failure;

/// What is read from the machine once, at the start.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Where contexts and locks are kept.
    pub cache: PathBuf,
    /// A registry that has published images, when one is reached: `docker.io`, `registry.example.org/mirror`.
    pub registry: Option<String>,
    authorities: Vec<u8>,
    /// Debian's own sources and what this machine says of fetching.
    apt: Vec<(String, Vec<u8>)>,
}

const AUTHORITIES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
/// What is used where the machine is not a Debian 12.
const SOURCES: &str = "Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\
    Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n";

impl Machine {
    /// Reads this machine. Nothing is written until an image is built.
    pub fn read(cache: PathBuf, registry: Option<String>) -> Self {
        let authorities = AUTHORITIES.iter().find_map(|path| fs::read(path).ok()).unwrap_or_default();
        let mut apt: Vec<(String, Vec<u8>)> = Vec::new();
        for (folder, ending) in [("sources.list.d", "sources"), ("apt.conf.d", "")] {
            for path in listed(&Path::new("/etc/apt").join(folder)) {
                let Ok(text) = fs::read_to_string(&path) else { continue };
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let ours = if folder == "apt.conf.d" {
                    text.contains("Acquire::") && !name.starts_with("docker-")
                } else {
                    name.ends_with(ending) && text.contains("debian-archive-keyring") && text.contains("bookworm")
                };
                if ours {
                    apt.push((format!("apt/{folder}/{name}"), text.into_bytes()));
                }
            }
        }
        if !apt.iter().any(|(path, _)| path.contains("/sources.list.d/")) {
            apt.push(("apt/sources.list.d/debian.sources".into(), SOURCES.into()));
        }
        Self { cache, registry, authorities, apt }
    }

    /// What the recipe `base` copies.
    pub(super) fn context(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = self.apt.clone();
        files.push(("ca.crt".into(), self.authorities.clone()));
        files
    }

    /// Where Debian's packages come from.
    pub(super) fn mirror(&self) -> String {
        let texts = self.apt.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
        let uris: Vec<String> = texts
            .flat_map(|text| {
                let uris = text.lines().filter_map(|line| line.strip_prefix("URIs:").map(|uri| uri.trim().to_owned()));
                uris.collect::<Vec<_>>()
            })
            .collect();
        uris.into_iter().find(|uri| !uri.contains("security")).unwrap_or_else(|| "http://deb.debian.org/debian".into())
    }

    /// A program or folder that a recipe takes from this machine: beside what images are made of, or where programs are.
    pub(super) fn given(&self, name: &str) -> Option<PathBuf> {
        let folder = name.ends_with('/');
        let up = self.cache.parent().unwrap_or(&self.cache);
        let kept = [self.cache.clone(), up.to_owned(), up.join("engine")].map(|place| place.join("programs"));
        let places = kept.into_iter().chain(["/usr/local/bin", "/usr/bin"].map(PathBuf::from));
        let found = |path: &PathBuf| if folder { path.is_dir() } else { path.is_file() };
        let places = places.take(if folder { 3 } else { 5 });
        places.map(|place| place.join(name.trim_end_matches('/'))).find(found)
    }

    /// Where a program is to be put so that it is found.
    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.cache.join("programs").join(name)
    }

    /// Held while images are built.
    pub(super) fn lock(&self) -> Result<File, Failure> {
        let failed = |error: std::io::Error| Failure::Engine { action: "lock".into(), message: error.to_string() };
        fs::create_dir_all(&self.cache).map_err(failed)?;
        let file = File::create(self.cache.join("images.lock")).map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(file)
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
