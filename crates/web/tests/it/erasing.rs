//! What is kept about somebody is given to them, and goes when they are forgotten.

use app::console::programme::{Act, EnrolmentId, PersonId};
use app::console::{Role, Scope};
use axum::http::StatusCode;
use serde_json::Value;

use crate::harness::Site;

async fn export(site: &Site, cookie: &str) -> Value {
    serde_json::from_str(&site.get("/account/export", Some(cookie)).await.body).unwrap()
}

/// Hands in the first paper that the title asks for.
async fn hand_in(site: &Site, name: &str, digest: &str) {
    let id = EnrolmentId::new(&site.enrolment(name).await).unwrap();
    let person = PersonId::new(&site.named(name).await).unwrap();
    let scope = Scope::Enrolment(id.clone());
    let paper = site.desk.read(&scope, |records| {
        let (_, _, version) = records.frame(records.enrolment(&id).unwrap()).unwrap();
        version.papers[0].id.clone()
    });
    let act = Act::by(&person, site.now());
    let paper = paper.await.unwrap();
    site.desk.hand_in_paper((&person, &id), &paper, ("report.pdf", digest, 9), act).await.unwrap();
}

#[tokio::test]
async fn what_others_said_is_given_to_whom_it_is_about_and_goes_with_them() {
    let site = Site::open(true).await;
    let id = site.enrolment("Nadir Haddad").await;
    let nadir = site.enter(&site.named("Nadir Haddad").await).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let helene = site.enter(&site.named("Hélène Fabre").await).await;
    let paul = site.enter(&site.named("Paul Tremblay").await).await;
    for (path, who, form) in [
        (format!("/candidate/{id}/messages"), &nadir, "with=coach&message=My+question"),
        (format!("/coach/{id}/messages"), &helene, "with=coach&message=An+answer"),
        (format!("/coach/{id}/messages"), &helene, "with=notes&message=Reads+little"),
        (format!("/certifier/enrolments/{id}/fraud"), &camille, "facts=A+twin+came"),
        (format!("/candidate/{id}/adjustment"), &nadir, "need=other&what=A+quiet+room&reason=An+illness"),
    ] {
        let answer = site.post(&path, Some(who), form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    }
    let kept = export(&site, &nadir).await;
    let said: Vec<(&str, bool)> = kept["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["body"].as_str().unwrap(), one["mine"].as_bool().unwrap()))
        .filter(|(body, _)| ["My question", "An answer", "Reads little"].contains(body))
        .collect();
    assert_eq!(said.len(), 2, "what coaches note among them is theirs: {said:?}");
    assert!(said.contains(&("My question", true)) && said.contains(&("An answer", false)), "{said:?}");
    assert_eq!(kept["fraud_reports"][0]["facts"], "A twin came");
    assert!(kept["fraud_reports"][0].get("reporter").is_none(), "nobody is told who reported");
    let other = export(&site, &paul).await.to_string();
    assert!(!other.contains("A twin came") && !other.contains("An answer"), "{other}");

    let root = site.somebody(Role::Administrator).await;
    let cookie = site.enter(root.person.as_str()).await;
    let person = site.named("Nadir Haddad").await;
    let mine = site.desk.keep(b"my report", site.now()).await.unwrap();
    let shared = site.desk.keep(b"our report", site.now()).await.unwrap();
    for (name, digest) in [("Nadir Haddad", &mine), ("Nadir Haddad", &shared), ("Paul Tremblay", &shared)] {
        hand_in(&site, name, digest).await;
    }
    let erase = format!("/admin/people/{person}/erase");
    let own = format!("/admin/people/{}/erase", root.person);
    assert_eq!(site.post(&erase, Some(&cookie), "reason=+").await.status, StatusCode::CONFLICT, "for a reason");
    assert_eq!(
        site.post(&own, Some(&cookie), "reason=tired").await.status,
        StatusCode::CONFLICT,
        "somebody must remain"
    );
    assert_eq!(site.post(&erase, Some(&camille), "reason=asked").await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.post(&erase, Some(&cookie), "reason=asked").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&erase, Some(&cookie), "reason=asked").await.status, StatusCode::NOT_FOUND, "once");
    let kept = site.desk.export(&PersonId::new(&person).unwrap()).await.unwrap();
    for gone in ["Nadir", "haddad", "My question", "An answer", "Reads little", "A twin came", "illness", "quiet"] {
        assert!(!kept.to_string().contains(gone), "{gone}: {kept}");
    }
    assert_eq!(
        (&kept["fraud_reports"][0]["state"], &kept["messages"]),
        (&"reported".into(), &Value::Array(Vec::new()))
    );
    assert!(!kept.to_string().contains("report.pdf") && kept.to_string().contains(&mine), "{kept}");
    let is_kept = |digest: &str| {
        let (two, rest) = digest.split_at(2);
        site.data.path().join("files/sha256").join(two).join(rest).exists()
    };
    assert!(!is_kept(&mine), "what they handed in is forgotten");
    assert!(is_kept(&shared), "somebody else handed it in, too");
    let paul = PersonId::new(&site.named("Paul Tremblay").await).unwrap();
    site.desk.erase(&paul, Act::by(&root.person, site.now()).because("asked")).await.unwrap();
    assert!(!is_kept(&shared), "nobody is left who handed it in");
    assert_eq!(site.get("/candidate", Some(&nadir)).await.status, StatusCode::SEE_OTHER, "the login ended");
}

#[tokio::test]
async fn an_appeal_is_given_to_who_filed_it_without_who_hears_it() {
    let site = Site::open(true).await;
    let mut found = 0;
    for account in site.desk.accounts().await.unwrap() {
        let kept = site.desk.export(&account.person).await.unwrap();
        for appeal in kept["appeals"].as_array().unwrap() {
            assert!(appeal["person"] == account.person.as_str() && appeal.get("panel").is_none(), "{appeal}");
            assert!(!appeal["grounds"].as_str().unwrap().is_empty(), "{appeal}");
            found += 1;
        }
    }
    assert!(found > 0, "the demonstration has an appeal");
}

#[tokio::test]
async fn an_administrator_finds_people_by_a_name_or_an_address() {
    let site = Site::open(true).await;
    let cookie = site.enter(site.somebody(Role::Administrator).await.person.as_str()).await;
    for (search, there, gone) in [
        ("Nad", "Nadir Haddad", "Paul Tremblay"),
        ("paul.tremblay@demo.invalid", "Paul Tremblay", "Nadir Haddad"),
        ("", "Paul Tremblay", "nobody of that name"),
        ("%25", "0 of 0", "Paul Tremblay"),
    ] {
        let page = site.get(&format!("/admin?search={search}"), Some(&cookie)).await.body;
        assert!(page.contains(there) && !page.contains(gone), "{search}: {page}");
    }
}

#[tokio::test]
async fn what_is_done_to_webhooks_and_tokens_is_in_the_journal() {
    let site = Site::open(true).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let root = site.enter(site.somebody(Role::Administrator).await.person.as_str()).await;
    site.post("/account/tokens", Some(&camille), "name=nightly").await;
    let page = site.get("/account", Some(&camille)).await.body;
    let at = page.find("/account/tokens/").expect("it is listed");
    let revoke: String = page[at..].chars().take_while(|c| *c != '"').collect();
    site.post(&revoke, Some(&camille), "").await;
    let certifier = site.somebody(Role::Certifier).await;
    let home = site.desk.certified_by(&certifier).await.unwrap()[0].0.clone();
    let form = format!("organisation={home}&address=https://hooks.example.org/secret-path&events=appeal.filed");
    let page = site.post("/certifier/webhooks", Some(&camille), &form).await.body;
    let at = page.find("/certifier/webhooks/").expect("its page");
    let own = page[at..].split('"').find_map(|part| part.strip_suffix("/test")).expect("its address").to_owned();
    for act in ["rotate", "remove"] {
        site.post(&format!("{own}/{act}"), Some(&camille), "").await;
    }
    let journal = site.get("/admin/journal", Some(&root)).await.body;
    for what in ["token-made", "token-revoked", "webhook-added", "webhook-rotated", "webhook-removed"] {
        assert_eq!(journal.matches(what).count(), 1, "{what}: {journal}");
    }
    assert!(!journal.contains("secret-path") && !journal.contains("whsec_"), "{journal}");
}
