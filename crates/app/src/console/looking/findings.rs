//! From indicators to criteria: on which rung each criterion of a title stands, and the mark that this suggests.

use std::collections::BTreeMap;

use framework::Rung;
use programme::{Criterion, CriterionId, Finding, Mark, Scale, Version};

use super::kept::{Looked, LookedCheck, LookedIndicator};

/// What shows a criterion: indicators, checks, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown<'a> {
    pub indicators: Vec<&'a LookedIndicator>,
    pub checks: Vec<&'a LookedCheck>,
}

/// What a run prepares for the jury, by criterion.
///
/// A criterion stands where the weakest of what shows it stands: an indicator on its rung, a check on *present* when it is
/// met. The suggested mark is the share of the way to what is required, rounded down to the scale; none is suggested
/// where something could not be read, since unknown is not failed.
pub fn findings(version: &Version, looked: &Looked) -> BTreeMap<CriterionId, Finding> {
    let found = version.rubric.criteria.iter().filter_map(|criterion| {
        let shown = shown_by(criterion, looked, &version.framework.id);
        let indicators = shown.indicators.iter().map(|one| one.rung);
        let checks = shown.checks.iter().map(|one| stands(one, looked, &version.framework.id));
        let rung = indicators.chain(checks).min()?;
        let mark = suggested(&shown, version.rubric.scale);
        Some((criterion.id.clone(), Finding { rung: rung.name().to_owned(), mark }))
    });
    found.collect()
}

/// Where a check stands: on *present* when it is met, and as high as an indicator that rests on it and is proven.
fn stands(check: &LookedCheck, looked: &Looked, framework: &str) -> Rung {
    if check.outcome != "met" {
        return Rung::Missing;
    }
    let rests = |one: &&LookedIndicator| one.evidence.iter().any(|excerpt| excerpt.check == check.id);
    let all = looked.framework(framework).map_or(&[][..], |framework| &framework.indicators);
    all.iter().filter(rests).map(|one| one.rung).fold(Rung::Present, Rung::max)
}

/// What a criterion names, or else the indicators of its competence; what does not apply shows nothing.
pub fn shown_by<'a>(criterion: &Criterion, looked: &'a Looked, framework: &str) -> Shown<'a> {
    let all = looked.framework(framework).map_or(&[][..], |framework| &framework.indicators);
    let applies = all.iter().filter(|one| one.status != "not-applicable");
    if criterion.indicators.is_empty() {
        let block = criterion.block.as_deref().unwrap_or_default();
        return Shown { indicators: applies.filter(|one| one.competence == block).collect(), checks: Vec::new() };
    }
    let checks = criterion.indicators.iter().filter_map(|id| looked.check(id));
    Shown {
        indicators: applies.filter(|one| criterion.indicators.contains(&one.id)).collect(),
        checks: checks.filter(|one| one.outcome != "not-applicable").collect(),
    }
}

fn suggested(shown: &Shown<'_>, scale: Scale) -> Option<Mark> {
    let unknown = shown.indicators.iter().any(|one| one.status == "unknown");
    if unknown || shown.checks.iter().any(|one| one.outcome == "unknown") {
        return None;
    }
    // In hundredths of the way, so that marks stay exact.
    let way = |one: &&LookedIndicator| match (one.rung, one.required) {
        _ if one.status == "waived" => 100,
        (rung, required) if rung >= required || required == Rung::Missing => 100,
        (rung, required) => 100 * rung as i64 / required as i64,
    };
    let checks = shown.checks.iter().map(|one| if one.outcome == "met" { 100 } else { 0 });
    let ways: Vec<i64> = shown.indicators.iter().map(way).chain(checks).collect();
    let count = i64::try_from(ways.len()).ok().filter(|count| *count > 0)?;
    let share: i64 = ways.iter().sum::<i64>() / count;
    let (min, max, step) = (i64::from(scale.min.0), i64::from(scale.max.0), i64::from(scale.step.0.max(1)));
    let above = (max - min) * share / 100 / step * step;
    i32::try_from(min + above).ok().map(Mark)
}

#[cfg(test)]
mod tests {
    use programme::Words as Both;

    use super::*;

    fn one(id: &str, required: Rung, rung: Rung, status: &str) -> LookedIndicator {
        let none = Both { fr: String::new(), en: String::new() };
        LookedIndicator {
            id: id.to_owned(),
            competence: "C1".to_owned(),
            title: none.clone(),
            required,
            rung,
            status: status.to_owned(),
            evidence: Vec::new(),
            proofs: Vec::new(),
            lacking: Vec::new(),
            unknown: Vec::new(),
            advice: none,
        }
    }

    #[test]
    fn a_criterion_stands_on_its_weakest_indicator_and_unknown_is_not_failed() {
        let scale = Scale { min: Mark::points(0), max: Mark::points(5), step: Mark::points(1) };
        let (missing, present, proven) = (Rung::Missing, Rung::Present, Rung::Proven);
        for (all, expected) in [
            (vec![one("a", present, present, "reached")], Some(5)),
            (vec![one("a", present, missing, "below")], Some(0)),
            (vec![one("a", proven, present, "open")], Some(2)),
            (vec![one("a", present, present, "reached"), one("b", present, missing, "below")], Some(2)),
            (vec![one("a", present, missing, "waived")], Some(5)),
            (vec![one("a", present, present, "reached"), one("b", present, missing, "unknown")], None),
            (Vec::new(), None),
        ] {
            let shown = Shown { indicators: all.iter().collect(), checks: Vec::new() };
            assert_eq!(suggested(&shown, scale), expected.map(Mark::points), "{all:?}");
        }
    }

    fn check(id: &str, outcome: &str) -> LookedCheck {
        let none = Both { fr: String::new(), en: String::new() };
        let (id, outcome) = (id.to_owned(), outcome.to_owned());
        LookedCheck { id, outcome, question: none.clone(), note: none, evidence: Vec::new() }
    }

    #[test]
    fn a_criterion_is_shown_by_what_it_names_or_by_its_competence() {
        let mut looked = Looked::empty("j", "https://git.example/a", "c0", jiff::civil::Date::constant(2026, 1, 1));
        let indicators = vec![
            one("C1.in1", Rung::Present, Rung::Present, "reached"),
            one("C1.in2", Rung::Present, Rung::Missing, "not-applicable"),
        ];
        let framework = super::super::kept::LookedFramework { id: "f".to_owned(), version: "1".to_owned(), indicators };
        looked.frameworks.push(framework);
        looked.checks = vec![check("a.b", "met"), check("a.c", "not-met"), check("a.d", "not-applicable")];
        let criterion = |block: &str, indicators: &[&str]| Criterion {
            id: CriterionId("x".to_owned()),
            title: Both { fr: String::new(), en: String::new() },
            weight: 1,
            block: Some(block.to_owned()),
            floor: None,
            indicators: indicators.iter().map(|id| (*id).to_owned()).collect(),
        };
        let scale = Scale { min: Mark::points(0), max: Mark::points(5), step: Mark::points(1) };
        for (criterion, ids, mark) in [
            (criterion("C1", &[]), vec!["C1.in1"], Some(5)),
            (criterion("C2", &[]), vec![], None),
            (criterion("C2", &["C1.in1"]), vec!["C1.in1"], Some(5)),
            (criterion("C1", &["a.b", "a.c"]), vec!["a.b", "a.c"], Some(2)),
            (criterion("C1", &["a.b", "a.d"]), vec!["a.b"], Some(5)),
            (criterion("C1", &["C1.in1", "a.c"]), vec!["C1.in1", "a.c"], Some(2)),
        ] {
            let shown = shown_by(&criterion, &looked, "f");
            let indicators = shown.indicators.iter().map(|one| &one.id);
            let found: Vec<&String> = indicators.chain(shown.checks.iter().map(|one| &one.id)).collect();
            assert_eq!(found, ids, "{criterion:?}");
            assert_eq!(suggested(&shown, scale), mark.map(Mark::points), "{criterion:?}");
        }
    }
}
