"""What every host must be, whatever it serves."""

from __future__ import annotations

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://all"]


@pytest.mark.parametrize("name", ["ca-certificates", "curl", "openssh-server", "sudo", "unattended-upgrades"])
def test_packages_are_installed(host: Host, name: str) -> None:
    assert host.package(name).is_installed


@pytest.mark.parametrize("name", ["ssh", "prometheus-node-exporter"])
def test_services_run_now_and_after_a_restart(host: Host, name: str) -> None:
    service = host.service(name)
    assert service.is_running
    assert service.is_enabled


@pytest.mark.parametrize(
    "setting",
    ["permitrootlogin without-password", "passwordauthentication no", "x11forwarding no", "maxauthtries 3"],
)
def test_ssh_is_closed_to_passwords(host: Host, setting: str) -> None:
    assert setting in host.check_output("sshd -T").splitlines()


@pytest.mark.parametrize(
    ("path", "owner", "group", "mode"),
    [
        ("/etc/ssh/sshd_config.d/10-comptoir.conf", "root", "root", 0o644),
        ("/etc/sudoers.d/operators", "root", "root", 0o440),
        ("/etc/sysctl.d/60-comptoir.conf", "root", "root", 0o644),
        ("/etc/systemd/journald.conf.d/60-comptoir.conf", "root", "root", 0o644),
        ("/etc/apt/apt.conf.d/20auto-upgrades", "root", "root", 0o644),
        ("/root", "root", "root", 0o700),
    ],
)
def test_files_have_their_owner_and_mode(host: Host, path: str, owner: str, group: str, mode: int) -> None:
    file = host.file(path)
    assert file.exists
    assert (file.user, file.group, file.mode) == (owner, group, mode)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/etc/sudoers.d/operators", "%operators ALL=(root) NOPASSWD: ALL"),
        ("/etc/sysctl.d/60-comptoir.conf", "net.ipv4.tcp_syncookies = 1"),
        ("/etc/sysctl.d/60-comptoir.conf", "kernel.dmesg_restrict = 1"),
        ("/etc/systemd/journald.conf.d/60-comptoir.conf", "Storage=persistent"),
        ("/etc/apt/apt.conf.d/20auto-upgrades", 'APT::Periodic::Unattended-Upgrade "1";'),
    ],
)
def test_settings_say_what_they_must(host: Host, path: str, line: str) -> None:
    assert line in host.file(path).content_string.splitlines()


def test_the_account_of_deliveries(host: Host) -> None:
    user = host.user("deploy")
    assert user.exists
    assert (user.group, user.shell) == ("operators", "/bin/bash")
    assert user.password.startswith("!")


def test_the_filter_drops_what_it_does_not_name(host: Host) -> None:
    if not host.ansible.get_variables().get("firewall_enabled", True):
        pytest.skip("this host has no filter")
    rules = host.check_output("nft list table inet comptoir")
    assert "policy drop" in rules
    assert "ct state established,related accept" in rules
    assert host.service("nftables").is_enabled
    assert host.file("/etc/nftables.conf").mode == 0o755


def test_the_machine_tells_its_metrics(host: Host) -> None:
    metrics = host.check_output("curl --silent --fail http://127.0.0.1:9100/metrics")
    assert "\nnode_load1 " in metrics
