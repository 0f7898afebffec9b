"""The WSGI application: routes, observes, and turns problems into answers."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from comptoir.metrics import Metrics
from comptoir.web.messages import LARGEST_BODY, Problem, Request, Response
from comptoir.web.routing import Router

log = logging.getLogger(__name__)

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
QUIET = ("/health", "/health/live", "/health/ready", "/metrics")
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Application:
    """A service as WSGI sees it. `passing` are the errors of a dependency that is away: come back later."""

    def __init__(self, router: Router, metrics: Metrics, passing: tuple[type[Exception], ...] = ()) -> None:
        self._router = router
        self._passing = passing
        self._metrics = metrics

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        request_id = environ.get("HTTP_X_REQUEST_ID") or uuid.uuid4().hex
        with self._metrics.in_flight.track_inprogress():
            response = self._answer(environ, request_id)
        headers = {
            **SECURITY_HEADERS,
            **response.headers,
            "Content-Type": response.content_type,
            "Content-Length": str(len(response.body)),
            "X-Request-Id": request_id,
        }
        start_response(f"{response.status} {HTTPStatus(response.status).phrase}", list(headers.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.body]

    def _answer(self, environ: dict[str, Any], request_id: str) -> Response:
        started = time.perf_counter()
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        pattern = "unknown"
        try:
            route, params = self._router.find(method, path)
            pattern = route.pattern
            request = replace(read(environ, request_id), params=params)
            response = route.handler(request)
        except Problem as problem:
            response = Response.problem(problem, path)
        except self._passing as error:
            log.warning("a dependency is away", extra={"fields": {"request_id": request_id, "error": repr(error)}})
            response = Response.problem(Problem(503, "dependency-down", "try again in a moment"), path)
        except Exception:
            log.exception("a handler failed", extra={"fields": {"request_id": request_id, "path": path}})
            response = Response.problem(Problem(500, "internal-error", "the request could not be answered"), path)
        seconds = time.perf_counter() - started
        self._metrics.requests.labels(method, pattern, str(response.status)).inc()
        self._metrics.seconds.labels(method, pattern).observe(seconds)
        told = {"request_id": request_id, "method": method, "path": path, "status": response.status}
        level = logging.DEBUG if path in QUIET else logging.INFO
        log.log(level, "answered", extra={"fields": {**told, "milliseconds": round(seconds * 1000, 1)}})
        return response


def read(environ: dict[str, Any], request_id: str) -> Request:
    """The request, with a body of bounded size."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Problem(400, "malformed-request", "Content-Length is not a number") from None
    if length > LARGEST_BODY:
        raise Problem(413, "body-too-large", f"a body has at most {LARGEST_BODY} bytes")
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""))),
        headers={**headers, "x-request-id": request_id},
        body=environ["wsgi.input"].read(length) if length else b"",
    )
