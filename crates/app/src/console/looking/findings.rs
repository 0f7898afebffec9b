//! From indicators to criteria: on which rung each criterion of a title stands, and the mark that this suggests.

use std::collections::BTreeMap;

use framework::Rung;
use programme::{Criterion, CriterionId, Finding, Mark, Scale, Version};

use super::kept::{Looked, LookedIndicator};

/// What a run prepares for the jury, by criterion.
///
/// A criterion stands where the weakest of its indicators stands; one that names none is shown by those of its
/// competence. The suggested mark is the share of the way to the required rungs, rounded down to the scale; none is
/// suggested where something could not be read, since unknown is not failed.
pub fn findings(version: &Version, looked: &Looked) -> BTreeMap<CriterionId, Finding> {
    let Some(framework) = looked.framework(&version.framework.id) else { return BTreeMap::new() };
    let found = version.rubric.criteria.iter().filter_map(|criterion| {
        let shown = shown_by(criterion, &framework.indicators);
        let rung = shown.iter().map(|one| one.rung).min()?;
        let mark = suggested(&shown, version.rubric.scale);
        Some((criterion.id.clone(), Finding { rung: rung.name().to_owned(), mark }))
    });
    found.collect()
}

/// The indicators that show a criterion.
pub fn shown_by<'a>(criterion: &Criterion, all: &'a [LookedIndicator]) -> Vec<&'a LookedIndicator> {
    let applies = all.iter().filter(|one| one.status != "not-applicable");
    if criterion.indicators.is_empty() {
        let block = criterion.block.as_deref().unwrap_or_default();
        applies.filter(|one| one.competence == block).collect()
    } else {
        applies.filter(|one| criterion.indicators.contains(&one.id)).collect()
    }
}

fn suggested(shown: &[&LookedIndicator], scale: Scale) -> Option<Mark> {
    if shown.iter().any(|one| one.status == "unknown") {
        return None;
    }
    // In hundredths of the way, so that marks stay exact.
    let way = |one: &&LookedIndicator| match (one.rung, one.required) {
        _ if one.status == "waived" => 100,
        (rung, required) if rung >= required || required == Rung::Missing => 100,
        (rung, required) => 100 * rung as i64 / required as i64,
    };
    let count = i64::try_from(shown.len()).ok().filter(|count| *count > 0)?;
    let share: i64 = shown.iter().map(way).sum::<i64>() / count;
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
            let shown: Vec<&LookedIndicator> = all.iter().collect();
            assert_eq!(suggested(&shown, scale), expected.map(Mark::points), "{all:?}");
        }
    }

    #[test]
    fn a_criterion_without_indicators_is_shown_by_its_competence() {
        let all = [
            one("C1.in1", Rung::Present, Rung::Present, "reached"),
            one("C1.in2", Rung::Present, Rung::Missing, "not-applicable"),
        ];
        let criterion = |block: &str, indicators: &[&str]| Criterion {
            id: CriterionId("x".to_owned()),
            title: Both { fr: String::new(), en: String::new() },
            weight: 1,
            block: Some(block.to_owned()),
            floor: None,
            indicators: indicators.iter().map(|id| (*id).to_owned()).collect(),
        };
        let ids =
            |criterion: &Criterion| shown_by(criterion, &all).iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&criterion("C1", &[])), ["C1.in1"], "what does not apply shows nothing");
        assert_eq!(ids(&criterion("C2", &[])), Vec::<String>::new());
        assert_eq!(ids(&criterion("C2", &["C1.in1"])), ["C1.in1"]);
    }
}
