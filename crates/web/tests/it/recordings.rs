//! Recordings: handed in by the candidate, replayed by who may read the file, shown as text whatever they hold.

use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};

use crate::harness::Site;

const COMMIT: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const CAST: &str = "{\"version\": 2, \"width\": 80, \"height\": 24, \"title\": \"Rolling back\"}\n\
                    [0.5, \"o\", \"$ make back </pre><script>steal()</script>\\r\\n\"]\n";

/// What stands between two marks of a page.
fn between<'a>(page: &'a str, open: &str, close: &str) -> &'a str {
    let start = page.find(open).expect("the page holds it") + open.len();
    &page[start..start + page[start..].find(close).expect("it ends")]
}

#[tokio::test]
async fn a_demonstration_is_replayed_by_its_jury_and_by_nobody_else() {
    let site = Site::open(true).await;
    let nadir = site.enter(&site.named("Nadir Haddad").await).await;
    let camille = site.enter(&site.named("Camille Morel").await).await;
    let paul = site.enter(&site.named("Paul Tremblay").await).await;
    let rose = site.stranger().await;
    let id = site.enrolment("Nadir Haddad").await;
    let path = format!("/candidate/{id}/recordings");

    // Before the hand-in nothing is kept.
    assert_eq!(site.send(&path, &nadir, "file", CAST).await.status, StatusCode::CONFLICT);
    let frozen = site.post(&format!("/candidate/{id}/hand-in"), Some(&nadir), &format!("commit={COMMIT}")).await;
    assert_eq!(frozen.status, StatusCode::SEE_OTHER, "{}", frozen.body);
    for (text, reason) in [("GIF89a", "does not begin"), ("{\"version\": 2}\n[0, \"o\"]\n", "line 2 is no event")] {
        let refused = site.send(&path, &nadir, "file", text).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert!(refused.body.contains(reason), "{reason}: {}", refused.body);
    }
    assert_eq!(site.send(&path, &paul, "file", CAST).await.status, StatusCode::NOT_FOUND);
    let kept = site.send(&path, &nadir, "file", CAST).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
    // The same once more is one.
    let kept = site.send(&path, &nadir, "file", CAST).await.body;
    let at = format!("/recordings/{id}/{}", hex(CAST));
    assert_eq!(kept.matches(&at).count(), 1, "{kept}");

    // It is listed where the certifier reads the file, and replayed by them and the candidate.
    let file = site.get(&format!("/certifier/enrolments/{id}"), Some(&camille)).await.body;
    assert!(file.contains(&at), "{file}");
    for cookie in [&nadir, &camille] {
        let page = site.get(&at, Some(cookie)).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("Rolling back") && page.body.contains("&lt;script&gt;steal()"), "{}", page.body);
        assert!(!page.body.contains("<script>steal"));
        let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        for inline in [between(&page.body, "<style>", "</style>"), between(&page.body, "<script>", "</script>")] {
            let digest = BASE64_STANDARD.encode(Sha256::digest(inline.as_bytes()));
            assert!(policy.contains(&format!("'sha256-{digest}'")), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    for cookie in [&paul, &rose] {
        assert_eq!(site.get(&at, Some(cookie)).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(
        site.get(&format!("/recordings/{id}/{}", "0".repeat(64)), Some(&nadir)).await.status,
        StatusCode::NOT_FOUND
    );
}

fn hex(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
