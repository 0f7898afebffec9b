//! Built products that one job hands on to another which deploys or publishes them.

use facts::Fact;

use super::model::{Does, Job, Pipeline, Written};
use crate::Sink;

/// What names reports, plans and caches rather than a product.
const REPORTS: [&str; 18] = [
    "coverage",
    "report",
    "junit",
    "test",
    "plan",
    "log",
    "sarif",
    "lint",
    "audit",
    "scan",
    "trivy",
    "screenshots",
    "node_modules",
    ".env",
    "cache",
    "sbom",
    "gl-",
    "inventory",
];
/// The largest number of pairs that are told.
const PAIRS: usize = 200;

/// Emits a fact for each product that is handed on.
pub(super) fn all(pipelines: &[Pipeline], steps: &[Fact], sink: &mut Sink) {
    let mut left = PAIRS;
    for pipeline in pipelines {
        let does = |job: &Job, purposes: &[&str]| {
            let own = steps.iter().filter(|step| {
                step.kind() == "ci.step" && step.text("pipeline") == pipeline.path && step.text("job") == job.name
            });
            own.into_iter().any(|step| step.list("purposes").iter().any(|purpose| purposes.contains(&purpose.as_str())))
        };
        let makers: Vec<&Job> =
            pipeline.jobs.iter().filter(|job| !job.artifacts.is_empty() && does(job, &["build"])).collect();
        if makers.is_empty() {
            continue;
        }
        for taker in pipeline.jobs.iter().filter(|job| does(job, &["deploy", "publish"])) {
            for maker in makers.iter().filter(|maker| taker.needs.contains(&maker.name)) {
                let Some(product) = maker.artifacts.iter().find(|files| is_product(files)) else { continue };
                if left > 0 && takes(pipeline, taker) {
                    left -= 1;
                    sink.push(handed_on(pipeline, maker, taker, product));
                }
            }
        }
    }
}

fn handed_on(pipeline: &Pipeline, maker: &Job, taker: &Job, product: &Written) -> Fact {
    let to = taker.steps.first().map_or_else(|| taker.at.clone(), |step| step.at.clone());
    Fact::new("ci.artifact", "ci", product.at.clone())
        .with("pipeline", pipeline.path.as_str())
        .with("job", maker.name.as_str())
        .with("to", taker.name.as_str())
        .with("files", product.text.as_str())
        .with("automatic", maker.automatic)
        .also(to)
}

fn is_product(files: &Written) -> bool {
    let paths = files.text.to_ascii_lowercase();
    paths.split(['\n', ',']).any(|path| !path.trim().is_empty() && !REPORTS.iter().any(|word| path.contains(word)))
}

/// Whether a later job gets the files: in some engines by itself, in others it must fetch them.
fn takes(pipeline: &Pipeline, job: &Job) -> bool {
    let fetches = |step: &super::model::Step| match &step.does {
        Does::Uses { reference, .. } => {
            ["download", "unstash", "copyArtifacts"].iter().any(|word| reference.contains(word))
        }
        Does::Shell { text, .. } => text.contains("artifact"),
        Does::Approval => false,
    };
    let given = matches!(pipeline.engine, "gitlab" | "bitbucket" | "jenkins" | "azure" | "travis");
    given || job.steps.iter().any(fetches)
}
