"""Calls from the gateway to the services behind it."""

from __future__ import annotations

import http.client
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from comptoir.gateway.upstream import Reply, Upstream, sender
from comptoir.web.messages import Problem
from tests.unit.played import Played, reply


def test_reading_is_tried_three_times() -> None:
    played = Played(OSError(), http.client.BadStatusLine("x"), reply(200, {"ok": 1}))
    answer = Upstream("x", played).call("GET", "/p", "r-1")
    assert (answer.status, answer.json()) == (200, {"ok": 1})
    assert played.sent == [("GET", "/p", b"", {"X-Request-Id": "r-1", "Content-Type": "application/json"})] * 3


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_stumbling_service_is_tried_again_then_believed(status: int) -> None:
    played = Played(reply(status, {}))
    assert Upstream("x", played).call("GET", "/p", "").status == status
    assert len(played.sent) == 3


@pytest.mark.parametrize("status", [200, 201, 404, 409, 500, 501])
def test_any_other_answer_is_final(status: int) -> None:
    played = Played(reply(status, {}))
    assert Upstream("x", played).call("GET", "/p", "").status == status
    assert len(played.sent) == 1


def test_writing_is_tried_again_only_under_a_key() -> None:
    played = Played(OSError("lost"))
    with pytest.raises(Problem):
        Upstream("x", played).call("POST", "/p", "", b"{}")
    assert len(played.sent) == 1
    with pytest.raises(Problem) as problem:
        Upstream("inventory", played).call("POST", "/p", "", b"{}", "key")
    assert len(played.sent) == 4
    assert played.sent[-1][3]["Idempotency-Key"] == "key"
    assert (problem.value.status, problem.value.slug) == (503, "service-unavailable")
    assert problem.value.detail == "inventory does not answer; try again"


def test_each_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Problem):
        Upstream("x", Played(OSError("lost"))).call("GET", "/p", "")
    assert [record.fields for record in caplog.records] == [{"to": "x", "error": "OSError('lost')"}] * 3  # type: ignore[attr-defined]


def test_the_last_failure_decides() -> None:
    with pytest.raises(Problem, match="does not answer"):
        Upstream("x", Played(reply(503, {}), reply(503, {}), OSError())).call("GET", "/p", "")


def test_readiness_of_a_service() -> None:
    played = Played(reply(200, {}), reply(503, {}), OSError(), http.client.HTTPException())
    upstream = Upstream("x", played)
    assert [upstream.answers() for _ in range(4)] == [True, False, False, False]
    assert played.sent[0][:2] == ("GET", "/health/ready")


def test_an_unreadable_answer_is_the_service_at_fault() -> None:
    with pytest.raises(Problem) as problem:
        Reply(200, b"<html>", {}).json()
    assert (problem.value.status, problem.value.slug) == (502, "bad-upstream")


def test_a_call_reaches_the_service_as_it_was_made() -> None:
    seen: list[tuple[str, str, bytes, str | None]] = []

    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.command, self.path, body, self.headers["X-Request-Id"]))
            self.send_response(201)
            self.send_header("Content-Length", "2")
            self.send_header("Location", "/there")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        answer = sender(f"http://127.0.0.1:{server.server_port}", 5)("POST", "/p?q", b"body", {"X-Request-Id": "r"})
        server.shutdown()
    assert seen == [("POST", "/p?q", b"body", "r")]
    assert (answer.status, answer.body, answer.headers["location"]) == (201, b"{}", "/there")


def test_a_closed_port_is_an_error_that_is_handled() -> None:
    with pytest.raises(Problem):
        Upstream("x", sender("http://127.0.0.1:9", 1)).call("GET", "/", "")
