"""Invoices over HTTP."""

from __future__ import annotations

import uuid
from typing import Any, Protocol

from comptoir.web.messages import Problem, Request, Response
from comptoir.web.routing import Route


class Reader(Protocol):
    """What the API needs of a store."""

    def invoice(self, order_id: uuid.UUID) -> dict[str, Any] | None: ...


class Api:
    """The handlers of the billing worker."""

    def __init__(self, store: Reader) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """The public routes."""
        return [Route("GET", "/invoices/{order_id}", self.invoice)]

    def invoice(self, request: Request) -> Response:
        """The invoice of an order. Not found means: not yet, or never."""
        try:
            found = self._store.invoice(uuid.UUID(request.params["order_id"]))
        except ValueError:
            found = None
        if found is None:
            raise Problem(404, "no-invoice", f"order {request.params['order_id']} has no invoice")
        return Response.json(found)
