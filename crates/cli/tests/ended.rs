//! A proof that is ended before its time leaves nothing on the engine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "the program under test, the engine that it uses, and the clock")]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const DEVCONTAINER: &str = r#"{"image": "debian:12", "postCreateCommand": "sh setup.sh"}"#;
/// It takes longer to set up than anybody waits here.
const SET_UP: &str = "sleep 987\n";

fn docker(args: &[&str]) -> String {
    let output = Command::new("docker").args(args).output().expect("the engine is started by ./dev");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a process holds on the engine: the label of everything says whose it is.
fn held(owner: u32) -> Vec<String> {
    let mine = |list: &[&str], format: &str| {
        let told = docker(&[list, &["--filter", "label=preuve.owner", "--format", format]].concat());
        let of = |line: &str| {
            line.split_once(' ')
                .filter(|(label, _)| label.starts_with(&format!("{owner}:")))
                .map(|(_, id)| id.to_owned())
        };
        told.lines().filter_map(of).collect::<Vec<String>>()
    };
    let label = r#"{{.Label "preuve.owner"}}"#;
    let mut all = mine(&["ps", "--all"], &format!("{label} {{{{.ID}}}}"));
    all.extend(mine(&["network", "ls"], &format!("{label} {{{{.ID}}}}")));
    all.extend(mine(&["volume", "ls"], &format!("{label} {{{{.Name}}}}")));
    all
}

fn begin(repository: &Path, home: &Path) -> Child {
    let words = ["prove", repository.to_str().unwrap(), "--only", "C1", "--runtime", "docker"];
    Command::new(env!("CARGO_BIN_EXE_preuve"))
        .args(words)
        .env_clear()
        .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .env("HOME", home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until the environment is being set up.
fn sleeping(child: &mut Child) {
    let since = Instant::now();
    while !held(child.id()).iter().any(|id| docker(&["top", id]).contains("sleep 987")) {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        assert!(since.elapsed() < Duration::from_secs(300), "nothing was set up");
        std::thread::sleep(Duration::from_millis(300));
    }
}

#[test]
fn a_proof_that_is_ended_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (repository, home) = (dir.path().join("ferry"), dir.path().join("home"));
    let files = [
        (".devcontainer/devcontainer.json", DEVCONTAINER),
        ("setup.sh", SET_UP),
        ("preuve.yaml", "commands:\n  test: sh test.sh\n"),
        ("test.sh", "true\n"),
    ];
    let tree = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into_iter().collect();
    testing::history::make(&repository, &[], &tree).unwrap();
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut child = begin(&repository, &home);
        sleeping(&mut child);
        let owner = child.id();
        assert!(Command::new("kill").args([signal, &owner.to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert_eq!(held(owner), Vec::<String>::new(), "{signal}");
    }
}
