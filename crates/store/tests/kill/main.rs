//! Programs that write are killed at points that chance chooses: what was acknowledged is there afterwards, the log is
//! whole, and jobs are taken up again. `PREUVE_KILLS=1000 cargo test -p store --test kill` is the long run.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "it starts programs, kills them, and says so")]

#[path = "../it/place.rs"]
mod place;
#[path = "../it/samples.rs"]
mod samples;
mod writer;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jiff::SignedDuration;
use programme::{Change, Enrolment, Person};
use store::jobs::{JobState, NewJob};
use store::{Place, Store};

use place::Here;

/// Enough to meet every phase of a transaction more than once, within seconds.
const KILLS: u64 = 24;
const JOBS: u64 = 60;
/// Two programs write at once; both are killed.
const WRITERS: u64 = 2;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if arguments.get(1).map(String::as_str) == Some("--writer") {
        let path = Path::new(&arguments[3]);
        runtime.block_on(writer::run(&arguments[2], path, &arguments[4]));
        return;
    }
    #[allow(clippy::disallowed_methods, reason = "how long a test runs is for whoever runs it")]
    let kills = std::env::var("PREUVE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    runtime.block_on(async {
        println!("sqlite: {}", killed(place::sqlite().await, kills).await);
        println!("postgres: {}", killed(place::postgres().await, kills).await);
        println!("{}", disk_full(place::sqlite().await).await);
        println!("{}", read_only(place::sqlite().await).await);
        restarted().await;
        println!("a server that restarts: whole");
        // As the other programs of tests say it, to be counted with them.
        println!("test result: ok. 5 passed; 0 failed");
    });
}

fn address(here: &Here) -> String {
    match &here.opening.place {
        Place::File(path) => path.display().to_string(),
        Place::Postgres(url) => url.clone(),
    }
}

fn start(here: &Here, name: &str) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.args(["--writer", &address(here), &here.opening.files, name]);
    command.stdout(Stdio::piped()).spawn().expect("a writer starts")
}

/// The next number of a sequence that is the same each time.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

async fn killed(here: Here, kills: u64) -> String {
    samples::begin(&here.store).await;
    samples::enrol(&here.store, "bob").await.expect("enrolled");
    for nth in 0..JOBS {
        let job = NewJob {
            id: format!("j{nth}"),
            kind: "assess".to_owned(),
            key: None,
            about: None,
            payload: "{}".to_owned(),
            run_at: samples::at(0),
            most_attempts: 1_000,
        };
        here.store.enqueue(&job, samples::at(0)).await.expect("queued");
    }
    let mut chance = 0x9e37_79b9_7f4a_7c15;
    let mut acknowledged = BTreeSet::new();
    for round in 0..kills {
        let mut writers: Vec<Child> = (0..WRITERS).map(|nth| start(&here, &format!("w{round}-{nth}"))).collect();
        let mut readers = Vec::new();
        for writer in &mut writers {
            let out = writer.stdout.take().expect("a pipe");
            readers.push(std::thread::spawn(move || {
                BufReader::new(out).lines().map_while(Result::ok).collect::<Vec<_>>()
            }));
        }
        // From before the first statement to many transactions later.
        std::thread::sleep(Duration::from_micros(next(&mut chance) % 250_000));
        for writer in &mut writers {
            writer.kill().expect("SIGKILL");
            writer.wait().expect("it is gone");
        }
        for reader in readers {
            acknowledged.extend(reader.join().expect("what it said"));
        }
    }
    whole(&here.store, &acknowledged).await;
    let done = finish_jobs(&here.store).await;
    assert_eq!(done, JOBS, "every job is done in the end");
    assert!(acknowledged.len() as u64 > kills, "writers had time to write: {}", acknowledged.len());
    format!("{kills} kills of {WRITERS} writers, {} acknowledged writes, all there", acknowledged.len())
}

/// All that was acknowledged is there, and nothing else is wrong.
async fn whole(store: &Store, acknowledged: &BTreeSet<String>) {
    let mut projects = 0;
    for line in acknowledged {
        let (what, which) = line.split_once(' ').expect("a kind and a name");
        match what {
            "person" => assert!(store.maybe::<Person>(which).await.expect("an answer").is_some(), "{line}"),
            "file" => assert!(store.file(which).await.is_ok(), "{line}"),
            "job" => {
                let job = store.job(which).await.expect("an answer").expect("it is there");
                assert_eq!(job.state, JobState::Done, "{line}");
            }
            "project" => projects += 1,
            other => panic!("a writer says {other}"),
        }
    }
    let named = projects_named(store).await;
    for line in acknowledged.iter().filter_map(|line| line.strip_prefix("project ")) {
        assert!(named.contains(line), "the log has {line}");
    }
    assert!(projects == 0 || store.get::<Enrolment>("e-bob").await.expect("it is there").project.is_some());
    let report = store.check(&[], &[]).await.expect("a report");
    assert!(report.is_well(), "{report:?}");
}

/// The last part of every address that was named, from the whole log: a long run has more events than a history shows.
async fn projects_named(store: &Store) -> BTreeSet<String> {
    let (mut named, mut seen) = (BTreeSet::new(), 0);
    loop {
        let page = store.log_after(seen, 10_000).await.expect("the log");
        let Some(last) = page.last() else { return named };
        seen = last.seq;
        for event in page.into_iter().filter_map(|line| line.event) {
            if let Change::ProjectNamed { url } = event.change {
                named.extend(url.rsplit('/').next().map(str::to_owned));
            }
        }
    }
}

/// A worker that comes later, when the leases of the dead are over.
async fn finish_jobs(store: &Store) -> u64 {
    let later = samples::at(1_000_000);
    while let Some(job) =
        store.claim("last", &["assess"], later, SignedDuration::from_secs(60)).await.expect("an answer")
    {
        assert!(store.finish(&job.id, "last", "{}", later).await.expect("an answer"));
    }
    let all = store.jobs("assess", 1_000).await.expect("a list");
    all.iter().filter(|job| job.state == JobState::Done).count() as u64
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display())
}

/// A writer whose files may not grow: it stops with a clear word, and what it acknowledged is there.
async fn disk_full(here: Here) -> String {
    samples::begin(&here.store).await;
    samples::enrol(&here.store, "bob").await.expect("enrolled");
    here.store.close().await;
    let program = std::env::current_exe().expect("this program");
    // In units of 512 bytes: a little more than what is there.
    let script = format!(
        "trap '' XFSZ; ulimit -f 1200; exec {} --writer {} {} full",
        quoted(&program),
        address(&here),
        here.opening.files
    );
    let told = Command::new("sh").args(["-c", &script]).output().expect("a shell runs");
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    let acknowledged: BTreeSet<String> =
        text.lines().filter(|line| !line.starts_with("stopped")).map(str::to_owned).collect();
    let stopped = text
        .lines()
        .find_map(|line| line.strip_prefix("stopped "))
        .unwrap_or_else(|| panic!("it says why it stopped: {text}{}", String::from_utf8_lossy(&told.stderr)));
    assert!(matches!(stopped, "full" | "disk"), "{stopped}");
    let again = Store::open(&here.opening).await.expect("it opens");
    whole(&again, &acknowledged).await;
    samples::enrol(&again, "eve").await.expect("it writes again");
    format!("a disk that is full: `{stopped}` after {} acknowledged writes, all there", acknowledged.len())
}

/// A folder that may not be written to, for somebody who is not its owner.
async fn read_only(here: Here) -> String {
    samples::begin(&here.store).await;
    here.store.close().await;
    let root = Command::new("id").arg("-u").output().is_ok_and(|told| told.stdout == b"0\n");
    let program = here.folder.path().join("program");
    std::fs::copy(std::env::current_exe().expect("this program"), &program).expect("a copy that anybody may run");
    let script = format!(
        "chmod 555 {folder} {folder}/program; chmod 444 {folder}/preuve.db*; {become_nobody} {folder}/program --writer {} {} ro",
        address(&here),
        here.opening.files,
        folder = quoted(here.folder.path()),
        become_nobody = if root { "runuser -u nobody --" } else { "" },
    );
    let told = Command::new("sh").args(["-c", &script]).output().expect("a shell runs");
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    Command::new("chmod").args(["-R", "u+w"]).arg(here.folder.path()).status().expect("it is ours again");
    let stopped = text
        .lines()
        .find_map(|line| line.strip_prefix("stopped "))
        .unwrap_or_else(|| panic!("it says why it stopped: {text}{}", String::from_utf8_lossy(&told.stderr)));
    assert_eq!(stopped, "read-only");
    format!("a folder that is read-only: `{stopped}`")
}

/// A server that goes down and comes back: an error that says so, then all goes on with the same store.
async fn restarted() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = place::Server::start(folder.path());
    let opening = store::Opening {
        place: Place::Postgres(server.database("restart")),
        files: folder.path().join("files").display().to_string(),
        chance: place::chance(),
    };
    let store = Store::open(&opening).await.expect("it opens");
    samples::begin(&store).await;
    server.down();
    let down = samples::enrol(&store, "bob").await.expect_err("nobody answers");
    assert!(down.may_pass(), "{down:?}");
    server.up();
    let mut tries = 0;
    while let Err(error) = samples::enrol(&store, "bob").await {
        assert!(error.may_pass() && tries < 20, "{error:?}");
        tries += 1;
    }
    assert_eq!(store.verify(&[], &[]).await.expect("a report").problems, []);
    store.close().await;
    server.down();
}
