"""Sends what the outbox holds. A message leaves at least once; its id lets the receiver act once."""

from __future__ import annotations

import json
import logging
import threading
import time

import pika
import psycopg
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection

from comptoir.broker import EXCHANGE, FAILURES, Broker, declare
from comptoir.database import Database
from comptoir.metrics import InventoryMetrics

log = logging.getLogger(__name__)

BATCH = 50
WAITING = "SELECT count(*) FROM outbox WHERE published_at IS NULL"
NEXT = """
SELECT id, routing_key, body FROM outbox WHERE published_at IS NULL
ORDER BY written_at LIMIT %s FOR UPDATE SKIP LOCKED
"""


class Relay(threading.Thread):
    """A thread of the inventory. Replicas share the work: a row that one has locked, the others skip."""

    def __init__(self, database: Database, broker: Broker, metrics: InventoryMetrics, pause: float) -> None:
        super().__init__(name="outbox", daemon=True)
        self._database = database
        self._broker = broker
        self._metrics = metrics
        self._pause = pause
        self._leave = threading.Event()
        self.connected = False

    def stop(self) -> None:
        """Asks the thread to finish its batch, and waits for it."""
        self._leave.set()
        self.join(timeout=10)

    def run(self) -> None:
        """Sends until asked to stop; a lost broker or database is tried again."""
        while not self._leave.is_set():
            try:
                connection = self._broker.connect()
                try:
                    self._relay(connection)
                finally:
                    self.connected = False
                    if connection.is_open:
                        connection.close()
            except (*FAILURES, psycopg.Error) as error:
                log.warning("the outbox waits", extra={"fields": {"error": repr(error)}})
                self._count_waiting()
                self._leave.wait(1)

    def _relay(self, connection: BlockingConnection) -> None:
        channel = connection.channel()
        declare(channel)
        channel.confirm_delivery()
        self.connected = True
        while not self._leave.is_set():
            sent = self._send(channel)
            self._count_waiting()
            if sent < BATCH:
                connection.process_data_events(time_limit=0)
                self._leave.wait(self._pause)

    def _send(self, channel: BlockingChannel) -> int:
        with self._database.pool.connection() as connection, connection.transaction():
            rows = connection.execute(NEXT, [BATCH]).fetchall()
            for message_id, routing_key, body in rows:
                # With confirms on, this returns once the broker has the message on disk, and raises otherwise.
                channel.basic_publish(
                    EXCHANGE,
                    routing_key,
                    json.dumps(body).encode(),
                    pika.BasicProperties(
                        content_type="application/json",
                        delivery_mode=2,
                        message_id=str(message_id),
                        timestamp=int(time.time()),
                    ),
                    mandatory=True,
                )
            ids = [row[0] for row in rows]
            connection.execute("UPDATE outbox SET published_at = now() WHERE id = ANY(%s)", [ids])
        self._metrics.published.inc(len(rows))
        return len(rows)

    def _count_waiting(self) -> None:
        try:
            with self._database.pool.connection(timeout=1) as connection:
                row = connection.execute(WAITING).fetchone()
        except psycopg.Error:
            return
        self._metrics.pending.set(row[0] if row else 0)
