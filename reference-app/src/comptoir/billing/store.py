"""Invoices in PostgreSQL."""

from __future__ import annotations

import uuid
from typing import Any

from comptoir.billing.invoices import Invoice
from comptoir.database import Database

INSERT = """
INSERT INTO invoices (order_id, message_id, net_cents, shipping_cents, tax_cents, total_cents)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
COLUMNS = ("order_id", "number", "net_cents", "shipping_cents", "tax_cents", "total_cents")


class Store:
    """What the worker and its API ask of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, invoice: Invoice, message_id: uuid.UUID) -> bool:
        """Keeps an invoice, and says whether it is new. It is durable when this returns."""
        values = [invoice.order_id, message_id, invoice.net_cents, invoice.shipping_cents, invoice.tax_cents]
        with self._database.pool.connection() as connection, connection.transaction():
            return connection.execute(INSERT, [*values, invoice.total_cents]).rowcount == 1

    def invoice(self, order_id: uuid.UUID) -> dict[str, Any] | None:
        """The invoice of an order, or nothing."""
        query = f"SELECT {', '.join(COLUMNS)} FROM invoices WHERE order_id = %s"  # noqa: S608
        with self._database.pool.connection() as connection:
            row = connection.execute(query, [order_id]).fetchone()
        if row is None:
            return None
        return {**dict(zip(COLUMNS, row, strict=True)), "order_id": str(row[0])}

    def has_schema(self) -> bool:
        """Whether the migrations that this version needs were applied."""
        with self._database.pool.connection(timeout=1) as connection:
            row = connection.execute("SELECT to_regclass('invoices') IS NOT NULL").fetchone()
        return bool(row and row[0])
