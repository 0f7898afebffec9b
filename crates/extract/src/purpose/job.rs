//! The steps of jobs as `ci.step` facts: what each runs, and what the whole job shows about it.

use std::collections::BTreeSet;

use facts::{Confidence, Fact, Location};

use super::catalogue::{Meaning, Place};
use super::run::{Context, Ran, Runner};
use super::{probe, used};
use crate::ci::model::{Does, Job, Pipeline, Step, Written, says_deploy};
use crate::{Project, Sink};

/// Pushes a `ci.step` for everything that the pipelines do, in the order of their steps.
pub(crate) fn steps(project: &Project, pipelines: &[Pipeline], sink: &mut Sink) {
    for pipeline in pipelines {
        let read = |job| JobReader { project, pipeline, job, dir: None, ran: Vec::new(), unknown: Vec::new() }.read();
        let mut readers: Vec<JobReader<'_>> = pipeline.jobs.iter().map(read).collect();
        let deploying: BTreeSet<&str> = readers
            .iter()
            .filter(|reader| reader.ran.iter().any(|(_, ran)| probe::acts(ran)) || deploys_elsewhere(reader.job))
            .map(|reader| reader.job.name.as_str())
            .collect();
        for reader in &mut readers {
            let after = reader.job.needs.iter().any(|needed| deploying.contains(needed.as_str()));
            let looks = probe::looks_at_a_release(&reader.job.name);
            probe::keep_verifications(reader.ran.iter_mut().map(|(_, ran)| ran), after, looks);
            reader.push(sink);
        }
    }
}

/// Whether a job calls a workflow of another repository that deploys, as its name says.
fn deploys_elsewhere(job: &Job) -> bool {
    let elsewhere = |step: &Step| match &step.does {
        Does::Uses { what, reference, .. } => *what == "reusable-workflow" && says_deploy(reference),
        _ => false,
    };
    job.steps.iter().any(elsewhere)
}

struct JobReader<'a> {
    project: &'a Project,
    pipeline: &'a Pipeline,
    job: &'a Job,
    /// The context of a shell that goes on from step to step.
    dir: Option<Context>,
    ran: Vec<(&'a Step, Ran)>,
    unknown: Vec<&'a Step>,
}

impl<'a> JobReader<'a> {
    fn read(mut self) -> Self {
        for step in &self.job.steps {
            self.step(step);
        }
        self.commit_of_manifests();
        self
    }

    fn push(&self, sink: &mut Sink) {
        let ephemeral = Ephemeral::of(&self.ran, self.job);
        for (step, ran) in &self.ran {
            sink.push(self.fact(step, ran, &ephemeral));
        }
        for step in &self.job.steps {
            let known = self.ran.iter().any(|(other, _)| std::ptr::eq(*other, step));
            if !known {
                sink.push(self.plain(step));
            }
        }
    }

    fn step(&mut self, step: &'a Step) {
        let shares =
            matches!(self.pipeline.engine, "gitlab" | "travis" | "codebuild" | "drone" | "woodpecker" | "bitbucket");
        let mut context = match self.dir.take().filter(|_| shares) {
            Some(context) => context,
            None => Context { dir: step.dir.clone(), ..Context::default() },
        };
        context.chain = step.via.clone();
        if self.owned() {
            context.place = Place::Owned;
        }
        let mut runner = Runner::new(self.project);
        match &step.does {
            Does::Shell { text, lines, shell } => {
                let foreign = ["pwsh", "powershell", "cmd", "bat"].iter().any(|name| shell.starts_with(name));
                if foreign {
                    runner.foreign_text(text, lines, &mut context);
                } else if !shell.starts_with("python") {
                    runner.text(text, lines, &mut context);
                }
                self.dir = Some(context);
            }
            Does::Uses { what, reference, with } => {
                let used = used::read(&mut runner, self.project, what, reference, with, &step.at, &context);
                if let Some(meaning) = used.meaning.filter(|meaning| !meaning.purposes.is_empty()) {
                    runner.push(used_as_ran(step, reference, meaning, with));
                }
                if used.unknown {
                    self.unknown.push(step);
                }
            }
            Does::Approval => {
                let meaning =
                    Meaning { purposes: ["approve"].into(), tool: "approval".to_owned(), ..Meaning::default() };
                runner.push(used_as_ran(step, "approval", meaning, &[]));
            }
        }
        self.ran.extend(runner.into_ran().into_iter().map(|ran| (step, ran)));
    }

    /// Whether the machine of the job belongs to the project and outlives it.
    fn owned(&self) -> bool {
        if !matches!(self.pipeline.engine, "github" | "forgejo") {
            return self.pipeline.engine != "circleci" && self.pipeline.engine != "travis" && self.deploys_by_name();
        }
        let root = self.project.file(&self.pipeline.path).and_then(|file| file.yaml().documents.first());
        let runner = root.and_then(|root| root.root.at(&["jobs", &self.job.name, "runs-on"]));
        let labels = runner.map(|runner| runner.get("labels").unwrap_or(runner).one_or_many()).unwrap_or_default();
        labels.iter().filter_map(|label| label.as_str()).any(|label| label.contains("self-hosted"))
    }

    fn deploys_by_name(&self) -> bool {
        let words = format!("{} {}", self.job.name, self.job.stage).to_ascii_lowercase();
        self.job.environment.is_some()
            || ["deploy", "production", "staging", "release", "livraison"].iter().any(|word| words.contains(word))
    }

    /// A new image name written into manifests and pushed is a deployment by GitOps.
    fn commit_of_manifests(&mut self) {
        let edits = |words: &[String]| {
            let text = words.join(" ");
            let program = words.first().map(String::as_str).unwrap_or_default();
            let manifest = [".yaml", ".yml", "kustomiz"].iter().any(|end| text.contains(end));
            match program {
                "kustomize" => text.contains("edit set image"),
                "yq" | "sed" => {
                    manifest
                        && ["image", "tag", "newTag"].iter().any(|word| text.contains(word))
                        && !text.contains("docker-compose")
                }
                _ => false,
            }
        };
        let mut edited = false;
        let mut found: Vec<(&'a Step, Location)> = Vec::new();
        for step in &self.job.steps {
            let Does::Shell { text, lines, .. } = &step.does else { continue };
            for command in super::shell::read(text).commands {
                edited |= edits(&command.words);
                let pushes = command.words.iter().any(|word| word == "push")
                    && command.words.first().is_some_and(|word| word == "git");
                if edited
                    && pushes
                    && let Some(at) = super::run::span(lines, command.line, command.end_line)
                {
                    found.push((step, at));
                }
            }
        }
        for (step, at) in found {
            let meaning = Meaning {
                purposes: ["deploy"].into(),
                tool: "git".to_owned(),
                on: "gitops",
                likely: true,
                ..Meaning::default()
            };
            let mut ran = used_as_ran(step, "git push of an image name in manifests", meaning, &[]);
            ran.at = at;
            self.ran.push((step, ran));
        }
    }

    fn fact(&self, step: &Step, ran: &Ran, ephemeral: &Ephemeral) -> Fact {
        // What is cited first is the line of the job itself, before what includes the job and after what it calls.
        let first =
            ran.chain.iter().chain([&ran.at]).find(|place| !step.via.contains(place)).unwrap_or(&step.at).clone();
        let mut fact = self
            .base(step, first)
            .with("command", ran.command.as_str())
            .with("purposes", ran.purposes())
            .with("tools", vec![ran.meaning.tool.clone()])
            .with("via", ran.via.clone())
            .with("blocking", !self.job.allow_failure && !step.allow_failure && !ran.swallowed)
            .with("ephemeral", ephemeral.covers(ran))
            .with("applies", ran.meaning.applies)
            .with("on", ran.meaning.on)
            .with("dir", ran.dir.as_str())
            .with("remote", ran.place == Place::Remote)
            .with("target", ran.meaning.target.as_str());
        for place in ran.chain.iter().chain([&ran.at]) {
            fact = fact.also(place.clone());
        }
        // A compiler that a target called `lint` runs checks types; what is built elsewhere shows it better.
        let aside = ran.is("build") && ran.via.iter().any(|via| via.rsplit('#').next().is_some_and(is_check));
        if ran.meaning.likely || aside { fact.confidence(Confidence::Likely) } else { fact }
    }

    /// A step of which no purpose is known.
    fn plain(&self, step: &Step) -> Fact {
        let text = match &step.does {
            Does::Shell { text, .. } => text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim(),
            Does::Uses { reference, .. } => reference.as_str(),
            Does::Approval => "approval",
        };
        let text: String = text.chars().take(300).collect();
        let external = self.unknown.iter().any(|other| std::ptr::eq(*other, step));
        self.base(step, step.at.clone())
            .with("command", text)
            .with("blocking", !self.job.allow_failure && !step.allow_failure)
            .with("external", external)
    }

    fn base(&self, _step: &Step, at: Location) -> Fact {
        Fact::new("ci.step", "purpose", at)
            .with("engine", self.pipeline.engine)
            .with("pipeline", self.pipeline.path.as_str())
            .with("job", self.job.name.as_str())
            .with("environment", self.job.environment.as_ref().map_or("", |environment| environment.text.as_str()))
            .with("automatic", self.job.automatic && !self.pipeline.disabled)
            .with("manual", self.job.manual.is_some())
            .with("subfolder", self.pipeline.subfolder)
    }
}

/// Whether a target is called after a check of the text of a program.
fn is_check(target: &str) -> bool {
    ["lint", "type", "check", "format"].iter().any(|word| target.contains(word))
}

fn used_as_ran(step: &Step, reference: &str, meaning: Meaning, with: &[(String, Written)]) -> Ran {
    let target = ["tags", "image", "images", "tag", "destination", "namespace", "service", "app-name", "stack-name"];
    let target = target.iter().find_map(|key| with.iter().find(|(name, value)| name == key && !value.text.is_empty()));
    let mut meaning = meaning;
    if let Some((_, value)) = target.filter(|_| meaning.target.is_empty()) {
        meaning.target = value.text.lines().next().unwrap_or_default().trim().to_owned();
    }
    let words = with.iter().map(|(name, value)| format!("{name}={}", value.text.lines().next().unwrap_or_default()));
    let mut words: Vec<String> = words.take(30).collect();
    words.insert(0, reference.to_owned());
    Ran {
        command: reference.to_owned(),
        words,
        meaning,
        at: step.at.clone(),
        chain: step.via.clone(),
        via: Vec::new(),
        swallowed: false,
        place: Place::Job,
        dir: step.dir.clone(),
    }
}

/// What of a job's targets lives and dies with the job.
struct Ephemeral {
    cluster: bool,
    destroyed: bool,
    composed_down: bool,
    /// Whether what `azd` brought up is taken down again.
    taken_down: bool,
}

impl Ephemeral {
    fn of(ran: &[(&Step, Ran)], job: &Job) -> Self {
        let services = job
            .services
            .iter()
            .any(|service| ["k3s", "kind", "localstack"].iter().any(|name| service.text.contains(name)));
        let made = ran.iter().any(|(_, ran)| ran.is("cluster") && ran.place != Place::Remote);
        let destroys = |tool: &str| {
            ran.iter().any(|(_, ran)| ran.is("destroy") && ran.meaning.tool.contains(tool) && applies_before(ran))
        };
        let applied = ran.iter().any(|(_, ran)| ran.is("provision"));
        Self {
            cluster: services || made,
            destroyed: applied
                && ["terraform", "tofu", "terragrunt", "pulumi", "cdk"].iter().any(|tool| destroys(tool)),
            composed_down: ran.iter().any(|(_, ran)| ran.is("destroy") && ran.meaning.tool == "docker"),
            taken_down: ran
                .iter()
                .rfind(|(_, ran)| is_azd(ran))
                .is_some_and(|(_, ran)| ran.is("destroy") && applies_before(ran)),
        }
    }

    fn covers(&self, ran: &Ran) -> bool {
        if ran.place == Place::Remote {
            return false;
        }
        if ran.is("infra-test") || ran.is("run") || ran.is("cluster") {
            return true;
        }
        let acts = probe::acts(ran) || ran.is("verify");
        let operator = ["flux", "argo"].iter().any(|name| ran.meaning.tool.starts_with(name));
        let inside =
            ran.place == Place::Container && ran.meaning.applies == "ansible" && ran.command.contains("localhost");
        let local = ran.words.iter().any(|word| word == "--connection=local")
            || ran.words.windows(2).any(|pair| pair[0] == "-c" && pair[1] == "local");
        acts && (inside
            || (ran.meaning.applies == "ansible" && local && ran.command.contains("localhost"))
            || (self.cluster && (operator || !matches!(ran.meaning.on, "host" | "cloud" | "gitops")))
            || (self.destroyed && probe::acts(ran) && ran.place != Place::Owned)
            || (self.taken_down && is_azd(ran))
            || (self.composed_down && ran.meaning.tool == "docker" && ran.meaning.on == "host"))
    }
}

fn is_azd(ran: &Ran) -> bool {
    ran.words.first().is_some_and(|word| word == "azd")
}

/// A destruction that a condition guards is a choice, not the end of a test.
fn applies_before(ran: &Ran) -> bool {
    !ran.swallowed
}
