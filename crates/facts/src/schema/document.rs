//! Facts of the document family.

use super::KindSchema;

pub(super) const KINDS: &[KindSchema] = &[];
