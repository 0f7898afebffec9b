//! Cloud Pi Native, configuration: one image under two configurations, other names and rotated secrets included.

use crate::experiment::{Experiment, Ground, Planning};
use crate::page::Page;
use crate::perturb::TwoConfigurations;

/// `cpn.two-configurations`.
pub(crate) struct ConfigureTwice;

impl Experiment for ConfigureTwice {
    fn id(&self) -> &'static str {
        "cpn.two-configurations"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        match TwoConfigurations::plan(ground) {
            Ok(plan) => Planning::Planned(vec![Box::new(plan)]),
            Err(because) => Planning::NotProvable(because),
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "the same image runs under two configurations",
            hypothesis: "What leads the application to others, and what it proves itself with, comes from its environment: the \
                         same images run under another configuration, with other names and other secrets, without a rebuild; \
                         and a setting that leads nowhere shows.",
            facts: &["compose.service"],
            tools: &["a container engine", "the images `probe` and `base`"],
            run: &[
                "The Compose project that builds the repository's images is built and started as it is written: the first \
                 configuration. Addresses that answer well are kept.",
                "*The second*: every service that a variable of an own service names has another name, and the variable leads \
                 to it; every secret in variables is another one, for all who know it; volumes are empty, so that secrets \
                 which the project makes itself are others too. The images are the same.",
                "All own services must be well, the addresses answer as before, and the journeys of `preuve.yaml` work.",
                "For the null fault, every service that a setting is changed of is started again: all were well after some time, and \
                 journeys worked. With a setting that leads nowhere, a service is given twice that time, and journeys twice the \
                 longest that one took till then, ten seconds at least. What is not well by then is taken for broken.",
            ],
            faults: &[
                ("null: a variable that nobody reads is added", "nowhere"),
                ("sample: a variable leads to a host that is not there", "probe, address or journey"),
                ("sample: a variable names a secret's file that is not there", "probe, address or journey"),
                ("sample: a variable holds another secret than others know", "probe, address or journey"),
            ],
            outcomes: &[
                ("proven", "the second configuration works, and three quarters of the settings are seen to be read"),
                (
                    "refuted",
                    "it does not work, or more than a quarter of the settings change nothing: the values are left in the code",
                ),
                ("flaky", "the null fault was taken for a fault, or the same state was judged twice and differently"),
                (
                    "not provable here",
                    "no variable leads anywhere, or the project does not start here as it is written",
                ),
            ],
            limits: &[
                "Names in files that are mounted stay as they are.",
                "A setting that nothing here asks for survives although the code reads it.",
                "Eight settings at most are led nowhere.",
            ],
        }
    }
}
