"""After a delivery the version answers, and an order goes through: `python -m comptoir.smoke URL VERSION [SECONDS]`."""

from __future__ import annotations

import json
import sys
import time
import urllib.request
import uuid
from typing import Any

PATIENCE = 120


def ask(url: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    """One request, answered as JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {name.replace("_", "-"): value for name, value in headers.items()})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def wait_for(what: str, question: Any, patience: float) -> Any:
    """Asks until the answer is true."""
    deadline = time.monotonic() + patience
    last: object = None
    while time.monotonic() < deadline:
        try:
            answer = question()
        except (OSError, ValueError, KeyError) as error:
            last = error
        else:
            if answer:
                return answer
            last = answer
        time.sleep(1)
    sys.exit(f"{what}: not within {patience:g} s, last: {last!r}")


def main(url: str, version: str, patience: float = PATIENCE) -> None:
    """Fails with a reason, or says that all is well."""
    expected = version.removeprefix("v")
    # Only the API and the page are exposed, so the version is read where the API says it.
    wait_for(f"version {expected}", lambda: ask(f"{url}/api/version")["version"] == expected, patience)
    body = {"lines": [{"sku": "BREAD-01", "quantity": 1}]}
    order = ask(f"{url}/api/orders", body, idempotency_key=uuid.uuid4().hex)
    wait_for("an invoice", lambda: ask(f"{url}/api/orders/{order['id']}")["invoice"]["state"] == "made", patience)
    print(f"{url} runs {expected} and invoices orders")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(float, sys.argv[3:]))
