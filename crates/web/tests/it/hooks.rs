//! Webhooks: told once what happened in their organisation and nothing else, again after a failure, and given up.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use app::console::Scope;
use app::console::programme::PersonId;
use app::console::store::jobs::JobState;
use app::console::webhooks::{DELIVERIES, KINDS};
use app::credential::Reach;
use axum::http::header::AUTHORIZATION;
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::{NOW, Site, request};
use crate::orals;

/// What arrived: headers and body.
type Heard = Arc<Mutex<Vec<(String, Value)>>>;

/// A receiver on this machine that gives these answers, the last one for ever.
fn receiver(answers: Vec<u16>) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        for (nth, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut bytes = Vec::new();
            let mut part = [0; 4096];
            let (head, body) = loop {
                let read = stream.read(&mut part).unwrap();
                bytes.extend_from_slice(&part[..read]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length =
                    head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
                if length.is_none_or(|length: usize| body.len() >= length) || read == 0 {
                    break (head.to_owned(), body.to_owned());
                }
            };
            kept.lock().unwrap().push((head, serde_json::from_str(&body).unwrap_or_default()));
            let status = answers.get(nth).or(answers.last()).copied().unwrap_or(204);
            let _ = write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    (address, heard)
}

async fn site() -> Site {
    Site::open_with(true, |settings| settings.private_webhooks = true).await
}

/// Sends all that waits now. Gives how many messages arrived, and how many did not.
async fn send(site: &Site) -> (usize, usize) {
    site.desk.tell_webhooks("http://console.test", site.now()).await.unwrap();
    let (mut arrived, mut failed) = (0, 0);
    while let Some(job) =
        site.desk.next_job("w", &[DELIVERIES], site.now(), SignedDuration::from_mins(1)).await.unwrap()
    {
        if site.desk.deliver(&job, "w", (Reach::Private, None), site.now()).await.unwrap() {
            arrived += 1;
        } else {
            failed += 1;
        }
    }
    (arrived, failed)
}

async fn add(site: &Site, cookie: &str, address: &str, events: &[&str]) -> String {
    let account = site.somebody(app::console::Role::Certifier).await;
    let home = site.desk.certified_by(&account).await.unwrap()[0].0.clone();
    let events: String = events.iter().map(|event| format!("&events={event}")).collect();
    let form = format!("organisation={home}&address={address}{events}");
    let page = site.post("/certifier/webhooks", Some(cookie), &form).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.body.matches("whsec_").count(), 1, "the secret is shown");
    let at = page.body.find("/certifier/webhooks/").unwrap();
    let id = page.body[at..].split('"').find_map(|part| part.strip_suffix("/test")).map(str::to_owned);
    id.and_then(|path| path.rsplit('/').next().map(str::to_owned)).expect("its page names it")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_once_and_signed() {
    let site = site().await;
    let certifier = site.enter(&site.named("Camille Morel").await).await;
    let (address, heard) = receiver(vec![200]);
    let id = add(&site, &certifier, &address, &["credential.revoked", "session.moved"]).await;
    assert_eq!(send(&site).await, (0, 0), "nothing of what was before");
    let awa = PersonId::new(&site.named("Awa Diallo").await).unwrap();
    let award = site.desk.read(&Scope::Candidate(awa), |records| records.awards[0].clone()).await.unwrap();
    let revoke = format!("/certifier/awards/{}/revoke", award.id);
    site.post(&revoke, Some(&certifier), "reason=Fraud").await;
    assert_eq!(send(&site).await, (1, 0));
    assert_eq!(send(&site).await, (0, 0), "once");
    let (head, body) = heard.lock().unwrap()[0].clone();
    assert_eq!((&body["type"], &body["data"]["code"]), (&json!("credential.revoked"), &json!(award.code)));
    assert!(!body.to_string().contains("Awa") && !body.to_string().contains("Fraud"), "ids and no names: {body}");
    let named = |name: &str| head.lines().find_map(|line| line.to_lowercase().strip_prefix(name).map(str::to_owned));
    assert_eq!(named("webhook-timestamp: "), Some(NOW.to_string()));
    assert!(named("webhook-id: ").is_some_and(|id| id.starts_with("msg_")));
    assert!(named("webhook-signature: ").is_some_and(|signed| signed.starts_with("v1,")));
    // After another secret, both sign.
    let page = site.post(&format!("/certifier/webhooks/{id}/rotate"), Some(&certifier), "").await;
    assert!(page.body.contains("whsec_"), "{}", page.body);
    site.post(&format!("/certifier/webhooks/{id}/test"), Some(&certifier), "").await;
    assert_eq!(send(&site).await, (1, 0));
    let (head, body) = heard.lock().unwrap()[1].clone();
    assert_eq!((body["type"].as_str(), head.matches("v1,").count()), (Some("webhook.test"), 2));
    let page = site.get(&format!("/certifier/webhooks/{id}"), Some(&certifier)).await.body;
    assert!(!page.contains("whsec_") && page.matches("tag reached").count() == 2, "{page}");
    site.post(&format!("/certifier/webhooks/{id}/remove"), Some(&certifier), "").await;
    assert_eq!(site.get(&format!("/certifier/webhooks/{id}"), Some(&certifier)).await.status, StatusCode::NOT_FOUND);
}

/// What a calendar or a learning system elsewhere must follow.
#[tokio::test(flavor = "multi_thread")]
async fn orals_seats_and_those_who_go_are_told() {
    let site = site().await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let (address, heard) = receiver(vec![200]);
    let asked = ["oral.set", "oral.moved", "jury.changed", "enrolment.withdrawn"];
    add(&site, &camille, &address, &asked).await;
    let id = orals::ahead(&site, &camille).await;
    let one = orals::enrolment(&site, &id).await;
    let (from, starts) = (one.oral.unwrap().starts.to_string(), orals::free(&site, &id, &camille).await);
    let moved = format!("starts={}&room=B2&reason=Secret+reason", starts.replace(':', "%3A"));
    site.post(&format!("/certifier/enrolments/{id}/oral"), Some(&camille), &moved).await;
    let anne = site.named("Anne-Sophie Keller").await;
    let absent = format!("juror={anne}&what=absent&reason=Secret+reason");
    site.post(&format!("/certifier/sessions/{}/jury/seat", one.session), Some(&camille), &absent).await;
    let own = site.enter(one.person.as_str()).await;
    site.post(&format!("/candidate/{id}/withdraw"), Some(&own), "reason=Secret+reason").await;
    while send(&site).await.0 > 0 {}
    let heard = heard.lock().unwrap();
    assert!(heard.iter().all(|(_, body)| !body.to_string().contains("Secret")), "why is nobody else's to know");
    let told = |kind: &str| {
        let of = |body: &Value| {
            body["type"] == kind && [None, Some(id.as_str())].contains(&body["data"]["enrolment"].as_str())
        };
        let found: Vec<Value> =
            heard.iter().filter(|(_, body)| of(body)).map(|(_, body)| body["data"].clone()).collect();
        assert_eq!(found.len(), 1, "{kind}: {heard:?}");
        found[0].clone()
    };
    let (set, moved, jury) = (told("oral.set"), told("oral.moved"), told("jury.changed"));
    assert_eq!(set["starts"], *from);
    assert_eq!((&moved["from"], &moved["starts"]), (&json!(from), &json!(format!("{starts}:00Z"))));
    let expected = json!({"session": one.session.as_str(), "title": jury["title"], "change": "absent", "juror": anne, "substitute": null});
    assert_eq!(jury, expected);
    assert_eq!(told("enrolment.withdrawn")["person"], one.person.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_tried_again_and_given_up_in_the_end() {
    let site = site().await;
    let account = site.somebody(app::console::Role::Certifier).await;
    let certifier = site.enter(account.person.as_str()).await;
    let (address, heard) = receiver(vec![500, 302, 204]);
    let id = add(&site, &certifier, &address, &KINDS).await;
    site.post(&format!("/certifier/webhooks/{id}/test"), Some(&certifier), "").await;
    assert_eq!(send(&site).await, (0, 1));
    assert_eq!(send(&site).await, (0, 0), "not at once");
    let page = site.get(&format!("/certifier/webhooks/{id}"), Some(&certifier)).await.body;
    assert!(page.contains("waits to be tried again") && page.contains("<td>500</td>"), "{page}");
    site.pass(6);
    assert_eq!(send(&site).await, (0, 1), "a redirect is followed nowhere");
    site.pass(61);
    assert_eq!(send(&site).await, (1, 0));
    let ids: Vec<String> = {
        let heard = heard.lock().unwrap();
        let id =
            |head: &str| head.lines().find(|line| line.to_lowercase().starts_with("webhook-id")).map(str::to_owned);
        heard.iter().filter_map(|(head, _)| id(head)).collect()
    };
    assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "one message has one name: {ids:?}");
    // Who says that it is gone is asked no more; who never answers is asked for a day.
    for (answer, expected) in [(410, 1), (503, 8)] {
        let (address, _) = receiver(vec![answer]);
        // Days pass: nobody stays signed in so long.
        let certifier = site.enter(account.person.as_str()).await;
        let id = add(&site, &certifier, &address, &KINDS).await;
        site.post(&format!("/certifier/webhooks/{id}/test"), Some(&certifier), "").await;
        for _ in 0..20 {
            send(&site).await;
            site.pass(4 * 3600);
        }
        let sent = site.desk.deliveries(&account, &id, 10).await.unwrap();
        assert_eq!((sent[0].state, sent[0].attempts), (JobState::Failed, expected), "{answer}");
        let cookie = site.enter(account.person.as_str()).await;
        let page = site.get(&format!("/certifier/webhooks/{id}"), Some(&cookie)).await.body;
        assert!(page.contains("given up") && page.contains(&format!("<td>{answer}</td>")), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_refused_unless_the_operator_allows_them() {
    let site = Site::open(true).await;
    let account = site.somebody(app::console::Role::Certifier).await;
    let certifier = site.enter(account.person.as_str()).await;
    let home = site.desk.certified_by(&account).await.unwrap()[0].0.clone();
    for (address, why) in [
        ("http://127.0.0.1:9/", "Only https is used"),
        ("https://127.0.0.1/", "This address is private"),
        ("https://hooks.example.org/%23x%40", ""),
    ] {
        let form = format!("organisation={home}&address={address}&events=session.moved");
        let page = site.post("/certifier/webhooks", Some(&certifier), &form).await;
        let expected = if why.is_empty() { "no address that can be told" } else { why };
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert!(page.body.contains(expected), "{address}: {}", page.body);
    }
    let none = format!("organisation={home}&address=https://hooks.example.org/");
    assert!(site.post("/certifier/webhooks", Some(&certifier), &none).await.body.contains("Choose at least one event"));
    let other = "organisation=another&address=https://hooks.example.org/&events=session.moved";
    assert_eq!(site.post("/certifier/webhooks", Some(&certifier), other).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn programs_manage_webhooks_with_a_token_that_may() {
    let site = Site::open(true).await;
    let certifier = site.enter(&site.named("Camille Morel").await).await;
    let mut tokens = Vec::new();
    for form in ["name=reads", "name=manages&webhooks=yes"] {
        let page = site.post("/account/tokens", Some(&certifier), form).await;
        let at = page.body.find("preuve_").unwrap();
        let token: String = page.body[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        tokens.push(token);
    }
    let ask = async |method: Method, path: &str, token: &str, body: &str| {
        let mut asked = request(method, path, None, body);
        asked.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        let answer = site.ask(asked).await;
        (answer.status.as_u16(), serde_json::from_str::<Value>(&answer.body).unwrap_or_default())
    };
    assert_eq!(ask(Method::GET, "/api/v1/webhooks", &tokens[0], "").await.0, 403);
    let wanted = json!({ "url": "https://hooks.example.org/", "events": ["credential.issued"] }).to_string();
    let (status, made) = ask(Method::POST, "/api/v1/webhooks", &tokens[1], &wanted).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap();
    let (_, listed) = ask(Method::GET, "/api/v1/webhooks", &tokens[1], "").await;
    assert_eq!((&listed["webhooks"][0]["id"], &listed["webhooks"][0]["secret"]), (&json!(id), &Value::Null));
    let path = |what: &str| format!("/api/v1/webhooks/{id}/{what}");
    assert_eq!(ask(Method::POST, &path("test"), &tokens[1], "").await.0, 202);
    let (_, sent) = ask(Method::GET, &path("deliveries"), &tokens[1], "").await;
    assert_eq!(sent["deliveries"][0]["state"], "queued");
    let (_, turned) = ask(Method::POST, &path("rotate"), &tokens[1], "").await;
    assert!(turned["secret"].is_string() && turned["secret"] != made["secret"]);
    for wrong in ["", "{}", r#"{"url":"https://127.0.0.1/","events":["credential.issued"]}"#] {
        assert_eq!(ask(Method::POST, "/api/v1/webhooks", &tokens[1], wrong).await.0, 422, "{wrong}");
    }
    assert_eq!(ask(Method::POST, &path("remove"), &tokens[1], "").await.0, 204);
    assert_eq!(ask(Method::POST, &path("remove"), &tokens[1], "").await.0, 404);
}
