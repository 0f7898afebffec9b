//! Image references: registry, repository, tag, digest, and whether they fix one version.

use crate::image_origin;

/// An image reference by its usual name: what the default registry and its mirrors add is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// Empty for Docker Hub.
    pub registry: String,
    /// Without `library/`.
    pub repository: String,
    pub tag: Option<String>,
    pub digest: Option<String>,
}

/// Tags that move as branches do.
const BRANCHES: &[&str] = &[
    "latest",
    "main",
    "master",
    "dev",
    "develop",
    "development",
    "stable",
    "edge",
    "nightly",
    "lts",
    "current",
    "mainline",
    "rolling",
    "testing",
    "unstable",
    "sid",
    "trunk",
    "head",
    "canary",
    "next",
    "snapshot",
    "staging",
    "prod",
    "production",
    "default",
    "release",
    "test",
];

/// Whether a tag moves as a branch does: the one ruling for base images, services and workloads.
///
/// `main-3f2a9c1`, `release-1.2` and `stable-20240513` name one build; `latest-alpine3.20` and `stable-alpine` do not.
pub(crate) fn moves(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['-', '_', '+']).filter(|word| !word.is_empty()).collect();
    let build = |word: &&str| {
        word.bytes().any(|byte| byte.is_ascii_digit()) && !is_variant(word) && (word.len() >= 5 || word.contains('.'))
    };
    match words.as_slice() {
        [.., _, "latest"] => true,
        [first, rest @ ..] => BRANCHES.contains(first) && !rest.iter().any(build),
        [] => false,
    }
}

/// Names of releases of operating systems, which fix a version as a number does.
const RELEASES: &[&str] = &[
    "buster", "bullseye", "bookworm", "trixie", "stretch", "jessie", "focal", "jammy", "noble", "bionic", "xenial",
    "trusty", "oracular", "plucky", "questing",
];
const SYSTEMS: &[&str] = &["debian", "ubuntu", "buildpack-deps", "base"];

/// Words that name a variant and no version.
fn is_variant(word: &str) -> bool {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    matches!(
        letters,
        "alpine"
            | "slim"
            | "fpm"
            | "apache"
            | "cli"
            | "perl"
            | "management"
            | "jdk"
            | "jre"
            | "headless"
            | "nonroot"
            | "debug"
            | "ubuntu"
            | "debian"
            | "windowsservercore"
            | "nanoserver"
            | "ltsc"
            | "amd"
            | "arm"
            | "arm64v"
            | "bookworm"
            | "bullseye"
            | "buster"
            | "jammy"
            | "focal"
            | "noble"
            | "ubi"
            | "centos"
            | "al"
            | "musl"
            | "glibc"
            | "full"
            | "minimal"
            | "openjdk"
            | "temurin"
            | "corretto"
    )
}

impl Reference {
    /// Takes a reference apart; no check of its characters is made.
    pub fn read(text: &str) -> Self {
        let text = text.trim().trim_start_matches("docker://").trim_start_matches("docker-image://");
        let found = image_origin::Reference::of(text);
        let registry = found.registry;
        let path = if found.namespace.is_empty() {
            found.name.to_owned()
        } else {
            format!("{}/{}", found.namespace, found.name)
        };
        let given = |part: &str| Some(part.to_owned()).filter(|part| !part.is_empty());
        let (tag, digest, repository) = (given(found.tag), given(found.digest), path.as_str());
        let hub = matches!(registry, "docker.io" | "index.docker.io" | "registry-1.docker.io");
        let mirrored = matches!(registry, "public.ecr.aws" | "mirror.gcr.io" | "quay.io");
        let repository = repository.strip_prefix("docker/library/").filter(|_| mirrored).unwrap_or(repository);
        let repository = repository.strip_prefix("library/").unwrap_or(repository);
        let official = mirrored && !repository.contains('/');
        let registry = if hub || official { "" } else { registry };
        Self { registry: registry.to_owned(), repository: repository.to_owned(), tag, digest }
    }

    /// The last part of the repository.
    pub fn name(&self) -> &str {
        crate::path::name(&self.repository)
    }

    /// Whether the reference fixes a version: a digest, or a tag that states one.
    pub fn pinned(&self) -> bool {
        if self.digest.as_deref().is_some_and(|digest| digest.contains(':') && digest.len() > 16) {
            return true;
        }
        self.tag.as_deref().is_some_and(|tag| self.states_version(tag))
    }

    fn states_version(&self, tag: &str) -> bool {
        let lower = tag.to_ascii_lowercase();
        let words: Vec<&str> = lower.split(['-', '_', '+']).filter(|word| !word.is_empty()).collect();
        if SYSTEMS.contains(&self.name()) && words.iter().any(|word| RELEASES.contains(word)) {
            return true;
        }
        let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
        if moves(tag) {
            return false;
        }
        if self.repository.starts_with("distroless/") || self.name().contains("distroless") {
            return has_digit(&self.repository) || words.iter().any(|word| has_digit(word));
        }
        // A tag that is no branch is one, if a poor one, when it only names a variant.
        if words.iter().all(|word| is_variant(word)) {
            return true;
        }
        words.iter().any(|word| has_digit(word) && (!is_variant(word) || words.len() == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_pins_and_branches_are_not() {
        let check = |text: &str, pinned: bool| assert_eq!(Reference::read(text).pinned(), pinned, "{text}");
        check("node", false);
        check("node:latest", false);
        check("node:20", true);
        check("node:20-alpine", true);
        check("node:lts-alpine", false);
        check("node:alpine", true);
        check("node:alpine3.20", true);
        check("debian:stable-slim", false);
        check("debian:stable-20240513-slim", true);
        check("debian:bookworm-slim", true);
        check("ubuntu:jammy", true);
        check("alpine:3.20", true);
        check("registry.example.org:5000/team/app:v1.2.3", true);
        check("registry.example.org:5000/team/app", false);
        check("app:main-3f2a9c1", true);
        check("app:sha-3f2a9c1", true);
        check("app:latest-alpine3.20", false);
        check("nginx:stable-alpine", false);
        check("app:release-1.2", true);
        check("app:v1-latest", false);
        check("${REGISTRY}/app:1.2", true);
        check("app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true);
        check("gcr.io/distroless/static-debian12:nonroot", true);
        check("gcr.io/distroless/static:nonroot", false);
        check("rabbitmq:3-management", true);
        check("rabbitmq:management", true);
        check("postgres:RELEASE.2024-01-01T00-00-00Z", true);
    }

    #[test]
    fn mirrors_and_prefixes_are_the_official_images() {
        let check = |text: &str, registry: &str, repository: &str| {
            let found = Reference::read(text);
            assert_eq!((found.registry.as_str(), found.repository.as_str()), (registry, repository), "{text}");
        };
        check("docker.io/library/node:20", "", "node");
        check("public.ecr.aws/docker/library/node:20", "", "node");
        check("library/redis", "", "redis");
        check("ghcr.io/a/b:1", "ghcr.io", "a/b");
        check("localhost/x", "localhost", "x");
    }

    #[test]
    fn hostile_references_are_read() {
        for text in ["", ":", "@", "/", "a:@", "::::", "é/é:é@é", "//", "@sha256:"] {
            let _ = Reference::read(text).pinned();
        }
    }
}
