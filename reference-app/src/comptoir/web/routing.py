"""From a method and a path to a handler."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from comptoir.web.messages import Problem, Request, Response

Handler = Callable[[Request], Response]


@dataclass(frozen=True)
class Route:
    """One line of the table of routes; `{name}` in the pattern is a parameter without a slash."""

    method: str
    pattern: str
    handler: Handler

    def match(self, path: str) -> dict[str, str] | None:
        """The parameters when the path is this route's."""
        expression = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.pattern))
        found = re.fullmatch(expression, path)
        return None if found is None else found.groupdict()


class Router:
    """A table of routes, read from top to bottom."""

    def __init__(self, routes: list[Route]) -> None:
        self.routes = routes

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route of a request; HEAD is answered where GET is."""
        wanted = "GET" if method == "HEAD" else method
        allowed: list[str] = []
        for route in self.routes:
            params = route.match(path)
            if params is None:
                continue
            if route.method == wanted:
                return route, params
            allowed.append(route.method)
        if allowed:
            raise Problem(405, "method-not-allowed", f"{path} answers {', '.join(allowed)}", allow=allowed)
        raise Problem(404, "not-found", f"nothing is at {path}")
