//! The console under load: a store of a hundred thousand candidates in two hundred sessions, a server on one core, and
//! requests that come at a fixed rate whether or not the last ones are answered.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::Packs;
use app::console::programme::{
    Act, Enrolment, EnrolmentId, Lang, Person, PersonId, Session, SessionId, SessionState, Title,
};
use app::console::store::{Find, Opening, Place, Store, Write};
use app::console::{Account, Desk, Role, make_demo};
use jiff::Timestamp;

use super::load::{Ask, ask, load};

const SESSIONS: usize = 200;
/// Sessions that run; what is over is archived, as after some years.
const RUNNING: usize = 20;
/// How many candidates ask.
const ASKING: usize = 200;

/// What is measured.
pub(super) struct Wanted {
    pub candidates: usize,
    pub rate: f64,
    /// How many acts come a second, beside the pages.
    pub writes: f64,
    pub seconds: f64,
}

/// The table of a run, in Markdown.
pub(super) fn table(preuve: &Path, wanted: &Wanted) -> Result<String, String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = scratch.path().join("data");
    fs::create_dir_all(&data).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let Filled { asks, acts, events } = runtime.block_on(fill(&data, wanted.candidates))?;
    let log = scratch.path().join("log");
    let (mut server, address, started) = start(preuve, &data, &log)?;
    let idle = peak(&server);
    // Each page once, so that what is measured is not the first look at the file.
    let warm: Vec<Ask> = asks.iter().step_by(7).cloned().collect();
    let outcome = load(&address, &warm, 50.0, 2.0).and_then(|_| {
        let before = lines(&log).len();
        std::thread::scope(|scope| {
            let written = scope.spawn(|| load(&address, &acts, wanted.writes, wanted.seconds));
            let read = load(&address, &asks, wanted.rate, wanted.seconds);
            Ok((read?, written.join().map_err(|_| "a thread failed".to_owned())??, before))
        })
    });
    let busy = peak(&server);
    let ended = server.kill().and_then(|()| server.wait());
    ended.map_err(|error| error.to_string())?;
    let ((waits, wrong), (written, refused), before) = outcome?;
    let mut out = format!(
        "{} candidates in {SESSIONS} sessions ({RUNNING} of them running), {} requests/s and {} acts/s for {} s on one core.\n\n\
         | page | asked | median, ms | p99, ms | worst, ms |\n|---|---:|---:|---:|---:|\n",
        wanted.candidates, wanted.rate, wanted.writes, wanted.seconds
    );
    let told = lines(&log);
    let of = |route: &str| -> Vec<f64> {
        told.iter().skip(before).filter(|(asked, _)| asked == route).map(|(_, time)| *time).collect()
    };
    let mut all = Vec::new();
    for route in PAGES.map(|(_, path)| path) {
        let times = of(route);
        all.extend(&times);
        row(&mut out, &format!("`{route}`"), times);
    }
    row(&mut out, "all, in the server", all);
    row(&mut out, "all, from when they were due to the whole answer", waits);
    if !written.is_empty() {
        let acknowledged = written.len() - refused;
        row(&mut out, &format!("acts: `POST {ACT}`"), of(ACT));
        row(&mut out, "acts, from when they were due to the whole answer", written);
        let kept = runtime.block_on(acted(&data, events))?;
        let _ = writeln!(out, "\nActs refused: {refused}. Acknowledged: {acknowledged}; in the log: {kept}.");
        if kept != acknowledged {
            return Err(format!("{out}\nan act that was acknowledged is not in the log, or one came twice"));
        }
    }
    let _ = writeln!(
        out,
        "\nPages answered otherwise than 200: {wrong}. Started in {:.0} ms. Peak memory: {idle} MB before, {busy} MB after.",
        started * 1_000.0
    );
    Ok(out)
}

fn row(out: &mut String, name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1)));
    let [median, p99] = [0.5, 0.99].map(|share| at(share).copied().unwrap_or_default());
    let worst = times.last().copied().unwrap_or_default();
    let _ = writeln!(out, "| {name} | {} | {median:.2} | {p99:.2} | {worst:.2} |", times.len());
}

/// Who asks for what; of ten requests seven are candidates'.
const PAGES: [(Role, &str); 5] = [
    (Role::Candidate, "/candidate"),
    (Role::Coach, "/coach"),
    (Role::Juror, "/jury"),
    (Role::Certifier, "/certifier"),
    (Role::CompanyReader, "/company"),
];

/// What some of the candidates do meanwhile: each names another repository.
const ACT: &str = "/candidate/{id}/project";

/// What a store was filled with: pages that people ask for, what they do, and how long the log is.
struct Filled {
    asks: Vec<Ask>,
    acts: Vec<Ask>,
    events: i64,
}

#[expect(clippy::disallowed_methods, reason = "logins of a benchmark begin now")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// The demonstration, so that there is something of everything, and sessions beside it.
async fn fill(data: &Path, candidates: usize) -> Result<Filled, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let store = open(data).await?;
    let desk = Desk::new(store.clone());
    let packs = Packs::load(&[]).map_err(|_| "the packs cannot be read".to_owned())?;
    let pack = |id: &str| packs.framework(id).map_err(|_| format!("no framework {id}"));
    let today = now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let demo = make_demo([pack("rs-devops")?, pack("cloud-devops-expert")?], 1, today);
    desk.fill(demo.map_err(|refused| told(&refused))?).await.map_err(|error| told(&error))?;
    let running = Find::<Session>::by("state", SessionState::Open.name());
    let model = store.find(running).await.map_err(|error| told(&error))?.into_iter().next();
    let model = model.ok_or("the demonstration has no open session")?.into_inner();
    let title = store.get::<Title>(model.title.as_str()).await.map_err(|error| told(&error))?.into_inner();
    // Whoever works there, before many others come.
    let staff = desk.accounts().await.map_err(|error| told(&error))?;
    let mut people = Vec::new();
    for number in 0..SESSIONS {
        let act = Act::of_service("benchmark", now());
        let id = SessionId::new(&format!("n{number:03}")).map_err(|error| told(&error))?;
        let home = model.organisation.clone();
        let made = Session::draft(id, &title, home, &format!("Session {number}"), model.calendar.clone(), act.clone());
        let (mut session, drafted) = made.map_err(|refused| told(&refused))?;
        let opened = session.open(&title, act.clone()).map_err(|refused| told(&refused))?;
        let mut write = Write::new();
        for nth in (number..candidates).step_by(SESSIONS) {
            let name = format!("p{nth:06}");
            let id = PersonId::new(&name).map_err(|error| told(&error))?;
            let (mut person, born) = Person::create(
                id.clone(),
                &format!("Person {nth}"),
                &format!("{name}@example.org"),
                Lang::Fr,
                act.clone(),
            )
            .map_err(|refused| told(&refused))?;
            let held = person.give(Role::Candidate, &model.organisation, act.clone());
            let own = EnrolmentId::new(&format!("e{nth:06}")).map_err(|error| told(&error))?;
            let (mut enrolment, applied) =
                Enrolment::apply(own, &session, &title, &person, &[], act.clone()).map_err(|refused| told(&refused))?;
            let url = format!("https://forge.example.org/{name}/project.git");
            let named = enrolment.name_project(&url, act.clone()).map_err(|refused| told(&refused))?;
            write = write.add_all(&person, vec![born, held]).add_all(&enrolment, vec![applied, named]);
            if people.len() < ASKING && number < RUNNING {
                people.push((id, enrolment.id.clone()));
            }
        }
        if number >= RUNNING {
            // Its way there is another benchmark's.
            session.state = SessionState::Archived;
        }
        let write = Write::new().add_all(&session, vec![drafted, opened]).with(write);
        store.commit(write).await.map_err(|error| told(&error))?;
    }
    let (mut asks, mut acts) = (Vec::new(), Vec::new());
    for (nth, (person, enrolment)) in people.iter().enumerate() {
        let cookie = login(&desk, person).await?;
        acts.push(Ask { path: ACT.replace("{id}", enrolment.as_str()), cookie: cookie.clone(), field: Some("url") });
        asks.push(Ask { path: "/candidate".to_owned(), cookie, field: None });
        // Between candidates, one of the others in turn.
        if nth % 2 == 0 {
            let (role, path) = PAGES[1 + nth / 2 % 4];
            let of = |one: &&Account| one.has(role);
            let somebody = staff.iter().find(of).ok_or_else(|| format!("nobody is {role}"))?;
            asks.push(Ask { path: path.to_owned(), cookie: login(&desk, &somebody.person).await?, field: None });
        }
    }
    let events = store.log_length().await.map_err(|error| told(&error))?;
    store.close().await;
    Ok(Filled { asks, acts, events })
}

async fn open(data: &Path) -> Result<Store, String> {
    let drawn = AtomicUsize::new(1);
    let chance = move || {
        let mut bytes = [3; 32];
        bytes[..8].copy_from_slice(&(drawn.fetch_add(1, Ordering::Relaxed) as u64).to_be_bytes());
        bytes
    };
    let files = data.join("files").display().to_string();
    let opening = Opening { place: Place::File(data.join("preuve.db")), files, chance: Arc::new(chance) };
    Store::open(&opening).await.map_err(|error| error.to_string())
}

/// How many acts the log holds that came after so many events.
async fn acted(data: &Path, events: i64) -> Result<usize, String> {
    let store = open(data).await?;
    let (mut count, mut seen) = (0, events);
    loop {
        let page = store.log_after(seen, 1_000).await.map_err(|error| error.to_string())?;
        let Some(last) = page.last() else { break };
        seen = last.seq;
        count += page.iter().filter(|one| one.what == "project-named").count();
    }
    store.close().await;
    Ok(count)
}

async fn login(desk: &Desk, person: &PersonId) -> Result<String, String> {
    let secret = format!("{:032x}{:032x}", person.as_str().len(), now().as_nanosecond());
    let begun = desk.begin_login(person, &secret, None, "benchmark", now()).await;
    begun.map(|()| format!("preuve={secret}")).map_err(|error| error.to_string())
}

/// Starts the server on the first core, and says where it is and how long that took.
#[expect(clippy::disallowed_methods, reason = "measuring is about time and starts the program that it measures")]
fn start(preuve: &Path, data: &Path, log: &Path) -> Result<(Child, String, f64), String> {
    let failed = |error: std::io::Error| error.to_string();
    let began = Instant::now();
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]).arg(preuve).args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--behind-proxy",
        "--workers",
        "0",
    ]);
    command.args(["--log", "web::router=info", "--lang", "en", "--data"]).arg(data);
    command.stdout(Stdio::null()).stderr(File::create(log).map_err(failed)?);
    let mut server = command.spawn().map_err(failed)?;
    loop {
        let text = fs::read_to_string(log).unwrap_or_default();
        let place = text.split("http://").nth(1).and_then(|rest| rest.split([' ', '\n', '/', ',']).next());
        if let Some(place) = place.filter(|_| text.contains('\n'))
            && ask(&mut TcpStream::connect(place).map_err(failed)?, &Ask::ready(), 0)? == 200
        {
            return Ok((server, place.to_owned(), began.elapsed().as_secs_f64()));
        }
        if let Some(status) = server.try_wait().map_err(failed)? {
            return Err(format!("{status}: {text}"));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Routes and milliseconds, as the server logged them.
fn lines(log: &Path) -> Vec<(String, f64)> {
    let text = fs::read_to_string(log).unwrap_or_default();
    let read = |line: &str| -> Option<(String, f64)> {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        Some((line["span"]["route"].as_str()?.to_owned(), line["fields"]["milliseconds"].as_f64()?))
    };
    text.lines().filter_map(read).collect()
}

/// The most resident memory so far, in megabytes.
fn peak(server: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.unwrap_or(0) / 1024
}
