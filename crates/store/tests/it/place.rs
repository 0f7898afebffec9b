//! Where the cases run: a file in a folder of its own, or a database of its own in one PostgreSQL for all.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use store::{Chance, Opening, Place, Store};
use tempfile::TempDir;

/// A store, and what goes away with it.
pub struct Here {
    pub store: Store,
    pub opening: Opening,
    pub folder: TempDir,
}

/// Chance that is the same each time.
pub fn chance() -> Chance {
    let count = Arc::new(AtomicU64::new(1));
    Arc::new(move || {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&count.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        bytes
    })
}

pub async fn sqlite() -> Here {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = Place::File(folder.path().join("preuve.db"));
    open(place, folder).await
}

pub async fn postgres() -> Here {
    let folder = tempfile::tempdir().expect("a temporary folder");
    open(Place::Postgres(fresh_database()), folder).await
}

async fn open(place: Place, folder: TempDir) -> Here {
    let files = folder.path().join("files").display().to_string();
    let opening = Opening { place, files, chance: chance() };
    let store = Store::open(&opening).await.expect("a store opens");
    Here { store, opening, folder }
}

/// Runs one case on both engines.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::place::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::place::postgres().await).await;
            })*
        }
    };
}

/// A server of our own: one for all cases of this program, ended when the program ends.
pub struct Server {
    pub folder: PathBuf,
    programs: PathBuf,
}

impl Server {
    /// Makes and starts a server that listens on a socket in its own folder and nowhere else.
    pub fn start(folder: &Path) -> Server {
        let server = Server { folder: folder.to_owned(), programs: programs() };
        let data = folder.join("data");
        // PostgreSQL does not run as root.
        run(Command::new("chmod").arg("777").arg(folder));
        let user = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
        run(server.program("initdb").arg("-D").arg(&data).args(user));
        server.up();
        server
    }

    pub fn up(&self) {
        let options = format!("-c listen_addresses= -c unix_socket_directories={} -c fsync=off", self.folder.display());
        let log = self.folder.join("log");
        let mut start = self.program("pg_ctl");
        start.arg("-D").arg(self.folder.join("data")).arg("-l").arg(log).args(["-w", "-o", &options, "start"]);
        run(&mut start);
    }

    #[allow(dead_code, reason = "only the test that kills restarts a server")]
    pub fn down(&self) {
        run(self.program("pg_ctl").arg("-D").arg(self.folder.join("data")).args(["-m", "immediate", "stop"]));
    }

    pub fn database(&self, name: &str) -> String {
        let folder = self.folder.display().to_string();
        run(self.program("createdb").args(["-h", &folder, "-U", "postgres", name]));
        format!("postgres://postgres@localhost/{name}?host={}", folder.replace('/', "%2F"))
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let root = Command::new("id").arg("-u").output().is_ok_and(|told| told.stdout == b"0\n");
        if !root {
            return Command::new(path);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path).current_dir("/");
        command
    }
}

fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed: `./dev` does so")
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL is installed: `./dev` does so")
}

fn run(command: &mut Command) {
    let ended = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().and_then(|child| child.wait_with_output());
    let ended = ended.expect("the program starts");
    assert!(ended.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

static SHARED: OnceLock<Server> = OnceLock::new();
static COUNT: AtomicU64 = AtomicU64::new(0);

fn fresh_database() -> String {
    let server = SHARED.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("preuve-pg-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the server");
        let server = Server::start(&folder);
        guard(&folder, &server);
        server
    });
    server.database(&format!("case_{}", COUNT.fetch_add(1, Ordering::Relaxed)))
}

/// A shell waits until this program has ended, however it ends, then stops the server and removes its folder.
fn guard(folder: &Path, server: &Server) {
    let script = format!(
        "while kill -0 {pid} 2>/dev/null; do sleep 0.5; done; {stop} -m immediate stop; rm -rf {folder}",
        pid = std::process::id(),
        stop = shell(server.program("pg_ctl").arg("-D").arg(folder.join("data"))),
        folder = folder.display(),
    );
    let mut command = Command::new("setsid");
    command.args(["--fork", "sh", "-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().expect("a shell starts");
}

fn shell(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
