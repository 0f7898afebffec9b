"""What a host of the application must be and do."""

from __future__ import annotations

import json
import time
import uuid

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://app"]

SERVICES = {"gateway": "8080", "inventory": "8081", "billing": "8082"}


@pytest.mark.parametrize(
    "name",
    [
        "postgresql",
        "rabbitmq-server",
        "nginx",
        "python3-waitress",
        "python3-pika",
        "python3-psycopg",
        "python3-psycopg-pool",
    ],
)
def test_packages_are_installed(host: Host, name: str) -> None:
    assert host.package(name).is_installed


@pytest.mark.parametrize(
    "name",
    [
        "postgresql",
        "rabbitmq-server",
        "nginx",
        "prometheus-postgres-exporter",
        "comptoir-gateway",
        "comptoir-inventory",
        "comptoir-billing",
        "comptoir-backup.timer",
    ],
)
def test_services_run_now_and_after_a_restart(host: Host, name: str) -> None:
    service = host.service(name)
    assert service.is_running
    assert service.is_enabled


def test_the_account_of_the_application_cannot_log_in(host: Host) -> None:
    user = host.user("comptoir")
    assert (user.group, user.shell, user.home) == ("comptoir", "/usr/sbin/nologin", "/nonexistent")


@pytest.mark.parametrize(
    ("path", "owner", "group", "mode"),
    [
        ("/etc/comptoir/secrets", "root", "comptoir", 0o750),
        ("/etc/comptoir/secrets/inventory-database", "root", "comptoir", 0o640),
        ("/etc/comptoir/secrets/billing-database", "root", "comptoir", 0o640),
        ("/etc/comptoir/secrets/broker", "root", "comptoir", 0o640),
        ("/etc/comptoir/secrets/admin-token", "root", "comptoir", 0o640),
        ("/etc/comptoir/gateway.env", "root", "comptoir", 0o640),
        ("/etc/comptoir/inventory.env", "root", "comptoir", 0o640),
        ("/etc/comptoir/billing.env", "root", "comptoir", 0o640),
        ("/etc/systemd/system/comptoir-gateway.service", "root", "root", 0o644),
        ("/etc/systemd/system/comptoir-inventory.service", "root", "root", 0o644),
        ("/etc/systemd/system/comptoir-billing.service", "root", "root", 0o644),
        ("/etc/rabbitmq/rabbitmq.conf", "rabbitmq", "rabbitmq", 0o644),
        ("/etc/rabbitmq/enabled_plugins", "rabbitmq", "rabbitmq", 0o644),
        ("/etc/ssl/comptoir/key.pem", "root", "root", 0o600),
        ("/etc/nginx/sites-available/comptoir", "root", "root", 0o644),
        ("/opt/comptoir/src/comptoir/settings.py", "root", "root", 0o644),
        ("/opt/comptoir/backup/backup.sh", "root", "root", 0o755),
        ("/var/backups/comptoir", "root", "root", 0o700),
    ],
)
def test_files_have_their_owner_and_mode(host: Host, path: str, owner: str, group: str, mode: int) -> None:
    file = host.file(path)
    assert file.exists
    assert (file.user, file.group, file.mode) == (owner, group, mode)


@pytest.mark.parametrize("line", ["NoNewPrivileges=true", "ProtectSystem=strict", "User=comptoir"])
def test_services_are_confined(host: Host, line: str) -> None:
    for name in SERVICES:
        assert line in host.file(f"/etc/systemd/system/comptoir-{name}.service").content_string.splitlines()


@pytest.mark.parametrize(("name", "port"), SERVICES.items())
def test_each_service_is_ready_and_tells_its_metrics(host: Host, name: str, port: str) -> None:
    health = json.loads(host.check_output("curl --silent http://127.0.0.1:%s/health/ready", port))
    assert (health["service"], health["status"]) == (name, "ready")
    metrics = host.check_output("curl --silent --fail http://127.0.0.1:%s/metrics", port)
    assert f'comptoir_build_info{{service="{name}"' in metrics


@pytest.mark.parametrize("port", ["80", "443", "5432", "5672", "15692"])
def test_ports_listen(host: Host, port: str) -> None:
    assert host.check_output("ss --listening --tcp --numeric --no-header sport = :%s", port)


def test_the_database_is_reached_from_this_machine_only(host: Host) -> None:
    listening = host.check_output("ss --listening --tcp --numeric --no-header sport = :5432").split()
    assert "127.0.0.1:5432" in listening
    assert "0.0.0.0:5432" not in listening


def test_databases_belong_to_their_services(host: Host) -> None:
    query = (
        "SELECT datname || ' ' || pg_get_userbyid(datdba) FROM pg_database WHERE datname IN ('inventory', 'billing')"
    )
    with host.sudo("postgres"):
        rows = host.check_output("psql --no-psqlrc --tuples-only --no-align --command %s", query)
    assert sorted(rows.splitlines()) == ["billing billing", "inventory inventory"]


def test_the_vendor_s_user_of_the_broker_is_gone(host: Host) -> None:
    users = [line.split()[0] for line in host.check_output("rabbitmqctl --quiet list_users").splitlines()[1:]]
    assert users == ["comptoir"]


def test_the_site_serves_the_page_and_keeps_metrics_inside(host: Host) -> None:
    def status(address: str) -> str:
        """The code alone; `%%` because the command is a format."""
        ask = "curl --silent --insecure --output /dev/null --write-out '%%{http_code}' %s"
        return host.check_output(ask, address)

    codes = {path: status(f"https://127.0.0.1{path}") for path in ("/fr", "/api/items", "/metrics", "/health")}
    assert codes == {"/fr": "200", "/api/items": "200", "/metrics": "404", "/health": "404"}
    assert status("http://127.0.0.1/") == "301"


def test_the_vendor_s_page_is_gone(host: Host) -> None:
    assert not host.file("/etc/nginx/sites-enabled/default").exists
    assert host.file("/etc/nginx/sites-enabled/comptoir").linked_to == "/etc/nginx/sites-available/comptoir"


def test_an_order_becomes_an_invoice(host: Host) -> None:
    body = json.dumps({"lines": [{"sku": "BREAD-01", "quantity": 1}]})
    key = f"Idempotency-Key: {uuid.uuid4().hex}"
    url = "http://127.0.0.1:8080/api/orders"
    order = json.loads(host.check_output("curl --silent --fail --header %s --data %s %s", key, body, url))
    for _ in range(30):
        joined = json.loads(host.check_output("curl --silent --fail %s", f"{url}/{order['id']}"))
        if joined["invoice"]["state"] == "made":
            return
        time.sleep(0.5)
    pytest.fail("the order was not invoiced within 15 s")


def test_the_database_tells_its_metrics(host: Host) -> None:
    metrics = host.check_output("curl --silent --fail http://127.0.0.1:9187/metrics")
    assert "\npg_up 1\n" in metrics


def test_a_backup_succeeds_and_tells_when(host: Host) -> None:
    host.check_output("systemctl start comptoir-backup.service")
    for name in ("inventory", "billing"):
        dump = host.check_output("ls -t /var/backups/comptoir | grep ^%s | grep 'dump$' | head -1", name)
        assert host.run("cd /var/backups/comptoir && sha256sum --check --quiet %s.sha256", dump).rc == 0
    metrics = host.check_output("curl --silent --fail http://127.0.0.1:9100/metrics")
    assert "\ncomptoir_backup_last_success_timestamp_seconds " in metrics
