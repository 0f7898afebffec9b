"""What an invoice says. Nothing here knows of HTTP, SQL or queues."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

TAX = (11, 200)
"""The reduced rate of food, 5.5 %, as a fraction: amounts are whole cents, and so is all that is computed of them."""
SHIPPING_CENTS = 490
FREE_SHIPPING_FROM = 5000


class UnreadableOrderError(Exception):
    """A message that no retry will make readable."""


@dataclass(frozen=True)
class Invoice:
    """What is owed for one order."""

    order_id: uuid.UUID
    net_cents: int
    shipping_cents: int
    tax_cents: int

    @property
    def total_cents(self) -> int:
        """What the customer pays."""
        return self.net_cents + self.shipping_cents + self.tax_cents


def shipping(net_cents: int) -> int:
    """Free from a certain amount."""
    return 0 if net_cents >= FREE_SHIPPING_FROM else SHIPPING_CENTS


def tax(cents: int) -> int:
    """The tax on an amount, half a cent rounded up."""
    of, in_all = TAX
    return (cents * of + in_all // 2) // in_all


def invoice(order: Any) -> Invoice:
    """The invoice of an order as the inventory tells it."""
    try:
        order_id = uuid.UUID(order["id"])
        lines = [(line["quantity"], line["price_cents"]) for line in order["lines"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableOrderError(f"not an order: {error!r}") from None
    if not lines or not all(_positive(quantity) and _positive(price) for quantity, price in lines):
        raise UnreadableOrderError("an order has lines with positive quantities and prices")
    net = sum(quantity * price for quantity, price in lines)
    sent = shipping(net)
    return Invoice(order_id, net, sent, tax(net + sent))


def _positive(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number > 0
