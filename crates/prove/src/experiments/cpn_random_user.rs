//! Cloud Pi Native, images: the repository's own images run under a random user, on a root that cannot be written.

use crate::experiment::{Experiment, Ground, Planning};
use crate::page::Page;
use crate::perturb::RandomUser;

/// `cpn.random-user`.
pub(crate) struct RunAsRandomUser;

impl Experiment for RunAsRandomUser {
    fn id(&self) -> &'static str {
        "cpn.random-user"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        match RandomUser::plan(ground) {
            Ok(plan) => Planning::Planned(vec![Box::new(plan)]),
            Err(because) => Planning::NotProvable(because),
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "the image runs under a random user, without rights, on a read-only root",
            hypothesis: "The repository's own images serve under a user id that nobody chose, without any capability, with a \
                         root file system that cannot be written; and what would make them need root shows by their own probe.",
            facts: &["compose.service"],
            tools: &["a container engine", "the images `probe` and `base`"],
            run: &[
                "The Compose project that builds the repository's images is built and started as it is written; the addresses \
                 that answer well are kept. What does not start so is not provable here.",
                "Each service of an own image that goes on is started anew under a user drawn from the run, in group 0 as \
                 platforms give it, without a capability or new privileges, ports below 1024 closed to it, its root read-only. \
                 Folders in memory are those that the Compose file (`tmpfs`) and plain manifests (`emptyDir`) declare; volumes \
                 of its own are opened to its group.",
                "It must be well by its own health check, else listen at its ports, else go on; it must not write that it was \
                 refused something; and the addresses must answer as before.",
            ],
            faults: &[
                ("null: a label is added to the image", "nowhere"),
                ("its start asks to be root", "probe, address or complaint"),
                ("its start writes to the root file system", "probe, address or complaint"),
                ("where a variable says its port: it listens at port 80", "probe, address or complaint"),
                ("sample: it does not serve when it cannot read a file of mode 0600 that root owns", "the same"),
            ],
            outcomes: &[
                ("proven", "all are well, every control was noticed, and half of the sample"),
                ("refuted", "one is not well, writes that it was refused something, or a fault went unnoticed"),
                ("flaky", "the null fault was taken for a fault, or the same state was judged twice and differently"),
                (
                    "not provable here",
                    "no Compose project builds an image, or the project does not start here as it is written",
                ),
            ],
            limits: &[
                "Faults are made in two services; an image without a shell has only that of the port.",
                "Manifests that a template makes are not read for their folders in memory.",
                "A stand-in for the base image shows less than that image would; each is named.",
            ],
        }
    }
}
