//! Automated tests of the application: files of a known framework, and how many assertions they hold.

use std::sync::LazyLock;

use facts::{Confidence, Fact, Location};
use regex::Regex;

use super::assertions::{self, Language};
use crate::{File, Node, Project, Sink, path};

/// More test files than a reader of a report looks at.
const FILES: usize = 20_000;

/// Pushes one fact per test file of the tree.
pub(super) fn push(project: &Project, sink: &mut Sink) {
    for file in project.files().take(FILES * 10).filter(|file| file.size > 0) {
        if let Some(found) = read(file) {
            let fact = Fact::new("app.test", "tests", found.at)
                .with("framework", found.framework)
                .with("language", found.language)
                .with("assertions", found.assertions)
                .with("generated", found.generated)
                .with("infrastructure", is_infrastructure(file))
                .confidence(found.sure);
            sink.push(fact);
        }
    }
}

struct Suite {
    framework: &'static str,
    language: &'static str,
    assertions: usize,
    generated: bool,
    at: Location,
    sure: Confidence,
}

fn read(file: &File) -> Option<Suite> {
    let extension = file.extension();
    match extension.as_str() {
        "json" if file.name().to_ascii_lowercase().contains("collection") => collection(file),
        "json" | "yaml" | "yml" => scenario(file),
        "robot" => code(file, &assertions::ROBOT),
        "feature" => code(file, &assertions::GHERKIN),
        "bats" => code(file, &assertions::BATS),
        "http" | "rest" => code(file, &assertions::HTTP),
        "hurl" => code(file, &assertions::HURL),
        "sh" | "bash" => shell(file),
        _ => code(file, assertions::of_extension(&extension)?),
    }
}

/// A source file whose name or text makes it a test of its language.
fn code(file: &File, language: &'static Language) -> Option<Suite> {
    let text = file.text().ok()?;
    let named = (language.named)(file);
    if !named && !language.inline.is_some_and(|mark| file.str().contains(mark)) {
        return None;
    }
    let tests = language.tests.find(text.as_str())?;
    let first = language.asserts.find(text.as_str()).map(|found| found.range());
    let assertions =
        language.asserts.find_iter(text.as_str()).filter(|found| !is_comment(text.as_str(), found.start())).count();
    let end = first.map_or(tests.end(), |first| first.end.max(tests.end()));
    let start = tests.start() + (tests.as_str().len() - tests.as_str().trim_start().len());
    Some(Suite {
        framework: assertions::framework(language, text.as_str()),
        language: language.name,
        assertions,
        generated: assertions::is_sample(text.as_str()),
        at: file.at(start..end.min(start + 2_000).max(start)),
        sure: Confidence::Exact,
    })
}

/// Whether the line up to a position is a comment.
fn is_comment(text: &str, at: usize) -> bool {
    let line = &text[text[..at].rfind('\n').map_or(0, |newline| newline + 1)..at];
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with('#') && !line.starts_with("#[") || line.starts_with("* ")
}

static POSTMAN_ASSERTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"pm\.test\(|pm\.expect\(|pm\.response\.to\.|\btests\[").expect("a constant expression")
});

/// A Postman collection with assertions in its scripts.
fn collection(file: &File) -> Option<Suite> {
    let root = &file.json().documents.first()?.root;
    root.get("item").or_else(|| root.get("requests"))?;
    let mut shown: Option<Location> = None;
    let mut assertions = 0;
    root.walk(&mut |node: &Node| {
        if let Some(text) = node.as_str().filter(|text| POSTMAN_ASSERTS.is_match(text)) {
            assertions += POSTMAN_ASSERTS.find_iter(text).count();
            shown.get_or_insert_with(|| file.at(node.range.clone()));
        }
    });
    Some(Suite {
        framework: "postman",
        language: "json",
        assertions,
        generated: false,
        at: shown.unwrap_or_else(|| file.start()),
        sure: Confidence::Exact,
    })
}

/// Test plans in YAML or JSON: Tavern, Venom, Artillery with expectations, Step CI, Strest.
fn scenario(file: &File) -> Option<Suite> {
    let name = file.name();
    let (framework, mark) = if name.ends_with(".tavern.yaml") || name.ends_with(".tavern.yml") {
        ("tavern", "status_code")
    } else if name.contains("venom") {
        ("venom", "assertions:")
    } else if name.contains("stepci") || name == "workflow.stepci.yml" {
        ("stepci", "check:")
    } else if name.contains("artillery") {
        ("artillery", "statusCode")
    } else {
        return None;
    };
    let at = file.str().find(mark)?;
    let assertions = file.str().matches(mark).count();
    let at = file.at(at..at + mark.len());
    Some(Suite { framework, language: "yaml", assertions, generated: false, at, sure: Confidence::Exact })
}

static SHELL_ASSERTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?m)^[^#\n]*(?:\bassert\w*\s|\bexpect_\w+|(?:\bcurl\b|\bhttp_code\b|\bstatus\w*\b|\bresponse\w*\b|\bresult\w*\b|\bactual\b|\boutput\b|\bcode\b|%\{http_code\})[^\n]*(?:\bgrep\s+-[a-zA-Z]*q|\s==?\s|\s-eq\s|\s-ne\s|\s!=\s)|\bif\s[^\n]*\$\{?(?:status|code|http_code|response|result|actual|body|output)\w*\b[^\n]*(?:==?|!=|-eq|-ne)[^\n]*)"#,
    )
    .expect("a constant expression")
});
static SHELL_FAILS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^[^#\n]*(?:\bexit\s+[1-9\$]|\breturn\s+1\b|\bset\s+-\w*e|\bFAIL|\bfail(?:ed)?\b)")
        .expect("a constant expression")
});

/// A script named as a test that compares what it got with what it expects, and fails when they differ.
fn shell(file: &File) -> Option<Suite> {
    let words: Vec<String> = file.name().to_ascii_lowercase().split(['-', '_', '.']).map(ToOwned::to_owned).collect();
    // A script called `audit` goes through a list of checks; `query-audit-events` only reads records.
    let audit = words.iter().all(|word| matches!(word.as_str(), "audit" | "run" | "full" | "auto" | "sh" | "bash"))
        && words.iter().any(|word| word == "audit");
    let named = audit || words.iter().any(|word| matches!(word.as_str(), "test" | "tests" | "e2e" | "smoke" | "spec"));
    let placed = file.path.split('/').any(|part| matches!(part, "test" | "tests" | "e2e"));
    if !named && !placed {
        return None;
    }
    let text = file.str();
    let found: Vec<regex::Match<'_>> = SHELL_ASSERTS.find_iter(text).take(500).collect();
    let fails = SHELL_FAILS.is_match(text);
    let assertions = if fails { found.len() } else { 0 };
    let range = found.first().map_or(0..0, |first| {
        let blank = first.as_str().len() - first.as_str().trim_start().len();
        first.start() + blank..first.end()
    });
    let at = if assertions > 0 { file.at(range) } else { file.start() };
    Some(Suite { framework: "shell", language: "shell", assertions, generated: false, at, sure: Confidence::Likely })
}

/// Tests of infrastructure code: in folders of roles, charts and modules, or with the libraries made for them.
fn is_infrastructure(file: &File) -> bool {
    let parts: Vec<&str> = file.path.split('/').collect();
    let placed = parts.iter().any(|part| {
        matches!(
            *part,
            "molecule"
                | "terraform"
                | "terratest"
                | "ansible"
                | "inspec"
                | "serverspec"
                | "goss"
                | "charts"
                | "helm"
                | "infra"
                | "infrastructure"
                | "kitchen"
                | "kuttl"
                | "chainsaw"
                | "roles"
        )
    });
    let text = file.str();
    let marks =
        ["testinfra", "gruntwork-io/terratest", "serverspec", "inspec", "kubectl ", "terraform ", "vagrant ", "helm "];
    let helped = marks.iter().any(|mark| text.contains(mark)) && !text.contains("curl ");
    let code = matches!(
        path::name(&file.path).rsplit_once('.').map(|(_, extension)| extension),
        Some("go" | "py" | "rb" | "sh" | "bats")
    );
    placed
        || (code
            && helped
            && (parts.iter().any(|part| *part == "test" || *part == "tests")
                || text.contains("testinfra")
                || text.contains("terratest")))
}

#[cfg(test)]
#[path = "suites_tests.rs"]
mod tests;
