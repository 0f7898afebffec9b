"""Requests, responses, and the problems that RFC 9457 describes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

PROBLEM_TYPE = "https://comptoir.example/problems/"
LARGEST_BODY = 64 * 1024


class Problem(Exception):  # noqa: N818 - it is the RFC's own word
    """An answer that is not the one asked for, told in the shape of RFC 9457."""

    def __init__(self, status: int, slug: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.more = more

    def body(self, instance: str) -> dict[str, Any]:
        """The problem as JSON."""
        return {
            "type": PROBLEM_TYPE + self.slug,
            "title": self.slug.replace("-", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            **self.more,
        }


@dataclass(frozen=True)
class Request:
    """What a handler may know of a request."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    params: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON, or a problem."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Problem(400, "malformed-body", "the body is not JSON") from None

    def form(self) -> dict[str, str]:
        """The fields of a form, the last value of each."""
        try:
            text = self.body.decode("utf-8")
        except UnicodeDecodeError:
            raise Problem(400, "malformed-body", "the form is not UTF-8") from None
        return {name: values[-1] for name, values in parse_qs(text).items()}


@dataclass(frozen=True)
class Response:
    """What a handler answers."""

    status: int
    body: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """A JSON answer."""
        return cls(status, json.dumps(value, ensure_ascii=False).encode(), "application/json", headers or {})

    @classmethod
    def html(cls, text: str, status: int = 200) -> Response:
        """A page."""
        return cls(status, text.encode(), "text/html; charset=utf-8")

    @classmethod
    def see_other(cls, location: str) -> Response:
        """What a form answers, so that reloading the page does not post again."""
        return cls(303, b"", "text/plain; charset=utf-8", {"Location": location})

    @classmethod
    def problem(cls, problem: Problem, instance: str) -> Response:
        """A problem, told in its media type."""
        headers = {"Retry-After": "1"} if problem.status == 503 else {}  # noqa: PLR2004
        body = json.dumps(problem.body(instance), ensure_ascii=False).encode()
        return cls(problem.status, body, "application/problem+json", headers)
