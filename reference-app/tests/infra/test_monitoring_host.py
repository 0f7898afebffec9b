"""What the host that listens must be and know."""

from __future__ import annotations

import json

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://monitoring"]


@pytest.mark.parametrize("name", ["prometheus", "prometheus-alertmanager"])
def test_services_run_now_and_after_a_restart(host: Host, name: str) -> None:
    assert host.package(name).is_installed
    service = host.service(name)
    assert service.is_running
    assert service.is_enabled


@pytest.mark.parametrize(
    ("path", "group", "mode"),
    [
        ("/etc/prometheus/prometheus.yml", "root", 0o644),
        ("/etc/prometheus/alertmanager.yml", "prometheus", 0o640),
        ("/etc/prometheus/rules/alerts.yml", "root", 0o644),
        ("/etc/prometheus/rules/recording.yml", "root", 0o644),
        ("/etc/default/prometheus", "root", 0o644),
        ("/etc/default/prometheus-alertmanager", "root", 0o644),
    ],
)
def test_files_have_their_owner_and_mode(host: Host, path: str, group: str, mode: int) -> None:
    file = host.file(path)
    assert file.exists
    assert (file.user, file.group, file.mode) == ("root", group, mode)


def test_the_configuration_is_one_that_prometheus_accepts(host: Host) -> None:
    assert host.run("promtool check config /etc/prometheus/prometheus.yml").rc == 0
    assert host.run("amtool check-config /etc/prometheus/alertmanager.yml").rc == 0


def test_every_target_answers(host: Host) -> None:
    told = json.loads(host.check_output("curl --silent --fail http://127.0.0.1:9090/api/v1/targets"))["data"]
    states = {target["labels"]["job"]: target["health"] for target in told["activeTargets"]}
    expected = {"prometheus", "gateway", "inventory", "billing", "postgres", "rabbitmq", "node"}
    assert states == dict.fromkeys(expected, "up")


def test_the_rules_are_loaded(host: Host) -> None:
    told = json.loads(host.check_output("curl --silent --fail http://127.0.0.1:9090/api/v1/rules?type=alert"))["data"]
    alerts = {rule["name"]: rule["health"] for group in told["groups"] for rule in group["rules"]}
    assert {"ServiceDown", "BacklogGrows", "DatabaseDown", "BackupTooOld"} <= set(alerts)


def test_alertmanager_knows_whom_to_tell(host: Host) -> None:
    told = json.loads(host.check_output("curl --silent --fail http://127.0.0.1:9093/api/v2/receivers"))
    assert [receiver["name"] for receiver in told] == ["team"]
    managers = json.loads(host.check_output("curl --silent --fail http://127.0.0.1:9090/api/v1/alertmanagers"))["data"]
    assert len(managers["activeAlertmanagers"]) == 1
