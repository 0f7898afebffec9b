"""What an order is, and when it is refused. Nothing here knows of HTTP, SQL or queues."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_LINES = 20
MOST_OF_ONE = 100
SKU = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RefusedError(Exception):
    """An order that cannot be taken; `reason` is stable and `detail` is for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Item:
    """Something on the counter."""

    sku: str
    name_en: str
    name_fr: str
    price_cents: int
    stock: int


@dataclass(frozen=True)
class Line:
    """So many of one item."""

    sku: str
    quantity: int


@dataclass(frozen=True)
class Order:
    """An order that has been taken."""

    id: uuid.UUID
    lines: tuple[Line, ...]
    prices_cents: tuple[int, ...]

    @property
    def total_cents(self) -> int:
        """What it costs, before shipping and tax."""
        return sum(line.quantity * price for line, price in zip(self.lines, self.prices_cents, strict=True))

    def body(self) -> dict[str, Any]:
        """The order as it is stored, answered and sent."""
        return {
            "id": str(self.id),
            "lines": [
                {"sku": line.sku, "quantity": line.quantity, "price_cents": price}
                for line, price in zip(self.lines, self.prices_cents, strict=True)
            ],
            "total_cents": self.total_cents,
        }


def parse(body: Any) -> tuple[Line, ...]:
    """The lines of a request, or a refusal that says which part is wrong."""
    lines = body.get("lines") if isinstance(body, dict) else None
    if not isinstance(lines, list) or not lines:
        raise RefusedError("invalid", "an order has a list of lines")
    if len(lines) > MOST_LINES:
        raise RefusedError("invalid", f"an order has at most {MOST_LINES} lines")
    parsed = tuple(_line(number, line) for number, line in enumerate(lines, 1))
    if len({line.sku for line in parsed}) < len(parsed):
        raise RefusedError("invalid", "an item appears on one line only")
    return parsed


def _line(number: int, line: Any) -> Line:
    sku = line.get("sku") if isinstance(line, dict) else None
    if not isinstance(sku, str) or not SKU.fullmatch(sku):
        raise RefusedError("invalid", f"line {number} has no valid sku")
    quantity = line.get("quantity")
    # In Python, True is a number too.
    if not isinstance(quantity, int) or isinstance(quantity, bool) or not 1 <= quantity <= MOST_OF_ONE:
        raise RefusedError("invalid", f"the quantity of line {number} is from 1 to {MOST_OF_ONE}")
    return Line(sku, quantity)


def check_key(key: str | None) -> str:
    """The idempotency key of a request."""
    if key is None or not KEY.fullmatch(key):
        raise RefusedError("invalid", "the header Idempotency-Key has 8 to 64 letters, digits, hyphens or underscores")
    return key


def fingerprint(lines: tuple[Line, ...]) -> str:
    """What makes two requests the same; the order of lines does not matter."""
    canonical = sorted((line.sku, line.quantity) for line in lines)
    return hashlib.sha256(json.dumps(canonical).encode()).hexdigest()


def place(order_id: uuid.UUID, lines: tuple[Line, ...], items: Mapping[str, Item]) -> Order:
    """Takes an order when every item is known and in stock."""
    for line in lines:
        item = items.get(line.sku)
        if item is None:
            raise RefusedError("unknown-item", f"there is no item {line.sku}")
        if line.quantity > item.stock:
            raise RefusedError("out-of-stock", f"{item.stock} of {line.sku} are left")
    return Order(order_id, lines, tuple(items[line.sku].price_cents for line in lines))
