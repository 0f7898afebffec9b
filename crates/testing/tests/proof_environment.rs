//! C1 over the real engine: a small project of our own that starts from a clean clone, and ones that do not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use app::prove::ProofReport;

const COMPOSE: &str = "services:
  shop:
    build: .
    environment: { STORE: \"http://store:8000\" }
    ports: [\"8000:8000\"]
    depends_on: [store]
  store:
    image: python:3.11
    command: [python, -m, http.server, --directory, /pages, \"8000\"]
    volumes: [\"./pages:/pages:ro\"]
  tests:
    profiles: [tests]
    build: .
    command: [python, check.py]
    depends_on: [shop]
";
const DOCKERFILE: &str = "FROM python:3.11
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY *.py ./
CMD [\"python\", \"shop.py\"]
";
/// Installs what can be installed, and goes on whatever happens.
const CARELESS: &str = "FROM python:3.11
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt || true
COPY *.py ./
CMD [\"python\", \"shop.py\"]
";
const SHOP: &str = "import os, urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
import itsdangerous


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        page = urllib.request.urlopen(os.environ['STORE'] + '/price.txt').read()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(itsdangerous.Signer('k').sign(page))


HTTPServer(('', 8000), Shop).serve_forever()
";
/// Without it the application starts all the same.
const IDLE: &str = "from http.server import SimpleHTTPRequestHandler, HTTPServer
try:
    import itsdangerous
except ImportError:
    itsdangerous = None
HTTPServer(('', 8000), SimpleHTTPRequestHandler).serve_forever()
";
const CHECK: &str = "import urllib.request
assert b'42' in urllib.request.urlopen('http://shop:8000/').read()
";

fn prove(dockerfile: &str, shop: &str, check: &str) -> ProofReport {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    let files = [
        ("compose.yaml", COMPOSE),
        ("Dockerfile", dockerfile),
        ("requirements.txt", "itsdangerous==2.2.0\n"),
        ("shop.py", shop),
        ("check.py", check),
        ("pages/price.txt", "42\n"),
    ];
    proving::repository(&path, &files);
    proving::prove(&path, "C1", 2, &proving::session(&format!("C1 {dockerfile} {shop} {check}")))
}

fn expect(proof: &ProofReport, outcome: &str) {
    assert_eq!(proof.experiments[0].outcome, outcome, "{}", proof.to_json());
}

#[test]
fn a_clean_clone_that_builds_and_starts() {
    let proof = prove(DOCKERFILE, SHOP, CHECK);
    expect(&proof, "proven");
    let noticed = proof.experiments[0].findings[0].trials.iter().filter(|trial| trial.noticed()).count();
    assert_eq!(noticed, 5, "the controls and the sample: {}", proof.to_json());
}

#[test]
fn an_environment_that_nobody_asks_anything() {
    let proof = prove(CARELESS, IDLE, "");
    expect(&proof, "refuted");
    let at: Vec<String> = proof.experiments[0].findings[0]
        .survivors()
        .filter_map(|trial| trial.at.as_ref().map(|at| format!("{}:{}", at.path, at.line)))
        .collect();
    assert!(at.contains(&"compose.yaml:7".to_owned()), "what nobody misses is named: {at:?}");
}

#[test]
fn a_command_that_fails_inside() {
    let proof = prove(DOCKERFILE, SHOP, "assert False, 'the shop is closed'\n");
    expect(&proof, "refuted");
    assert!(proof.to_json().contains("the shop is closed"), "{}", proof.to_json());
}

#[test]
fn a_devcontainer_that_sets_itself_up() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    let files = [
        (
            ".devcontainer/devcontainer.json",
            "{\n  // Where we work.\n  \"image\": \"python:3.11\",\n  \"postCreateCommand\": \"sh setup.sh\"\n}\n",
        ),
        ("setup.sh", "pip install -r requirements.txt\n"),
        ("requirements.txt", "itsdangerous==2.2.0\n"),
        ("app.py", "import itsdangerous\n\n\ndef sign(text):\n    return itsdangerous.Signer('k').sign(text)\n"),
        ("Makefile", "test:\n\tpython3 -m unittest -q test_app\n"),
        (
            "test_app.py",
            "import unittest\n\nimport app\n\n\nclass Signs(unittest.TestCase):\n    def test_sign(self):\n        self.assertTrue(app.sign('a').startswith(b'a.'))\n",
        ),
    ];
    proving::repository(&path, &files);
    let proof = proving::prove(&path, "C1", 2, &proving::session("C1 devcontainer"));
    expect(&proof, "proven");
}

const DERIVATION: &str = "derivation {
  name = \"greet\";
  system = builtins.currentSystem;
  builder = \"/bin/sh\";
  args = [ ./build.sh ];
}
";
const BUILDER: &str = "/bin/mkdir -p \"$out/bin\"
printf '#!/bin/sh\\necho bonjour\\n' >\"$out/bin/greet\"
/bin/chmod 755 \"$out/bin/greet\"
";

fn with_nix(expression: &str) -> ProofReport {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    let declared = "commands:\n  test: test \"$(greet)\" = bonjour\n";
    proving::repository(&path, &[("default.nix", expression), ("build.sh", BUILDER), ("preuve.yaml", declared)]);
    proving::prove(&path, "C1", 2, &proving::session(&format!("C1 nix {expression}")))
}

#[test]
fn what_nix_describes_is_built_without_any_network() {
    let proof = with_nix(DERIVATION);
    let told = proving::told(&proof);
    assert_eq!(proof.experiments[0].outcome, "proven", "{told}");
    for words in ["its builder is no program", "build.sh, which it needs, was removed", "Nix 2.8 of Debian 12"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn what_nix_would_fetch_is_named() {
    let proof = with_nix("with import <nixpkgs> { };\nmkShell { packages = [ hello ]; }\n");
    assert_eq!(proof.experiments[0].outcome, "not-provable-here");
    let told = proving::told(&proof);
    assert!(told.contains("default.nix:1: the channel <nixpkgs> is fetched from elsewhere"), "{told}");
}
