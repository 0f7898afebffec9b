//! Documents and data that invite quadratic work: brackets, quotes, tables, long rows of marks.

use super::{Hostile, nested, one};

pub(super) fn cases() -> Vec<Hostile> {
    let readme =
        |name: &str, text: String| one(name, "README.md", format!("# Title\n\n{text}\n")).at_least("doc.file", 1);
    let boxes = format!("```\n{}```\n", format!("{}\n", "+--| -> ".repeat(200)).repeat(400));
    let mut cases = vec![
        readme("100,000 brackets", "[".repeat(100_000)),
        readme("links never closed", "[a](".repeat(50_000)),
        readme("images in images", nested("![", "](x)", 20_000)),
        readme("emphasis", "*a **b ".repeat(20_000)),
        readme("emphasis of one letter", "*a_".repeat(30_000)),
        readme("back quotes of all lengths", (1..600).map(|n| format!("{}a ", "`".repeat(n))).collect()),
        readme("block quotes", format!("{} a", "> ".repeat(20_000))),
        readme("block quotes line by line", (0..1_000).map(|n| format!("{}a\n", ">".repeat(n))).collect()),
        readme("lists in lists", (0..1_000).map(|n| format!("{}- a\n", "  ".repeat(n))).collect()),
        readme("list markers in a line", "- ".repeat(50_000)),
        readme("headings by the thousand", "# a\n\n## b\n\n".repeat(20_000)),
        readme("references that are defined in masses", (0..20_000).map(|n| format!("[r{n}]: x\n[r{n}] ")).collect()),
        readme(
            "a table of 1,000 columns",
            format!(
                "{}\n{}\n{}",
                "|a".repeat(1_000),
                "|-".repeat(1_000),
                format!("{}\n", "|b".repeat(1_000)).repeat(300)
            ),
        ),
        readme("a table of 50,000 rows", format!("|a|b|\n|-|-|\n{}", "|c|d|\n".repeat(50_000))),
        readme("a fence never closed", format!("```mermaid\n{}", "graph TD; a-->b\n".repeat(30_000))),
        readme("HTML never closed", "<div><a href=\"x\"<!-- ".repeat(10_000)),
        readme("angle brackets", "<".repeat(100_000)),
        readme("ampersands", "&#x;&amp".repeat(30_000)),
        readme("a diagram of 400 rows", boxes),
        readme("mermaid of depth", format!("```mermaid\ngraph TD\n{}\n```\n", nested("subgraph a\n", "end\n", 10_000))),
        readme("mermaid chains", format!("```mermaid\nflowchart LR\na{}\n```\n", " --> b & c".repeat(20_000))),
        readme("footnotes", (0..5_000).map(|n| format!("[^{n}]: [^{}]\n\n", n + 1)).collect()),
        readme("spaces", " ".repeat(200_000)),
        readme("escapes", "\\".repeat(200_000)),
        readme("shell fences", "```sh\n$ make\n```\n".repeat(10_000)),
        one("a text of underlines", "README.txt", "A\n=\n-\n".repeat(50_000)).at_least("doc.file", 1),
        one(
            "reStructuredText directives",
            "docs/guide.rst",
            ".. include:: guide.rst\n.. a::\n   .. b::\n".repeat(20_000),
        ),
        one(
            "AsciiDoc that includes itself",
            "README.adoc",
            format!("= A\n\ninclude::README.adoc[]\n{}", "====\n----\n".repeat(20_000)),
        ),
        one("HTML of depth", "docs/index.html", nested("<div>", "</div>", 50_000)),
        one("scripts never closed", "docs/index.html", "<script><style><!--".repeat(20_000)),
        one("a notebook of depth", "a.ipynb", format!("{{\"cells\": {}}}", nested("[", "]", 50_000))),
        one(
            "a notebook of odd shapes",
            "a.ipynb",
            "{\"cells\": [1, {\"source\": {\"a\": []}}, {\"source\": [[\"x\"]], \"outputs\": {}}], \"metadata\": []}",
        ),
        one(
            "PlantUML that includes itself",
            "docs/a.puml",
            format!("@startuml\n!include a.puml\n{}", "a -> b\n".repeat(30_000)),
        ),
        one(
            "draw.io that is compressed",
            "docs/a.drawio",
            format!("<mxfile><diagram>{}</diagram></mxfile>", "7Vhbb6M4FP41".repeat(10_000)),
        ),
        Hostile::new(
            "links in a circle",
            [
                ("README.md", "[a](docs/a.md) ![b](../../../etc/passwd) [c](.) [d](/)\n"),
                ("docs/a.md", "[b](../README.md) [c](a.md)\n"),
            ],
        )
        .at_least("doc.link", 2),
        one("a million tokens that look secret", ".env", "PASSWORD=aB3$xY9!kLm2\n".repeat(40_000)),
        one("private keys never closed", "id_rsa", "-----BEGIN RSA PRIVATE KEY-----\n".repeat(20_000)),
        one("assignments in a line", "config.py", "password = token = secret = key = \"".repeat(5_000)),
        one("entropy in a line", "app.js", format!("const token = '{}'\n", "aZ0+/9xQ".repeat(30_000))),
        one("URLs with passwords", "app.yml", "url: postgres://a:b@c:d@e/f?password=g\n".repeat(20_000)),
        one("equal signs", "app.properties", "=".repeat(200_000)),
        one("white space for patterns", "app.py", format!("password{}=x\n", " ".repeat(200_000)).repeat(5)),
        one("words for patterns", "test_app.py", format!("def test_{}(", "a_".repeat(60_000)).repeat(5)),
        one(
            "assertions in masses",
            "test_app.py",
            format!("def test_a():\n{}", "    assert f(x) == 1\n".repeat(60_000)),
        )
        .at_least("app.test", 1),
        one(
            "parentheses in a test",
            "app.test.js",
            format!("test('a', () => {{ expect{} }})\n", nested("(", ")", 50_000)),
        ),
        one("strings never closed in a test", "app_test.go", "func TestA(t *testing.T) { x := `".repeat(5_000)),
        one(
            "requirements of brackets",
            "requirements.txt",
            format!("a{}==1\n-r requirements.txt\n-r ../../../etc/passwd\n", "[".repeat(50_000)),
        ),
        one("a build file of braces", "build.gradle", nested("dependencies { ", "} ", 20_000)),
        one("owners of patterns", "CODEOWNERS", format!("{} @a\n", "*/**/".repeat(20_000))),
        one("ignore of patterns", ".gitignore", format!("{}\n", "**/*".repeat(20_000)).repeat(5)),
        one("a mail map of brackets", ".mailmap", "A <a@b> <<<<>>>> B <c@d> # <\n".repeat(20_000)),
        one("versions in masses", "CHANGELOG.md", "## [1.0.0] - 2024-01-01\n- a\n".repeat(30_000))
            .at_least("vcs.changelog", 1),
    ];
    cases.extend(monitoring());
    cases
}

fn monitoring() -> Vec<Hostile> {
    let alert = |name: &str, expr: String| {
        one(name, "monitoring/alerts.yml", format!("groups:\n- name: a\n  rules:\n  - alert: A\n    expr: '{expr}'\n"))
    };
    let pipeline = |name: &str, text: &str| one(name, "otel-collector-config.yaml", text.to_owned());
    vec![
        alert("PromQL parentheses", nested("(", ")", 50_000)),
        alert("PromQL functions", nested("sum(rate(", "[5m]))", 10_000)),
        alert("PromQL operators", format!("a{}", " + a".repeat(40_000))),
        alert("PromQL powers and minuses", format!("a{}{}b", " ^ a".repeat(10_000), "-".repeat(20_000))),
        alert("PromQL matchers", format!("a{{{}}}", "b=~\"(a+)+\",".repeat(10_000))),
        alert("PromQL never closed", "a{b=\"".to_owned()),
        alert("PromQL subqueries", format!("a{}", "[99999999999999y:1s]".repeat(5_000))),
        one(
            "Prometheus of odd shapes",
            "prometheus.yml",
            "scrape_configs: {a: b}\nrule_files: [{}, 3]\nalerting: [[]]\n",
        ),
        one(
            "rules that load themselves",
            "prometheus.yml",
            "rule_files: [prometheus.yml, '../../../*', '**/**/**/**/*.yml']\nscrape_configs: [{job_name: [a], static_configs: [{targets: {a: b}}]}]\n",
        ),
        pipeline(
            "connectors in a circle",
            "receivers: {a: }\nconnectors: {c: , d: }\nservice: {pipelines: {traces: {receivers: [c], exporters: [d]}, metrics: {receivers: [d], exporters: [c]}}}\n",
        ),
        one(
            "a dashboard of rows in rows",
            "grafana/dashboards/a.json",
            format!(
                "{{\"title\": \"a\", \"schemaVersion\": 30, \"panels\": {}}}",
                nested("[{\"type\": \"row\", \"panels\": ", "}]", 45)
            ),
        ),
        one(
            "a dashboard of 20,000 panels",
            "grafana/dashboards/a.json",
            format!(
                "{{\"title\": \"a\", \"schemaVersion\": 30, \"panels\": [{}{{}}]}}",
                "{\"type\":\"graph\",\"targets\":[{\"expr\":\"a\"}]},\n".repeat(20_000)
            ),
        ),
        one("Telegraf tables", "telegraf.conf", "[[inputs.cpu]]\n".repeat(30_000)),
    ]
}
