"""The gateway, with services played by functions."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from threading import Thread
from typing import Any

import jsonschema
import pytest

from comptoir.gateway.api import Api
from comptoir.gateway.pages import Pages
from comptoir.gateway.upstream import Reply, Upstream, sender
from comptoir.gateway.words import WORDS, euros, language
from comptoir.metrics import Metrics
from comptoir.web.application import Application
from comptoir.web.messages import Problem
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


# Calls to the services.


def test_reading_is_tried_three_times() -> None:
    played = Played(OSError(), http.client.BadStatusLine("x"), reply(200, {"ok": 1}))
    answer = Upstream("x", played).call("GET", "/p", "r-1")
    assert (answer.status, answer.json()) == (200, {"ok": 1})
    assert played.sent == [("GET", "/p", b"", {"X-Request-Id": "r-1", "Content-Type": "application/json"})] * 3


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_stumbling_service_is_tried_again_then_believed(status: int) -> None:
    played = Played(reply(status, {}))
    assert Upstream("x", played).call("GET", "/p", "").status == status
    assert len(played.sent) == 3


@pytest.mark.parametrize("status", [200, 201, 404, 409, 500, 501])
def test_any_other_answer_is_final(status: int) -> None:
    played = Played(reply(status, {}))
    assert Upstream("x", played).call("GET", "/p", "").status == status
    assert len(played.sent) == 1


def test_writing_is_tried_again_only_under_a_key() -> None:
    played = Played(OSError("lost"))
    with pytest.raises(Problem):
        Upstream("x", played).call("POST", "/p", "", b"{}")
    assert len(played.sent) == 1
    with pytest.raises(Problem) as problem:
        Upstream("inventory", played).call("POST", "/p", "", b"{}", "key")
    assert len(played.sent) == 4
    assert played.sent[-1][3]["Idempotency-Key"] == "key"
    assert (problem.value.status, problem.value.slug) == (503, "service-unavailable")
    assert problem.value.detail == "inventory does not answer; try again"


def test_each_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Problem):
        Upstream("x", Played(OSError("lost"))).call("GET", "/p", "")
    assert [record.fields for record in caplog.records] == [{"to": "x", "error": "OSError('lost')"}] * 3  # type: ignore[attr-defined]


def test_the_last_failure_decides() -> None:
    with pytest.raises(Problem, match="does not answer"):
        Upstream("x", Played(reply(503, {}), reply(503, {}), OSError())).call("GET", "/p", "")


def test_readiness_of_a_service() -> None:
    played = Played(reply(200, {}), reply(503, {}), OSError(), http.client.HTTPException())
    upstream = Upstream("x", played)
    assert [upstream.answers() for _ in range(4)] == [True, False, False, False]
    assert played.sent[0][:2] == ("GET", "/health/ready")


def test_an_unreadable_answer_is_the_service_at_fault() -> None:
    with pytest.raises(Problem) as problem:
        Reply(200, b"<html>", {}).json()
    assert (problem.value.status, problem.value.slug) == (502, "bad-upstream")


def test_a_call_reaches_the_service_as_it_was_made() -> None:
    seen: list[tuple[str, str, bytes, str | None]] = []

    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.command, self.path, body, self.headers["X-Request-Id"]))
            self.send_response(201)
            self.send_header("Content-Length", "2")
            self.send_header("Location", "/there")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        answer = sender(f"http://127.0.0.1:{server.server_port}", 5)("POST", "/p?q", b"body", {"X-Request-Id": "r"})
        server.shutdown()
    assert seen == [("POST", "/p?q", b"body", "r")]
    assert (answer.status, answer.body, answer.headers["location"]) == (201, b"{}", "/there")


def test_a_closed_port_is_an_error_that_is_handled() -> None:
    with pytest.raises(Problem):
        Upstream("x", sender("http://127.0.0.1:9", 1)).call("GET", "/", "")


# The API.


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


# The page.


def test_a_visitor_is_sent_to_their_language() -> None:
    ask = gateway(AWAY)
    answer = ask("GET", "/", accept_language="en-GB,en;q=0.9")
    assert (answer.status, answer.headers["Location"]) == (303, "/en")
    assert ask("GET", "/").headers["Location"] == "/fr"


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("en", "en"),
        ("fr-CA", "fr"),
        ("de, EN;q=0.5, fr", "en"),
        ("de", "fr"),
        ("", "fr"),
        ("*", "fr"),
        (" en ", "en"),
    ],
)
def test_the_first_known_language_is_taken(accepted: str, code: str) -> None:
    assert language(accepted) == code


@pytest.mark.parametrize(
    ("cents", "en", "fr"), [(0, "€0.00", "0,00 €"), (5, "€0.05", "0,05 €"), (123456, "€1234.56", "1234,56 €")]
)
def test_an_amount_is_written_as_its_readers_do(cents: int, en: str, fr: str) -> None:
    assert (euros(cents, "en"), euros(cents, "fr")) == (en, fr)


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["fr"].keys()
    assert all(WORDS["en"][key] != WORDS["fr"][key] for key in WORDS["en"])


@pytest.mark.parametrize(("lang", "name", "price"), [("en", "Salt &amp; co", "€4.80"), ("fr", "&lt;Sel&gt;", "4,80 €")])
def test_the_counter_lists_items_in_the_language(lang: str, name: str, price: str) -> None:
    answer = gateway(Played(reply(200, ITEMS)))("GET", f"/{lang}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = answer.text
    assert f'<html lang="{lang}">' in page
    assert f'<tr><th scope="row">{name}</th><td>{price}</td><td>3</td></tr>' in page
    assert f'<option value="A">{name}</option>' in page
    assert f'<form method="post" action="/{lang}/orders">' in page
    assert f'<a href="/{WORDS[lang]["other_code"]}"' in page
    assert "$" not in page
    assert 'role="alert"' not in page


def test_each_form_has_a_key_of_its_own() -> None:
    ask = gateway(Played(reply(200, ITEMS)))
    assert ask("GET", "/fr").text != ask("GET", "/fr").text


def test_the_form_orders_once_and_shows_the_order() -> None:
    played = Played(reply(201, ORDER))
    answer = gateway(played)("POST", "/fr/orders", b"key=k-12345678&sku=A&quantity=2")
    assert (answer.status, answer.headers["Location"]) == (303, "/fr/orders/o-1")
    method, path, body, headers = played.sent[0]
    assert (method, path, headers["Idempotency-Key"]) == ("POST", "/orders", "k-12345678")
    assert json.loads(body) == {"lines": [{"sku": "A", "quantity": 2}]}


def test_an_order_that_was_known_is_shown_too() -> None:
    assert gateway(Played(reply(200, ORDER)))("POST", "/en/orders", b"key=k&sku=A&quantity=2").status == 303


def test_a_refused_form_says_why_and_keeps_the_counter() -> None:
    played = Played(reply(409, {"detail": "2 <left>"}), reply(200, ITEMS))
    answer = gateway(played)("POST", "/en/orders", b"quantity=x")
    assert answer.status == 409
    assert '<p role="alert" class="alert">The order was not taken. 2 &lt;left&gt;</p>' in answer.text
    assert json.loads(played.sent[0][2]) == {"lines": [{"sku": None, "quantity": None}]}
    assert played.sent[0][3]["Idempotency-Key"] == ""


def test_a_form_sent_while_the_inventory_stumbles_can_be_sent_again() -> None:
    played = Played(OSError(), OSError(), OSError(), reply(200, ITEMS))
    answer = gateway(played)("POST", "/fr/orders", b"key=k&sku=A&quantity=1")
    assert answer.status == 503
    assert "La commande n&#x27;a pas été prise. </p>" in answer.text


@pytest.mark.parametrize("inventory", [Played(OSError()), Played(reply(200, [])), Played(reply(404, {}))])
def test_a_closed_counter_says_so(inventory: Played) -> None:
    answer = gateway(inventory)("GET", "/en")
    assert answer.status == 503
    assert "The counter is closed for a moment" in answer.text
    assert "<form" not in answer.text


@pytest.mark.parametrize(
    ("billing", "state"),
    [
        (reply(200, INVOICE), "made, €10.23 to pay"),
        (reply(404, {}), "being made"),
        (OSError(), "not known at the moment"),
    ],
)
def test_an_order_shows_its_invoice(billing: Reply | Exception, state: str) -> None:
    answer = gateway(Played(reply(200, ORDER)), Played(billing))("GET", "/en/orders/o-1")
    assert answer.status == 200
    for part in (
        f"<dd>{state}",
        "<code>o-1</code>",
        "<dd>€4.80</dd>",
        'href="/fr/orders/o-1"',
        '<a href="/en">Back',
    ):
        assert part in answer.text


@pytest.mark.parametrize(("method", "path"), [("GET", "/de"), ("POST", "/de/orders"), ("GET", "/de/orders/o-1")])
def test_another_language_is_not_found(method: str, path: str) -> None:
    answer = gateway(Played(reply(200, ORDER)))(method, path)
    assert (answer.status, answer.json()["detail"]) == (404, f"nothing is at {path}")
    assert answer.json()["title"] == "Not found"


def test_the_style_sheet_is_served_and_kept() -> None:
    answer = gateway(AWAY)("GET", "/static/page.css")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert answer.headers["Cache-Control"] == "max-age=3600"
    assert answer.body == (resources.files("comptoir.gateway") / "static" / "page.css").read_bytes()
