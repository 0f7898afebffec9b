"""The metrics that services export. Every series exists from the start, so that rules never miss one."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """What every service exports."""

    def __init__(self, service: str, version: str) -> None:
        self.registry = CollectorRegistry()
        build = Gauge(
            "comptoir_build_info",
            "Version that runs.",
            ["service", "version"],
            registry=self.registry,
        )
        build.labels(service, version).set(1)
        self.requests = Counter(
            "comptoir_http_requests_total",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "comptoir_http_request_duration_seconds",
            "Time to answer.",
            ["method", "route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "comptoir_http_requests_in_flight",
            "Requests being answered.",
            registry=self.registry,
        )
        self.dependency = Gauge(
            "comptoir_dependency_up",
            "1 when the last use succeeded.",
            ["dependency"],
            registry=self.registry,
        )

    def depends_on(self, *names: str) -> None:
        """Declares dependencies; each counts as down until it has answered."""
        for name in names:
            self.dependency.labels(name).set(0)

    def expose(self) -> tuple[str, bytes]:
        """Content type and text of `/metrics`."""
        return CONTENT_TYPE_LATEST, generate_latest(self.registry)


class InventoryMetrics(Metrics):
    """What the inventory exports besides."""

    def __init__(self, version: str) -> None:
        super().__init__("inventory", version)
        self.placed = Counter(
            "comptoir_orders_placed_total",
            "Orders accepted.",
            registry=self.registry,
        )
        self.refused = Counter(
            "comptoir_orders_refused_total",
            "Orders refused.",
            ["reason"],
            registry=self.registry,
        )
        for reason in ("invalid", "out-of-stock", "unknown-item", "key-reused"):
            self.refused.labels(reason)
        self.published = Counter(
            "comptoir_outbox_published_total",
            "Messages confirmed.",
            registry=self.registry,
        )
        self.pending = Gauge(
            "comptoir_outbox_pending",
            "Messages not yet confirmed.",
            registry=self.registry,
        )


class BillingMetrics(Metrics):
    """What the billing worker exports besides."""

    def __init__(self, version: str) -> None:
        super().__init__("billing", version)
        self.messages = Counter(
            "comptoir_messages_total",
            "Messages handled, by outcome.",
            ["outcome"],
            registry=self.registry,
        )
        for outcome in ("invoiced", "duplicate", "rejected", "retried"):
            self.messages.labels(outcome)
        self.invoiced_cents = Counter(
            "comptoir_invoiced_cents_total",
            "Amount invoiced.",
            registry=self.registry,
        )
