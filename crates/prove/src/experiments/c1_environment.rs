//! C1, environment: a clean clone builds and starts from what the repository describes, and fails where that is broken.

use crate::environment::Environment;
use crate::experiment::{Experiment, Ground, Planned, Planning};
use crate::page::Page;
use crate::say::{Say, say};

/// `c1.build-environment`.
pub(crate) struct BuildEnvironment;

impl Experiment for BuildEnvironment {
    fn id(&self) -> &'static str {
        "c1.build-environment"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        let (found, refused) = Environment::plan(ground);
        match (found.is_empty(), refused.is_empty()) {
            (false, _) => {
                Planning::Planned(found.into_iter().map(|found| Box::new(found) as Box<dyn Planned>).collect())
            }
            (true, false) => Planning::NotProvable(Say::Several(refused)),
            (true, true) => Planning::NotProvable(say!("no-environment")),
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "a clean clone builds, starts, and runs the application's own command",
            hypothesis: "From the files of one commit alone, the environment of development is built and started, and the \
                         application's own build or test command passes inside; and when something that it needs is no \
                         longer described, that shows.",
            facts: &["compose.service", "env.definition", "env.base", "env.step", "command"],
            tools: &["a container engine", "the images `probe` and `base`"],
            run: &[
                "Each Compose project of development is read as Compose reads it: overrides, `extends`, `.env` or the example \
                 of it that the repository keeps, variables, profiles.",
                "*Build*, with package registries: every image that the project builds. Published images come from a registry \
                 or have stand-ins. What was built is kept by its content, so that a fault costs only its difference.",
                "*Start*, without a way out: services on one internal network, in the order of their needs, with empty volumes \
                 and the files of the commit where they are mounted. Each must become healthy, answer at its ports, or go on.",
                "A devcontainer is one container: its image built or found, its commands of creation run with package registries, \
                 and the rest without any network. Where nothing else is described, the repository's own command that sets a \
                 machine up (`commands.install` of `preuve.yaml`, or a target or script of a usual name that installs) is run in \
                 our toolbox. The machines of a Vagrantfile are fresh hosts, which its shell provisioners set up in their order; \
                 packages reach them through a relay. What `flake.nix`, `shell.nix` or `default.nix` describes is built by Nix \
                 without any network, where nothing of it is fetched.",
                "*Inside*: a service that is there to run tests ends well; else the test command of `preuve.yaml`, of \
                 `package.json` or pytest in the services that hold it. Addresses that answered well must answer again.",
            ],
            faults: &[
                ("null: a comment is added to the file that describes the environment", "nowhere"),
                ("a file that the build copies or the set-up names is missing", "the build"),
                ("a dependency is asked for in a version that does not exist", "the build"),
                ("where nothing is built from named files: the program that a service starts is missing", "anywhere"),
                ("a port that the application publishes is taken", "start or command"),
                ("sample: a dependency that the application imports is no longer declared", "build, start or command"),
                ("sample: a tool that the image installs is no longer installed", "build, start or command"),
                ("sample: a file that a service mounts is missing", "build, start or command"),
                ("sample: a service that others need is not started", "start or command"),
            ],
            outcomes: &[
                ("proven", "built, started and the command passed; the controls were noticed, and half of the sample"),
                ("refuted", "the clean clone does not build or start, its command fails, or a control went unnoticed"),
                ("flaky", "the null fault was taken for a fault, or the same commit was judged twice and differently"),
                (
                    "not provable here",
                    "an image has no stand-in, a service asks for the host, the engine, a device or the internet, or a file \
                     is not in the repository",
                ),
            ],
            limits: &[
                "No port of this machine is published: that another program holds one is not tried.",
                "Services have no way to the internet while they run; one that installs packages when it starts is not \
                 provable here.",
                "Addresses that a Vagrantfile gives its machines are not theirs here: they know each other by name. What a \
                 provisioner fetches beside packages of the system is not to be had.",
                "What an expression of Nix fetches, a channel or an input of a flake, is not to be had here: the first one is named.",
                "Features of a devcontainer come from a registry of their own and are not given; each is named.",
                "A stand-in of another version or distribution than the image that is asked for shows less than that image \
                 would; each is named.",
                "A survivor may be something that nothing needs.",
            ],
        }
    }
}
