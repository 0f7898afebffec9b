//! Looks at repositories: by a hand-in, by a candidate, by anybody; what comes out of them, and for whom.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use app::console::Scope;
use app::console::programme::{PersonId, RunKind};
use axum::http::StatusCode;

use crate::harness::Site;

/// Where a repository of the mirror lies.
fn mirrored(site: &Site, name: &str) -> PathBuf {
    let path = site.data.path().join(format!("mirror/git.example/class/{name}.git"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    path
}

async fn enrolment(site: &Site, name: &str) -> String {
    let scope = Scope::Candidate(PersonId::new(&site.named(name).await).unwrap());
    let found = site.desk.read(&scope, |records| {
        let open = records.enrolments.iter().find(|one| !one.stage.is_over() && one.published.is_none());
        open.map(|one| one.id.to_string())
    });
    found.await.unwrap().expect("they are enrolled")
}

/// The page of a job once nothing more changes on it; the clock of the console goes on meanwhile.
async fn ended(site: &Site, path: &str, cookie: Option<&str>) -> String {
    for _ in 0..1_200 {
        let answer = site.get(path, cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        if !answer.body.contains("data-events") {
            return answer.body;
        }
        assert!(answer.body.contains("<noscript><meta http-equiv=\"refresh\""), "it refreshes itself without scripts");
        site.pass(1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} never ended");
}

#[tokio::test]
async fn what_is_handed_in_is_looked_at_and_its_evidence_is_for_the_candidate_and_the_jury() {
    let site = Site::looking().await;
    let commit = testing::fixture::make(&mirrored(&site, "ferry")).unwrap();
    let id = enrolment(&site, "Océane Picard").await;
    let cookie = site.enter(&site.named("Océane Picard").await).await;
    let post = async |path: &str, form: &str| site.post(&format!("/candidate/{id}/{path}"), Some(&cookie), form).await;
    assert_eq!(post("project", "url=https://git.example/class/ferry").await.status, StatusCode::SEE_OTHER);
    assert_eq!(post("hand-in", "commit=abc").await.status, StatusCode::CONFLICT, "that is no commit");
    assert_eq!(post("hand-in", &format!("commit={commit}")).await.status, StatusCode::SEE_OTHER);
    let asked = post("assess", "").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let job = asked.location().to_owned();
    let page = ended(&site, &job, Some(&cookie)).await;
    assert!(page.contains("Looked at") && page.contains("/evidence"), "{page}");

    let scope = Scope::Candidate(PersonId::new(&site.named("Océane Picard").await).unwrap());
    let runs = site.desk.read(&scope, |records| {
        let one = records.enrolments.iter().find(|one| one.id.as_str() == id).unwrap();
        one.runs.iter().filter(|run| run.commit == commit).cloned().collect::<Vec<_>>()
    });
    let runs = runs.await.unwrap();
    assert_eq!(runs.len(), 1, "handing in and asking at once is one look");
    assert_eq!((runs[0].kind, format!("/jobs/{}", runs[0].id)), (RunKind::Assessment, job.clone()));
    assert_eq!(runs[0].findings.len(), 20, "every criterion has its finding");
    assert!(runs[0].findings.values().any(|found| found.rung == "present" && found.mark.is_some()));

    let evidence = site.get(&format!("/candidate/{id}/evidence"), Some(&cookie)).await.body;
    for shown in ["<mark>", ".gitlab-ci.yml:", &commit, "class=\"n\""] {
        assert!(evidence.contains(shown), "{shown}");
    }
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let file = site.get(&format!("/jury/{id}"), Some(&anne)).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.body.contains("<mark>") && file.body.contains(".gitlab-ci.yml:"), "a juror reads it in place");

    // Somebody else sees neither the job, nor its events, nor what it found.
    let other = site.enter(&site.named("Paul Tremblay").await).await;
    for path in [job.clone(), format!("{job}/events"), format!("/candidate/{id}/evidence")] {
        assert_eq!(site.get(&path, Some(&other)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(site.post(&format!("/candidate/{id}/assess"), Some(&other), "").await.status, StatusCode::NOT_FOUND);
    let luc = site.enter(&site.named("Luc Brunet").await).await;
    assert_eq!(site.post(&format!("/jury/{id}/assess"), Some(&luc), "").await.status, StatusCode::NOT_FOUND);
    // A look of somebody is not among those of anybody.
    assert_eq!(site.get(&job.replace("/jobs/", "/look/"), None).await.status, StatusCode::NOT_FOUND);
    let events = site.get(&format!("{job}/events"), Some(&cookie)).await;
    assert_eq!(events.headers["content-type"], "text/event-stream");
    assert!(events.body.contains("event: over"), "{}", events.body);
}

fn look(url: &str) -> String {
    format!("framework=rs-devops&url={url}")
}

#[tokio::test]
async fn anybody_has_a_public_repository_looked_at_and_secrets_stay_masked() {
    let site = Site::looking().await;
    let secret = format!("ghp_{}", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hL3nR6");
    let tree = BTreeMap::from([
        ("README.md".to_owned(), "# A service\n".to_owned()),
        (
            "deploy.sh".to_owned(),
            format!("#!/bin/sh\nset -e\nTOKEN={secret}\ncurl -H \"Authorization: $TOKEN\" https://x.example\n"),
        ),
    ]);
    testing::history::make(&mirrored(&site, "leak"), &[], &tree).unwrap();
    let asked = site.post("/look", None, &look("https://git.example/class/leak")).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let page = ended(&site, asked.location(), None).await;
    assert!(!page.contains(&secret) && !page.contains(&secret[4..20]), "the secret is not shown");
    assert!(page.contains("kept until"), "{page}");
    let id = asked.location().rsplit('/').next().unwrap().to_owned();
    let digest = site.desk.public_look(&id).await.unwrap().result.unwrap();
    let looked = site.desk.looked(&digest).await.unwrap().unwrap();
    let cited = looked.checks.iter().flat_map(|check| &check.evidence);
    let found = cited.filter(|place| place.place.starts_with("deploy.sh:3")).flat_map(|place| &place.lines);
    assert!(found.clone().any(|line| line.contains("TOKEN=••••")), "its place is kept");
    assert!(!String::from_utf8(looked.to_bytes()).unwrap().contains(&secret[4..20]), "the secret is not kept");
    // Some days later it is forgotten, with what it found.
    let before = site.desk.public_look(&id).await.unwrap();
    let day = jiff::SignedDuration::from_hours(24);
    assert_eq!(site.desk.forget_looks(before.made).await.unwrap(), 0);
    assert_eq!(site.desk.forget_looks(before.made + day).await.unwrap(), 1);
    assert_eq!(site.get(asked.location(), None).await.status, StatusCode::NOT_FOUND);
    assert!(site.desk.looked(&before.result.unwrap()).await.unwrap().is_none());
}

#[tokio::test]
async fn addresses_that_lead_inside_are_refused_before_anything_is_queued() {
    let site = Site::open_with(true, |settings| settings.open_looks = true).await;
    for url in [
        "http://git.example/a/b",
        "file:///etc/passwd",
        "/etc",
        "ssh://git@git.example/a/b",
        "https://127.0.0.1/a/b",
        "https://localhost/a/b",
        "https://[::1]/a/b",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/a",
        "https://me:word@git.example/a/b",
        "https://git.example:22/a/b",
        "https://git.example/a/../../b",
        "ext::sh -c id",
        "--upload-pack=id",
    ] {
        let answer = site.post("/look", None, &look(&url.replace(' ', "+"))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        assert!(answer.body.contains("role=\"alert\"") && !answer.body.contains(":word@"), "{url}");
    }
    for _ in 0..5 {
        assert_eq!(site.post("/look", None, &look("https://git.example/a/b")).await.status, StatusCode::SEE_OTHER);
    }
    let many = site.post("/look", None, &look("https://git.example/a/b")).await;
    assert_eq!(many.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn where_it_is_not_offered_there_is_no_such_page() {
    let site = Site::open(true).await;
    assert_eq!(site.get("/look", None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post("/look", None, &look("https://git.example/a/b")).await.status, StatusCode::NOT_FOUND);
    assert!(!site.get("/", None).await.body.contains("/look"));
}

#[tokio::test]
async fn a_repository_that_cannot_be_had_or_harms_is_told_in_words() {
    let site = Site::looking().await;
    let missing = site.post("/look", None, &look("https://git.example/class/none")).await;
    let page = ended(&site, missing.location(), None).await;
    assert!(page.contains("not among the repositories that are kept here"), "{page}");
    // Trees made to harm a reader, each as a repository of its own: the look ends, and ends well.
    let wanted = ["yaml", "name", "helm"];
    for (nth, word) in wanted.into_iter().enumerate() {
        let mut all = testing::hostile::corpus().into_iter().filter(|case| case.name.contains(word));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
        let tree = all.find_map(|case| {
            let small = case.files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() < 1 << 20;
            let plain = |path: &str| path.split('/').all(|part| !part.is_empty() && part != ".." && part != ".git");
            let files = case.files.into_iter().filter(|(path, _)| plain(path));
            let files: Option<BTreeMap<String, String>> =
                files.map(|(path, bytes)| Some((path, text(bytes)?))).collect();
            files.filter(|files| small && !files.is_empty())
        });
        let Some(tree) = tree else { continue };
        testing::history::make(&mirrored(&site, &format!("hostile{nth}")), &[], &tree).unwrap();
        let asked = site.post("/look", None, &look(&format!("https://git.example/class/hostile{nth}"))).await;
        let page = ended(&site, asked.location(), None).await;
        assert!(page.contains("kept until"), "{word}: {page}");
    }
}

#[tokio::test]
async fn a_job_whose_worker_died_is_taken_again() {
    let site = Site::mirrored().await;
    testing::fixture::make(&mirrored(&site, "ferry")).unwrap();
    // Before the worker sees it, one that dies at once has it.
    let now = jiff::Timestamp::from_second(crate::harness::NOW).unwrap();
    let id = site.desk.ask_for_public("https://git.example/class/ferry", "rs-devops", 50, now).await.unwrap().unwrap();
    let lease = jiff::SignedDuration::from_secs(60);
    let dead = site.desk.next_job("dead", &["look"], now, lease).await.unwrap().expect("it is in the queue");
    assert_eq!(dead.id, id);
    web::work(&site.console);
    assert!(site.get(&format!("/look/{id}"), None).await.body.contains("data-events"), "it seems to be in work");
    site.pass(61);
    let page = ended(&site, &format!("/look/{id}"), None).await;
    assert!(page.contains("kept until"), "{page}");
    let late = now + jiff::SignedDuration::from_secs(500);
    assert!(!site.desk.hold(&dead, "dead", (50, "reading"), late).await.unwrap(), "the dead one is not believed");
}
