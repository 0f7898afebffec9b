//! Signed records of runs: believed when a trusted key signed them for the frozen commit, else refused with the reason.

use app::console::Scope;
use app::console::programme::{EnrolmentId, RunKind};
use app::prove::{Envelope, Signer};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::harness::{Answer, Site, request};

const COMMIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const EXPERIMENT: &str = "c2.run-pipeline";

/// The record of a run that proved an indicator, and the record that names the indicator.
fn records(signer: &Signer, commit: &str, indicator: &str, version: &str) -> Vec<(String, String)> {
    let seal =
        |statement: serde_json::Value| Envelope::seal(&serde_json::to_vec(&statement).unwrap(), signer).to_json();
    let subject = json!([{ "name": "repository", "digest": { "gitCommit": commit } }]);
    let run = seal(json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subject,
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "predicate": { "result": "PASSED", "configuration": [{ "name": EXPERIMENT,
            "annotations": { "day": "2026-11-20", "finding": { "outcome": "proven" } } }] },
    }));
    let digest: String = Sha256::digest(run.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let names = seal(json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subject,
        "predicateType": "https://in-toto.io/attestation/scai/v0.3",
        "predicate": { "attributes": [{ "attribute": indicator, "evidence": { "digest": { "sha256": digest } },
            "conditions": { "framework": "rs-devops", "frameworkVersion": version, "experiment": EXPERIMENT,
                "rung": "proven", "day": "2026-11-20", "standIns": [] } }] },
    }));
    vec![("run.json".to_owned(), run), ("names.json".to_owned(), names)]
}

async fn send(site: &Site, path: &str, cookie: &str, files: &[(String, String)]) -> Answer {
    let part = |(name, text): &(String, String)| {
        format!("--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let body: String = files.iter().map(part).collect();
    let mut asked = request(Method::POST, path, Some(cookie), &format!("{body}--edge--\r\n"));
    asked.headers_mut().insert(CONTENT_TYPE, "multipart/form-data; boundary=edge".parse().unwrap());
    site.ask(asked).await
}

#[tokio::test]
async fn a_trusted_record_lifts_the_ladder_and_any_other_is_refused_with_its_reason() {
    let site = Site::open(true).await;
    let nadir = site.enter(&site.named("Nadir Haddad").await).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let paul = site.enter(&site.named("Paul Tremblay").await).await;
    let rose = site.stranger().await;
    let id = site.enrolment("Nadir Haddad").await;
    let path = format!("/candidate/{id}/proofs");
    let packs = app::Packs::load(&[]).unwrap();
    let framework = packs.framework("rs-devops").unwrap();
    let mut indicators = framework.competences.iter().flat_map(|one| one.indicators.iter().map(move |i| (one, i)));
    let (competence, indicator) =
        indicators.find(|(_, one)| one.experiments.iter().any(|id| **id == *EXPERIMENT)).expect("one is proven by it");
    // The checks that show one of its criteria, all met, and cited by the indicator.
    let shown =
        competence.criteria.iter().find(|one| !one.shown_by.is_empty()).expect("a criterion is shown by checks");
    let checks: Vec<_> = shown.shown_by.iter().map(|id| json!({ "id": id.to_string(), "outcome": "met" })).collect();
    let cited: Vec<_> = shown
        .shown_by
        .iter()
        .map(|id| json!({ "check": id.to_string(), "role": "supports", "path": "a", "line": 1 }))
        .collect();
    let (competence, indicator) = (competence.id.to_string(), indicator.id.to_string());
    let (ours, other) = (Signer::new([7; 32]), Signer::new([8; 32]));
    let version = framework.header.version.as_str();

    // Nothing is handed in: nothing can be proven.
    let early = send(&site, &path, &nadir, &records(&ours, COMMIT, &indicator, version)).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let frozen = site.post(&format!("/candidate/{id}/hand-in"), Some(&nadir), &format!("commit={COMMIT}")).await;
    assert_eq!(frozen.status, StatusCode::SEE_OTHER, "{}", frozen.body);
    let report = json!({
        "schema": "preuve-report/1", "as_of": "2026-11-22", "repository": { "commit": COMMIT },
        "frameworks": [{ "id": "rs-devops", "version": version, "competences": [{ "id": competence, "indicators": [{
            "id": indicator, "title": "One", "required": "proven", "rung": "present", "status": "open",
            "evidence": cited }] }] }],
        "checks": checks,
    });
    let report =
        site.send(&format!("/certifier/enrolments/{id}/report"), &camille, "report", &report.to_string()).await;
    assert_eq!(report.status, StatusCode::SEE_OTHER, "{}", report.body);

    // No key is trusted yet; then ours is.
    let refused = send(&site, &path, &nadir, &records(&ours, COMMIT, &indicator, version)).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("run.json"),
        "{}",
        refused.body
    );
    let keys = "/certifier/titles/rs-devops/keys";
    let pem: String = form_value(&ours.public().to_pem());
    assert_eq!(site.post(keys, Some(&rose), &format!("keys={pem}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(keys, Some(&camille), "keys=nonsense").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.post(keys, Some(&camille), &format!("keys={pem}")).await.status, StatusCode::SEE_OTHER);
    let title = site.get("/certifier/titles/rs-devops", Some(&camille)).await.body;
    assert!(title.contains(&ours.public().id()), "{title}");

    for (files, reason) in [
        (records(&other, COMMIT, &indicator, version), "no trusted key"),
        (records(&ours, &"b".repeat(40), &indicator, version), &"b".repeat(40)),
        (records(&ours, COMMIT, &indicator, version)[1..].to_vec(), EXPERIMENT),
        (vec![("x.json".to_owned(), "{}".to_owned())], "x.json"),
    ] {
        let answer = send(&site, &path, &nadir, &files).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert!(answer.body.contains(reason), "{reason}: {}", answer.body);
    }
    assert_eq!(
        send(&site, &path, &paul, &records(&ours, COMMIT, &indicator, version)).await.status,
        StatusCode::NOT_FOUND
    );
    // A program of a certifier whose organisation it is not, one without the scope, and one that may.
    let api = format!("/api/v1/enrolments/{id}/proofs");
    let sent = |files: &[(String, String)]| json!({ "records": files.iter().map(|(name, text)| json!({ "name": name, "text": text })).collect::<Vec<_>>() });
    let theirs = token(&site, &rose, "&proofs=yes").await;
    let (reads, writes) = (token(&site, &camille, "").await, token(&site, &camille, "&proofs=yes").await);
    let wrong = sent(&records(&other, COMMIT, &indicator, version));
    for (token, body, status) in [
        (&theirs, &wrong, StatusCode::NOT_FOUND),
        (&reads, &wrong, StatusCode::FORBIDDEN),
        (&writes, &json!({ "records": [] }), StatusCode::UNPROCESSABLE_ENTITY),
        (&writes, &wrong, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(by_program(&site, &api, token, body).await.status, status, "{body}");
    }
    let told: serde_json::Value = serde_json::from_str(&by_program(&site, &api, &writes, &wrong).await.body).unwrap();
    assert!(
        told["believed"] == json!([]) && told["refused"][0]["en"].as_str().unwrap().contains("no trusted key"),
        "{told}"
    );
    let good = sent(&records(&ours, COMMIT, &indicator, version));
    let answer = by_program(&site, &api, &writes, &good).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&told["believed"], &told["proven"]), (&json!(["run.json", "names.json"]), &json!(1)));

    let believed = send(&site, &path, &nadir, &records(&ours, COMMIT, &indicator, version)).await;
    assert_eq!(believed.status, StatusCode::OK, "{}", believed.body);
    assert!(believed.body.contains("Believed: 2"), "{}", believed.body);

    let of = EnrolmentId::new(&id).unwrap();
    let scope = Scope::Enrolment(of.clone());
    let runs = site.desk.read(&scope, |records| records.enrolment(&of).unwrap().runs.clone()).await.unwrap();
    let last = runs.last().unwrap();
    assert!(last.kind == RunKind::Proof && last.commit == COMMIT, "{last:?}");
    assert!(last.findings.values().any(|finding| finding.rung == "proven"), "{last:?}");
    let evidence = site.get(&format!("/candidate/{id}/evidence"), Some(&nadir)).await.body;
    assert!(evidence.contains(EXPERIMENT), "{evidence}");
}

/// A token of somebody's own, made on the page of their account.
async fn token(site: &Site, cookie: &str, with: &str) -> String {
    let page = site.post("/account/tokens", Some(cookie), &format!("name=runner{with}")).await.body;
    let at = page.find("preuve_").expect("a token");
    page[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

async fn by_program(site: &Site, path: &str, token: &str, body: &serde_json::Value) -> Answer {
    let mut asked = request(Method::POST, path, None, &body.to_string());
    asked.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    asked.headers_mut().insert(CONTENT_TYPE, "application/json".parse().unwrap());
    site.ask(asked).await
}

/// A text as the value of a form.
fn form_value(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
