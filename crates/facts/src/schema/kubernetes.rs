//! Facts of the kubernetes family.

use super::KindSchema;

pub(super) const KINDS: &[KindSchema] = &[];
