//! Bytes that are no text, or text of an uncommon kind, in the files that every reader looks for.

use super::{Hostile, one};

const KNOWN: [(&str, &str); 9] = [
    (".gitlab-ci.yml", "ci"),
    (".github/workflows/ci.yml", "ci"),
    ("Jenkinsfile", "ci"),
    ("Dockerfile", "container"),
    ("compose.yaml", "container"),
    ("main.tf", "iac"),
    ("README.md", "document"),
    ("roles/a/tasks/main.yml", "ansible"),
    (".env", "secret"),
];

pub(super) fn cases() -> Vec<Hostile> {
    let mut cases = Vec::new();
    for (path, area) in KNOWN {
        // One line of a hundred megabytes, and one that is just too long for a line.
        cases.push(one(&format!("100 MB in one line: {path}"), path, vec![b'x'; 100_000_000]).unread(area));
        cases.push(one(&format!("a line over the limit: {path}"), path, vec![b'a'; 300_000]).unread(area));
        cases.push(one(&format!("NUL bytes: {path}"), path, b"a: b\0c\n".to_vec()).unread(area));
    }
    let workflow = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make test\n";
    let flow = ".github/workflows/ci.yml";
    cases.push(one("byte order mark", flow, format!("\u{feff}{workflow}")).facts("ci.job", 1).read("ci"));
    cases.push(one("carriage returns", flow, workflow.replace('\n', "\r\n")).facts("ci.job", 1).read("ci"));
    cases.push(one("old Mac line ends", flow, workflow.replace('\n', "\r")));
    cases.push(one("UTF-16 workflow", flow, utf16(workflow)).unread("ci"));
    cases.push(one("UTF-16 read me", "README.md", utf16("# A\n\nText.\n")).unread("document"));
    let mut broken = workflow.as_bytes().to_vec();
    broken.extend_from_slice(b"      - run: echo \xff\xfe\xc3\x28\xf0\x9f\n");
    cases.push(one("broken UTF-8 in a workflow", flow, broken).facts("ci.job", 1));
    cases.push(
        one("broken UTF-8 in a Dockerfile", "Dockerfile", b"FROM alpine:3\nRUN echo \xe9\xff\nUSER 1\n".to_vec())
            .facts("container.image", 1),
    );
    cases.push(
        one(
            "Latin-1 read me",
            "README.md",
            b"# Pr\xe9sentation\n\nUn service.\n\n## Installation\n\n    make\n".to_vec(),
        )
        .at_least("doc.section", 2),
    );
    cases.push(one("every byte, in every format at once", "x.bin", (0..=255_u8).collect::<Vec<_>>()));
    let all: Vec<u8> = (1..=255_u8).cycle().take(10_000).collect();
    cases.push(Hostile::new("bytes without NUL in known files", KNOWN.map(|(path, _)| (path, all.clone()))));
    cases.push(Hostile::new("empty known files", KNOWN.map(|(path, _)| (path, ""))).facts("ci.job", 0));
    cases.push(Hostile::new("white space in known files", KNOWN.map(|(path, _)| (path, " \t\r\n".repeat(2_000)))));
    let odd = "\u{202e}\u{200b}\u{0}".replace('\0', "\u{85}");
    cases.push(one("direction marks in a pipeline", ".gitlab-ci.yml", format!("{odd}a:\n  script: make {odd}\n")));
    cases.push(one("a two megabyte file of short lines", "app.py", "x = 1\n".repeat(330_000)));
    cases.push(one("tabs before keys", ".gitlab-ci.yml", "a:\n\tscript: x\n").unread("ci"));
    cases
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}
