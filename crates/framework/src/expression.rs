//! Which checks must be met together for an indicator to be present.

use serde::{Deserialize, Serialize};

use crate::id::Id;

/// A combination of checks. There is no negation on purpose: a check is worded so that *met* is
/// the good answer, and absence of knowledge must never turn into presence.
///
/// ```yaml
/// all_of:
///   - check: ci.pipeline
///   - any_of: [{ check: ci.build }, { check: ci.artifact }]
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoolExpr {
    /// This check is met.
    Check(Id),
    /// Every operand holds.
    AllOf(Vec<BoolExpr>),
    /// At least one operand holds.
    AnyOf(Vec<BoolExpr>),
}

impl BoolExpr {
    /// The identifiers of the checks it names, in the order written, with repetitions.
    pub fn checks(&self) -> Vec<&Id> {
        match self {
            BoolExpr::Check(id) => vec![id],
            BoolExpr::AllOf(operands) | BoolExpr::AnyOf(operands) => {
                operands.iter().flat_map(BoolExpr::checks).collect()
            }
        }
    }

    /// Whether some `all_of` or `any_of` has no operand, which would hold or fail by accident.
    pub fn has_empty_group(&self) -> bool {
        match self {
            BoolExpr::Check(_) => false,
            BoolExpr::AllOf(operands) | BoolExpr::AnyOf(operands) => {
                operands.is_empty() || operands.iter().any(BoolExpr::has_empty_group)
            }
        }
    }
}
