"""Serving and draining, with time and signals in hand. A real process is in `test_drain`."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from comptoir.metrics import Metrics
from comptoir.settings import Settings
from comptoir.web import server
from comptoir.web.application import Application
from comptoir.web.health import Health
from comptoir.web.routing import Router
from tests.unit.doubles import Clock


class World:
    """A server that does not listen; its process is told to stop, and its threads run at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **environ: str) -> None:
        self.clock = Clock()
        self.metrics = Metrics("s", "1")
        self.health = Health("s", "1", self.metrics)
        self.handlers: dict[int, Callable[..., None]] = {}
        self.given: dict[str, Any] = {}
        self.killed: list[tuple[int, int]] = []
        self.meanwhile: Callable[[], None] = lambda: None
        monkeypatch.setattr(server, "time", self.clock)
        monkeypatch.setattr(server, "create_server", self.create)
        monkeypatch.setattr(server.signal, "signal", self.handlers.__setitem__)
        monkeypatch.setattr(server.threading, "Thread", Now)
        monkeypatch.setattr(server.os, "kill", lambda *to: self.killed.append(to))
        self.settings = Settings(environ)
        self.application = Application(Router([]), self.metrics)

    def create(self, application: Application, **given: Any) -> World:
        assert application is self.application
        self.given = given
        return self

    def run(self) -> None:
        self.meanwhile()

    def serve(self, meanwhile: Callable[[], None] = lambda: None) -> World:
        self.meanwhile = meanwhile
        server.serve(self.settings, self.application, self.health, self.metrics)
        return self

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.handlers[number](number, None)


class Now:
    """A thread that is over once it has started."""

    def __init__(self, target: Callable[[], None], daemon: bool) -> None:
        assert daemon, "a drain must not keep the process"
        self.start = target


def test_it_listens_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    given = World(monkeypatch).serve().given
    assert (given["host"], given["port"], given["threads"]) == ("0.0.0.0", 8080, 8)
    # Nothing tells what serves, and nobody speaks for a proxy.
    assert (given["ident"], given["clear_untrusted_proxy_headers"]) == (None, True)
    given = World(monkeypatch, HOST="127.0.0.1", PORT="81", THREADS="2").serve().given
    assert (given["host"], given["port"], given["threads"]) == ("127.0.0.1", 81, 2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("environ", "delay"), [({}, 5), ({"DRAIN_SECONDS": "2"}, 2)])
def test_a_process_that_is_told_to_stop_drains_first(
    number: int,
    environ: dict[str, str],
    delay: float,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World(monkeypatch, **environ)
    with caplog.at_level(logging.INFO):
        world.serve(lambda: world.stop(number))
    assert [record.message for record in caplog.records] == ["serving", "draining", "stopped"]
    assert world.health.draining.is_set()
    # The delay lets those who route requests notice; the rest lets the last answer leave.
    assert world.clock.slept == [delay, 0.2]
    assert world.killed == [(os.getpid(), signal.SIGUSR1)]
    with pytest.raises(SystemExit) as left:
        world.handlers[signal.SIGUSR1](signal.SIGUSR1, None)
    assert left.value.code == 0


def test_it_drains_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)

    def twice() -> None:
        world.stop()
        world.stop()

    world.serve(twice)
    assert len(world.killed) == 1


def test_requests_that_were_let_in_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, DRAIN_SECONDS="0")
    world.metrics.in_flight.set(1)
    sleep = world.clock.sleep

    def until_answered(seconds: float) -> None:
        sleep(seconds)
        world.metrics.in_flight.set(len(world.clock.slept) < 4)

    monkeypatch.setattr(world.clock, "sleep", until_answered)
    world.serve(world.stop)
    assert world.clock.slept == [0, 0.05, 0.05, 0.05, 0.2]


def test_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, DRAIN_SECONDS="0")
    world.metrics.in_flight.set(1)
    world.serve(world.stop)
    assert sum(world.clock.slept) == pytest.approx(10.2, abs=0.06)


def test_requests_in_flight_are_counted() -> None:
    metrics = Metrics("s", "1")
    assert server.in_flight(metrics) == 0
    with metrics.in_flight.track_inprogress():
        assert server.in_flight(metrics) == 1


@pytest.mark.parametrize("draining", [True, False])
def test_a_connection_is_closed_with_its_answer_while_draining(draining: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch).serve()
    if draining:
        world.health.draining.set()
    headers: dict[str, str] = {}
    task_class: Any = world.channel_class.task_class  # type: ignore[attr-defined]
    task = task_class.__new__(task_class)
    task.request = type("Request", (), {"headers": headers})
    served: list[bool] = []
    monkeypatch.setattr(server.WSGITask, "service", lambda _task: served.append(True))
    task.service()
    assert (headers, served) == ({"CONNECTION": "close"} if draining else {}, [True])
