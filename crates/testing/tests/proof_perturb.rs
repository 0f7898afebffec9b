//! The application perturbed, over the real engine: small projects of our own, healthy and not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use app::prove::ProofReport;

/// Proves one experiment of the Cloud Pi Native framework.
fn prove(only: &str, files: &[(&str, &str)]) -> ProofReport {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    proving::repository(&path, files);
    let mut request = proving::request(&path, only, 4);
    request.frameworks = vec!["cloud-pi-native".into()];
    let session = proving::session(&format!("{only} {files:?}"));
    app::prove::prepare(&request).unwrap().conduct(&session, &mut |_, _| Box::new(app::prove::Silent))
}

/// The outcome with its reason, and the places of survivors.
fn told(proof: &ProofReport) -> (String, Vec<String>) {
    let experiment = &proof.experiments[0];
    let finding = experiment.findings.first().unwrap_or_else(|| panic!("{}", proof.to_json()));
    let because = proving::said(finding.outcome.because());
    let at = finding.survivors().filter_map(|trial| trial.at.as_ref().map(|at| format!("{}:{}", at.path, at.line)));
    (format!("{}: {because}", experiment.outcome), at.collect())
}

fn expect(proof: &ProofReport, words: &[&str]) {
    let (outcome, _) = told(proof);
    for word in words {
        assert!(outcome.contains(word), "{outcome}\n{}", proof.to_json());
    }
}

const SHOP: &str = "import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'open')


HTTPServer(('', int(os.environ['PORT'])), Shop).serve_forever()
";
const COMPOSE: &str = "services:
  shop:
    build: .
    ports: [\"8000:8000\"]
";
const DOCKERFILE: &str = "FROM python:3.11
ENV PORT=8000 PYTHONUNBUFFERED=1
COPY shop.py /shop.py
CMD [\"python\", \"/shop.py\"]
";

#[test]
fn an_image_that_needs_no_user() {
    let proof = prove("cpn.random-user", &[("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE), ("shop.py", SHOP)]);
    expect(&proof, &["proven"]);
    let noticed = proof.experiments[0].findings[0].trials.iter().filter(|trial| trial.noticed()).count();
    assert_eq!(noticed, 4, "{}", proof.to_json());
}

#[test]
fn an_image_that_writes_where_it_must_not() {
    let shop = SHOP.replace("HTTPServer((", "open('/shop.log', 'w').write('open')\nHTTPServer((");
    let proof = prove("cpn.random-user", &[("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE), ("shop.py", &shop)]);
    expect(&proof, &["refuted: baseline", "compose.yaml:2", "Read-only file system"]);
}

#[test]
fn an_image_whose_health_nobody_asks() {
    // It goes on whatever happens, and tells nothing.
    let proof = prove(
        "cpn.random-user",
        &[
            ("compose.yaml", "services:\n  worker:\n    build: .\n"),
            ("Dockerfile", "FROM python:3.11\nCOPY worker.py /worker.py\nCMD [\"python\", \"/worker.py\"]\n"),
            ("worker.py", "import time\nwhile True:\n    time.sleep(1)\n"),
        ],
    );
    expect(&proof, &["refuted: health: 0 of 1"]);
    assert_eq!(told(&proof).1, ["Dockerfile:3"]);
}

/// A front that takes orders in a file, and a worker that does them.
const COUNTER: &str = "import json, os, pathlib, uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

kept, memory = pathlib.Path('/kept'), {}


class Counter(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.rsplit('/', 1)[1]
        order = kept / name
        body = order.read_text() if name and order.exists() else 'open'
        self.answer(200 if self.path == '/' or order.exists() else 404, body)

    def do_POST(self):
        name = uuid.uuid4().hex
        (kept / name).write_text('waiting')
        self.answer(201, json.dumps({'id': name}))

    def answer(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())


ThreadingHTTPServer(('', 8000), Counter).serve_forever()
";
const WORKER: &str = "import pathlib, time
while True:
    for order in pathlib.Path('/kept').iterdir():
        if order.read_text() == 'waiting':
            order.write_text('done')
    time.sleep(0.2)
";
const TWO: &str = "services:
  front:
    build: .
    ports: [\"8000:8000\"]
    volumes: [\"orders:/kept\"]
  worker:
    build: .
    command: [python, -u, /worker.py]
    volumes: [\"orders:/kept\"]
volumes: { orders: }
";
const TAKES_ORDERS: &str = "FROM python:3.11
COPY *.py /
CMD [\"python\", \"-u\", \"/counter.py\"]
";
const JOURNEY: &str = "journeys:
  - name: an order is done
    write: {url: 'http://front:8000/orders'}
    read: http://front:8000/orders/{id}
    shows: done
    consumer: worker
";

fn kill(counter: &str, journey: &str) -> ProofReport {
    prove(
        "cpn.kill-under-load",
        &[
            ("compose.yaml", TWO),
            ("Dockerfile", TAKES_ORDERS),
            ("counter.py", counter),
            ("worker.py", WORKER),
            ("preuve.yaml", journey),
        ],
    )
}

#[test]
fn instances_that_may_be_killed() {
    let proof = kill(COUNTER, JOURNEY);
    expect(&proof, &["proven"]);
}

#[test]
fn orders_that_live_in_memory() {
    let counter = COUNTER.replace("(kept / name).write_text('waiting')", "memory[name] = 'done'").replace(
        "body = order.read_text() if name and order.exists() else 'open'",
        "return self.answer(200 if self.path == '/' or name in memory else 404, memory.get(name, 'open'))",
    );
    let proof = kill(&counter, JOURNEY);
    expect(&proof, &["refuted: baseline", "preuve.yaml:2", "does not show at each instance of front"]);
}

#[test]
fn a_journey_that_shows_nothing() {
    // Whatever becomes of an order, this address answers the same.
    let journey = JOURNEY.replace("orders/{id}", "").replace("shows: done", "shows: open");
    let proof = kill(COUNTER, &journey);
    expect(&proof, &["refuted: nothing noticed: preuve.yaml:2: worker"]);
    assert!(told(&proof).1.contains(&"preuve.yaml:2".to_owned()), "{}", proof.to_json());
}

const ASKS: &str = "services:
  shop:
    build: .
    environment: { STORE: \"http://store:8000\" }
    ports: [\"8000:8000\"]
  store:
    image: python:3.11
    command: [python, -m, http.server, --directory, /pages, \"8000\"]
    volumes: [\"./pages:/pages:ro\"]
";
const ASKING: &str = "import os, urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        page = urllib.request.urlopen(os.environ['STORE'] + '/price.txt').read()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(page)


HTTPServer(('', 8000), Shop).serve_forever()
";

fn configure(shop: &str) -> ProofReport {
    prove(
        "cpn.two-configurations",
        &[
            ("compose.yaml", ASKS),
            ("Dockerfile", "FROM python:3.11\nCOPY shop.py /shop.py\nCMD [\"python\", \"-u\", \"/shop.py\"]\n"),
            ("shop.py", shop),
            ("pages/price.txt", "42\n"),
        ],
    )
}

#[test]
fn settings_that_come_from_the_environment() {
    expect(&configure(ASKING), &["proven"]);
}

#[test]
fn an_address_that_is_left_in_the_code() {
    let proof = configure(&ASKING.replace("os.environ['STORE']", "'http://store:8000'"));
    expect(&proof, &["refuted: settings: 0 of 1"]);
    assert_eq!(told(&proof).1, ["compose.yaml:4"]);
}

#[test]
fn an_image_that_holds_what_it_needs() {
    let proof = prove("cpn.image-content", &[("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE), ("shop.py", SHOP)]);
    expect(&proof, &["proven"]);
    let papers = &proof.experiments[0].findings[0].papers;
    assert!(papers["shop.cdx.json"].contains("pkg:deb/debian/"), "{}", papers["shop.cdx.json"]);
}

#[test]
fn an_image_that_holds_a_key() {
    let key = format!("-----BEGIN {} KEY-----\nbm90aGluZw==\n", "PRIVATE");
    let dockerfile = DOCKERFILE.replace("COPY shop.py /shop.py", "COPY shop.py shop.pem /\nRUN rm /shop.pem");
    let files = [("compose.yaml", COMPOSE), ("Dockerfile", &dockerfile), ("shop.py", SHOP), ("shop.pem", &key)];
    expect(&prove("cpn.image-content", &files), &["refuted", "Dockerfile:4", "/shop.pem", "only hides"]);
}

const BACKUP: &str = "backups:
  - service: front
    keeps: /backups
    backup: tar -C /kept -czf /backups/orders.tgz .
    restore: tar -C /kept -xzf /backups/orders.tgz
";

fn keeps(only: &str, declared: &str) -> ProofReport {
    prove(
        only,
        &[
            ("compose.yaml", TWO),
            ("Dockerfile", TAKES_ORDERS),
            ("counter.py", COUNTER),
            ("worker.py", WORKER),
            ("preuve.yaml", declared),
        ],
    )
}

#[test]
fn a_backup_that_brings_everything_back() {
    expect(&keeps("cpn.restore-drill", &format!("{JOURNEY}{BACKUP}")), &["proven"]);
}

#[test]
fn a_restore_that_believes_everything() {
    let careless = BACKUP.replace("restore: tar", "restore: true || tar");
    let shows_nothing = JOURNEY.replace("orders/{id}", "").replace("shows: done", "shows: open");
    let proof = keeps("cpn.restore-drill", &format!("{shows_nothing}{careless}"));
    expect(&proof, &["refuted: nothing noticed: preuve.yaml:11"]);
    assert_eq!(told(&proof).1, ["preuve.yaml:11", "preuve.yaml:11"]);
}

#[test]
fn an_environment_that_code_alone_makes_again() {
    expect(&keeps("cpn.recreate", &format!("{JOURNEY}{BACKUP}")), &["proven"]);
}

#[test]
fn data_that_should_be_back_and_are_not() {
    let careless = BACKUP.replace("restore: tar", "restore: true || tar");
    expect(&keeps("cpn.recreate", &format!("{JOURNEY}{careless}")), &["refuted: baseline", "preuve.yaml:2", "404"]);
}
