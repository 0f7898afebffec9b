//! The image that all others stand on: from a registry when one is reached, else bootstrapped from Debian's packages.

use std::fs;

use sha2::{Digest, Sha256};

use super::Machine;
use crate::driver::Driver;
use crate::process::Bounds;
use crate::{Failure, Image};

const SUITE: &str = "bookworm";
/// What the helpers of networks and hosts need beyond the smallest system.
const INCLUDED: &str = "ca-certificates,iproute2";
const PATIENCE: Bounds = Bounds { seconds: 900, bytes: 16 << 20 };

/// The name of the bootstrapped image, without asking anyone.
pub(super) fn identity(machine: &Machine) -> String {
    let seed = format!("1 {SUITE} {INCLUDED} {} {:?}", machine.mirror(), machine.registry);
    format!("preuve/debian:{}", &hex::encode(Sha256::digest(seed.as_bytes()))[..12])
}

pub(super) fn ensure(driver: &Driver, machine: &Machine, say: &mut dyn FnMut(&str)) -> Result<Image, Failure> {
    let tag = Image(identity(machine));
    if driver.has_image(&tag)? {
        return Ok(tag);
    }
    say("debian");
    if let Some(registry) = &machine.registry {
        let published = Image(super::stand_in::in_registry(registry, "debian:bookworm-slim"));
        if driver.fetch_image(&published)? {
            let folder = machine.cache.join("contexts").join("debian");
            let line = format!(
                "FROM {}\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates iproute2\n",
                published.0
            );
            super::write_context(&folder, &[("Dockerfile".into(), line.into_bytes())])?;
            let words = vec!["build".to_owned(), format!("--tag={}", tag.0), folder.display().to_string()];
            driver.build_with(words, PATIENCE, "build debian")?;
            return Ok(tag);
        }
    }
    bootstrap(driver, machine, &tag)?;
    Ok(tag)
}

fn bootstrap(driver: &Driver, machine: &Machine, tag: &Image) -> Result<(), Failure> {
    let root = machine.cache.join(format!("{SUITE}-root"));
    let archive = machine.cache.join(format!("{SUITE}.tar"));
    let failed = |error: std::io::Error| Failure::Engine { action: "bootstrap".into(), message: error.to_string() };
    if root.exists() {
        fs::remove_dir_all(&root).map_err(failed)?;
    }
    let (root_shown, archive_shown) = (root.display().to_string(), archive.display().to_string());
    let include = format!("--include={INCLUDED}");
    driver.program(
        "bootstrap",
        &["debootstrap", "--variant=minbase", &include, SUITE, &root_shown, &machine.mirror()],
        PATIENCE,
    )?;
    for kept in ["var/cache/apt/archives", "var/lib/apt/lists"] {
        for entry in fs::read_dir(root.join(kept)).into_iter().flatten().flatten() {
            let path = entry.path();
            drop(if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) });
        }
    }
    drop(fs::remove_file(root.join("etc/apt/sources.list")));
    let pack = ["tar", "--numeric-owner", "-C", &root_shown, "-cf", &archive_shown, "."];
    driver.program("bootstrap", &pack, PATIENCE)?;
    driver.import_image(&archive_shown, tag, PATIENCE)?;
    fs::remove_dir_all(&root).map_err(failed)?;
    fs::remove_file(&archive).map_err(failed)
}
