"""Serves hosts that have no network what a fetcher beside them was asked to bring: plain HTTP, by GET, from a folder.

What is missing is noted and waited for; when nobody fetches any more the answer is an error, at once.
"""
import hashlib, http.server, os, sys, time

FOLDER = "/work/relay"
PATIENCE = 120


class Relay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self, body=True):
        url = self.path
        key = hashlib.sha256(url.encode()).hexdigest()
        have, wanted = os.path.join(FOLDER, "have", key), os.path.join(FOLDER, "wanted", key)
        fetching = os.path.exists(os.path.join(FOLDER, "open"))
        if not os.path.exists(have) and fetching and url.startswith("http://"):
            with open(wanted + ".new", "w") as file:
                file.write(url + "\n")
            os.replace(wanted + ".new", wanted)
            for _ in range(PATIENCE * 10):
                if os.path.exists(have) or not os.path.exists(wanted):
                    break
                time.sleep(0.1)
        if not os.path.exists(have):
            self.send_error(404 if fetching else 504)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(os.path.getsize(have)))
        self.end_headers()
        if body:
            with open(have, "rb") as file:
                while block := file.read(1 << 16):
                    self.wfile.write(block)

    def do_HEAD(self):
        self.do_GET(body=False)

    def log_message(self, *_):
        pass


def wanted():
    """Prints the addresses that are waited for, one a line; waits a moment for the first."""
    folder = os.path.join(FOLDER, "wanted")
    for _ in range(10):
        names = sorted(entry for entry in os.listdir(folder) if not entry.endswith(".new"))
        for entry in names[:16]:
            with open(os.path.join(folder, entry)) as file:
                print(file.read().strip())
        if names:
            return
        time.sleep(0.1)


for sub in ("have", "wanted"):
    os.makedirs(os.path.join(FOLDER, sub), exist_ok=True)
if sys.argv[1:] == ["wanted"]:
    wanted()
else:
    http.server.ThreadingHTTPServer(("0.0.0.0", 3142), Relay).serve_forever()
