//! Objects to facts: workloads and what they promise.

use facts::{Confidence, Fact, Location};

use super::object::{Object, Rendered, Unreadable, locate};
use super::tree::{Src, Tree};
use super::workload::{self, Container, Workload};
use super::{exposure, gitops, image, network, scale, security, strategy};
use crate::{File, Project, Sink};

pub(super) const PARSER: &str = "kubernetes";

/// What readers of one aspect need.
pub(super) struct View<'a> {
    pub project: &'a Project,
    pub rendered: &'a Rendered,
    pub workloads: Vec<Workload<'a>>,
    /// Image names that a build tool tags at release.
    pub tagged: Vec<String>,
}

/// Reads the Kubernetes side of a project.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    let rendered = super::objects(project);
    let workloads = workload::all(project, rendered);
    let view = View { project, rendered, workloads, tagged: image::tagged_at_release(project) };
    for unread in &rendered.unread {
        view.unread(unread, sink);
    }
    for object in &rendered.objects {
        view.object(object, sink);
    }
    for workload in &view.workloads {
        view.workload(workload, sink);
        view.probe(workload, sink);
        for container in workload.containers() {
            view.resources(workload, &container, sink);
            image::read(&view, workload, &container, sink);
        }
        security::read(&view, workload, sink);
        scale::read(&view, workload, sink);
        strategy::read(&view, workload, sink);
    }
    scale::autoscalers(&view, sink);
    strategy::deliveries(&view, sink);
    network::read(&view, sink);
    exposure::read(&view, sink);
    gitops::read(&view, sink);
    view.presence(sink);
}

impl View<'_> {
    /// A place, or the repository when it is not known.
    pub(super) fn at(&self, src: Option<Src>) -> Location {
        src.and_then(|src| locate(self.project, src)).unwrap_or_else(|| self.project.whole())
    }

    /// A fact about an object, at a tree of it: where its value was set first, then where a template puts it. A mapping
    /// whose keys stand in the template is shown there first: the values in it are only a part of it.
    pub(super) fn fact(&self, kind: &'static str, tree: &Tree, object: &Object) -> Fact {
        let value = tree.from.as_ref().and_then(|from| from.last().copied());
        let (first, second) =
            if self.literal(tree) { (tree.src.or(value), value) } else { (value.or(tree.src), tree.src) };
        let mut fact = Fact::new(kind, PARSER, self.at(first.or(object.src())));
        if let (Some(_), Some(src)) = (value, second.filter(|second| Some(*second) != first)) {
            fact = fact.also(self.at(Some(src)));
        }
        let rendering = &self.rendered.rendering(object).id;
        let fact = fact.with("rendering", rendering.as_str()).with("example", object.example);
        if object.sure { fact } else { fact.confidence(Confidence::Low) }
    }

    /// Whether a mapping's keys are written where it stands, and not put there by a template.
    fn literal(&self, tree: &Tree) -> bool {
        tree.entries().any(|(key, entry)| {
            let Some(src) = entry.key else { return false };
            let file = usize::try_from(src.file).ok().and_then(|index| self.project.all_files().get(index));
            let (Ok(start), Ok(end)) = (usize::try_from(src.start), usize::try_from(src.end)) else { return false };
            file.and_then(|file| file.str().get(start..end))
                .is_some_and(|text| text.trim_matches(['"', '\'']) == &**key)
        })
    }

    /// The first lines of an object: its interface, kind and name.
    pub(super) fn head(&self, object: &Object) -> Option<Src> {
        let keys = ["apiVersion", "kind", "metadata"].into_iter();
        let entries = object.root.entries().filter(|(key, _)| keys.clone().any(|wanted| &***key == wanted));
        let keys = entries.filter_map(|(_, entry)| entry.key).reduce(Src::join);
        let name = object.root.at(&["metadata", "name"]).and_then(|name| name.src);
        match (keys, name) {
            (Some(keys), Some(name))
                if keys.file == name.file && name.start < keys.end + 400 && keys.start <= name.start =>
            {
                Some(keys.join(name))
            }
            (Some(keys), _) => Some(keys),
            (None, _) => object.src(),
        }
    }

    fn unread(&self, unread: &Unreadable, sink: &mut Sink) {
        let file = self.project.all_files().get(unread.src.file as usize);
        let class = file.map(|file| file.class).unwrap_or_default();
        // A tool would refuse broken YAML; what is only too much for this reader, or needs a program, is another matter.
        let broken = |file: &File| file.text().is_ok() && !file.yaml().error.as_ref().is_some_and(|error| error.over);
        let rejected = unread.area == "kubernetes" && file.is_some_and(broken);
        let fact = Fact::new("file.unread", PARSER, self.at(Some(unread.src)));
        let fact = fact.with("reason", unread.reason.as_str()).with("area", unread.area);
        sink.push(fact.with("example", class.example || class.test).with("rejected", rejected));
    }

    fn object(&self, object: &Object, sink: &mut Sink) {
        let rendering = self.rendered.rendering(object);
        let fact = Fact::new("k8s.object", PARSER, self.at(self.head(object)))
            .with("api", object.api.as_str())
            .with("group", object.group())
            .with("kind", object.kind.as_str())
            .with("name", object.name.as_str())
            .with("namespace", object.namespace.as_str())
            .with("rendering", rendering.id.as_str())
            .with("tool", rendering.tool)
            .with("environment", rendering.environment.as_str())
            .with("example", object.example)
            .with("sure", object.sure);
        sink.push(if object.sure { fact } else { fact.confidence(Confidence::Low) });
    }

    fn workload(&self, workload: &Workload<'_>, sink: &mut Sink) {
        let object = workload.object;
        let rendering = self.rendered.rendering(object);
        let fact = Fact::new("k8s.workload", PARSER, self.at(self.head(object)))
            .with("kind", object.kind.as_str())
            .with("name", object.name.as_str())
            .with("namespace", object.namespace.as_str())
            .with("rendering", rendering.id.as_str())
            .with("environment", rendering.environment.as_str())
            .with("application", workload.application)
            .with("example", object.example)
            .with("sure", object.sure)
            .with("controlled", workload.controlled())
            .with("long_running", workload.long_running())
            .with("serves", self.serves(workload))
            .with("stateless", workload.stateless())
            .with("budgeted", scale::budgeted(self, workload))
            .with("restricted", network::restricts(self, workload))
            .with("exposed", exposure::exposes(self, workload))
            .with("labels", workload.labels.keys().map(|key| (*key).to_owned()).collect::<Vec<String>>())
            .with("pull_secrets", workload.pull_secrets());
        sink.push(if object.sure { fact } else { fact.confidence(Confidence::Low) });
    }

    /// Whether requests reach it: a service selects its pods, or a container states a port.
    pub(super) fn serves(&self, workload: &Workload<'_>) -> bool {
        workload.states_port() || self.services_of(workload).next().is_some()
    }

    /// The services that select a workload.
    pub(super) fn services_of(&self, workload: &Workload<'_>) -> impl Iterator<Item = &Object> {
        self.rendered.objects.iter().filter(move |object| {
            object.kind == "Service"
                && object.api == "v1"
                && workload.beside(object)
                && object
                    .root
                    .at(&["spec", "selector"])
                    .is_some_and(|selector| selector.truth() && workload.selected_by(selector))
        })
    }

    fn probe(&self, workload: &Workload<'_>, sink: &mut Sink) {
        let of = |kind: &str| {
            workload
                .containers()
                .filter(|container| !container.init)
                .find_map(|container| container.tree.keyed(kind).filter(Tree::truth))
        };
        let ready = of("readinessProbe");
        // A startup probe is silent once it has passed, so it is shown and does not count.
        let lasting = ready.clone().or_else(|| of("livenessProbe"));
        let probed = lasting.is_some();
        let probe = lasting.or_else(|| of("startupProbe"));
        let containers = workload.pod.get("containers").unwrap_or(workload.pod);
        let fact = self
            .fact("k8s.probe", probe.as_ref().unwrap_or(containers), workload.object)
            .with("workload", workload.title())
            .with("kind", workload.object.kind.as_str())
            .with("probed", probed)
            .with("ready", ready.is_some())
            .with("long_running", workload.long_running())
            .with("serves", self.serves(workload))
            .with("application", workload.application)
            .with("sure", workload.object.sure);
        sink.push(fact);
    }

    fn resources(&self, workload: &Workload<'_>, container: &Container<'_>, sink: &mut Sink) {
        let resources = container.tree.keyed("resources").filter(Tree::truth);
        let mut missing: Vec<String> = Vec::new();
        let mut unsuited: Vec<String> = Vec::new();
        for part in ["requests", "limits"] {
            for unit in ["cpu", "memory"] {
                let stated = resources.as_ref().and_then(|resources| resources.at(&[part, unit])).and_then(Tree::text);
                if stated.as_ref().is_none_or(|text| text.is_empty()) {
                    missing.push(format!("{part}.{unit}"));
                } else if stated.is_some_and(|text| !suits(unit, &text)) {
                    unsuited.push(format!("{part}.{unit}"));
                }
            }
        }
        let fact = self
            .fact("k8s.container", resources.as_ref().unwrap_or(container.tree), workload.object)
            .with("workload", workload.title())
            .with("name", container.tree.str_at(&["name"]).unwrap_or(""))
            .with("image", container.image().unwrap_or_default())
            .with("init", container.init)
            .with("application", workload.application)
            .with("sure", workload.object.sure)
            .with("complete", missing.is_empty())
            .with("missing", missing)
            .with("unsuited", unsuited);
        // What is the project's own is shown before what stands beside it.
        let own = container.image().is_some_and(|image| self.project.image_origins().is_own(&image));
        let beside = container.init || !own;
        sink.push(if beside && workload.object.sure { fact.confidence(Confidence::Likely) } else { fact });
    }

    fn presence(&self, sink: &mut Sink) {
        let counted: Vec<&Workload<'_>> = self.workloads.iter().filter(|workload| !workload.object.example).collect();
        let Some(first) = counted.first() else {
            self.other_languages(sink);
            return;
        };
        let fact = Fact::new("k8s.presence", PARSER, self.at(self.head(first.object)))
            .with("workloads", counted.len())
            .with("application", counted.iter().filter(|workload| workload.application).count());
        sink.push(fact);
    }

    /// Languages that describe workloads and are not evaluated here matter when nothing else describes any.
    fn other_languages(&self, sink: &mut Sink) {
        for file in self.project.files().filter(|file| file.class.effective()) {
            let text = || file.str();
            let describes = match file.extension().as_str() {
                "cue" => {
                    text().contains("#Deployment")
                        || text().contains("kind: \"Deployment\"")
                        || text().contains("timoni.sh/")
                }
                "jsonnet" | "libsonnet" => text().contains("deployment") && text().contains("container"),
                "k" | "dhall" => text().contains("Deployment"),
                _ => false,
            };
            if describes {
                let reason = "workloads described in a language that is not evaluated";
                let fact =
                    Fact::new("file.unread", PARSER, file.start()).with("reason", reason).with("area", "kubernetes");
                sink.push(fact);
            }
        }
    }
}

/// Whether a quantity is written in a unit of its resource: a processor has no mebibytes, memory no thousandths.
fn suits(resource: &str, quantity: &str) -> bool {
    let unit = quantity.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-'));
    match resource {
        "cpu" => !matches!(unit, "k" | "M" | "G" | "T" | "Ki" | "Mi" | "Gi" | "Ti"),
        _ => unit != "m",
    }
}
