//! Pipelines that include themselves, multiply, or never close what they open.

use super::{Hostile, nested, one};

pub(super) fn cases() -> Vec<Hostile> {
    let mut cases = gitlab();
    cases.extend(github());
    cases.extend(others());
    cases
}

fn gitlab() -> Vec<Hostile> {
    let ci = ".gitlab-ci.yml";
    let chain = (0..40).map(|n| (format!("c{n}.yml"), format!("include: /c{}.yml\nj{n}: {{script: x}}\n", n + 1)));
    let wide: String = (0..200).map(|n| format!("  - local: /p{}.yml\n", n % 3)).collect();
    let everything = format!("include:\n{wide}a: {{script: x}}\n");
    let parts = (0..3).map(|n| (format!("p{n}.yml"), format!("include:\n{wide}b{n}: {{script: x}}\n")));
    let mut references = String::new();
    for level in 0..12 {
        let next = vec![format!("!reference [.l{}, script]", level + 1); 12].join(", ");
        references.push_str(&format!(".l{level}: {{script: [{next}]}}\n"));
    }
    references.push_str(".l12: {script: [make test]}\nboom: {script: [!reference [.l0, script]]}\n");
    let extends: String = (1..3_000).map(|n| format!(".e{n}: {{extends: .e{}}}\n", n - 1)).collect();
    let matrix: String = (0..12).map(|n| format!("          V{n}: [a, b, c, d, e, f, g, h, i, j]\n")).collect();
    vec![
        Hostile::new(
            "GitLab files that include each other",
            [
                (ci, "include: [/a.yml]\nx: {script: make}\n"),
                ("a.yml", "include: [/.gitlab-ci.yml, /a.yml]\ny: {script: make}\n"),
            ],
        )
        .facts("ci.job", 2),
        Hostile::new(
            "a long chain of includes",
            std::iter::once((ci.to_owned(), "include: /c0.yml\n".to_owned())).chain(chain),
        )
        .unread("ci"),
        Hostile::new("includes by the thousand", std::iter::once((ci.to_owned(), everything)).chain(parts))
            .at_least("ci.job", 1),
        one("extends in a circle", ci, ".a: {extends: .b}\n.b: {extends: .a}\nx: {extends: .a, script: make}\n")
            .facts("ci.job", 1),
        one("a job that extends itself", ci, "x: {extends: [x, x], script: make}\n").facts("ci.job", 1),
        one("a long chain of extends", ci, format!(".e0: {{script: make}}\n{extends}x: {{extends: .e2999}}\n")),
        one(
            "references in a circle",
            ci,
            "a: {script: [!reference [b, script]]}\nb: {script: [!reference [a, script]]}\n",
        )
        .facts("ci.job", 2),
        one("references that multiply", ci, references).unread("ci"),
        one("a child pipeline that is its parent", ci, "a: {trigger: {include: .gitlab-ci.yml}}\n").unread("ci"),
        one("needs in a circle", ci, "a: {script: x, needs: [b]}\nb: {script: x, needs: [a]}\n").facts("ci.job", 2),
        one(
            "a matrix of a million million jobs",
            ci,
            format!("a:\n  script: x\n  parallel:\n    matrix:\n        -\n{matrix}"),
        )
        .at_least("ci.job", 1),
        one(
            "a condition of 50,000 parentheses",
            ci,
            format!("a:\n  script: x\n  rules:\n    - if: '{}'\n", nested("(", ")", 50_000)),
        )
        .at_least("ci.job", 1),
        one(
            "a condition of 50,000 operators",
            ci,
            format!("a:\n  script: x\n  rules:\n    - if: '$A{}'\n", " && $A == \"x\" || $B".repeat(10_000)),
        )
        .at_least("ci.job", 1),
        one(
            "a hostile pattern in a condition",
            ci,
            "a:\n  script: x\n  rules:\n    - if: '$CI_COMMIT_BRANCH =~ /^(a+)+(b|b)*{1,99999}$/'\n",
        )
        .facts("ci.job", 1),
        one(
            "climbing out of the tree",
            ci,
            "include: /../../../etc/passwd\na: {script: [../../../bin/x, 'cd ../../.. && ./run']}\n",
        )
        .facts("ci.job", 1),
        one(
            "shapes that no key has",
            ci,
            "a: 1\nstages: {a: b}\ninclude: {{}: []}\nb: {script: {x: [[[y]]]}, rules: x, needs: 3}\n",
        ),
        one(
            "variables that name themselves",
            ci,
            "variables: {A: $B, B: $A$A, C: '${C}'}\na: {image: $A, script: [$B, $C], environment: {name: $A}}\n",
        )
        .facts("ci.job", 1),
    ]
}

fn github() -> Vec<Hostile> {
    let flow = ".github/workflows/a.yml";
    let mut fan = String::from("on: [push, workflow_call]\njobs:\n");
    (0..40).for_each(|n| fan.push_str(&format!("  j{n}: {{uses: ./.github/workflows/a.yml}}\n")));
    let chain = (0..30).map(|n| {
        (
            format!("act{n}/action.yml"),
            format!("runs: {{using: composite, steps: [{{uses: ./act{0}}}, {{uses: ./act{0}}}]}}\n", n + 1),
        )
    });
    let start = "on: push\njobs: {a: {runs-on: x, steps: [{uses: ./act0}]}}\n";
    let condition =
        |text: String| format!("on: push\njobs:\n  a:\n    if: {text}\n    runs-on: x\n    steps: [{{run: make}}]\n");
    vec![
        one(
            "a workflow that calls itself",
            flow,
            "on: [push, workflow_call]\njobs: {a: {uses: ./.github/workflows/a.yml}}\n",
        )
        .unread("ci"),
        one("a workflow that calls itself 40 times", flow, fan).unread("ci"),
        Hostile::new(
            "an action that uses itself",
            [
                (flow, "on: push\njobs: {a: {runs-on: x, steps: [{uses: ./b}]}}\n"),
                ("b/action.yml", "runs: {using: composite, steps: [{uses: ./b}]}\n"),
            ],
        )
        .unread("ci"),
        Hostile::new("actions that double", std::iter::once((flow.to_owned(), start.to_owned())).chain(chain))
            .unread("ci"),
        one("deep parentheses in a condition", flow, condition(nested("(", ")", 50_000))),
        one("calls without end in a condition", flow, condition(format!("${{{{ {} }}}}", "contains(".repeat(30_000)))),
        one("negations", flow, condition(format!("\"{}true\"", "!".repeat(60_000)))),
        one(
            "an action out of the tree",
            flow,
            "on: push\njobs: {a: {runs-on: x, steps: [{uses: ./../../x}, {run: y, working-directory: ../../../z}]}}\n",
        )
        .facts("ci.job", 1),
        one(
            "events of odd shapes",
            flow,
            "on: {push: [a], 3: {}, schedule: {cron: []}, pull_request: {branches: {a: b}}}\njobs: {a: [b], c: {steps: x}}\n",
        ),
        one("broken YAML", flow, "on: push\njobs: {a: [\n").unread("ci"),
    ]
}

fn others() -> Vec<Hostile> {
    let deep = format!("node {{ stage('a') {{ {} }} }}", nested("timeout(1) { ", "} ", 20_000));
    let strings = format!(
        "pipeline {{ agent any; stages {{ stage('a') {{ steps {{ sh {} }} }} }} }}",
        nested("\"${", "}\"", 20_000)
    );
    let jobs: String = (0..3_000).map(|n| format!("  j{n}: {{steps: [c{n}]}}\n")).collect();
    let commands: String = (0..20).map(|n| format!("  c{n}: {{steps: [c{0}, c{0}, c{0}]}}\n", n + 1)).collect();
    vec![
        one("closures in closures", "Jenkinsfile", deep),
        one("strings in strings", "Jenkinsfile", strings),
        one("braces never closed", "Jenkinsfile", "pipeline { ".repeat(30_000)).unread("ci"),
        one("braces never opened", "Jenkinsfile", "} ) ] ".repeat(30_000)).unread("ci"),
        one(
            "a string never closed",
            "Jenkinsfile",
            format!("pipeline {{ agent any\nstages {{ stage('a') {{ steps {{ sh '''{}", "x\n".repeat(20_000)),
        ),
        one("a function that calls itself", "Jenkinsfile", "def f() { f(); f() }\nnode { stage('a') { f() } }\n")
            .facts("ci.job", 1),
        one("brackets in Groovy", "Jenkinsfile", format!("node {{ x = {} }}", nested("[a: (", ")]", 20_000))),
        one(
            "a template of itself",
            "azure-pipelines.yml",
            "steps: [{template: azure-pipelines.yml}, {template: azure-pipelines.yml}]\n",
        )
        .unread("ci"),
        one(
            "Azure conditions",
            "azure-pipelines.yml",
            format!("jobs:\n- job: a\n  condition: {}\n  steps: [{{script: x}}]\n", nested("and(", ")", 30_000)),
        ),
        one(
            "CircleCI commands that multiply",
            ".circleci/config.yml",
            format!("version: 2.1\ncommands:\n{commands}jobs:\n  build: {{steps: [c0]}}\n"),
        )
        .at_least("ci.job", 1),
        one("CircleCI jobs by the thousand", ".circleci/config.yml", format!("version: 2.1\njobs:\n{jobs}")),
        one(
            "Travis with nothing right",
            ".travis.yml",
            "script: {a: b}\njobs: {include: [1, [2], {script: {}}]}\nmatrix: x\n",
        ),
        one(
            "Bitbucket steps in steps",
            "bitbucket-pipelines.yml",
            format!("pipelines: {{default: {}}}", nested("[{parallel: ", "}]", 45)),
        ),
        one("Drone documents", ".drone.yml", "---\nkind: pipeline\nsteps: [{commands: x}]\n".repeat(3_000)),
    ]
}
