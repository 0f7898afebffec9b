//! Faults that are planned from small trees.

use std::collections::BTreeMap;

use expect_test::expect;
use facts::{Fact, Facts};

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
    with_facts(files, Vec::new())
}

fn with_facts(files: &[(&str, &str)], facts: Vec<Fact>) -> String {
    let (tree, facts, declared) = (tree(files), Facts::new(facts), Declared::default());
    let ground = Ground { facts: &facts, declared: &declared, tree: &tree, seed: 0, sample: 9 };
    let (found, refused) = Environment::plan(&ground);
    let told = found.iter().flat_map(|environment| {
        let runs = environment.sketch().runs.into_iter().map(|line| format!("{}: {}", line.what, line.text));
        let kind = |kind: FaultKind| format!("{kind:?}").to_lowercase();
        let faults =
            environment.faults().into_iter().map(move |fault| format!("{} {}", kind(fault.kind), fault.change));
        runs.chain(faults).collect::<Vec<_>>()
    });
    told.chain(refused.iter().map(ToString::to_string)).collect::<Vec<_>>().join("\n")
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

fn fact(kind: &'static str, path: &str, line: usize) -> Fact {
    let span = facts::Span { start: 0, end: 1, line, column: 1, end_line: line, end_column: 2 };
    let place = facts::Place::File { path: path.into(), blob: facts::Oid::new("b"), span };
    Fact::new(kind, "test", facts::Location { place, commit: facts::Oid::new("c") })
}

#[test]
fn what_is_broken_of_a_devcontainer() {
    let files = [
        (".devcontainer/devcontainer.json", "{\n}\n"),
        (".devcontainer/Dockerfile", "FROM python\nRUN apt-get update && apt-get install -y jq\n"),
        ("requirements.txt", "Flask==3.0.0\n"),
        ("app.py", "import flask\n"),
        ("test_app.py", ""),
    ];
    let base = fact("env.base", ".devcontainer/devcontainer.json", 1)
        .with("tool", "devcontainer")
        .with("dockerfile", ".devcontainer/Dockerfile");
    let step = fact("env.step", ".devcontainer/devcontainer.json", 2)
        .with("definition", ".devcontainer/devcontainer.json")
        .with("stage", "create")
        .with("command", "pip install -r requirements.txt");
    expect![[r#"
        container: build .devcontainer/Dockerfile
        set-up: pip install -r requirements.txt
        in the environment: python -m pytest -q
        null .devcontainer/devcontainer.json:3: a comment was added
        control .devcontainer/devcontainer.json:2: requirements.txt, which it needs, was removed
        control requirements.txt:1: Flask is asked for in a version that does not exist
        sampled .devcontainer/Dockerfile:2: jq is no longer installed
        sampled requirements.txt:1: Flask is no longer declared"#]]
    .assert_eq(&with_facts(&files, vec![base.clone(), step]));
    expect![".devcontainer/devcontainer.json: no build or test command of the application is known to run inside"]
        .assert_eq(&with_facts(&files[..4], vec![base]));
}

#[test]
fn what_is_broken_of_a_set_up() {
    let files = [
        ("Makefile", "setup:\n\tpip install -r requirements.txt\n"),
        ("requirements.txt", "Flask==3.0.0\n"),
        ("app.py", "import flask\n"),
        ("test_app.py", ""),
    ];
    let command = |entry: &str| {
        fact("command", "Makefile", 2)
            .with("runner", "make")
            .with("entry", entry)
            .with("purposes", vec!["install".to_owned()])
    };
    expect![[r#"
        set-up: make -C . setup
        in the environment: python -m pytest -q
        null Makefile:3: a comment was added
        control requirements.txt:1: Flask is asked for in a version that does not exist
        sampled requirements.txt:1: Flask is no longer declared"#]]
    .assert_eq(&with_facts(&files, vec![command("setup")]));
    expect![[""]].assert_eq(&with_facts(&files, vec![command("release")]));
}

#[test]
fn what_is_broken_of_machines() {
    let files = [
        ("Vagrantfile", "Vagrant.configure\n  provision inline\n    apt-get update\n    apt-get install -y git\n"),
        ("scripts/db.sh", "apt-get install -y sqlite3\n"),
        ("test_app.py", ""),
    ];
    let definition = fact("env.definition", "Vagrantfile", 1)
        .with("tool", "vagrant")
        .with("counts", true)
        .with("services", vec!["web".to_owned(), "db".to_owned()]);
    let step = |line: usize, machine: &str, script: &str, command: &str| {
        fact("env.step", "Vagrantfile", line)
            .with("definition", "Vagrantfile")
            .with("machine", machine)
            .with("script", script)
            .with("command", command)
            .with("privileged", true)
    };
    let steps = [step(2, "", "", "apt-get update\napt-get install -y git\n"), step(5, "db", "scripts/db.sh", "")];
    expect![[r#"
        machine web: a fresh host
        machine db: a fresh host
        provision: apt-get update
        apt-get install -y git
        provision db: scripts/db.sh
        in web: python -m pytest -q
        null Vagrantfile:5: a comment was added
        control Vagrantfile:5: scripts/db.sh, which it runs, was removed
        sampled Vagrantfile:4: git is no longer installed
        sampled scripts/db.sh:1: sqlite3 is no longer installed"#]]
    .assert_eq(&with_facts(&files, [vec![definition.clone()], steps.to_vec()].concat()));
    let many = definition.with("services", (0..9).map(|n| format!("m{n}")).collect::<Vec<_>>());
    expect!["Vagrantfile: 9 machines are more than are started here (4)"]
        .assert_eq(&with_facts(&files, [vec![many], steps.to_vec()].concat()));
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

#[test]
fn what_else_is_described_and_cannot_be_tried_is_told() {
    let files = [
        ("compose.yaml", COMPOSE),
        ("Dockerfile", "FROM python\n"),
        ("init.sql", ""),
        ("shell.nix", "import <nixpkgs> { }\n"),
    ];
    let (tree, facts, declared) = (tree(&files), Facts::new(Vec::new()), Declared::default());
    let (found, refused) =
        Environment::plan(&Ground { facts: &facts, declared: &declared, tree: &tree, seed: 0, sample: 9 });
    assert_eq!((found.len(), refused.len()), (1, 1));
    let skipped = found[0].sketch().skipped;
    let told = skipped.iter().find(|line| line.what == "another environment").map(|line| line.text.to_string());
    let reason = "shell.nix:1: the channel <nixpkgs> is fetched from elsewhere, which a sandbox does not reach";
    assert_eq!(told.as_deref(), Some(reason));
}
