"""The outbox: what is sent, when it counts as sent, and what happens when the broker or the database is lost."""

from __future__ import annotations

import json
import uuid
from typing import Any
from unittest.mock import Mock

import pika.exceptions
import psycopg
import pytest

from comptoir.inventory import outbox
from comptoir.inventory.outbox import BATCH, Relay
from comptoir.metrics import InventoryMetrics
from tests.unit.calls import sample
from tests.unit.doubles import Answer, Rows, Waits, link

NEXT, COUNT, SENT = "SELECT id, routing_key, body", "SELECT count(*)", "UPDATE outbox SET published_at = now()"
PAUSE = 0.25


def message(number: int) -> tuple[uuid.UUID, str, dict[str, int]]:
    return uuid.UUID(int=number), "order.placed", {"n": number}


class World:
    """A relay that runs here and now, until it has waited so many times."""

    def __init__(self, *batches: Answer, waits: int = 1, waiting: Answer = ((3,),)) -> None:
        self.rows = Rows({NEXT: iter(batches), COUNT: waiting})
        self.link = link()
        self.channel = self.link.channel.return_value
        self.broker = Mock(connect=Mock(side_effect=[self.link]))
        self.metrics = InventoryMetrics("1")
        self.relay = Relay(self.rows, self.broker, self.metrics, PAUSE)  # type: ignore[arg-type]
        self.waits = self.relay._leave = Waits(waits)

    def run(self) -> World:
        self.relay.run()
        return self

    def published(self) -> float:
        return sample(self.metrics, "comptoir_outbox_published_total")

    def pending(self) -> float:
        return sample(self.metrics, "comptoir_outbox_pending")


def test_what_waits_is_sent_and_then_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "time", Mock(time=lambda: 1234.5))
    world = World([message(1), message(2)])
    marked: list[Any] = []
    world.channel.basic_publish.side_effect = lambda *_, **__: marked.append(world.rows.values(SENT))
    world.run()
    # Neither is marked before both have left, and all of it is one transaction.
    assert marked == [[], []]
    assert world.rows.verbs == ["BEGIN", "SELECT", "UPDATE", "COMMIT", "SELECT"]
    assert world.rows.values(SENT) == [[[uuid.UUID(int=1), uuid.UUID(int=2)]]]
    assert (world.published(), world.pending()) == (2, 3)
    first = world.channel.basic_publish.call_args_list[0]
    assert first.args[:2] == ("orders", "order.placed")
    assert json.loads(first.args[2]) == {"n": 1}
    properties = first.args[3]
    assert (properties.message_id, properties.content_type) == (str(uuid.UUID(int=1)), "application/json")
    # On disk, with the second at which it left; and refused rather than lost when no queue takes it.
    assert (properties.delivery_mode, properties.timestamp, first.kwargs) == (2, 1234, {"mandatory": True})


def test_the_channel_is_ready_before_anything_is_sent() -> None:
    world = World([message(1)]).run()
    calls = [name for name, _, _ in world.channel.mock_calls]
    assert calls.index("queue_bind") < calls.index("confirm_delivery") < calls.index("basic_publish")


def test_a_full_batch_is_followed_by_the_next_at_once() -> None:
    world = World([message(n) for n in range(BATCH)], [message(BATCH)]).run()
    assert world.rows.values(NEXT) == [[50], [50]]
    assert world.published() == 51
    assert world.waits.asked == [PAUSE]


def test_between_batches_it_waits_and_answers_the_broker() -> None:
    world = World([], [message(1)], waits=2)
    connected: list[bool] = []
    world.link.process_data_events.side_effect = lambda time_limit: connected.append(world.relay.connected)
    world.run()
    assert world.waits.asked == [PAUSE, PAUSE]
    assert [call.kwargs for call in world.link.process_data_events.call_args_list] == [{"time_limit": 0}] * 2
    assert (connected, world.published()) == ([True, True], 1)


def test_leaving_closes_the_connection() -> None:
    world = World([]).run()
    assert (world.link.close.call_count, world.relay.connected) == (1, False)


def test_a_broker_that_is_away_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    world = World([message(1)], waits=2)
    world.broker.connect.side_effect = [pika.exceptions.AMQPConnectionError("away"), world.link]
    world.run()
    assert world.waits.asked == [1, PAUSE]
    assert [record.message for record in caplog.records] == ["the outbox waits"]
    assert "away" in caplog.records[0].fields["error"]  # type: ignore[attr-defined]
    assert world.published() == 1


def test_what_waits_is_counted_while_the_broker_is_away() -> None:
    world = World()
    world.broker.connect.side_effect = [OSError("away")]
    assert world.run().pending() == 3


def test_a_message_that_the_broker_refuses_is_not_marked() -> None:
    world = World([message(1), message(2)])
    world.channel.basic_publish.side_effect = [None, pika.exceptions.UnroutableError([])]
    world.run()
    assert (world.rows.values(SENT), world.published()) == ([], 0)
    assert "ROLLBACK" in world.rows.verbs
    assert (world.link.close.call_count, world.relay.connected) == (1, False)


def test_a_connection_that_broke_is_not_closed_again() -> None:
    world = World([message(1)])

    def lost(*_: object, **__: object) -> None:
        world.link.is_open = False
        raise pika.exceptions.StreamLostError("lost")

    world.channel.basic_publish.side_effect = lost
    assert world.run().link.close.call_count == 0


def test_a_lost_database_is_waited_for() -> None:
    away = psycopg.OperationalError("away")
    world = World(away, waiting=away)
    world.metrics.pending.set(8)
    world.run()
    # The number is not known, so the last one stands; and asking for it does not hold the thread for long.
    assert (world.waits.asked, world.pending()) == ([1], 8)
    assert world.rows.timeouts == [None, 1]


def test_nothing_counted_is_nothing_pending() -> None:
    assert World([], waiting=[]).run().pending() == 0


def test_stopping_ends_the_thread_without_waiting_for_its_pause() -> None:
    relay = Relay(Rows(), Mock(connect=link), InventoryMetrics("1"), pause=60)  # type: ignore[arg-type]
    assert (relay.daemon, relay.name, relay.connected) == (True, "outbox", False)
    relay.start()
    relay.stop()
    assert not relay.is_alive()
