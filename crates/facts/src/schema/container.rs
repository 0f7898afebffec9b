//! Facts of the container family.

use super::KindSchema;

pub(super) const KINDS: &[KindSchema] = &[];
