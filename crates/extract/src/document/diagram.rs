//! Diagrams: written in a notation, drawn with characters, or images that say what they show.

use crate::{Project, Sink};

use super::doc::Doc;

/// Reports diagrams.
pub(crate) fn run(_project: &Project, _docs: &[Doc<'_>], _sink: &mut Sink) {}
