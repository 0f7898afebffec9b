//! The pure parts: what is chosen, fitted, broken and counted.

use serde_json::{Value, json};

use super::data::{forgetful, kept};
use super::entry::urls;
use super::fit::fit;
use super::json::{images, shown};
use super::load::Record;
use super::release::{Break, broken, remarked, with_images};
use super::secrets::Given;
use crate::declared::{self, Declared};
use crate::say::Spoken;

fn workload() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"selector": {"matchLabels": {"app": "web"}}, "template": {"metadata": {"labels": {"app": "web"}}, "spec": {
            "nodeSelector": {"disk": "fast"},
            "containers": [{"name": "web", "image": "shop/web:1", "imagePullPolicy": "Always", "args": ["serve"],
                "readinessProbe": {"httpGet": {"path": "/ready", "port": 8000}},
                "env": [{"name": "P", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}],
                "resources": {"requests": {"cpu": "4", "memory": "8Gi"}}}]}}}})
}

fn service() -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8000}]}})
}

#[test]
fn what_a_small_cluster_takes() {
    let check = |document: Value, expected: &[&str]| {
        let fitted = fit(vec![document], &Given::default());
        let found: Vec<String> = fitted
            .documents
            .iter()
            .map(|one| format!("{} {}", one["apiVersion"].as_str().unwrap_or_default(), shown(one)))
            .collect();
        assert_eq!(found, expected);
        fitted
    };
    let object = |api: &str, kind: &str| json!({"apiVersion": api, "kind": kind, "metadata": {"name": "x"}});
    check(object("policy/v1", "PodDisruptionBudget"), &["policy/v1beta1 PodDisruptionBudget/x"]);
    check(object("batch/v1", "CronJob"), &["batch/v1beta1 CronJob/x"]);
    check(object("batch/v1", "Job"), &["batch/v1 Job/x"]);
    check(json!({"kind": "List", "items": [object("v1", "ConfigMap")]}), &["v1 ConfigMap/x"]);
    let unknown = check(object("monitoring.coreos.com/v1", "ServiceMonitor"), &[]);
    assert!(
        unknown.notes.iter().any(|note| note.to_string().contains("left out: ServiceMonitor/x")),
        "{:?}",
        unknown.notes
    );
    let expected = ["v1 Namespace/shop", "v1 Secret/db", "apps/v1 Deployment/web"];
    let fitted = check(workload(), &expected);
    let container = &fitted.documents[2]["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["imagePullPolicy"], "IfNotPresent");
    assert_eq!(container["resources"]["requests"], json!({"cpu": "10m", "memory": "16Mi"}));
    assert!(fitted.documents[2].pointer("/spec/template/spec/nodeSelector").is_none());
    assert_eq!(fitted.documents[1]["stringData"], json!({"password": "preuve"}));
    assert!(
        fitted.stand_ins.iter().any(|line| line.to_string().starts_with("Secret/db -> ")),
        "{:?}",
        fitted.stand_ins
    );
}

#[test]
fn an_encrypted_secret_keeps_its_keys() {
    let sealed = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "sops": {"version": "3"},
        "stringData": {"password": "ENC[x]", "user": "ENC[y]"}});
    let fitted = fit(vec![sealed.clone()], &Given::default());
    assert_eq!(fitted.documents[0]["stringData"], json!({"password": "preuve", "user": "preuve"}));
    assert!(fitted.documents[0].get("sops").is_none());
    // What the candidate gives stands in its place, further keys included, and no other secret is touched.
    let values =
        [("user", "app"), ("app.conf", "key = {placeholder}\n")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let given = |name: &str| {
        let secrets = vec![declared::Secret { name: name.into(), values: values.clone().into() }];
        Given::of(&Declared { secrets, ..Declared::default() })
    };
    let fitted = fit(vec![sealed.clone()], &given("db"));
    let expected = json!({"password": "preuve", "user": "app", "app.conf": "key = preuve\n"});
    assert_eq!(fitted.documents[0]["stringData"], expected);
    let told = "Secret/db -> the same keys with values of preuve.yaml, since its key is not here";
    assert!(fitted.stand_ins.iter().any(|line| line == told), "{:?}", fitted.stand_ins);
    assert_eq!(fit(vec![sealed], &given("other")).documents[0]["stringData"]["user"], "preuve");
    let plain =
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "stringData": {"user": "own"}});
    assert_eq!(fit(vec![plain], &given("db")).documents[0]["stringData"], json!({"user": "own"}));
}

#[test]
fn claims_find_a_volume() {
    let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"},
        "spec": {"storageClassName": "fast", "selector": {}}});
    let fitted = fit(vec![claim], &Given::default());
    assert_eq!(fitted.documents[0]["spec"], json!({"storageClassName": "preuve"}));
    assert_eq!(fitted.stand_ins.len(), 1);
}

#[test]
fn releases() {
    let held = [("shop/web:1".to_owned(), "sha256:1".to_owned())].into();
    let good = with_images(&[workload(), service()], &held);
    assert_eq!(images(&good[0]), ["sha256:1"]);
    for how in Break::ALL {
        let bad = broken(&good, "Deployment/web", how, "sha256:hollow");
        assert_ne!(bad[0], good[0], "{}", how.id());
        assert_eq!(bad[1], good[1], "only the workload is broken");
        assert_eq!(broken(&good, "Deployment/other", how, "sha256:hollow"), good);
    }
    let silent = broken(&good, "Deployment/web", Break::Silent, "sha256:hollow");
    let container = &silent[0]["spec"]["template"]["spec"]["containers"][0];
    assert_eq!((&container["image"], container.get("args")), (&json!("sha256:hollow"), None));
    let again = remarked(&good, "Deployment/web");
    assert_eq!(images(&again[0]), images(&good[0]));
    assert_ne!(again, good);
}

#[test]
fn where_users_come_in() {
    let ingress = json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web"},
        "spec": {"rules": [{"http": {"paths": [{"path": "/fr"}, {"path": "/api(/|$)(.*)"}]}}]}});
    let found = urls(&[workload(), service(), ingress], "Deployment/web");
    let at = |path: &str| format!("http://web.shop.svc.cluster.local:80{path}");
    assert_eq!(found, [at("/"), at("/fr"), at("/ready")]);
    let other = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "elsewhere"},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}});
    assert!(urls(&[workload(), other], "Deployment/web").is_empty(), "a service chooses in its own name space");
}

#[test]
fn what_was_lost() {
    let check = |text: &str, after: u64, until: u64, expected: &str| {
        assert_eq!(Record::read(text).served(after, until).spoken().to_string(), expected, "{text}");
    };
    let good = "url http://a/\nsent 1\nanswer 1 200\nsent 2\nsent 3\nanswer 3 200\nanswer 2 302\n";
    check(good, 0, 3, "all of 3 requests were answered");
    check(good, 2, 3, "all of 1 requests were answered");
    check("sent 1\nanswer 1 503\nsent 2\nanswer 2 200\n", 0, 2, "1 of 2 requests were lost (first: 503)");
    check("sent 1\nanswer 1 TimeoutError\n", 0, 1, "1 of 1 requests were lost (first: TimeoutError)");
    check("sent 1\nsent 2\nanswer 2 200\n", 0, 2, "1 of 2 requests were lost (first: no answer)");
    let record = Record::read(good);
    assert!(record.settled(3) && !record.settled(4));
    assert!(!Record::read("sent 1\nsent 2\nanswer 2 200\n").settled(2), "an answer is awaited");
    assert_eq!(Record::read("try http://a/ 503\n").tried["http://a/"], "503");
}

#[test]
fn what_outlives_pods() {
    let mount = |name: &str, path: &str| json!({"name": name, "mountPath": path});
    let with = |kind: &str, more: Value| {
        let mut one = json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "db", "namespace": "shop"},
            "spec": {"template": {"spec": {"containers": [{"name": "db", "volumeMounts": [
                mount("data", "/data"), mount("tmp", "/tmp"), {"name": "data", "mountPath": "/ro", "readOnly": true}]}],
                "volumes": [{"name": "tmp", "emptyDir": {}}]}}}});
        for (key, value) in more.as_object().unwrap() {
            match key.as_str() {
                "volume" => one["spec"]["template"]["spec"]["volumes"].as_array_mut().unwrap().push(value.clone()),
                _ => one["spec"][key] = value.clone(),
            }
        }
        one
    };
    let claim = json!({"volume": {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}});
    let templates = json!({"volumeClaimTemplates": [{"metadata": {"name": "data"}}]});
    for (kind, more) in [("Deployment", claim), ("StatefulSet", templates)] {
        let one = with(kind, more);
        let found: Vec<String> = kept(std::slice::from_ref(&one)).iter().map(ToString::to_string).collect();
        assert_eq!(found, [format!("/data of {kind}/db")]);
        let forgot = forgetful(&[one], &format!("{kind}/db"));
        assert!(kept(&forgot).is_empty(), "{forgot:?}");
        let mounts = &forgot[0]["spec"]["template"]["spec"]["containers"][0]["volumeMounts"];
        assert_eq!((&mounts[0]["name"], &mounts[1]["name"]), (&json!("preuve-empty"), &json!("tmp")));
    }
    assert!(kept(&[with("Deployment", json!({}))]).is_empty(), "an empty folder ends with its pod");
    assert!(kept(&[with("CronJob", json!({}))]).is_empty());
}
