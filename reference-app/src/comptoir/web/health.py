"""Liveness, readiness and metrics: the routes that supervision uses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from comptoir.metrics import Metrics
from comptoir.web.messages import Problem, Request, Response
from comptoir.web.routing import Route

Probe = Callable[[], bool]


class Health:
    """What supervision is told. A process that is draining is alive but no longer ready."""

    def __init__(self, service: str, version: str, metrics: Metrics) -> None:
        self._about = {"service": service, "version": version}
        self._metrics = metrics
        self._required: dict[str, Probe] = {}
        self._watched: dict[str, Probe] = {}
        self._alive: Probe = lambda: True
        self.draining = threading.Event()

    def require(self, name: str, probe: Probe) -> None:
        """A dependency without which the service cannot answer."""
        self._metrics.depends_on(name)
        self._required[name] = probe

    def watch(self, name: str, probe: Probe) -> None:
        """A dependency whose loss degrades the service without stopping it."""
        self._metrics.depends_on(name)
        self._watched[name] = probe

    def alive_while(self, probe: Probe) -> None:
        """What must hold for the process to be worth keeping."""
        self._alive = probe

    def _run(self, probes: Mapping[str, Probe]) -> dict[str, str]:
        states = {}
        for name, probe in probes.items():
            up = probe()
            self._metrics.dependency.labels(name).set(1 if up else 0)
            states[name] = "up" if up else "down"
        return states

    def live(self, _request: Request) -> Response:
        """Is the process worth keeping?"""
        if not self._alive():
            raise Problem(503, "not-alive", "the worker has stopped", **self._about)
        return Response.json({"status": "alive", **self._about})

    def ready(self, _request: Request) -> Response:
        """Should the process receive requests?"""
        if self.draining.is_set():
            raise Problem(503, "draining", "the process is stopping", **self._about)
        required, watched = self._run(self._required), self._run(self._watched)
        checks = {**required, **watched}
        if "down" in required.values():
            raise Problem(503, "not-ready", "a dependency is down", checks=checks, **self._about)
        status = "degraded" if "down" in watched.values() else "ready"
        return Response.json({"status": status, "checks": checks, **self._about})

    def export(self, _request: Request) -> Response:
        """The metrics, as Prometheus reads them; dependencies are asked now, whoever else asks about readiness."""
        self._run({**self._required, **self._watched})
        content_type, text = self._metrics.expose()
        return Response(200, text, content_type)

    def routes(self) -> list[Route]:
        """The routes of supervision."""
        return [
            Route("GET", "/health", self.ready),
            Route("GET", "/health/live", self.live),
            Route("GET", "/health/ready", self.ready),
            Route("GET", "/metrics", self.export),
        ]
