"""Calls a service in memory, as a WSGI server would."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from comptoir.web.application import Application
from comptoir.web.routing import Route, Router


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def service(routes: list[Route], metrics: Any) -> Application:
    return Application(Router(routes), metrics)


def call(
    application: Application, method: str, path: str, body: bytes | dict[str, Any] = b"", **headers: str
) -> Answer:
    """`headers` are written `idempotency_key="..."`."""
    payload = json.dumps(body).encode() if isinstance(body, dict) else body
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(payload)),
        "wsgi.input": io.BytesIO(payload),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    seen: dict[str, Any] = {}

    def start(status: str, listed: list[tuple[str, str]]) -> None:
        seen.update(status=int(status.split(maxsplit=1)[0]), headers=dict(listed))

    parts = list(application(environ, start))
    return Answer(seen["status"], seen["headers"], b"".join(parts))


def sample(metrics: Any, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0
