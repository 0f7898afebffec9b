//! A console over the demonstration in a store of its own, asked without a network.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use app::Packs;
use app::console::programme::{Act, Lang, OrganisationKind, PersonId};
use app::console::store::{Opening, Place, Store};
use app::console::{Account, Desk, Newcomer, Role, Scope, make_demo};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE};
use axum::http::{Method, Request, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use web::{Console, Settings, World};

/// The day of all tests.
pub(crate) const NOW: i64 = 1_795_345_200;

pub(crate) struct Site {
    pub app: Router,
    pub console: Arc<Console>,
    pub desk: Desk,
    pub first_link: Option<String>,
    pub data: tempfile::TempDir,
    clock: Arc<AtomicI64>,
}

pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers.get("location").and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The cookie that was set, as a browser sends it back.
    pub(crate) fn cookie(&self) -> Option<String> {
        let set = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        set.filter_map(|set| set.split(';').next()).find(|pair| pair.starts_with("preuve=")).map(str::to_owned)
    }
}

impl Site {
    /// With the demonstration, or empty.
    pub(crate) async fn open(demo: bool) -> Site {
        Self::open_with(demo, |_| {}).await
    }

    /// The demonstration, with a worker that looks at the repositories of a mirror.
    pub(crate) async fn looking() -> Site {
        let site = Self::mirrored().await;
        web::work(&site.console);
        site
    }

    /// The same, before the worker begins.
    pub(crate) async fn mirrored() -> Site {
        let site = Self::open_with(true, |settings| {
            settings.workers = 1;
            settings.open_looks = true;
            settings.look_days = 7;
            settings.reach.mirror = Some(settings.data.join("mirror"));
        });
        site.await
    }

    pub(crate) async fn open_with(demo: bool, choose: impl FnOnce(&mut Settings)) -> Site {
        Self::open_in(tempfile::tempdir().unwrap(), demo, choose).await
    }

    /// Over what lies in a folder.
    pub(crate) async fn open_in(data: tempfile::TempDir, demo: bool, choose: impl FnOnce(&mut Settings)) -> Site {
        let clock = Arc::new(AtomicI64::new(NOW));
        let drawn = Arc::new(AtomicU64::new(0));
        let chance = move || -> [u8; 32] { Sha256::digest(drawn.fetch_add(1, Ordering::SeqCst).to_le_bytes()).into() };
        let chance = Arc::new(chance);
        let opening = Opening {
            place: Place::File(data.path().join("preuve.db")),
            files: data.path().join("files").display().to_string(),
            chance: chance.clone(),
        };
        let desk = Desk::new(Store::open(&opening).await.unwrap());
        let packs = Packs::load(&[]).unwrap();
        if demo {
            let frameworks = [packs.framework("rs-devops").unwrap(), packs.framework("cloud-devops-expert").unwrap()];
            assert!(desk.fill(make_demo(frameworks, 1, "2026-11-22".parse().unwrap()).unwrap()).await.unwrap());
        }
        let mut settings = Settings {
            public_url: "http://console.test".to_owned(),
            data: data.path().to_owned(),
            demo,
            ..Settings::default()
        };
        choose(&mut settings);
        let tick = Arc::clone(&clock);
        let now = move || Timestamp::from_second(tick.load(Ordering::SeqCst)).unwrap();
        let world = World { now: Box::new(now), chance: Box::new(move || chance()), zone: TimeZone::UTC };
        let console = Arc::new(Console::new(settings, packs, desk.clone(), world));
        let first_link = console.first_link().await.unwrap();
        Site { app: web::app(Arc::clone(&console)), console, desk, first_link, data, clock }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn today(&self) -> jiff::civil::Date {
        let now = Timestamp::from_second(self.clock.load(Ordering::SeqCst)).unwrap();
        now.to_zoned(TimeZone::UTC).date()
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16 * 1024 * 1024).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str, cookie: Option<&str>) -> Answer {
        self.ask(request(Method::GET, path, cookie, "")).await
    }

    pub(crate) async fn get_in(&self, path: &str, cookie: Option<&str>, lang: &str) -> Answer {
        let mut asked = request(Method::GET, path, cookie, "");
        asked.headers_mut().insert(ACCEPT_LANGUAGE, lang.parse().unwrap());
        self.ask(asked).await
    }

    pub(crate) async fn post(&self, path: &str, cookie: Option<&str>, form: &str) -> Answer {
        self.ask(request(Method::POST, path, cookie, form)).await
    }

    /// Sends a file, as the field of a form.
    pub(crate) async fn send(&self, path: &str, cookie: &str, field: &str, file: &str) -> Answer {
        self.send_named(path, cookie, field, ("file", file)).await
    }

    /// The same, with the name that the file has.
    pub(crate) async fn send_named(&self, path: &str, cookie: &str, field: &str, (name, file): (&str, &str)) -> Answer {
        let body = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n{file}\r\n--edge--\r\n"
        );
        let mut asked = request(Method::POST, path, Some(cookie), &body);
        asked.headers_mut().insert(CONTENT_TYPE, "multipart/form-data; boundary=edge".parse().unwrap());
        self.ask(asked).await
    }

    /// Messages that left, oldest first: to whom, and what they say.
    pub(crate) fn outbox(&self) -> Vec<(String, String)> {
        let Ok(folder) = std::fs::read_dir(self.data.path().join("outbox")) else { return Vec::new() };
        let mut files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let told = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).unwrap();
            let to = text.lines().find_map(|line| line.strip_prefix("To: ")).unwrap_or_default().to_owned();
            (to, text)
        };
        files.iter().map(told).collect()
    }

    /// The path of the link in the last message to an address.
    pub(crate) fn link_for(&self, address: &str) -> String {
        let sent = self.outbox();
        let (_, text) = sent.iter().rfind(|(to, _)| to == address).unwrap_or_else(|| panic!("nothing for {address}"));
        let at = text.find("http://console.test/").expect("a link") + "http://console.test".len();
        text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect()
    }

    /// Becomes somebody of the demonstration.
    pub(crate) async fn enter(&self, person: &str) -> String {
        let answer = self.post("/demo/enter", None, &format!("person={person}")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.cookie().expect("a login sets its cookie")
    }

    pub(crate) async fn somebody(&self, role: Role) -> Account {
        let all = self.desk.accounts().await.unwrap();
        all.into_iter().find(|one| one.has(role)).unwrap_or_else(|| panic!("nobody is {role}"))
    }

    /// The latest enrolment of somebody, by their name.
    pub(crate) async fn enrolment(&self, name: &str) -> String {
        let person = PersonId::new(&self.named(name).await).unwrap();
        let scope = Scope::Candidate(person);
        let found = self.desk.read(&scope, |records| {
            records.enrolments.iter().max_by_key(|one| one.applied).map(|one| one.id.to_string())
        });
        found.await.unwrap().expect("they are enrolled")
    }

    /// A certifier of another house, signed in.
    pub(crate) async fn stranger(&self) -> String {
        let at = Timestamp::from_second(NOW).unwrap();
        let act = || Act::of_service("test", at);
        let house = self.desk.create_organisation("Autre maison", OrganisationKind::Certifier, act()).await.unwrap();
        let newcomer = Newcomer {
            name: "Rose Tessier",
            email: "rose@other.invalid",
            lang: Lang::En,
            role: Role::Certifier,
            organisation: house,
            professional: false,
            employer: None,
        };
        let account = self.desk.invite_person(&newcomer, act()).await.unwrap();
        self.enter(account.person.as_str()).await
    }

    /// Hands in a commit of `class/fares`, which the mirror has, as a candidate who may. Gives their cookie and enrolment.
    pub(crate) async fn hand_in(&self, commit: &str) -> (String, String) {
        let id = self.enrolment("Nadir Haddad").await;
        let cookie = self.enter(&self.named("Nadir Haddad").await).await;
        for (what, form) in
            [("project", "url=https://git.example/class/fares".to_owned()), ("hand-in", format!("commit={commit}"))]
        {
            let answer = self.post(&format!("/candidate/{id}/{what}"), Some(&cookie), &form).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}: {}", answer.body);
        }
        (cookie, id)
    }

    pub(crate) async fn named(&self, name: &str) -> String {
        let all = self.desk.accounts().await.unwrap();
        all.into_iter().find(|one| one.name == name).unwrap().person.to_string()
    }
}

pub(crate) fn request(method: Method, path: &str, cookie: Option<&str>, form: &str) -> Request<Body> {
    let mut builder = Request::builder().method(&method).uri(path).header("host", "console.test");
    if method == Method::POST {
        builder = builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(cookie) = cookie {
        builder = builder.header(COOKIE, cookie);
    }
    builder.body(Body::from(form.to_owned())).unwrap()
}
