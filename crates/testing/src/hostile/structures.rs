//! YAML, JSON, TOML and XML that unfold to far more than they are, or nest without end.

use super::{Hostile, bomb, nested, one};

/// Files that are YAML to some reader, and the area in which a refusal is said.
const YAML: [(&str, &str); 8] = [
    (".gitlab-ci.yml", "ci"),
    (".github/workflows/ci.yml", "ci"),
    ("azure-pipelines.yml", "ci"),
    (".circleci/config.yml", "ci"),
    ("compose.yaml", "container"),
    ("roles/a/tasks/main.yml", "ansible"),
    ("serverless.yml", "iac"),
    ("requirements.yml", "ansible"),
];

pub(super) fn cases() -> Vec<Hostile> {
    let mut cases = Vec::new();
    for (path, area) in YAML {
        cases.push(one(&format!("alias bomb: {path}"), path, bomb(10)).unread(area));
        cases.push(one(&format!("deep flow: {path}"), path, format!("a: {}", nested("[", "]", 50_000))).unread(area));
    }
    let deep: String = (0..400).map(|depth| format!("{}k:\n", " ".repeat(depth))).collect();
    cases.push(one("deep blocks", ".gitlab-ci.yml", deep).unread("ci"));
    cases.push(one("an alias within its own anchor", ".gitlab-ci.yml", "a: &a\n  script: [*a]\n").unread("ci"));
    cases.push(one("an alias of nothing", ".gitlab-ci.yml", "a: {script: *none}\n").unread("ci"));
    let merges: String = (1..60).map(|n| format!("m{n}: &m{n} {{<<: [*m{0}, *m{0}], k{n}: 1}}\n", n - 1)).collect();
    let merges = format!("m0: &m0 {{k: 1}}\n{merges}job: {{<<: *m59, script: x}}\n");
    cases.push(one("merge keys that double", ".gitlab-ci.yml", merges).unread("ci"));
    let merged: String = (1..16).map(|n| format!("m{n}: &m{n} {{<<: [*m{0}, *m{0}]}}\n", n - 1)).collect();
    let merged = format!("m0: &m0 {{k: 1}}\n{merged}job: {{<<: *m15, script: x}}\n");
    cases.push(one("merge keys over the budget", ".gitlab-ci.yml", merged).unread("ci"));
    cases.push(one("100,000 documents", "k8s/all.yaml", "---\nkind: Service\napiVersion: v1\n".repeat(20_000)));
    cases.push(one("keys that are collections", ".gitlab-ci.yml", "? {a: b}\n: {? [c] : d}\n? [x]\n: y\n"));
    cases.push(one("one key 100,000 times", ".gitlab-ci.yml", "a: {script: x}\n".repeat(100_000)));
    let wide: String = (0..60_000).map(|n| format!("k{n}: {{script: x}}\n")).collect();
    cases.push(one("60,000 jobs", ".gitlab-ci.yml", wide).unread("ci"));
    cases.push(one(
        "tags of all kinds",
        ".gitlab-ci.yml",
        "%TAG ! tag:x,1:\n---\na: !!binary x\nb: !<tag:y> [z]\nc: !z {}\n",
    ));
    cases.push(one("comments and anchors alone", ".gitlab-ci.yml", "#\n".repeat(50_000) + "&a\n"));
    cases.push(one(
        "block scalar without end",
        ".gitlab-ci.yml",
        format!("a:\n  script: |\n{}", "    x \\\n".repeat(60_000)),
    ));
    for (path, area) in
        [("main.tf.json", Some("iac")), ("package.json", None), ("template.json", None), ("dashboard.json", None)]
    {
        let case = one(&format!("deep JSON: {path}"), path, nested("{\"a\":[", "]}", 100_000 / 4));
        cases.push(match area {
            Some(area) => case.unread(area),
            None => case,
        });
    }
    cases.push(one("JSON never closed", "package.json", "[".repeat(200_000)));
    cases.push(one("JSON of 300,000 values", "composer.json", format!("[{}1]", "1,".repeat(120_000))));
    cases.push(one("deep TOML", "pyproject.toml", format!("a = {}", nested("[", "]", 50_000))));
    cases.push(one("TOML with a long dotted key", "Cargo.toml", format!("{}a = 1\n", "a.".repeat(50_000))));
    cases.push(one("TOML with nested headers", "mise.toml", format!("[{}a]\nb = 1\n", "a.".repeat(10_000))));
    cases.push(one("TOML inline tables", "mise.toml", format!("a = {}", nested("{a=", "1}", 20_000))));
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let pom = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE p [<!ENTITY l0 \"x\">{laughs}]><project><artifactId>&l9;</artifactId></project>"
    );
    cases.push(one("entities that multiply", "pom.xml", pom.clone()));
    cases.push(one("entities in a project file", "app.csproj", pom));
    cases.push(one("deep XML", "pom.xml", nested("<a>", "</a>", 50_000)));
    cases.push(one("XML never closed", "pom.xml", "<dependency><artifactId>".repeat(40_000)));
    cases.push(one(
        "external entity",
        "pom.xml",
        "<!DOCTYPE p [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><project><name>&e;</name></project>",
    ));
    cases
}
