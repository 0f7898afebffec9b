//! Continuous integration: pipelines, jobs, steps, and other automated commands.

use super::{KindSchema, bool, int, list, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "ci.pipeline",
        doc: "A pipeline definition that its engine would read.",
        fields: &[
            text(
                "engine",
                "github, gitlab, jenkins, circleci, azure, bitbucket, travis, drone, woodpecker, tekton, argo-workflows, buildkite, concourse, forgejo, cloud-build or codebuild.",
            ),
            text("name", "Its name."),
            list(
                "triggers",
                "Events that start it: push, merge-request, tag, release, schedule, merge-queue, manual, upstream, other.",
            ),
            bool("automatic", "Whether a predetermined source event starts it."),
            bool("subfolder", "Whether it lies in a sub-folder that holds a project of its own."),
            bool("disabled", "Whether it is switched off."),
            bool("reusable", "Whether it only runs when another pipeline calls it."),
            int("jobs", "How many jobs it has."),
        ],
    },
    KindSchema {
        name: "ci.job",
        doc: "A job of a pipeline, after includes and templates are resolved.",
        fields: &[
            text("engine", "As for ci.pipeline."),
            text("pipeline", "The path of the pipeline that runs it."),
            text("name", "Its name."),
            text("stage", "Its stage, where the engine has stages."),
            list("needs", "Jobs that must succeed before it, directly or not, stages included."),
            bool("automatic", "Whether it is reached from a source event without a hand."),
            bool("manual", "Whether a person must start or approve it."),
            bool("allow_failure", "Whether its failure leaves the pipeline green."),
            text("environment", "The environment that it deploys to, where it names one."),
            bool("protected", "Whether that environment is one for which approval is configured in the repository."),
            list("purposes", "All purposes of its steps."),
        ],
    },
    KindSchema {
        name: "ci.step",
        doc: "One thing that a pipeline does, with the purpose read from what it runs.",
        fields: &[
            text("engine", "As for ci.pipeline."),
            text("pipeline", "The path of the pipeline that runs it."),
            text("job", "The job."),
            text("command", "What runs: the command line, action or image."),
            list(
                "purposes",
                "build, test, lint, scan, sbom, sign, publish, package, provision, configure, deploy, verify, notify, infra-static, infra-test, install, approve, rollback, plan, destroy, run, cluster.",
            ),
            list("tools", "The tools that it runs."),
            list("via", "The scripts and targets of the repository that lead to it."),
            text("environment", "The environment of the job."),
            bool("automatic", "Whether it is reached from a source event; a manual approval on the way is allowed."),
            bool("manual", "Whether a person must start or approve the job."),
            bool("blocking", "Whether its failure makes the pipeline fail."),
            bool("ephemeral", "Whether what it acts on lives and dies with the job, as a kind cluster does."),
            bool("external", "Whether what it really does lies outside the repository."),
            bool("subfolder", "Whether its pipeline lies in a sub-folder."),
            text("target", "What it acts on, where visible: an image, a chart, a directory, a host."),
            text(
                "applies",
                "The family of infrastructure code that it applies: terraform, kubernetes, ansible and so on; empty when it applies none.",
            ),
            text("on", "What a deployment goes to: kubernetes, gitops, cloud, host or compose."),
            text("dir", "The directory that it runs in, where the repository holds it."),
            bool("remote", "Whether it runs on a distant machine."),
        ],
    },
    KindSchema {
        name: "ci.external",
        doc: "A part of a pipeline that lives outside the repository and cannot be read.",
        fields: &[
            text("engine", "As for ci.pipeline."),
            text("pipeline", "The path of the pipeline."),
            text("reference", "What it refers to."),
            text("what", "include, reusable-workflow, action, component, shared-library, template or image."),
        ],
    },
    KindSchema {
        name: "command",
        doc: "One command of a versioned entry outside pipelines: a Make, just, Task, mise or npm target, a hook or a script.",
        fields: &[
            text("runner", "make, just, task, mise, npm, script, pre-commit, husky, vagrant, tilt or other."),
            text("entry", "The target, hook or script."),
            text("command", "The command line."),
            list("purposes", "As for ci.step."),
            list("tools", "The tools that it runs."),
            text("target", "What it acts on, where visible."),
            text("applies", "As for ci.step."),
            text("on", "As for ci.step."),
            bool("blocking", "Whether its failure makes the entry fail."),
        ],
    },
];
