//! C4 over a real Kubernetes: the tests of a small chart of our own, one that asks and one that only says so.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use app::prove::ProofReport;

const DOCKERFILE: &str = "FROM python:3.11-slim
RUN mkdir /srv/fares && echo fares > /srv/fares/index.html
USER 1000
CMD [\"python3\", \"-m\", \"http.server\", \"8000\", \"--directory\", \"/srv/fares\"]
";
const CHART: &str = "apiVersion: v2\nname: fares\nversion: 1.0.0\nappVersion: \"1.0.0\"\n";
const RELEASE: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: fares
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: fares}}
  template:
    metadata: {labels: {app: fares}}
    spec:
      containers:
        - name: fares
          image: registry.example.org/shop/fares:{{ .Chart.AppVersion }}
          ports: [{containerPort: 8000}]
          readinessProbe: {httpGet: {path: /, port: 8000}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: fares}
spec:
  selector: {app: fares}
  ports: [{port: 80, targetPort: 8000}]
";

fn test(script: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata:
  name: {{{{ .Release.Name }}}}-test
  annotations: {{helm.sh/hook: test}}
spec:
  restartPolicy: Never
  containers:
    - name: ask
      image: registry.example.org/shop/fares:{{{{ .Chart.AppVersion }}}}
      env: [{{name: FARES, value: \"http://fares:80/\"}}]
      command: [python3, -c, '{script}']
"
    )
}

fn prove(name: &str, script: &str) -> ProofReport {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fares");
    let test = test(script);
    let files = [
        ("Dockerfile", DOCKERFILE),
        ("chart/Chart.yaml", CHART),
        ("chart/values.yaml", "replicas: 1\n"),
        ("chart/templates/fares.yaml", RELEASE),
        ("chart/templates/tests/asks.yaml", &test),
    ];
    proving::repository(&path, &files);
    proving::prove(&path, "C4", 8, &proving::session_with_cluster(name))
}

fn check(name: &str, script: &str, outcome: &str, told: &[&str]) {
    let proof = prove(name, script);
    let found = proof.experiments.iter().find(|one| one.id == "c4.damage-the-host").unwrap();
    assert_eq!(found.outcome, outcome, "{}", proof.to_json());
    let all = proving::told(&proof);
    for part in told {
        assert!(all.contains(part), "{part}: {all}");
    }
}

#[test]
fn a_test_that_asks_sees_what_is_broken() {
    let script = r#"import os, urllib.request; assert b"fares" in urllib.request.urlopen(os.environ["FARES"], timeout=5).read()"#;
    check("chart", script, "proven", &["Service/fares leads to no pod", "Deployment/fares is stopped"]);
}

#[test]
fn a_test_that_only_says_so_is_refuted() {
    let script = r#"import os; print("asked", os.environ["FARES"])"#;
    check("chart-said", script, "refuted", &["nothing noticed: Service/fares leads to no pod"]);
}
