//! What is taken away, what is changed by hand, and what a difference tells.

use serde_json::{Value, json};

use super::reconciler::changes;
use super::*;

fn object(kind: &str, name: &str, annotations: Value) -> Value {
    json!({"kind": kind, "metadata": {"name": name, "annotations": annotations}})
}

#[test]
fn what_may_be_taken_out_of_git() {
    let check = |git: &[Value], expected: Option<&str>| {
        assert_eq!(removable(git).map(shown).as_deref(), expected, "{git:?}");
    };
    let none = Value::Null;
    let namespace = object("Namespace", "shop", none.clone());
    let secret = object("Secret", "db", none.clone());
    check(&[namespace.clone(), secret], None);
    let web = object("Deployment", "web", none.clone());
    check(&[namespace, web.clone()], Some("Deployment/web"));
    let service = object("Service", "web", none);
    check(&[web.clone(), service.clone()], Some("Service/web"));
    let argo = object("ConfigMap", "kept", json!({"argocd.argoproj.io/sync-options": "Validate=false, Prune=false"}));
    let flux = object("ConfigMap", "kept", json!({"kustomize.toolkit.fluxcd.io/prune": "disabled"}));
    let labelled = json!({"kind": "ConfigMap", "metadata": {"name": "kept", "labels": {"kustomize.toolkit.fluxcd.io/prune": "disabled"}}});
    for kept in [argo, flux, labelled] {
        check(&[kept, service.clone()], Some("Service/web"));
    }
}

#[test]
fn whose_image_is_changed_by_hand() {
    let pod = json!({"containers": [{"name": "web", "image": "shop/web:1"}]});
    let web = json!({"kind": "Deployment", "metadata": {"name": "web"}, "spec": {"template": {"spec": pod}}});
    let once = json!({"kind": "Job", "metadata": {"name": "once"}, "spec": {"template": {"spec": pod}}});
    assert!(changeable(std::slice::from_ref(&once)).is_none());
    assert_eq!(changeable(&[once, web.clone()]).map(shown).as_deref(), Some("Deployment/web"));
    let waiting = &unscheduled(vec![web, object("Service", "web", Value::Null)]);
    assert_eq!(waiting[0]["spec"]["template"]["spec"]["nodeSelector"], json!({"preuve.example/node": "none"}));
    assert!(waiting[1].get("spec").is_none());
}

#[test]
fn what_a_difference_tells() {
    let diff = "diff -u -N /tmp/LIVE/x /tmp/MERGED/x\n--- /tmp/LIVE/x\n+++ /tmp/MERGED/x\n@@ -6 +6 @@\n-  generation: 2\n\
                +  generation: 3\n   name: web\n-      - image: a:1\n+      - image: a:2\n";
    assert_eq!(changes(diff), ["- - image: a:1", "+ - image: a:2"]);
    assert!(changes("").is_empty());
}
