//! Facts of the git history and of what is tracked.

use super::{KindSchema, bool, int, list, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "vcs.summary",
        doc: "The history as a whole; absent when the clone is shallow.",
        fields: &[
            int("commits", "How many commits lead to the assessed one, merges included."),
            int("days", "On how many distinct days they were authored."),
            text("first_day", "The first of these days, as year-month-day."),
            text("last_day", "The last of these days, as year-month-day."),
            int("authors", "How many distinct human authors, merged by mailmap, address and name; bots left out."),
            int("merges", "How many commits have several parents."),
            int("requests", "How many commits integrate a pull or merge request."),
            int(
                "added_lines",
                "Lines added over all history in own text files; of a bounded history the lines at its samples.",
            ),
            int("largest_share", "Share of added lines that the largest commit holds, in percent, rounded up."),
            bool("share_known", "Whether that share, or a bound that it stays under, is known."),
            text("method", "exact, or bound when a long history was sampled instead of counted."),
        ],
    },
    KindSchema {
        name: "vcs.shallow",
        doc: "The repository lacks history: what needs it is unknown.",
        fields: &[text("reason", "Why, for people.")],
    },
    KindSchema {
        name: "vcs.author",
        doc: "A distinct author or co-author; its location is one of the commits.",
        fields: &[
            text("name", "The name, after mailmap."),
            int("commits", "How many commits."),
            bool("bot", "Whether it is a robot."),
        ],
    },
    KindSchema {
        name: "vcs.request",
        doc: "A commit that integrates a pull or merge request; of many, the newest are told.",
        fields: &[
            text(
                "how",
                "merge, squash, branch (a merge that names the branch alone) or review (a trailer of a review tool).",
            ),
            text("reference", "Its number or branch."),
        ],
    },
    KindSchema {
        name: "vcs.review-rule",
        doc: "A file that organises review.",
        fields: &[
            text("what", "codeowners or template."),
            int("rules", "How many owners lines it has, for codeowners."),
        ],
    },
    KindSchema {
        name: "vcs.tag",
        doc: "A tag whose commit belongs to the assessed history; of many, the newest are told.",
        fields: &[
            text("name", "The name."),
            bool("version", "Whether the name is a semantic version, with or without a prefix."),
            bool("annotated", "Whether it is an object of its own."),
        ],
    },
    KindSchema {
        name: "vcs.changelog",
        doc: "A file that tells what changed, version by version.",
        fields: &[
            int("versions", "How many versions or dated entries it has."),
            list("names", "The first of these versions."),
        ],
    },
    KindSchema {
        name: "vcs.unwanted",
        doc: "Tracked files that do not belong in a repository; one fact for each kind and directory.",
        fields: &[
            text(
                "what",
                "dependencies, build-output, state, editor, system, binary, ignored, or ignored-environment (an environment file that .gitignore matches).",
            ),
            int("files", "How many files."),
            text("reason", "Why, for people."),
        ],
    },
];
