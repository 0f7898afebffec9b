//! Faults that are planned from small trees.

use std::collections::BTreeMap;

use expect_test::expect;
use facts::Facts;

use super::Environment;
use super::dependencies::used;
use crate::Declared;
use crate::experiment::{Ground, Planned};
use crate::protocol::FaultKind;
use crate::tree::{Content, File, Tree};

fn tree(files: &[(&str, &str)]) -> Tree {
    let file = |text: &str| {
        let content = Content::Bytes { bytes: text.as_bytes().to_vec(), executable: false };
        File { content, own: true }
    };
    let files: BTreeMap<String, File> = files.iter().map(|(path, text)| ((*path).to_owned(), file(text))).collect();
    Tree::new("c", files)
}

fn faults(files: &[(&str, &str)]) -> String {
    let (tree, facts, declared) = (tree(files), Facts::new(Vec::new()), Declared::default());
    let ground = Ground { facts: &facts, declared: &declared, tree: &tree, seed: 0, sample: 9 };
    let (found, refused) = Environment::plan(&ground);
    let told = found.iter().flat_map(|environment| {
        let runs = environment.sketch().runs.into_iter().map(|line| format!("{}: {}", line.what, line.text));
        let kind = |kind: FaultKind| format!("{kind:?}").to_lowercase();
        let faults =
            environment.faults().into_iter().map(move |fault| format!("{} {}", kind(fault.kind), fault.change));
        runs.chain(faults).collect::<Vec<_>>()
    });
    told.chain(refused).collect::<Vec<_>>().join("\n")
}

const COMPOSE: &str = "services:\n  api:\n    build: .\n    environment: { DB: \"postgres://u:p@db:5432/x\" }\n    ports: [\"80:8080\"]\n  db:\n    image: postgres\n    \
                       volumes: [./init.sql:/docker-entrypoint-initdb.d/init.sql]\n  tests:\n    profiles: [tests]\n    build: .\n    command: make check\n";

#[test]
fn what_is_broken() {
    let text = faults(&[
        ("compose.yaml", COMPOSE),
        (
            "Dockerfile",
            "FROM python\nRUN apt-get update && apt-get install -y --no-install-recommends git\nCOPY requirements.txt /a/\nCOPY . /a\n",
        ),
        ("requirements.txt", "# pinned\nFlask==3.0.0 \\\n    --hash=sha256:00\npytest==8\n"),
        ("init.sql", ""),
        ("app.py", "from flask import Flask\n"),
        ("tests/test_app.py", "import pytest\n"),
    ]);
    expect![[r#"
        service api: build . and start
        service db: start postgres
        in tests: make check
        null compose.yaml:13: a comment was added
        control Dockerfile:3: requirements.txt, which it copies, was removed
        control requirements.txt:2: Flask is asked for in a version that does not exist
        control compose.yaml:5: port 8080 of api is taken
        sampled requirements.txt:2: Flask is no longer declared
        sampled Dockerfile:2: git is no longer installed
        sampled compose.yaml:8: init.sql, which db finds at /docker-entrypoint-initdb.d/init.sql, was removed
        sampled compose.yaml:6: db is not started"#]]
    .assert_eq(&text);
}

#[test]
fn what_describes_nothing_of_the_application() {
    expect!["compose.yaml starts published images only, and nothing of the repository"]
        .assert_eq(&faults(&[("compose.yaml", "services:\n  db:\n    image: postgres\n")]));
    expect![[""]].assert_eq(&faults(&[("README.md", "")]));
}

#[test]
fn dependencies_and_what_uses_them() {
    let check = |files: &[(&str, &str)], expected: &[(usize, &str)]| {
        let found = used(&tree(files), files[0].0);
        let found: Vec<(usize, &str)> = found.iter().map(|dependency| (dependency.line, &*dependency.name)).collect();
        assert_eq!(found, expected, "{files:?}");
    };
    check(
        &[
            ("requirements.txt", "-r x.txt\nPyYAML>=6\npsycopg[binary]==3.2 ; python_version > '3'\nunused\n  # via\n"),
            ("a.py", "import os, yaml\ndef f():\n    import psycopg\n"),
        ],
        &[(2, "PyYAML")],
    );
    check(
        &[
            ("web/package.json", "{\n  \"dependencies\": {\n    \"express\": \"^4\",\n    \"pg\": \"8\"\n  }\n}\n"),
            ("web/a.js", "const express = require('express');\nimport { Pool } from \"pg\";\n"),
        ],
        &[(3, "express"), (4, "pg")],
    );
    check(
        &[
            ("go.mod", "module a\n\nrequire (\n\texample.org/b v1.2.3\n\texample.org/c v1.0.0 // indirect\n)\n"),
            ("a.go", "import \"example.org/b/x\"\n"),
        ],
        &[(4, "example.org/b")],
    );
    check(&[("package.json", "{ \"dependencies\": 3")], &[]);
}

#[test]
fn a_manifest_without_one_of_its_dependencies() {
    let tree = tree(&[
        ("package.json", "{\n  \"dependencies\": {\n    \"a\": \"1\",\n    \"b\": \"2\"\n  }\n}\n"),
        ("a.js", "require('a'); require('b')\n"),
    ]);
    let found = used(&tree, "package.json");
    assert_eq!(found[1].removed, "{\n  \"dependencies\": {\n    \"a\": \"1\"\n  }\n}\n");
    assert_eq!(found[0].unavailable, "{\n  \"dependencies\": {\n    \"a\": \"999.0.0\",\n    \"b\": \"2\"\n  }\n}\n");
}
