"""The billing worker: what is acknowledged and when, and what happens when the broker or the database is lost."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock, call

import pika
import pika.exceptions
import psycopg
import pytest

from comptoir.billing.consumer import PAUSE, Consumer
from comptoir.billing.invoices import Invoice
from comptoir.metrics import BillingMetrics
from tests.unit.doubles import Waits, link

ORDER = {"id": str(uuid.UUID(int=1)), "lines": [{"quantity": 1, "price_cents": 100}]}
AWAY = psycopg.OperationalError("away")


class World:
    """A worker that runs here and now, until what was delivered is done."""

    def __init__(self, *bodies: bytes, outcomes: tuple[Any, ...] = (True,)) -> None:
        self.bodies = bodies or (json.dumps(ORDER).encode(),)
        self.outcomes = iter(outcomes)
        self.kept: list[Invoice] = []
        self.link = link()
        self.channel = self.link.channel.return_value
        self.channel.consume.side_effect = self.deliver
        self.broker = Mock(connect=Mock(side_effect=[self.link]))
        self.consumer = Consumer(self.broker, self, BillingMetrics("1"))
        self.waits = self.consumer._leave = Waits(100)

    def add(self, invoice: Invoice, message_id: uuid.UUID) -> bool:
        outcome = next(self.outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        self.kept.append(invoice)
        return bool(outcome)

    def deliver(self, queue: str, inactivity_timeout: float) -> Iterator[tuple[Any, Any, Any]]:
        assert (queue, self.consumer.connected) == ("billing.orders-placed", True)
        assert inactivity_timeout <= 1, "it would be slow to leave"
        yield None, None, None
        for tag, body in enumerate(self.bodies, 7):
            yield pika.spec.Basic.Deliver(delivery_tag=tag), pika.BasicProperties(message_id=str(uuid.uuid4())), body
        self.waits.set()
        yield None, None, None
        raise AssertionError("it was asked to leave")

    def run(self) -> World:
        self.consumer.run()
        return self


def test_a_message_is_acknowledged_once_its_invoice_is_kept() -> None:
    world = World()
    kept: list[int] = []
    world.channel.basic_ack.side_effect = lambda _tag: kept.append(len(world.kept))
    world.run()
    assert kept == [1]
    assert world.channel.basic_ack.mock_calls == [call(7)]
    assert not world.channel.basic_nack.called


def test_a_message_that_is_known_is_acknowledged_too() -> None:
    body = json.dumps(ORDER).encode()
    assert World(body, body, outcomes=(True, False)).run().channel.basic_ack.mock_calls == [call(7), call(8)]


def test_an_unreadable_message_goes_to_the_dead_letters() -> None:
    world = World(b"{").run()
    assert world.channel.basic_nack.mock_calls == [call(7, requeue=False)]
    assert not world.channel.basic_ack.called


def test_a_message_is_kept_in_hand_while_the_database_is_away() -> None:
    world = World(outcomes=(AWAY, AWAY, True)).run()
    assert world.link.sleep.mock_calls == [call(PAUSE)] * 2
    assert PAUSE == 1
    assert (world.channel.basic_ack.mock_calls, world.channel.basic_nack.mock_calls) == ([call(7)], [])


def test_leaving_gives_a_message_that_waits_back_to_the_queue() -> None:
    world = World(outcomes=(AWAY, AWAY))
    world.link.sleep.side_effect = lambda _seconds: world.waits.set()
    world.run()
    assert world.channel.basic_nack.mock_calls == [call(7, requeue=True)]
    assert not world.channel.basic_ack.called


def test_leaving_finishes_the_message_in_hand_and_no_other() -> None:
    body = json.dumps(ORDER).encode()
    world = World(body, body, outcomes=(True, True))
    world.channel.basic_ack.side_effect = lambda _tag: world.waits.set()
    world.run()
    assert world.channel.basic_ack.mock_calls == [call(7)]
    assert world.channel.cancel.call_count == 1


def test_only_so_many_messages_are_fetched_ahead() -> None:
    world = World().run()
    assert world.channel.basic_qos.mock_calls == [call(prefetch_count=20)]
    calls = [name for name, _, _ in world.channel.mock_calls]
    assert calls.index("queue_bind") < calls.index("basic_qos") < calls.index("consume")


def test_leaving_closes_the_connection() -> None:
    world = World().run()
    assert (world.link.close.call_count, world.consumer.connected, world.waits.asked) == (1, False, [])


@pytest.mark.parametrize("error", [pika.exceptions.AMQPConnectionError("away"), OSError("away")])
def test_a_broker_that_is_away_is_tried_again(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    world.broker.connect.side_effect = [error, world.link]
    world.run()
    assert world.waits.asked == [PAUSE]
    assert [record.message for record in caplog.records] == ["the broker is away"]
    assert caplog.records[0].fields == {"error": repr(error)}  # type: ignore[attr-defined]
    assert world.channel.basic_ack.mock_calls == [call(7)]


def test_a_connection_that_broke_is_not_closed_again() -> None:
    world = World()
    world.waits.times = 1

    def lost(_tag: int) -> None:
        world.link.is_open = False
        raise pika.exceptions.StreamLostError("lost")

    world.channel.basic_ack.side_effect = lost
    world.run()
    assert (world.link.close.call_count, world.consumer.connected) == (0, False)


def test_stopping_ends_the_thread() -> None:
    broker = Mock(connect=Mock(side_effect=OSError("away")))
    consumer = Consumer(broker, Mock(), BillingMetrics("1"))
    assert (consumer.daemon, consumer.name, consumer.connected) == (True, "consumer", False)
    consumer.start()
    consumer.stop()
    assert not consumer.is_alive()
