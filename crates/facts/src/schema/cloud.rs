//! Facts of the cloud family.

use super::KindSchema;

pub(super) const KINDS: &[KindSchema] = &[];
