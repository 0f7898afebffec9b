"""RabbitMQ: the topology that both sides declare, and connections that read the password when they are made."""

from __future__ import annotations

from dataclasses import dataclass

import pika
from pika.adapters.blocking_connection import BlockingChannel, BlockingConnection

from comptoir.settings import SecretFile, Settings

EXCHANGE = "orders"
PLACED = "order.placed"
QUEUE = "billing.orders-placed"
DEAD_LETTERS = "billing.dead-letters"
DELIVERIES = 5
"""How often a message may be tried before it is set aside."""

FAILURES = (pika.exceptions.AMQPError, OSError)
"""What a lost broker raises, whatever the moment."""


@dataclass(frozen=True)
class Broker:
    """Where the broker is, and who we are to it."""

    host: str
    port: int
    user: str
    password: SecretFile

    @classmethod
    def of(cls, settings: Settings) -> Broker:
        """The broker that the environment names."""
        return cls(
            host=settings.text("BROKER_HOST"),
            port=int(settings.number("BROKER_PORT", 5672)),
            user=settings.text("BROKER_USER"),
            password=settings.secret("BROKER_PASSWORD_FILE"),
        )

    def connect(self) -> BlockingConnection:
        """A new connection, with the password of the moment."""
        return BlockingConnection(
            pika.ConnectionParameters(
                host=self.host,
                port=self.port,
                credentials=pika.PlainCredentials(self.user, self.password.read()),
                heartbeat=30,
                blocked_connection_timeout=30,
                socket_timeout=3,
                stack_timeout=5,
            )
        )


def declare(channel: BlockingChannel) -> None:
    """The topology. Declaring again what exists changes nothing, so neither side has to start first."""
    channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
    channel.queue_declare(DEAD_LETTERS, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_declare(
        QUEUE,
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERIES,
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": DEAD_LETTERS,
        },
    )
    channel.queue_bind(QUEUE, EXCHANGE, routing_key=PLACED)
