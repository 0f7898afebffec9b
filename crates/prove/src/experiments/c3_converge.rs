//! C3, configuration: fresh hosts converge, another run changes nothing, damage is repaired.

use crate::experiment::{Experiment, Ground, Planned, Planning};
use crate::hosts::Converging;
use crate::page::Page;

/// `c3.converge-twice`.
pub(crate) struct ConvergeTwice;

impl Experiment for ConvergeTwice {
    fn id(&self) -> &'static str {
        "c3.converge-twice"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        let planned = Converging::plan(ground);
        if planned.is_empty() {
            return Planning::NotProvable(match ground.facts.of("iac.manager").first() {
                Some(fact) => format!("configuration is applied by {}, which is not run here", fact.text("tool")),
                None => "no configuration manager is used".into(),
            });
        }
        Planning::Planned(planned.into_iter().map(|site| Box::new(site) as Box<dyn Planned>).collect())
    }

    fn page(&self) -> Page {
        Page {
            title: "another run changes nothing, and repairs what was damaged",
            hypothesis: "Fresh hosts converge from the code; running it again changes nothing; and what the code manages is \
                         repaired by the next run when it was damaged.",
            facts: &["ansible.play", "ansible.role", "ansible.inventory", "ansible.requirement", "iac.manager"],
            tools: &["a container engine", "the images `control` and `host`, or `puppet`"],
            run: &[
                "One fresh Debian host with systemd for each host of the inventory (four at most), on an internal network, and \
                 a control container that holds the commit and reaches them by ssh. Puppet's manifests, and the commands that \
                 `preuve.yaml` declares (`hosts.converge`), are applied on the hosts themselves.",
                "*Prepare*: the code converges the hosts. They have no way out: packages are brought by a relay, which fetches \
                 what they ask for by plain GET.",
                "*Judge*, without network: the second run and the third must change nothing, by the structured result **and** \
                 by a snapshot of files, packages, units and listeners that is taken from outside.",
                "What the tasks say that they manage is damaged, one thing at a time. The next run must bring the snapshot back.",
            ],
            faults: &[
                ("null: a file appears where nothing is managed", "nowhere"),
                ("the content of a managed file, or the line that is kept in it", "the next run repairs it"),
                ("mode and owner of a managed file", "the next run repairs it"),
                ("a managed package is removed", "the next run repairs it"),
                ("a managed service is stopped, or disabled", "the next run repairs it"),
                ("a managed user or cron entry is removed", "the next run repairs it"),
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
                "Hosts are containers: kernel modules, disks and restarts of machines are not shown.",
                "What is managed is taken from the arguments of file, package, service, user and cron modules, or from Puppet's \
                 compiled catalog; what other modules and commands do is covered by the snapshot alone. Files that no task claims are named as unmanaged.",
                "An inventory from a script or plugin is replaced by one host in every group that a play names.",
                "A script says nothing of what it changed: only the snapshot speaks of it. What it keeps is read from its words: \
                 packages that it installs, services and users.",
                "Chef and Salt are not run: nothing of theirs is to be had from Debian. Terraform converges no host.",
            ],
        }
    }
}
