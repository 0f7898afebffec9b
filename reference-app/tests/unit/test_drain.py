"""A real process on a real port: it drains before it stops, and answers whoever it has let in."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def gateway() -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    environ = {
        **os.environ,
        "PYTHONPATH": str(SOURCES),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DRAIN_SECONDS": "0.5",
        "APP_VERSION": "9.9.9",
        "INVENTORY_URL": "http://127.0.0.1:9",
        "BILLING_URL": "http://127.0.0.1:9",
    }
    command = [sys.executable, "-m", "comptoir.gateway"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["message"] == "serving"
    yield process, port
    process.kill()
    process.wait()
    process.stdout.close()


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, str | None]:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Connection")


def test_a_process_drains_before_it_stops(gateway: tuple[subprocess.Popen[str], int]) -> None:
    process, port = gateway
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    assert ask(kept, "/health/ready") == (200, None)
    process.send_signal(signal.SIGTERM)
    stopped = time.monotonic() + 10
    while ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/health/ready")[0] != 503:
        assert time.monotonic() < stopped
    # Not ready, but whoever comes is served; a connection that was kept is closed with its answer.
    assert ask(kept, "/api/version") == (200, "close")
    assert ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/health/live")[0] == 200
    assert process.wait(timeout=10) == 0
    with pytest.raises(ConnectionRefusedError):
        ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/api/version")
