//! Containers and environments of development: image definitions, Compose services, ways to start.

use super::{KindSchema, bool, int, list, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "container.image",
        doc: "The definition of an image: a Dockerfile, or the configuration of a builder that needs none.",
        fields: &[
            text("builder", "dockerfile, buildpack, ko, jib or other."),
            text("dir", "The directory of the definition."),
            text("component", "The directory of the component that it packs, where one is."),
            int("stages", "How many stages it has."),
            bool(
                "application",
                "Whether it packs the application: neither an example, a test, nor a tool of the project.",
            ),
            text("purpose", "application, development, test, devcontainer, ci or example."),
            bool("healthcheck", "Whether it declares a health check."),
            list("exposes", "The ports that it exposes."),
        ],
    },
    KindSchema {
        name: "container.base",
        doc: "A base image that a stage starts from; names of earlier stages are left out.",
        fields: &[
            text("reference", "The reference, arguments filled in where they have defaults."),
            text("image", "The repository without registry, tag and digest."),
            text("tag", "The tag."),
            bool("pinned", "Whether it fixes a version: a tag that states one, or a digest."),
            bool("resolved", "Whether the reference is known; an argument without default hides it."),
            bool("final", "Whether the image is made of this base."),
            bool("minimal", "For a final base: whether it is alpine, slim, distroless, scratch or alike."),
            bool("multi_stage", "Whether the definition has several stages."),
            bool("application", "As for container.image."),
            text("definition", "The path of the image definition."),
        ],
    },
    KindSchema {
        name: "container.user",
        doc: "Whom an image runs as.",
        fields: &[
            text("user", "The user as written, arguments filled in; empty when the base decides."),
            bool("non_root", "Whether it is another user than root."),
            bool("known", "Whether the user is visible; a base image in a registry may hide it."),
            text("decided_by", "user or base."),
            bool("application", "As for container.image."),
            text("definition", "The path of the image definition."),
        ],
    },
    KindSchema {
        name: "compose.service",
        doc: "A service of a Compose file, after extends and anchors.",
        fields: &[
            text("name", "Its name."),
            text("file", "The Compose file that declares it."),
            text("image", "The image, variables filled in where a default or an env file gives them."),
            text("context", "The directory that it is built from; empty for the root, see builds."),
            bool("builds", "Whether it is built from this repository."),
            text("definition", "The image definition that it is built with, where it is found."),
            text("component", "The directory of the component that it runs, where one is."),
            bool("application", "Whether it runs the application: a component or an image of the project."),
            bool("pinned", "Whether its image fixes a version; built images do."),
            bool("healthcheck", "Whether it declares a health check."),
            list("waits_healthy", "The services whose health it waits for."),
            list("profiles", "The profiles without which it does not start."),
            text("purpose", "development, deployment, test or other: what its file is for."),
            bool("example", "Whether its file stands among examples or tests."),
        ],
    },
    KindSchema {
        name: "env.definition",
        doc: "An environment of development defined as code.",
        fields: &[
            text(
                "tool",
                "vagrant, compose, devcontainer, nix, devbox, tilt, skaffold, devspace, kind, k3d, minikube, garden, okteto or gitpod.",
            ),
            text("dir", "Its directory."),
            bool("counts", "Whether it is an environment in which this project is developed or run."),
            bool("virtualised", "Whether it isolates by virtual machine or container."),
            bool("runs_application", "Whether it starts the application, not only what surrounds it."),
            bool("complete", "Whether it starts every service of the application."),
            list("services", "What it starts: services or machines."),
            text("purpose", "development, deployment, test or platform."),
        ],
    },
    KindSchema {
        name: "env.entry",
        doc: "A versioned entry that sets up or starts the environment of development.",
        fields: &[
            text(
                "runner",
                "compose, vagrant, make, just, task, mise, npm, script, tilt, skaffold, devspace, devcontainer or nix.",
            ),
            text("entry", "The command, target or script."),
            bool(
                "complete",
                "Whether it alone starts every service of the application, or sets the whole environment up.",
            ),
            text("tool", "What it starts, as for env.definition; run for the program itself."),
        ],
    },
    KindSchema {
        name: "env.base",
        doc: "What a devcontainer starts from.",
        fields: &[
            text("tool", "devcontainer."),
            text("definition", "The path of its definition."),
            text("image", "The published image, if it starts from one."),
            text("dockerfile", "The path of the Dockerfile that it is built by, if it is."),
            text("context", "The directory that is sent to the builder."),
            text("target", "The stage that is built, if it names one."),
            list("compose", "The Compose files that it is a service of."),
            text("service", "That service."),
            text("folder", "The folder in which the project lies inside, if it says so."),
            text("user", "The user that works inside, if it says so."),
            list("features", "What is installed into it from elsewhere."),
        ],
    },
    KindSchema {
        name: "env.step",
        doc: "A command that sets an environment of development up; in the order in which its tool runs them.",
        fields: &[
            text("tool", "devcontainer or vagrant."),
            text("definition", "The path of its definition."),
            text("machine", "The machine that runs it; empty when all do."),
            text("stage", "create, start or provision."),
            text("command", "The shell line or script, if it is written there."),
            text("script", "The path of the script, if it is a file."),
            bool("privileged", "Whether root runs it."),
        ],
    },
    KindSchema {
        name: "env.pin",
        doc: "Something whose version the environment of development depends on.",
        fields: &[
            text("what", "packages, image, box or inputs."),
            text("name", "The component, image or box."),
            bool("pinned", "Whether its version is fixed."),
            bool("known", "Whether the version can be read here."),
        ],
    },
    KindSchema {
        name: "env.instruction",
        doc: "A command in a document that starts the environment and that exists in the repository.",
        fields: &[
            text("command", "The command line."),
            text("tool", "As for env.entry."),
            bool("starts_environment", "Whether it starts the environment rather than one program of it."),
        ],
    },
    KindSchema {
        name: "env.deployment",
        doc: "A deployment of the application that is separate from the environment of development.",
        fields: &[text("how", "pipeline, manifests, chart, terraform, ansible, compose or platform.")],
    },
    KindSchema {
        name: "env.shared",
        doc: "A definition that the environment of development and the deployment have in common; both ends are cited.",
        fields: &[text("what", "image, role or manifests."), text("definition", "The path of what they share.")],
    },
];
