"""Serves until SIGTERM, then drains: not ready any more, still answering, and gone once nobody waits."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask

from comptoir.metrics import Metrics
from comptoir.settings import Settings
from comptoir.web.application import Application
from comptoir.web.health import Health

log = logging.getLogger(__name__)

LONGEST_WAIT = 10.0
"""Seconds that unfinished requests get once the drain delay is over."""


def serve(settings: Settings, application: Application, health: Health, metrics: Metrics) -> None:
    """Blocks until the process is asked to stop and has drained."""
    port = int(settings.number("PORT", 8080))
    server = create_server(
        application,
        host=settings.text("HOST", "0.0.0.0"),
        port=port,
        threads=int(settings.number("THREADS", 8)),
        ident=None,
        clear_untrusted_proxy_headers=True,
    )
    server.channel_class = _channel_that_closes_when(health.draining.is_set)
    delay = settings.number("DRAIN_SECONDS", 5)

    def stop(_signal: int, _frame: object) -> None:
        if health.draining.is_set():
            return
        health.draining.set()
        threading.Thread(target=drain, daemon=True).start()

    def drain() -> None:
        log.info("draining", extra={"fields": {"seconds": delay}})
        time.sleep(delay)
        deadline = time.monotonic() + LONGEST_WAIT
        while in_flight(metrics) > 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        # What was answered last still has to leave the socket's buffer.
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGUSR1)

    def leave(_signal: int, _frame: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGUSR1, leave)
    log.info("serving", extra={"fields": {"port": port}})
    server.run()
    log.info("stopped")


def in_flight(metrics: Metrics) -> float:
    """How many requests are being answered."""
    return metrics.registry.get_sample_value("comptoir_http_requests_in_flight") or 0.0


def _channel_that_closes_when(draining: Callable[[], bool]) -> type[HTTPChannel]:
    """Kept-alive connections must not outlive the drain: their next answer says `Connection: close`."""

    class Task(WSGITask):  # type: ignore[misc]
        def service(self) -> None:
            if draining():
                self.request.headers["CONNECTION"] = "close"
            super().service()

    class Channel(HTTPChannel):  # type: ignore[misc]
        task_class = Task

    return Channel
