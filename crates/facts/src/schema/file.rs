//! Facts about files as such.

use super::{KindSchema, bool, int, text};

pub(super) const KINDS: &[KindSchema] = &[KindSchema {
    name: "file.unread",
    doc: "A file, or a part of it, that could not be read: what it holds is unknown.",
    fields: &[
        text("reason", "What was wrong, for people."),
        text(
            "area",
            "What it would have told about: ci, container, kubernetes, helm, iac, ansible, monitoring, document, app, secret, vcs, other.",
        ),
        bool("example", "Whether the path is one of an example, a test or a debugging aid."),
        bool("rejected", "Whether the tool that reads this file would reject it too (invalid YAML, HCL, JSON)."),
        bool("missing", "Whether the repository does not hold the content, as in a partial clone."),
        int("count", "How many places of the file it stands for, where they are counted."),
    ],
}];
