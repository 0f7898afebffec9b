//! Test frameworks with a language of their own: Terratest, testinfra, InSpec, Serverspec, Goss, `terraform test`.

use super::super::hcl;
use super::{Suite, asserting_lines};
use crate::{File, Project, Sink, path};

/// The facts of all such files.
pub(crate) fn run(project: &Project, sink: &mut Sink) {
    for file in project.files() {
        let name = file.name();
        match file.extension().as_str() {
            "hcl" | "json" if name.contains(".tftest.") || name.contains(".tofutest.") => terraform(file, sink),
            "go" if name.ends_with("_test.go") => go(file, sink),
            "py" => python(file, sink),
            "rb" => ruby(project, file, sink),
            "yml" | "yaml" if is_goss(name) => goss(file, sink),
            "yml" | "yaml" if matches!(name, "kitchen.yml" | ".kitchen.yml" | "kitchen.yaml" | ".kitchen.yaml") => {
                kitchen(project, file, sink)
            }
            "yml" | "yaml" if file.str().contains("fileExistenceTests") || file.str().contains("commandTests:") => {
                structure(file, sink)
            }
            "ps1" if name.ends_with(".Tests.ps1") => pester(file, sink),
            "ts" | "js" if file.class.test => typescript(file, sink),
            _ => {}
        }
    }
}

fn tell(
    file: &File,
    tool: &'static str,
    kind: &'static str,
    target: &str,
    holds: impl Fn(&str) -> bool,
    sink: &mut Sink,
) {
    let Ok(text) = file.text() else { return };
    let suite = match asserting_lines(text, holds) {
        Some((line, count)) => Suite::new(tool, kind, target, file.at_line(line)).asserting(count),
        None => Suite::new(tool, kind, target, file.start()),
    };
    suite.tell(sink);
}

fn terraform(file: &File, sink: &mut Sink) {
    if file.extension() == "json" {
        tell(file, "terraform-test", "behaviour", file.dir(), |line| line.contains("\"assert\""), sink);
        return;
    }
    let body = match hcl::read(file.str()) {
        Ok(body) => body,
        Err(error) => return sink.invalid(file, &error, super::PARSER, "iac"),
    };
    let runs: Vec<_> =
        body.blocks("run").flat_map(|run| run.body.blocks.iter().filter(|block| block.kind == "assert")).collect();
    let expected = body.blocks("run").filter(|run| run.body.get("expect_failures").is_some()).count();
    let target = path::dir(file.dir());
    let target = if path::name(file.dir()) == "tests" { target } else { file.dir() };
    let at = runs.first().map_or_else(|| file.start(), |block| file.at(block.range.clone()));
    Suite::new("terraform-test", "behaviour", target, at).asserting(runs.len() + expected).tell(sink);
}

fn go(file: &File, sink: &mut Sink) {
    let text = file.str();
    if text.contains("gruntwork-io/terratest") {
        tell(file, "terratest", "behaviour", "", asserts_in_go, sink);
    } else if text.contains("pulumi/pulumi") && text.contains("WithMocks")
        || text.contains("pulumi/pkg") && text.contains("integration.ProgramTest")
    {
        tell(file, "pulumi", "unit", "", asserts_in_go, sink);
    } else if text.contains("sigs.k8s.io/e2e-framework") {
        tell(file, "chainsaw", "behaviour", "", asserts_in_go, sink);
    }
}

fn asserts_in_go(line: &str) -> bool {
    ["assert.", "require.", "t.Error", "t.Fatal", "t.Fail", "http_helper.", "Expect("]
        .iter()
        .any(|word| line.contains(word))
}

fn python(file: &File, sink: &mut Sink) {
    let text = file.str();
    let named = file.name().starts_with("test_") || file.name().ends_with("_test.py");
    let asserts = |line: &str| line.trim_start().starts_with("assert ") || line.contains("self.assert");
    let host = text.contains("def test_")
        && text.contains("host")
        && [
            "host.package",
            "host.service",
            "host.file",
            "host.socket",
            "host.run",
            "host.user",
            "host.docker",
            "host.addr",
            "host.process",
        ]
        .iter()
        .any(|word| text.contains(word));
    if text.contains("import testinfra") || text.contains("testinfra.") || (named && host) {
        tell(file, "testinfra", "behaviour", "", asserts, sink);
    } else if named && (text.contains("aws_cdk.assertions") || text.contains("aws_cdk import assertions")) {
        tell(
            file,
            "cdk",
            "unit",
            "",
            |line| line.contains("has_resource") || line.contains("resource_count_is") || asserts(line),
            sink,
        );
    } else if named && text.contains("pulumi.runtime") && text.contains("set_mocks") {
        tell(file, "pulumi", "unit", "", asserts, sink);
    } else if named && (text.contains("import tftest") || text.contains("pytest_terraform")) {
        tell(file, "terraform-test", "behaviour", "", asserts, sink);
    }
}

fn ruby(project: &Project, file: &File, sink: &mut Sink) {
    let text = file.str();
    let asserts = |line: &str| ["should", "expect(", "cmp ", "is_expected"].iter().any(|word| line.contains(word));
    let resources = [
        "describe package",
        "describe service",
        "describe port",
        "describe file",
        "describe command",
        "describe user",
        "describe http",
        "describe aws_",
        "describe azure",
        "describe google",
        "describe docker",
        "describe host",
        "describe systemd",
        "describe bash",
        "describe directory",
        "describe process",
        "describe kernel",
        "describe sshd",
    ];
    let describes = resources.iter().any(|word| text.contains(word));
    let profile = ["inspec.yml", "inspec.yaml"]
        .iter()
        .any(|name| path::join(path::dir(file.dir()), name).is_some_and(|path| project.file(&path).is_some()));
    if text.contains("serverspec") && text.contains("describe")
        || (describes && file.name().ends_with("_spec.rb") && !profile)
    {
        tell(file, "serverspec", "behaviour", "", asserts, sink);
    } else if describes && (profile || text.contains("control ") || file.path.contains("test/integration")) {
        tell(file, "inspec", "behaviour", path::dir(file.dir()), asserts, sink);
    } else if text.contains("chefspec") || text.contains("ChefSpec::") {
        tell(file, "chef", "unit", "", asserts, sink);
    } else if text.contains("rspec-puppet") || file.path.contains("spec/classes/") {
        tell(file, "puppet", "unit", "", asserts, sink);
    }
}

fn is_goss(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem == "goss"
        || stem.starts_with("goss_")
        || stem.starts_with("goss-")
        || stem.ends_with("_goss")
        || stem.ends_with("-goss")
}

const GOSS: [&str; 16] = [
    "file:",
    "package:",
    "port:",
    "service:",
    "user:",
    "group:",
    "command:",
    "dns:",
    "process:",
    "http:",
    "addr:",
    "interface:",
    "kernel-param:",
    "mount:",
    "matching:",
    "gossfile:",
];

fn goss(file: &File, sink: &mut Sink) {
    tell(file, "goss", "behaviour", "", |line| GOSS.iter().any(|key| line.starts_with(key)), sink);
}

/// A Kitchen file counts by the tests that its suites run.
fn kitchen(project: &Project, file: &File, sink: &mut Sink) {
    let tests = project
        .below(file.dir())
        .filter(|test| test.path.contains("test/integration/") || test.path.contains("test/smoke/"));
    let count = tests.filter(|test| test.str().contains("describe")).count();
    Suite::new("kitchen", "behaviour", file.dir(), file.start()).asserting(count).tell(sink);
}

fn structure(file: &File, sink: &mut Sink) {
    let holds = |line: &str| line.contains("Tests:") || line.contains("expectedOutput");
    tell(file, "container-structure-test", "unit", "", holds, sink);
}

fn pester(file: &File, sink: &mut Sink) {
    if ["Az", "AWS", "ARM", "Bicep", "Service"].iter().any(|word| file.str().contains(word)) {
        tell(file, "pester", "behaviour", "", |line| line.contains("Should"), sink);
    }
}

fn typescript(file: &File, sink: &mut Sink) {
    let text = file.str();
    if text.contains("aws-cdk-lib/assertions") || text.contains("@aws-cdk/assert") {
        tell(
            file,
            "cdk",
            "unit",
            "",
            |line| {
                ["hasResource", "resourceCountIs", "expect(", "templateMatches"].iter().any(|word| line.contains(word))
            },
            sink,
        );
    } else if text.contains("@pulumi/pulumi") && text.contains("setMocks") {
        tell(file, "pulumi", "unit", "", |line| line.contains("assert") || line.contains("expect("), sink);
    } else if text.contains("cdktf") && text.contains("Testing.synth") {
        tell(file, "cdk", "unit", "", |line| line.contains("expect("), sink);
    }
}
