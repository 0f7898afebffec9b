"""The inventory over HTTP."""

from __future__ import annotations

import hmac
import uuid
from typing import Any, Protocol

from comptoir.inventory.orders import Item, Line, RefusedError, check_key, parse
from comptoir.metrics import InventoryMetrics
from comptoir.settings import SecretFile
from comptoir.web.messages import Problem, Request, Response
from comptoir.web.routing import Route

STATUS = {"invalid": 400, "unknown-item": 404, "out-of-stock": 409, "key-reused": 422}
MOST_STOCK = 1_000_000


class Orders(Protocol):
    """What the API needs of a store."""

    def items(self) -> list[Item]: ...
    def order(self, order_id: uuid.UUID) -> dict[str, Any] | None: ...
    def place(self, key: str, lines: tuple[Line, ...]) -> tuple[dict[str, Any], bool]: ...
    def restock(self, sku: str, stock: int) -> bool: ...


class Api:
    """The handlers of the inventory."""

    def __init__(self, store: Orders, metrics: InventoryMetrics, token: SecretFile) -> None:
        self._store = store
        self._metrics = metrics
        self._token = token

    def routes(self) -> list[Route]:
        """The public routes."""
        return [
            Route("GET", "/items", self.items),
            Route("POST", "/orders", self.place),
            Route("GET", "/orders/{id}", self.order),
            Route("PUT", "/items/{sku}/stock", self.restock),
        ]

    def items(self, _request: Request) -> Response:
        """Everything on the counter."""
        return Response.json({"items": [vars(item) for item in self._store.items()]})

    def place(self, request: Request) -> Response:
        """Takes an order; the same key gives the same order again."""
        try:
            key = check_key(request.headers.get("idempotency-key"))
            body, new = self._store.place(key, parse(request.json()))
        except RefusedError as refused:
            self._metrics.refused.labels(refused.reason).inc()
            raise Problem(STATUS[refused.reason], refused.reason, refused.detail) from None
        if new:
            self._metrics.placed.inc()
        return Response.json(body, 201 if new else 200, {"Location": f"/orders/{body['id']}"})

    def order(self, request: Request) -> Response:
        """One order."""
        try:
            order = self._store.order(uuid.UUID(request.params["id"]))
        except ValueError:
            order = None
        if order is None:
            raise Problem(404, "unknown-order", f"there is no order {request.params['id']}")
        return Response.json(order)

    def restock(self, request: Request) -> Response:
        """Sets the stock of an item; only who holds the token may. The token is read each time, so it can rotate."""
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token.read()}".encode()):
            raise Problem(401, "unauthorised", "a valid bearer token is needed")
        body = request.json()
        stock = body.get("stock") if isinstance(body, dict) else None
        if not isinstance(stock, int) or isinstance(stock, bool) or not 0 <= stock <= MOST_STOCK:
            raise Problem(400, "invalid", f"stock is from 0 to {MOST_STOCK}")
        sku = request.params["sku"]
        if not self._store.restock(sku, stock):
            raise Problem(404, "unknown-item", f"there is no item {sku}")
        return Response.json({"sku": sku, "stock": stock})
