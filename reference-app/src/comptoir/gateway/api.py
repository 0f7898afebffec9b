"""The public API. It adds nothing to what services say; it joins an order and its invoice."""

from __future__ import annotations

from importlib import resources
from typing import Any
from urllib.parse import quote

from comptoir.gateway.upstream import Reply, Upstream
from comptoir.web.messages import Problem, Request, Response
from comptoir.web.routing import Route


class Api:
    """The handlers under `/api`."""

    def __init__(self, inventory: Upstream, billing: Upstream, version: str) -> None:
        self._version = version
        self._inventory = inventory
        self._billing = billing

    def routes(self) -> list[Route]:
        """The public routes."""
        return [
            Route("GET", "/api/openapi.json", self.document),
            Route("GET", "/api/version", self.version),
            Route("GET", "/api/items", self.items),
            Route("POST", "/api/orders", self.place),
            Route("GET", "/api/orders/{id}", self.order),
        ]

    def document(self, _request: Request) -> Response:
        """What the API is, as OpenAPI."""
        text = (resources.files("comptoir.gateway") / "openapi.json").read_bytes()
        return Response(200, text, "application/json")

    def version(self, _request: Request) -> Response:
        """Which version answers; a delivery is verified with it."""
        return Response.json({"version": self._version})

    def items(self, request: Request) -> Response:
        """Everything on the counter."""
        return _relay(self._inventory.call("GET", "/items", request_id(request)))

    def place(self, request: Request) -> Response:
        """Takes an order. Without a key, trying again might order twice, so a key is required."""
        key = request.headers.get("idempotency-key")
        if key is None:
            raise Problem(400, "invalid", "the header Idempotency-Key is required")
        reply = self._inventory.call("POST", "/orders", request_id(request), request.body, key)
        location = {"Location": f"/api{reply.headers['location']}"} if "location" in reply.headers else {}
        return _relay(reply, location)

    def order(self, request: Request) -> Response:
        """An order and its invoice."""
        return Response.json(self.joined(request.params["id"], request_id(request)))

    def joined(self, order_id: str, told: str) -> dict[str, Any]:
        """An order with its invoice; a billing worker that is away costs the invoice, not the order."""
        reply = self._inventory.call("GET", f"/orders/{quote(order_id, safe='')}", told)
        if reply.status != 200:  # noqa: PLR2004
            raise Problem(reply.status, "unknown-order", f"there is no order {order_id}")
        order: dict[str, Any] = reply.json()
        return {**order, "invoice": self._invoice(order["id"], told)}

    def _invoice(self, order_id: str, told: str) -> dict[str, Any]:
        try:
            reply = self._billing.call("GET", f"/invoices/{order_id}", told)
        except Problem:
            return {"state": "unknown"}
        if reply.status == 200:  # noqa: PLR2004
            return {"state": "made", **reply.json()}
        return {"state": "waiting" if reply.status == 404 else "unknown"}  # noqa: PLR2004


def request_id(request: Request) -> str:
    """The id that follows a request through the services and their logs."""
    return request.headers.get("x-request-id", "")


def _relay(reply: Reply, headers: dict[str, str] | None = None) -> Response:
    return Response(reply.status, reply.body, reply.headers.get("content-type", "application/json"), headers or {})
