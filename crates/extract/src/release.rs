//! What verifies a release outside a cluster: health that Compose waits on, load balancers that check what they serve.

use facts::{Confidence, Fact, Facts, Location};

use crate::{File, Node, Project, Sink};

const PARSER: &str = "release";

/// Joins health checks with what they gate.
pub(crate) fn run(project: &Project, facts: &Facts, sink: &mut Sink) {
    for file in project.files().filter(|file| is_compose(file.name())) {
        compose(project, file, sink);
    }
    balancers(project, facts, sink);
}

fn is_compose(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    (name.contains("compose") || name.starts_with("stack")) && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// Services of the project whose health another service waits for.
fn compose(project: &Project, file: &File, sink: &mut Sink) {
    for document in &file.yaml().documents {
        let Some(services) = document.root.get("services") else { continue };
        let own = |name: &str| {
            services.get(name).filter(|service| !is_store(service, name)).is_some_and(|service| {
                service.get("build").is_some()
                    || service.str_at("image").is_some_and(|image| project.image_origins().is_own(image))
            })
        };
        let mut waits: Vec<(&str, &Node)> = Vec::new();
        for (_, service) in services.entries() {
            for (name, dependency) in service.get("depends_on").map(Node::entries).unwrap_or_default() {
                let condition = dependency.get("condition").filter(|node| node.as_str() == Some("service_healthy"));
                if let (Some(name), Some(condition)) = (name.as_str(), condition) {
                    waits.push((name, condition));
                }
            }
        }
        // Every service of the project that others depend on must be among those waited for.
        let depended = services.entries().iter().flat_map(|(_, service)| depended_on(service)).filter(|name| own(name));
        let all = depended.collect::<Vec<_>>().iter().all(|name| waits.iter().any(|(waited, _)| waited == name));
        for (name, condition) in waits.iter().filter(|(name, _)| own(name)) {
            let mut fact = Fact::new("cd.health-check", PARSER, file.at(condition.range.clone()))
                .with("what", "compose")
                .with("name", *name)
                .with("bound", all)
                .with("example", file.class.example || file.class.test);
            if let Some(range) = services.get(name).and_then(|service| service.entry_range("healthcheck")) {
                fact = fact.also(file.at(range));
            }
            sink.push(fact);
        }
    }
}

/// Whether a service is a data store, even one under the project's own definition and name.
fn is_store(service: &Node, name: &str) -> bool {
    let words = ["db", "database", "postgres", "mysql", "mongo", "redis", "rabbit", "queue", "broker"];
    let build = service.get("build");
    let context = build.and_then(|build| build.as_str().or_else(|| build.str_at("context"))).unwrap_or("");
    let text = format!("{name} {context} {}", service.str_at("image").unwrap_or("")).to_ascii_lowercase();
    words.iter().any(|word| text.contains(word))
}

fn depended_on(service: &Node) -> Vec<&str> {
    let Some(on) = service.get("depends_on") else { return Vec::new() };
    let listed = on.items().iter().filter_map(Node::as_str);
    listed.chain(on.entries().iter().filter_map(|(name, _)| name.as_str())).collect()
}

/// Health checks of load balancers, and of containers of a managed service, with what is bound to them.
fn balancers(project: &Project, facts: &Facts, sink: &mut Sink) {
    let resources = || facts.of("iac.resource").iter().filter(|fact| fact.text("mode") != "data");
    let binds = |fact: &&Fact| {
        let kind = fact.text("type");
        let block =
            fact.list("blocks").iter().any(|block| block == "load_balancer" || block.starts_with("load_balancer"));
        (kind == "aws_ecs_service" && block)
            || matches!(
                kind,
                "aws_lb_target_group_attachment" | "aws_alb_target_group_attachment" | "aws_autoscaling_attachment"
            )
            || matches!(kind, "AWS::ECS::Service")
            || (kind == "aws_autoscaling_group"
                && fact.list("attributes").iter().any(|text| text.starts_with("target_group_arns")))
    };
    let binding = resources().find(binds);
    for fact in resources() {
        let kind = fact.text("type");
        let has = |name: &str| {
            fact.list("blocks").iter().any(|block| block.starts_with(name))
                || fact.list("attributes").iter().any(|text| text.starts_with(name))
        };
        let (what, bound, other) = match kind {
            "aws_lb_target_group" | "aws_alb_target_group" | "AWS::ElasticLoadBalancingV2::TargetGroup"
                if has("health_check") || has("HealthCheck") =>
            {
                ("load-balancer", binding.is_some(), binding)
            }
            "aws_elb" if has("health_check") => ("load-balancer", true, None),
            "google_compute_backend_service" | "google_compute_region_backend_service" if has("health_checks") => {
                ("load-balancer", true, None)
            }
            "azurerm_lb_probe" => ("load-balancer", true, None),
            "azurerm_application_gateway" if has("probe") => ("load-balancer", true, None),
            "google_cloud_run_v2_service"
                if has("template.containers.startup_probe") || has("template.containers.liveness_probe") =>
            {
                ("container", true, None)
            }
            "aws_ecs_task_definition" if states_health(project, fact) => ("container", true, None),
            _ => continue,
        };
        let place = |fact: &Fact, word: &str| block(project, fact, word).unwrap_or_else(|| fact.location().clone());
        let word = if what == "container" { "healthCheck" } else { "health_check" };
        let mut told = Fact::new("cd.health-check", PARSER, place(fact, word))
            .with("what", what)
            .with("name", fact.text("name"))
            .with("bound", bound)
            .with("example", fact.is("example"));
        if let Some(other) = other {
            told = told.also(place(other, "load_balancer"));
        }
        sink.push(if what == "container" { told.confidence(Confidence::Likely) } else { told });
    }
}

/// The block of a resource that opens with a word: the resource's own lines end at the next brace in the first column.
fn block(project: &Project, fact: &Fact, word: &str) -> Option<Location> {
    let file = project.file(fact.location().path()?)?;
    let start = fact.location().span()?.start;
    let text = file.str().get(start..)?;
    let text = &text[..text.find("\n}").unwrap_or(text.len())];
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        if bare.starts_with(word) && bare[word.len()..].trim_start().starts_with(['{', '=', ':']) {
            let from = offset + line.len() - bare.len();
            let indent = line.len() - bare.len();
            let closing = format!("\n{}}}", &line[..indent]);
            let to = text[from..].find(&closing).map_or(offset + line.len(), |at| from + at + closing.len());
            return Some(file.at(start + from..start + to));
        }
        offset += line.len();
    }
    None
}

/// Whether the container definitions of a task, which are text to the reader of blocks, state a health check.
fn states_health(project: &Project, fact: &Fact) -> bool {
    let Some(file) = fact.location().path().and_then(|path| project.file(path)) else { return false };
    let start = fact.location().span().map_or(0, |span| span.start);
    let text = file.str().get(start..).unwrap_or("");
    let text = &text[..text.find("\n}").unwrap_or(text.len())];
    text.lines().any(|line| {
        let line = line.trim_start();
        !line.starts_with(['#', '/']) && (line.starts_with("healthCheck") || line.starts_with("\"healthCheck\""))
    })
}
