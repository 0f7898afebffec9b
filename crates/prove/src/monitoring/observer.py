"""Stands among the services: keeps what Alertmanager delivers, makes a little traffic, and asks what it is told to ask.

serve PORT URL…   listens, appends each notification to FOLDER/delivered, and asks each URL about once a second
ask               takes a list of addresses as JSON, gives a list of [status, body] back
"""

import json
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER = "/work/observer"
MOST = 4 << 20


class Sink(BaseHTTPRequestHandler):
    lock = threading.Lock()

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST))
        try:
            line = json.dumps(json.loads(body))
        except ValueError:
            line = "null"
        with self.lock, open(FOLDER + "/delivered", "a") as kept:
            if kept.tell() < 4 * MOST:
                kept.write(line + "\n")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def ask(url, seconds=10):
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:
            return [answer.status, answer.read(MOST).decode("utf-8", "replace")]
    except urllib.error.HTTPError as error:
        return [error.code, error.read(MOST).decode("utf-8", "replace")]
    except Exception as error:
        return [0, str(error)]


def visit(url):
    while True:
        ask(url, 3)
        time.sleep(1)


if sys.argv[1] == "serve":
    for url in sys.argv[3:]:
        threading.Thread(target=visit, args=(url,), daemon=True).start()
    ThreadingHTTPServer(("0.0.0.0", int(sys.argv[2])), Sink).serve_forever()
else:
    with ThreadPoolExecutor(4) as pool:
        print(json.dumps(list(pool.map(ask, json.load(sys.stdin)))))
