//! Credentials of the console: signed at publication, verified by anybody, revoked, and made good after a stop.

use app::console::Scope;
use app::console::programme::{AwardState, PersonId};
use app::credential::{Reach, VerifyRequest, verdict, verify};
use axum::http::StatusCode;
use serde_json::Value;

use crate::harness::{NOW, Site};

/// An award of somebody of the demonstration: its id, its code, its enrolment.
async fn award(site: &Site, name: &str) -> (String, String, String) {
    let person = PersonId::new(&site.named(name).await).unwrap();
    let scope = Scope::Candidate(person);
    let found = site.desk.read(&scope, |records| {
        let award = records.awards.first().expect("they hold something");
        (award.id.to_string(), award.code.clone(), award.enrolment.to_string())
    });
    found.await.unwrap()
}

/// What a stranger finds who has the files alone: the verdict and the reason.
async fn stranger(site: &Site, code: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let keep = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let credential = site.get(&format!("/verify/{code}.json"), None).await;
    assert_eq!(credential.headers["content-type"], "application/vc+ld+json");
    let told: Value = serde_json::from_str(&credential.body).unwrap();
    let list = told["credentialStatus"]["statusListCredential"].as_str().unwrap();
    let path = |url: &str| url.strip_prefix("https://console.test").unwrap().to_owned();
    let issuer = told["issuer"]["id"].as_str().unwrap();
    let document = app::credential::document_url(issuer).unwrap();
    let (document, status) = (site.get(&path(&document), None).await, site.get(&path(list), None).await);
    let receipt = site.get(&format!("/verify/{code}.receipt.json"), None).await;
    let request = VerifyRequest {
        target: keep("credential.json", &credential.body).display().to_string(),
        at: None,
        issuers: vec![keep("issuer.json", &document.body)],
        statuses: vec![keep("status.json", &status.body)],
        receipt: Some(keep("receipt.json", &receipt.body)),
        subject: None,
        evidence: vec![],
        now: jiff::Timestamp::from_second(NOW).unwrap(),
        reach: Reach::Nothing,
    };
    let found = verify(&request).unwrap();
    let reason = found.report.reason().map_or(String::new(), |(_, reason)| reason.code().to_owned());
    (verdict(found.report.verdict()).to_owned(), reason)
}

#[tokio::test]
async fn what_is_held_verifies_and_what_was_revoked_does_not() {
    let site = Site::open(true).await;
    let (id, code, _) = award(&site, "Awa Diallo").await;
    let unsigned = site.get(&format!("/verify/{code}"), None).await;
    assert!(unsigned.body.contains("is not signed yet"), "{}", unsigned.body);
    site.console.settle_all().await.unwrap();
    let page = site.get(&format!("/verify/{code}"), None).await.body;
    assert_eq!(page.matches("tag reached\">passed").count(), 8, "{page}");
    assert_eq!(stranger(&site, &code).await, ("verified".to_owned(), String::new()));
    let certifier = site.enter(&site.named("Camille Morel").await).await;
    let answer = site.post(&format!("/certifier/awards/{id}/revoke"), Some(&certifier), "reason=Fraud").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(stranger(&site, &code).await, ("refused".to_owned(), "revoked".to_owned()));
    let page = site.get(&format!("/verify/{code}"), None).await.body;
    assert!(page.contains("tag below\">refused") && page.contains("the issuer revoked it"), "{page}");
    // Somebody else's still holds: the list is one bit each.
    let (_, other, _) = award(&site, "Bastien Perrot").await;
    assert_eq!(stranger(&site, &other).await.0, "verified");
}

/// The process ends after the publication was recorded and before anything was signed; later it ends again in between.
#[tokio::test]
async fn a_stop_between_award_and_credential_is_made_good_once() {
    let site = Site::open(true).await;
    site.console.settle_all().await.unwrap();
    let (id, code, _) = award(&site, "Awa Diallo").await;
    let before = site.get(&format!("/verify/{code}.json"), None).await.body;
    site.console.settle_all().await.unwrap();
    assert_eq!(site.get(&format!("/verify/{code}.json"), None).await.body, before, "signed once");
    // The award is revoked and nobody signs: the list catches up.
    let certifier = site.somebody(app::console::Role::Certifier).await;
    let act = app::console::programme::Act::by(&certifier.person, jiff::Timestamp::from_second(NOW).unwrap());
    let award = app::console::programme::AwardId::new(&id).unwrap();
    site.desk.revoke(&certifier, &award, act.because("Fraud")).await.unwrap();
    assert_eq!(stranger(&site, &code).await.0, "verified");
    site.console.settle_all().await.unwrap();
    assert_eq!(stranger(&site, &code).await, ("refused".to_owned(), "revoked".to_owned()));
    let scope = Scope::Award(award);
    let held = site.desk.read(&scope, |records| records.awards[0].state("2026-11-22".parse().unwrap()));
    assert_eq!(held.await.unwrap(), AwardState::Revoked);
}

/// A console is lost with its disk, and comes back from its backup: the same issuer, the same words, and what was
/// revoked stays so.
#[tokio::test]
async fn what_was_signed_is_in_the_backup() {
    let site = Site::open(true).await;
    let (id, code, _) = award(&site, "Awa Diallo").await;
    let (_, other, _) = award(&site, "Bastien Perrot").await;
    site.console.settle_all().await.unwrap();
    let certifier = site.enter(&site.named("Camille Morel").await).await;
    site.post(&format!("/certifier/awards/{id}/revoke"), Some(&certifier), "reason=Fraud").await;
    let issuer = issuer_of(&site, &code).await;
    let public = [
        format!("/verify/{code}"),
        format!("/verify/{code}.json"),
        format!("/verify/{other}"),
        format!("/verify/{other}.receipt.json"),
        format!("/issuers/{issuer}/did.json"),
        format!("/issuers/{issuer}/status/1"),
        format!("/issuers/{issuer}/log/checkpoint"),
        format!("/issuers/{issuer}/log/entries"),
    ];
    let mut before = Vec::new();
    for path in &public {
        before.push(site.get(path, None).await.body);
    }
    let [kept, fresh] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let backup = kept.path().join("backup");
    let (from, to, folder) = (site.data.path().to_owned(), fresh.path().to_owned(), backup.clone());
    let installation = |data: std::path::PathBuf| app::admin::Installation {
        data,
        database: None,
        files: None,
        chance: std::sync::Arc::new(|| [7; 32]),
    };
    // Those begin workers of their own.
    let work = tokio::task::spawn_blocking(move || {
        let at = jiff::Timestamp::from_second(NOW).unwrap();
        app::admin::backup(&installation(from.clone()), &folder, at).unwrap();
        let (_, found) = app::admin::restore(&installation(to.clone()), &folder).unwrap();
        assert!(found.is_well() && found.credentials > 1, "{:?}", found.flaws);
        let key = to.join("issuers").read_dir().unwrap().next().unwrap().unwrap().path().join("key-1.pem");
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        // What is wrong is found: a key that others read, a credential that is gone, an issuer that is gone.
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let credentials = key.with_file_name("credentials");
        let lost = credentials.read_dir().unwrap().next().unwrap().unwrap().path();
        std::fs::rename(&lost, key.with_file_name("aside")).unwrap();
        let flaws = app::admin::check(&installation(to.clone()), &[]).unwrap().flaws;
        let codes: Vec<&str> = flaws.iter().map(|(_, flaw)| flaw.said().0).collect();
        assert_eq!(codes, ["open", "lost"], "{flaws:?}");
        std::fs::rename(key.with_file_name("aside"), &lost).unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::rename(to.join("issuers"), to.join("gone")).unwrap();
        let flaws = app::admin::check(&installation(to.clone()), &[]).unwrap().flaws;
        assert_eq!(flaws.first().map(|(_, flaw)| flaw.said().0), Some("missing"));
        std::fs::rename(to.join("gone"), to.join("issuers")).unwrap();
    });
    work.await.unwrap();
    let again = Site::open_in(fresh, false, |settings| settings.demo = true).await;
    again.console.settle_all().await.unwrap();
    for (path, before) in public.iter().zip(before) {
        assert_eq!(again.get(path, None).await.body, before, "{path}");
    }
    assert_eq!(stranger(&again, &code).await, ("refused".to_owned(), "revoked".to_owned()));
    assert_eq!(stranger(&again, &other).await.0, "verified");
}

async fn issuer_of(site: &Site, code: &str) -> String {
    let told: Value = serde_json::from_str(&site.get(&format!("/verify/{code}.json"), None).await.body).unwrap();
    told["issuer"]["id"].as_str().unwrap().rsplit(':').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_holder_takes_home_what_is_theirs() {
    let site = Site::open(true).await;
    let (_, _, enrolment) = award(&site, "Awa Diallo").await;
    let awa = site.enter(&site.named("Awa Diallo").await).await;
    let clara = site.enter(&site.named("Clara Nguyen").await).await;
    for (form, kind, holds) in [
        ("json", "application/vc+ld+json", "OpenBadgeCredential"),
        ("svg", "image/svg+xml", "openbadges:credential"),
        ("png", "image/png", "PNG"),
        ("pdf", "application/pdf", "%PDF-"),
    ] {
        let path = format!("/candidate/{enrolment}/credential/{form}");
        let answer = site.get(&path, Some(&awa)).await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, kind));
        assert!(answer.body.contains(holds), "{form}");
        assert_eq!(site.get(&path, Some(&clara)).await.status, StatusCode::NOT_FOUND, "{form}");
    }
    let none = site.get(&format!("/candidate/{enrolment}/credential/exe"), Some(&awa)).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_signed_names_nobody_else_and_tells_every_criterion() {
    let site = Site::open(true).await;
    site.console.settle_all().await.unwrap();
    let (_, code, _) = award(&site, "Awa Diallo").await;
    let told: Value = serde_json::from_str(&site.get(&format!("/verify/{code}.json"), None).await.body).unwrap();
    let subject = &told["credentialSubject"];
    let results = subject["result"].as_array().unwrap();
    let described = subject["achievement"]["resultDescription"].as_array().unwrap();
    assert_eq!((results.len(), described.len()), (20, 20));
    for result in results {
        assert!(described.iter().any(|one| one["id"] == result["resultDescription"]), "{result}");
    }
    assert!(!subject["achievement"]["alignment"].as_array().unwrap().is_empty());
    assert!(told["evidence"].as_array().unwrap().iter().all(|one| one["digestSRI"].is_string()));
    let text = told.to_string();
    assert!(text.contains("Awa Diallo") && !text.contains("@demo.invalid"), "an address is told as a hash");
    let log = site.get(&format!("/issuers/{}/log/entries", issuer(&told)), None).await.body;
    assert!(log.contains("issued") && !log.contains("Awa"), "{log}");
    let checkpoint = site.get(&format!("/issuers/{}/log/checkpoint", issuer(&told)), None).await.body;
    let lines: Vec<String> = serde_json::from_str(&log).unwrap();
    assert_eq!(checkpoint.lines().nth(1), Some(lines.len().to_string().as_str()));
}

fn issuer(told: &Value) -> String {
    told["issuer"]["id"].as_str().unwrap().rsplit(':').next().unwrap().to_owned()
}
