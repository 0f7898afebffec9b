//! Facts of the document family: what people wrote down for other people.

use super::{KindSchema, bool, int, list, text};

pub(super) const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "doc.file",
        doc: "A document for people: Markdown, AsciiDoc, reStructuredText, Org or plain text.",
        fields: &[
            text("format", "markdown, asciidoc, rst, org, text, licence or codeowners."),
            text(
                "role",
                "readme, report, decision, changelog, contributing, security, licence, owners, watch or other.",
            ),
            text("title", "Its title, empty when it has none."),
            int("words", "How many words of prose, items and tables it holds."),
            bool("root", "Whether it is the README of the repository as a whole, or lies at its root."),
            bool("assignment", "Whether it is the subject that was given to the authors, not their own text."),
            bool("template", "Whether it is the untouched text of a generator."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "doc.section",
        doc: "A section of a document, from its heading to the next one.",
        fields: &[
            text("heading", "Its heading as written."),
            list("trail", "The headings above it and its own, outermost first."),
            int("level", "Its level; 0 is the text before the first heading."),
            int("words", "Words of its own text, its sub-sections left out."),
            list(
                "topics",
                "What its heading announces: overview, install, start, develop, deploy, usage, api, prerequisites, configuration, test, structure, architecture, decision, problem, constraints, stages, integration, delivery, quality, results, difficulties, watch, monitoring, security, references, future, contents, licence.",
            ),
            text("role", "The role of its document, as for doc.file."),
            bool("root", "As for doc.file."),
            bool("assignment", "As for doc.file."),
            bool("template", "Whether it is untouched text of a generator."),
        ],
    },
    KindSchema {
        name: "doc.code",
        doc: "A block of code in a document.",
        fields: &[
            text("language", "The language that it names, in lower case; empty when it names none."),
            list("commands", "Its command lines, prompts and comments left out."),
            list("trail", "The headings above it, outermost first."),
            list("topics", "The topics of the headings above it."),
            int("lines", "How many lines it has."),
            text("role", "The role of its document, as for doc.file."),
            bool("root", "As for doc.file."),
            bool("assignment", "As for doc.file."),
            bool("template", "Whether it is untouched text of a generator."),
        ],
    },
    KindSchema {
        name: "doc.command",
        doc: "One command line that a document tells people to run; its location is that line.",
        fields: &[
            text("command", "The command line, without its prompt."),
            text("tool", "The program that it runs, sudo and variables left out."),
            text("does", "What it is for: clone, setup, install, build, start, deploy, request, test, stop or other."),
            list("trail", "The headings above it, outermost first."),
            list("topics", "The topics of the headings above it."),
            text("role", "The role of its document, as for doc.file."),
            bool("inline", "Whether it stands inside a sentence."),
            bool("root", "As for doc.file."),
            bool("assignment", "As for doc.file."),
            bool("template", "Whether it is untouched text of a generator."),
        ],
    },
    KindSchema {
        name: "doc.link",
        doc: "A link of a document.",
        fields: &[
            text("target", "Where it leads, as written."),
            text("text", "Its text."),
            bool("local", "Whether it leads into the repository."),
            bool("exists", "Whether that file or directory exists; true for links that leave the repository."),
            text("file", "The file or directory of the repository that it leads to."),
        ],
    },
    KindSchema {
        name: "doc.image",
        doc: "An image of a document.",
        fields: &[
            text("target", "Where it is, as written."),
            text("alt", "Its alternative text."),
            bool("local", "Whether it lies in the repository."),
            bool("exists", "Whether it is there; true for images elsewhere."),
            list("topics", "The topics of the headings above it."),
        ],
    },
    KindSchema {
        name: "doc.diagram",
        doc: "A diagram, drawn or written.",
        fields: &[
            text(
                "notation",
                "mermaid, plantuml, graphviz, d2, structurizr, drawio, excalidraw, diagrams, ascii, image or prose (components and links in words or a table).",
            ),
            text("shows", "architecture, sequence, flow, data, tree, schedule or other."),
            bool("architecture", "Whether it shows components of the project and their links."),
            int("components", "How many components it names, where they can be counted."),
            int("links", "How many links between them, where they can be counted."),
            bool("assignment", "As for doc.file."),
            bool("example", "Whether it stands among examples, tests or fixtures."),
        ],
    },
    KindSchema {
        name: "doc.part",
        doc: "A part that a README owes its readers, found in it or in a document that it links to.",
        fields: &[
            text("part", "what (the purpose), run (how to start it) or use (what to do with it)."),
            text("form", "prose, commands, endpoints, example or list."),
            bool("linked", "Whether it stands in a document that the README links to."),
            bool("template", "Whether it is untouched text of a generator."),
        ],
    },
    KindSchema {
        name: "doc.decision",
        doc: "A choice that a document explains.",
        fields: &[
            text("form", "adr, section, table or sentence."),
            text("title", "What it is about."),
            text("status", "The status of a decision record, in lower case, where it states one."),
            bool("reason", "Whether it gives a reason."),
            bool("alternative", "Whether it names an alternative."),
            bool("assignment", "As for doc.file."),
        ],
    },
    KindSchema {
        name: "doc.report",
        doc: "A document that covers at least half of what a project report covers.",
        fields: &[
            list(
                "covers",
                "problem, constraints, stages, choices, results and problems as expected and actual ones: those that it has.",
            ),
            list("missing", "Those that it lacks."),
            bool("complete", "Whether none is missing and there is text enough."),
            int("words", "How many words it holds."),
        ],
    },
    KindSchema {
        name: "watch.source",
        doc: "A source of the technology watch.",
        fields: &[
            text("form", "opml, configuration, table, list or prose."),
            text("source", "The source."),
            text("channel", "How it is read: feed, newsletter, podcast …; empty when it is not said."),
            text("frequency", "How often; empty when it is not said."),
        ],
    },
];
