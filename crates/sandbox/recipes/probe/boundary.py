"""Tries to leave the container that it runs in, in every way that is quick to try, and says which ways were open.

One line a way: `held NAME` or `open NAME: what happened`. The last line is the word given as first argument, so that a
container that dies half-way is not taken for one that held. Arguments: the word, the memory limit, the limit of processes,
then addresses of the machine that must not be reached.
"""

import ctypes
import os
import socket
import stat
import subprocess
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)
ways = []


def way(name):
    def register(attempt):
        ways.append((name, attempt))
        return attempt

    return register


def syscall(number, *arguments):
    if libc.syscall(ctypes.c_long(number), *arguments) != -1:
        return f"system call {number} was allowed"
    return None


def written(*paths):
    for path in paths:
        try:
            with open(path, "w") as file:
                file.write("0")
            return f"{path} was written"
        except OSError:
            pass
    return None


@way("root-file-system")
def root_file_system():
    return written("/preuve", "/etc/preuve", "/usr/bin/preuve", "/var/preuve", "/etc/passwd")


@way("mount")
def mount():
    for kind in (b"tmpfs", b"proc", b"sysfs", b"devtmpfs", b"cgroup"):
        if libc.mount(b"none", b"/tmp", kind, 0, None) == 0:
            return f"{kind.decode()} was mounted"
    return None


@way("user-name-space")
def user_name_space():
    child = os.fork()
    if child == 0:
        os._exit(1 if libc.unshare(0x10000000) == 0 else 0)
    return "a user name space was made" if os.waitpid(child, 0)[1] else None


@way("name-spaces")
def name_spaces():
    for flag in (0x00020000, 0x20000000, 0x40000000, 0x04000000):
        child = os.fork()
        if child == 0:
            os._exit(1 if libc.unshare(flag) == 0 else 0)
        if os.waitpid(child, 0)[1]:
            return f"name space {flag:#x} was made"
    return None


@way("capabilities")
def capabilities():
    with open("/proc/self/status") as file:
        fields = dict(line.split(":\t", 1) for line in file if ":\t" in line)
    held = [name for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(fields[name], 16)]
    if held:
        return f"{' '.join(held)} is not empty"
    if fields["NoNewPrivs"].strip() != "1":
        return "new privileges can be gained"
    return "system calls are not filtered" if fields["Seccomp"].strip() != "2" else None


@way("root-user")
def root_user():
    if os.getuid() == 0 or libc.setuid(0) == 0 or libc.setresuid(0, 0, 0) == 0:
        return "it is root"
    return None


@way("set-user-id")
def set_user_id():
    told = subprocess.run(["/usr/local/bin/set-user-id", "-u"], capture_output=True, text=True).stdout.strip()
    return None if told == str(os.getuid()) else f"a set-user-id program became {told}"


@way("other-processes")
def other_processes():
    pids = [pid for pid in os.listdir("/proc") if pid.isdigit()]
    if len(pids) > 12:
        return f"{len(pids)} processes are seen"
    for pid in pids:
        try:
            if os.stat(f"/proc/{pid}").st_uid != os.getuid():
                return f"process {pid} is of another user"
        except OSError:
            pass
    return None


@way("devices")
def devices():
    for folder, _, names in os.walk("/dev"):
        for name in names:
            path = os.path.join(folder, name)
            try:
                if stat.S_ISBLK(os.stat(path).st_mode):
                    return f"the disk {path} is there"
            except OSError:
                pass
    for name in ("mem", "kmem", "port", "kvm", "fuse", "kmsg", "vda", "sda", "nvme0n1", "loop-control", "net/tun"):
        try:
            os.close(os.open(f"/dev/{name}", os.O_RDONLY))
            return f"/dev/{name} was opened"
        except OSError:
            pass
    return None


@way("device-nodes")
def device_nodes():
    try:
        os.mknod("/tmp/node", 0o600 | stat.S_IFCHR, os.makedev(1, 1))
        return "a device was made"
    except OSError:
        return None


@way("kernel-settings")
def kernel_settings():
    return written(
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/kernel/hostname",
        "/proc/sys/vm/drop_caches",
        "/proc/sys/net/ipv4/ip_forward",
        "/proc/sysrq-trigger",
        "/sys/kernel/uevent_helper",
        "/sys/power/state",
    )


@way("control-groups")
def control_groups():
    root = "/sys/fs/cgroup"
    names = ("release_agent", "notify_on_release", "cgroup.procs", "tasks", "memory.limit_in_bytes", "memory.max", "pids.max")
    folders = [root] + [os.path.join(root, name) for name in sorted(os.listdir(root))]
    opened = written(*(os.path.join(folder, name) for folder in folders for name in names))
    if opened:
        return opened
    for folder in folders:
        try:
            os.mkdir(os.path.join(folder, "preuve"))
            return f"a group was made in {folder}"
        except OSError:
            pass
    return None


@way("kernel-log")
def kernel_log():
    buffer = ctypes.create_string_buffer(16)
    return "the kernel's log was read" if libc.klogctl(3, buffer, 16) >= 0 else None


@way("kernel-code")
def kernel_code():
    # Modules, a new kernel, programs in the kernel, performance counters of others.
    return syscall(175, None, 0, b"") or syscall(246, 0, 0, None, 0) or syscall(321, 0, None, 0) or syscall(298, None, 0, -1, -1, 0)


@way("keys")
def keys():
    return syscall(248, b"user", b"preuve", b"x", 1, -3)


@way("file-handles")
def file_handles():
    # Opening by handle leaves any root: the handle of the machine's own root is known.
    handle = (ctypes.c_char * 16)()
    ctypes.memmove(handle, (8).to_bytes(4, "little") + (1).to_bytes(4, "little") + (2).to_bytes(8, "little"), 16)
    descriptor = os.open("/etc/hosts", os.O_RDONLY)
    if libc.syscall(ctypes.c_long(304), descriptor, handle, 0) == -1 and ctypes.get_errno() in (1, 38):
        return None
    return "files were opened by handle"


@way("clock")
def clock():
    try:
        time.clock_settime(time.CLOCK_REALTIME, time.time())
        return "the clock was set"
    except OSError:
        return None


@way("host-name")
def host_name():
    return "the name was changed" if libc.sethostname(b"x", 1) == 0 else None


@way("change-root")
def change_root():
    return "the root was changed" if libc.chroot(b"/tmp") == 0 else None


@way("priority")
def priority():
    return "the priority was raised" if libc.setpriority(0, 0, -5) == 0 else None


@way("engine-socket")
def engine_socket():
    for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock"):
        if os.path.exists(path):
            return f"{path} is there"
    with open("/proc/net/unix") as file:
        for line in file:
            if "docker" in line or "containerd" in line or "podman" in line:
                return f"a socket of an engine is seen: {line.split()[-1]}"
    return None


@way("raw-sockets")
def raw_sockets():
    for family, kind, protocol in ((socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_PACKET, socket.SOCK_RAW, 0x0300)):
        try:
            socket.socket(family, kind, protocol).close()
            return f"a raw socket of family {family.name} was opened"
        except OSError:
            pass
    return None


def answered(address, port):
    """A refusal is an answer too: the packet arrived."""
    try:
        socket.create_connection((address, port), timeout=0.4).close()
        return True
    except ConnectionRefusedError:
        return True
    except OSError:
        return False


def reached(targets):
    found = []
    threads = [
        threading.Thread(target=lambda t=target: found.append(f"{t[0]} port {t[1]} answered") if answered(*t) else None)
        for target in targets
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)[0] if found else None


@way("outside")
def outside():
    return reached([("1.1.1.1", 53), ("8.8.8.8", 443), ("9.9.9.9", 53)])


@way("this-machine")
def this_machine():
    addresses = set(sys.argv[4:])
    with open("/proc/net/route") as file:
        for line in file.readlines()[1:]:
            gateway = line.split()[2]
            if gateway != "00000000":
                addresses.add(socket.inet_ntoa(bytes.fromhex(gateway)[::-1]))
    return reached([(address, port) for address in sorted(addresses) for port in (22, 2375)])


@way("metadata")
def metadata():
    return reached([("169.254.169.254", 80), ("169.254.170.2", 80)])


@way("names-outside")
def names_outside():
    try:
        return f"example.org is {socket.gethostbyname('example.org')}"
    except OSError:
        return None


@way("space")
def space():
    for folder in ("/work", "/tmp", "/dev/shm"):
        path = f"{folder}/full"
        try:
            with open(path, "wb") as file:
                for _ in range(65):
                    file.write(b"\0" * (1 << 20))
            return f"{folder} has no bound"
        except OSError:
            pass
        finally:
            if os.path.exists(path):
                os.unlink(path)
    return None


@way("processes")
def processes():
    limit, children = int(sys.argv[3]), []
    try:
        while len(children) <= limit:
            child = os.fork()
            if child == 0:
                time.sleep(60)
                os._exit(0)
            children.append(child)
        return f"{len(children)} processes were started"
    except OSError:
        return None
    finally:
        for child in children:
            os.kill(child, 9)
        for child in children:
            os.waitpid(child, 0)


@way("memory")
def memory():
    limit = int(sys.argv[2])
    child = os.fork()
    if child == 0:
        held = bytearray(limit + (16 << 20))
        os._exit(0 if held else 1)
    status = os.waitpid(child, 0)[1]
    return None if status else f"more than {limit} bytes were used"


def tried(attempt):
    try:
        return attempt()
    except Exception as error:  # what cannot be tried is not known to hold
        return f"could not be tried: {error!r}"


# What waits for an answer waits while the rest is tried.
slow, found = {"outside", "this-machine", "metadata", "names-outside"}, {}
waiting = [
    threading.Thread(target=lambda name=name, attempt=attempt: found.update({name: tried(attempt)}))
    for name, attempt in ways
    if name in slow
]
for thread in waiting:
    thread.start()
for name, attempt in ways:
    if name in slow:
        for thread in waiting:
            thread.join()
    else:
        found[name] = tried(attempt)
    print(f"open {name}: {found[name]}" if found[name] else f"held {name}", flush=True)
print(sys.argv[1])
