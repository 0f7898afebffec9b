//! What a waiver file must say, and what happens on the day after.

use expect_test::{Expect, expect};
use jiff::civil::date;

use super::*;
use crate::load::tests::framework;

fn check(waivers: &str, expected: Expect) {
    let found = match read(waivers, "waivers.yaml", &framework(), date(2026, 11, 22)) {
        Ok(waivers) => waivers
            .iter()
            .map(|w| format!("{}: {} until {} (line {})\n", w.requirement, w.approver, w.expiry, w.line))
            .collect(),
        Err(problems) => problems.iter().map(|problem| format!("{problem}\n")).collect::<String>(),
    };
    expected.assert_eq(&found);
}

fn waiver(requirement: &str, reason: &str, approver: &str, expiry: &str) -> String {
    format!("  - requirement: {requirement}\n    reason: {reason}\n    approver: {approver}\n    expiry: {expiry}\n")
}

#[test]
fn a_waiver_holds_until_the_end_of_its_last_day() {
    let text = format!("waivers:\n{}", waiver("R.1", "no user", "Ada", "2026-11-22"));
    check(
        &text,
        expect![[r#"
        R.1: Ada until 2026-11-22 (line 2)
    "#]],
    );
    check("waivers: []", expect![""]);
}

#[test]
fn an_expired_waiver_is_an_error_that_says_what_to_do() {
    let text = format!("waivers:\n{}", waiver("R.1", "no user", "Ada", "2026-11-21"));
    check(
        &text,
        expect![[r#"
        waivers.yaml:5:13: the waiver of `R.1` expired on 2026-11-21 (assessed as of 2026-11-22)
          hint: meet the requirement and remove the waiver, or have its approver renew it and change `expiry`
    "#]],
    );
}

#[test]
fn every_problem_is_told() {
    let text = format!(
        "waivers:\n{}{}{}{}",
        waiver("R.11", "no user", "Ada", "2027-01-01"),
        waiver("R.1", "''", "''", "soon"),
        waiver("R.1", "no user", "Ada", "2027-01-01"),
        waiver("R.1", "still no user", "Ada", "2027-01-01"),
    );
    check(
        &text,
        expect![[r#"
        waivers.yaml:2:18: `r` has no requirement `R.11`
          hint: did you mean `R.1`?
        waivers.yaml:6:18: the waiver of `R.1` has no `approver`
          hint: a waiver says why, and who granted it
        waivers.yaml:6:18: the waiver of `R.1` has no `reason`
          hint: a waiver says why, and who granted it
        waivers.yaml:9:13: `soon` is not a date
          hint: write the last day on which it holds, such as 2027-06-30
        waivers.yaml:14:18: two waivers of `R.1`
          hint: the first one is on line 10: keep one of them
    "#]],
    );
}

#[test]
fn a_file_of_another_shape_is_refused() {
    check(
        "waivers:\n  - requirment: R.1\n",
        expect![[r#"
            waivers.yaml:2:5: unknown field `requirment`
              hint: did you mean `requirement`?
        "#]],
    );
    check(
        "waivers: [[[[",
        expect![[r#"
            waivers.yaml:1:13: YAML refused: unclosed bracket '['
        "#]],
    );
    check(
        "",
        expect![[r#"
            waivers.yaml:1:1: YAML refused: unexpected end of input
        "#]],
    );
    check(
        &"#".repeat(300 * 1024),
        expect![[r#"
        waivers.yaml: file too large: 307200 bytes, 262144 at most
    "#]],
    );
}
