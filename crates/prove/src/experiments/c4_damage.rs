//! C4, infrastructure tests: they pass on the converged host, and see each damage that they claim to cover.

use crate::deploy::TestedChart;
use crate::experiment::{Experiment, Ground, Planned, Planning};
use crate::hosts::Tested;
use crate::page::Page;
use crate::terraform::TestedRoot;

/// `c4.damage-the-host`.
pub(crate) struct DamageTheHost;

impl Experiment for DamageTheHost {
    fn id(&self) -> &'static str {
        "c4.damage-the-host"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        let hosts = Tested::plan(ground);
        let roots = TestedRoot::plan(ground).into_iter().map(|root| Box::new(root) as Box<dyn Planned>);
        let charts = TestedChart::plan(ground).into_iter().map(|chart| Box::new(chart) as Box<dyn Planned>);
        let mut planned: Vec<Box<dyn Planned>> = roots.chain(charts).collect();
        match hosts {
            Ok(tested) => planned.insert(0, Box::new(tested)),
            Err(because) if planned.is_empty() => return Planning::NotProvable(because),
            Err(_) => {}
        }
        Planning::Planned(planned)
    }

    fn page(&self) -> Page {
        Page {
            title: "the tests see what they claim to cover",
            hypothesis: "The infrastructure tests pass on the converged host; and each damage that they claim to cover makes \
                         one of them fail.",
            facts: &["infratest.suite", "ansible.play", "ansible.role", "ansible.inventory", "k8s.workload"],
            tools: &[
                "a container engine",
                "the images `control` and `host`, or `serverspec`",
                "for charts, Kubernetes as `./dev kubernetes` builds it",
            ],
            run: &[
                "Fresh hosts are converged as in `c3.converge-twice`; where that experiment did so in the same run, the hosts start \
                 from the state that it kept after its first run of the code, if a snapshot finds them the same and every suite \
                 is green there. Each suite is run on \
                 the first host on which it is green: testinfra, Serverspec and verifying playbooks by ssh from the control \
                 container; Goss, Bats and scripts on the host.",
                "What each suite claims to cover is read from its text: `host.service(\"nginx\").is_running`, a `service:` of \
                 Goss, `systemctl is-active nginx`. Of each kind of claim in each suite one is damaged, and of the others a \
                 sample drawn by `--seed`, one at a time, without network. A damage is taken back in place; where a snapshot then \
                 differs, or there is no way back, the host is started again from its kept state.",
                "testinfra runs the test that holds the claim by itself: before the damage once or twice, as is drawn, and it must be \
                 green; and after it. Where that says nothing, and with every other tool, the whole suites are run, the one that \
                 claims it first. The null fault is \
                 observed by all of them. Every run ends with the first test that fails, so that a suite is not told whether \
                 something was done.",
                "`terraform test` runs in a container without network. Each literal that an output or an argument takes, and that \
                 an assertion compares by `==`, is changed in the code.",
                "`helm test` runs on a real Kubernetes of one node, where the chart was installed with the data of the \
                 environment beside it. Each service that a test names is made to lead nowhere, and each workload behind it is \
                 stopped.",
            ],
            faults: &[
                ("null: a file appears that nothing speaks of", "nowhere"),
                ("a file is removed, or its content, mode or owner changed", "a test of the suite that claims it"),
                ("a package or user is removed", "a test of the suite that claims it"),
                ("Terraform: a value that an assertion compares is changed", "`terraform test`"),
                ("a chart: a service that a test names leads nowhere, a workload behind it is stopped", "`helm test`"),
                (
                    "a service is stopped or disabled; what listens on a port is stopped",
                    "a test of the suite that claims it",
                ),
            ],
            outcomes: &[
                ("proven", "green without damage, and red for every damage that is claimed to be covered"),
                (
                    "refuted",
                    "red without damage, or a claimed damage that no test saw; survivors are named by file and line",
                ),
                ("flaky", "the null fault was taken for damage, or the restored host was judged differently"),
                (
                    "not provable here",
                    "the hosts cannot be converged here, or the suites need a cluster, a cloud or a tool that is not to be had",
                ),
            ],
            limits: &[
                "What the proof itself stands on is not damaged: Python, ssh and systemd, and the folders that lead to them.",
                "A test that is run by itself is not disturbed by its suite: that an earlier test mends what it looks at is not seen.",
                "A claim is read by its form: names that a parametrized test is given as text are, what it computes is not, nor are \
                 the words that it looks for in a file.",
                "Of Molecule, the verifying playbook or testinfra's files are run, on hosts of ours. Terratest is not run by \
                 this experiment; it is named. A suite that claims nothing that can be damaged is said to have no teeth.",
            ],
        }
    }
}
