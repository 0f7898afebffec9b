"""Services behind the gateway, played by functions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from comptoir.gateway.api import Api
from comptoir.gateway.pages import Pages
from comptoir.gateway.upstream import Reply, Upstream
from comptoir.metrics import Metrics
from comptoir.web.application import Application
from tests.unit.calls import Answer, call, service

ORDER = {"id": "o-1", "lines": [{"sku": "A", "quantity": 1, "price_cents": 480}], "total_cents": 480}
INVOICE = {
    "order_id": "o-1",
    "number": 7,
    "net_cents": 480,
    "shipping_cents": 490,
    "tax_cents": 53,
    "total_cents": 1023,
}
ITEMS = {"items": [{"sku": "A", "name_en": "Salt & co", "name_fr": "<Sel>", "price_cents": 480, "stock": 3}]}
Sent = tuple[str, str, bytes, dict[str, str]]


def reply(status: int, value: Any, **headers: str) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"content-type": "application/json", **headers})


class Played:
    """A service that answers from a list, the last answer again and again; an exception is raised."""

    def __init__(self, *answers: Reply | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[Sent] = []

    def __call__(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        self.sent.append((method, path, body, dict(headers)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


AWAY = Played(ConnectionRefusedError("no"))


def gateway(inventory: Played, billing: Played = AWAY) -> Callable[..., Answer]:
    shelves = Upstream("inventory", inventory)
    api = Api(shelves, Upstream("billing", billing), "1.2.3")
    application: Application = service([*api.routes(), *Pages(api, shelves).routes()], Metrics("gateway", "1"))
    return lambda method, path, body=b"", **headers: call(application, method, path, body, **headers)
