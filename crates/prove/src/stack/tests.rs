//! Projects of small trees, and stacks over an engine that a test plays.

use std::cell::Cell;
use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use sandbox::Image;
use sandbox::fake::Fake;

use super::{Images, Origin, Project, Stack, Wrong, found};
use crate::experiment::Bench;
use crate::say::Spoken;
use crate::shelf::Shelf;
use crate::tree::{Content, File, Tree};

pub(crate) fn tree(files: &[(&str, &str)]) -> Tree {
    let file = |text: &str| {
        let content = Content::Bytes { bytes: text.as_bytes().to_vec(), executable: false };
        File { content, own: true }
    };
    let files: BTreeMap<String, File> = files.iter().map(|(path, text)| ((*path).to_owned(), file(text))).collect();
    Tree::new("c", files)
}

fn shown(tree: &Tree, file: &str, profiles: &[&str]) -> String {
    let project = match Project::read(tree, file, profiles) {
        Ok(project) => project,
        Err(because) => return because.to_string(),
    };
    let mut lines = Vec::new();
    let order = match project.order() {
        Ok(order) => order,
        Err(because) => return because.to_string(),
    };
    for service in order {
        let origin = match &service.origin {
            Origin::Image(name, _) => name.clone(),
            Origin::Build(build) => format!("build {:?} {:?} {:?}", build.context, build.dockerfile, build.arguments),
        };
        lines.push(format!("{} @{}: {origin}", service.name, service.at.line));
        lines.extend(service.command.iter().map(|words| format!("  command {words:?}")));
        lines.extend(service.environment.iter().map(|(name, value)| format!("  {name}={value}")));
        lines.extend(service.ports.iter().map(|port| format!("  port {} {:?}", port.inside, port.outside)));
        lines.extend(service.needs.iter().map(|need| format!("  needs {} {:?}", need.service, need.condition)));
        lines.extend(service.mounts.iter().map(|mount| format!("  {} {:?}", mount.target, mount.source)));
        lines.extend(service.aliases.iter().map(|alias| format!("  also {alias}")));
    }
    lines.extend(
        project.unhonoured.iter().map(|found| format!("{} {}", if found.fatal { "!" } else { "-" }, found.spoken())),
    );
    lines.extend(project.notes.iter().map(|note| format!("note {note}")));
    lines.join("\n")
}

#[expect(clippy::needless_pass_by_value, reason = "expectations are written in place")]
fn check(files: &[(&str, &str)], expected: Expect) {
    expected.assert_eq(&shown(&tree(files), files[0].0, &[]));
}

#[test]
fn a_project_is_read_as_compose_reads_it() {
    check(
        &[
            (
                "compose.yaml",
                "x-app: &app\n  build: { context: api, args: [V=1] }\n  environment: { A: \"${A:-1}\", B: }\nservices:\n  api:\n    \
                 <<: *app\n    command: python -m \"api\"\n    ports: [\"127.0.0.1:${PORT:-80}:8080\", 9000]\n    depends_on:\n      \
                 db: { condition: service_healthy }\n    volumes: [./conf/a.ini:/etc/a.ini:ro, data:/data, /cache, ./web:/web]\n  db:\n    \
                 image: postgres:${PG}\n    env_file: db.env\n    container_name: database\n  extra:\n    image: x\n    profiles: [more]\n",
            ),
            ("compose.override.yaml", "services:\n  api:\n    environment: [A=2]\n    ports: [\"7:7\"]\n"),
            (".env.example", "PG=16\n# no\nB=b\n"),
            ("db.env-sample", "POSTGRES_PASSWORD='x y'\n"),
            ("api/Dockerfile", "FROM x\n"),
            ("conf/a.ini", ""),
            ("web/index.html", ""),
        ],
        expect![[r#"
            db @12: postgres:16
              POSTGRES_PASSWORD=x y
              also database
            api @2: build "api" File("api/Dockerfile") {"V": "1"}
              command ["python", "-m", "api"]
              A=2
              B=b
              port 8080 Some(80)
              port 9000 None
              port 7 Some(7)
              needs db Healthy
              /etc/a.ini File("conf/a.ini")
              /data Volume("data")
              /cache Anonymous
              /web Folder("web")
            note .env.example for .env
            note db.env-sample for db.env"#]],
    );
}

#[test]
fn what_extends_and_overlays() {
    check(
        &[
            (
                "docker-compose.yml",
                "include: [more/compose.yml]\nservices:\n  a:\n    extends: { file: base/common.yml, service: base }\n    command: [run]\n",
            ),
            ("base/common.yml", "services:\n  base:\n    build: .\n    command: [wait]\n    environment: [X=1]\n"),
            ("base/Dockerfile", "FROM y\n"),
            ("more/compose.yml", "services:\n  m:\n    image: m\n    volumes: [./here.conf:/m.conf]\n"),
            ("more/here.conf", ""),
        ],
        expect![[r#"
            a @3: build "base" File("base/Dockerfile") {}
              command ["run"]
              X=1
            m @2: m
              /m.conf File("more/here.conf")"#]],
    );
}

#[test]
fn what_cannot_be_honoured_is_named() {
    check(
        &[(
            "compose.yml",
            "services:\n  a:\n    image: x\n    network_mode: host\n  b:\n    image: x\n    privileged: true\n    volumes:\n      - \
             /var/run/docker.sock:/var/run/docker.sock\n      - /etc/localtime:/etc/localtime:ro\n  c:\n    build: ./gone\n  d:\n    \
             image: x\n    env_file: [.env]\n    devices: [/dev/kvm]\n    secrets: [token]\nsecrets:\n  token: { file: ./token.txt }\n",
        )],
        expect![[r#"
            a @2: x
            b @5: x
            c @11: build "gone" File("gone/Dockerfile") {}
            d @13: x
            ! compose.yml:4: a asks for the host's network
            ! compose.yml:9: b asks for the container engine itself
            - compose.yml:10: b asks for /etc/localtime of the host
            ! compose.yml:7: b asks for all rights over the host (privileged)
            ! compose.yml:12: c asks for the build context gone, which is not in the repository
            ! compose.yml:15: d asks for .env, which is not in the repository, nor an example of it
            ! compose.yml:19: d asks for the secret token.txt, which is not in the repository
            ! compose.yml:16: d asks for devices of the host"#]],
    );
}

#[test]
fn what_is_no_project() {
    for (text, because) in [
        ("services:\n  a: {}\n", "compose.yml:2: a has neither image nor build"),
        ("services: {}\n", "compose.yml names no service"),
        ("", "compose.yml names no service"),
        ("services:\n  a: { image: '${V:?no}' }\n", "compose.yml:2: the variable V must be set"),
        (
            "services:\n  a: { image: x, depends_on: [b] }\n  b: { image: x, depends_on: [a] }\n",
            "compose.yml:2: services wait for each other",
        ),
        ("services:\n  a: { image: x, depends_on: [z] }\n", "compose.yml:2: there is no service z"),
        ("services:\n  a: { extends: a }\n", "compose.yml:2: it extends without end"),
        ("include: [compose.yml]\n", "compose.yml: it includes files too deeply"),
        (
            "services:\n  a: { image: x, extends: { file: ../../x.yml, service: a } }\n",
            "compose.yml:2: ../../x.yml lies outside",
        ),
    ] {
        assert_eq!(shown(&tree(&[("compose.yml", text)]), "compose.yml", &[]), because, "{text}");
    }
}

#[test]
fn the_files_that_compose_finds_come_first() {
    let files = [
        "b/docker-compose.dev.yml",
        "compose.yaml",
        "docker-compose.yml",
        "compose.override.yaml",
        "a/docker-compose.yml",
        "composer.json",
    ];
    let tree = tree(&files.map(|path| (path, "")));
    assert_eq!(found(&tree), ["compose.yaml", "a/docker-compose.yml", "b/docker-compose.dev.yml"]);
}

/// A bench over a played engine, whose clock moves a second each time that it is asked.
pub(crate) fn on_bench<T>(fake: Fake, tree: &Tree, run: impl FnOnce(&Bench<'_>, &Fake) -> T) -> T {
    let image = |role: &str| Ok(Image(format!("ours-{role}")));
    let stand_in = |asked: &str| Ok((Image(asked.to_owned()), None));
    let time = Cell::new(0);
    let millis = || {
        time.set(time.get() + 1000);
        time.get()
    };
    let bench = Bench {
        engine: &fake,
        tree,
        image: &image,
        stand_in: &stand_in,
        millis: &millis,
        nonce: "n",
        shelf: &Shelf::default(),
    };
    run(&bench, &fake)
}

const TWO: &str = "services:\n  api:\n    build: .\n    ports: [8000]\n    depends_on:\n      db: { condition: service_healthy }\n    volumes: \
                   [./a.conf:/a.conf]\n  db:\n    image: postgres\n    volumes: [data:/data]\n    healthcheck: { test: pg_isready }\n";

#[test]
fn a_stack_is_built_once_and_started_in_order() {
    let tree = tree(&[("compose.yml", TWO), ("Dockerfile", "FROM python\n"), ("a.conf", "")]);
    let calls = on_bench(Fake::new().healthy(), &tree, |bench, fake| {
        let project = Project::read(&tree, "compose.yml", &[]).unwrap();
        let mut images = Images::new(bench);
        let made = images.make(&tree, &project).unwrap();
        assert_eq!(images.make(&tree, &project).unwrap(), made, "what is built is kept");
        let mut stack = Stack::new(bench, "s").unwrap();
        stack.lay(&tree, &project, made).unwrap();
        stack.up().unwrap();
        stack.recreate("api", None, |service| drop(service.environment.insert("A".into(), "2".into()))).unwrap();
        fake.calls()
    });
    let calls: Vec<String> = calls.into_iter().filter(|call| !call.starts_with("state")).collect();
    expect![[r#"
        build FROM python
        build FROM i1
        build FROM postgres
        network s
        start c4 ours-probe
        volume s-1
        start c5 ours-base
        start c6 i3
        start c7 i2
        remove c7
        start c8 i2"#]]
    .assert_eq(&calls.join("\n"));
}

#[test]
fn a_service_that_is_never_well_is_the_subjects_own() {
    let tree = tree(&[("compose.yml", TWO), ("Dockerfile", "FROM python\n"), ("a.conf", "")]);
    on_bench(Fake::new().logging("no space\nFATAL: no\n"), &tree, |bench, _| {
        let project = Project::read(&tree, "compose.yml", &[]).unwrap();
        let made = Images::new(bench).make(&tree, &project).unwrap();
        let mut stack = Stack::new(bench, "s").unwrap();
        stack.lay(&tree, &project, made).unwrap();
        match stack.up() {
            Err(Wrong::Subject(trouble)) => assert_eq!(
                trouble.spoken().to_string(),
                "compose.yml:8: db: others wait for its health, which nothing tells: no space / FATAL: no"
            ),
            other => panic!("{other:?}"),
        }
    });
}
