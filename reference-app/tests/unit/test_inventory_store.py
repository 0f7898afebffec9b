"""What the inventory tells its database, and what it makes of the answers."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from comptoir.inventory.orders import Item, Line, RefusedError, fingerprint
from comptoir.inventory.store import Store
from tests.unit.doubles import Rows

BREAD = ("BREAD-01", "Loaf", "Miche", 480, 10)
HONEY = ("HONEY-01", "Honey", "Miel", 990, 2)
LINES = (Line("HONEY-01", 2), Line("BREAD-01", 3))
ID = uuid.UUID(int=1)
KNOWN, ITEMS = "SELECT fingerprint", "SELECT sku"


def store(rows: Rows) -> Store:
    return Store(rows)  # type: ignore[arg-type]


def test_items_are_listed_by_sku() -> None:
    rows = Rows({ITEMS: [BREAD, HONEY]})
    assert store(rows).items() == [Item(*BREAD), Item(*HONEY)]
    assert rows.heard[0][0].endswith("FROM items ORDER BY sku")


@pytest.mark.parametrize("kept", [{"id": "o"}, '{"id": "o"}'])
def test_an_order_is_found_however_the_driver_gives_json(kept: Any) -> None:
    rows = Rows({"SELECT body FROM orders": [(kept,)]})
    assert store(rows).order(ID) == {"id": "o"}
    assert rows.values("SELECT body") == [[ID]]


def test_no_order_is_none() -> None:
    assert store(Rows()).order(ID) is None


def test_an_order_its_stock_and_its_message_are_one_transaction() -> None:
    rows = Rows({ITEMS: [BREAD, HONEY]})
    body, new = store(rows).place("key-0001", LINES)
    assert (new, body["total_cents"], len(body["lines"])) == (True, 2 * 990 + 3 * 480, 2)
    assert rows.verbs == ["BEGIN", "SELECT", "SELECT", "SELECT", "UPDATE", "UPDATE", "INSERT", "INSERT", "COMMIT"]
    assert rows.values("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))") == [["key-0001"]]
    assert rows.values(KNOWN) == [["key-0001"]]
    assert rows.values(ITEMS) == [[["HONEY-01", "BREAD-01"]]]
    assert rows.values("UPDATE items SET stock = stock - %s WHERE sku = %s") == [[2, "HONEY-01"], [3, "BREAD-01"]]
    [[order_id, key, kept_print, kept]] = rows.values("INSERT INTO orders")
    assert (str(order_id), key, kept_print, kept.obj) == (body["id"], "key-0001", fingerprint(LINES), body)
    [[message_id, routing_key, message]] = rows.values("INSERT INTO outbox")
    assert (routing_key, message.obj) == ("order.placed", body)
    assert message_id != order_id


def test_items_are_locked_in_one_order_so_that_orders_never_wait_for_each_other() -> None:
    rows = Rows({ITEMS: [BREAD, HONEY]})
    store(rows).place("key-0001", LINES)
    assert [text for text, _ in rows.heard if text.endswith("WHERE sku = ANY(%s) ORDER BY sku FOR UPDATE")]


@pytest.mark.parametrize("kept", [{"id": "o"}, json.dumps({"id": "o"})])
def test_a_known_key_gives_its_order_and_writes_nothing(kept: Any) -> None:
    rows = Rows({KNOWN: [(fingerprint(LINES), kept)]})
    assert store(rows).place("key-0001", LINES) == ({"id": "o"}, False)
    assert rows.verbs == ["BEGIN", "SELECT", "SELECT", "COMMIT"]


def test_a_key_that_was_used_for_another_order_is_refused() -> None:
    rows = Rows({KNOWN: [("another", {"id": "o"})]})
    with pytest.raises(RefusedError, match="was used for another order") as refused:
        store(rows).place("key-0001", LINES)
    assert refused.value.reason == "key-reused"
    assert rows.verbs[-1] == "ROLLBACK"


@pytest.mark.parametrize(("items", "reason"), [([BREAD], "unknown-item"), ([BREAD, (*HONEY[:4], 1)], "out-of-stock")])
def test_a_refused_order_leaves_nothing_behind(items: list[Any], reason: str) -> None:
    rows = Rows({ITEMS: items})
    with pytest.raises(RefusedError) as refused:
        store(rows).place("key-0001", LINES)
    assert refused.value.reason == reason
    assert rows.verbs == ["BEGIN", "SELECT", "SELECT", "SELECT", "ROLLBACK"]


@pytest.mark.parametrize(("changed", "exists"), [([()], True), ([], False)])
def test_restocking_says_whether_the_item_exists(changed: list[Any], exists: bool) -> None:
    rows = Rows({"UPDATE items SET stock = %s WHERE sku = %s": changed})
    assert store(rows).restock("BREAD-01", 7) is exists
    assert rows.values("UPDATE") == [[7, "BREAD-01"]]


@pytest.mark.parametrize(("answer", "has"), [([(True,)], True), ([(False,)], False), ([], False)])
def test_the_schema_is_there_once_its_last_table_is(answer: list[Any], has: bool) -> None:
    rows = Rows({"SELECT to_regclass('outbox') IS NOT NULL": answer})
    assert store(rows).has_schema() is has
    # Supervision asks, and does not wait for long.
    assert rows.timeouts == [1]
