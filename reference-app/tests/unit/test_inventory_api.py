"""The inventory over HTTP, on a store in memory."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from comptoir.inventory.api import MOST_STOCK, Api
from comptoir.inventory.orders import Item, Line, RefusedError, fingerprint, place
from comptoir.metrics import InventoryMetrics
from comptoir.settings import SecretFile
from tests.unit.calls import Answer, call, sample, service

KEY = "key-0001"


class Shelf:
    """What the real store promises, in a few lines."""

    def __init__(self) -> None:
        self.stock = {"BREAD-01": 10}
        self.orders: dict[str, tuple[str, dict[str, Any]]] = {}

    def items(self) -> list[Item]:
        return [Item(sku, "Loaf", "Miche", 480, left) for sku, left in self.stock.items()]

    def order(self, order_id: uuid.UUID) -> dict[str, Any] | None:
        return next((body for _, body in self.orders.values() if body["id"] == str(order_id)), None)

    def place(self, key: str, lines: tuple[Line, ...]) -> tuple[dict[str, Any], bool]:
        if key in self.orders:
            print_before, body = self.orders[key]
            if print_before != fingerprint(lines):
                raise RefusedError("key-reused", "used")
            return body, False
        order = place(uuid.uuid4(), lines, {item.sku: item for item in self.items()})
        for line in lines:
            self.stock[line.sku] -= line.quantity
        self.orders[key] = (fingerprint(lines), order.body())
        return order.body(), True

    def restock(self, sku: str, stock: int) -> bool:
        if sku not in self.stock:
            return False
        self.stock[sku] = stock
        return True


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "token")


class World:
    def __init__(self, token: Path) -> None:
        self.token = token
        self.token.write_text("first")
        self.shelf = Shelf()
        self.metrics = InventoryMetrics("1")
        self.application = service(Api(self.shelf, self.metrics, SecretFile(token)).routes(), self.metrics)

    def order(self, quantity: int = 1, key: str = KEY, sku: str = "BREAD-01") -> Answer:
        body = {"lines": [{"sku": sku, "quantity": quantity}]}
        return call(self.application, "POST", "/orders", body, idempotency_key=key)

    def restock(self, body: Any, token: str = "first", sku: str = "BREAD-01") -> Answer:
        return call(self.application, "PUT", f"/items/{sku}/stock", body, authorization=f"Bearer {token}")

    def refused(self, reason: str) -> float:
        return sample(self.metrics, "comptoir_orders_refused_total", reason=reason)


def test_items_are_listed(world: World) -> None:
    item = {"sku": "BREAD-01", "name_en": "Loaf", "name_fr": "Miche", "price_cents": 480, "stock": 10}
    assert call(world.application, "GET", "/items").json() == {"items": [item]}


def test_the_same_key_orders_once(world: World) -> None:
    first = world.order(2)
    assert sample(world.metrics, "comptoir_orders_placed_total") == 1
    second = world.order(2)
    assert (first.status, second.status) == (201, 200)
    assert first.json() == second.json()
    assert first.headers["Location"] == second.headers["Location"] == f"/orders/{first.json()['id']}"
    assert world.shelf.stock == {"BREAD-01": 8}
    assert sample(world.metrics, "comptoir_orders_placed_total") == 1


@pytest.mark.parametrize(
    ("order", "status", "reason"),
    [
        ({"quantity": 0}, 400, "invalid"),
        ({"key": "short"}, 400, "invalid"),
        ({"sku": "CAVIAR-01"}, 404, "unknown-item"),
        ({"quantity": 11}, 409, "out-of-stock"),
    ],
)
def test_a_refusal_is_told_and_counted(world: World, order: dict[str, Any], status: int, reason: str) -> None:
    answer = world.order(**order)
    assert answer.status == status
    assert answer.json()["type"].endswith(f"/{reason}")
    assert world.refused(reason) == 1
    assert sample(world.metrics, "comptoir_orders_placed_total") == 0


def test_a_key_is_for_one_order(world: World) -> None:
    world.order(1)
    answer = world.order(2)
    assert (answer.status, answer.json()["detail"]) == (422, "used")
    assert world.refused("key-reused") == 1


def test_a_request_without_a_key_is_refused(world: World) -> None:
    answer = call(world.application, "POST", "/orders", {"lines": []})
    assert "Idempotency-Key" in answer.json()["detail"]


def test_an_order_can_be_read_again(world: World) -> None:
    placed = world.order().json()
    assert call(world.application, "GET", f"/orders/{placed['id']}").json() == placed


@pytest.mark.parametrize("order_id", ["x", str(uuid.UUID(int=0))])
def test_an_unknown_order_is_not_found(world: World, order_id: str) -> None:
    answer = call(world.application, "GET", f"/orders/{order_id}")
    assert (answer.status, answer.json()["detail"]) == (404, f"there is no order {order_id}")
    assert answer.json()["title"] == "Unknown order"


def test_stock_is_set_by_who_holds_the_token_of_the_moment(world: World) -> None:
    answer = world.restock({"stock": 5})
    assert (answer.status, answer.json()) == (200, {"sku": "BREAD-01", "stock": 5})
    assert world.shelf.stock == {"BREAD-01": 5}
    world.token.write_text("second\n")
    assert world.restock({"stock": 6}).status == 401
    assert world.restock({"stock": 7}, token="second").status == 200
    assert world.shelf.stock == {"BREAD-01": 7}


@pytest.mark.parametrize(
    "header",
    [{}, {"authorization": "first"}, {"authorization": "Basic first"}, {"authorization": "Bearer é"}],
)
def test_without_the_token_nothing_changes(world: World, header: dict[str, str]) -> None:
    answer = call(world.application, "PUT", "/items/BREAD-01/stock", {"stock": 5}, **header)
    assert (answer.status, answer.json()["title"]) == (401, "Unauthorised")
    assert answer.json()["detail"] == "a valid bearer token is needed"
    assert world.shelf.stock == {"BREAD-01": 10}


@pytest.mark.parametrize("stock", [0, 1, MOST_STOCK])
def test_a_stock_within_bounds_is_set(world: World, stock: int) -> None:
    assert world.restock({"stock": stock}).json()["stock"] == stock


@pytest.mark.parametrize("body", [{"stock": -1}, {"stock": MOST_STOCK + 1}, {"stock": True}, {"stock": "1"}, {}, b"[]"])
def test_any_other_stock_is_refused(world: World, body: Any) -> None:
    answer = world.restock(body)
    assert (answer.status, answer.json()["detail"]) == (400, "stock is from 0 to 1000000")
    assert answer.json()["title"] == "Invalid"


def test_an_unknown_item_has_no_stock(world: World) -> None:
    answer = world.restock({"stock": 5}, sku="CAVIAR-01")
    assert (answer.status, answer.json()["title"]) == (404, "Unknown item")
    assert answer.json()["detail"] == "there is no item CAVIAR-01"
