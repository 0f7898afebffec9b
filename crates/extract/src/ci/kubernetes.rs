//! Tekton and Argo Workflows: pipelines as objects of a cluster, and the events that start them.

use super::model::{Does, External, Job, Pipeline, Step, Trigger, Written};
use super::order;
use super::place::Place;
use super::reading::{Reading, Script, uses};
use super::tree::Tree;
use crate::File;

/// One object of a cluster with the file that holds it.
pub(super) struct Object<'p> {
    pub file: &'p File,
    pub tree: Tree<'p>,
}

impl Object<'_> {
    fn kind(&self) -> &str {
        self.tree.str_at("kind").unwrap_or_default()
    }

    fn name(&self) -> &str {
        let metadata = self.tree.get("metadata");
        metadata.and_then(|metadata| metadata.str_at("name").or_else(|| metadata.str_at("generateName"))).unwrap_or("?")
    }
}

/// The objects of both engines in the project's own YAML files.
pub(super) fn objects<'p>(reading: &mut Reading<'p, '_>) -> Vec<Object<'p>> {
    let mut found = Vec::new();
    let project = reading.project;
    for file in
        project.files().filter(|file| file.class.effective() && matches!(file.extension().as_str(), "yml" | "yaml"))
    {
        let text = file.str();
        if !text.contains("tekton.dev/") && !text.contains("argoproj.io/") || text.contains("{{-") {
            continue;
        }
        for document in reading.documents(file) {
            let version = document.str_at("apiVersion").unwrap_or_default();
            let kind = document.str_at("kind").unwrap_or_default();
            let tekton = version.contains("tekton.dev/");
            let argo = version.starts_with("argoproj.io/")
                && matches!(
                    kind,
                    "Workflow"
                        | "WorkflowTemplate"
                        | "ClusterWorkflowTemplate"
                        | "CronWorkflow"
                        | "Sensor"
                        | "EventSource"
                );
            if (tekton || argo) && reading.spend(1) {
                found.push(Object { file, tree: document });
            }
        }
    }
    found
}

/// All pipelines that these objects make.
pub(super) fn read<'p>(reading: &mut Reading<'p, '_>, objects: &[Object<'p>]) -> Vec<Pipeline> {
    let mut found = Vec::new();
    for object in objects {
        let mut pipeline = match object.kind() {
            "Pipeline" | "PipelineRun" => tekton(object, objects),
            "Workflow" | "WorkflowTemplate" | "ClusterWorkflowTemplate" | "CronWorkflow" => argo(object, objects),
            _ => None,
        };
        if let Some(mut pipeline) = pipeline.take() {
            start(object, objects, &mut pipeline);
            reading.bound(object.file, &mut pipeline.jobs);
            order::close(&mut pipeline.jobs);
            found.push(pipeline);
        }
    }
    found
}

fn pipeline(object: &Object<'_>, engine: &'static str) -> Pipeline {
    let place = Place { engine, file: object.file, root: String::new(), subfolder: false };
    let mut pipeline = super::pipeline(&place, object.tree.entry_at());
    object.name().clone_into(&mut pipeline.name);
    pipeline
}

/// A Tekton pipeline: its tasks are jobs.
fn tekton(object: &Object<'_>, objects: &[Object<'_>]) -> Option<Pipeline> {
    let spec = object.tree.get("spec")?;
    let spec = spec.get("pipelineSpec").unwrap_or(spec);
    let tasks = spec.get("tasks")?;
    let mut pipeline = pipeline(object, "tekton");
    pipeline.at = tasks.entry_at();
    let finally = spec.get("finally").map(Tree::items).unwrap_or_default();
    let all = tasks.items().iter().map(|task| (task, false)).chain(finally.iter().map(|task| (task, true)));
    for (task, always) in all {
        let mut job = Job::new(task.str_at("name").unwrap_or("task"), task.at());
        job.always = always;
        let after = task.get("runAfter").map(Tree::many).unwrap_or_default();
        job.needs = after.into_iter().filter_map(Tree::str).map(str::to_owned).collect();
        job.needs.extend(results_of(task));
        let reference = task.path(&["taskRef", "name"]).and_then(Tree::str);
        let named = reference.and_then(|name| {
            objects.iter().find(|other| matches!(other.kind(), "Task" | "ClusterTask") && other.name() == name)
        });
        let written = named.and_then(|task| task.tree.get("spec")).or_else(|| task.get("taskSpec"));
        match (written, reference) {
            (Some(spec), _) => {
                for mut step in container_steps(spec) {
                    step.via = named.map(|_| task.at()).into_iter().collect();
                    job.steps.push(step);
                }
            }
            (None, reference) => {
                let resolver = task.path(&["taskRef", "params"]).map(Tree::items).unwrap_or_default();
                let resolved = resolver.iter().find(|param| param.str_at("name") == Some("name"));
                let reference =
                    reference.or_else(|| resolved.and_then(|param| param.str_at("value"))).unwrap_or_default();
                let params = task.get("params").map(parameters).unwrap_or_default();
                let mut used = uses("task", reference, None, task.at(), "");
                if let Does::Uses { with, .. } = &mut used.does {
                    *with = params;
                }
                job.steps.push(used);
                pipeline.externals.push(External { what: "component", reference: reference.to_owned(), at: task.at() });
            }
        }
        pipeline.jobs.push(job);
    }
    Some(pipeline)
}

/// Tasks whose results a task takes: they run before it.
fn results_of(task: &Tree<'_>) -> Vec<String> {
    let values = task.get("params").map(Tree::items).unwrap_or_default();
    let texts = values.iter().filter_map(|param| param.str_at("value"));
    texts.filter_map(|text| Some(text.split_once("$(tasks.")?.1.split('.').next()?.to_owned())).collect()
}

fn parameters(params: &Tree<'_>) -> Vec<(String, Written)> {
    let named = params.items().iter();
    named.filter_map(|param| Some((param.str_at("name")?.to_owned(), param.get("value")?.written()?))).collect()
}

/// The steps of a task: scripts, or an image with a command.
fn container_steps(spec: &Tree<'_>) -> Vec<Step> {
    let steps = spec.get("steps").map(Tree::items).unwrap_or_default();
    steps.iter().filter_map(container_step).collect()
}

fn container_step(written: &Tree<'_>) -> Option<Step> {
    let name = written.str_at("name").unwrap_or_default();
    let mut script = Script::default();
    if let Some(text) = written.get("script").or_else(|| written.get("source")) {
        script.add(text);
        return script.step(name, text.entry_at(), "", "");
    }
    let part = |key: &str| written.get(key).map(Tree::many).unwrap_or_default();
    let words: Vec<&Tree<'_>> = part("command").into_iter().chain(part("args")).collect();
    let inline =
        words.iter().position(|word| word.str().is_some_and(|text| text.starts_with('-') && text.ends_with('c')));
    let shell = words.first().is_some_and(|word| word.str().is_some_and(|text| text.ends_with("sh")));
    match inline.filter(|_| shell) {
        Some(at) => words.get(at + 1..)?.iter().for_each(|word| script.add(word)),
        None if words.is_empty() => {
            let image = written.get("image")?;
            return Some(uses("image", image.str()?, Some(written), written.at(), ""));
        }
        None => {
            let line: Vec<&str> = words.iter().filter_map(|word| word.str()).collect();
            let image = written.str_at("image").unwrap_or_default();
            // Without a command the image's own program runs.
            let program = if written.get("command").is_some() { "" } else { program(image) };
            script.push(format!("{program} {}", line.join(" ")).trim(), written.at());
        }
    }
    script.step(name, written.at(), "", "")
}

fn program(image: &str) -> &str {
    let name = crate::path::name(image);
    if image.contains("kaniko") { "/kaniko/executor" } else { name.split([':', '@']).next().unwrap_or(name) }
}

/// An Argo workflow: its templates that run something are jobs, in the order in which steps or a graph name them.
fn argo(object: &Object<'_>, objects: &[Object<'_>]) -> Option<Pipeline> {
    let spec = object.tree.get("spec")?;
    let spec = spec.get("workflowSpec").unwrap_or(spec);
    let reference = spec.path(&["workflowTemplateRef", "name"]).and_then(Tree::str);
    let named = reference.and_then(|name| {
        objects.iter().find(|other| other.kind().ends_with("WorkflowTemplate") && other.name() == name)
    });
    let spec = named.and_then(|template| template.tree.get("spec")).unwrap_or(spec);
    let templates = spec.get("templates")?;
    let mut pipeline = pipeline(object, "argo-workflows");
    pipeline.at = templates.entry_at();
    for template in templates.items() {
        let name = template.str_at("name").unwrap_or("template");
        for part in ["container", "script"] {
            if let Some(written) = template.get(part) {
                let mut job = Job::new(name, template.at());
                job.steps.extend(container_step(written));
                pipeline.jobs.push(job);
            }
        }
        if template.get("suspend").is_some_and(|suspend| suspend.get("duration").is_none()) {
            let mut job = Job::new(name, template.at());
            job.manual = Some(template.at());
            job.steps.push(super::reading::step(name, template.at(), "", Does::Approval));
            pipeline.jobs.push(job);
        }
    }
    argo_order(templates, &mut pipeline.jobs);
    Some(pipeline)
}

/// What each template runs after, by the steps and graphs that name it.
fn argo_order(templates: &Tree<'_>, jobs: &mut [Job]) {
    let mut before_of: Vec<(String, String)> = Vec::new();
    for template in templates.items() {
        let mut before: Vec<String> = Vec::new();
        for group in template.get("steps").map(Tree::items).unwrap_or_default() {
            let named: Vec<String> =
                group.many().into_iter().filter_map(|step| step.str_at("template")).map(str::to_owned).collect();
            for name in &named {
                before_of.extend(before.iter().map(|before| (name.clone(), before.clone())));
            }
            before.extend(named);
        }
        let tasks = template.path(&["dag", "tasks"]).map(Tree::items).unwrap_or_default();
        let template_of = |task: &str| {
            tasks.iter().find(|known| known.str_at("name") == Some(task)).and_then(|known| known.str_at("template"))
        };
        for task in tasks {
            let named = task.get("dependencies").map(Tree::many).unwrap_or_default();
            let depends = task.str_at("depends").unwrap_or_default();
            let depends = depends.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
            for before in named.into_iter().filter_map(Tree::str).chain(depends) {
                if let (Some(after), Some(before)) = (task.str_at("template"), template_of(before)) {
                    before_of.push((after.to_owned(), before.to_owned()));
                }
            }
        }
    }
    for job in jobs {
        job.needs =
            before_of.iter().filter(|(after, _)| *after == job.name).map(|(_, before)| before.clone()).collect();
    }
}

/// What starts it: annotations of Pipelines as Code, an event listener or a sensor of the repository, a cron.
fn start(object: &Object<'_>, objects: &[Object<'_>], pipeline: &mut Pipeline) {
    let annotations = object.tree.path(&["metadata", "annotations"]).map(Tree::entries).unwrap_or_default();
    for (name, value) in annotations {
        let text = value.str().unwrap_or_default();
        let asked = name.as_ref() == "pipelinesascode.tekton.dev/on-event"
            || name.as_ref() == "pipelinesascode.tekton.dev/on-cel-expression";
        for (word, event) in [("push", "push"), ("pull_request", "merge-request"), ("pull-request", "merge-request")] {
            if asked && text.contains(word) {
                pipeline.triggers.push(Trigger { event, at: value.entry_at() });
            }
        }
    }
    if let Some(schedule) = object.tree.path(&["spec", "schedule"]).or_else(|| object.tree.path(&["spec", "schedules"]))
    {
        pipeline.triggers.push(Trigger { event: "schedule", at: schedule.entry_at() });
    }
    let listeners =
        objects.iter().filter(|other| matches!(other.kind(), "EventListener" | "Sensor" | "TriggerTemplate"));
    let named = |other: &&Object<'_>| other.file.str().contains(object.name());
    let listens = objects.iter().any(|other| matches!(other.kind(), "EventListener" | "Sensor"));
    if let Some(listener) = listeners.into_iter().find(named).filter(|_| listens) {
        pipeline.triggers.push(Trigger { event: "push", at: listener.tree.entry_at() });
    }
    let mut events: Vec<&'static str> = pipeline.triggers.iter().map(|trigger| trigger.event).collect();
    events.dedup();
    let automatic = events.iter().any(|event| super::github::events::is_source(event));
    for job in &mut pipeline.jobs {
        job.events.clone_from(&events);
        job.automatic = automatic;
    }
}
