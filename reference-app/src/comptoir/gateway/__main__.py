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

PROBE_SECONDS = 1.0
"""Less than what supervision waits, even when both services hang."""


def main() -> None:
    """Wires the parts and serves."""
    settings = Settings(os.environ)
    version = settings.text("APP_VERSION", "development")
    logs.configure("gateway", version, settings.text("LOG_LEVEL", "INFO"))
    metrics = Metrics("gateway", version)
    timeout = settings.number("UPSTREAM_TIMEOUT_SECONDS", 3)
    addresses = {name: settings.text(f"{name.upper()}_URL") for name in ("inventory", "billing")}
    inventory, billing = (Upstream(name, sender(address, timeout)) for name, address in addresses.items())
    health = Health("gateway", version, metrics)
    # The gateway stays in service when those behind it are away: it is the one that tells users so.
    for name, address in addresses.items():
        health.watch(name, Upstream(name, sender(address, PROBE_SECONDS)).answers)
    api = Api(inventory, billing, version)
    # The page's patterns match nearly anything, so they come last.
    routes = [*health.routes(), *api.routes(), *Pages(api, inventory).routes()]
    serve(settings, Application(Router(routes), metrics), health, metrics)


if __name__ == "__main__":
    main()
