//! C3, configuration: fresh hosts converge, another run changes nothing, damage is repaired.

use crate::experiment::{Experiment, Ground, Planned, Planning};
use crate::hosts::Converging;
use crate::page::Page;
use crate::say::say;
use crate::terraform::Applying;

/// `c3.converge-twice`.
pub(crate) struct ConvergeTwice;

impl Experiment for ConvergeTwice {
    fn id(&self) -> &'static str {
        "c3.converge-twice"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        let hosts = Converging::plan(ground).into_iter().map(|site| Box::new(site) as Box<dyn Planned>);
        let roots = Applying::plan(ground).into_iter().map(|root| Box::new(root) as Box<dyn Planned>);
        let planned: Vec<_> = hosts.chain(roots).collect();
        if planned.is_empty() {
            return Planning::NotProvable(match ground.facts.of("iac.manager").first() {
                Some(fact) => say!("manager-not-run", tool = fact.text("tool")),
                None => say!("no-manager"),
            });
        }
        Planning::Planned(planned)
    }

    fn page(&self) -> Page {
        Page {
            title: "another run changes nothing, and repairs what was damaged",
            hypothesis: "Fresh hosts converge from the code; running it again changes nothing; and what the code manages is \
                         repaired by the next run when it was damaged.",
            facts: &[
                "ansible.play",
                "ansible.role",
                "ansible.inventory",
                "ansible.requirement",
                "iac.manager",
                "iac.root",
                "iac.variable",
            ],
            tools: &[
                "a container engine",
                "the images `control` and `host`, or `puppet`",
                "for Terraform, the program and its providers: `preuve doctor` says where they are looked for",
            ],
            run: &[
                "One fresh Debian host with systemd for each host of the inventory (four at most), on an internal network, and \
                 a control container that holds the commit and reaches them by ssh. Puppet's manifests, and the commands that \
                 `preuve.yaml` declares (`hosts.converge`), are applied on the hosts themselves.",
                "*Prepare*: the code converges the hosts. They have no way out: packages are brought by a relay, which fetches \
                 what they ask for by plain GET.",
                "*Judge*, without network: the second run and the third must change nothing, by the structured result **and** \
                 by a snapshot of files, packages, units and listeners that is taken from outside.",
                "What the tasks say that they manage is damaged. The next run must bring the snapshot back.",
                "Ansible says of each change which task made it. Damages to different things, held by different tasks that ask for \
                 them in a run that changes nothing, too, are therefore on the hosts together, and one run repairs them: each must show in the \
                 snapshot when it is made, its own task must say that it changed something, and afterwards no snapshot differs. \
                 Where that is not so the group is halved, down to single damages, so that what stays is always seen alone. \
                 Accounts are damaged alone, and so is all that other tools converge.",
                "Each root of Terraform (three at most) is applied in a container without network, its state in a file whatever \
                 its backend is. Then its plan is empty, another apply changes no file, and its plan is empty still; what was \
                 damaged behind its back must be planned, and applying must mend it.",
            ],
            faults: &[
                ("null: a file appears where nothing is managed", "nowhere"),
                ("the content of a managed file, or the line that is kept in it", "the next run repairs it"),
                ("mode and owner of a managed file", "the next run repairs it"),
                ("a managed package is removed", "the next run repairs it"),
                ("a managed service is stopped, or disabled", "the next run repairs it"),
                ("a managed user or cron entry is removed", "the next run repairs it"),
                ("Terraform: a file that it made is changed or removed", "planned, and mended"),
            ],
            outcomes: &[
                (
                    "proven",
                    "nothing changes without damage, one damage of each kind is repaired, and four fifths of the sample",
                ),
                ("refuted", "a run fails, another run changes something, or a damage stays; what stays is named"),
                ("flaky", "the null fault was taken for damage, or the restored hosts were judged differently"),
                (
                    "not provable here",
                    "a role, collection or package cannot be had, a vault needs its password, or hosts cannot be reached",
                ),
            ],
            limits: &[
                "An account that the code gives no number is compared by its name when it was removed and made again.",
                "Where a program, library or setting that our commands on a host rest on is another than in its image, nothing \
                 that it says is believed: an upgrade of the whole system is such a case.",
                "Hosts are containers: kernel modules, disks and restarts of machines are not shown.",
                "What is managed is taken from the arguments of file, package, service, user and cron modules, or from Puppet's \
                 compiled catalog; what other modules and commands do is covered by the snapshot alone. Files that no task claims are named as unmanaged.",
                "An inventory from a script or plugin is replaced by one host in every group that a play names.",
                "Providers of Terraform that ask a cloud cannot answer here, and none is fetched: those that lie beside the program \
                 are used, and a root that needs another is not provable here.",
                "A script says nothing of what it changed: only the snapshot speaks of it. What it keeps is read from its words: \
                 packages that it installs, services and users.",
                "Chef and Salt are not run: nothing of theirs is to be had from Debian.",
            ],
        }
    }
}
