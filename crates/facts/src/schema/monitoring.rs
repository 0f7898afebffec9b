//! Facts of the monitoring family.

use super::KindSchema;

pub(super) const KINDS: &[KindSchema] = &[];
