import socket
import sys
import threading

reached = []


def attempt(address, port):
    try:
        with socket.create_connection((address, port), timeout=2):
            reached.append(f"{address}:{port}")
    except OSError:
        pass


pairs = [(address, int(port)) for address in sys.argv[1].split() for port in sys.argv[2].split()]
# Names are answered to pods, on this one port.
pairs = [pair for pair in pairs if pair not in (("10.244.0.1", 53), ("10.244.0.1", 5353))]
threads = [threading.Thread(target=attempt, args=pair) for pair in pairs]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("\n".join(f"open {pair}" for pair in reached) or "held addresses")
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))
    socket.create_connection(("1.1.1.1", 443), timeout=2).close()
    print("open outside")
except OSError:
    print("held outside")
try:
    socket.getaddrinfo("example.org", 80)
    print("open names")
except OSError:
    print("held names")
print("end")
