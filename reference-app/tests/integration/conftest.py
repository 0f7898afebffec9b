"""Clients of the running system; where it is comes from the environment."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Answer:
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Service:
    url: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """`headers` are written `idempotency_key="..."`."""
        data = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, data, named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read())

    def order(self, sku: str = "BREAD-01", quantity: int = 1, key: str | None = None) -> Answer:
        body = {"lines": [{"sku": sku, "quantity": quantity}]}
        return self.ask("POST", "/api/orders", body, idempotency_key=key or uuid.uuid4().hex)

    def metric(self, series: str) -> float:
        """The value of one series, labels written as they are exported."""
        for line in self.ask("GET", "/metrics").body.decode().splitlines():
            if line.startswith(series + " "):
                return float(line.rsplit(" ", 1)[1])
        raise AssertionError(f"{series} is not exported by {self.url}")


def service(name: str) -> Service:
    url = os.environ.get(f"{name.upper()}_URL")
    if url is None:
        pytest.fail(f"{name.upper()}_URL says where the running {name} is")
    return Service(url)


@pytest.fixture(scope="session")
def gateway() -> Service:
    return service("gateway")


@pytest.fixture(scope="session")
def inventory() -> Service:
    return service("inventory")


@pytest.fixture(scope="session")
def billing() -> Service:
    return service("billing")


@pytest.fixture(scope="session")
def token() -> str:
    return Path(os.environ["ADMIN_TOKEN_FILE"]).read_text(encoding="utf-8").strip()


def eventually(ask: Callable[[], Any], seconds: float = 10) -> Any:
    """The first answer that is true; a queue lies between question and answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)
