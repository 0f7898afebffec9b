"""Starts the inventory: `python -m comptoir.inventory`."""

from __future__ import annotations

import os

import psycopg

from comptoir import logs
from comptoir.broker import Broker
from comptoir.database import Database
from comptoir.inventory.api import Api
from comptoir.inventory.outbox import Relay
from comptoir.inventory.store import Store
from comptoir.metrics import InventoryMetrics
from comptoir.settings import Settings
from comptoir.web.application import Application
from comptoir.web.health import Health
from comptoir.web.routing import Router
from comptoir.web.server import serve


def main() -> None:
    """Wires the parts and serves."""
    settings = Settings(os.environ)
    version = settings.text("APP_VERSION", "development")
    logs.configure("inventory", version, settings.text("LOG_LEVEL", "INFO"))
    metrics = InventoryMetrics(version)
    database = Database(settings)
    database.open()
    store = Store(database)
    relay = Relay(database, Broker.of(settings), metrics, settings.number("OUTBOX_PAUSE_SECONDS", 0.5))
    relay.start()

    def has_schema() -> bool:
        try:
            return store.has_schema()
        except psycopg.Error:
            return False

    health = Health("inventory", version, metrics)
    health.require("database", database.answers)
    health.require("schema", has_schema)
    # Orders are taken while the broker is away: the outbox keeps what it should hear.
    health.watch("broker", lambda: relay.connected)
    health.alive_while(relay.is_alive)
    api = Api(store, metrics, settings.secret("ADMIN_TOKEN_FILE"))
    application = Application(Router([*api.routes(), *health.routes()]), metrics, (psycopg.OperationalError,))
    serve(settings, application, health, metrics)
    relay.stop()
    database.close()


if __name__ == "__main__":
    main()
