"""Invoices over HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from comptoir.billing.api import Api
from comptoir.metrics import BillingMetrics
from tests.unit.calls import call, service

KNOWN = uuid.UUID(int=1)


class Reader:
    def invoice(self, order_id: uuid.UUID) -> dict[str, Any] | None:
        return {"order_id": str(order_id), "number": 1} if order_id == KNOWN else None


APPLICATION = service(Api(Reader()).routes(), BillingMetrics("1"))


def test_an_invoice_is_read_by_its_order() -> None:
    assert call(APPLICATION, "GET", f"/invoices/{KNOWN}").json() == {"order_id": str(KNOWN), "number": 1}


@pytest.mark.parametrize("order_id", ["x", str(uuid.UUID(int=2))])
def test_no_invoice_is_not_found(order_id: str) -> None:
    answer = call(APPLICATION, "GET", f"/invoices/{order_id}")
    assert (answer.status, answer.json()["title"]) == (404, "No invoice")
    assert answer.json()["detail"] == f"order {order_id} has no invoice"
