"""The public API, and the document that describes it."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from comptoir.gateway.api import Api
from comptoir.gateway.upstream import Reply, Upstream
from tests.unit.played import AWAY, INVOICE, ITEMS, ORDER, Played, gateway, reply


def test_the_version_is_told() -> None:
    assert gateway(AWAY)("GET", "/api/version").json() == {"version": "1.2.3"}


def test_items_are_relayed() -> None:
    answer = gateway(Played(reply(200, ITEMS)))("GET", "/api/items")
    assert (answer.status, answer.json()) == (200, ITEMS)


def test_an_order_is_relayed_with_its_key_and_its_id() -> None:
    played = Played(reply(201, ORDER, location="/orders/o-1"))
    answer = gateway(played)("POST", "/api/orders", b"{}", idempotency_key="k", x_request_id="r")
    assert (answer.status, answer.json(), answer.headers["Location"]) == (201, ORDER, "/api/orders/o-1")
    sent = {"X-Request-Id": "r", "Content-Type": "application/json", "Idempotency-Key": "k"}
    assert played.sent == [("POST", "/orders", b"{}", sent)]


def test_an_order_without_a_key_goes_no_further() -> None:
    played = Played(reply(201, ORDER))
    answer = gateway(played)("POST", "/api/orders", b"{}")
    assert (answer.status, answer.json()["detail"]) == (400, "the header Idempotency-Key is required")
    assert (answer.json()["title"], played.sent) == ("Invalid", [])


def test_a_refusal_is_relayed_as_it_is() -> None:
    refusal = Reply(409, b'{"status": 409}', {"content-type": "application/problem+json"})
    answer = gateway(Played(refusal))("POST", "/api/orders", b"{}", idempotency_key="k")
    assert (answer.status, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("billing", "invoice"),
    [
        (reply(200, INVOICE), {"state": "made", **INVOICE}),
        (reply(404, {}), {"state": "waiting"}),
        (reply(500, {}), {"state": "unknown"}),
        (OSError(), {"state": "unknown"}),
    ],
)
def test_an_order_is_joined_with_what_is_known_of_its_invoice(
    billing: Reply | Exception, invoice: dict[str, Any]
) -> None:
    played = Played(billing)
    answer = gateway(Played(reply(200, ORDER)), played)("GET", "/api/orders/o-1")
    assert (answer.status, answer.json()) == (200, {**ORDER, "invoice": invoice})
    assert played.sent[0][:2] == ("GET", "/invoices/o-1")


def test_an_unknown_order_is_a_problem() -> None:
    played = Played(reply(404, {}))
    answer = gateway(played)("GET", "/api/orders/a%b c")
    assert (answer.status, answer.json()["detail"]) == (404, "there is no order a%b c")
    assert answer.json()["title"] == "Unknown order"
    assert played.sent[0][1] == "/orders/a%25b%20c"


def test_the_document_describes_what_is_answered() -> None:
    answer = gateway(AWAY)("GET", "/api/openapi.json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    document = answer.json()
    api = Api(Upstream("a", AWAY), Upstream("b", AWAY), "1")
    written = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert written == {(route.method, route.pattern) for route in api.routes()}
    joined = gateway(Played(reply(200, ORDER)), Played(reply(200, INVOICE)))("GET", "/api/orders/o-1").json()
    for name, value in (("Item", ITEMS["items"][0]), ("Order", ORDER), ("OrderWithInvoice", joined)):
        jsonschema.validate(value, {**document, "$ref": f"#/components/schemas/{name}"})
    problem = gateway(AWAY)("GET", "/api/items").json()
    jsonschema.validate(problem, {**document, "$ref": "#/components/schemas/Problem"})
