//! Relation: which steps and GitOps objects bring the application to which environment, and who must agree.

use facts::{Confidence, Fact, Facts, Location};

use super::environment;
use crate::{Project, Sink};

/// The most deployments that are told.
const MOST: usize = 1_000;

/// Joins steps, jobs, infrastructure code and GitOps objects into `cd.deployment` facts.
pub(crate) fn relation(project: &Project, facts: &Facts, sink: &mut Sink) {
    let mut found = Vec::new();
    applied(facts, sink);
    for step in facts.of("ci.step") {
        if let Some(shown) = deploys(project, facts, step) {
            for (name, written) in environments(project, facts, step) {
                found.push(Found::of_step(facts, step, &shown, name, written));
            }
        }
    }
    for object in facts
        .of("k8s.gitops")
        .iter()
        .filter(|object| object.is("deploys") && object.is("application") && !object.is("example"))
    {
        found.push(Found::of_object(object));
    }
    found.truncate(MOST);
    let any_production = found.iter().any(|deployment| deployment.environment == "prod");
    for deployment in found {
        sink.push(deployment.fact(any_production));
    }
}

/// What applies infrastructure code, whether or not that deploys the application.
fn applied(facts: &Facts, sink: &mut Sink) {
    let acts = |step: &&Fact| {
        let purpose = ["provision", "configure", "deploy"].iter().any(|purpose| has(step, purpose));
        purpose && !step.text("applies").is_empty() && !step.is("ephemeral")
    };
    let steps = facts
        .of("ci.step")
        .iter()
        .filter(acts)
        .map(|step| (step, "pipeline", step.text("applies"), step.is("blocking")));
    let local = |object: &&Fact| object.is("deploys") && object.is("local") && !object.is("example");
    let objects = facts.of("k8s.gitops").iter().filter(local).map(|object| (object, "gitops", "kubernetes", true));
    for (source, how, family, blocking) in steps.chain(objects).take(MOST) {
        let mut fact = Fact::new("iac.applied", "deployments", source.location().clone())
            .with("how", how)
            .with("family", family)
            .with("automatic", source.is("automatic") || source.is("automated"))
            .with("started_elsewhere", how == "pipeline" && started_elsewhere(facts, source))
            .with("blocking", blocking);
        for place in source.related() {
            fact = fact.also(place.clone());
        }
        sink.push(if blocking { fact.confidence(source.how_sure()) } else { fact.confidence(Confidence::Likely) });
    }
}

struct Found<'f> {
    source: &'f Fact,
    how: &'static str,
    environment: String,
    written: String,
    automatic: bool,
    elsewhere: bool,
    approval: Option<Vec<Location>>,
    protectable: bool,
    shown: Vec<Location>,
}

impl<'f> Found<'f> {
    fn of_step(facts: &Facts, step: &'f Fact, shown: &[Location], environment: String, written: String) -> Self {
        let settings =
            matches!(step.text("engine"), "github" | "forgejo" | "azure") && !step.text("environment").is_empty();
        let approval = approval(facts, step);
        let automatic = step.is("automatic");
        Self {
            source: step,
            how: "pipeline",
            environment,
            written,
            automatic,
            elsewhere: started_elsewhere(facts, step),
            approval,
            protectable: settings,
            shown: shown.to_vec(),
        }
    }

    fn of_object(object: &'f Fact) -> Self {
        let written = object.text("environment").to_owned();
        let words = format!(
            "{written} {} {} {}",
            object.text("target"),
            object.text("name"),
            object.location().path().unwrap_or_default()
        );
        let named = environment::named(&written).or_else(|| environment::named(&words));
        let environment = named.map_or(written.clone(), str::to_owned);
        let automatic = object.is("automated");
        let approval = (!automatic || object.is("windows")).then(|| vec![object.location().clone()]);
        Self {
            source: object,
            how: "gitops",
            environment,
            written,
            automatic,
            elsewhere: false,
            approval,
            protectable: false,
            shown: Vec::new(),
        }
    }

    fn fact(self, any_production: bool) -> Fact {
        let production = self.environment == "prod" || (!any_production && self.environment.is_empty());
        let step = self.how == "pipeline";
        let text = |field: &'static str| if step { self.source.text(field) } else { "" };
        let tool = if step {
            self.source.list("tools").first().map_or("", String::as_str)
        } else {
            self.source.text("operator")
        };
        let mut fact = Fact::new("cd.deployment", "deployments", self.source.location().clone())
            .with("how", self.how)
            .with("environment", self.environment.as_str())
            .with("written", self.written.as_str())
            .with("production", production)
            .with("tool", tool)
            .with("pipeline", text("pipeline"))
            .with("job", text("job"))
            .with("automatic", self.automatic)
            .with("started_elsewhere", self.elsewhere)
            .with("approved", self.approval.is_some())
            .with("protectable", self.protectable)
            .with("blocking", !step || self.source.is("blocking"));
        // Who must approve is what people look for; how the step was reached comes after.
        for place in self.approval.into_iter().flatten().chain(self.source.related().to_vec()).chain(self.shown) {
            fact = fact.also(place);
        }
        let sure = if step && !self.source.is("blocking") { Confidence::Likely } else { self.source.how_sure() };
        fact.confidence(sure)
    }
}

/// Whether what starts a step is configured in its engine, so that nothing here tells if an event does.
pub(super) fn started_elsewhere(facts: &Facts, step: &Fact) -> bool {
    let path = step.text("pipeline");
    let open = |pipeline: &Fact| pipeline.is("trigger_elsewhere") && !pipeline.is("disabled");
    !step.is("automatic")
        && facts.of("ci.pipeline").iter().any(|pipeline| pipeline.location().path() == Some(path) && open(pipeline))
}

fn has(fact: &Fact, purpose: &str) -> bool {
    fact.list("purposes").iter().any(|known| known == purpose)
}

/// Whether a step brings the application somewhere that outlives the job; the answer holds what else shows it.
fn deploys(project: &Project, facts: &Facts, step: &Fact) -> Option<Vec<Location>> {
    if step.is("ephemeral") {
        return None;
    }
    if has(step, "deploy") {
        return (!only_pages_of_documents(step)).then(Vec::new);
    }
    match step.text("applies") {
        "ansible" if has(step, "configure") => by_playbook(project, facts),
        "terraform" | "pulumi" | "cloudformation" | "arm" if has(step, "provision") => by_resource(facts),
        _ => None,
    }
}

/// A site of documents or of charts is not the application.
fn only_pages_of_documents(step: &Fact) -> bool {
    let tool = step.list("tools").first().map_or("", String::as_str);
    let pages = tool.contains("pages") || tool.contains("ghp-import") || matches!(tool, "mkdocs" | "mike");
    let words = format!("{} {} {}", step.text("job"), step.text("pipeline"), step.text("command")).to_ascii_lowercase();
    pages && ["doc", "chart", "helm", "storybook", "coverage", "report", "mike"].iter().any(|word| words.contains(word))
}

/// Types of resources that run workloads of the application.
const WORKLOADS: [&str; 44] = [
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_lambda_function",
    "aws_apprunner_service",
    "aws_elastic_beanstalk_environment",
    "aws_amplify_app",
    "aws_lightsail_container_service",
    "aws_codedeploy_app",
    "google_cloud_run_service",
    "google_cloud_run_v2_service",
    "google_cloud_run_v2_job",
    "google_cloudfunctions_function",
    "google_cloudfunctions2_function",
    "google_app_engine_standard_app_version",
    "google_app_engine_flexible_app_version",
    "azurerm_linux_web_app",
    "azurerm_windows_web_app",
    "azurerm_app_service",
    "azurerm_container_app",
    "azurerm_container_group",
    "azurerm_linux_function_app",
    "azurerm_function_app",
    "azurerm_windows_function_app",
    "azurerm_static_web_app",
    "kubernetes_deployment",
    "kubernetes_deployment_v1",
    "kubernetes_stateful_set",
    "kubernetes_stateful_set_v1",
    "kubernetes_manifest",
    "kubernetes_pod",
    "kubectl_manifest",
    "docker_container",
    "docker_service",
    "heroku_app",
    "heroku_build",
    "digitalocean_app",
    "fly_app",
    "nomad_job",
    "argocd_application",
    "scaleway_container",
    "scaleway_function",
    "cloudflare_worker_script",
    "vercel_deployment",
    "render_web_service",
];
const CLOUD_WORKLOADS: [&str; 9] = [
    "AWS::ECS::Service",
    "AWS::Lambda::Function",
    "AWS::Serverless::Function",
    "AWS::AppRunner::Service",
    "AWS::ElasticBeanstalk::Environment",
    "Microsoft.Web/sites",
    "Microsoft.App/containerApps",
    "Microsoft.ContainerInstance/containerGroups",
    "AWS::Amplify::App",
];

/// The resource that runs the application, when infrastructure code deploys it.
fn by_resource(facts: &Facts) -> Option<Vec<Location>> {
    let own =
        facts.of("iac.resource").iter().filter(|resource| !resource.is("example") && resource.text("mode") != "data");
    let workload = |resource: &&Fact| {
        let name = resource.text("type");
        let cloud = CLOUD_WORKLOADS.iter().any(|known| name.starts_with(known));
        let chart = name == "helm_release" && resource.text("repository").is_empty();
        WORKLOADS.contains(&name)
            || cloud
            || chart
            || name.ends_with("ecs.Service")
            || name.ends_with("lambda.Function")
    };
    let call = facts.of("iac.module-call").iter().filter(|call| !call.is("example")).find(|call| {
        let source = call.text("source").to_ascii_lowercase();
        call.text("origin") != "local"
            && ["ecs/aws", "lambda/aws", "cloud-run", "app-runner", "ecs//modules/service"]
                .iter()
                .any(|name| source.contains(name))
    });
    own.into_iter().find(workload).or(call).map(|fact| vec![fact.location().clone()])
}

/// What a task of Ansible does when it starts an application.
const TASKS: [&str; 22] = [
    "docker_compose:",
    "docker_compose_v2:",
    "docker_container:",
    "docker_stack:",
    "docker_swarm_service:",
    "podman_container:",
    "kubernetes.core.k8s:",
    "k8s:",
    "kubernetes.core.helm:",
    "docker compose up",
    "docker-compose up",
    "docker compose -f",
    "docker-compose -f",
    "docker stack deploy",
    "kubectl apply",
    "kubectl create -f",
    "helm upgrade",
    "helm install",
    "pm2 start",
    "pm2:",
    "docker run",
    "npm start",
];

/// The task that starts the application, when playbooks deploy it.
fn by_playbook(project: &Project, facts: &Facts) -> Option<Vec<Location>> {
    let code = facts.of("iac.code").iter().filter(|code| code.text("tool") == "ansible" && !code.is("example"));
    let dirs: Vec<&str> = code.map(|code| code.text("dir")).collect();
    for file in
        project.files().filter(|file| file.class.effective() && matches!(file.extension().as_str(), "yml" | "yaml"))
    {
        let known = dirs.iter().any(|dir| !dir.is_empty() && crate::path::within(&file.path, dir));
        if !(known || ["roles/", "tasks/", "playbook", "ansible"].iter().any(|part| file.path.contains(part)))
            || file.path.starts_with(".github/")
        {
            continue;
        }
        for (number, line) in file.str().lines().enumerate() {
            let text = line.trim_start().trim_start_matches("- ");
            if !text.starts_with('#')
                && TASKS.iter().any(|task| text.contains(task) && (!task.ends_with(':') || ends_key(text, task)))
            {
                return Some(vec![file.at_line(number + 1)]);
            }
        }
    }
    None
}

/// Whether a line is the key of a module, with or without its collection.
fn ends_key(text: &str, task: &str) -> bool {
    let key = text.split(' ').next().unwrap_or_default();
    key == task || key.ends_with(&format!(".{task}"))
}

/// The environments that a step deploys to, each with what named it.
fn environments(project: &Project, facts: &Facts, step: &Fact) -> Vec<(String, String)> {
    let stated = environment::of_job(project, step.text("pipeline"), step.text("job"), step.text("environment"));
    if !stated.is_empty() {
        return stated;
    }
    let job = job(facts, step.text("pipeline"), step.text("job"));
    let refs = job.map(|job| job.list("refs").join(" ")).unwrap_or_default();
    let command = in_place_of_domains(step.text("command"));
    let stage = job.map_or("", |job| job.text("stage"));
    let (folder, file) = (crate::path::dir(step.text("pipeline")), crate::path::name(step.text("pipeline")));
    let sources =
        [step.text("job"), command.as_str(), step.text("target"), step.text("dir"), stage, refs.as_str(), file, folder];
    for text in sources {
        // A command, a stage or a folder called `test` tests; `test` is also the stage of a job that names none.
        let tests = [command.as_str(), stage, folder].contains(&text);
        let named = environment::named(text).filter(|name| *name != "test" || !tests);
        if let Some(name) = named {
            return vec![(name.to_owned(), text.to_owned())];
        }
    }
    vec![(String::new(), String::new())]
}

/// A command without what only looks like an environment: devices, versions and domains that end in `dev`.
fn in_place_of_domains(command: &str) -> String {
    [("/dev/", "/"), ("@dev", ""), (".dev/", "/"), (".dev:", ":")]
        .iter()
        .fold(command.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn job<'f>(facts: &'f Facts, pipeline: &str, name: &str) -> Option<&'f Fact> {
    facts.of("ci.job").iter().find(|job| job.text("pipeline") == pipeline && job.text("name") == name)
}

/// Where it is written that a person must start or approve a step: in its job, or in one that it waits for.
fn approval(facts: &Facts, step: &Fact) -> Option<Vec<Location>> {
    let (pipeline, name) = (step.text("pipeline"), step.text("job"));
    let approves = |name: &str| {
        let of_job =
            |fact: &&Fact| fact.text("pipeline") == pipeline && fact.text("job") == name && has(fact, "approve");
        facts.of("ci.step").iter().find(of_job).map(|fact| vec![fact.location().clone()])
    };
    let places = |job: &Fact| std::iter::once(job.location()).chain(job.related()).cloned().collect::<Vec<_>>();
    let own = job(facts, pipeline, name);
    // What a person may start, and another pipeline calls, is not gated by that.
    let end = format!(" / {name}");
    let called =
        || facts.of("ci.job").iter().any(|other| other.is("automatic") && other.text("name").ends_with(end.as_str()));
    if let Some(found) = own.filter(|job| job.is("manual") && (job.is("automatic") || !called())) {
        return Some(places(found));
    }
    if let Some(found) = approves(name) {
        return Some(found);
    }
    for needed in own.map(|job| job.list("needs")).unwrap_or_default() {
        if let Some(found) = approves(needed) {
            return Some(found);
        }
        let waits = |found: &&Fact| {
            let words = format!("{} {}", found.text("name"), found.text("stage")).to_ascii_lowercase();
            let asks = ["approv", "valid", "gate", "confirm", "hold", "promot", "manual"]
                .iter()
                .any(|word| words.contains(word));
            found.is("manual") && (asks || !found.is("allow_failure"))
        };
        if let Some(found) = job(facts, pipeline, needed).filter(waits) {
            return Some(places(found));
        }
    }
    // A job that nothing but a person starts is as gated as one that waits for a click.
    let by_hand = own.is_some_and(|job| {
        !job.is("automatic") && job.list("events").iter().any(|event| event == "manual") && !called()
    });
    by_hand.then(|| own.map(places).unwrap_or_default())
}
