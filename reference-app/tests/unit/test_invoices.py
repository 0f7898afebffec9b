"""What an invoice says, and what becomes of a message."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

import pytest

from comptoir.billing.handling import Verdict, handle
from comptoir.billing.invoices import Invoice, UnreadableOrderError, invoice, shipping, tax
from comptoir.metrics import BillingMetrics
from tests.unit.calls import sample

ORDER_ID = "00000000-0000-0000-0000-000000000001"
MESSAGE_ID = "00000000-0000-0000-0000-000000000002"


def order(*lines: tuple[Any, Any]) -> dict[str, Any]:
    return {"id": ORDER_ID, "lines": [{"sku": "A", "quantity": q, "price_cents": p} for q, p in lines]}


@pytest.mark.parametrize(("net", "cents"), [(1, 490), (4999, 490), (5000, 0), (5001, 0)])
def test_shipping_is_free_from_fifty_euros(net: int, cents: int) -> None:
    assert shipping(net) == cents


@pytest.mark.parametrize(("amount", "cents"), [(0, 0), (9, 0), (10, 1), (100, 6), (1000, 55), (1009, 55), (10000, 550)])
def test_tax_rounds_half_a_cent_up(amount: int, cents: int) -> None:
    assert tax(amount) == cents


def test_an_invoice_adds_shipping_and_tax() -> None:
    made = invoice(order((2, 480), (1, 990)))
    assert made == Invoice(uuid.UUID(ORDER_ID), net_cents=1950, shipping_cents=490, tax_cents=134)
    assert made.total_cents == 1950 + 490 + 134


@pytest.mark.parametrize(
    "message",
    [None, 3, [], {}, {"id": ORDER_ID}, {"id": "x", "lines": []}, {"id": 3, "lines": []}, order(), order((0, 5)),
     order((1, 0)), order((1, -5)), order((1, True)), order(("1", 5)), order((1, 5), (1.5, 5)),
     {"id": ORDER_ID, "lines": [{"quantity": 1}]}, {"id": ORDER_ID, "lines": 3}],
)  # fmt: skip
def test_what_is_no_order_cannot_be_invoiced(message: Any) -> None:
    with pytest.raises(UnreadableOrderError):
        invoice(message)


def test_the_smallest_order_can_be_invoiced() -> None:
    assert invoice(order((1, 1))).net_cents == 1


class Ledger:
    """Keeps invoices in memory; may be told to fail first."""

    def __init__(self, failures: int = 0) -> None:
        self.kept: dict[uuid.UUID, Invoice] = {}
        self.failures = failures

    def add(self, made: Invoice, message_id: uuid.UUID) -> bool:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("away")
        assert message_id == uuid.UUID(MESSAGE_ID)
        return self.kept.setdefault(made.order_id, made) is made


def run(
    ledger: Ledger, metrics: BillingMetrics, body: bytes | None = None, message_id: str | None = MESSAGE_ID
) -> Verdict:
    text = json.dumps(order((2, 480))).encode() if body is None else body
    return handle(text, message_id, ledger, metrics, (ConnectionError,))


def outcome(metrics: BillingMetrics, name: str) -> float:
    return sample(metrics, "comptoir_messages_total", outcome=name)


def test_a_message_heard_twice_makes_one_invoice(caplog: pytest.LogCaptureFixture) -> None:
    ledger, metrics = Ledger(), BillingMetrics("1")
    with caplog.at_level(logging.INFO):
        assert run(ledger, metrics) is Verdict.DONE
        assert sample(metrics, "comptoir_invoiced_cents_total") == 1530
        assert run(ledger, metrics) is Verdict.DONE
    assert [made.total_cents for made in ledger.kept.values()] == [960 + 490 + 80]
    assert (outcome(metrics, "invoiced"), outcome(metrics, "duplicate")) == (1, 1)
    assert sample(metrics, "comptoir_invoiced_cents_total") == 1530
    assert [record.message for record in caplog.records] == ["invoiced", "already invoiced"]
    assert caplog.records[0].fields == {"message_id": MESSAGE_ID, "order_id": ORDER_ID}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("body", "message_id"), [(b"{", MESSAGE_ID), (b"{}", MESSAGE_ID), (None, None), (None, "x")])
def test_an_unreadable_message_is_set_aside(
    body: bytes | None, message_id: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    ledger, metrics = Ledger(), BillingMetrics("1")
    assert run(ledger, metrics, body, message_id) is Verdict.REJECT
    assert ledger.kept == {}
    assert outcome(metrics, "rejected") == 1
    assert caplog.records[0].fields["message_id"] == message_id  # type: ignore[attr-defined]
    assert caplog.records[0].message == "a message is set aside"


def test_a_lost_database_means_another_try(caplog: pytest.LogCaptureFixture) -> None:
    ledger, metrics = Ledger(failures=1), BillingMetrics("1")
    assert [run(ledger, metrics), run(ledger, metrics)] == [Verdict.RETRY, Verdict.DONE]
    assert (outcome(metrics, "retried"), outcome(metrics, "invoiced")) == (1, 1)
    assert caplog.records[0].message == "a message will be tried again"


def test_an_error_that_no_retry_cures_is_not_hidden() -> None:
    ledger, metrics = Ledger(), BillingMetrics("1")
    ledger.add = lambda *_: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    with pytest.raises(ZeroDivisionError):
        run(ledger, metrics)


def test_every_outcome_is_exported_before_it_happens() -> None:
    metrics = BillingMetrics("1")
    text = metrics.expose()[1].decode()
    for name in ("invoiced", "duplicate", "rejected", "retried"):
        assert f'comptoir_messages_total{{outcome="{name}"}} 0.0' in text
