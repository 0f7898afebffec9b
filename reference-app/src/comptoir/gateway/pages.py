"""The page: plain HTML that works without a script, with a keyboard, and with a screen reader."""

from __future__ import annotations

import json
import uuid
from html import escape
from importlib import resources
from string import Template
from typing import Any

from comptoir.gateway.api import Api, request_id
from comptoir.gateway.upstream import Upstream
from comptoir.gateway.words import WORDS, euros, language
from comptoir.web.messages import Problem, Request, Response
from comptoir.web.routing import Route


def template(name: str) -> Template:
    """A template of this package."""
    return Template((resources.files("comptoir.gateway") / "templates" / name).read_text(encoding="utf-8"))


class Pages:
    """The handlers that answer HTML."""

    def __init__(self, api: Api, inventory: Upstream) -> None:
        self._api = api
        self._inventory = inventory

    def routes(self) -> list[Route]:
        """The routes of the page."""
        return [
            Route("GET", "/", self.choose),
            Route("GET", "/static/page.css", self.style),
            Route("GET", "/{lang}", self.counter),
            Route("POST", "/{lang}/orders", self.place),
            Route("GET", "/{lang}/orders/{id}", self.order),
        ]

    def choose(self, request: Request) -> Response:
        """Sends a visitor to the page in a language of theirs."""
        return Response.see_other("/" + language(request.headers.get("accept-language", "")))

    def style(self, _request: Request) -> Response:
        """The style sheet."""
        text = (resources.files("comptoir.gateway") / "static" / "page.css").read_bytes()
        return Response(200, text, "text/css; charset=utf-8", {"Cache-Control": "max-age=3600"})

    def counter(self, request: Request) -> Response:
        """What is on the counter, and the form of an order."""
        return self._counter(request, 200, "")

    def _counter(self, request: Request, status: int, alert: str) -> Response:
        lang = spoken(request)
        words = WORDS[lang]
        try:
            items = self._inventory.call("GET", "/items", request_id(request)).json()["items"]
        except (Problem, KeyError, TypeError):
            body = template("away.html").substitute(escaped(words))
            return self._page(lang, "", body, 503)
        body = template("counter.html").substitute(
            escaped(words),
            lang=lang,
            alert=alert,
            rows="".join(_row(item, lang) for item in items),
            options="".join(_option(item, lang) for item in items),
            key=uuid.uuid4().hex,
        )
        return self._page(lang, "", body, status)

    def place(self, request: Request) -> Response:
        """Takes the form. Its hidden key makes sending it twice one order."""
        lang, form = spoken(request), request.form()
        quantity = form.get("quantity", "")
        line = {"sku": form.get("sku"), "quantity": int(quantity) if quantity.isdecimal() else None}
        body = json.dumps({"lines": [line]}).encode()
        try:
            reply = self._inventory.call("POST", "/orders", request_id(request), body, form.get("key", ""))
        except Problem:
            return self._counter(request, 503, _alert(WORDS[lang], ""))
        answer = reply.json()
        if reply.status in (200, 201):
            return Response.see_other(f"/{lang}/orders/{answer['id']}")
        return self._counter(request, reply.status, _alert(WORDS[lang], str(answer.get("detail", ""))))

    def order(self, request: Request) -> Response:
        """One order, and what became of its invoice."""
        lang = spoken(request)
        words = WORDS[lang]
        order = self._api.joined(request.params["id"], request_id(request))
        invoice = order["invoice"]
        total = euros(invoice.get("total_cents", 0), lang)
        body = template("order.html").substitute(
            escaped(words),
            lang=lang,
            id=escape(order["id"]),
            amount=euros(order["total_cents"], lang),
            state=escape(words[invoice["state"]].format(total=total)),
        )
        return self._page(lang, f"/orders/{order['id']}", body, 200)

    def _page(self, lang: str, path: str, body: str, status: int) -> Response:
        text = template("page.html").substitute(escaped(WORDS[lang]), lang=lang, path=escape(path), body=body)
        return Response.html(text, status)


def spoken(request: Request) -> str:
    """The language in the path, or a problem."""
    lang = request.params["lang"]
    if lang not in WORDS:
        raise Problem(404, "not-found", f"nothing is at {request.path}")
    return lang


def escaped(words: dict[str, str]) -> dict[str, str]:
    """Words that may stand in HTML."""
    return {key: escape(word) for key, word in words.items()}


def _row(item: dict[str, Any], lang: str) -> str:
    cells = f"<td>{euros(item['price_cents'], lang)}</td><td>{item['stock']}</td>"
    return f'<tr><th scope="row">{escape(item["name_" + lang])}</th>{cells}</tr>'


def _option(item: dict[str, Any], lang: str) -> str:
    return f'<option value="{escape(item["sku"])}">{escape(item["name_" + lang])}</option>'


def _alert(words: dict[str, str], detail: str) -> str:
    return f'<p role="alert" class="alert">{escape(words["refused"])}. {escape(detail)}</p>'
