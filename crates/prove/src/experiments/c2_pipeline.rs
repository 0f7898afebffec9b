//! C2, integration: the pipeline's jobs run for a push, and go red when what they guard is broken.

use crate::experiment::{Experiment, Ground, Planned, Planning};
use crate::page::Page;
use crate::pipeline::Pipeline;
use crate::say::{Say, say};

/// `c2.run-pipeline`.
pub(crate) struct RunPipeline;

impl Experiment for RunPipeline {
    fn id(&self) -> &'static str {
        "c2.run-pipeline"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        let started =
            ground.facts.of("ci.pipeline").iter().filter(|fact| fact.is("automatic") && !fact.is("subfolder"));
        let paths: Vec<&str> = started.filter_map(|fact| fact.location().path()).collect();
        // Pipelines that judge the same code share the sample.
        let ground = &Ground { sample: ground.sample.div_ceil(paths.len().max(1)), ..*ground };
        let mut planned: Vec<Box<dyn Planned>> = Vec::new();
        let mut refused = Vec::new();
        for path in paths {
            match Pipeline::plan(ground, path) {
                Ok(pipeline) => planned.push(Box::new(pipeline)),
                Err(because) => refused.push(because),
            }
        }
        match (planned.is_empty(), refused.is_empty()) {
            (false, _) => Planning::Planned(planned),
            (true, false) => Planning::NotProvable(Say::Several(refused)),
            (true, true) => Planning::NotProvable(say!("no-pipeline")),
        }
    }

    fn page(&self) -> Page {
        Page {
            title: "the pipeline notices what is broken",
            hypothesis: "For a push, the pipeline's jobs pass; and when the code is broken they go red, in the step that is \
                         meant to notice.",
            facts: &["ci.pipeline", "ci.script", "ci.step"],
            tools: &["a container engine", "the image `ci`"],
            run: &[
                "The files of the commit are laid out in a container; the working folder is never used. They are committed \
                 and pushed to a bare repository whose `post-receive` hook checks them out where the jobs run.",
                "*Prepare*, with package registries: every job that a push starts runs once by its own commands, so that \
                 what it depends on is there. The state is frozen.",
                "*Judge*, without network: for each state a fresh container starts from the frozen one, the change is \
                 pushed, and the steps run in order. The exit code of each step comes from the container engine.",
                "The unbroken commit must be green, and every test step must have run at least one test.",
                "All jobs run once. From then on, those that a fault is meant for, with what they need: all of them for the \
                 null fault and at the end, one for each other fault.",
            ],
            faults: &[
                ("null: a comment is added to the application", "nowhere"),
                (
                    "null: a definition that nobody uses is added to the application",
                    "no test: one that fails looks at the text, and not at what the program does",
                ),
                ("one assertion of each suite is inverted", "the test step, whose report must name that test"),
                ("a syntax error is added to the file with the most code to break", "any step"),
                ("a line that the linter refuses, when a linter that is known runs", "the lint step"),
                ("a key in a provider's form, when a secret scanner runs", "the scanning step"),
                (
                    "a sample of mutants of the application (comparison boundary, negated condition, arithmetic, constant, \
                     return value, removed statement) drawn by `--seed`; several pipelines share it",
                    "the test step; half of the sample for each suite at least",
                ),
            ],
            outcomes: &[
                (
                    "proven",
                    "green without a fault, red in the right place for each control and for half of each sample",
                ),
                (
                    "refuted",
                    "red without a fault, no test ran, or a control went unnoticed; survivors are named by file and line",
                ),
                ("flaky", "a null fault was taken for a fault, or the same commit was judged twice and differently"),
                (
                    "not provable here",
                    "a step needs a container engine, a cluster, a service, a network or a program that a sandbox does not \
                     give, no step that can run here runs tests, or they are about no code that could be changed",
                ),
            ],
            limits: &[
                "The steps are run by our runner, not by the engine of the forge: expressions that only the engine knows, \
                 services, matrices beyond their first values and caches are not.",
                "All jobs of a pipeline share one workspace.",
                "Actions of other repositories are not fetched; the few whose effect is the machine's have stand-ins, which \
                 are named.",
                "Jobs see one commit without a past, and nothing of how it came here. Tests that keep a copy of the program while \
                 preparing and compare it by meaning are not told from honest ones.",
                "A mutant that breaks the build is not counted, and a surviving mutant may change nothing that matters.",
            ],
        }
    }
}
