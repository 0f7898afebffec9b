//! Where organisations are told what happens: kept with the events that say so.

use programme::{Change, Event, Organisation, OrganisationId, Subject};
use store::Write;
use store::jobs::{JobState, NewJob};
use store::webhooks::Webhook;

use crate::on_both;
use crate::place::Here;
use crate::samples::{act, at, begin};

on_both!(what_changes_of_a_webhook_is_told_and_what_does_not_is_not);

fn home() -> OrganisationId {
    OrganisationId::new("cert").expect("an id")
}

/// An event about a webhook, ready to be written with it.
async fn told(here: &Here, change: Change) -> Write {
    let kept = here.store.get::<Organisation>("cert").await.expect("it is there");
    Write::new().put(&kept, Event::new(Subject::Organisation(home()), act(9), change))
}

async fn what_changes_of_a_webhook_is_told_and_what_does_not_is_not(here: Here) {
    begin(&here.store).await;
    let store = &here.store;
    let hook = Webhook {
        id: "h1".to_owned(),
        organisation: home(),
        url: "https://example.org/told".to_owned(),
        events: vec!["session.moved".to_owned(), "appeal.filed".to_owned()],
        secret: "whsec_one".to_owned(),
        before: None,
        made: at(9),
        seen: 0,
    };
    let added = || Change::WebhookAdded { webhook: "h1".to_owned(), events: hook.events.clone() };
    store.add_webhook(&hook, told(&here, added()).await).await.expect("kept");
    let kept = store.webhook("h1").await.expect("an answer").expect("it is there");
    let size = store.log(None, 1).await.expect("the log")[0].seq;
    assert_eq!(kept, Webhook { seen: size, ..hook.clone() }, "it is told nothing of before, nor of itself");
    assert_eq!(store.webhooks(Some(&home())).await.expect("a list"), [kept]);
    assert_eq!(store.webhooks(None).await.expect("a list").len(), 1);
    let other = OrganisationId::new("other").expect("an id");
    assert_eq!(store.webhooks(Some(&other)).await.expect("a list"), []);
    assert!(store.add_webhook(&hook, told(&here, added()).await).await.is_err(), "an id is not twice");

    let turned = |of: &str| Change::WebhookRotated { webhook: of.to_owned() };
    let write = told(&here, turned("h1")).await;
    assert!(store.rotate_webhook("h1", "whsec_two", at(100), write).await.expect("an answer"));
    let kept = store.webhook("h1").await.expect("an answer").expect("it is there");
    assert_eq!((&*kept.secret, kept.before), ("whsec_two", Some(("whsec_one".to_owned(), at(100)))));
    let write = told(&here, turned("h2")).await;
    assert!(!store.rotate_webhook("h2", "whsec_two", at(100), write).await.expect("an answer"));

    store.webhook_saw("h1", size + 5).await.expect("noted");
    store.webhook_saw("h1", size + 2).await.expect("noted");
    let kept = store.webhook("h1").await.expect("an answer").expect("it is there");
    assert_eq!(kept.seen, size + 5, "it never goes back");

    let job = NewJob {
        id: "m1".to_owned(),
        kind: "webhook".to_owned(),
        key: None,
        about: Some("h1".to_owned()),
        payload: "{}".to_owned(),
        run_at: at(10),
        most_attempts: 8,
    };
    store.enqueue(&job, at(10)).await.expect("queued");
    assert_eq!(store.jobs_open_about("h1").await.expect("an answer"), 1);
    let removed = || Change::WebhookRemoved { webhook: "h1".to_owned() };
    assert!(store.remove_webhook("h1", at(11), told(&here, removed()).await).await.expect("an answer"));
    assert_eq!(store.jobs_open_about("h1").await.expect("an answer"), 0, "what waits for it goes, too");
    let job = store.job("m1").await.expect("an answer").expect("it is there");
    assert_eq!(job.state, JobState::Cancelled);
    assert!(!store.remove_webhook("h1", at(12), told(&here, removed()).await).await.expect("an answer"));

    let history = store.history("organisation", "cert").await.expect("a history");
    let what: Vec<&str> = history.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(what, ["organisation-created", "webhook-added", "webhook-rotated", "webhook-removed"]);
    assert_eq!(store.verify(&[], &[]).await.expect("a report").problems, []);
}
