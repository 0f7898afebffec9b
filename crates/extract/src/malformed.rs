//! Files whose name or words say what they are, and which their own tool would refuse.
//!
//! A reader that finds nothing in such a file cannot be told from one that had nothing to find: this source names
//! the file, so that no answer gets better by what a typing error hides.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::kubernetes::mask::mask;
use crate::node::SyntaxError;
use crate::{File, Project, Sink, read_yaml};

const PARSER: &str = "syntax";

/// How a file is written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Yaml,
    Json,
    Toml,
}

/// One kind of file.
struct Kind {
    /// What it would have told about.
    area: &'static str,
    form: Form,
    /// Its names in lower case, without extension in YAML; `*` at an end stands for anything.
    names: &'static [&'static str],
    /// Words that no other kind of file holds together.
    words: &'static [&'static [&'static str]],
}

const KINDS: &[Kind] = &[
    Kind {
        area: "app",
        form: Form::Json,
        names: &["package.json", "deno.json", "deno.jsonc", "composer.json"],
        words: &[],
    },
    Kind { area: "app", form: Form::Toml, names: &["pyproject.toml", "cargo.toml", "pipfile"], words: &[] },
    Kind {
        area: "app",
        form: Form::Yaml,
        names: &["taskfile", "taskfile.dist", "openapi*", "*openapi", "swagger*"],
        words: &[&["openapi: ", "paths:"], &["swagger: ", "paths:"]],
    },
    Kind { area: "app", form: Form::Json, names: &["openapi*", "swagger*"], words: &[] },
    Kind {
        area: "container",
        form: Form::Json,
        names: &["devcontainer.json", ".devcontainer.json", "devbox.json"],
        words: &[],
    },
    Kind { area: "container", form: Form::Toml, names: &["mise.toml", ".mise.toml"], words: &[] },
    Kind {
        area: "ci",
        form: Form::Yaml,
        names: &[".pre-commit-config", "lefthook", ".lefthook", "dependabot"],
        words: &[],
    },
    Kind { area: "ci", form: Form::Json, names: &["renovate.json", "renovate.json5", ".renovaterc.json"], words: &[] },
    Kind { area: "secret", form: Form::Yaml, names: &[".sops"], words: &[] },
    Kind { area: "iac", form: Form::Yaml, names: &["molecule", "goss", "goss_*", "goss-*", "*.goss"], words: &[] },
    Kind {
        area: "ansible",
        form: Form::Yaml,
        names: &["site", "playbook*", "*playbook"],
        words: &[&["hosts:", "tasks:"], &["hosts:", "roles:"], &["import_playbook:"]],
    },
    Kind {
        area: "monitoring",
        form: Form::Yaml,
        names: &[
            "prometheus*",
            "alertmanager*",
            "otel*",
            "loki*",
            "promtail*",
            "tempo*",
            "*alerts",
            "*alerting",
            "*.rules",
        ],
        words: &[
            &["scrape_configs:"],
            &["groups:", "alert: ", "expr: "],
            &["groups:", "record: ", "expr: "],
            &["receivers:", "route:"],
            &["receivers:", "exporters:", "pipelines:"],
            &["datasources:", "apiVersion:"],
        ],
    },
    Kind { area: "monitoring", form: Form::Json, names: &[], words: &[&["\"panels\"", "\"schemaVersion\""]] },
    Kind { area: "kubernetes", form: Form::Yaml, names: &["skaffold", "kustomization"], words: &[] },
    Kind { area: "helm", form: Form::Yaml, names: &["helmfile"], words: &[] },
];

/// Names all files of a known kind that do not parse.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let Some(form) = form(file) else { continue };
        let Some(kind) = KINDS.iter().find(|kind| kind.form == form && kind.holds(file)) else { continue };
        let read = match form {
            Form::Yaml => file.yaml(),
            Form::Json => file.json(),
            Form::Toml => file.toml(),
        };
        if read.error.is_some() && !is_template(file) {
            sink.checked(file, read, PARSER, kind.area);
        }
    }
    xml(project, sink);
}

/// Whether what does not parse is a template, another language: its reader says what it cannot follow. Where masks do
/// not help, either, the text itself is broken, as a playbook may be beside its expressions.
fn is_template(file: &File) -> bool {
    let text = file.str();
    let laid = file.dir().split('/').any(|dir| dir == "templates");
    text.contains("{%") || text.contains("{{") && (laid || read_yaml::read(&mask(text)).error.is_none())
}

/// How the file is written, as its name says.
fn form(file: &File) -> Option<Form> {
    match file.extension().as_str() {
        "yaml" | "yml" => Some(Form::Yaml),
        "json" | "jsonc" | "json5" => Some(Form::Json),
        "toml" => Some(Form::Toml),
        _ => (file.name() == "Pipfile").then_some(Form::Toml),
    }
}

/// Whether the file is of a kind that is written in JSON.
pub(crate) fn is_known_json(file: &File) -> bool {
    KINDS.iter().any(|kind| kind.form == Form::Json && kind.holds(file))
}

impl Kind {
    fn holds(&self, file: &File) -> bool {
        let name = file.name().to_ascii_lowercase();
        let bare = match self.form {
            Form::Yaml => name.trim_end_matches(".yml").trim_end_matches(".yaml"),
            _ => &name,
        };
        let named = self.names.iter().any(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
            (Some(end), _) => bare.ends_with(end),
            (_, Some(start)) => bare.starts_with(start),
            _ => bare == *pattern,
        });
        named || self.words.iter().any(|words| words.iter().all(|word| file.str().contains(word)))
    }
}

/// Definitions of Maven and .NET are read by their words; here only whether their elements are closed is looked at.
fn xml(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let known = file.name() == "pom.xml" || matches!(file.extension().as_str(), "csproj" | "fsproj" | "vbproj");
        if let Some(error) = Some(file).filter(|_| known).and_then(|file| refusal(file.str())) {
            sink.invalid(file, &error, PARSER, "app");
        }
    }
}

/// Why a reader of XML stops, as a stream: depth costs nothing and no entity is followed.
fn refusal(text: &str) -> Option<SyntaxError> {
    let mut reader = Reader::from_str(text);
    let mut open = 0_usize;
    let message = loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => open += 1,
            Ok(Event::End(_)) => open = open.saturating_sub(1),
            Ok(Event::Eof) if open == 0 => return None,
            Ok(Event::Eof) => break "an element is never closed".to_owned(),
            Ok(_) => {}
            Err(error) => break error.to_string(),
        }
    };
    let at =
        usize::try_from(reader.error_position().max(reader.buffer_position())).unwrap_or(usize::MAX).min(text.len());
    Some(SyntaxError { range: at..at, message, over: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each name with a text that its tool refuses, and the area that it would have told about.
    #[test]
    fn every_kind_is_named_where_it_breaks() {
        let yaml = "a: \"\nb: 1\n";
        let cases = [
            ("package.json", "{\"name\": \"a\",, \"b\": 1}", "app"),
            ("composer.json", "{", "app"),
            ("pyproject.toml", "[project\n", "app"),
            ("Cargo.toml", "[package\n", "app"),
            ("pom.xml", "<project>\n<a></b>\n</project>", "app"),
            ("api/Api.csproj", "<Project><ItemGroup>", "app"),
            ("Taskfile.yml", yaml, "app"),
            ("docs/openapi.yaml", yaml, "app"),
            ("docs/api.yml", "openapi: 3.1.0\npaths: \"\n", "app"),
            (".devcontainer/devcontainer.json", "{\"image\": }", "container"),
            ("mise.toml", "[tools\n", "container"),
            (".pre-commit-config.yaml", yaml, "ci"),
            (".github/dependabot.yml", yaml, "ci"),
            ("renovate.json", "{", "ci"),
            (".sops.yaml", yaml, "secret"),
            ("roles/a/molecule/default/molecule.yml", yaml, "iac"),
            ("tests/goss.yaml", yaml, "iac"),
            ("site.yml", yaml, "ansible"),
            ("deploy.yml", "- hosts: all\n  tasks: \"\n", "ansible"),
            ("play.yml", "- hosts: \"{{ where }}\"\n  roles: \"\n", "ansible"),
            ("prometheus/prometheus.yml", yaml, "monitoring"),
            ("monitoring/node.yml", "groups:\n- rules:\n  - alert: Down\n    expr: \"up\n", "monitoring"),
            ("alertmanager.yml", yaml, "monitoring"),
            ("otel-collector.yaml", yaml, "monitoring"),
            ("dashboards/app.json", "{\"panels\": [], \"schemaVersion\": 39,,}", "monitoring"),
            ("skaffold.yaml", yaml, "kubernetes"),
            ("helmfile.yaml", yaml, "helm"),
        ];
        for (path, text, area) in cases {
            let project = Project::in_memory([(path, text)]);
            let mut sink = Sink::default();
            run(&project, &mut sink);
            let told: Vec<&str> = sink.facts().iter().map(|fact| fact.text("area")).collect();
            assert_eq!(told, [area], "{path}");
            assert!(sink.facts()[0].is("rejected"), "{path}");
        }
    }

    #[test]
    fn what_parses_and_what_is_a_template_is_not_named() {
        let fine = [
            ("package.json", "{\"name\": \"a\"}"),
            ("pom.xml", "<?xml version=\"1.0\"?>\n<project><a b=\"c\"/></project>\n"),
            ("prometheus.yml", "a: {{ b }}\n{% if c %}\nd: 1\n{% endif %}\n"),
            ("notes.yml", "a: \""),
        ];
        let mut sink = Sink::default();
        run(&Project::in_memory(fine), &mut sink);
        assert!(sink.facts().is_empty(), "{:?}", sink.facts());
    }
}
