"""Asks this container's own service whether it is ready: `python -m comptoir.probe`."""

from __future__ import annotations

import http
import http.client
import os
import sys


def main() -> int:
    """0 when the service answers that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8080")), timeout=3)
    try:
        connection.request("GET", "/health/ready")
        return 0 if connection.getresponse().status == http.HTTPStatus.OK else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
