"""Serves hosts that have no network what a fetcher beside them was asked to bring: plain HTTP, by GET, from a folder.

What is missing is noted and waited for; when nobody fetches any more the answer is an error, at once. Requests are read
ahead of their answers, as apt sends ten of them at a time: what it will want next is fetched together.
"""
import hashlib, os, queue, re, socketserver, sys, threading, time

FOLDER = "/work/relay"
PATIENCE = 120
# Requests of one connection that are read ahead, and the longest line of one.
AHEAD = 16
LINE = 1 << 14
# Addresses that are brought together.
TOGETHER = 16


def place(folder, key):
    return os.path.join(FOLDER, folder, key)


def fetching():
    return os.path.exists(os.path.join(FOLDER, "open"))


def want(url):
    """Notes an address, and gives the name of the file that will hold it."""
    key = hashlib.sha256(url.encode()).hexdigest()
    if not os.path.exists(place("have", key)) and fetching() and url.startswith("http://"):
        new = f"{place('wanted', key)}.{threading.get_ident()}.new"
        with open(new, "w") as file:
            file.write(url + "\n")
        os.replace(new, place("wanted", key))
    return key


class Relay(socketserver.StreamRequestHandler):
    def handle(self):
        self.asked = queue.Queue(AHEAD)
        threading.Thread(target=self.read_ahead, daemon=True).start()
        while (one := self.asked.get()) is not None and self.answer(*one):
            pass

    def read_ahead(self):
        try:
            while request := self.request_line():
                method, url, last = request
                key = want(url) if method in ("GET", "HEAD") else None
                self.asked.put((method, key, last))
        except OSError:
            pass
        self.asked.put(None)

    def request_line(self):
        """The method and address of the next request, and whether it is the last. It has no body."""
        found = re.fullmatch(rb"([A-Z]+) ([!-~]+) HTTP/1\.([01])\r?\n", self.rfile.readline(LINE))
        last = found and found[3] == b"0"
        while len(line := self.rfile.readline(LINE)) > 2:
            last = last or re.match(rb"connection:\s*close", line, re.IGNORECASE)
        return (found[1].decode(), found[2].decode(), bool(last)) if found and line else None

    def answer(self, method, key, last):
        """Answers one request; false when the connection is over."""
        try:
            if key is None:
                self.head("405 Method Not Allowed", 0)
                return False
            was_open, have, wanted = fetching(), place("have", key), place("wanted", key)
            for _ in range(PATIENCE * 20):
                if os.path.exists(have) or not os.path.exists(wanted):
                    break
                time.sleep(0.05)
            if not os.path.exists(have):
                self.head("404 Not Found" if was_open else "504 Gateway Timeout", 0)
                return not last
            self.head("200 OK", os.path.getsize(have))
            if method == "GET":
                with open(have, "rb") as file:
                    while block := file.read(1 << 16):
                        self.wfile.write(block)
            return not last
        except OSError:
            return False

    def head(self, status, length):
        self.wfile.write(f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


def settle(keys):
    """Gives out what was brought of these; what was not is not waited for any longer."""
    for key in keys:
        if os.path.exists(place("brought", key)):
            os.replace(place("brought", key), place("have", key))
        if os.path.exists(place("wanted", key)):
            os.remove(place("wanted", key))


def wanted():
    """Prints the addresses that are waited for, one a line; waits a moment for the first, and for those that come with it."""
    names = []
    for _ in range(40):
        known, names = names, [name for name in os.listdir(os.path.join(FOLDER, "wanted")) if not name.endswith(".new")]
        if names and (len(names) >= TOGETHER or len(names) == len(known)):
            break
        time.sleep(0.03)
    # Who has waited longest comes first.
    for name in sorted(names, key=lambda name: os.stat(place("wanted", name)).st_mtime)[:TOGETHER]:
        with open(place("wanted", name)) as file:
            print(file.read().strip())


for sub in ("have", "wanted", "brought"):
    os.makedirs(os.path.join(FOLDER, sub), exist_ok=True)
if sys.argv[1:2] == ["wanted"]:
    settle(sys.argv[2:])
    wanted()
else:
    Server(("0.0.0.0", 3142), Relay).serve_forever()
