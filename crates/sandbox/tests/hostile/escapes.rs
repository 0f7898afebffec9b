//! Ways out of a guarded container: each must be refused, with the kernel's own word for it.

use sandbox::Command;

use crate::{Case, World, denied, require, same};

const DENIED: &[&str] =
    &["denied", "not permitted", "Read-only", "No such", "not found", "Invalid", "failed", "nonexistent"];

macro_rules! refused {
    ($($name:ident $line:expr;)*) => {
        $(fn $name(world: &World) -> Result<(), String> { denied(&world.sh($line)?, DENIED) })*
    };
}

refused! {
    root_file_system "echo x >/usr/bin/sh";
    password_file "echo 'x::0:0::/:/bin/sh' >>/etc/passwd";
    own_image "rm -rf --no-preserve-root /usr/lib";
    mount_memory "mkdir -p /tmp/m && mount -t tmpfs none /tmp/m";
    mount_processes "mkdir -p /tmp/p && mount -t proc none /tmp/p";
    remount_root "mount -o remount,rw /";
    user_name_space "unshare --user --map-root-user id";
    all_name_spaces "unshare --mount --pid --fork --net id";
    enter_machine "nsenter --target 1 --mount --uts --ipc --net --pid id";
    change_root "chroot /tmp /bin/sh -c id";
    device_node "mknod /tmp/disk b 253 0 && cat /tmp/disk";
    machine_disk "head -c 512 /dev/vda || head -c 512 /dev/sda";
    machine_memory "head -c 16 /dev/mem";
    kernel_log "dmesg && head -c 16 /dev/kmsg";
    kernel_settings "echo '|/work/x' >/proc/sys/kernel/core_pattern";
    sysrq "echo b >/proc/sysrq-trigger";
    uevent_helper "echo /work/x >/sys/kernel/uevent_helper";
    control_group "mkdir /sys/fs/cgroup/memory/x || mkdir /sys/fs/cgroup/x";
    raise_own_limit "echo -1 >/sys/fs/cgroup/memory/memory.limit_in_bytes || echo max >/sys/fs/cgroup/memory.max";
    release_agent "echo /work/x >/sys/fs/cgroup/memory/release_agent";
    engine_socket "curl -s --unix-socket /var/run/docker.sock http://x/containers/json || ls /run/docker.sock";
    become_root "su -c id || sudo id";
    own_runtime "cp /bin/true /proc/1/exe";
    own_address "ip addr add 192.0.2.77/24 dev eth0";
    own_route "ip route add 169.254.169.254 via 10.0.0.1";
    raw_socket "python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)'";
    packet_socket "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)'";
    set_clock "date -s 2001-01-01 && test $(date +%Y) = 2001";
    host_name "hostname owned || echo owned >/proc/sys/kernel/hostname";
    kernel_program "python3 -c 'import ctypes,os; l=ctypes.CDLL(None,use_errno=True); exit(0 if l.syscall(321,0,None,0)>=0 else print(os.strerror(ctypes.get_errno())) or 1)'";
    kernel_module "python3 -c 'import ctypes,os; l=ctypes.CDLL(None,use_errno=True); exit(0 if l.syscall(175,None,0,b\"\")==0 else print(os.strerror(ctypes.get_errno())) or 1)'";
}

fn set_user_id(world: &World) -> Result<(), String> {
    let ended = world.sh("/usr/local/bin/set-user-id -u")?;
    require(ended.text().trim() == "1000", || format!("it became {}", ended.text()))
}

fn own_set_user_id(world: &World) -> Result<(), String> {
    let ended = world.sh("cp /usr/bin/id /tmp/id && chmod 4755 /tmp/id && chown root /tmp/id; /tmp/id -u")?;
    require(ended.text().trim() == "1000", || format!("it became {}", ended.text()))
}

fn other_processes(world: &World) -> Result<(), String> {
    let ended = world.sh("cat /proc/[0-9]*/comm | sort -u | tr '\\n' ' '")?;
    let alien = ["dockerd", "containerd", "systemd", "cargo"].iter().any(|name| ended.text().contains(name));
    require(!alien && ended.text().contains("sleep"), || ended.text())
}

fn inherited_descriptors(world: &World) -> Result<(), String> {
    let ended = world.sh("for n in /proc/self/fd/*; do readlink -f $n/../../../../etc/hostname; done 2>/dev/null; ls /proc/self/fd | wc -l")?;
    let count: u32 = ended.text().trim().lines().last().and_then(|line| line.parse().ok()).unwrap_or(99);
    require(count <= 5, || format!("{count} descriptors: {}", ended.text()))
}

/// A command that starts in `/proc/self/fd/N` has left containers before.
fn working_folder_of_the_runtime(world: &World) -> Result<(), String> {
    match world.sandbox_exec(&Command::sh("ls ../../..").directory("/proc/self/fd/8")) {
        Err(told) if told.starts_with("refused") => Ok(()),
        other => Err(format!("{other:?}")),
    }
}

/// The machine's environment stays on the machine.
fn machine_environment(world: &World) -> Result<(), String> {
    let ended = world.sh("env")?;
    let leaked = ["CARGO", "DOCKER_HOST", "SSH_", "RUSTUP"].iter().any(|name| ended.text().contains(name));
    require(!leaked, || ended.text())
}

/// A refusal is an answer too: only silence or no route will do.
fn unreachable(world: &World, addresses: &str, ports: &str) -> Result<(), String> {
    let line = format!("for a in {addresses}; do for p in {ports}; do nc -z -v -w 1 $a $p 2>&1 & done; done; wait");
    let ended = world.sh(&line)?;
    let answered = ended.text().lines().any(|line| line.contains("refused") || line.contains("succeeded"));
    require(!answered && !ended.text().is_empty(), || ended.text())
}

fn network_scan(world: &World) -> Result<(), String> {
    unreachable(world, "1.1.1.1 8.8.8.8 10.0.0.1 192.168.0.1 192.168.1.1", "22 80 443")
}

fn this_machine(world: &World) -> Result<(), String> {
    unreachable(world, "172.17.0.1 $(ip route | sed -n 's/^default via \\([^ ]*\\).*/\\1/p')", "22 80 2024 2375")
}

fn metadata_address(world: &World) -> Result<(), String> {
    unreachable(world, "169.254.169.254 169.254.170.2", "80")
}

fn names_outside(world: &World) -> Result<(), String> {
    let ended = world.sh("getent hosts secret.example.org && echo resolved")?;
    require(!ended.text().contains("resolved"), || ended.text())
}

fn names_carry_nothing_out(world: &World) -> Result<(), String> {
    let ended = world.sh("dig +time=1 +tries=1 @1.1.1.1 x.example.org; dig +time=1 +tries=1 @8.8.8.8 x.example.org")?;
    require(!ended.text().contains("ANSWER SECTION") && !ended.text().contains("status:"), || ended.text())
}

fn members_are_reached(world: &World) -> Result<(), String> {
    // The counter-test of the four before: the network is not simply dead.
    let ended = world.sh(
        "(nc -l -p 7777 >/dev/null &) ; for n in $(seq 100); do nc -z -w 1 victim 7777 && exit 0; sleep 0.1; done; exit 1",
    )?;
    same(&ended, sandbox::Status::Exit(0))
}

impl World {
    fn sandbox_exec(&self, command: &Command) -> Result<sandbox::Ended, String> {
        self.exec(&self.guarded, command)
    }
}

pub(crate) const CASES: &[Case] = &[
    ("escape_root_file_system", root_file_system),
    ("escape_password_file", password_file),
    ("escape_own_image", own_image),
    ("escape_mount_memory", mount_memory),
    ("escape_mount_processes", mount_processes),
    ("escape_remount_root", remount_root),
    ("escape_user_name_space", user_name_space),
    ("escape_all_name_spaces", all_name_spaces),
    ("escape_enter_machine", enter_machine),
    ("escape_change_root", change_root),
    ("escape_device_node", device_node),
    ("escape_machine_disk", machine_disk),
    ("escape_machine_memory", machine_memory),
    ("escape_kernel_log", kernel_log),
    ("escape_kernel_settings", kernel_settings),
    ("escape_sysrq", sysrq),
    ("escape_uevent_helper", uevent_helper),
    ("escape_control_group", control_group),
    ("escape_raise_own_limit", raise_own_limit),
    ("escape_release_agent", release_agent),
    ("escape_engine_socket", engine_socket),
    ("escape_become_root", become_root),
    ("escape_own_runtime", own_runtime),
    ("escape_own_address", own_address),
    ("escape_own_route", own_route),
    ("escape_raw_socket", raw_socket),
    ("escape_packet_socket", packet_socket),
    ("escape_set_clock", set_clock),
    ("escape_host_name", host_name),
    ("escape_kernel_program", kernel_program),
    ("escape_kernel_module", kernel_module),
    ("escape_set_user_id", set_user_id),
    ("escape_own_set_user_id", own_set_user_id),
    ("escape_other_processes", other_processes),
    ("escape_inherited_descriptors", inherited_descriptors),
    ("escape_working_folder_of_the_runtime", working_folder_of_the_runtime),
    ("escape_machine_environment", machine_environment),
    ("network_scan", network_scan),
    ("network_this_machine", this_machine),
    ("network_metadata_address", metadata_address),
    ("network_names_outside", names_outside),
    ("network_names_carry_nothing_out", names_carry_nothing_out),
    ("network_members_are_reached", members_are_reached),
];
