//! A real Kubernetes: what its pods reach, what they are refused, and what is left of it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use sandbox::{Clock, Cluster, Command, Engine, Machine, Run, Sandbox, Setting, Spec};

struct Watch(Instant);

impl Clock for Watch {
    fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

#[expect(clippy::disallowed_methods, reason = "a real engine takes real time, and the cache of this machine")]
fn open(id: &str) -> Sandbox {
    let var = |name: &str| std::env::var(name).ok();
    let cache = var("XDG_CACHE_HOME").unwrap_or_else(|| format!("{}/.cache", var("HOME").unwrap_or_default()));
    let machine = Machine::read(PathBuf::from(cache).join("preuve/engine"), None);
    assert!(sandbox::cluster::is_here(&machine), "{}", sandbox::cluster::MISSING);
    let run = Run::new(&format!("{id}-{}", std::process::id()), id.as_bytes()).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(Watch(Instant::now()));
    Sandbox::open(Setting { run, clock, dialect: None, machine }, &mut |_| ()).unwrap()
}

fn pod(name: &str, image: &str, line: &str) -> String {
    let (image, line) = (serde_json::json!(image), serde_json::json!(line));
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  restartPolicy: Never\n  containers:\n  - name: c\n    \
         image: {image}\n    imagePullPolicy: Never\n    command: [sh, -c, {line}]\n"
    )
}

#[test]
fn a_pod_reaches_pods_and_nothing_else() {
    let sandbox = open("cluster");
    let probe = sandbox.image("probe").unwrap();
    let cluster = Cluster::raise(&sandbox, &probe).unwrap();
    // This machine listens on every address of its own.
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let outside = sandbox.start(&Spec::service(&probe).argv(["sh", "-c", "nc -lk 8080"])).unwrap();
    let documents = [
        pod("server", &probe.0, "mkdir /tmp/w && echo hello >/tmp/w/index.html && exec python3 -m http.server 8000 -d /tmp/w"),
        "apiVersion: v1\nkind: Service\nmetadata: {name: server}\nspec: {selector: {app: server}, ports: [{port: 80, targetPort: 8000}]}\n".into(),
        pod(
            "client",
            &probe.0,
            &format!(
                "until curl -sf -m 2 http://server/; do sleep 0.2; done; for address in 10.244.0.1 10.243.0.1 172.17.0.1 $(ip -4 -o addr | sed 's/.*inet \\([0-9.]*\\).*/\\1/' | cut -d. -f1-3 | sed 's/$/.1/'); do curl -s -m 2 -o /dev/null http://$address:{port}/ && echo reached $address; done; echo done"
            ),
        ),
    ];
    assert!(cluster.apply(&documents.join("---\n")).unwrap().succeeded());
    cluster.kubectl(&["label", "pod", "server", "app=server"], "", 10).unwrap();
    let words = ["wait", "pod/client", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s"];
    cluster.kubectl(&words, "", 70).unwrap();
    assert_eq!(cluster.logs("default", "client").unwrap(), "hello\ndone\n", "{:?}", cluster.warnings("default"));
    drop(outside);
    let run = sandbox.run().id().to_owned();
    let folder = Path::new("/run/preuve").join(&run);
    assert!(folder.exists());
    assert!(cluster.run(Command::new(["helm", "version"])).unwrap().succeeded());
    sandbox.remove_all().unwrap();
    assert!(!folder.exists(), "what the kubelet kept is removed");
    assert!(!Path::new("/sys/fs/cgroup/pids").join(format!("preuve-{run}")).exists());
}
