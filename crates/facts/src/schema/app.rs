//! The application: the code that the project itself builds.

use super::{KindSchema, bool, int, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "project.shape",
        doc: "What the repository is as a whole; exactly one such fact.",
        fields: &[
            text(
                "shape",
                "application, infrastructure (deploys workloads that it does not build), library, role, module, chart, documents or empty.",
            ),
            bool("builds_application", "Whether the repository holds application code that it builds."),
            bool("reusable_unit", "Whether it is a library, role, module or chart that deploys nothing by itself."),
            bool("deploys", "Whether it describes how workloads are deployed."),
        ],
    },
    KindSchema {
        name: "app.component",
        doc: "A directory of application code that the project builds, with its package definition.",
        fields: &[
            text("name", "Its name."),
            text("dir", "Its directory, empty for the root."),
            text(
                "language",
                "go, java, javascript, typescript, python, ruby, php, rust, csharp, c, cpp, scala, kotlin, elixir or other.",
            ),
            text(
                "manager",
                "The package manager: npm, yarn, pnpm, pip, poetry, uv, go, maven, gradle, cargo, composer, bundler, nuget or other.",
            ),
            bool("locked", "Whether its packages are pinned by a lock file or by exact requirements."),
            text("lock", "The path of the lock, when there is one."),
            bool("dependencies", "Whether it declares any dependency at all."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
            bool("tooling", "Whether it serves the repository itself: a documentation site, scripts, tools."),
            bool("library", "Whether other projects import it: it has no entry point of its own."),
        ],
    },
    KindSchema {
        name: "app.test",
        doc: "A file with automated tests of the application.",
        fields: &[
            text("framework", "The test framework."),
            text("language", "The language of the file."),
            int("assertions", "How many assertions or expected statuses it holds."),
            bool("generated", "Whether it is the untouched sample of a generator."),
            bool("infrastructure", "Whether it tests infrastructure rather than the application."),
        ],
    },
];
