//! Three-valued conditions: what the conditions of all engines have in common.

/// Whether a condition holds; often nobody can say without running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Maybe,
}

impl Answer {
    /// One certain yes settles it; two certain noes do too.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Answer::Yes, _) | (_, Answer::Yes) => Answer::Yes,
            (Answer::No, Answer::No) => Answer::No,
            _ => Answer::Maybe,
        }
    }

    /// One certain no settles it; two certain yeses do too.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Answer::No, _) | (_, Answer::No) => Answer::No,
            (Answer::Yes, Answer::Yes) => Answer::Yes,
            _ => Answer::Maybe,
        }
    }
}
