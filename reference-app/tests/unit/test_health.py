"""What supervision is told."""

from __future__ import annotations

from comptoir.metrics import InventoryMetrics, Metrics
from comptoir.web.health import Health
from tests.unit.calls import Answer, call, sample, service


class World:
    """A service with one dependency that it requires and one that it watches."""

    def __init__(self) -> None:
        self.up = {"database": True, "broker": True}
        self.alive = True
        self.metrics = Metrics("s", "7")
        self.health = Health("s", "7", self.metrics)
        self.health.require("database", lambda: self.up["database"])
        self.health.watch("broker", lambda: self.up["broker"])
        self.health.alive_while(lambda: self.alive)

    def ask(self, path: str) -> Answer:
        return call(service(self.health.routes(), self.metrics), "GET", path)

    def gauge(self, name: str) -> float:
        return sample(self.metrics, "comptoir_dependency_up", dependency=name)


def test_ready_when_all_is_up() -> None:
    world = World()
    expected = {
        "status": "ready",
        "checks": {"database": "up", "broker": "up"},
        "service": "s",
        "version": "7",
    }
    for path in ("/health", "/health/ready"):
        answer = world.ask(path)
        assert (answer.status, answer.json()) == (200, expected)


def test_a_lost_requirement_takes_the_service_out() -> None:
    world = World()
    world.up["database"] = False
    answer = world.ask("/health/ready")
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    told = answer.json()
    assert (told["title"], told["detail"]) == ("Not ready", "a dependency is down")
    assert (told["checks"], told["service"], told["version"]) == (
        {"database": "down", "broker": "up"},
        "s",
        "7",
    )


def test_a_lost_companion_only_degrades() -> None:
    world = World()
    world.up["broker"] = False
    answer = world.ask("/health/ready")
    assert (answer.status, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"] == {"database": "up", "broker": "down"}


def test_gauges_follow_the_checks() -> None:
    world = World()
    assert (world.gauge("database"), world.gauge("broker")) == (0, 0)
    assert 'comptoir_dependency_up{dependency="broker"} 0.0' in world.metrics.expose()[1].decode()
    world.up["broker"] = False
    world.ask("/health")
    assert (world.gauge("database"), world.gauge("broker")) == (1, 0)


def test_metrics_ask_the_dependencies_themselves() -> None:
    world = World()
    for up in (True, False):
        world.up = {"database": up, "broker": up}
        text = world.ask("/metrics").text
        for name in ("database", "broker"):
            assert f'comptoir_dependency_up{{dependency="{name}"}} {float(up)}' in text


def test_draining_is_alive_but_not_ready() -> None:
    world = World()
    world.health.draining.set()
    assert world.ask("/health/live").json() == {"status": "alive", "service": "s", "version": "7"}
    answer = world.ask("/health/ready")
    assert (answer.status, answer.json()["title"], answer.json()["detail"]) == (
        503,
        "Draining",
        "the process is stopping",
    )
    assert (answer.json()["service"], answer.json()["version"]) == ("s", "7")


def test_a_process_whose_worker_stopped_is_not_worth_keeping() -> None:
    world = World()
    world.alive = False
    answer = world.ask("/health/live")
    assert (answer.status, answer.json()["title"], answer.json()["detail"]) == (
        503,
        "Not alive",
        "the worker has stopped",
    )
    assert answer.json()["service"] == "s"
    assert Health("s", "1", Metrics("s", "1")).live(None).status == 200  # type: ignore[arg-type]


def test_metrics_say_which_version_runs() -> None:
    answer = World().ask("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert 'comptoir_build_info{service="s",version="7"} 1.0' in answer.text


def test_the_series_that_rules_use_exist_from_the_start() -> None:
    text = InventoryMetrics("1").expose()[1].decode()
    for series in (
        "comptoir_orders_placed_total 0.0",
        'comptoir_orders_refused_total{reason="invalid"} 0.0',
        'comptoir_orders_refused_total{reason="out-of-stock"} 0.0',
        'comptoir_orders_refused_total{reason="unknown-item"} 0.0',
        'comptoir_orders_refused_total{reason="key-reused"} 0.0',
        "comptoir_outbox_published_total 0.0",
        "comptoir_outbox_pending 0.0",
        "comptoir_http_requests_in_flight 0.0",
        'comptoir_build_info{service="inventory",version="1"} 1.0',
    ):
        assert series in text
