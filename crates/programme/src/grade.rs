//! From agreed marks to a result: exact arithmetic on whole numbers, so that anybody recomputes the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Compensation, Criterion, CriterionId, Mark, Refusal, Scale, Version};

/// What marks come to under one version of a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    pub passed: bool,
    /// The weighted share of all points, in hundredths of a percent, rounded down.
    pub basis_points: u32,
    /// The same for each block.
    pub blocks: BTreeMap<String, u32>,
    /// Everything that stands against passing.
    pub shortfalls: Vec<Shortfall>,
}

/// A rule of the title that was not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum Shortfall {
    BelowPassMark { basis_points: u32, needed: u32 },
    Eliminated { criterion: CriterionId, mark: Mark, floor: Mark },
    BlockBelow { block: String, basis_points: u32, needed: u32 },
    CriterionBelow { criterion: CriterionId, needed: u32 },
    TooManyBelow { count: u32, at_most: u32 },
}

/// Weighted points won, out of those there are.
#[derive(Clone, Copy, Default)]
struct Share {
    won: i128,
    all: i128,
}

impl Share {
    fn add(&mut self, scale: Scale, criterion: &Criterion, mark: Mark) {
        let weight = i128::from(criterion.weight);
        self.won += weight * i128::from(mark.0 - scale.min.0);
        self.all += weight * i128::from(scale.max.0 - scale.min.0);
    }

    fn reaches(self, needed: u32) -> bool {
        self.won * 10_000 >= self.all * i128::from(needed)
    }

    fn basis_points(self) -> u32 {
        if self.all == 0 { 0 } else { u32::try_from(self.won * 10_000 / self.all).unwrap_or(0) }
    }
}

/// Computes the result of agreed marks.
///
/// # Errors
/// When a criterion has no mark, or one that the scale does not have, or a mark is for no criterion.
pub fn grade(version: &Version, marks: &BTreeMap<CriterionId, Mark>) -> Result<Grade, Refusal> {
    let scale = version.rubric.scale;
    if let Some(unknown) = marks.keys().find(|id| version.rubric.criterion(id).is_none()) {
        return Err(Refusal::CriterionUnknown { criterion: unknown.clone() });
    }
    let mut total = Share::default();
    let mut blocks: BTreeMap<String, Share> = BTreeMap::new();
    let mut shortfalls = Vec::new();
    let mut below = Vec::new();
    for criterion in &version.rubric.criteria {
        let id = criterion.id.clone();
        let mark = *marks.get(&id).ok_or_else(|| Refusal::ScoreMissing { criterion: id.clone() })?;
        if !scale.has(mark) {
            return Err(Refusal::MarkOutside { criterion: id, mark });
        }
        total.add(scale, criterion, mark);
        if let Some(block) = &criterion.block {
            blocks.entry(block.clone()).or_default().add(scale, criterion, mark);
        }
        if let Some(floor) = criterion.floor.filter(|floor| mark < *floor) {
            shortfalls.push(Shortfall::Eliminated { criterion: id.clone(), mark, floor });
        }
        let mut alone = Share::default();
        alone.add(scale, criterion, mark);
        below.push((id, alone));
    }
    if !total.reaches(version.pass_mark) {
        let needed = version.pass_mark;
        shortfalls.push(Shortfall::BelowPassMark { basis_points: total.basis_points(), needed });
    }
    compensate(version, &blocks, below, &mut shortfalls);
    let blocks = blocks.into_iter().map(|(block, share)| (block, share.basis_points())).collect();
    Ok(Grade { passed: shortfalls.is_empty(), basis_points: total.basis_points(), blocks, shortfalls })
}

fn compensate(
    version: &Version,
    blocks: &BTreeMap<String, Share>,
    criteria: Vec<(CriterionId, Share)>,
    shortfalls: &mut Vec<Shortfall>,
) {
    match version.compensation {
        Compensation::Full => {}
        Compensation::WithinBlocks => {
            for block in &version.rubric.blocks {
                let needed = block.pass_mark.unwrap_or(version.pass_mark);
                if let Some(share) = blocks.get(&block.id).filter(|share| !share.reaches(needed)) {
                    let basis_points = share.basis_points();
                    shortfalls.push(Shortfall::BlockBelow { block: block.id.clone(), basis_points, needed });
                }
            }
        }
        Compensation::None { each } => {
            let short = criteria.into_iter().filter(|(_, share)| !share.reaches(each));
            shortfalls.extend(short.map(|(criterion, _)| Shortfall::CriterionBelow { criterion, needed: each }));
        }
        Compensation::Bounded { below, at_most } => {
            let count = criteria.iter().filter(|(_, share)| !share.reaches(below)).count();
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            if count > at_most {
                shortfalls.push(Shortfall::TooManyBelow { count, at_most });
            }
        }
    }
}
