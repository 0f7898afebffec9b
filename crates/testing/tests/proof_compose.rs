//! C5 by Compose: a small application of our own, alone and in two copies behind a proxy, and what its volume holds.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use app::prove::ProofReport;

const ALONE: &str = "services:
  fares:
    build: .
    restart: always
    ports: ['80:8000']
    volumes: ['fares:/kept']
volumes:
  fares:
";
const TWO: &str = "services:
  one: { build: ., restart: always, expose: ['8000'] }
  two: { build: ., restart: always, expose: ['8000'] }
  proxy:
    image: nginx:1.22
    restart: always
    depends_on: [one, two]
    ports: ['80:80']
    volumes: ['./proxy.conf:/etc/nginx/conf.d/default.conf:ro']
";
/// Whoever does not answer at once is asked no more: the other one is.
const PROXY: &str = "server {
  listen 80;
  resolver 127.0.0.11 valid=1s ipv6=off;
  resolver_timeout 1s;
  proxy_connect_timeout 1s;
  location / {
    set $one http://one:8000;
    proxy_pass $one;
    error_page 502 504 = @two;
  }
  location @two {
    set $two http://two:8000;
    proxy_pass $two;
  }
}
";

/// Proves the delivery of the application, whose container does this before it serves.
fn by_compose(test: &str, first: &str, compose: &str) -> ProofReport {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fares");
    let dockerfile = format!(
        "FROM python:3.11-slim\nCOPY app.py /app/app.py\nRUN mkdir /kept && chown 1000 /kept\nUSER 1000\n\
         ENTRYPOINT [\"sh\", \"-c\", \"{first}exec python3 /app/app.py\"]\n"
    );
    let files =
        [("app.py", &*proving::app(2)), ("Dockerfile", &*dockerfile), ("compose.yaml", compose), ("proxy.conf", PROXY)];
    proving::repository(&path, &files);
    proving::prove(&path, "C5", 8, &proving::session(test))
}

/// The outcome of one subject.
fn outcome<'a>(proof: &'a ProofReport, subject: &str) -> &'a str {
    let mut findings = proof.experiments.iter().flat_map(|one| &one.findings);
    findings.find(|one| one.subject == subject).map_or("no such subject", |one| one.outcome.name())
}

#[test]
fn one_copy_alone_pauses_for_users_and_keeps_its_volume() {
    let proof = by_compose("alone", "", ALONE);
    let told = proving::told(&proof);
    assert_eq!(outcome(&proof, "volumes of compose.yaml"), "proven", "{told}");
    assert_eq!(outcome(&proof, "fares of compose.yaml"), "refuted", "{told}");
    for words in [
        "requests were lost",
        "compose.yaml:2: Compose ends the old container",
        "a release that ends as soon as it starts: it is seen",
        "the version before runs again",
        "kept through the next version and the one before: /kept of fares",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn two_copies_behind_a_proxy_cost_nobody_anything() {
    let proof = by_compose("two", "", TWO);
    let told = proving::told(&proof);
    assert_eq!(outcome(&proof, "one of compose.yaml"), "proven", "{told}");
    assert!(told.contains("users ask http://proxy:80/"), "{told}");
    assert!(!told.contains("requests were lost"), "{told}");
}

#[test]
fn a_start_that_empties_its_volume_is_found_out() {
    let proof = by_compose("emptied", "rm -rf /kept/* /kept/.[!.]*; ", ALONE);
    let told = proving::told(&proof);
    assert_eq!(outcome(&proof, "volumes of compose.yaml"), "refuted", "{told}");
    assert!(told.contains("compose.yaml:6: what was in /kept of fares is lost"), "{told}");
}
