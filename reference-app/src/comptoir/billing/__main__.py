"""Starts the billing worker: `python -m comptoir.billing`."""

from __future__ import annotations

import os

import psycopg

from comptoir import logs
from comptoir.billing.api import Api
from comptoir.billing.consumer import Consumer
from comptoir.billing.store import Store
from comptoir.broker import Broker
from comptoir.database import Database
from comptoir.metrics import BillingMetrics
from comptoir.settings import Settings
from comptoir.web.application import Application
from comptoir.web.health import Health
from comptoir.web.routing import Router
from comptoir.web.server import serve


def main() -> None:
    """Wires the parts and serves."""
    settings = Settings(os.environ)
    version = settings.text("APP_VERSION", "development")
    logs.configure("billing", version, settings.text("LOG_LEVEL", "INFO"))
    metrics = BillingMetrics(version)
    database = Database(settings)
    database.open()
    store = Store(database)
    consumer = Consumer(Broker.of(settings), store, metrics)
    consumer.start()

    def has_schema() -> bool:
        try:
            return store.has_schema()
        except psycopg.Error:
            return False

    health = Health("billing", version, metrics)
    health.require("database", database.answers)
    health.require("schema", has_schema)
    health.require("broker", lambda: consumer.connected)
    health.alive_while(consumer.is_alive)
    application = Application(Router([*Api(store).routes(), *health.routes()]), metrics, (psycopg.OperationalError,))
    serve(settings, application, health, metrics)
    consumer.stop()
    database.close()


if __name__ == "__main__":
    main()
