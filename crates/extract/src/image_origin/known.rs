//! Images and accounts of third parties, from the list beside this file.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Reference;

const LIST: &str = include_str!("known.txt");
/// Registries where anybody has an account.
const PUBLIC_HOSTS: [&str; 7] = ["", "docker.io", "index.docker.io", "quay.io", "ghcr.io", "gcr.io", "public.ecr.aws"];
/// What stands for an owner in examples, or belongs to all.
const NOBODY: [&str; 10] =
    ["library", "official", "docker", "kubernetes", "company", "your", "username", "example", "user", "org"];

static KNOWN: LazyLock<Known> = LazyLock::new(Known::read);

#[derive(Default)]
struct Known {
    official: BTreeSet<&'static str>,
    vendors: BTreeSet<&'static str>,
    hosts: BTreeSet<&'static str>,
    platform: BTreeSet<&'static str>,
}

impl Known {
    fn read() -> Self {
        let mut known = Known::default();
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let set = match words.next() {
                Some("official") => &mut known.official,
                Some("vendor") => &mut known.vendors,
                Some("host") => &mut known.hosts,
                Some("platform") => &mut known.platform,
                _ => continue,
            };
            set.extend(words);
        }
        known
    }
}

/// Whether an account may be the project's own.
pub(super) fn plausible_owner(owner: &str) -> bool {
    owner.len() > 1
        && owner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !NOBODY.contains(&owner.to_ascii_lowercase().as_str())
        && !KNOWN.vendors.contains(owner)
}

/// Whether an image is one that a known third party gives to the public.
pub(super) fn third_party(reference: &Reference<'_>) -> bool {
    if KNOWN.hosts.contains(reference.registry) {
        return true;
    }
    let public_host = !private_host(reference.registry);
    let official = KNOWN.official.contains(reference.name);
    if reference.namespace.is_empty() {
        return official && public_host;
    }
    if official && reference.namespace.split('/').any(|part| part == "library") {
        return true;
    }
    public_host && reference.namespace.split('/').next().is_some_and(|first| KNOWN.vendors.contains(first))
}

/// Whether a name is that of software which is deployed beside an application.
pub(super) fn is_platform(name: &str) -> bool {
    KNOWN.platform.iter().any(|word| name.contains(word))
}

/// Registries that an organisation runs for itself.
pub(super) fn private_host(host: &str) -> bool {
    !PUBLIC_HOSTS.contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_has_a_kind() {
        let kinds = ["official", "vendor", "host", "platform"];
        for line in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (kind, names) = line.split_once(' ').unwrap();
            assert!(kinds.contains(&kind) && !names.is_empty(), "{line}");
        }
    }

    #[test]
    fn third_parties_are_known_by_host_account_or_name() {
        let check = |image: &str, expected: bool| assert_eq!(third_party(&Reference::of(image)), expected, "{image}");
        check("registry.k8s.io/pause:3", true);
        check("quay.io/prometheus/prometheus", true);
        check("registry.example.org/library/redis", true);
        check("registry.example.org/redis", false);
        check("acme/redis", false);
    }
}
