//! Facts of the secret family.

use super::KindSchema;

pub(super) const KINDS: &[KindSchema] = &[];
