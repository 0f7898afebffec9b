"""What becomes of one message: decided here, carried out by the consumer."""

from __future__ import annotations

import json
import logging
import uuid
from enum import Enum
from typing import Protocol

from comptoir.billing.invoices import Invoice, UnreadableOrderError, invoice
from comptoir.metrics import BillingMetrics

log = logging.getLogger(__name__)


class Verdict(Enum):
    """What to tell the broker."""

    DONE = "acknowledge"
    REJECT = "set aside"
    RETRY = "deliver again"


class Invoices(Protocol):
    """What handling needs of a store."""

    def add(self, invoice: Invoice, message_id: uuid.UUID) -> bool: ...


def handle(
    body: bytes,
    message_id: str | None,
    store: Invoices,
    metrics: BillingMetrics,
    passing: tuple[type[Exception], ...],
) -> Verdict:
    """Makes the invoice of a message. `passing` are the errors that another try may not meet."""
    fields: dict[str, object] = {"message_id": message_id}
    try:
        identity = uuid.UUID(message_id or "")
        made = invoice(json.loads(body))
    except (ValueError, UnreadableOrderError) as error:
        metrics.messages.labels("rejected").inc()
        log.error("a message is set aside", extra={"fields": {**fields, "error": str(error)}})
        return Verdict.REJECT
    fields["order_id"] = str(made.order_id)
    try:
        new = store.add(made, identity)
    except passing as error:
        metrics.messages.labels("retried").inc()
        log.warning("a message will be tried again", extra={"fields": {**fields, "error": repr(error)}})
        return Verdict.RETRY
    metrics.messages.labels("invoiced" if new else "duplicate").inc()
    if new:
        metrics.invoiced_cents.inc(made.total_cents)
    log.info("invoiced" if new else "already invoiced", extra={"fields": fields})
    return Verdict.DONE
