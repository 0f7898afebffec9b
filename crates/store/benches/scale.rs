//! How the store answers when it holds a hundred thousand candidates in two hundred sessions: what dashboards ask, how
//! long each question takes, and how much memory that needs. `cargo bench -p store --bench scale -- [CANDIDATES] [DIR]`.

#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use programme::*;
use store::{Find, Opening, Place, Store, StoreError, Write};

#[path = "../tests/it/samples.rs"]
mod samples;

const SESSIONS: usize = 200;
/// Questions of each kind that are timed.
const ASKED: usize = 500;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let candidates = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a folder");
    let data = arguments.get(1).map_or_else(|| folder.path().to_owned(), PathBuf::from);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    runtime.block_on(measured(data, candidates)).expect("the store answers");
}

#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn clock() -> Instant {
    Instant::now()
}

fn chance() -> store::Chance {
    let count = std::sync::atomic::AtomicU64::new(1);
    std::sync::Arc::new(move || {
        let mut bytes = [3; 32];
        bytes[..8].copy_from_slice(&count.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_be_bytes());
        bytes
    })
}

async fn measured(data: PathBuf, candidates: usize) -> Result<(), StoreError> {
    let place = Place::File(data.join("scale.db"));
    let opening = Opening { place, files: data.join("files").display().to_string(), chance: chance() };
    let begun = clock();
    let store = Store::open(&opening).await?;
    if store.maybe::<Title>("rs").await?.is_none() {
        fill(&store, candidates).await?;
        println!("filled: {candidates} candidates, {SESSIONS} sessions, {:.1} s", begun.elapsed().as_secs_f64());
    }
    store.close().await;
    let begun = clock();
    let store = Store::open(&opening).await?;
    store.ping().await?;
    println!("opened: {:.1} ms", begun.elapsed().as_secs_f64() * 1_000.0);
    let asked = ["sessions", "tally", "cohort", "names", "candidate", "find-by-email", "log", "save"];
    println!("| question | median, ms | p99, ms | asked a second |\n|---|---:|---:|---:|");
    for what in asked {
        let mut times = Vec::with_capacity(ASKED);
        for nth in 0..ASKED {
            // A stride that meets all parts of the data in an order that no cache foresees.
            let pick = nth * 7_919 % candidates;
            let begun = clock();
            ask(&store, what, pick, candidates).await?;
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        let all: f64 = times.iter().sum();
        times.sort_by(f64::total_cmp);
        let (median, p99) = (times[ASKED / 2], times[ASKED * 99 / 100]);
        println!("| {what} | {median:.2} | {p99:.2} | {:.0} |", ASKED as f64 * 1_000.0 / all);
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default().trim().to_owned();
    println!("peak memory: {peak}");
    let begun = clock();
    let report = store.verify(&[], &[]).await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("verified: {} events, {} problems, {seconds:.1} s", report.events, report.problems.len());
    Ok(())
}

fn name(nth: usize) -> String {
    format!("p{nth:06}")
}

async fn fill(store: &Store, candidates: usize) -> Result<(), StoreError> {
    samples::begin(store).await;
    let title = store.get::<Title>("rs").await?;
    let organisation = OrganisationId::new("cert").expect("an id");
    let each = candidates.div_ceil(SESSIONS);
    for number in 0..SESSIONS {
        let session_id = SessionId::new(&format!("n{number:03}")).expect("an id");
        let (mut session, drafted) = Session::draft(
            session_id,
            &title,
            organisation.clone(),
            &format!("Session {number}"),
            samples::calendar(),
            samples::act(10),
        )
        .expect("a draft");
        let opened = session.open(&title, samples::act(11)).expect("it opens");
        let mut write = Write::new().add_all(&session, vec![drafted, opened]);
        for nth in number * each..((number + 1) * each).min(candidates) {
            let (person, event) = samples::person(&name(nth));
            let enrolment_id = EnrolmentId::new(&format!("e-{}", person.id)).expect("an id");
            let act = samples::act(i64::try_from(nth).unwrap_or(0));
            let (mut enrolment, applied) =
                Enrolment::apply(enrolment_id, &session, &title, &person, &[], act.clone()).expect("it applies");
            let url = format!("https://forge.example.org/{}/project.git", person.id);
            let named = enrolment.name_project(&url, act).expect("a URL");
            write = write.add(&person, event).add_all(&enrolment, vec![applied, named]);
        }
        store.commit(write).await?;
    }
    Ok(())
}

/// One question of a dashboard.
async fn ask(store: &Store, what: &str, pick: usize, candidates: usize) -> Result<(), StoreError> {
    let session = format!("n{:03}", pick % SESSIONS);
    let person = name(pick % candidates);
    match what {
        "sessions" => {
            // The certifier's list: the newest fifty, and how many there are of each state.
            let all = || Find::<Session>::by("organisation", "cert");
            store.find(all().latest("opens").page(0, 50)).await?;
            store.tally::<Session>("state", all()).await?;
        }
        "tally" => drop(store.tally::<Enrolment>("stage", Find::by("session", session.as_str())).await?),
        // A cohort's twenty, as the coach sees them.
        "cohort" => drop(store.find(Find::<Enrolment>::by("session", session.as_str()).page(0, 20)).await?),
        "names" => {
            for one in store.find(Find::<Enrolment>::by("session", session.as_str()).page(0, 20)).await? {
                store.get::<Person>(one.person.as_str()).await?;
            }
        }
        "candidate" => {
            store.find(Find::<Enrolment>::by("person", person.as_str()).latest("applied")).await?;
            store.find(Find::<Award>::by("person", person.as_str())).await?;
        }
        "find-by-email" => drop(store.person_by_email(&format!("{person}@example.org")).await?),
        "log" => drop(store.log(None, 50).await?),
        _ => {
            let mut one = store.get::<Enrolment>(&format!("e-{person}")).await?;
            let at = Timestamp::from_second(1_768_000_000).expect("a moment");
            let act = Act::by(&one.person.clone(), at);
            let named = one.name_project("https://forge.example.org/x.git", act).expect("a URL");
            store.commit(Write::new().put(&one, named)).await?;
        }
    }
    Ok(())
}
