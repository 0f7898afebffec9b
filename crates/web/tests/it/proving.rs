//! Proofs that the console runs itself, over a played engine: only where the operator asked, of what was handed in, kept with
//! the run, believed, and shown to the candidate and the jury.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::console::programme::{EnrolmentId, Run as Kept, RunKind};
use app::console::{Prover, Scope};
use app::prove::{Clock, Session, Signer};
use axum::http::StatusCode;
use jiff::SignedDuration;
use sandbox::fake::Fake;
use sandbox::{Ended, Run, Sandbox};

use crate::harness::Site;

const WORKFLOW: &str = "on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: python -m pytest -q
";
const FARES: &str = "def fare(zone, age):
    price = zone * 3
    if age <= 12:
        price = price - 2
    return price
";
const TESTS: &str = "from fares import fare


def test_fare():
    assert fare(2, 30) == 6
    assert fare(2, 12) == 4
";

struct Still;

impl Clock for Still {
    fn millis(&self) -> u64 {
        0
    }
}

/// A session of an engine on which every fault is noticed.
fn session() -> Session {
    let run = Run::new("played", b"chance").unwrap();
    let green = || Ended::exit(0, "1 passed in 0.01s");
    let red = || Ended::exit(1, "FAILED tests/test_fares.py::test_fare - assert not True\n1 failed in 0.01s");
    // Preparing, baseline, two null faults; every fault; the baseline again.
    let faults = 2 + 6;
    let answers: Vec<Ended> = [vec![green(); 4], vec![red(); faults], vec![green()]].concat();
    let fake = Fake::new()
        .on("git push /work/server.git HEAD:main 2>&1", [Ended::exit(0, "remote: received refs/heads/main x\nx\n")])
        .on("python -m pytest -q", answers);
    Session::over(Sandbox::over(fake, run, Arc::new(Still)))
}

/// A prover whose sandbox fails so many times first.
fn prover(failing: usize) -> (Prover, Arc<AtomicUsize>) {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let open = move |_: &mut dyn FnMut(&str)| {
        if count.fetch_add(1, Ordering::SeqCst) < failing { Err("no engine answers".to_owned()) } else { Ok(session()) }
    };
    let signer = Arc::new(Signer::new([5; 32]));
    (Prover { open: Arc::new(open), signer, longest: SignedDuration::from_hours(1) }, opened)
}

/// A console over a mirror, with a worker that looks and one that proves.
async fn site(prover: Option<Prover>) -> Site {
    let site = Site::open_with(true, |settings| {
        settings.workers = 1;
        settings.reach.mirror = Some(settings.data.join("mirror"));
        settings.prover = prover.clone();
    });
    let site = site.await;
    if let Some(prover) = prover {
        site.desk.believe_prover(&prover.signer.public()).await.unwrap();
    }
    web::work(&site.console);
    site
}

/// Hands a repository in, and gives who did, the enrolment and the commit.
async fn handed_in(site: &Site) -> (String, String, String) {
    let tree = BTreeMap::from(
        [
            (".github/workflows/ci.yml", WORKFLOW),
            ("fares.py", FARES),
            ("tests/test_fares.py", TESTS),
            ("conftest.py", ""),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned())),
    );
    let path: PathBuf = site.data.path().join("mirror/git.example/class/fares.git");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let commit = testing::history::make(&path, &[], &tree).unwrap();
    let (cookie, id) = site.hand_in(&commit).await;
    (cookie, id, commit)
}

async fn runs(site: &Site, id: &str) -> Vec<Kept> {
    let id = EnrolmentId::new(id).unwrap();
    let scope = Scope::Enrolment(id.clone());
    site.desk.read(&scope, |records| records.enrolment(&id).unwrap().runs.clone()).await.unwrap()
}

/// Waits while the clock of the console goes on, until the page of proofs says something.
async fn says(site: &Site, (id, cookie): (&str, &str), wanted: &str) -> String {
    let path = format!("/candidate/{id}/proofs");
    let mut last = String::new();
    for _ in 0..1_200 {
        last = site.get(&path, Some(cookie)).await.body;
        if last.contains(wanted) {
            return last;
        }
        site.pass(1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never says {wanted}: {last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_in_is_proven_and_lifts_the_ladder() {
    // The engine is not there at first: the job is tried again.
    let (prover, opened) = prover(1);
    let site = site(Some(prover)).await;
    let (cookie, id, commit) = handed_in(&site).await;
    let page = says(&site, (&id, &cookie), "This console proved the commit").await;
    assert!(page.contains("c2.run-pipeline.1.json"), "{page}");
    assert_eq!(opened.load(Ordering::SeqCst), 2);
    let all = runs(&site, &id).await;
    let last = all.last().unwrap();
    assert_eq!((last.kind, &last.commit), (RunKind::Proof, &commit));
    let evidence = site.get(&format!("/candidate/{id}/evidence"), Some(&cookie)).await.body;
    assert!(evidence.contains("c2.run-pipeline"), "{evidence}");
    let anne = site.enter(&site.named("Anne-Sophie Keller").await).await;
    let file = site.get(&format!("/jury/{id}"), Some(&anne)).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert!(file.body.contains("This console proved the commit"), "{}", file.body);
    // What ran is there to be replayed.
    let replayed = file.body.split('"').find(|part| part.starts_with("/recordings/")).expect("the recording is listed");
    let replayed = site.get(replayed, Some(&anne)).await;
    assert!(replayed.status == StatusCode::OK && replayed.body.contains("<pre id=\"screen\""), "{}", replayed.body);
    // Another look keeps what was proven, and proves nothing again.
    assert_eq!(site.post(&format!("/candidate/{id}/assess"), Some(&cookie), "").await.status, StatusCode::SEE_OTHER);
    for _ in 0..1_200 {
        if runs(&site, &id).await.len() > all.len() {
            break;
        }
        site.pass(1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let evidence = site.get(&format!("/candidate/{id}/evidence"), Some(&cookie)).await.body;
    assert!(runs(&site, &id).await.len() > all.len() && evidence.contains("c2.run-pipeline"), "{evidence}");
    assert_eq!(opened.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_operators_word_nothing_is_proven() {
    let site = site(None).await;
    let (cookie, id, _) = handed_in(&site).await;
    for _ in 0..1_200 {
        if !runs(&site, &id).await.is_empty() {
            break;
        }
        site.pass(1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let id = EnrolmentId::new(&id).unwrap();
    assert_eq!(site.desk.proving(&id).await.unwrap(), None);
    let page = site.get(&format!("/candidate/{id}/proofs"), Some(&cookie)).await.body;
    assert!(!page.contains("This console"), "{page}");
    let evidence = site.get(&format!("/candidate/{id}/evidence"), Some(&cookie)).await;
    assert_eq!(evidence.status, StatusCode::OK);
    assert!(!evidence.body.contains("c2.run-pipeline"), "nothing is proven: {}", evidence.body);
}
