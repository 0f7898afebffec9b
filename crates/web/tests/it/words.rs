//! No message is missing, in neither language, on no page.

use app::{Lang, Words};
use axum::http::StatusCode;

use crate::harness::Site;

/// What stands between `say("` and the quote, in a text.
fn said(text: &str) -> Vec<String> {
    let calls = ["say(\"", "titled_with(\"", "with(\n            \"", "words.with(\"", "words.numbers(\"", "Wrong(\""];
    let mut found = Vec::new();
    for call in calls {
        for part in text.split(call).skip(1) {
            found.extend(part.split('"').next().map(str::to_owned));
        }
    }
    found
}

#[test]
fn every_message_of_templates_and_code_exists() {
    let mut missing = Vec::new();
    let mut seen = 0;
    for folder in ["templates", "src", "src/routes"] {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(root).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            for id in said(&std::fs::read_to_string(&path).unwrap()) {
                // The rest of such an id is a state, which has a test of its own.
                if id.is_empty() || id.ends_with('-') || id.contains('{') {
                    continue;
                }
                seen += 1;
                if !Words(Lang::Fr).has(&id) || !Words(Lang::En).has(&id) {
                    missing.push(format!("{}: {id}", path.display()));
                }
            }
        }
    }
    assert!(seen > 150, "only {seen} messages were found");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[tokio::test]
async fn pages_speak_the_language_that_is_asked_for() {
    let site = Site::open(true).await;
    let cookie = site.enter(&site.named("Camille Morel").await).await;
    for path in ["/", "/titles", "/titles/rs-devops", "/verify", "/certifier", "/account"] {
        for (asked, lang) in [("fr-FR,fr;q=0.9", "fr"), ("en", "en"), ("de", "en")] {
            let answer = site.get_in(path, Some(&cookie), asked).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(answer.body.contains(&format!("<html lang=\"{lang}\">")), "{path} {asked}");
            assert!(!answer.body.contains('⟨'), "{path} {asked}: a message is missing");
        }
    }
}

#[tokio::test]
async fn a_choice_of_language_is_kept() {
    let site = Site::open(true).await;
    let answer = site.get("/language?to=fr&back=/titles", None).await;
    assert_eq!(answer.location(), "/titles");
    let set = answer.headers.get("set-cookie").unwrap().to_str().unwrap().to_owned();
    let cookie = set.split(';').next().unwrap();
    assert!(site.get("/titles", Some(cookie)).await.body.contains("<html lang=\"fr\">"));
    let away = site.get("/language?to=fr&back=https://evil.example/", None).await;
    assert_eq!(away.location(), "/");
}
