"""The page, in both languages."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from comptoir.gateway.upstream import Reply
from comptoir.gateway.words import WORDS, euros, language
from tests.unit.played import AWAY, INVOICE, ITEMS, ORDER, Played, gateway, reply


def test_a_visitor_is_sent_to_their_language() -> None:
    ask = gateway(AWAY)
    answer = ask("GET", "/", accept_language="en-GB,en;q=0.9")
    assert (answer.status, answer.headers["Location"]) == (303, "/en")
    assert ask("GET", "/").headers["Location"] == "/fr"


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("en", "en"),
        ("en-GB", "en"),
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
