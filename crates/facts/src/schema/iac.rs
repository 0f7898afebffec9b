//! Facts of the iac family.

use super::KindSchema;

pub(super) const KINDS: &[KindSchema] = &[];
