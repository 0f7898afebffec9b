//! C6, monitoring: targets are up, what is read is exposed, and an alert that watches a service is delivered when it dies.

use crate::experiment::{Experiment, Ground, Planned, Planning};
use crate::monitoring::Watching;
use crate::page::Page;

/// `c6.kill-the-service`.
pub(crate) struct KillTheService;

impl Experiment for KillTheService {
    fn id(&self) -> &'static str {
        "c6.kill-the-service"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        match Watching::plan(ground) {
            Ok(sites) => Planning::Planned(sites.into_iter().map(|site| Box::new(site) as Box<dyn Planned>).collect()),
            Err(because) => Planning::NotProvable(because),
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "somebody is told when a service dies",
            hypothesis: "Everything that is scraped answers, every metric that is read is exposed; and when a service that an \
                         alert watches is killed, the alert is delivered in its time, and its end too.",
            facts: &["mon.query", "mon.metric", "mon.target", "compose.service"],
            tools: &[
                "a container engine",
                "the images `probe`, `prometheus`, `alertmanager` and those of the exporters",
            ],
            run: &[
                "The Compose project that Prometheus is a service of is built and started on an internal network: Prometheus, \
                 Alertmanager, what is scraped, the application, and what those need. Addresses stay as they are written.",
                "Of the configuration one thing is changed: each channel of each receiver of Alertmanager leads to our sink, \
                 which keeps what is *delivered*. A receiver without a channel stays without, and so does one whose webhook \
                 leads to a name that nothing carries.",
                "Times are kept as they are written when waiting, grouping and two rounds of scraping and evaluation stay below \
                 150 s together; else `for`, `group_wait`, `group_interval` and the intervals are divided by one factor, which \
                 the proof tells.",
                "*Baseline*: `promtool` accepts the configuration, every target is up, every metric that an alert, a recording \
                 rule or a panel reads has a series or a description, every rule can be evaluated, every query of a panel is \
                 understood (variables of a dashboard stand for all values), and no alert that watches a service stirs.",
                "Which service an alert watches is taken from its expression: the series of `up`, `probe_success` and `…_up` \
                 that it compares with 0, and those of `absent`. Prometheus says which target they belong to; what an exporter \
                 says of something else is led to the service that its settings name. `alerts` of `preuve.yaml` corrects this.",
                "A service is killed once for all alerts that watch it. Each must become pending, then firing, then reach our \
                 sink within `for`, `group_wait` or `group_interval`, two rounds and 15 s; the service is started again, and the \
                 end must be delivered as well.",
            ],
            faults: &[
                ("null: every service is asked once more", "nowhere: no alert that watches a service stirs"),
                ("a service that an alert watches is killed, for each such alert", "our sink, by that alert"),
                ("one more service of an alert that watches several, drawn by `--seed`", "our sink, by that alert"),
            ],
            outcomes: &[
                (
                    "proven",
                    "every alert that watches a service that runs here was delivered when it died, and was over when it returned",
                ),
                (
                    "refuted",
                    "the configuration is not accepted, a target is down or has a name that no service carries, rules are not \
                     loaded, a metric is read that nobody exports, an alert waits for more than half an hour, fires and is \
                     delivered to nobody, or does not fire; each is named by file and line",
                ),
                (
                    "flaky",
                    "an alert stirred while nothing was broken, or a target stayed down after its service returned",
                ),
                (
                    "not provable here",
                    "Prometheus is not run by a Compose project, no alert watches a service that can be killed here, or an image \
                     that is needed cannot be had",
                ),
            ],
            limits: &[
                "Prometheus 2.42, Alertmanager 0.25 and exporters are Debian's and stand in for the published ones. What asks \
                 for a newer one and is not understood is not held against it.",
                "Alerts on rates, latencies and resources are not exercised, save those that fire when a service dies; they are \
                 named. So are those of Grafana, which is not run: its panels are asked of Prometheus.",
                "A metric that has no series here is only held against its reader when no code of the project speaks of it and \
                 nothing that may expose it was left out.",
                "That our sink received a message shows the route, not that a chat or a pager would have taken it.",
                "Prometheus in a cluster, from a chart or on hosts is not run; CloudWatch, Datadog, Telegraf and the like neither.",
            ],
        }
    }
}
