"""Receives what Alertmanager sends, where there is no chat and no pager: keeps it, prints it, gives it back.

POST /alerts/RECEIVER takes a notification; GET /alerts lists what came, one object for each alert.
"""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOST_KEPT = 1000
kept: list[dict[str, Any]] = []


class Sink(BaseHTTPRequestHandler):
    """One notification, or the list."""

    def do_POST(self) -> None:
        """Keeps each alert of a notification."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for alert in body["alerts"]:
            told = {
                "receiver": self.path.rsplit("/", 1)[-1],
                "status": alert["status"],
                "alert": alert["labels"]["alertname"],
                "labels": alert["labels"],
                "summary": alert["annotations"].get("summary", ""),
                "starts_at": alert["startsAt"],
            }
            kept.append(told)
            print(json.dumps(told), flush=True)
        del kept[:-MOST_KEPT]
        self._answer({"kept": len(kept)})

    def do_GET(self) -> None:
        """What came so far."""
        self._answer(kept)

    def _answer(self, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Only alerts are printed."""


if __name__ == "__main__":
    ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("PORT", "9000"))), Sink).serve_forever()
