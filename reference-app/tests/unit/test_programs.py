"""The three programs as `python -m` starts them: what they are made of, what readiness asks, and what stopping does."""

from __future__ import annotations

import os
import runpy
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from comptoir import database
from comptoir.billing import consumer
from comptoir.gateway import upstream
from comptoir.gateway.upstream import Reply
from comptoir.inventory import outbox
from comptoir.web import server
from tests.unit.calls import Answer, call
from tests.unit.conftest import Lines
from tests.unit.doubles import Rows

SCHEMA = "SELECT to_regclass"
AWAY = psycopg.OperationalError("away")
Ask = Callable[..., Answer]


class Thread:
    """The worker of a program: the consumer of billing, the relay of the inventory."""

    def __init__(self) -> None:
        self.given: tuple[Any, ...] = ()
        self.connected = True
        self.state = "new"

    def start(self) -> None:
        self.state = "started"

    def stop(self) -> None:
        self.state = "stopped"

    def is_alive(self) -> bool:
        return self.state == "started"


class World:
    """Programs with what they stand on, in memory: one runs until it serves, is visited, and leaves."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.thread = Thread()
        self.rows = Rows({SCHEMA: [(True,)]})
        self.monkeypatch = monkeypatch
        (tmp_path / "secret").write_text("token")
        self.environ = {
            "APP_VERSION": "7",
            "BROKER_HOST": "mq",
            "BROKER_USER": "counter",
            "BROKER_PASSWORD_FILE": str(tmp_path / "secret"),
            "ADMIN_TOKEN_FILE": str(tmp_path / "secret"),
            "INVENTORY_URL": "http://inventory:1",
            "BILLING_URL": "http://billing:2",
        }
        monkeypatch.setattr(os, "environ", self.environ)
        monkeypatch.setattr(database, "Database", lambda _settings: self.rows)
        monkeypatch.setattr(consumer, "Consumer", self.started)
        monkeypatch.setattr(outbox, "Relay", self.started)

    def started(self, *given: Any) -> Thread:
        self.thread.given = given
        return self.thread

    def run(self, program: str, visit: Callable[[Ask], None]) -> None:
        served: list[bool] = []

        def serve(_settings: object, application: Any, _health: object, _metrics: object) -> None:
            visit(lambda method, path, body=b"", **headers: call(application, method, path, body, **headers))
            served.append(True)

        self.monkeypatch.setattr(server, "serve", serve)
        runpy.run_module(f"comptoir.{program}", run_name="__main__")
        assert served == [True]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: Lines) -> World:
    assert printed() == []
    return World(tmp_path, monkeypatch)


def checks(ask: Ask) -> tuple[int, str | None, dict[str, str]]:
    answer = ask("GET", "/health/ready")
    return answer.status, answer.json()["status"] if answer.status == 200 else None, answer.json()["checks"]


@pytest.mark.parametrize("program", ["inventory", "billing"])
def test_what_was_started_is_stopped(program: str, world: World) -> None:
    states: list[str] = []
    world.run(program, lambda _ask: states.extend([world.thread.state, world.rows.state]))
    assert states == ["started", "open"]
    assert (world.thread.state, world.rows.state) == ("stopped", "closed")


@pytest.mark.parametrize("program", ["inventory", "billing"])
def test_a_program_is_ready_when_all_is_there_and_alive_with_its_worker(program: str, world: World) -> None:
    def visit(ask: Ask) -> None:
        up = {"database": "up", "schema": "up", "broker": "up"}
        assert checks(ask) == (200, "ready", up)
        assert ask("GET", "/health").json()["service"] == program
        assert ask("GET", "/health/live").json()["version"] == "7"
        world.rows.state = "away"
        assert checks(ask) == (503, None, {**up, "database": "down"})
        world.rows.state = "open"
        for answer in ([(False,)], AWAY):
            world.rows.laid[SCHEMA] = answer
            assert checks(ask) == (503, None, {**up, "schema": "down"})
        world.thread.state = "dead"
        assert ask("GET", "/health/live").status == 503

    world.run(program, visit)


@pytest.mark.parametrize(("program", "status", "told"), [("inventory", 200, "degraded"), ("billing", 503, None)])
def test_orders_are_taken_without_a_broker_but_invoices_need_it(
    program: str, status: int, told: str | None, world: World
) -> None:
    def visit(ask: Ask) -> None:
        world.thread.connected = False
        assert checks(ask) == (status, told, {"database": "up", "schema": "up", "broker": "down"})

    world.run(program, visit)


@pytest.mark.parametrize(
    ("program", "path", "statement"),
    [("inventory", "/items", "SELECT sku"), ("billing", f"/invoices/{uuid.UUID(int=1)}", "SELECT order_id")],
)
def test_a_lost_database_asks_to_come_back_later_and_is_logged(
    program: str, path: str, statement: str, world: World, printed: Lines
) -> None:
    def visit(ask: Ask) -> None:
        assert ask("GET", path).status == (200 if program == "inventory" else 404)
        world.rows.laid[statement] = AWAY
        answer = ask("GET", path)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")

    world.run(program, visit)
    told = [(line["service"], line["version"]) for line in printed() if line["message"] == "a dependency is away"]
    assert told == [(program, "7")]


@pytest.mark.parametrize(("environ", "pause"), [({}, 0.5), ({"OUTBOX_PAUSE_SECONDS": "2"}, 2)])
def test_the_outbox_pauses_as_the_environment_says(environ: dict[str, str], pause: float, world: World) -> None:
    world.environ.update(environ)
    world.run("inventory", lambda _ask: None)
    assert world.thread.given[3] == pause


def test_the_stock_is_set_with_the_token_that_is_mounted(world: World) -> None:
    world.rows.laid["UPDATE items"] = [()]

    def visit(ask: Ask) -> None:
        for token, status in (("token", 200), ("other", 401)):
            answer = ask("PUT", "/items/BREAD-01/stock", {"stock": 1}, authorization=f"Bearer {token}")
            assert answer.status == status

    world.run("inventory", visit)


@pytest.mark.parametrize(("environ", "timeout"), [({}, 3), ({"UPSTREAM_TIMEOUT_SECONDS": "5"}, 5)])
def test_the_gateway_serves_while_others_are_away_and_asks_them_briefly(
    environ: dict[str, str], timeout: float, world: World
) -> None:
    world.environ.update(environ)
    sent: list[tuple[str, float, str]] = []

    def sender(address: str, timeout: float) -> upstream.Send:
        def send(_method: str, path: str, _body: bytes, _headers: Mapping[str, str]) -> Reply:
            sent.append((address, timeout, path))
            if address == "http://billing:2":
                raise ConnectionRefusedError
            return Reply(200, b"{}", {})

        return send

    world.monkeypatch.setattr(upstream, "sender", sender)

    def visit(ask: Ask) -> None:
        assert checks(ask) == (200, "degraded", {"inventory": "up", "billing": "down"})
        assert sent == [("http://inventory:1", 1, "/health/ready"), ("http://billing:2", 1, "/health/ready")]
        assert ask("GET", "/api/items").status == 200
        assert sent[-1] == ("http://inventory:1", timeout, "/items")
        assert ask("GET", "/api/version").json() == {"version": "7"}
        # The page's patterns match nearly anything, and hide nothing.
        assert ask("GET", "/health").json()["service"] == "gateway"
        assert ask("GET", "/").status == 303

    world.run("gateway", visit)
