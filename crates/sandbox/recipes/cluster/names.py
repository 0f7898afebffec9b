"""Answers names inside a cluster: services have their address, headless services and their pods those of the pods.

The API is asked twice a second; dnsmasq reads the names again when they have changed. Any other name does not exist.
"""
import http.client
import json
import os
import signal
import ssl
import subprocess
import time

HOSTS = "/work/names/hosts"
ZONE = "svc.cluster.local"


def names(services, endpoints):
    """One line for each name, as in a hosts file."""
    pods = {}
    for item in endpoints:
        found = []
        for subset in item.get("subsets") or []:
            for address in subset.get("addresses") or []:
                found.append((address["ip"], address.get("hostname")))
        pods[(item["metadata"]["namespace"], item["metadata"]["name"])] = found
    lines = set()
    for item in services:
        key = (item["metadata"]["namespace"], item["metadata"]["name"])
        name = f"{key[1]}.{key[0]}.{ZONE}"
        address = item["spec"].get("clusterIP")
        if address and address != "None":
            lines.add(f"{address} {name}")
            continue
        for address, host in pods.get(key, []):
            lines.add(f"{address} {name}")
            if host:
                lines.add(f"{address} {host}.{name}")
    return "\n".join(sorted(lines)) + "\n"


def ask(connection, path):
    connection.request("GET", path, headers={"Authorization": f"Bearer {os.environ['CLUSTER_TOKEN']}"})
    return json.loads(connection.getresponse().read())["items"]


def write(text):
    with open(HOSTS + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(HOSTS + ".new", HOSTS)


def serve():
    return subprocess.Popen([
        "dnsmasq", "--keep-in-foreground", "--port=5353", "--no-resolv", "--no-hosts", f"--addn-hosts={HOSTS}",
        "--local=/#/", "--user=", "--group=", "--listen-address=10.244.0.1", "--bind-dynamic", "--cache-size=0",
        "--pid-file=", "--log-facility=-", "--except-interface=lo",
    ])


def main():
    # Until it has a handler of its own, the signal that makes the server read again would end it.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    write("\n")
    server, known, again = serve(), None, 0
    unchecked = ssl._create_unverified_context()
    while True:
        try:
            connection = http.client.HTTPSConnection("127.0.0.1", 6443, context=unchecked, timeout=10)
            while True:
                if server.poll() is not None:
                    server, again = serve(), 3
                text = names(ask(connection, "/api/v1/services"), ask(connection, "/api/v1/endpoints"))
                if text != known:
                    write(text)
                    # It may come too early, and be ignored.
                    known, again = text, 3
                if again:
                    server.send_signal(signal.SIGHUP)
                    again -= 1
                time.sleep(0.5)
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            time.sleep(0.5)


if __name__ == "__main__":
    main()
