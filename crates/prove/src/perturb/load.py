"""Asks addresses in turn at a fixed rate, with numbered requests, until a file says stop, and records what each was answered.

load.py RATE RECORD URL...      a request whose connection fails is asked once more, as a balancer does
"""
import http.client
import os
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

rate, record, urls = float(sys.argv[1]), open(sys.argv[2], "w", buffering=1), sys.argv[3:]
lock, addresses = threading.Lock(), {}


def address(host):
    """The name server belongs to the engine, not to what is judged: while it is silent, the last address stands."""
    try:
        addresses[host] = socket.gethostbyname(host)
    except socket.gaierror as error:
        if error.errno != socket.EAI_AGAIN or host not in addresses:
            raise
    return addresses[host]


def once(url):
    parts = urlsplit(url)
    connection = None
    try:
        connection = http.client.HTTPConnection(address(parts.hostname), parts.port or 80, timeout=3)
        headers = {"Host": parts.netloc, "Connection": "close", "User-Agent": "preuve-load"}
        connection.request("GET", parts.path or "/", headers=headers)
        answer = connection.getresponse()
        answer.read(1 << 20)
        return str(answer.status)
    except Exception as error:  # Whatever it is, the request was lost.
        return type(error).__name__
    finally:
        if connection is not None:
            connection.close()


def one(url, number):
    answer = once(url)
    if not answer.isdigit():
        answer = once(url)
    with lock:
        record.write(f"{number} {answer} {url}\n")


start, number, open_requests = time.monotonic(), 0, []
while not os.path.exists(sys.argv[2] + ".stop"):
    number += 1
    time.sleep(max(0.0, start + number / rate - time.monotonic()))
    with lock:
        record.write(f"{number}\n")
    open_requests = [request for request in open_requests if request.is_alive()]
    open_requests.append(threading.Thread(target=one, args=(urls[number % len(urls)], number), daemon=True))
    open_requests[-1].start()
# Who is on the way may still arrive, for as long as both attempts of a request wait for a connection and for an answer; what has
# none then is lost.
patience = time.monotonic() + 12.5
for request in open_requests:
    request.join(max(0.0, patience - time.monotonic()))
open(sys.argv[2] + ".ended", "w").close()
