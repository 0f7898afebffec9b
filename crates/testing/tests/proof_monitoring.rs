//! C6 over the real engine: a small service with its Prometheus and Alertmanager, healthy and not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use app::prove::ProofReport;

const COMPOSE: &str = "services:
  shop:
    build: .
    ports: ['8000:8000']
  prometheus:
    image: prom/prometheus:v2.42.0
    volumes: ['./prometheus:/etc/prometheus:ro']
  alertmanager:
    image: prom/alertmanager:v0.25.0
    volumes: ['./alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro']
";
const DOCKERFILE: &str = "FROM python:3.11-slim
COPY shop.py /shop.py
USER 1000
CMD [\"python3\", \"/shop.py\"]
";
const SHOP: &str = "import http.server

asked = 0


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global asked
        asked += 1
        body = f'# TYPE shop_requests_total counter\\nshop_requests_total {asked}\\n'.encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(('', 8000), Shop).serve_forever()
";
const PROMETHEUS: &str = "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [rules/*.yml]
alerting:
  alertmanagers:
    - static_configs: [{targets: ['alertmanager:9093']}]
scrape_configs:
  - job_name: shop
    static_configs: [{targets: ['shop:8000']}]
";
const RULES: &str = "groups:
  - name: shop
    rules:
      - record: shop:requests:rate10s
        expr: rate(shop_requests_total[10s])
      - alert: ShopDown
        expr: up{job=\"shop\"} == 0
        for: 2s
";
const ROUTES: &str = "route: {receiver: team, group_wait: 1s, group_interval: 2s}
receivers:
  - name: team
    slack_configs: [{api_url: 'https://chat.example.org/hook', channel: '#shop', send_resolved: true}]
";

/// The outcome with the reason, of the healthy site with one text replaced in one of its files.
fn prove(path: &str, from: &str, to: &str) -> (String, ProofReport) {
    let mut files = [
        ("compose.yaml", COMPOSE),
        ("Dockerfile", DOCKERFILE),
        ("shop.py", SHOP),
        ("prometheus/prometheus.yml", PROMETHEUS),
        ("prometheus/rules/shop.yml", RULES),
        ("alertmanager.yml", ROUTES),
    ]
    .map(|(path, text)| (path, text.to_owned()));
    if !path.is_empty() {
        let (_, text) = files.iter_mut().find(|(known, _)| *known == path).expect("it is one of the files");
        assert!(text.contains(from), "{path} has no {from}");
        *text = text.replace(from, to);
    }
    let dir = tempfile::tempdir().unwrap();
    let repository = dir.path().join("repository");
    proving::repository(&repository, &files.each_ref().map(|(path, text)| (*path, &**text)));
    let proof = proving::prove(&repository, "C6", 0, &proving::session(&format!("C6 {path} {to}")));
    let because = proving::said(proof.experiments[0].findings.first().and_then(|finding| finding.outcome.because()));
    (format!("{}: {because}", proof.experiments[0].outcome), proof)
}

fn check(path: &str, from: &str, to: &str, expected: &[&str]) {
    let (told, proof) = prove(path, from, to);
    for words in expected {
        assert!(told.contains(words), "{told}\n{}", proof.to_json());
    }
}

#[test]
fn a_service_whose_end_is_told() {
    let (told, proof) = prove("", "", "");
    assert_eq!(told, "proven: ", "{}", proof.to_json());
    let finding = &proof.experiments[0].findings[0];
    assert!(
        finding.stand_ins.iter().any(|line| proving::said(Some(line)).contains("prom/prometheus:v2.42.0")),
        "{:?}",
        finding.stand_ins
    );
    assert!(finding.trials.iter().any(|trial| trial.fault.starts_with("kill shop")), "{:?}", finding.trials);
}

#[test]
fn a_metric_that_nobody_exports() {
    let lost = "alert: ShopDown\n        expr: shop_lost_total > 5\n      - alert: Gone";
    check(
        "prometheus/rules/shop.yml",
        "alert: ShopDown",
        lost,
        &["refuted", "alert ShopDown", "shop_lost_total", "prometheus/rules/shop.yml:6"],
    );
}

#[test]
fn a_receiver_without_a_channel() {
    let from =
        "    slack_configs: [{api_url: 'https://chat.example.org/hook', channel: '#shop', send_resolved: true}]\n";
    check("alertmanager.yml", from, "", &["refuted", "delivered to nobody", "prometheus/rules/shop.yml:6"]);
}

#[test]
fn rules_that_are_not_loaded() {
    check(
        "prometheus/prometheus.yml",
        "rules/*.yml",
        "alerts/*.yml",
        &["refuted", "not loaded", "prometheus/rules/shop.yml:6"],
    );
}
