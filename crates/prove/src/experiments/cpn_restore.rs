//! Cloud Pi Native, operations: everything is lost but a backup, and it is brought back.

use crate::experiment::{Experiment, Ground, Planning};
use crate::page::Page;
use crate::perturb::RestoreDrill;

/// `cpn.restore-drill`.
pub(crate) struct Restore;

impl Experiment for Restore {
    fn id(&self) -> &'static str {
        "cpn.restore-drill"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        match RestoreDrill::plan(ground) {
            Ok(plan) => Planning::Planned(vec![Box::new(plan)]),
            Err(because) => Planning::NotProvable(because),
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "everything is lost but a backup, and the service is back",
            hypothesis: "The declared command makes a backup; with nothing but that and the commit, the declared command brings \
                         back what users wrote; and a backup that is damaged or incomplete is noticed before it is believed.",
            facts: &["compose.service"],
            tools: &["a container engine", "the images `probe` and `base`"],
            run: &[
                "The Compose project is started as it is written, and each journey of `preuve.yaml` is written and must show.",
                "The commands of `backups` in `preuve.yaml` are run in their services, and the folder that keeps backups is \
                 taken out.",
                "Everything is deleted, volumes included, and started from the commit; the kept folder is laid in the fresh \
                 service and the command that restores is run. What is compared must be the same, and every journey show again.",
            ],
            faults: &[
                ("null: a file that says nothing lies beside the backup", "nowhere"),
                ("one byte of the backup is another", "the restoring command, or the data"),
                ("the largest file of the backup is gone", "the restoring command, or the data"),
            ],
            outcomes: &[
                ("proven", "everything is back, and both damages were noticed"),
                ("refuted", "no backup is made, it does not come back, or a damaged one is taken for good"),
                ("flaky", "the null fault was taken for a fault, or the same backup was judged twice and differently"),
                ("not provable here", "no backup is declared, or nothing would tell that data are back"),
            ],
            limits: &[
                "A few things are written: how long a restore of much data takes is not seen.",
                "Where backups are sent, and whether that place survives, is not tried.",
                "A schedule is not waited for: the command is run at once.",
            ],
        }
    }
}
