//! The next actions that bring a candidate furthest.

use std::collections::BTreeMap;

use crate::ladder::{Standing, Status};

/// A check worth meeting next, and the indicators that it brings closer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action<'a> {
    pub check: &'a str,
    /// The indicators that lack it, in order.
    pub indicators: Vec<&'a str>,
}

/// All checks that some indicator lacks, best first: what completes an indicator alone counts most.
pub fn actions<'a>(standings: &[&Standing<'a>]) -> Vec<Action<'a>> {
    let mut gains: BTreeMap<&str, (u64, Vec<&str>)> = BTreeMap::new();
    for standing in standings.iter().filter(|standing| standing.status == Status::Below) {
        // A share of one indicator, in thousandths, so that no floating point decides an order.
        let share = 1_000 / u64::try_from(standing.lacking.len().max(1)).unwrap_or(1_000);
        for check in &standing.lacking {
            let gain = gains.entry(check).or_default();
            gain.0 += share;
            if !gain.1.contains(&&*standing.indicator.id) {
                gain.1.push(&standing.indicator.id);
            }
        }
    }
    let mut ranked: Vec<(&str, (u64, Vec<&str>))> = gains.into_iter().collect();
    ranked.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(b.0)));
    ranked.into_iter().map(|(check, (_, indicators))| Action { check, indicators }).collect()
}
