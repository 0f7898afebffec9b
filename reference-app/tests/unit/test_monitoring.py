"""Rules and dashboards only speak of what is exported, and every alert says what to do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from comptoir.metrics import BillingMetrics, InventoryMetrics, Metrics

ROOT = Path(__file__).parents[2]
RULES = ROOT / "monitoring/prometheus/rules"
DASHBOARDS = sorted((ROOT / "monitoring/grafana/dashboards").glob("*.json"))
# What PostgreSQL's, RabbitMQ's and the machine's exporters give, as far as we use them; and the backup's own file.
FROM_EXPORTERS = {
    "up",
    "comptoir_backup_last_success_timestamp_seconds",
    "node_filesystem_avail_bytes",
    "node_filesystem_size_bytes",
    "node_load1",
    "pg_stat_database_numbackends",
    "pg_up",
    "rabbitmq_queue_messages_ready",
}


def exported() -> set[str]:
    """The names that the services' own registries give."""
    names: set[str] = set()
    for metrics in (Metrics("gateway", "1"), InventoryMetrics("1"), BillingMetrics("1")):
        for family in metrics.registry.collect():
            names |= {family.name, f"{family.name}_total", f"{family.name}_bucket"}
    return names


def groups() -> list[dict[str, Any]]:
    return [
        group
        for file in ("recording.yml", "alerts.yml")
        for group in yaml.safe_load((RULES / file).read_text())["groups"]
    ]


def rules(kind: str) -> list[dict[str, Any]]:
    return [rule for group in groups() for rule in group["rules"] if kind in rule]


def expressions() -> list[str]:
    found = [rule["expr"] for rule in rules("expr")]
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text())["panels"]:
            if panel["datasource"]["type"] == "prometheus":
                found += [target["expr"] for target in panel["targets"]]
    return found


@pytest.mark.parametrize("expression", expressions())
def test_every_name_is_exported(expression: str) -> None:
    without_labels = re.sub(r"\{[^}]*\}|\bby \([^)]*\)|\[\w+\]", " ", expression)
    names = set(re.findall(r"[a-z_][a-z0-9_:]*_[a-z0-9_:]+|\bup\b", without_labels)) - {"histogram_quantile"}
    recorded = {rule["record"] for rule in rules("record")}
    assert names
    assert names <= exported() | FROM_EXPORTERS | recorded


@pytest.mark.parametrize("alert", rules("alert"), ids=lambda alert: alert["alert"])
def test_every_alert_says_how_grave_it_is_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert alert["annotations"]["summary"]
    assert "for" in alert
    document, _, section = alert["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^### (\w+)$", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
    assert section == alert["alert"].lower()
    assert alert["alert"] in headings


def test_the_cluster_has_the_same_rules() -> None:
    cluster = yaml.safe_load((ROOT / "monitoring/kubernetes/rules.yaml").read_text())
    assert cluster["spec"]["groups"] == groups()
