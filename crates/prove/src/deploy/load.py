"""Asks one address again and again at a fixed rate, with numbered requests, and says what each was answered.

load.py RATE URL...      the first URL that answers well is asked
"""
import http.client
import sys
import threading
import time
from urllib.parse import urlsplit

rate, urls = float(sys.argv[1]), sys.argv[2:]
lock = threading.Lock()


def ask(url, number):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=10)
    try:
        headers = {"X-Request-Id": str(number), "Connection": "close", "User-Agent": "preuve-load"}
        connection.request("GET", parts.path or "/", headers=headers)
        answer = connection.getresponse()
        answer.read(1 << 20)
        return str(answer.status)
    except Exception as error:  # Whatever it is, the request was lost.
        return type(error).__name__
    finally:
        connection.close()


def say(line):
    with lock:
        print(line, flush=True)


def one(url, number):
    say(f"sent {number}")
    say(f"answer {number} {ask(url, number)}")


chosen = None
while chosen is None:
    for url in urls:
        answer = ask(url, 0)
        say(f"try {url} {answer}")
        if answer.isdigit() and int(answer) < 400:
            chosen = url
            break
    else:
        time.sleep(0.5)
say(f"url {chosen}")
start, number = time.monotonic(), 0
while True:
    number += 1
    time.sleep(max(0.0, start + number / rate - time.monotonic()))
    threading.Thread(target=one, args=(chosen, number), daemon=True).start()
