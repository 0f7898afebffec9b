"""The running system, from the outside and at its seams: HTTP, PostgreSQL, RabbitMQ."""

from __future__ import annotations

import json
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pika
import pytest

from comptoir.broker import DEAD_LETTERS, EXCHANGE, PLACED, Broker
from comptoir.settings import Settings
from tests.integration.conftest import Service, eventually

pytestmark = pytest.mark.services


def invoice(gateway: Service, order_id: str) -> Any:
    told = gateway.ask("GET", f"/api/orders/{order_id}").json()["invoice"]
    return told if told["state"] == "made" else None


def test_an_order_becomes_one_invoice(gateway: Service) -> None:
    placed = gateway.order("CHEESE-01", 2)
    assert placed.status == 201
    made = eventually(lambda: invoice(gateway, placed.json()["id"]))
    assert (made["net_cents"], made["shipping_cents"], made["tax_cents"], made["total_cents"]) == (2500, 490, 164, 3154)


def test_the_same_key_orders_once_even_at_once(gateway: Service) -> None:
    key = uuid.uuid4().hex
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: gateway.order(key=key), range(6)))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert gateway.order(quantity=2, key=key).status == 422


def test_the_last_pieces_are_sold_once(gateway: Service, inventory: Service, token: str) -> None:
    set_to_three = inventory.ask("PUT", "/items/TRUFFLE-01/stock", {"stock": 3}, authorization=f"Bearer {token}")
    assert set_to_three.status == 200
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: gateway.order("TRUFFLE-01").status, range(8)))
    assert sorted(statuses) == [201] * 3 + [409] * 5
    items = {item["sku"]: item["stock"] for item in gateway.ask("GET", "/api/items").json()["items"]}
    assert items["TRUFFLE-01"] == 0


def test_a_refused_order_is_told_as_a_problem(gateway: Service) -> None:
    answer = gateway.order("CAVIAR-01")
    assert (answer.status, answer.json()["type"]) == (404, "https://comptoir.example/problems/unknown-item")


def publish(body: dict[str, Any] | str, message_id: str) -> None:
    connection = Broker.of(Settings(os.environ)).connect()
    channel = connection.channel()
    channel.confirm_delivery()
    text = body if isinstance(body, str) else json.dumps(body)
    channel.basic_publish(EXCHANGE, PLACED, text.encode(), pika.BasicProperties(message_id=message_id), mandatory=True)
    connection.close()


def test_a_message_delivered_twice_makes_one_invoice(billing: Service) -> None:
    order_id, message_id = str(uuid.uuid4()), str(uuid.uuid4())
    body = {"id": order_id, "lines": [{"sku": "A", "quantity": 1, "price_cents": 100}]}
    before = billing.metric('comptoir_messages_total{outcome="duplicate"}')
    publish(body, message_id)
    first = eventually(lambda: billing.ask("GET", f"/invoices/{order_id}").status == 200)
    publish(body, message_id)
    assert first
    assert eventually(lambda: billing.metric('comptoir_messages_total{outcome="duplicate"}') == before + 1)
    assert billing.ask("GET", f"/invoices/{order_id}").json()["total_cents"] == 100 + 490 + 32


def test_a_message_that_nobody_can_read_is_set_aside() -> None:
    message_id = str(uuid.uuid4())
    publish("{", message_id)
    connection = Broker.of(Settings(os.environ)).connect()
    channel = connection.channel()

    def found() -> bool:
        method, properties, _ = channel.basic_get(DEAD_LETTERS, auto_ack=True)
        return method is not None and properties.message_id == message_id

    assert eventually(found)
    connection.close()


def test_the_outbox_empties(inventory: Service) -> None:
    assert eventually(lambda: inventory.metric("comptoir_outbox_pending") == 0)
    assert inventory.metric("comptoir_outbox_published_total") > 0


@pytest.mark.parametrize("name", ["gateway", "inventory", "billing"])
def test_every_service_is_ready_and_exports_metrics(name: str, request: pytest.FixtureRequest) -> None:
    asked: Service = request.getfixturevalue(name)
    health = asked.ask("GET", "/health/ready")
    assert (health.status, health.json()["status"]) == (200, "ready")
    assert set(health.json()["checks"].values()) == {"up"}
    assert asked.metric('comptoir_http_requests_total{method="GET",route="/health/ready",status="200"}') > 0


def test_the_page_is_served_in_both_languages(gateway: Service) -> None:
    assert 'lang="fr"' in gateway.ask("GET", "/fr").body.decode()
    assert "Mountain cheese" in gateway.ask("GET", "/en").body.decode()
