"""What tells that a delivery works, and that a container is ready: programs that ask over HTTP, and end with a code."""

from __future__ import annotations

import json
import runpy
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from comptoir import probe, smoke
from tests.unit.doubles import Clock

NOWHERE = "http://127.0.0.1:9"


class Played:
    """A gateway whose answers are laid out: for each path a status and a body, the last again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, bytes]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[Any] = []
        self.keys: list[str | None] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def lay(self, path: str, *answers: Any, status: int = 200) -> None:
        self.answers[path] = [
            (status, given if isinstance(given, bytes) else json.dumps(given).encode()) for given in answers
        ]

    def handler(played) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                played.asked.append((self.command, self.path))
                laid = played.answers.get(self.path, [(404, b"{}")])
                status, body = laid.pop(0) if len(laid) > 1 else laid[0]
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                played.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                played.keys.append(self.headers["Idempotency-Key"])
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture(scope="module")
def server() -> Iterator[Played]:
    played = Played()
    thread = threading.Thread(target=played.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield played
    played.server.shutdown()
    played.server.server_close()


@pytest.fixture
def gateway(server: Played) -> Played:
    """Version 1.2.3, which takes an order and invoices it at once."""
    server.asked.clear()
    server.bodies.clear()
    server.keys.clear()
    server.lay("/api/version", {"version": "1.2.3"})
    server.lay("/api/orders", {"id": "o-1"}, status=201)
    server.lay("/api/orders/o-1", {"invoice": {"state": "made"}})
    server.lay("/health/ready", {})
    return server


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(smoke, "time", clock)
    return clock


def test_a_delivery_is_well_when_an_order_is_invoiced(
    gateway: Played, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    smoke.main(gateway.url, "v1.2.3")
    assert gateway.asked == [("GET", "/api/version"), ("POST", "/api/orders"), ("GET", "/api/orders/o-1")]
    assert gateway.bodies == [{"lines": [{"sku": "BREAD-01", "quantity": 1}]}]
    assert clock.slept == []
    assert capsys.readouterr().out == f"{gateway.url} runs 1.2.3 and invoices orders\n"


def test_each_smoke_test_makes_an_order_of_its_own(gateway: Played, clock: Clock) -> None:
    smoke.main(gateway.url, "1.2.3")
    smoke.main(gateway.url, "1.2.3")
    assert clock.slept == []
    assert len(set(gateway.keys)) == 2
    assert None not in gateway.keys


def test_the_version_and_the_invoice_are_waited_for(gateway: Played, clock: Clock) -> None:
    gateway.lay("/api/version", {"version": "1.2.2"}, b"<html>", {}, {"version": "1.2.3"})
    gateway.lay("/api/orders/o-1", {"invoice": {"state": "waiting"}}, {"invoice": {"state": "made"}})
    smoke.main(gateway.url, "1.2.3", 4)
    assert clock.slept == [1] * 4


def test_another_version_is_a_failed_delivery(gateway: Played, clock: Clock) -> None:
    with pytest.raises(SystemExit, match=r"^version 1\.2\.4: not within 3 s, last: False$"):
        smoke.main(gateway.url, "v1.2.4", 3)
    assert gateway.asked == [("GET", "/api/version")] * 3
    assert clock.slept == [1] * 3


def test_an_order_without_an_invoice_is_a_failed_delivery(gateway: Played, clock: Clock) -> None:
    gateway.lay("/api/orders/o-1", {"invoice": {"state": "waiting"}})
    with pytest.raises(SystemExit, match=r"^an invoice: not within 2\.5 s, last: False$"):
        smoke.main(gateway.url, "1.2.3", 2.5)
    assert clock.slept == [1] * 3


def test_a_gateway_that_never_answers_is_given_two_minutes(clock: Clock) -> None:
    with pytest.raises(SystemExit, match=r"^version 1\.2\.3: not within 120 s, last: URLError\("):
        smoke.main(NOWHERE, "1.2.3")
    assert sum(clock.slept) == 120


def test_the_answer_that_was_waited_for_is_given(clock: Clock) -> None:
    assert smoke.wait_for("a list", lambda: ["x"], 1) == ["x"]
    assert clock.slept == []


def test_a_fault_of_the_question_is_not_waited_out(clock: Clock) -> None:
    with pytest.raises(ZeroDivisionError):
        smoke.wait_for("a wonder", lambda: 1 / 0, 1)
    assert clock.slept == []


def test_the_command_takes_how_long_to_wait(gateway: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["smoke", gateway.url, "v1.2.3", "0"])
    with pytest.raises(SystemExit, match="not within 0 s"):
        runpy.run_path(str(smoke.__file__), run_name="__main__")
    monkeypatch.setattr(sys, "argv", ["smoke", gateway.url, "v1.2.3"])
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("there is nothing to wait for"))
    runpy.run_path(str(smoke.__file__), run_name="__main__")


@pytest.mark.parametrize(("status", "code"), [(200, 0), (204, 1), (404, 1), (503, 1)])
def test_a_container_is_ready_when_its_service_says_so(
    status: int, code: int, gateway: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.lay("/health/ready", b"", status=status)
    monkeypatch.setenv("PORT", str(gateway.server.server_port))
    assert probe.main() == code
    assert gateway.asked == [("GET", "/health/ready")]


@pytest.mark.parametrize("error", [OSError("refused"), probe.http.client.BadStatusLine("?")])
def test_a_service_that_does_not_answer_is_not_ready(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []

    class Connection:
        closed = False

        def __init__(self, host: str, port: int, timeout: float) -> None:
            # The environment's own patience with a probe is four seconds.
            assert (host, port, timeout) == ("127.0.0.1", 8080, 3)
            opened.append(self)

        def request(self, *_: object) -> None:
            raise error

        def close(self) -> None:
            self.closed = True

    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(probe.http.client, "HTTPConnection", Connection)
    assert probe.main() == 1
    assert [connection.closed for connection in opened] == [True]


def test_the_command_ends_with_the_code(gateway: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway.lay("/health/ready", b"", status=503)
    monkeypatch.setenv("PORT", str(gateway.server.server_port))
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(probe.__file__), run_name="__main__")
    assert left.value.code == 1
