//! Facts of the git history.

use super::{KindSchema, bool, int, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "vcs.summary",
        doc: "The history as a whole; absent when the clone is shallow.",
        fields: &[
            int("commits", "How many commits lead to the assessed one, merges included."),
            int("days", "On how many distinct days they were authored."),
            int("authors", "How many distinct human authors, merged by mailmap, address and name; bots left out."),
            int("added_lines", "Lines added over all history in own text files."),
            int("largest_share", "Share of added lines that the largest commit holds, in percent, rounded up."),
            text("method", "exact, or bound when a long history was bounded instead of counted."),
        ],
    },
    KindSchema {
        name: "vcs.shallow",
        doc: "The clone lacks history: what needs it is unknown.",
        fields: &[text("reason", "Why, for people.")],
    },
    KindSchema {
        name: "vcs.author",
        doc: "A distinct author; its location is one of the commits.",
        fields: &[
            text("name", "The name, after mailmap."),
            int("commits", "How many commits."),
            bool("bot", "Whether it is a robot."),
        ],
    },
];
