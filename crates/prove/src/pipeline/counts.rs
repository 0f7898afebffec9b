//! What test runners say: how many tests ran, and which failed. It is never trusted alone: the exit code comes from outside.

use std::collections::BTreeSet;

/// What a runner's output says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// Tests that ran, when a runner that is known said so.
    pub ran: Option<usize>,
    /// The names of tests that failed, as the runner writes them.
    pub failed: BTreeSet<String>,
}

/// Reads the output of a step, colours left out.
pub(crate) fn read(output: &str) -> Report {
    let mut report = Report::default();
    for line in plain(output).lines() {
        let line = line.trim();
        if let Some(ran) = count(line) {
            report.ran = Some(report.ran.unwrap_or(0) + ran);
        }
        if let Some(name) = failure(line) {
            report.failed.insert(name.chars().take(200).collect());
        }
    }
    report
}

/// Drops the sequences that colour a terminal.
fn plain(output: &str) -> String {
    let mut out = String::with_capacity(output.len());
    let mut characters = output.chars();
    while let Some(c) = characters.next() {
        if c == '\u{1b}' {
            let _ = characters.find(char::is_ascii_alphabetic);
        } else {
            out.push(c);
        }
    }
    out
}

/// The number that stands before a word: `12 passed` → 12.
fn before(line: &str, word: &str) -> Option<usize> {
    let at = line.find(word)?;
    line[..at].trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The number that stands after a text: `Tests run: 12` → 12.
fn after(line: &str, text: &str) -> Option<usize> {
    let rest = &line[line.find(text)? + text.len()..];
    rest.trim_start().split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// How many tests a summary line speaks of.
fn count(line: &str) -> Option<usize> {
    // pytest: `=== 3 passed, 1 failed in 0.12s ===`, or bare with -q.
    let summed = [" passed", " failed", " error"].iter().filter_map(|word| before(line, word)).sum::<usize>();
    let pytest = line.contains(" in ") && (line.starts_with('=') || line.ends_with('s') || line.ends_with(')'));
    if summed > 0 && pytest && line.trim_start_matches(['=', ' ']).starts_with(|c: char| c.is_ascii_digit()) {
        return Some(summed);
    }
    // unittest: `Ran 3 tests in 0.001s`.
    if line.starts_with("Ran ") && line.contains(" test") {
        return after(line, "Ran");
    }
    // jest: `Tests:       1 failed, 3 passed, 4 total`; vitest: `Tests  3 passed (3)`.
    if line.starts_with("Tests:") && line.contains(" total") {
        return before(line, " total");
    }
    if line.starts_with("Tests ") && line.ends_with(')') && line.contains(" passed") | line.contains(" failed") {
        return after(line, "(");
    }
    // mocha: `3 passing (12ms)` and `1 failing`.
    if line.contains(" passing") || line.ends_with(" failing") {
        return before(line, " passing").or_else(|| before(line, " failing"));
    }
    // node --test: `# tests 3` or `ℹ tests 3`.
    if line.starts_with("# tests ") || line.starts_with("ℹ tests ") {
        return after(line, "tests");
    }
    // surefire: only the summary has no `-- in`: `Tests run: 3, Failures: 0, Errors: 0, Skipped: 0`.
    if line.contains("Tests run:") && !line.contains("Time elapsed") {
        return after(line, "Tests run:");
    }
    // cargo: `test result: ok. 3 passed; 1 failed;`.
    if line.starts_with("test result:") {
        return Some(before(line, " passed")? + before(line, " failed").unwrap_or(0));
    }
    // go: `--- PASS: TestA (0.00s)` with -v; `ok  pkg 0.1s` says that at least one ran unless it says otherwise.
    if line.starts_with("--- PASS:") || line.starts_with("--- FAIL:") {
        return Some(1);
    }
    if line.starts_with("ok ")
        && !line.contains("no test")
        && line.split_whitespace().count() >= 3
        && !line.contains(" - ")
    {
        let tap = line.split_whitespace().nth(1).is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()));
        return Some(usize::from(!tap).max(1));
    }
    // TAP, as bats writes it: `ok 1 adds`, `not ok 2 subtracts`.
    let tap = line.strip_prefix("not ok ").or_else(|| line.strip_prefix("ok "))?;
    tap.split_whitespace().next()?.parse::<usize>().ok().map(|_| 1)
}

/// The name of a test that a line says has failed.
fn failure(line: &str) -> Option<&str> {
    // pytest: `FAILED tests/test_a.py::test_b - assert`, `ERROR tests/test_a.py`.
    for word in ["FAILED ", "ERROR "] {
        if let Some(rest) = line.strip_prefix(word).filter(|rest| rest.contains(".py")) {
            return rest.split(" - ").next();
        }
    }
    // unittest: `FAIL: test_a (tests.T.test_a)`, `ERROR: test_a (...)`.
    for word in ["FAIL: ", "ERROR: "] {
        if let Some(rest) = line.strip_prefix(word).filter(|rest| rest.starts_with("test") || rest.starts_with("setUp"))
        {
            return Some(rest);
        }
    }
    // go.
    if let Some(rest) = line.strip_prefix("--- FAIL: ") {
        return rest.split(" (").next();
    }
    // jest: `● suite › adds`; vitest: `FAIL  a.test.ts > adds`, `× adds`; mocha: `1) adds`.
    if let Some(rest) = line.strip_prefix("● ").filter(|rest| !rest.starts_with("Console")) {
        return Some(rest.trim());
    }
    if let Some(rest) = line.strip_prefix("× ").or_else(|| line.strip_prefix("✕ ")).or_else(|| line.strip_prefix("✖ "))
    {
        return Some(rest.rsplit_once(" (").map_or(rest, |(name, _)| name));
    }
    if let Some((number, rest)) = line.split_once(") ")
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(rest.trim());
    }
    // surefire: `[ERROR]   OrderTest.adds:12 expected`, `OrderTest.adds -- Time elapsed`.
    if let Some(rest) = line.strip_prefix("[ERROR]").map(str::trim)
        && rest.split(['.', ':']).next().is_some_and(|class| class.contains("Test") && !class.contains(' '))
        && rest.contains('.')
        && !rest.starts_with("Tests run")
    {
        return rest.split([':', ' ']).next();
    }
    // cargo: `test tests::adds ... FAILED`.
    if let Some(rest) = line.strip_prefix("test ") {
        return rest.strip_suffix(" ... FAILED");
    }
    // TAP.
    let rest = line.strip_prefix("not ok ")?;
    Some(rest.split_once(' ').map_or(rest, |(_, name)| name.trim_start_matches("- ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runners_are_understood() {
        let check = |output: &str, ran: Option<usize>, failed: &[&str]| {
            let report = read(output);
            assert_eq!(
                (report.ran, report.failed.iter().map(String::as_str).collect::<Vec<_>>()),
                (ran, failed.to_vec()),
                "{output}"
            );
        };
        check(
            "..F\nFAILED tests/test_a.py::test_b - assert 1 == 2\n1 failed, 2 passed in 0.03s",
            Some(3),
            &["tests/test_a.py::test_b"],
        );
        check("===== \u{1b}[32m2 passed\u{1b}[0m, 1 warning in 0.01s =====", Some(2), &[]);
        check("===== no tests ran in 0.01s =====", None, &[]);
        check("ERROR tests/test_a.py\n=== 1 error in 0.1s ===", Some(1), &["tests/test_a.py"]);
        check(
            "FAIL: test_a (t.T.test_a)\nRan 4 tests in 0.001s\nFAILED (failures=1)",
            Some(4),
            &["test_a (t.T.test_a)"],
        );
        check("Ran 0 tests in 0.000s\nOK", Some(0), &[]);
        check("  ● cart › adds\nTests:       1 failed, 3 passed, 4 total", Some(4), &["cart › adds"]);
        check("  1 passing (4ms)\n  1 failing\n  1) cart adds:", Some(2), &["cart adds:"]);
        check(" ✓ a.test.ts (2)\n Tests  2 passed (2)", Some(2), &[]);
        check("# tests 2\n# pass 1\nnot ok 2 - adds", Some(3), &["adds"]);
        check("--- FAIL: TestAdd (0.00s)\nFAIL\texample.com/a\t0.1s", Some(1), &["TestAdd"]);
        check("ok  \texample.com/a\t0.002s\n?   \texample.com/b\t[no test files]", Some(1), &[]);
        check(
            "[ERROR]   OrderTest.adds:12 expected\n[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0",
            Some(3),
            &["OrderTest.adds"],
        );
        check(
            "test tests::adds ... FAILED\ntest result: FAILED. 2 passed; 1 failed; 0 ignored",
            Some(3),
            &["tests::adds"],
        );
        check("1..2\nok 1 adds\nnot ok 2 subtracts", Some(2), &["subtracts"]);
        check("building\ndone", None, &[]);
    }
}
