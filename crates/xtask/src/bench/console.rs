//! The console under load: a store of a hundred thousand candidates in two hundred sessions, a server on one core, and
//! requests that come at a fixed rate whether or not the last ones are answered.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write as _};
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

const SESSIONS: usize = 200;
/// Sessions that run; what is over is archived, as after some years.
const RUNNING: usize = 20;
/// How many candidates ask, and how many connections carry the requests.
const ASKING: usize = 200;
const CONNECTIONS: usize = 16;

/// What is measured.
pub(super) struct Wanted {
    pub candidates: usize,
    pub rate: f64,
    pub seconds: f64,
}

/// A page that somebody asks for, with their cookie.
#[derive(Clone)]
struct Ask {
    path: &'static str,
    cookie: String,
}

/// The table of a run, in Markdown.
pub(super) fn table(preuve: &Path, wanted: &Wanted) -> Result<String, String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = scratch.path().join("data");
    fs::create_dir_all(&data).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let asks = runtime.block_on(fill(&data, wanted.candidates))?;
    let log = scratch.path().join("log");
    let (mut server, address, started) = start(preuve, &data, &log)?;
    let idle = peak(&server);
    // Each page once, so that what is measured is not the first look at the file.
    let warm: Vec<Ask> = asks.iter().step_by(7).cloned().collect();
    let outcome = load(&address, &warm, 50.0, 2.0).and_then(|_| {
        let before = lines(&log).len();
        load(&address, &asks, wanted.rate, wanted.seconds).map(|found| (found, before))
    });
    let busy = peak(&server);
    let ended = server.kill().and_then(|()| server.wait());
    ended.map_err(|error| error.to_string())?;
    let ((waits, wrong), before) = outcome?;
    let mut out = format!(
        "{} candidates in {SESSIONS} sessions ({RUNNING} of them running), {} requests/s for {} s on one core.\n\n\
         | page | asked | median, ms | p99, ms | worst, ms |\n|---|---:|---:|---:|---:|\n",
        wanted.candidates, wanted.rate, wanted.seconds
    );
    let told = lines(&log);
    let mut all = Vec::new();
    for route in PAGES.map(|(_, path)| path) {
        let of = told.iter().skip(before).filter(|(asked, _)| asked == route).map(|(_, time)| *time);
        let times: Vec<f64> = of.collect();
        all.extend(&times);
        row(&mut out, &format!("`{route}`"), times);
    }
    row(&mut out, "all, in the server", all);
    row(&mut out, "all, from when they were due to the whole answer", waits);
    let _ = writeln!(
        out,
        "\nAnswers other than 200: {wrong}. Started in {:.0} ms. Peak memory: {idle} MB before, {busy} MB after.",
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

#[expect(clippy::disallowed_methods, reason = "logins of a benchmark begin now")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// The demonstration, so that there is something of everything, and sessions beside it.
async fn fill(data: &Path, candidates: usize) -> Result<Vec<Ask>, String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let drawn = AtomicUsize::new(1);
    let chance = move || {
        let mut bytes = [3; 32];
        bytes[..8].copy_from_slice(&(drawn.fetch_add(1, Ordering::Relaxed) as u64).to_be_bytes());
        bytes
    };
    let files = data.join("files").display().to_string();
    let opening = Opening { place: Place::File(data.join("preuve.db")), files, chance: Arc::new(chance) };
    let store = Store::open(&opening).await.map_err(|error| told(&error))?;
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
                people.push(id);
            }
        }
        if number >= RUNNING {
            // Its way there is another benchmark's.
            session.state = SessionState::Archived;
        }
        let write = Write::new().add_all(&session, vec![drafted, opened]).with(write);
        store.commit(write).await.map_err(|error| told(&error))?;
    }
    let mut asks = Vec::new();
    for (nth, person) in people.iter().enumerate() {
        asks.push(Ask { path: "/candidate", cookie: login(&desk, person).await? });
        // Between candidates, one of the others in turn.
        if nth % 2 == 0 {
            let (role, path) = PAGES[1 + nth / 2 % 4];
            let of = |one: &&Account| one.has(role);
            let somebody = staff.iter().find(of).ok_or_else(|| format!("nobody is {role}"))?;
            asks.push(Ask { path, cookie: login(&desk, &somebody.person).await? });
        }
    }
    store.close().await;
    Ok(asks)
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
            && ask(&mut TcpStream::connect(place).map_err(failed)?, "/readyz", "", 0)? == 200
        {
            return Ok((server, place.to_owned(), began.elapsed().as_secs_f64()));
        }
        if let Some(status) = server.try_wait().map_err(failed)? {
            return Err(format!("{status}: {text}"));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Asks at a fixed rate. Gives, for each request, the milliseconds from when it was due, and how many failed.
#[expect(clippy::disallowed_methods, reason = "measuring is about time")]
fn load(address: &str, asks: &[Ask], rate: f64, seconds: f64) -> Result<(Vec<f64>, usize), String> {
    let count = (rate * seconds) as usize;
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let one = || -> Result<(Vec<f64>, usize), String> {
        let mut stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let (mut times, mut wrong) = (Vec::new(), 0);
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            if nth >= count {
                return Ok((times, wrong));
            }
            let due = Duration::from_secs_f64(nth as f64 / rate);
            std::thread::sleep(due.saturating_sub(began.elapsed()));
            let asked = &asks[nth % asks.len()];
            let status = ask(&mut stream, asked.path, &asked.cookie, nth)?;
            wrong += usize::from(status != 200);
            times.push((began.elapsed().saturating_sub(due)).as_secs_f64() * 1_000.0);
        }
    };
    let found: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a thread failed".to_owned())?).collect()
    });
    let (mut times, mut wrong) = (Vec::new(), 0);
    for part in found {
        let (some, failed) = part?;
        times.extend(some);
        wrong += failed;
    }
    Ok((times, wrong))
}

/// One request on a connection that stays open. Each comes from another address, as behind a proxy.
fn ask(stream: &mut TcpStream, path: &str, cookie: &str, nth: usize) -> Result<u16, String> {
    let failed = |error: std::io::Error| error.to_string();
    let peer = format!("198.18.{}.{}", nth / 250 % 250, nth % 250);
    let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nx-forwarded-for: {peer}\r\n\r\n");
    stream.write_all(head.as_bytes()).map_err(failed)?;
    let (mut bytes, mut part) = (Vec::new(), [0; 65_536]);
    loop {
        let read = stream.read(&mut part).map_err(failed)?;
        if read == 0 {
            return Err("the server closed the connection".to_owned());
        }
        bytes.extend_from_slice(&part[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let length = length.ok_or("an answer without a length")?;
        if bytes.len() >= end + 4 + length {
            return head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| "no status".to_owned());
        }
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
