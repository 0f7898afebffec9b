"""Calls to the services behind the gateway: short, bounded, tried again only where that is safe."""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from comptoir.web.messages import Problem

log = logging.getLogger(__name__)

TRIES = 3
PASSING = (502, 503, 504)


@dataclass(frozen=True)
class Reply:
    """What a service answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        """The body as JSON; a service that answers anything else is broken."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Problem(502, "bad-upstream", "a service answered something unreadable") from None


Send = Callable[[str, str, bytes, Mapping[str, str]], Reply]


def sender(base: str, timeout: float) -> Send:
    """Sends over a connection of its own: none is kept, so none goes stale when a service is replaced."""
    address = urlsplit(base).netloc

    def send(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        connection = http.client.HTTPConnection(address, timeout=timeout)
        try:
            connection.request(method, path, body=body or None, headers=dict(headers))
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(), {k.lower(): v for k, v in answer.getheaders()})
        finally:
            connection.close()

    return send


class Upstream:
    """A service behind the gateway."""

    def __init__(self, name: str, send: Send) -> None:
        self._name = name
        self._send = send

    def call(self, method: str, path: str, request_id: str, body: bytes = b"", key: str | None = None) -> Reply:
        """One call. Reading, and writing under an idempotency key, are tried again when the service stumbles."""
        headers = {"X-Request-Id": request_id, "Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        safe = method == "GET" or key is not None
        reply: Reply | None = None
        for _ in range(TRIES if safe else 1):
            try:
                reply = self._send(method, path, body, headers)
            except (OSError, http.client.HTTPException) as error:
                log.warning("a service does not answer", extra={"fields": {"to": self._name, "error": repr(error)}})
                reply = None
                continue
            if reply.status not in PASSING:
                return reply
        if reply is None:
            raise Problem(503, "service-unavailable", f"{self._name} does not answer; try again")
        return reply

    def answers(self) -> bool:
        """Whether the service says that it is ready."""
        try:
            return self._send("GET", "/health/ready", b"", {}).status == 200  # noqa: PLR2004
        except (OSError, http.client.HTTPException):
            return False
