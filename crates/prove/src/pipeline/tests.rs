//! Plans from facts, and runs over an engine that a test plays.

use std::cell::Cell;
use std::collections::BTreeMap;

use facts::{Fact, Facts, Location, Oid, Place, Span};
use sandbox::fake::Fake;
use sandbox::{Ended, Image};

use super::Pipeline;
use crate::experiment::{Bench, Ground, Planned};
use crate::protocol::Silent;
use crate::shelf::Shelf;
use crate::tree::{Content, File, Tree};
use crate::{Declared, Finding};

const PATH: &str = ".github/workflows/ci.yml";
const APP: &str = "def fare(zone):\n    if zone <= 2:\n        return zone * 3\n    return 10\n";
const TEST: &str = "from app import fare\n\n\ndef test_fare():\n    assert fare(2) == 6\n";

fn at(line: usize) -> Location {
    let span = Span { line, end_line: line, column: 1, end_column: 9, ..Span::default() };
    Location { place: Place::File { path: PATH.into(), blob: Oid::new("b"), span }, commit: Oid::new("c") }
}

/// One step of the job `test`, written on this line.
fn script(line: usize) -> Fact {
    Fact::new("ci.script", "ci", at(line))
        .with("engine", "github")
        .with("pipeline", PATH)
        .with("job", "test")
        .with("order", line)
        .with("events", &["push"][..])
        .with("automatic", true)
}

fn runs(line: usize, text: &str) -> Fact {
    script(line).with("script", text).with("lines", vec![format!("{PATH}:{line}")])
}

/// What the readers say of the command on this line.
fn purpose(line: usize, purpose: &str, tool: &str) -> Fact {
    Fact::new("ci.step", "purpose", at(line))
        .with("pipeline", PATH)
        .with("job", "test")
        .with("purposes", vec![purpose.to_owned()])
        .with("tools", vec![tool.to_owned()])
        .with("blocking", true)
}

fn usual() -> Vec<Fact> {
    vec![
        script(1).with("what", "action").with("uses", "actions/checkout@v4"),
        runs(2, "pip install -r requirements.txt"),
        purpose(2, "install", "pip"),
        runs(3, "pytest -q"),
        purpose(3, "test", "pytest"),
    ]
}

fn tree() -> Tree {
    let file = |text: &str| File { content: Content::Bytes { bytes: text.into(), executable: false }, own: true };
    let files = [("app.py", APP), ("test_app.py", TEST), ("requirements.txt", "pytest\n")];
    Tree::new("c", files.into_iter().map(|(path, text)| (path.to_owned(), file(text))).collect::<BTreeMap<_, _>>())
}

fn plan(facts: Vec<Fact>) -> Result<Pipeline, crate::Say> {
    let (facts, tree, declared) = (Facts::new(facts), tree(), Declared::default());
    Pipeline::plan(&Ground { facts: &facts, declared: &declared, tree: &tree, seed: 1, sample: 3 }, PATH)
}

#[test]
fn a_plan_says_what_is_run_and_broken() {
    let planned = plan(usual()).unwrap();
    let sketch = planned.sketch();
    let runs: Vec<String> =
        sketch.runs.iter().map(|run| format!("{}: {} ({})", run.what, run.text, run.from.join(", "))).collect();
    assert_eq!(
        runs,
        [
            "job test, step 3: pip install -r requirements.txt (.github/workflows/ci.yml:2)",
            "job test, step 4: pytest -q (.github/workflows/ci.yml:3)",
        ]
    );
    assert_eq!(planned.chain.jobs[0].steps[0].offline, ":", "what was fetched is not fetched again");
    let faults: Vec<String> = planned.faults().iter().take(4).map(|fault| fault.change.to_string()).collect();
    assert_eq!(
        faults,
        [
            "app.py:7: a comment was added",
            "app.py:7: a definition that nobody uses was added",
            "app.py:5: a syntax error was added",
            "test_app.py:5: assert fare(2) == 6 became assert fare(2) != 6",
        ]
    );
    assert_eq!(planned.faults().len(), 7, "a sample of three");
}

#[test]
fn what_cannot_run_here_is_said() {
    let check = |more: Vec<Fact>, expected: &str| {
        let told = plan(more).map_or_else(
            |because| because.to_string(),
            |planned| {
                planned
                    .chain
                    .skipped
                    .iter()
                    .map(|skipped| format!("{}: {}", skipped.what, skipped.because))
                    .collect::<Vec<_>>()
                    .join("; ")
            },
        );
        assert!(told.contains(expected), "{told}");
    };
    check(
        vec![runs(2, "docker build ."), purpose(2, "build", "docker")],
        "it needs docker, which a sandbox does not give",
    );
    check(vec![runs(2, "pytest").with("manual", true), purpose(2, "test", "pytest")], "a person starts it");
    check(
        vec![runs(2, "pytest").with("services", vec!["postgres:16".to_owned()])],
        "it needs services beside it: postgres:16",
    );
    check(vec![runs(2, "make all")], "nothing in it that runs here judges the code");
    check(Vec::new(), "no step that a push reaches");
    let mut facts = usual();
    facts.push(script(5).with("what", "action").with("uses", "some/thing@v1"));
    facts.push(runs(6, "./deploy.sh"));
    facts.push(purpose(6, "deploy", "script"));
    check(facts.clone(), "job test, step 6: some/thing lies in another repository");
    check(facts, "job test, step 7: it acts on the outside (deploy)");
}

#[test]
fn declared_commands_take_the_place_of_what_cannot_run() {
    let facts = Facts::new(vec![runs(2, "docker run x pytest"), purpose(2, "test", "docker")]);
    let mut declared = Declared::default();
    declared.commands.test = Some("pytest".into());
    let tree = tree();
    let planned =
        Pipeline::plan(&Ground { facts: &facts, declared: &declared, tree: &tree, seed: 1, sample: 3 }, PATH).unwrap();
    assert_eq!(planned.sketch().stand_ins[0], "the commands of preuve.yaml for the pipeline's own jobs");
    assert_eq!(planned.chain.jobs[0].name, "declared");
}

const GREEN: &str = "1 passed in 0.01s";
const RED: &str = "FAILED test_app.py::test_fare - assert not True\n1 failed in 0.01s";

/// Runs the usual plan; the test step answers like this: while preparing, at the baseline, and so on.
fn run(answers: Vec<Ended>) -> (Finding, Vec<String>) {
    let planned = plan(usual()).unwrap();
    let received = "remote: received refs/heads/main c\nc\n";
    let fake =
        Fake::new().on("git push /work/server.git HEAD:main 2>&1", [Ended::exit(0, received)]).on("pytest -q", answers);
    let tree = tree();
    let clock = Cell::new(0);
    let millis = || {
        clock.set(clock.get() + 5);
        clock.get()
    };
    let image = |role: &str| Ok(Image(role.to_owned()));
    let stand_in = |asked: &str| Ok((Image(asked.to_owned()), None));
    let bench = Bench {
        engine: &fake,
        tree: &tree,
        image: &image,
        stand_in: &stand_in,
        millis: &millis,
        nonce: "mark",
        shelf: &Shelf::default(),
    };
    let finding = crate::run("c2.run-pipeline", &planned, &bench, &mut Silent);
    let calls = fake.calls();
    (finding, calls)
}

fn green() -> Ended {
    Ended::exit(0, GREEN)
}

fn red() -> Ended {
    Ended::exit(1, RED)
}

/// Preparing, baseline, both null faults; then faults.
fn after_null(faults: Vec<Ended>) -> Vec<Ended> {
    [vec![green(), green(), green(), green()], faults].concat()
}

#[test]
fn ways_to_end() {
    let check = |answers: Vec<Ended>, expected: &str| {
        let (finding, _) = run(answers);
        let told = format!(
            "{}: {}",
            finding.outcome.name(),
            finding.outcome.because().map(ToString::to_string).unwrap_or_default()
        );
        assert!(told.starts_with(expected), "{told}\n{finding:?}");
    };
    let faults = || vec![red(), red(), red(), red(), red(), green()];
    let all_with_idle = |idle: Ended| [vec![green(), green(), green(), idle], faults()].concat();
    let all = |more: [Ended; 3]| after_null([vec![red(), red()], more.to_vec(), vec![green()]].concat());
    check(all([red(), red(), red()]), "proven");
    check(all([red(), red(), green()]), "proven");
    check(all([green(), green(), green()]), "refuted: job test, step 4: 0 of 3 faults noticed");
    check(after_null(vec![red(), green(), red(), red(), red(), green()]), "refuted: nothing noticed: test_app.py:5");
    // Red, and the report names another test.
    let other = Ended::exit(1, "FAILED test_b.py::test_b - x\n1 failed in 0.01s");
    check(after_null(vec![red(), other, red(), red(), red(), green()]), "refuted: noticed elsewhere only");
    check(vec![green(), red()], "refuted: baseline: job test, step 4: exit 1, test_app.py::test_fare");
    check(vec![green(), Ended::exit(0, "no tests ran in 0.01s")], "refuted: baseline: job test, step 4: no test ran");
    check(vec![green(), Ended::exit(0, "fine")], "not-provable-here: job test, step 4: its output says of no test");
    check(
        vec![green(), Ended::exit(127, "pytest: command not found")],
        "not-provable-here: job test, step 4: a program",
    );
    check(
        vec![green(), Ended::exit(1, "Connection refused\n1 failed in 1s")],
        "not-provable-here: job test, step 4: it needs a service",
    );
    check(vec![green(), green(), red()], "flaky");
    // It looks at the text of the program: a definition that nobody uses makes it fail.
    check(vec![green(), green(), green(), red()], "flaky: app.py:");
    let linted = Ended::exit(1, "app.py:9: unused definition");
    check(all_with_idle(linted), "proven");
}

#[test]
fn a_failure_that_is_thrown_away_is_told() {
    let masked = Ended::exit(0, RED);
    let (finding, _) = run(after_null(vec![red(), masked, red(), red(), red(), green()]));
    assert_eq!(finding.outcome.name(), "refuted");
    let told = "job test, step 4: stayed green while its report says that test_app.py::test_fare failed";
    assert!(finding.notes.iter().any(|note| *note == told), "{:?}", finding.notes);
}

#[test]
fn each_state_has_a_container_of_its_own_and_leaves_none() {
    let (_, calls) = run(after_null(vec![red(), red(), red(), red(), red(), green()]));
    let count = |word: &str| calls.iter().filter(|call| call.starts_with(word)).count();
    // One to prepare; two baselines, two null faults, two controls and a sample of three; one that waited for a next state.
    assert_eq!(count("start"), 11, "{calls:#?}");
    assert_eq!(calls.last().map(String::as_str), Some("remove what runs"));
    assert_eq!(count("start") + 1, count("remove"));
}
