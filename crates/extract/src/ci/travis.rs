//! Travis CI: `.travis.yml` with its phases, jobs, stages and deployments.

use super::model::{Job, Pipeline, Step, Trigger};
use super::order;
use super::place::Place;
use super::reading::{Reading, Script, uses};
use super::tree::Tree;

/// The phases in which a failure fails the job.
const PHASES: [&str; 5] = ["before_install", "install", "before_script", "script", "before_deploy"];
/// The phases whose failure changes nothing.
const AFTER: [&str; 3] = ["after_success", "after_script", "after_deploy"];

/// Reads the configuration.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let root = reading.mapping(place.file)?;
    let at =
        root.get("script").or_else(|| root.get("jobs")).or_else(|| root.get("language")).unwrap_or(&root).entry_at();
    let mut pipeline = super::pipeline(place, at.clone());
    for event in ["push", "merge-request"] {
        pipeline.triggers.push(Trigger { event, at: at.clone() });
    }
    let jobs = root.path(&["jobs", "include"]).or_else(|| root.path(&["matrix", "include"]));
    let staged: Vec<&Tree<'p>> = jobs.map(|jobs| jobs.items().iter().collect()).unwrap_or_default();
    let scripted = staged.iter().any(|job| job.get("script").is_some() || job.get("stage").is_some());
    let mut stage = String::from("test");
    if scripted {
        for (at, written) in staged.into_iter().filter(|job| job.is_map()).enumerate() {
            if !reading.spend(1) {
                break;
            }
            if let Some(name) = written.get("stage").and_then(|stage| stage.str().or_else(|| stage.str_at("name"))) {
                name.clone_into(&mut stage);
            }
            let name = written.str_at("name").map_or_else(|| format!("{stage} #{}", at + 1), str::to_owned);
            let mut job = job(&root, written, &name, place);
            job.stage.clone_from(&stage);
            pipeline.jobs.push(job);
        }
    } else {
        pipeline.jobs.push(job(&root, &root, "test", place));
    }
    by_stage(&mut pipeline.jobs);
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    Some(pipeline)
}

/// Stages run in the order in which they first appear.
fn by_stage(jobs: &mut [Job]) {
    let mut stages: Vec<String> = Vec::new();
    let mut ranks = Vec::new();
    for job in jobs.iter() {
        let at = stages.iter().position(|stage| *stage == job.stage).unwrap_or_else(|| {
            stages.push(job.stage.clone());
            stages.len() - 1
        });
        ranks.push(at);
    }
    let free = vec![false; jobs.len()];
    order::by_rank(jobs, &ranks, &free);
}

fn job(root: &Tree<'_>, written: &Tree<'_>, name: &str, place: &Place<'_>) -> Job {
    let mut job = Job::new(name, written.entry_at());
    job.events = vec!["push", "merge-request", "tag"];
    job.automatic = true;
    let condition = written.get("if").or_else(|| root.get("if"));
    job.condition = condition.and_then(Tree::written);
    if let Some(text) = job.condition.as_ref().map(|condition| condition.text.replace(' ', "")) {
        if text.contains("type=pull_request") {
            job.events = vec!["merge-request"];
        } else if text.contains("type=cron") {
            (job.events, job.automatic) = (vec!["schedule"], false);
        } else if text.contains("type=push") || text.contains("branch=") {
            job.events = vec!["push"];
        } else if text.contains("tagISpresent") || text.contains("tag=~") {
            job.events = vec!["tag"];
        }
    }
    let phase = |name: &str| written.get(name).or_else(|| root.get(name));
    for name in PHASES {
        job.steps.extend(phase(name).and_then(|phase| commands(name, phase, place)));
    }
    if !PHASES.iter().any(|name| phase(name).is_some()) {
        job.steps.extend(default_step(written.get("language").or_else(|| root.get("language")), place));
    }
    for deploy in phase("deploy").map(Tree::many).unwrap_or_default() {
        let provider = deploy.str_at("provider").unwrap_or_default();
        match deploy.get("script").filter(|_| provider == "script") {
            Some(script) => job.steps.extend(commands("deploy", script, place)),
            None => job.steps.push(uses("deploy", provider, Some(deploy), deploy.entry_at(), &place.root)),
        }
    }
    for name in AFTER {
        let step = phase(name).and_then(|phase| commands(name, phase, place));
        job.steps.extend(step.map(|step| Step { allow_failure: true, ..step }));
    }
    job
}

fn commands(name: &str, phase: &Tree<'_>, place: &Place<'_>) -> Option<Step> {
    let mut script = Script::default();
    script.add(phase);
    script.step(name, phase.entry_at(), &place.root, "")
}

/// Without a script, the engine runs the usual test command of the language.
fn default_step(language: Option<&Tree<'_>>, place: &Place<'_>) -> Option<Step> {
    let language = language?;
    let command = match language.str()? {
        "node_js" => "npm test",
        "go" => "go test ./...",
        "java" => "mvn test",
        "ruby" => "rake",
        "rust" => "cargo build && cargo test",
        "php" => "phpunit",
        "scala" => "sbt test",
        "elixir" => "mix test",
        _ => return None,
    };
    let mut script = Script::default();
    script.push(command, language.entry_at());
    script.step("script", language.entry_at(), &place.root, "")
}
