//! Broken, cyclic, deep, huge and tricky pipelines: read within bounds, never a panic.

use super::read;

/// How many jobs are read, and how many parts are said to be unreadable.
#[track_caller]
fn check(files: &[(&str, &str)], jobs: usize, unread: usize) {
    let (pipelines, said) = read(files);
    let found: usize = pipelines.iter().map(|pipeline| pipeline.jobs.len()).sum();
    assert_eq!((found, said), (jobs, unread));
}

#[test]
fn broken_files_are_said() {
    check(&[(".gitlab-ci.yml", "a: [\n")], 0, 1);
    check(&[(".github/workflows/a.yml", "on: push\njobs:\n\ta: {}\n")], 0, 1);
    check(&[("Jenkinsfile", "pipeline { stages { stage('x' { steps { sh 'y")], 0, 1);
    check(&[(".gitlab-ci.yml", "include: missing.yml\na: {script: x}\n")], 1, 1);
    check(&[(".github/workflows/a.yml", "on: push\njobs: {a: {uses: ./.github/workflows/none.yml}}\n")], 1, 1);
}

#[test]
fn unexpected_shapes_are_no_jobs() {
    check(&[(".gitlab-ci.yml", "- a\n- b\n")], 0, 0);
    check(&[(".gitlab-ci.yml", "a: 1\nb: {script: {x: y}}\nc: {script: [[[[a]]]]}\n")], 2, 0);
    check(&[(".github/workflows/a.yml", "on: 3\njobs: []\n")], 0, 0);
    check(&[(".circleci/config.yml", "jobs: x\nworkflows: {a: {jobs: [1, {b: null}, [c]]}}\n")], 3, 0);
    check(&[("azure-pipelines.yml", "stages:\n- 1\n- stage: {}\n  jobs: [x, {job: [y]}]\n")], 2, 0);
    check(
        &[("bitbucket-pipelines.yml", "pipelines: {default: [{step: 1}, {parallel: {parallel: {}}}], x: 2}\n")],
        1,
        0,
    );
}

#[test]
fn cycles_end() {
    check(
        &[(".gitlab-ci.yml", "include: [/a.yml]\nx: {script: x}\n"), ("a.yml", "include: [/.gitlab-ci.yml, /a.yml]\n")],
        1,
        0,
    );
    check(&[(".gitlab-ci.yml", ".a: {extends: .b}\n.b: {extends: .a}\nx: {extends: [.a, .b, x], script: y}\n")], 1, 0);
    check(&[(".gitlab-ci.yml", "a: {script: !reference [b, script]}\nb: {script: !reference [a, script]}\n")], 2, 0);
    let child = "a: {trigger: {include: .gitlab-ci.yml}}\n";
    check(&[(".gitlab-ci.yml", child)], 9, 1);
    let action = "runs: {using: composite, steps: [{uses: ./a}, {run: x}]}\n";
    check(
        &[(".github/workflows/a.yml", "on: push\njobs: {a: {steps: [{uses: ./a}]}}\n"), ("a/action.yml", action)],
        1,
        1,
    );
    let flow = "on: [push, workflow_call]\njobs: {a: {uses: ./.github/workflows/a.yml}}\n";
    check(&[(".github/workflows/a.yml", flow)], 2, 1);
    check(&[("azure-pipelines.yml", "steps: [{template: azure-pipelines.yml}]\n")], 1, 1);
    check(&[(".circleci/config.yml", "commands: {c: {steps: [c, c]}}\njobs: {build: {steps: [c]}}\n")], 1, 0);
    check(&[("Jenkinsfile", "def f() { f(); f() }\nnode { stage('a') { f() } }\n")], 1, 0);
}

#[test]
fn needs_may_form_a_cycle() {
    let (pipelines, _) =
        read(&[(".gitlab-ci.yml", "a: {script: x, needs: [b]}\nb: {script: x, needs: [a, a, none]}\n")]);
    assert_eq!(pipelines[0].jobs[0].needs, ["b"]);
}

#[test]
fn explosions_stop_at_the_budget() {
    // Each reference brings ten of the next: ten to the power of ten without a bound.
    let mut text = String::new();
    for level in 0..10 {
        let next = format!("!reference [.l{}, script]", level + 1);
        text.push_str(&format!(".l{level}: {{script: [{}]}}\n", vec![next; 10].join(", ")));
    }
    text.push_str(".l10: {script: [x]}\nboom: {script: [!reference [.l0, script]]}\n");
    let (pipelines, _) = read(&[(".gitlab-ci.yml", &text)]);
    assert_eq!(pipelines[0].jobs.len(), 1);

    let mut flow = String::from("on: [push, workflow_call]\njobs:\n");
    (0..20).for_each(|number| flow.push_str(&format!("  j{number}: {{uses: ./.github/workflows/a.yml}}\n")));
    let (_, said) = read(&[(".github/workflows/a.yml", &flow)]);
    assert!(said > 0);
}

#[test]
fn huge_pipelines_are_cut_and_said() {
    let mut text = String::new();
    (0..2_000).for_each(|number| text.push_str(&format!("j{number}: {{script: x, stage: s}}\n")));
    check(&[(".gitlab-ci.yml", &text)], 800, 1);
}

#[test]
fn deep_groovy_is_read_without_recursion_to_the_end() {
    let deep = format!("node {{ stage('a') {{ {} sh 'x' {} }} }}", "timeout(1) { ".repeat(20_000), "} ".repeat(20_000));
    let (pipelines, _) = read(&[("Jenkinsfile", &deep)]);
    assert!(pipelines.len() <= 1);
    for text in [
        "}}}}}}",
        "((((((",
        "[[[[[[",
        "sh ",
        "'''",
        "\"${",
        "\"\\",
        "a: b: c:",
        "parallel a: { sh 'x' }, b",
        "é{('",
        "x = = {",
    ] {
        super::super::jenkins::count_calls(text);
    }
    let nested = format!("a{}", "(a".repeat(50_000));
    super::super::jenkins::count_calls(&nested);
    let lists = format!("a [{}", "{".repeat(50_000));
    super::super::jenkins::count_calls(&lists);
}

#[test]
fn patterns_do_not_backtrack() {
    let include = format!("include: '{}.yml'\na: {{script: x}}\n", "*a".repeat(2_000));
    let path = format!("{}/b.yml", "a".repeat(2_000));
    check(&[(".gitlab-ci.yml", &include), (&path, "")], 1, 0);
}

#[test]
fn paths_do_not_leave_the_tree() {
    check(&[(".gitlab-ci.yml", "include: ../../etc/passwd\na: {script: x}\n")], 1, 0);
    check(
        &[(
            ".github/workflows/a.yml",
            "on: push\njobs: {a: {steps: [{uses: ./../../x}, {run: y, working-directory: ../../z}]}}\n",
        )],
        1,
        0,
    );
}
