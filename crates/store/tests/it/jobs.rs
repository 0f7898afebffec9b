//! Jobs are done once, by somebody who is alive.

use jiff::SignedDuration;
use store::jobs::{JobState, NewJob};

use crate::on_both;
use crate::place::Here;
use crate::samples::at;

on_both!(
    a_job_is_done_once,
    a_dead_worker_loses_its_job,
    a_job_that_fails_is_tried_again,
    a_key_is_not_twice,
    a_job_that_is_given_back_is_taken_at_once,
    old_jobs_are_forgotten,
    workers_share
);

const LEASE: SignedDuration = SignedDuration::from_secs(30);

fn job(id: &str) -> NewJob {
    NewJob {
        id: id.to_owned(),
        kind: "assess".to_owned(),
        key: None,
        about: None,
        payload: "{}".to_owned(),
        run_at: at(0),
        most_attempts: 2,
    }
}

async fn a_job_is_done_once(here: Here) {
    let store = &here.store;
    store.enqueue(&job("a"), at(0)).await.expect("queued");
    assert!(store.claim("w", &["prove"], at(1), LEASE).await.expect("an answer").is_none());
    let mine = store.claim("w", &["assess", "prove"], at(1), LEASE).await.expect("an answer").expect("a job");
    assert_eq!((mine.id.as_str(), mine.state, mine.attempts), ("a", JobState::Running, 1));
    assert!(store.claim("v", &["assess"], at(2), LEASE).await.expect("an answer").is_none());
    assert!(store.progress("a", "w", 40, Some("reading"), at(60)).await.expect("an answer"));
    assert!(!store.finish("a", "v", "{}", at(3)).await.expect("an answer"), "it is not theirs");
    assert!(store.finish("a", "w", "{\"done\":1}", at(3)).await.expect("an answer"));
    let done = store.job("a").await.expect("an answer").expect("it is there");
    assert_eq!((done.state, done.progress, done.note.as_deref()), (JobState::Done, 100, Some("reading")));
    assert!(store.claim("w", &["assess"], at(500), LEASE).await.expect("an answer").is_none());
}

async fn a_dead_worker_loses_its_job(here: Here) {
    let store = &here.store;
    store.enqueue(&job("a"), at(0)).await.expect("queued");
    store.claim("dead", &["assess"], at(1), LEASE).await.expect("an answer").expect("a job");
    assert!(store.claim("w", &["assess"], at(31), LEASE).await.expect("an answer").is_none(), "the lease holds");
    let again = store.claim("w", &["assess"], at(32), LEASE).await.expect("an answer").expect("the job");
    assert_eq!(again.attempts, 2);
    assert!(!store.progress("a", "dead", 90, None, at(99)).await.expect("an answer"), "the dead one is not believed");
    assert!(!store.finish("a", "dead", "{}", at(33)).await.expect("an answer"));
    assert!(store.claim("v", &["assess"], at(100), LEASE).await.expect("an answer").is_none(), "two attempts were all");
    let lost = store.job("a").await.expect("an answer").expect("it is there");
    assert_eq!((lost.state, lost.failure.as_deref()), (JobState::Failed, Some("worker-lost")));
}

async fn a_job_that_fails_is_tried_again(here: Here) {
    let store = &here.store;
    store.enqueue(&job("a"), at(0)).await.expect("queued");
    store.claim("w", &["assess"], at(1), LEASE).await.expect("an answer").expect("a job");
    assert!(store.fail("a", "w", "no network", Some(at(20)), at(2)).await.expect("an answer"));
    assert!(store.claim("w", &["assess"], at(19), LEASE).await.expect("an answer").is_none(), "not before");
    store.claim("w", &["assess"], at(20), LEASE).await.expect("an answer").expect("the job");
    assert!(store.fail("a", "w", "no network", Some(at(40)), at(21)).await.expect("an answer"));
    assert_eq!(store.job("a").await.expect("an answer").expect("it is there").state, JobState::Failed);
    store.enqueue(&job("b"), at(0)).await.expect("queued");
    store.claim("w", &["assess"], at(50), LEASE).await.expect("an answer").expect("the job");
    assert!(store.fail("b", "w", "never", None, at(51)).await.expect("an answer"));
    assert_eq!(store.job("b").await.expect("an answer").expect("it is there").state, JobState::Failed);
}

async fn a_key_is_not_twice(here: Here) {
    let store = &here.store;
    let keyed = |id: &str| NewJob { key: Some("assess:e1".to_owned()), ..job(id) };
    assert_eq!(store.enqueue(&keyed("a"), at(0)).await.expect("queued"), "a");
    assert_eq!(store.enqueue(&keyed("b"), at(0)).await.expect("queued"), "a");
    assert!(store.cancel_job("a", at(1)).await.expect("an answer"));
    assert_eq!(store.enqueue(&keyed("b"), at(2)).await.expect("queued"), "b");
    assert_eq!(store.jobs("assess", 10).await.expect("a list").len(), 2);
}

async fn a_job_that_is_given_back_is_taken_at_once(here: Here) {
    let store = &here.store;
    for id in ["a", "b", "c"] {
        store.enqueue(&NewJob { about: Some("e1".to_owned()), ..job(id) }, at(0)).await.expect("queued");
    }
    store.claim("w", &["assess"], at(1), LEASE).await.expect("an answer").expect("a job");
    assert!(!store.release_job("a", "v").await.expect("an answer"), "it is not theirs");
    let waits = store.job("c").await.expect("an answer").expect("it is there");
    assert_eq!(store.jobs_before(&waits, &["assess"]).await.expect("a place"), 1);
    assert!(store.release_job("a", "w").await.expect("an answer"));
    assert_eq!(store.jobs_before(&waits, &["assess"]).await.expect("a place"), 2);
    assert_eq!(store.jobs_before(&waits, &["prove"]).await.expect("a place"), 0);
    let again = store.claim("v", &["assess"], at(2), LEASE).await.expect("an answer").expect("the job");
    assert_eq!((again.id.as_str(), again.attempts), ("a", 1), "the attempt that was given back does not count");
    assert_eq!(store.jobs_about("e1", 10).await.expect("a list").len(), 3);
    assert!(store.jobs_about("e2", 10).await.expect("a list").is_empty());
}

async fn old_jobs_are_forgotten(here: Here) {
    let store = &here.store;
    let kept = store.put_file(b"a report", at(0)).await.expect("a file");
    for id in ["a", "b"] {
        store.enqueue(&job(id), at(0)).await.expect("queued");
        store.claim("w", &["assess"], at(1), LEASE).await.expect("an answer").expect("a job");
        let when = if id == "a" { at(2) } else { at(50) };
        assert!(store.finish(id, "w", &kept, when).await.expect("an answer"));
    }
    store.enqueue(&job("c"), at(0)).await.expect("queued");
    let gone = store.forget_jobs("assess", at(40)).await.expect("a list");
    assert_eq!(gone.iter().map(|job| job.id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert!(store.job("a").await.expect("an answer").is_none());
    assert_eq!(gone[0].result.as_deref(), Some(kept.as_str()));
    store.forget_file(&kept).await.expect("it goes");
    store.forget_file(&kept).await.expect("going twice is the same");
    assert!(store.file(&kept).await.is_err());
}

async fn workers_share(here: Here) {
    let store = &here.store;
    for nth in 0..12 {
        store.enqueue(&job(&format!("j{nth:02}")), at(0)).await.expect("queued");
    }
    let mut workers = Vec::new();
    for nth in 0..4 {
        let store = store.clone();
        workers.push(tokio::spawn(async move {
            let (name, mut mine) = (format!("w{nth}"), Vec::new());
            while let Some(job) = store.claim(&name, &["assess"], at(1), LEASE).await.expect("an answer") {
                assert!(store.finish(&job.id, &name, "{}", at(1)).await.expect("an answer"));
                mine.push(job.id);
            }
            mine
        }));
    }
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.expect("a worker ends"));
    }
    all.sort();
    assert_eq!(all, (0..12).map(|nth| format!("j{nth:02}")).collect::<Vec<_>>());
}
