//! Gates: a publishing or deploying step that only runs when a test before it, in the same run, has passed.

use std::collections::BTreeMap;

use facts::{Fact, Location};

use super::model::{Job, Pipeline};
use crate::Sink;

/// What a gate can protect, the most convincing first.
const PROTECTED: [&str; 3] = ["deploy", "publish", "build"];
/// The largest number of gates that are told.
const GATES: usize = 500;

/// A step with the job and pipeline that run it.
struct Placed<'a> {
    pipeline: &'a Pipeline,
    job: &'a Job,
    fact: &'a Fact,
    order: usize,
}

/// Emits the gates of all pipelines.
pub(super) fn all(pipelines: &[Pipeline], steps: &[Fact], sink: &mut Sink) {
    let jobs: BTreeMap<(&str, &str), (&Pipeline, &Job)> = pipelines
        .iter()
        .flat_map(|pipeline| {
            pipeline.jobs.iter().map(move |job| ((pipeline.path.as_str(), job.name.as_str()), (pipeline, job)))
        })
        .collect();
    let placed: Vec<Placed<'_>> = steps
        .iter()
        .enumerate()
        .filter(|(_, fact)| fact.kind() == "ci.step")
        .filter_map(|(order, fact)| {
            let (pipeline, job) = *jobs.get(&(fact.text("pipeline"), fact.text("job")))?;
            Some(Placed { pipeline, job, fact, order })
        })
        .collect();
    let blocking = placed.iter().filter(|step| is_test(step.fact) && step.fact.is("blocking"));
    let tests: Vec<&Placed<'_>> = blocking.take(GATES).collect();
    // Where something is published or deployed, that is what tests must hold back; a build alone counts otherwise.
    let leaves =
        |step: &Placed<'_>| !step.fact.is("ephemeral") && (has(step.fact, "publish") || has(step.fact, "deploy"));
    let published = placed.iter().any(leaves);
    let guarded = |step: &&Placed<'_>| if published { leaves(step) } else { has(step.fact, "build") };
    let mut left = GATES;
    for protected in placed.iter().filter(guarded).take(GATES) {
        // The nearest test is enough: one gate for each protected step.
        let found = tests.iter().filter_map(|test| Some((how(test, protected)?, *test))).min_by_key(|(how, _)| *how);
        if let Some((how, test)) = found
            && left > 0
        {
            left -= 1;
            sink.push(gate(how, test, protected));
        }
    }
}

/// How a test holds a step back; the order says which is shown first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Needs,
    SameJob,
    SameStep,
    Upstream,
}

fn how(test: &Placed<'_>, protected: &Placed<'_>) -> Option<How> {
    if test.pipeline.path != protected.pipeline.path {
        return follows(test, protected).then_some(How::Upstream);
    }
    if test.job.name == protected.job.name {
        return in_one_job(test, protected);
    }
    let ordered = protected.job.needs.contains(&test.job.name);
    let stops = !test.job.allow_failure && !protected.job.always;
    (ordered && stops && meet(test.job, protected.job)).then_some(How::Needs)
}

fn in_one_job(test: &Placed<'_>, protected: &Placed<'_>) -> Option<How> {
    if runs_always(protected) {
        return None;
    }
    if test.fact == protected.fact {
        return Some(How::SameStep);
    }
    (test.order < protected.order).then_some(How::SameJob)
}

/// Whether the step of that place runs even after a failure before it in its job.
fn runs_always(placed: &Placed<'_>) -> bool {
    let at = placed.fact.location();
    let holds = |step: &&super::model::Step| covers(&step.at, at) || step.via.iter().any(|via| via == at);
    placed.job.steps.iter().find(holds).is_some_and(|step| step.always)
}

fn covers(outer: &Location, inner: &Location) -> bool {
    match (outer.span(), inner.span()) {
        (Some(a), Some(b)) => outer.path() == inner.path() && a.start <= b.start && b.end <= a.end,
        _ => false,
    }
}

/// Whether both jobs can be part of one run: some event reaches both, on some ref.
fn meet(a: &Job, b: &Job) -> bool {
    let event = a.events.is_empty() || b.events.is_empty() || a.events.iter().any(|event| b.events.contains(event));
    let named = |refs: &[String]| !refs.is_empty() && refs.iter().all(|name| !name.contains(['*', '/', '^', '$']));
    let apart = named(&a.refs) && named(&b.refs) && !a.refs.iter().any(|name| b.refs.contains(name));
    event && !apart
}

/// Whether the pipeline of a step runs after the one of the test, and only when that has succeeded.
fn follows(test: &Placed<'_>, protected: &Placed<'_>) -> bool {
    let upstream =
        protected.pipeline.after.iter().any(|name| *name == test.pipeline.name || *name == test.pipeline.path);
    let conditions = protected.pipeline.jobs.iter().filter_map(|job| job.condition.as_ref());
    let asks = conditions
        .into_iter()
        .any(|condition| condition.text.contains("workflow_run.conclusion") && condition.text.contains("success"));
    upstream && asks && !test.job.allow_failure
}

fn gate(how: How, test: &Placed<'_>, protected: &Placed<'_>) -> Fact {
    let how = match how {
        How::Needs => "needs",
        How::SameJob => "same-job",
        How::SameStep => "same-step",
        How::Upstream => "upstream",
    };
    let protects: Vec<String> =
        PROTECTED.iter().filter(|purpose| has(protected.fact, purpose)).map(|purpose| (*purpose).to_owned()).collect();
    Fact::new("ci.gate", "ci", test.fact.location().clone())
        .with("pipeline", protected.pipeline.path.as_str())
        .with("test", test.job.name.as_str())
        .with("job", protected.job.name.as_str())
        .with("how", how)
        .with("protects", protects)
        .with("infrastructure", !has(test.fact, "test"))
        .with("automatic", test.job.automatic)
        .with("started_elsewhere", test.pipeline.trigger_elsewhere && test.job.manual.is_none())
        .also(protected.fact.location().clone())
        .confidence(test.fact.how_sure().max(protected.fact.how_sure()))
}

fn is_test(fact: &Fact) -> bool {
    has(fact, "test") || has(fact, "infra-test")
}

fn has(fact: &Fact, purpose: &str) -> bool {
    fact.list("purposes").iter().any(|known| known == purpose)
}
