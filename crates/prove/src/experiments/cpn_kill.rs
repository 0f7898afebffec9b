//! Cloud Pi Native, stateless modules: an instance is killed under load, a consumer is away, and nothing is lost.

use crate::experiment::{Experiment, Ground, Planning};
use crate::page::Page;
use crate::perturb::KillUnderLoad;

/// `cpn.kill-under-load`.
pub(crate) struct KillInstances;

impl Experiment for KillInstances {
    fn id(&self) -> &'static str {
        "cpn.kill-under-load"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        match KillUnderLoad::plan(ground) {
            Ok(plan) => Planning::Planned(vec![Box::new(plan)]),
            Err(because) => Planning::NotProvable(because),
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "an instance is killed while requests arrive, a consumer is away, and nothing is lost",
            hypothesis: "Two instances of a service run side by side; one is killed while requests arrive and users are \
                         served by the other; a fresh instance takes its place; what users wrote is still there; and what \
                         waited for a consumer that was away is done once it is back.",
            facts: &["compose.service"],
            tools: &["a container engine", "the images `probe` and `base`"],
            run: &[
                "The Compose project that builds the repository's images is built and started as it is written; the addresses \
                 that answer well are kept.",
                "For each service of an own image that goes on, three at most: each journey that `preuve.yaml` declares is \
                 written and must show. A second instance is started under the same name. Ten requests a second ask the \
                 addresses; a request whose connection fails is asked once more, as a balancer does. The first instance is \
                 killed; after two seconds no request may be lost any more. A fresh instance takes its place, without what \
                 the killed one held in memory or beside its volumes; addresses must answer and journeys show again.",
                "*Perturb, observe, restore*: the consumer of a journey is stopped, users go on writing and are answered, the \
                 consumer is started, and everything that waited is done.",
                "What is not answered when the load ends is lost. Until the baseline is through, what was written may \
                 take 30 seconds to show; then twice the longest that it took there, and ten seconds at least.",
            ],
            faults: &[
                ("null: a label is added to the image", "nowhere"),
                ("a service that opens a port has no second instance", "load, journey, probe or address"),
                ("the consumer of a journey is not started again", "backlog"),
                ("sample: the second instance does not serve", "load, journey, probe or address"),
                ("sample: an inner service has no second instance", "load, journey, probe or address"),
                ("sample: a service that keeps data starts again without them", "journey"),
            ],
            outcomes: &[
                (
                    "proven",
                    "nothing is lost, every control was noticed, and half of the sample for load and for journeys",
                ),
                (
                    "refuted",
                    "requests or what users wrote are lost, an instance is not well again, or a fault went unnoticed",
                ),
                ("flaky", "the null fault was taken for a fault, or the same state was judged twice and differently"),
                (
                    "not provable here",
                    "no Compose project builds an image, it does not start here, or nothing of it can be asked",
                ),
            ],
            limits: &[
                "Names lead to one of two instances by turns: there is no balancer that looks at their health.",
                "Without a journey in `preuve.yaml`, what users wrote is not asked for; the proof says so.",
                "It is killed a few times, not a thousand.",
            ],
        }
    }
}
