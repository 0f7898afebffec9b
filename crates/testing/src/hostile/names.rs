//! Names that mislead: climbing, spaces, marks, long, many.

use super::{Hostile, one};

pub(super) fn cases() -> Vec<Hostile> {
    let workflow = "on: push\njobs: {a: {runs-on: x, steps: [{run: make test}]}}\n";
    let odd = [
        "..",
        "../.gitlab-ci.yml",
        "/etc/passwd",
        "a//b",
        "./Dockerfile",
        "",
        "/",
        "\u{202e}Dockerfile",
        "a\nb.yml",
        "Docker file",
        "'\"`$(x).sh",
        "-rf",
        "*.yml",
        "con",
        "a\\..\\b.tf",
        ".",
        "é/README.md",
        "\t",
    ];
    let long = format!("{}README.md", "a/".repeat(2_000));
    vec![
        Hostile::new("names of all kinds", odd.map(|name| (name, "a: b\n"))),
        Hostile::new("names of all kinds as scripts", odd.map(|name| (name, "#!/bin/sh\nmake\n"))),
        one("a path of 2,000 folders", &long, "# A\n"),
        one("a name of 100,000 letters", &format!("{}.yml", "a".repeat(100_000)), "a: b\n"),
        one("a workflow in another folder", "x/.github/workflows/ci.yml", workflow),
        one("a workflow in a vendored folder", "node_modules/a/.github/workflows/ci.yml", workflow)
            .facts("ci.pipeline", 0),
        Hostile::new("10,000 files", (0..10_000).map(|n| (format!("d{}/f{n}.yaml", n % 100), "a: b\n"))),
        Hostile::new("3,000 Dockerfiles", (0..3_000).map(|n| (format!("d{n}/Dockerfile"), "FROM alpine:3\n")))
            .at_least("iac.code", 0),
        Hostile::new("2,000 read mes", (0..2_000).map(|n| (format!("d{n}/README.md"), "# A\n\nText [l](../x).\n")))
            .at_least("doc.file", 1),
        Hostile::new(
            "500 charts",
            (0..500).flat_map(|n| {
                [
                    (format!("c{n}/Chart.yaml"), "name: a\nversion: 1\n"),
                    (format!("c{n}/templates/a.yaml"), "a: {{ .Values.b }}\n"),
                ]
            }),
        ),
        Hostile::new("500 workflows", (0..500).map(|n| (format!(".github/workflows/w{n}.yml"), workflow)))
            .at_least("ci.pipeline", 100),
        Hostile::new(
            "a folder and a file of one name",
            [
                ("a", "x"),
                ("a/b", "y"),
                ("Dockerfile/Dockerfile", "FROM x\n"),
                ("Dockerfile", "FROM y\n"),
                ("chart/Chart.yaml/Chart.yaml", "name: a\n"),
            ],
        ),
        Hostile::new("the same path twice", [("Dockerfile", "FROM x\n"), ("Dockerfile", "FROM y\n")]),
        Hostile::new(
            "names that differ by case",
            [
                ("README.md", "# A\n"),
                ("readme.md", "# B\n"),
                ("ReadMe.MD", "# C\n"),
                ("DOCKERFILE", "FROM x\n"),
                ("dockerfile", "FROM y\n"),
            ],
        )
        .at_least("doc.file", 1),
    ]
}
