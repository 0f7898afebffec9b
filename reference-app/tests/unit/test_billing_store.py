"""What billing tells its database, and what it makes of the answers."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from comptoir.billing.invoices import Invoice
from comptoir.billing.store import Store
from tests.unit.doubles import Rows

ORDER_ID, MESSAGE_ID = uuid.UUID(int=1), uuid.UUID(int=2)


def store(rows: Rows) -> Store:
    return Store(rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(("written", "new"), [([()], True), ([], False)])
def test_an_invoice_is_kept_once(written: list[Any], new: bool) -> None:
    rows = Rows({"INSERT INTO invoices": written})
    assert store(rows).add(Invoice(ORDER_ID, 960, 490, 80), MESSAGE_ID) is new
    assert rows.verbs == ["BEGIN", "INSERT", "COMMIT"]
    assert rows.values("INSERT") == [[ORDER_ID, MESSAGE_ID, 960, 490, 80, 1530]]
    assert rows.heard[1][0].endswith("ON CONFLICT DO NOTHING")


def test_an_invoice_is_read_by_its_order() -> None:
    rows = Rows({"SELECT order_id, number, net_cents": [(ORDER_ID, 7, 960, 490, 80, 1530)]})
    assert store(rows).invoice(ORDER_ID) == {
        "order_id": str(ORDER_ID),
        "number": 7,
        "net_cents": 960,
        "shipping_cents": 490,
        "tax_cents": 80,
        "total_cents": 1530,
    }
    assert rows.values("SELECT") == [[ORDER_ID]]


def test_no_invoice_is_none() -> None:
    assert store(Rows()).invoice(ORDER_ID) is None


@pytest.mark.parametrize(("answer", "has"), [([(True,)], True), ([(False,)], False), ([], False)])
def test_the_schema_is_there_once_its_table_is(answer: list[Any], has: bool) -> None:
    rows = Rows({"SELECT to_regclass('invoices') IS NOT NULL": answer})
    assert store(rows).has_schema() is has
    # Supervision asks, and does not wait for long.
    assert rows.timeouts == [1]
