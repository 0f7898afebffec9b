//! Azure Pipelines: stages, jobs, deployments and steps, with templates of the repository put in place.

use facts::Location;

use super::model::{External, Job, Pipeline, Step, Trigger};
use super::order;
use super::place::Place;
use super::reading::{Reading, Script, uses};
use super::tree::Tree;
use crate::{budget, path};

/// Reads the pipeline.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, place: &Place<'p>) -> Option<Pipeline> {
    let root = reading.mapping(place.file)?;
    let body = ["stages", "jobs", "steps", "extends"].iter().find_map(|key| root.get(key))?;
    let mut pipeline = super::pipeline(place, body.entry_at());
    if let Some(name) = root.str_at("name").filter(|name| !name.contains('$')) {
        name.clone_into(&mut pipeline.name);
    }
    triggers(&root, &mut pipeline);
    let mut reader =
        Azure { reading, root: place.root.clone(), externals: Vec::new(), jobs: Vec::new(), via: Vec::new() };
    reader.top(&root, 0);
    pipeline.jobs = reader.jobs;
    pipeline.externals = reader.externals;
    let mut events: Vec<&'static str> = pipeline.triggers.iter().map(|trigger| trigger.event).collect();
    events.dedup();
    for job in &mut pipeline.jobs {
        job.events = reached(&events, job.condition.as_ref().map_or("", |condition| condition.text.as_str()));
        job.automatic = job.events.iter().any(|event| super::github::events::is_source(event));
    }
    reading.bound(place.file, &mut pipeline.jobs);
    order::close(&mut pipeline.jobs);
    (!pipeline.jobs.is_empty() || !pipeline.externals.is_empty()).then_some(pipeline)
}

/// Without `trigger`, every push starts the pipeline; without `pr`, what happens depends on the host.
fn triggers(root: &Tree<'_>, pipeline: &mut Pipeline) {
    let none = |tree: &Tree<'_>| tree.str() == Some("none") || tree.is_seq() && tree.items().is_empty();
    match root.get("trigger") {
        Some(trigger) if none(trigger) => {}
        Some(trigger) => {
            let only_tags = trigger.get("tags").is_some() && trigger.get("branches").is_none();
            if !only_tags {
                pipeline.triggers.push(Trigger { event: "push", at: trigger.entry_at() });
            }
            if let Some(tags) = trigger.get("tags") {
                pipeline.triggers.push(Trigger { event: "tag", at: tags.entry_at() });
            }
        }
        None => pipeline.triggers.push(Trigger { event: "push", at: pipeline.at.clone() }),
    }
    if let Some(pr) = root.get("pr").filter(|pr| !none(pr)) {
        pipeline.triggers.push(Trigger { event: "merge-request", at: pr.entry_at() });
    }
    if let Some(schedules) = root.get("schedules") {
        pipeline.triggers.push(Trigger { event: "schedule", at: schedules.entry_at() });
    }
    for upstream in root.path(&["resources", "pipelines"]).map(Tree::items).unwrap_or_default() {
        if let Some(trigger) = upstream.get("trigger").filter(|trigger| !none(trigger)) {
            pipeline.triggers.push(Trigger { event: "upstream", at: trigger.entry_at() });
            pipeline.after.extend(upstream.str_at("source").map(str::to_owned));
        }
    }
    if pipeline.triggers.is_empty() {
        pipeline.triggers.extend(root.get("trigger").map(|at| Trigger { event: "manual", at: at.entry_at() }));
    }
}

/// The events that a condition surely does not exclude.
fn reached(events: &[&'static str], condition: &str) -> Vec<&'static str> {
    let condition = condition.replace([' ', '"', '\''], "");
    let reason = "variables[Build.Reason],PullRequest)";
    let pull_requests = condition.contains(&format!("eq({reason}"));
    let not_pull_requests =
        condition.contains(&format!("ne({reason}")) || condition.contains("Build.SourceBranch],refs/heads/");
    let kept = |event: &&&'static str| match **event {
        "merge-request" => !not_pull_requests,
        "push" => !pull_requests || condition.contains("not(eq("),
        _ => true,
    };
    events.iter().filter(kept).copied().collect()
}

struct Azure<'r, 'p, 's> {
    reading: &'r mut Reading<'p, 's>,
    root: String,
    externals: Vec<External>,
    jobs: Vec<Job>,
    via: Vec<Location>,
}

impl<'p> Azure<'_, 'p, '_> {
    fn top(&mut self, root: &Tree<'p>, depth: usize) {
        if let Some(stages) = root.get("stages") {
            self.stages(stages, depth);
        } else if let Some(jobs) = root.get("jobs") {
            self.jobs(jobs, "", &[], depth);
        } else if root.get("steps").is_some() {
            let mut job = Job::new("job", root.get("steps").unwrap_or(root).entry_at());
            self.fill(&mut job, root, depth);
            self.jobs.push(job);
        }
        if let Some(extends) = root.get("extends")
            && let Some(template) = self.template(extends, depth)
        {
            self.top(&template, depth + 1);
            self.via.pop();
        }
    }

    fn stages(&mut self, stages: &Tree<'p>, depth: usize) {
        let mut last: Vec<String> = Vec::new();
        for stage in unwrapped(stages) {
            if stage.get("template").is_some() {
                if let Some(template) = self.template(stage, depth) {
                    let first = self.jobs.len();
                    self.top(&template, depth + 1);
                    self.via.pop();
                    for job in &mut self.jobs[first..] {
                        job.needs.extend(last.iter().cloned());
                    }
                    last.extend(self.jobs[first..].iter().map(|job| job.name.clone()));
                }
                continue;
            }
            let name = stage.str_at("stage").unwrap_or("stage").to_owned();
            let before = match stage.get("dependsOn") {
                None => last.clone(),
                // A stage stands for all its jobs.
                Some(named) => {
                    let named: Vec<String> =
                        named.many().into_iter().filter_map(Tree::str).map(str::to_owned).collect();
                    let of = self.jobs.iter().filter(|job| named.contains(&job.stage));
                    of.map(|job| job.name.clone()).collect()
                }
            };
            let first = self.jobs.len();
            if let Some(jobs) = stage.get("jobs") {
                self.jobs(jobs, &name, &before, depth);
            } else if stage.get("steps").is_some() {
                let mut job = Job::new(name.clone(), stage.at());
                self.fill(&mut job, stage, depth);
                job.needs = before;
                self.jobs.push(job);
            }
            for job in &mut self.jobs[first..] {
                job.stage.clone_from(&name);
                job.condition = job.condition.take().or_else(|| stage.get("condition").and_then(Tree::written));
            }
            last.extend(self.jobs[first..].iter().map(|job| job.name.clone()));
        }
    }

    fn jobs(&mut self, jobs: &Tree<'p>, stage: &str, before: &[String], depth: usize) {
        for written in unwrapped(jobs) {
            if !self.reading.spend(1) {
                return;
            }
            if written.get("template").is_some() {
                if let Some(template) = self.template(written, depth) {
                    if let Some(jobs) = template.get("jobs") {
                        self.jobs(jobs, stage, before, depth + 1);
                    }
                    self.via.pop();
                }
                continue;
            }
            let kind = if written.get("deployment").is_some() { "deployment" } else { "job" };
            let local = written.str_at(kind).unwrap_or("job");
            let name = |local: &str| if stage.is_empty() { local.to_owned() } else { format!("{stage} / {local}") };
            let mut job = Job::new(name(local), written.at());
            let needs = written.get("dependsOn").map(Tree::many).unwrap_or_default();
            job.needs = needs.into_iter().filter_map(Tree::str).map(name).chain(before.iter().cloned()).collect();
            job.environment = written
                .get("environment")
                .and_then(|environment| environment.written().or_else(|| environment.get("name")?.written()));
            self.fill(&mut job, written, depth);
            if job.condition.as_ref().is_none_or(|condition| condition.text.trim() != "false") {
                self.jobs.push(job);
            }
        }
    }

    fn fill(&mut self, job: &mut Job, written: &Tree<'p>, depth: usize) {
        job.image =
            written.get("container").and_then(|image| image.written().or_else(|| image.get("image")?.written()));
        job.condition = written.get("condition").and_then(Tree::written);
        job.always = job.condition.as_ref().is_some_and(|condition| runs_always(&condition.text));
        job.allow_failure = written.get("continueOnError").is_some_and(Tree::is_true);
        let mut lists = Vec::new();
        lists.extend(written.get("steps"));
        if let Some(strategy) = written.get("strategy") {
            for (_, kind) in strategy.entries() {
                for hook in ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic"] {
                    lists.extend(kind.path(&[hook, "steps"]));
                }
                lists.extend(kind.path(&["on", "failure", "steps"]));
            }
        }
        for steps in lists {
            let mut found = Vec::new();
            self.steps(steps, depth, &mut found);
            job.steps.append(&mut found);
        }
        let by_hand = |step: &&Step| matches!(&step.does, super::model::Does::Uses { reference, .. } if reference.starts_with("ManualValidation"));
        job.manual = job.steps.iter().find(by_hand).map(|step| step.at.clone());
    }

    fn steps(&mut self, steps: &Tree<'p>, depth: usize, found: &mut Vec<Step>) {
        for written in unwrapped(steps) {
            if !self.reading.spend(1) || written.get("enabled").is_some_and(Tree::is_false) {
                continue;
            }
            if written.get("template").is_some() {
                if let Some(template) = self.template(written, depth) {
                    if let Some(steps) = template.get("steps") {
                        self.steps(steps, depth + 1, found);
                    }
                    self.via.pop();
                }
                continue;
            }
            let Some(read) = self.step(written) else { continue };
            let condition = written.str_at("condition").unwrap_or_default();
            found.push(Step {
                allow_failure: written.get("continueOnError").is_some_and(Tree::is_true),
                always: runs_always(condition),
                via: self.via.clone(),
                ..read
            });
        }
    }

    fn step(&self, written: &Tree<'p>) -> Option<Step> {
        let name = written.str_at("displayName").unwrap_or_default();
        let inputs = written.get("inputs");
        let directory = written.str_at("workingDirectory").or_else(|| inputs?.str_at("workingDirectory"));
        let dir = self.directory(directory.unwrap_or_default());
        for key in ["script", "bash", "pwsh", "powershell"] {
            if let Some(text) = written.get(key) {
                let mut script = Script::default();
                script.add(text);
                return script.step(name, text.entry_at(), &dir, if key == "script" { "" } else { key });
            }
        }
        let task = written.get("task");
        if let Some(reference) = task.and_then(Tree::str) {
            let inline = ["script", "inlineScript"].iter().find_map(|key| inputs?.get(key));
            let shell =
                ["Bash@", "CmdLine@", "PowerShell@", "ShellScript@"].iter().any(|kind| reference.starts_with(kind));
            if let Some(text) = inline.filter(|_| shell) {
                let mut script = Script::default();
                script.add(text);
                return script.step(name, text.entry_at(), &dir, "");
            }
            let mut used = uses("task", reference, inputs, written.at(), &dir);
            name.clone_into(&mut used.name);
            return Some(used);
        }
        let (key, value) = ["publish", "download", "downloadBuild", "getPackage", "checkout", "reviewApp"]
            .iter()
            .find_map(|key| Some((*key, written.get(key)?)))?;
        let reference =
            if key == "checkout" { key.to_owned() } else { format!("{key} {}", value.str().unwrap_or_default()) };
        Some(uses("task", &reference, Some(written), written.at(), &dir))
    }

    /// A directory as written: `$(System.DefaultWorkingDirectory)/api` is `api`.
    fn directory(&self, written: &str) -> String {
        let mut rest = written;
        for root in ["$(System.DefaultWorkingDirectory)", "$(Build.SourcesDirectory)", "$(Pipeline.Workspace)/s"] {
            rest = rest.strip_prefix(root).unwrap_or(rest);
        }
        path::join(&self.root, rest.trim_start_matches('/')).unwrap_or_else(|| self.root.clone())
    }

    /// The template that an entry names; the caller takes its own place off `via` afterwards.
    fn template(&mut self, written: &Tree<'p>, depth: usize) -> Option<Tree<'p>> {
        let reference = written.str_at("template")?;
        if reference.contains('@') && !reference.ends_with("@self") {
            let external = External { what: "template", reference: reference.to_owned(), at: written.at() };
            self.externals.push(external);
            return None;
        }
        let reference = reference.trim_end_matches("@self");
        let base = if reference.starts_with('/') { &self.root } else { written.file.dir() };
        let file =
            path::join(base, reference.trim_start_matches('/')).and_then(|path| self.reading.project.file(&path));
        let Some(file) = file else {
            let reason = format!("it uses the template `{reference}`, which does not exist");
            self.reading.unread(written.file, written.range.clone(), &reason, !reference.contains("${{"));
            return None;
        };
        let cost = 1 + usize::try_from(file.size / 1_000).unwrap_or(usize::MAX);
        if depth >= budget::FOLLOW_DEPTH || !self.reading.spend(cost) {
            self.reading.unread(written.file, written.range.clone(), "templates go deeper than is followed", false);
            return None;
        }
        let read = self.reading.mapping(file)?;
        self.via.push(written.at());
        Some(read)
    }
}

/// The items of a list, with those under `${{ if … }}` and `${{ each … }}` put in place.
fn unwrapped<'t, 'p>(list: &'t Tree<'p>) -> Vec<&'t Tree<'p>> {
    let mut found = Vec::new();
    unwrap_within(list, 0, &mut found);
    found
}

fn unwrap_within<'t, 'p>(list: &'t Tree<'p>, depth: usize, found: &mut Vec<&'t Tree<'p>>) {
    for item in list.items() {
        let conditional = item.entries().first().filter(|(key, _)| key.starts_with("${{"));
        match conditional {
            Some(_) if depth < 10 => {
                item.entries().iter().for_each(|(_, inner)| unwrap_within(inner, depth + 1, found));
            }
            Some(_) => {}
            None => found.push(item),
        }
    }
}

fn runs_always(condition: &str) -> bool {
    ["always()", "failed()", "succeededOrFailed()"].iter().any(|call| condition.contains(call))
}
