//! Whose image is it: one of the project, its owner or its organisation, or a public third party's?

use std::collections::BTreeSet;

use crate::Project;

mod known;
mod mentions;
mod reference;

use known::{is_platform, plausible_owner, private_host, third_party};
pub(crate) use reference::Reference;
use reference::bare;

/// What the repository says about the images that are its own.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    /// Repositories that something of the project builds, without tag.
    exact: BTreeSet<String>,
    /// Names of components that have an image definition.
    names: BTreeSet<String>,
    /// Accounts and organisations that the project names as its own.
    owners: BTreeSet<String>,
    /// Whether the project builds any image.
    builds: bool,
}

impl Project {
    /// Tells the project's images from those of third parties.
    pub(crate) fn image_origins(&self) -> &Origins {
        self.image_origins.get_or_init(|| Origins::of(self))
    }
}

impl Origins {
    fn of(project: &Project) -> Self {
        let mut origins = Origins::default();
        for file in project.files().filter(|file| !file.class.test) {
            origins.read(project, file);
        }
        let exact: Vec<String> = origins.exact.iter().cloned().collect();
        for image in &exact {
            let reference = Reference::of(image);
            if third_party(&reference) {
                continue;
            }
            if let Some(owner) = reference.namespace.split('/').next().filter(|owner| plausible_owner(owner)) {
                origins.owners.insert(owner.to_ascii_lowercase());
            }
        }
        origins
    }

    /// Whether the repository defines any image.
    pub(crate) fn builds_images(&self) -> bool {
        self.builds
    }

    /// Whether the repository itself builds an image of that name.
    pub(crate) fn builds(&self, image: &str) -> bool {
        let reference = Reference::of(image);
        // The same image may be pushed to another registry than the one that it is deployed from.
        let name = normal(reference.name);
        let known =
            self.names.contains(&name) || self.exact.iter().any(|known| normal(Reference::of(known).name) == name);
        self.builds && known && !reference.name.is_empty() && !third_party(&reference)
    }

    /// Whether an image stands under an account that is neither a known third party's nor one that the project names.
    pub(crate) fn is_of_unknown_account(&self, image: &str) -> bool {
        let reference = Reference::of(image);
        let hub = matches!(reference.registry, "" | "docker.io" | "index.docker.io" | "ghcr.io");
        hub && !reference.namespace.is_empty() && !third_party(&reference) && !is_platform(reference.name)
    }

    /// Whether an image belongs to the project, its owner or its organisation.
    pub(crate) fn is_own(&self, image: &str) -> bool {
        let reference = Reference::of(image);
        if reference.name.is_empty() {
            return false;
        }
        if self.exact.contains(bare(image))
            && !(third_party(&reference) && !self.names.contains(&normal(reference.name)))
        {
            return true;
        }
        let owner = reference.namespace.split('/').next().unwrap_or("").to_ascii_lowercase();
        let last = reference.namespace.rsplit('/').next().unwrap_or("");
        if !owner.is_empty() && self.owners.contains(&owner) {
            return true;
        }
        if third_party(&reference) || is_platform(reference.name) {
            return false;
        }
        if reference.namespace.is_empty() && reference.registry.is_empty() {
            return true;
        }
        // What is built here under a short name is deployed under the address of a registry.
        let named = self.builds(image)
            || self.names.contains(&normal(reference.name))
            || (!last.is_empty() && self.names.contains(&normal(last)));
        let computed = reference.registry.contains(['$', '<', '{']) || reference.namespace.contains(['$', '<', '{']);
        named || computed || private_host(reference.registry) || !self.builds
    }
}

fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_compose_builds_under_a_short_name_is_own_in_a_registry() {
        let compose = "x-app: &app\n  image: comptoir:${VERSION:-dev}\n  build: .\nservices:\n  web:\n    <<: *app\n";
        let project = Project::in_memory([("Dockerfile", "FROM alpine:3\n"), ("compose.yaml", compose)]);
        let check = |image: &str, own: bool| assert_eq!(project.image_origins().is_own(image), own, "{image}");
        check("ghcr.io/village/comptoir:1.0.0", true);
        check("ghcr.io/village/other:1.0.0", false);
    }

    #[test]
    fn own_images_are_told_from_public_ones() {
        let project = Project::in_memory([
            ("services/api/Dockerfile", "FROM alpine:3\n"),
            ("go.mod", "module github.com/acme/shop\n"),
            ("script.groovy", "def push() {\n  sh \"docker push jdoe42/shop-demo:${IMAGE_NAME}\"\n}\n"),
            ("compose.yaml", "services:\n  db:\n    build: db\n    image: postgres\n  web:\n    build: web\n"),
        ]);
        let check = |image: &str, own: bool| assert_eq!(project.image_origins().is_own(image), own, "{image}");
        check("someone/api:1", true);
        check("api-gateway-app:latest", true);
        check("ghcr.io/acme/anything", true);
        check("123.dkr.ecr.eu-west-3.amazonaws.com/web:1", true);
        check("$REGISTRY/thing", true);
        check("postgres:16", false);
        check("bitnami/postgresql", false);
        check("docker.io/library/redis:7", false);
        check("prom/node-exporter", false);
        check("jdoe42/shop-demo:$IMAGE_NAME", true);
        check("someone/else:1", false);
        check("", false);
        let account = |image: &str| project.image_origins().is_of_unknown_account(image);
        assert!(account("someone/else:1") && account("ghcr.io/someone/else"));
        assert!(!account("nginx") && !account("bitnami/redis") && !account("gcr.io/google-samples/hello"));
    }
}
