//! Refuses what could mean something else to an engine than what it says.

use crate::{Failure, Kind, Limits, Network, Spec};

const MOST_ARGUMENT: usize = 120 << 10;
const MOST_ARGUMENTS: usize = 1 << 20;

/// Refuses a specification that could mean something else to the engine than what it says.
pub(super) fn check(spec: &Spec) -> Result<(), Failure> {
    let refuse = |why: String| Err(Failure::Refused(why));
    image(&spec.image.0)?;
    let odd =
        |alias: &&String| !alias.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) || alias.len() > 63;
    if let Some(alias) = std::iter::once(&spec.alias).chain(&spec.also).find(odd) {
        return refuse(format!("the alias {alias:?}"));
    }
    if spec.network == Network::Registries && spec.kind != Kind::Preparing {
        return refuse("package registries are reached while preparing only".into());
    }
    let Limits { milli_cpus, memory_bytes, processes, disk_bytes } = spec.limits;
    if milli_cpus == 0 || memory_bytes < 6 << 20 || processes < 8 || disk_bytes == 0 {
        return refuse("a container without limits".into());
    }
    if !spec.volumes.is_empty() && spec.kind != Kind::Service {
        return refuse("a shared folder elsewhere than in a service".into());
    }
    let shared = spec.volumes.iter().map(|held| &held.path);
    for path in spec.writable.iter().map(|folder| &folder.path).chain(shared) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        if !path.starts_with('/') || path.len() < 2 || !path.chars().all(plain) || path.contains("..") {
            return refuse(format!("the writable folder {path:?}"));
        }
    }
    if spec.read_only && !spec.files.is_empty() {
        return refuse("files laid in a read-only root".into());
    }
    environment(spec.env.iter())?;
    arguments(&spec.argv)
}

pub(super) fn image(name: &str) -> Result<(), Failure> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+".contains(c);
    if name.is_empty() || name.starts_with('-') || !name.chars().all(plain) {
        return Err(Failure::Refused(format!("the image name {name:?}")));
    }
    Ok(())
}

pub(super) fn environment<'a>(env: impl Iterator<Item = (&'a String, &'a String)>) -> Result<(), Failure> {
    for (name, value) in env {
        let plain = !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0');
        if !plain || name.len() + value.len() > MOST_ARGUMENT {
            return Err(Failure::Refused(format!("the variable {}", crate::archive::shown(name))));
        }
    }
    Ok(())
}

/// The kernel takes no longer words; a container must not be able to tell our own limits from the subject's.
pub(super) fn arguments(argv: &[String]) -> Result<(), Failure> {
    let total: usize = argv.iter().map(|word| word.len() + 1).sum();
    if argv.iter().any(|word| word.len() > MOST_ARGUMENT || word.contains('\0')) || total > MOST_ARGUMENTS {
        return Err(Failure::Refused("a command line that is too long, or holds a null".into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Image, NetworkName, VolumeName};

    #[test]
    fn what_is_refused() {
        let image = Image("i".into());
        let volume = VolumeName("v".into());
        let members = Network::Members(NetworkName("n".into()));
        for (spec, why) in [
            (Spec::guarded(&Image("--privileged".into())), "an option for an image"),
            (Spec::guarded(&image).alias("a b"), "an alias with a space"),
            (Spec::guarded(&image).network(Network::Registries), "registries while judging"),
            (Spec::service(&image).network(Network::Registries), "registries for a service"),
            (Spec::guarded(&image).writable("/a,exec,suid", 1), "mount options in a path"),
            (Spec::guarded(&image).writable("/../etc", 1), "a path that climbs"),
            (Spec::service(&image).volume(&volume, "/a,readonly=false", false), "mount options in a path"),
            (Spec::guarded(&image).volume(&volume, "/a", false), "a shared folder while judging"),
            (Spec::service(&image).also("a b"), "another alias with a space"),
            (Spec::guarded(&image).env("A=B", ""), "a name with an equals sign"),
            (Spec::guarded(&image).env("A", "x".repeat(1 << 20)), "a huge variable"),
            (Spec::guarded(&image).limits(Limits { processes: 0, ..Limits::SMALL }), "no limit"),
        ] {
            assert!(matches!(check(&spec), Err(Failure::Refused(_))), "{why}");
        }
        assert_eq!(check(&Spec::service(&image).network(members).alias("db")), Ok(()));
    }
}
