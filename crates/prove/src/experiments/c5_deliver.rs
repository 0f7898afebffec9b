//! C5, deployment: the next version reaches users without costing them anything, and a broken one does not reach them.

use crate::deploy::{Composed, Delivering, Keeping, Reconciled, Releasing};
use crate::experiment::{Experiment, Ground, Planned, Planning};
use crate::page::Page;
use crate::say::Say;

/// `c5.deliver-next-version`.
pub(crate) struct DeliverNextVersion;

impl Experiment for DeliverNextVersion {
    fn id(&self) -> &'static str {
        "c5.deliver-next-version"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        match Delivering::plan(ground) {
            Ok(delivering) => {
                let operated = Reconciled::plan(ground).map(|one| Box::new(one) as Box<dyn Planned>);
                let delivered = Box::new(delivering) as Box<dyn Planned>;
                Planning::Planned(std::iter::once(delivered).chain(operated).collect())
            }
            Err(because) => match Composed::plan(ground) {
                Ok(composed) => {
                    let kept = Keeping::plan(&composed).map(|kept| Box::new(kept) as Box<dyn Planned>);
                    let released = Box::new(Releasing(composed)) as Box<dyn Planned>;
                    Planning::Planned(std::iter::once(released).chain(kept).collect())
                }
                Err(also) => Planning::NotProvable(Say::Several(vec![because, also])),
            },
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "the next version arrives, and a broken one does not",
            hypothesis: "While users are served, the next version is delivered and the one before it brought back, and every \
                         request is answered; a broken release is stopped before it costs a user anything.",
            facts: &[
                "k8s.workload",
                "k8s.object",
                "k8s.image",
                "k8s.probe",
                "k8s.strategy",
                "k8s.gitops",
                "container.image",
                "cd.image",
            ],
            tools: &[
                "a container engine",
                "Kubernetes, as `./dev kubernetes` builds it",
                "the images `cluster`, `pause` and `probe`",
            ],
            run: &[
                "A real Kubernetes of one node is raised in a network of its own, without any way out, and its boundary is tried \
                 from inside a pod.",
                "The environment that the repository describes is rendered by the tools that people use (`kubectl kustomize`, \
                 `helm template`, or manifests as they are written) and delivered. Images of the project are built from its own \
                 Dockerfiles; what is changed to fit the cluster is listed.",
                "A pod of ours asks where users would come in, ten times a second with numbered requests, without a pause from \
                 here on. A request that is answered late, with an error or not at all is lost.",
                "*Baseline*: the next version (the same program, with a layer that names it) is delivered and rolled out, every \
                 pod runs it, and the version before is brought back. Nothing may be lost on the way.",
                "Wherever a claim is mounted a mark is left. With the baseline, each workload that keeps something is made \
                 anew, and the mark must be there; before the end it is looked for again.",
                "Where an object of Argo CD or Flux points to the environment and says that it prunes or heals by itself, a small \
                 reconciler of ours does what it declares, on a cluster of its own: an object is taken out of git, a workload is \
                 changed by hand, and the API is asked what became of both.",
                "Each broken release is delivered like any other. Then the good version is brought back.",
                "Where no workload of a cluster is described and a Compose file deploys, its services are started on an internal \
                 network; those that the project builds are made anew from their next images and back, in their order, as `docker \
                 compose up` does, while the one where users come in is asked. What its volumes hold is a subject of its own: a mark is left in \
                 each, everything is ended and started from the next images and from those before, and the marks must be there.",
            ],
            faults: &[
                ("null: a remark on the pods, delivered as a release", "nowhere: no request is lost"),
                ("an image that does not exist", "the rollout is stopped, and every request is answered"),
                ("a release that starts and serves nothing", "the rollout is stopped, and every request is answered"),
                ("a release that ends as soon as it starts", "the rollout is stopped, and every request is answered"),
                (
                    "a setting that is not where it is taken from",
                    "the rollout is stopped, and every request is answered",
                ),
                (
                    "GitOps, null: a remark in git, a note by hand that git says nothing of",
                    "nowhere: nothing is removed, nothing is undone",
                ),
                ("GitOps that prunes: an object taken out of git", "the object is gone from the cluster"),
                ("GitOps that heals: an image changed by hand", "the image is the one that git says"),
                (
                    "where something is kept: a release that keeps it in an empty folder, or in its container",
                    "the mark is missed, or the rollout is stopped",
                ),
            ],
            outcomes: &[
                (
                    "proven",
                    "good releases lose no request and nothing that is kept, and every broken one is stopped at no cost",
                ),
                (
                    "refuted",
                    "a good release loses requests or data, or a broken one reaches users; the number of lost requests is told",
                ),
                ("flaky", "the remark was taken for a fault, or the restored version was judged differently"),
                (
                    "not provable here",
                    "Kubernetes is not on this machine, an image cannot be had, or the pods ask for more than a sandbox gives",
                ),
            ],
            limits: &[
                "Network policies and ingress rules are stored and not enforced: users come in at the service.",
                "The cluster serves the API of Kubernetes 1.20; newer versions of some kinds are sent under their older name, and \
                 kinds that it does not know are left out and named.",
                "Secrets that are encrypted or kept elsewhere get placeholder values, or those of `secrets` in `preuve.yaml`.",
                "An image that takes its version as an argument (`VERSION` or the like) is given the tag under which it is asked for.",
                "A GitOps operator is replaced by a reconciler of ours: what is shown is what the object declares and what the manifests \
                 let happen, not the operator's own working.",
                "One workload is watched, where users come in; what else does not run is named.",
                "What is kept is what claims of a cluster and named volumes of Compose hold: what a program writes elsewhere is \
                 not marked.",
            ],
        }
    }
}
