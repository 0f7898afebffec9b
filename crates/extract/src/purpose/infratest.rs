//! Relation: which automated commands check infrastructure code, and which run tests of what it does.

use facts::{Confidence, Fact, Facts};

use super::deployment::started_elsewhere;
use crate::{Project, Sink, path};

/// Tools that read anything: they check infrastructure only where there is some.
const GENERIC: [&str; 8] = ["yamllint", "trivy", "checkov", "kics", "snyk", "conftest", "opa", "semgrep"];

/// Joins steps and commands with tests and code of infrastructure into `infratest.run` facts.
pub(crate) fn relation(_project: &Project, facts: &Facts, sink: &mut Sink) {
    let code = facts.of("iac.code").iter().any(|code| !code.is("example"));
    let manifests = !facts.of("k8s.workload").is_empty() || !facts.of("k8s.gitops").is_empty();
    for fact in facts.of("ci.step").iter().chain(facts.of("command")) {
        let tool = fact.list("tools").first().map_or("", String::as_str);
        let generic = GENERIC.iter().any(|name| tool.contains(name));
        let about_code = code || manifests || !generic;
        if has(fact, "infra-static") && about_code {
            sink.push(run(facts, fact, "static", tool));
        }
        if has(fact, "infra-test") {
            sink.push(run(facts, fact, "behaviour", tool));
        } else if (follows(fact) || has(fact, "test"))
            && let Some(suite) = facts.of("infratest.suite").iter().find(|suite| runs(fact, suite))
        {
            sink.push(run(facts, fact, "behaviour", suite.text("tool")).also(suite.location().clone()));
        }
    }
}

/// Whether a step leads to other files.
fn follows(fact: &Fact) -> bool {
    fact.kind() == "ci.step" && !fact.list("via").is_empty()
}

fn has(fact: &Fact, purpose: &str) -> bool {
    fact.list("purposes").iter().any(|known| known == purpose)
}

fn run(facts: &Facts, fact: &Fact, what: &str, tool: &str) -> Fact {
    let step = fact.kind() == "ci.step";
    let place = if step { "pipeline" } else { fact.text("runner") };
    let mut made = Fact::new("infratest.run", "checks-of-infrastructure", fact.location().clone())
        .with("what", what)
        .with("tool", tool)
        .with("where", place)
        .with("automatic", step && fact.is("automatic"))
        .with("started_elsewhere", step && started_elsewhere(facts, fact))
        .with("blocking", fact.is("blocking"));
    for place in fact.related() {
        made = made.also(place.clone());
    }
    let sure = if fact.is("blocking") { fact.how_sure() } else { Confidence::Likely.max(fact.how_sure()) };
    made.confidence(sure)
}

/// Whether a step runs a suite: it follows its file, names it, or runs a test tool where the suite lies.
fn runs(fact: &Fact, suite: &Fact) -> bool {
    let Some(file) = suite.location().path() else { return false };
    if !suite.is("has_assertions") && suite.int("assertions") == 0 && suite.text("kind") != "policy" {
        return false;
    }
    if follows(fact) && fact.list("via").iter().any(|via| via == file) {
        return true;
    }
    if !has(fact, "test") {
        return false;
    }
    let dir = path::dir(file);
    let command = fact.text("command");
    let names = command
        .split_whitespace()
        .skip(1)
        .map(|word| word.trim_start_matches("./").trim_end_matches("/...").trim_end_matches('/'));
    let named = names
        .filter(|word| word.len() > 1 && !word.starts_with('-'))
        .any(|word| file == word || (!word.is_empty() && path::within(file, word)));
    let step_dir = if fact.kind() == "ci.step" { fact.text("dir") } else { "" };
    named || (!step_dir.is_empty() && path::within(file, step_dir)) || (!dir.is_empty() && command.contains(dir))
}
