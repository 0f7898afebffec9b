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
    KindSchema {
        name: "app.covers",
        doc: "A test of the application joined with the component that it tests: the other location.",
        fields: &[
            text("framework", "The test framework."),
            text("component", "The directory of the component, empty for the root."),
        ],
    },
    KindSchema {
        name: "app.interface",
        doc: "The description of an interface in OpenAPI: a document, or a library of the code that makes one.",
        fields: &[
            text("form", "document or code."),
            text("version", "openapi 3.x or swagger 2.0 as written, or the library."),
            text("title", "Its title."),
            int("paths", "How many paths a document has."),
            int("schemas", "How many schemas a document has."),
            bool("samples", "Whether a document holds examples."),
            bool("scaffold", "Whether it is the sample of a generator."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "app.backup",
        doc: "Where a backup of data is written: by an object of a cluster or by a command.",
        fields: &[
            text("tool", "The operator or program."),
            text("storage", "object, or other."),
            text("destination", "The address or bucket as written; empty when it is hidden."),
            bool("independent", "Whether the storage is not served by the cluster or machine itself."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
];
