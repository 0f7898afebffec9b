"""Items and orders in PostgreSQL. An order, its stock and its message are one transaction."""

from __future__ import annotations

import json
import uuid
from typing import Any

from psycopg.types.json import Jsonb

from comptoir.broker import PLACED
from comptoir.database import Connection, Database
from comptoir.inventory.orders import Item, Line, RefusedError, fingerprint, place

COLUMNS = "sku, name_en, name_fr, price_cents, stock"


class Store:
    """What the API asks of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self) -> list[Item]:
        """Everything on the counter, by sku."""
        with self._database.pool.connection() as connection:
            rows = connection.execute(f"SELECT {COLUMNS} FROM items ORDER BY sku").fetchall()  # noqa: S608
        return [Item(*row) for row in rows]

    def order(self, order_id: uuid.UUID) -> dict[str, Any] | None:
        """An order, or nothing."""
        with self._database.pool.connection() as connection:
            row = connection.execute("SELECT body FROM orders WHERE id = %s", [order_id]).fetchone()
        return None if row is None else _object(row[0])

    def place(self, key: str, lines: tuple[Line, ...]) -> tuple[dict[str, Any], bool]:
        """Takes an order, once for each key, and says whether it is new."""
        with self._database.pool.connection() as connection, connection.transaction():
            # Two requests with one key wait for each other here, even on two replicas.
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
            known = _placed_before(connection, key, fingerprint(lines))
            if known is not None:
                return known, False
            order = place(uuid.uuid4(), lines, _locked(connection, lines))
            for line in lines:
                connection.execute("UPDATE items SET stock = stock - %s WHERE sku = %s", [line.quantity, line.sku])
            body = order.body()
            connection.execute(
                "INSERT INTO orders (id, idempotency_key, fingerprint, body) VALUES (%s, %s, %s, %s)",
                [order.id, key, fingerprint(lines), Jsonb(body)],
            )
            connection.execute(
                "INSERT INTO outbox (id, routing_key, body) VALUES (%s, %s, %s)",
                [uuid.uuid4(), PLACED, Jsonb(body)],
            )
        return body, True

    def restock(self, sku: str, stock: int) -> bool:
        """Sets how many are left; says whether the item exists."""
        with self._database.pool.connection() as connection:
            return connection.execute("UPDATE items SET stock = %s WHERE sku = %s", [stock, sku]).rowcount == 1

    def has_schema(self) -> bool:
        """Whether the migrations that this version needs were applied."""
        with self._database.pool.connection(timeout=1) as connection:
            row = connection.execute("SELECT to_regclass('outbox') IS NOT NULL").fetchone()
        return bool(row and row[0])


def _placed_before(connection: Connection, key: str, wanted: str) -> dict[str, Any] | None:
    row = connection.execute("SELECT fingerprint, body FROM orders WHERE idempotency_key = %s", [key]).fetchone()
    if row is None:
        return None
    if row[0] != wanted:
        raise RefusedError("key-reused", "this Idempotency-Key was used for another order")
    return _object(row[1])


def _locked(connection: Connection, lines: tuple[Line, ...]) -> dict[str, Item]:
    """The items of an order, locked in the order of their sku so that two orders never wait for each other."""
    skus = [line.sku for line in lines]
    query = f"SELECT {COLUMNS} FROM items WHERE sku = ANY(%s) ORDER BY sku FOR UPDATE"  # noqa: S608
    return {row[0]: Item(*row) for row in connection.execute(query, [skus]).fetchall()}


def _object(value: Any) -> dict[str, Any]:
    return dict(json.loads(value)) if isinstance(value, str) else dict(value)
