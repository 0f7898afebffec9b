"""Takes messages from the queue, one after the other, and survives the loss of the broker."""

from __future__ import annotations

import logging
import threading

import psycopg
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection

from comptoir.billing.handling import Invoices, Verdict, handle
from comptoir.broker import FAILURES, QUEUE, Broker, declare
from comptoir.metrics import BillingMetrics

log = logging.getLogger(__name__)

PREFETCH = 20
PAUSE = 1.0


class Consumer(threading.Thread):
    """The worker's one thread of work."""

    def __init__(self, broker: Broker, store: Invoices, metrics: BillingMetrics) -> None:
        super().__init__(name="consumer", daemon=True)
        self._broker = broker
        self._store = store
        self._metrics = metrics
        self._leave = threading.Event()
        self.connected = False

    def stop(self) -> None:
        """Lets the message in hand finish; those that were only fetched go back to the queue."""
        self._leave.set()
        self.join(timeout=10)

    def run(self) -> None:
        """Consumes until asked to stop."""
        while not self._leave.is_set():
            try:
                connection = self._broker.connect()
                try:
                    self._consume(connection)
                finally:
                    self.connected = False
                    if connection.is_open:
                        connection.close()
            except FAILURES as error:
                log.warning("the broker is away", extra={"fields": {"error": repr(error)}})
                self._leave.wait(PAUSE)

    def _consume(self, connection: BlockingConnection) -> None:
        channel = connection.channel()
        declare(channel)
        channel.basic_qos(prefetch_count=PREFETCH)
        self.connected = True
        for method, properties, body in channel.consume(QUEUE, inactivity_timeout=0.5):
            if method is not None:
                self._one(channel, method.delivery_tag, properties.message_id, body)
            if self._leave.is_set():
                break
        channel.cancel()

    def _one(self, channel: BlockingChannel, tag: int, message_id: str | None, body: bytes) -> None:
        verdict = handle(body, message_id, self._store, self._metrics, (psycopg.OperationalError,))
        while verdict is Verdict.RETRY and not self._leave.is_set():
            # The database is away. Giving the message back would use up its deliveries, so it is kept in hand; the
            # broker's heartbeats are answered meanwhile.
            channel.connection.sleep(PAUSE)
            verdict = handle(body, message_id, self._store, self._metrics, (psycopg.OperationalError,))
        if verdict is Verdict.DONE:
            channel.basic_ack(tag)
        else:
            channel.basic_nack(tag, requeue=verdict is Verdict.RETRY)
