//! Cloud Pi Native, immutability: the environment is deleted and made again from code alone.

use crate::experiment::{Experiment, Ground, Planning};
use crate::page::Page;
use crate::perturb::Recreate;

/// `cpn.recreate`.
pub(crate) struct RecreateFromCode;

impl Experiment for RecreateFromCode {
    fn id(&self) -> &'static str {
        "cpn.recreate"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        match Recreate::plan(ground) {
            Ok(plan) => Planning::Planned(vec![Box::new(plan)]),
            Err(because) => Planning::NotProvable(because),
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "the environment is deleted, and made again from code alone",
            hypothesis: "With all its containers and volumes gone, the environment is made again from the files of the commit \
                         and answers as before; data come back from the declared backup, or are said to be lost; and what \
                         somebody changed by hand is reported, and gone.",
            facts: &["compose.service"],
            tools: &["a container engine", "the images `probe` and `base`"],
            run: &[
                "The Compose project is started as it is written; where `preuve.yaml` declares a backup, its journeys are \
                 written and the backup made.",
                "Everything is deleted, volumes included, and started from the commit. The addresses must answer as before, and \
                 what was written be back after the declared restore. Without one, the proof says that data are lost.",
                "The files of two own services are listed just after they were made, twice: what differs by itself is left out.",
            ],
            faults: &[
                ("null: a file is touched by hand, and is as it was", "nowhere"),
                (
                    "a file is added by hand in a running service",
                    "the files that the code does not say, or a root that refuses it",
                ),
            ],
            outcomes: &[
                (
                    "proven",
                    "it is there again, data included where a backup is declared, and the change by hand was noticed",
                ),
                ("refuted", "it does not start again, does not answer, or data that should be back are not"),
                ("flaky", "the null fault was taken for a fault, or the same commit was judged twice and differently"),
                ("not provable here", "no Compose project builds an image, or it does not start here as it is written"),
            ],
            limits: &[
                "The environment is that of the Compose project: clusters and machines are those of other experiments.",
                "Images are built once: that they can be built again is what `c1.build-environment` proves.",
            ],
        }
    }
}
