//! Hosts, services and preparing containers: root inside, and still no way out.

use sandbox::{Command, Container, Engine, Entry, Failure, Limits, Network, Pull, Spec, Status, eventually};

use crate::{Case, TIGHT, World, denied, require, same};

const DENIED: &[&str] = &["denied", "not permitted", "Read-only", "read-only", "No such", "failed"];

fn host(world: &World) -> Result<Container, String> {
    let image = world.sandbox.image("host").map_err(|error| error.to_string())?;
    let limits = Limits { memory_bytes: 256 << 20, processes: 128, disk_bytes: 256 << 20, ..TIGHT };
    let spec = Spec::host(&image).alias("server").limits(limits).network(Network::Members(world.members.clone()));
    let container = world.start(&spec)?;
    let up = Command::sh("test $(systemctl is-system-running) = running && systemctl is-active ssh").root();
    let asked = || Ok::<_, Failure>(world.sandbox.exec(&container, &up)?.succeeded());
    let up = eventually(world.sandbox.clock(), 90, asked).map_err(|error| error.to_string())?;
    require(up, || "systemd is not up".into())?;
    Ok(container)
}

/// What root of a host may not do, each by its own words.
const HOST: [(&str, &str); 9] = [
    ("mount", "mkdir -p /tmp/m; mount -t tmpfs none /tmp/m"),
    ("mount_processes", "mkdir -p /tmp/p; mount -t proc none /tmp/p"),
    ("mount_groups", "mkdir -p /tmp/c; mount -t cgroup -o memory none /tmp/c"),
    ("kernel_settings", "echo '|/x' >/proc/sys/kernel/core_pattern"),
    (
        "own_limit",
        "if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo max >/sys/fs/cgroup/memory.max; else echo 999999999 >/sys/fs/cgroup/memory/memory.limit_in_bytes; fi",
    ),
    ("device", "mknod /tmp/vda b 254 0 && head -c 1 /tmp/vda"),
    (
        "kernel_module",
        "python3 -c 'import ctypes,os; l=ctypes.CDLL(None,use_errno=True); exit(0 if l.syscall(175,None,0,b\"\")==0 else print(os.strerror(ctypes.get_errno())) or 1)'",
    ),
    ("firewall", "ip addr add 192.0.2.77/24 dev eth0"),
    ("systemd_cannot_give_it", "systemd-run --wait -q -p AmbientCapabilities=CAP_SYS_ADMIN mount -t tmpfs none /mnt"),
];

fn hosts(world: &World) -> Result<(), String> {
    let container = host(world)?;
    for (name, line) in HOST {
        let ended = world.exec(&container, &Command::sh(line).root())?;
        denied(&ended, DENIED)
            .or_else(|why| {
                if ended.succeeded() || ended.text().len() + ended.error_text().len() > 0 { Err(why) } else { Ok(()) }
            })
            .map_err(|why| format!("{name}: {why}"))?;
    }
    // What a host is for: services that are managed, isolated by systemd, and that come back.
    let unit = "printf '[Service]\\nPrivateTmp=yes\\nExecStart=/bin/sleep 999\\n' >/etc/systemd/system/x.service && \
                systemctl daemon-reload && systemctl start x && systemctl is-active x && systemctl restart ssh";
    same(&world.exec(&container, &Command::sh(unit).root())?, Status::Exit(0))?;
    let frozen = world.sandbox.freeze(&container).map_err(|error| error.to_string())?;
    world.sandbox.pull(&container, Pull::Kill).map_err(|error| error.to_string())?;
    world.sandbox.pull(&container, Pull::Start).map_err(|error| error.to_string())?;
    let again = || {
        Ok::<_, Failure>(world.sandbox.exec(&container, &Command::sh("systemctl is-active ssh").root())?.succeeded())
    };
    let back = eventually(world.sandbox.clock(), 90, again).map_err(|error| error.to_string())?;
    world.away(&container)?;
    require(back, || "it did not come back".into())?;
    let second = world.start(&Spec::host(&frozen))?;
    let told = world.exec(&second, &Command::sh("test -e /etc/systemd/system/x.service").root())?;
    world.away(&second)?;
    same(&told, Status::Exit(0))
}

/// A subject that was root of a host leaves a shell and a `mount` of its own in it, and waits to be given the rights of
/// whoever starts the host again.
fn traps(world: &World) -> Result<(), String> {
    let container = host(world)?;
    let trap = "printf '#!/bin/bash\ngrep CapEff /proc/self/status >>/rights\nexec /bin/bash \"$@\"\n' >/bin/sh.new && \
                cp /bin/sh.new /usr/bin/mount && chmod 755 /bin/sh.new /usr/bin/mount && mv /bin/sh.new /bin/sh";
    same(&world.exec(&container, &Command::new(["bash", "-c", trap]).root())?, Status::Exit(0))?;
    let frozen = world.sandbox.freeze(&container).map_err(|error| error.to_string())?;
    world.away(&container)?;
    let second = world.start(&Spec::host(&frozen))?;
    let told = world.exec(&second, &Command::new(["cat", "/rights"]).root())?;
    world.away(&second)?;
    let rights: Vec<u64> = told
        .text()
        .lines()
        .filter_map(|line| u64::from_str_radix(line.strip_prefix("CapEff:")?.trim(), 16).ok())
        .collect();
    require(!rights.is_empty(), || "the trap was never entered: nothing was tried".into())?;
    let gained = rights.iter().any(|rights| rights >> SYS_ADMIN & 1 == 1);
    require(!gained, || format!("a program of the subject was given the right to mount: {rights:x?}"))
}

/// The number of the right to mount.
const SYS_ADMIN: u32 = 21;

fn host_fork_bomb(world: &World) -> Result<(), String> {
    let container = host(world)?;
    let line = "f() { f | f & f; }; f; wait";
    let ended = world.exec(&container, &Command::new(["bash", "-c", line]).root().seconds(4))?;
    world.away(&container)?;
    same(&ended, Status::OutOfProcesses)
}

fn service(world: &World) -> Result<(), String> {
    let fails = |error: Failure| error.to_string();
    let image = world.sandbox.image("postgres").map_err(fails)?;
    let first = Entry::file("docker-entrypoint-initdb.d/1.sql", "CREATE TABLE t AS SELECT 7 AS n;");
    let spec = Spec::service(&image)
        .alias("db")
        .network(Network::Members(world.members.clone()))
        .env("POSTGRES_USER", "app")
        .env("POSTGRES_PASSWORD", "word")
        .env("POSTGRES_DB", "shop")
        .files(vec![first]);
    let container = world.start(&spec)?;
    let ask = Command::new(["psql", "-tA", "postgres://app:word@db/shop", "-c", "select n from t"]);
    let asked = || Ok::<_, Failure>(world.sandbox.exec(&world.guarded, &ask)?.text() == "7\n");
    let up = eventually(world.sandbox.clock(), 90, asked).map_err(fails)?;
    let logs = String::from_utf8_lossy(&world.sandbox.logs(&container, 4000).map_err(fails)?).into_owned();
    require(up, || logs.clone())?;
    require(logs.contains("ready to accept connections"), || logs)?;
    for line in [
        "mount -t tmpfs none /mnt",
        "mknod /x b 254 0",
        "echo x >/proc/sys/kernel/core_pattern",
        "chroot / unshare -m true",
    ] {
        denied(&world.exec(&container, &Command::sh(line).root())?, DENIED)?;
    }
    for (action, answers) in [(Pull::Unplug, false), (Pull::Plug, true), (Pull::Kill, false), (Pull::Start, true)] {
        world.sandbox.pull(&container, action).map_err(fails)?;
        let answered = eventually(world.sandbox.clock(), if answers { 90 } else { 0 }, asked).map_err(fails)?;
        require(answered == answers, || format!("after {action:?} it answered: {answered}"))?;
    }
    world.away(&container)
}

fn chosen_user_and_read_only(world: &World) -> Result<(), String> {
    let image = world.sandbox.image("probe").map_err(|error| error.to_string())?;
    let spec = Spec::service(&image).user(54321).read_only().argv(["sh", "-c", "id -u; touch /x; exec sleep 100"]);
    let container = world.start(&spec)?;
    let logs = || world.sandbox.logs(&container, 1000);
    let seen = || Ok::<_, Failure>(String::from_utf8_lossy(&logs()?).contains("Read-only"));
    let told = eventually(world.sandbox.clock(), 60, seen).map_err(|error| error.to_string())?;
    let logs = logs().map_err(|error| error.to_string())?;
    world.away(&container)?;
    require(told && logs.starts_with(b"54321\n"), || String::from_utf8_lossy(&logs).into_owned())
}

/// While preparing, registries are reached; this machine and the metadata of clouds are not.
fn preparing_reaches_registries_only(world: &World) -> Result<(), String> {
    let image = world.sandbox.image("probe").map_err(|error| error.to_string())?;
    let container = world.start(&Spec::preparing(&image))?;
    let line = "gateway=$(ip -4 route show default | cut -d' ' -f3); test -n \"$gateway\" || exit 9; \
        for a in $gateway 172.17.0.1 169.254.169.254; do for p in 22 80 2024; do nc -z -v -w 1 $a $p 2>&1 & done; done; wait; \
        touch /etc/x && echo writable; grep CapEff /proc/self/status";
    let ended = world.exec(&container, &Command::sh(line).root())?;
    let mount = world.exec(&container, &Command::sh("mount -t tmpfs none /mnt").root())?;
    let other = world.exec(&container, &Command::sh("touch /etc/y; id -u"))?;
    world.away(&container)?;
    let text = ended.text();
    require(
        ended.succeeded() && text.contains("writable") && text.contains("nreachable") || text.contains("No route"),
        || text.clone(),
    )?;
    require(!text.contains("refused") && !text.contains("succeeded"), || text.clone())?;
    denied(&mount, DENIED)?;
    require(other.text() == "1000\n" && other.error_text().contains("denied"), || other.error_text())
}

/// A member of one network does not reach a member of another, nor of another run.
fn networks_are_apart(world: &World) -> Result<(), String> {
    let fails = |error: Failure| error.to_string();
    let image = world.sandbox.image("probe").map_err(fails)?;
    let other = world.sandbox.network("apart").map_err(fails)?;
    let container =
        world.start(&Spec::guarded(&image).alias("apart").network(Network::Members(other)).limits(TIGHT))?;
    let told = world.exec(&container, &Command::sh("hostname -i"))?;
    let listening =
        world.exec(&container, &Command::sh("(nc -lk -p 7000 >/dev/null 2>&1 &); for n in $(seq 100); do nc -z -w 1 apart 7000 && exit 0; sleep 0.1; done; exit 1"))?;
    let address = told.text().trim().to_owned();
    let line = format!("nc -z -v -w 1 {address} 7000; nc -z -v -w 1 apart 7000");
    let ended = world.sh(&line)?;
    world.away(&container)?;
    require(!address.is_empty() && listening.succeeded(), || format!("{address} {}", listening.error_text()))?;
    require(!ended.error_text().contains("succeeded") && !ended.error_text().contains("refused"), || ended.error_text())
}

fn build_is_bounded(world: &World) -> Result<(), String> {
    let fails = |error: Failure| error.to_string();
    let base = world.sandbox.image("base").map_err(fails)?.0;
    let build = |steps: &str, seconds| {
        let text = format!("FROM {base}\n{steps}\n");
        let build = sandbox::Build { seconds, ..sandbox::Build::new(text, vec![Entry::file("a", "1")]) };
        world.sandbox.build(&build).map_err(fails)
    };
    let good = build("COPY a /a\nRUN test $(cat /a) = 1", 60)?;
    let image = good.image.ok_or_else(|| good.ended.error_text())?;
    let bad = build("RUN mount -t tmpfs none /mnt", 60)?;
    require(bad.image.is_none() && !bad.ended.succeeded(), || bad.ended.text())?;
    let slow = build("RUN sleep 100", 3)?;
    require(slow.ended.status == Status::TimedOut && slow.image.is_none(), || format!("{:?}", slow.ended.status))?;
    let lies = build("RUN echo Successfully built ffffffffffff && exit 1", 60)?;
    require(lies.image.is_none(), || "a step named the image".into())?;
    let started = world.start(&Spec::service(&image).argv(["sleep", "60"]))?;
    let told = world.exec(&started, &Command::sh("cat /a").directory("/"))?;
    world.away(&started)?;
    require(told.text() == "1", || told.text())
}

pub(crate) const CASES: &[Case] = &[
    ("machines_host_root_is_contained", hosts),
    ("machines_host_lends_no_rights_to_what_it_holds", traps),
    ("machines_host_fork_bomb", host_fork_bomb),
    ("machines_service", service),
    ("machines_chosen_user_and_read_only", chosen_user_and_read_only),
    ("machines_preparing_reaches_registries_only", preparing_reaches_registries_only),
    ("machines_networks_are_apart", networks_are_apart),
    ("machines_build_is_bounded", build_is_bounded),
];
