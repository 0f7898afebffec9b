//! C5 over a real Kubernetes: a small application of our own, delivered with care and without.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod proving;

use app::prove::{Notice, ProofReport};

const DOCKERFILE: &str = "FROM python:3.11-slim
COPY app.py /app/app.py
USER 1000
CMD [\"python3\", \"/app/app.py\"]
";
const SETTINGS: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fares}\ndata: {CURRENCY: EUR}\n";
const READINESS: &str = "          readinessProbe: {httpGet: {path: /, port: 8000}, periodSeconds: 1}\n";
const ROLLING: &str = "{type: RollingUpdate, rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}";

fn manifests(strategy: &str, probe: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: fares
spec:
  replicas: 2
  strategy: {strategy}
  selector: {{matchLabels: {{app: fares}}}}
  template:
    metadata: {{labels: {{app: fares}}}}
    spec:
      containers:
        - name: fares
          image: registry.example.org/shop/fares:1.0.0
          ports: [{{containerPort: 8000}}]
{probe}          securityContext: {{runAsNonRoot: true, allowPrivilegeEscalation: false}}
---
apiVersion: v1
kind: Service
metadata: {{name: fares}}
spec:
  type: NodePort
  selector: {{app: fares}}
  ports: [{{port: 80, targetPort: 8000}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: fares}}
spec:
  maxUnavailable: 1
  selector: {{matchLabels: {{app: fares}}}}
"
    )
}

fn prove(test: &str, manifests: &str) -> ProofReport {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fares");
    let files = [("app.py", &*proving::app(4)), ("Dockerfile", DOCKERFILE), ("kubernetes/fares.yaml", manifests)];
    proving::repository(&path, &files);
    proving::prove(&path, "C5", 8, &proving::session_with_cluster(test))
}

fn check(test: &str, manifests: &str, outcome: &str) -> ProofReport {
    let proof = prove(test, manifests);
    let found = &proof.experiments.iter().find(|one| one.id == "c5.deliver-next-version").unwrap().outcome;
    assert_eq!(*found, outcome, "{}", proof.to_json());
    proof
}

#[test]
fn a_careful_delivery_costs_nobody_anything() {
    let proof = check("careful", &manifests(ROLLING, READINESS), "proven");
    let told = proving::told(&proof);
    assert!(told.contains("policy/v1beta1"), "what was changed is said: {told}");
}

#[test]
fn without_a_readiness_probe_users_pay() {
    let proof = check("unready", &manifests(ROLLING, ""), "refuted");
    let told = proving::told(&proof);
    assert!(told.contains("requests were lost") && told.contains("kubernetes/fares.yaml:"), "{told}");
}

#[test]
fn stopping_all_copies_first_is_a_pause_for_users() {
    let proof = check("recreate", &manifests("{type: Recreate}", READINESS), "refuted");
    let told = proving::told(&proof);
    assert!(told.contains("requests were lost"), "{told}");
}

/// An Application that points to the manifests, with a policy; and something small that may be taken out of git.
fn operated(test: &str, policy: &str) -> ProofReport {
    let application = format!(
        "apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: fares, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: https://git.example.org/shop/fares.git, targetRevision: main, path: kubernetes}}
  destination: {{server: https://kubernetes.default.svc, namespace: default}}
  syncPolicy: {policy}
"
    );
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("fares");
    let files = [
        ("app.py", &*proving::app(4)),
        ("Dockerfile", DOCKERFILE),
        ("kubernetes/fares.yaml", &manifests(ROLLING, READINESS)),
        ("kubernetes/settings.yaml", SETTINGS),
        ("kubernetes/kustomization.yaml", "resources: [fares.yaml, settings.yaml]\n"),
        ("argocd/fares.yaml", &application),
    ];
    proving::repository(&path, &files);
    proving::prove(&path, "C5", 8, &proving::session_with_cluster(test))
}

#[test]
fn what_git_no_longer_holds_disappears_and_what_hands_change_is_undone() {
    let proof = operated("operated", "{automated: {prune: true, selfHeal: true}}");
    let mut findings = proof.experiments.iter().flat_map(|one| &one.findings);
    let found = findings.find(|finding| finding.subject == "Application fares").unwrap();
    assert_eq!(found.outcome.name(), "proven", "{found:#?}");
    let notice = |fault: &str| {
        let trial = found.trials.iter().find(|trial| trial.fault == fault).unwrap();
        match &trial.notice {
            Notice::Noticed { message, .. } => proving::said(Some(message)),
            other => format!("{other:?}"),
        }
    };
    assert_eq!(notice("prune"), "ConfigMap/fares is gone from the cluster");
    assert!(notice("self-heal").contains("preuve/changed-by-hand:1"), "{}", notice("self-heal"));
    assert_eq!((&*notice("null prune"), &*notice("null heal")), ("Missed", "Missed"));
}
