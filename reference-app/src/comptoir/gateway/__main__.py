"""Starts the gateway: `python -m comptoir.gateway`."""

from __future__ import annotations

import os

from comptoir import logs
from comptoir.gateway.api import Api
from comptoir.gateway.pages import Pages
from comptoir.gateway.upstream import Upstream, sender
from comptoir.metrics import Metrics
from comptoir.settings import Settings
from comptoir.web.application import Application
from comptoir.web.health import Health
from comptoir.web.routing import Router
from comptoir.web.server import serve


def main() -> None:
    """Wires the parts and serves."""
    settings = Settings(os.environ)
    version = settings.text("APP_VERSION", "development")
    logs.configure("gateway", version, settings.text("LOG_LEVEL", "INFO"))
    metrics = Metrics("gateway", version)
    timeout = settings.number("UPSTREAM_TIMEOUT_SECONDS", 3)
    inventory = Upstream("inventory", sender(settings.text("INVENTORY_URL"), timeout))
    billing = Upstream("billing", sender(settings.text("BILLING_URL"), timeout))
    health = Health("gateway", version, metrics)
    # The gateway stays in service when those behind it are away: it is the one that tells users so.
    health.watch("inventory", inventory.answers)
    health.watch("billing", billing.answers)
    api = Api(inventory, billing, version)
    # The page's patterns match nearly anything, so they come last.
    routes = [*health.routes(), *api.routes(), *Pages(api, inventory).routes()]
    serve(settings, Application(Router(routes), metrics), health, metrics)


if __name__ == "__main__":
    main()
