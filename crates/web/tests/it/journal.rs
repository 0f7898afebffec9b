//! The journal: a page is bounded, and every entry is on one of them.

use app::console::Role;
use axum::http::StatusCode;

use crate::harness::Site;

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
