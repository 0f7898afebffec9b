//! From marks to a result, under every rule that a title may choose.

use std::collections::BTreeMap;

use programme::*;
use proptest::prelude::*;

use crate::cast::{c, criterion, version, words};

fn marks(values: [i32; 3]) -> BTreeMap<CriterionId, Mark> {
    ["c1", "c2", "c3"].into_iter().map(c).zip(values.map(|value| Mark(value * 50))).collect()
}

fn blocks(mut version: Version) -> Version {
    let block = |id: &str, pass_mark| Block { id: id.to_owned(), title: words(id), pass_mark };
    version.rubric.blocks = vec![block("a", None), block("b", Some(5_000))];
    for (criterion, block) in version.rubric.criteria.iter_mut().zip(["a", "b", "b"]) {
        criterion.block = Some(block.to_owned());
    }
    version
}

#[test]
fn every_rule_of_a_title_is_applied() {
    let full = version();
    let none = Version { compensation: Compensation::None { each: 5_000 }, ..version() };
    let bounded =
        Version { compensation: Compensation::Bounded { below: 5_000, at_most: 1 }, pass_mark: 0, ..version() };
    let within = blocks(Version { compensation: Compensation::WithinBlocks, ..version() });
    let mut floor = version();
    floor.rubric.criteria[2].floor = Some(Mark::points(2));
    // Marks in half points out of eight; c1 weighs twice.
    type Case<'a> = (&'a str, &'a Version, [i32; 3], (bool, u32, usize));
    let cases: [Case<'_>; 11] = [
        ("exactly the pass mark is short by a hair", &full, [7, 6, 5], (false, 7_812, 1)),
        ("reached", &full, [8, 6, 4], (true, 8_125, 0)),
        ("the strong makes up for the weak", &full, [8, 8, 2], (true, 8_125, 0)),
        ("not when each must reach half", &none, [8, 8, 2], (false, 8_125, 1)),
        ("one below is allowed", &bounded, [8, 8, 0], (true, 7_500, 0)),
        ("two are not", &bounded, [8, 0, 0], (false, 5_000, 1)),
        ("a block below its mark", &within, [8, 4, 3], (false, 7_187, 2)),
        ("blocks that reach theirs", &within, [8, 7, 3], (true, 8_125, 0)),
        ("a strong block does not carry a weak one", &within, [6, 8, 8], (false, 8_750, 1)),
        ("eliminated", &floor, [8, 8, 3], (false, 8_437, 1)),
        ("not eliminated at the floor", &floor, [8, 8, 4], (true, 8_750, 0)),
    ];
    for (what, version, values, (passed, basis_points, shortfalls)) in cases {
        let found = grade(version, &marks(values)).expect(what);
        assert_eq!(
            (found.passed, found.basis_points, found.shortfalls.len()),
            (passed, basis_points, shortfalls),
            "{what}"
        );
    }
}

#[test]
fn marks_that_do_not_fit_are_refused() {
    let version = version();
    let mut missing = marks([1, 1, 1]);
    missing.remove(&c("c2"));
    assert_eq!(grade(&version, &missing).expect_err("c2"), Refusal::ScoreMissing { criterion: c("c2") });
    let mut other = marks([1, 1, 1]);
    other.insert(c("c9"), Mark(0));
    assert_eq!(grade(&version, &other).expect_err("c9"), Refusal::CriterionUnknown { criterion: c("c9") });
    let mut high = marks([1, 1, 1]);
    high.insert(c("c1"), Mark(450));
    assert!(matches!(grade(&version, &high), Err(Refusal::MarkOutside { .. })));
}

#[test]
fn rules_that_contradict_themselves_are_refused() {
    type Change = fn(&mut Version);
    let cases: [(Change, Refusal); 8] = [
        (|v| v.rubric.criteria.clear(), Refusal::RubricEmpty {}),
        (|v| v.rubric.scale.step = Mark(30), Refusal::ScaleUnfit {}),
        (|v| v.rubric.criteria.push(criterion("c1", 1)), Refusal::CriterionTwice { criterion: c("c1") }),
        (|v| v.rubric.criteria[0].weight = 0, Refusal::WeightZero { criterion: c("c1") }),
        (|v| v.rubric.criteria[0].floor = Some(Mark(10)), Refusal::MarkOutside { criterion: c("c1"), mark: Mark(10) }),
        (|v| v.pass_mark = 10_001, Refusal::PercentOutside { field: "pass_mark" }),
        (|v| v.jury.quorum = 4, Refusal::JuryRulesUnfit { field: "quorum" }),
        (|v| v.oral = Some(OralPlan { parts: Vec::new() }), Refusal::NotFilled { field: "oral" }),
    ];
    for (change, expected) in cases {
        let mut version = version();
        change(&mut version);
        assert_eq!(version.check().expect_err("unfit"), expected);
    }
}

proptest! {
    /// Nobody's result gets worse by a better mark, whatever the rules.
    #[test]
    fn a_better_mark_never_harms(values in [0..=8, 0..=8, 0..=8], which in 0..3usize, rule in 0..4, pass in 0..=10_000u32) {
        let compensation = [
            Compensation::Full,
            Compensation::WithinBlocks,
            Compensation::None { each: pass / 2 },
            Compensation::Bounded { below: pass, at_most: 1 },
        ][rule as usize];
        let version = blocks(Version { compensation, pass_mark: pass, ..version() });
        let before = grade(&version, &marks(values)).expect("a grade");
        let mut better = values;
        better[which] = (better[which] + 1).min(8);
        let after = grade(&version, &marks(better)).expect("a grade");
        prop_assert!(after.basis_points >= before.basis_points);
        prop_assert!(after.passed || !before.passed);
        prop_assert_eq!(before.passed, before.shortfalls.is_empty());
    }
}
