//! The journal: a page is bounded, and every entry is on one of them.

use app::console::Role;
use axum::http::StatusCode;

use crate::harness::Site;

#[tokio::test]
async fn a_certifier_reads_what_happened_in_their_own_house_and_nothing_else() {
    let site = Site::open(true).await;
    let account = site.somebody(Role::Certifier).await;
    let certifier = site.enter(account.person.as_str()).await;
    let own = site.desk.journal_of(&account, None, 10_000).await.unwrap();
    let kinds: std::collections::BTreeSet<&str> = own.iter().map(|logged| &*logged.kind).collect();
    let held =
        ["appeal", "award", "deliberation", "enrolment", "fraud-report", "question", "session", "sheet", "title"];
    for kind in held {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
    assert!(!kinds.contains("person"), "people are an administrator's: {kinds:?}");
    assert!(own.is_sorted_by(|one, next| one.seq > next.seq), "the latest first, each once");
    let all = site.desk.journal(None, 10_000).await.unwrap();
    let missing: Vec<_> = all.iter().filter(|one| held.contains(&&*one.kind) && !own.contains(one)).collect();
    assert!(missing.is_empty(), "{missing:?}");

    let page = site.get("/certifier/journal", Some(&certifier)).await.body;
    assert_eq!(page.matches("<li><time>").count(), 200);
    assert!(page.contains("/certifier/journal?before=") && page.contains("href=\"/certifier/enrolments/"), "{page}");
    // What jurors say among themselves, and why somebody needs time, is not in it.
    let told = |private: fn(&app::console::store::Logged) -> bool| -> Vec<String> {
        let all = own.iter().filter(|one| private(one));
        all.filter_map(|one| one.event.as_ref()?.act.why.clone()).filter(|why| why.len() > 3).collect()
    };
    let private = told(|one| one.kind == "deliberation" || one.what.starts_with("adjustment-"));
    assert!(!private.is_empty(), "the demonstration has some");
    let mut pages = page.clone();
    let mut older = page;
    while let Some((_, after)) = older.split_once("/certifier/journal?before=") {
        let path = format!("/certifier/journal?before={}", after.split('"').next().unwrap());
        older = site.get(&path, Some(&certifier)).await.body;
        pages.push_str(&older);
    }
    for why in private {
        assert!(!pages.contains(&*why), "{why}");
    }
    assert!(!pages.contains("<code></code>"), "every entry says what happened");
    let stranger = site.stranger().await;
    let page = site.get("/certifier/journal", Some(&stranger)).await.body;
    assert_eq!(page.matches("<li><time>").count(), 1, "their house was created: {page}");
    let juror = site.enter(site.somebody(Role::Juror).await.person.as_str()).await;
    assert_eq!(site.get("/certifier/journal", Some(&juror)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn older_entries_are_on_older_pages_and_none_is_left_out() {
    let site = Site::open(true).await;
    let root = site.enter(site.somebody(Role::Administrator).await.person.as_str()).await;
    let all = site.desk.journal(None, 10_000).await.unwrap().len();
    assert!(all > 400, "the demonstration fills pages: {all}");
    let (mut path, mut pages, mut entries) = ("/admin/journal".to_owned(), 0, 0);
    loop {
        let page = site.get(&path, Some(&root)).await.body;
        let shown = page.matches("<li><time>").count();
        assert!((1..=200).contains(&shown), "{path}: {shown}");
        assert_eq!(page.contains("href=\"/admin/journal\">The latest"), pages > 0, "{path}");
        (pages, entries) = (pages + 1, entries + shown);
        let Some((_, after)) = page.split_once("/admin/journal?before=") else { break };
        path = format!("/admin/journal?before={}", after.split('"').next().unwrap());
    }
    assert_eq!((pages, entries), (all.div_ceil(200), all));
    // What is no number of an event leads to the first page, and what is before the first event to an empty one.
    let first = site.get("/admin/journal?before=x%27", Some(&root)).await;
    assert_eq!((first.status, first.body.matches("<li><time>").count()), (StatusCode::OK, 200));
    let none = site.get("/admin/journal?before=-9", Some(&root)).await.body;
    assert!(none.contains("Nothing happened before this") && none.contains("The latest entries"), "{none}");
}
