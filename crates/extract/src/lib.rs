//! Repository to facts: the only room that knows git and file formats.
