//! From the values of a Compose file to a typed service, with what cannot be honoured here.

use std::collections::BTreeMap;

use super::layers::{folder, join};
use super::project::example;
use super::service::{
    BuildFrom, Condition, Dockerfile, Health, HealthCheck, Mount, Need, Origin, Port, Service, Unhonoured,
};
use super::value::{Data, Value};
use super::variables::env_file;
use super::words;
use crate::finding::At;
use crate::say::{Say, say};
use crate::tree::Tree;

/// What a service is read with.
pub(super) struct Place<'a> {
    pub tree: &'a Tree,
    /// The whole file, for the secrets and configurations that it names.
    pub root: &'a Value,
    /// The variables of the project.
    pub known: &'a BTreeMap<String, String>,
    /// The folder of the project.
    pub folder: &'a str,
    /// The files that are laid over each other: their paths are told from the folder of the project, those of files that
    /// they extend or include from their own.
    pub over: &'a [&'a str],
}

/// A service, and what was seen on the way.
pub(super) struct Parsed {
    pub service: Service,
    pub unhonoured: Vec<Unhonoured>,
    pub notes: Vec<Say>,
}

/// Keys that ask for something of the machine, and what that is.
fn machine() -> [(&'static str, Say); 6] {
    [
        ("devices", say!("host-devices")),
        ("gpus", say!("graphics")),
        ("cgroup_parent", say!("host-cgroup")),
        ("device_cgroup_rules", say!("host-devices")),
        ("userns_mode", say!("host-users")),
        ("runtime", say!("other-runtime")),
    ]
}

impl Parsed {
    pub fn lacks(&mut self, what: impl Into<Say>, at: At, fatal: bool) {
        self.unhonoured.push(Unhonoured { service: self.service.name.clone(), what: what.into(), at, fatal });
    }
}

impl Place<'_> {
    /// The path of the tree that a value means.
    pub fn path(&self, value: &Value, written: &str) -> Option<String> {
        let base = if self.over.contains(&&*value.path) { self.folder } else { folder(&value.path) };
        join(base, written)
    }

    pub fn service(&self, name: &str, value: &Value) -> Result<Parsed, Say> {
        let texts = |key: &str| value.get(key).map(Value::texts).unwrap_or_default().into_iter().map(str::to_owned);
        let truth = |key: &str| value.get(key).is_some_and(Value::is_true);
        let mode = value.text_at("network_mode").unwrap_or_default();
        let service = Service {
            name: name.to_owned(),
            at: value.at(),
            origin: self.origin(name, value)?,
            command: value.get("command").and_then(words::of),
            entrypoint: value.get("entrypoint").and_then(words::of),
            environment: BTreeMap::new(),
            ports: ports(value),
            health: health(value),
            needs: needs(value),
            mounts: Vec::new(),
            tmpfs: texts("tmpfs").map(|text| text.split(':').next().unwrap_or_default().to_owned()).collect(),
            user: value.text_at("user").map(str::to_owned),
            directory: value.text_at("working_dir").map(str::to_owned),
            read_only: truth("read_only"),
            restricted: false,
            aliases: aliases(name, value),
            alone: mode == "none",
            restarts: value.text_at("restart").is_some_and(|policy| policy != "no"),
            profiles: texts("profiles").collect(),
        };
        let mut parsed = Parsed { service, unhonoured: Vec::new(), notes: Vec::new() };
        self.environment(value, &mut parsed)?;
        self.mounts(value, &mut parsed);
        hindrances(value, &mut parsed);
        if let Origin::Build(build) = parsed.service.origin.clone()
            && let Some(missing) = self.missing(&build)
        {
            parsed.lacks(say!("missing-in-repository", missing), build.at, true);
        }
        Ok(parsed)
    }

    fn origin(&self, name: &str, value: &Value) -> Result<Origin, Say> {
        let image = value.get("image").and_then(|image| Some((image.text()?.to_owned(), image.at())));
        let Some(build) = value.get("build") else {
            let (image, at) =
                image.ok_or_else(|| say!("no-image-no-build", path = value.path, line = value.line, name))?;
            return Ok(Origin::Image(image, at));
        };
        let written = build.text_at("context").unwrap_or(".");
        let context = self.path(build.get("context").unwrap_or(build), written).unwrap_or_else(|| written.to_owned());
        let dockerfile = match (build.text_at("dockerfile_inline"), build.text_at("dockerfile")) {
            (Some(text), _) => Dockerfile::Inline(text.to_owned()),
            (None, Some(path)) => Dockerfile::File(join(&context, path).unwrap_or_else(|| path.to_owned())),
            (None, None) => {
                let names = ["Dockerfile", "dockerfile", "Containerfile"].map(|name| join(&context, name));
                let there = names.iter().flatten().find(|path| self.tree.has(path));
                Dockerfile::File(there.or(names[0].as_ref()).cloned().unwrap_or_default())
            }
        };
        let arguments = build.get("args").into_iter().flat_map(Value::entries);
        let given = |(name, value): (&String, &Value)| {
            let value = value.text().map(str::to_owned).or_else(|| self.known.get(name).cloned())?;
            Some((name.clone(), value))
        };
        Ok(Origin::Build(BuildFrom {
            context,
            dockerfile,
            target: build.text_at("target").unwrap_or_default().to_owned(),
            arguments: arguments.filter_map(given).collect(),
            tag: image.map(|(image, _)| image),
            at: build.at(),
        }))
    }

    /// What a build needs and the repository does not hold.
    fn missing(&self, build: &BuildFrom) -> Option<Say> {
        let below = |path: &str| path.is_empty() || path.starts_with(&format!("{}/", build.context));
        if !build.context.is_empty() && !self.tree.files().any(|(path, _)| below(path)) {
            return Some(say!("build-context", path = build.context));
        }
        match &build.dockerfile {
            Dockerfile::File(path) if !self.tree.has(path) => Some(path.into()),
            _ => None,
        }
    }

    fn environment(&self, value: &Value, parsed: &mut Parsed) -> Result<(), Say> {
        let files: Vec<&Value> = value.get("env_file").map_or(Vec::new(), |found| match &found.data {
            Data::List(items) => items.iter().collect(),
            _ => vec![found],
        });
        for file in files {
            let Some(written) = file.text().or_else(|| file.text_at("path")) else { continue };
            let optional = file.get("required").is_some_and(|required| !required.is_true());
            let path = self.path(file, written).unwrap_or_else(|| written.to_owned());
            let own = self.tree.text(&path);
            let instead = example(self.tree, &path).filter(|_| own.is_none());
            match own.or_else(|| self.tree.text(instead.as_deref()?)) {
                Some(text) => parsed.service.environment.extend(env_file(text)),
                None if optional => {}
                None => parsed.lacks(say!("no-example", path), file.at(), true),
            }
            parsed.notes.extend(instead.map(|instead| say!("instead-for", instead, path)));
        }
        for (name, value) in value.get("environment").into_iter().flat_map(Value::entries) {
            let value = value.text().map(str::to_owned).or_else(|| self.known.get(name).cloned());
            if let Some(value) = value {
                parsed.service.environment.insert(name.clone(), value);
            }
        }
        Ok(())
    }

    fn mounts(&self, value: &Value, parsed: &mut Parsed) {
        let listed = value.get("volumes").map_or(&[][..], Value::items);
        for item in listed {
            super::mounts::volume(self, item, parsed);
        }
        for kind in ["secrets", "configs"] {
            for item in value.get(kind).map_or(&[][..], Value::items) {
                super::mounts::given(self, kind, item, parsed);
            }
        }
    }
}

impl Service {
    /// What comes later takes the place of what is at the same path.
    pub(super) fn mount(&mut self, mount: Mount) {
        self.mounts.retain(|known| known.target != mount.target);
        self.mounts.push(mount);
    }
}

fn hindrances(value: &Value, parsed: &mut Parsed) {
    let at = |key: &str| value.get(key).map_or_else(|| value.at(), Value::at);
    let said = |key: &str| {
        value.get(key).is_some_and(|value| {
            value.data != Data::Null && !matches!(&value.data, Data::List(items) if items.is_empty())
        })
    };
    match value.text_at("network_mode").unwrap_or_default() {
        "host" => parsed.lacks(say!("host-network"), at("network_mode"), true),
        shared if shared.starts_with("service:") || shared.starts_with("container:") => {
            parsed.lacks(say!("container-network"), at("network_mode"), true);
        }
        _ => {}
    }
    if value.get("privileged").is_some_and(Value::is_true) {
        parsed.lacks(say!("privileged"), at("privileged"), true);
    }
    for key in ["pid", "ipc"] {
        if value.text_at(key) == Some("host") {
            parsed.lacks(say!("host-namespace", key), at(key), true);
        }
    }
    for (key, what) in machine() {
        if said(key) {
            parsed.lacks(what, at(key), true);
        }
    }
    let wanted = value.get("cap_add").map(Value::texts).unwrap_or_default();
    let strange = |name: &&&str| {
        let name = name.trim_start_matches("CAP_");
        !["CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID", "NET_BIND_SERVICE", "FSETID"].contains(&name)
    };
    if let Some(name) = wanted.iter().find(strange) {
        parsed.lacks(say!("the-right", name), at("cap_add"), false);
    }
}

fn aliases(name: &str, value: &Value) -> Vec<String> {
    let networks = value.get("networks").into_iter().flat_map(Value::entries);
    let mut found: Vec<String> = networks
        .flat_map(|(_, settings)| settings.get("aliases").map(Value::texts).unwrap_or_default())
        .chain(value.text_at("container_name"))
        .chain(value.text_at("hostname"))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found.retain(|alias| alias != name);
    found
}

fn ports(value: &Value) -> Vec<Port> {
    let written = value.get("ports").map_or(&[][..], Value::items).iter();
    let long = |item: &Value| {
        let (inside, outside) =
            (item.text_at("target")?.parse().ok()?, item.text_at("published").and_then(|port| port.parse().ok()));
        Some(Port { inside, outside, udp: item.text_at("protocol") == Some("udp"), at: item.at() })
    };
    let short = |item: &Value| {
        let text = item.text()?;
        let (text, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let mut parts = text.rsplit(':');
        let first = |range: &str| range.split('-').next().and_then(|port| port.parse().ok());
        let inside = first(parts.next()?)?;
        Some(Port { inside, outside: parts.next().and_then(first), udp: protocol == "udp", at: item.at() })
    };
    written.filter_map(|item| if item.map().is_some() { long(item) } else { short(item) }).collect()
}

fn needs(value: &Value) -> Vec<Need> {
    let mut found = Vec::new();
    for (service, settings) in value.get("depends_on").into_iter().flat_map(Value::entries) {
        let condition = match settings.text_at("condition") {
            Some("service_healthy") => Condition::Healthy,
            Some("service_completed_successfully") => Condition::Completed,
            _ => Condition::Started,
        };
        if settings.get("required").is_none_or(Value::is_true) {
            found.push(Need { service: service.clone(), condition, at: settings.at() });
        }
    }
    for link in value.get("links").map_or(&[][..], Value::items) {
        let name = link.text().map(|text| text.split(':').next().unwrap_or(text).to_owned());
        if let Some(service) = name.filter(|name| !found.iter().any(|need| need.service == *name)) {
            found.push(Need { service, condition: Condition::Started, at: link.at() });
        }
    }
    found
}

fn health(value: &Value) -> Health {
    let Some(check) = value.get("healthcheck") else { return Health::Image };
    let test = check.get("test").and_then(|test| match &test.data {
        Data::Text(line) => Some(vec!["sh".to_owned(), "-c".into(), line.clone()]),
        _ => {
            let words: Vec<String> = test.texts().into_iter().map(str::to_owned).collect();
            match words.split_first()? {
                (first, rest) if first == "CMD" => Some(rest.to_vec()),
                (first, rest) if first == "CMD-SHELL" => Some(vec!["sh".into(), "-c".into(), rest.join(" ")]),
                (first, _) if first == "NONE" => None,
                _ => Some(words),
            }
        }
    });
    let none = check.get("test").is_some_and(|test| test.texts().first() == Some(&"NONE"));
    if none || check.get("disable").is_some_and(Value::is_true) {
        return Health::Off;
    }
    let Some(test) = test.filter(|test| !test.is_empty()) else { return Health::Image };
    let seconds = |key: &str, usual: u32| check.text_at(key).and_then(words::seconds).unwrap_or(usual);
    let retries = check.text_at("retries").and_then(|text| text.parse().ok()).unwrap_or(3);
    Health::Check(HealthCheck {
        test,
        interval: seconds("interval", 30).max(1),
        timeout: seconds("timeout", 30).max(1),
        start: seconds("start_period", 0),
        retries,
        at: check.at(),
    })
}
