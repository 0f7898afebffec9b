"""Asks addresses in turn at a fixed rate, with numbered requests, until a file says stop, and records what each was answered.

load.py RATE RECORD URL...      a request whose connection fails is asked once more, as a balancer does
"""
import http.client
import os
import sys
import threading
import time
from urllib.parse import urlsplit

rate, record, urls = float(sys.argv[1]), open(sys.argv[2], "w", buffering=1), sys.argv[3:]
lock = threading.Lock()


def once(url):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=3)
    try:
        connection.request("GET", parts.path or "/", headers={"Connection": "close", "User-Agent": "preuve-load"})
        answer = connection.getresponse()
        answer.read(1 << 20)
        return str(answer.status)
    except Exception as error:  # Whatever it is, the request was lost.
        return type(error).__name__
    finally:
        connection.close()


def one(url, number):
    answer = once(url)
    if not answer.isdigit():
        answer = once(url)
    with lock:
        record.write(f"{number} {answer} {url}\n")


start, number = time.monotonic(), 0
while not os.path.exists(sys.argv[2] + ".stop"):
    number += 1
    time.sleep(max(0.0, start + number / rate - time.monotonic()))
    with lock:
        record.write(f"{number}\n")
    threading.Thread(target=one, args=(urls[number % len(urls)], number), daemon=True).start()
# What is not answered by now is lost: nobody waits for it any longer.
open(sys.argv[2] + ".ended", "w").close()
