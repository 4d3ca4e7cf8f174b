#!/usr/bin/env python3
"""What strangers may do to the port (strangers.py), and what few descriptors and limits of connections make of it.

Usage: hostile.py VITALD
"""
import resource
import socket
import subprocess
import tempfile
import threading
import time

import strangers
import vitald
from strangers import Unharmed, closed, connect, request
from vitald import Daemon, check, comes, cpu_ticks, descriptors, run_test


# ---- bodies, of the one resource that takes them: by the Unix socket, where this user may
class Local:
    def __init__(self, path):
        self.client = socket.socket(socket.AF_UNIX)
        self.client.settimeout(20)
        self.client.connect(path)

    def told(self, *parts):
        for part in parts:
            strangers.send(self.client, part)
            time.sleep(0.05)
        text = strangers.all_of(self.client, 20)
        self.client.close()
        return text or b""


def bodies(daemon, path):
    chunked, end = b"Transfer-Encoding: chunked", b"Connection: close"
    reload = lambda *fields: request(b"POST /-/reload", *fields)
    after = request(b"GET /-/healthy", end)
    good = {"counted": (reload(b"Content-Length: 5"), b"hello" + after),
            "chunked": (reload(chunked), b"5\r\nhel", b"lo\r\n0\r\n\r\n" + after),
            "none": (reload(b"Content-Length: 0"), after)}
    for name, parts in good.items():
        told = Local(path).told(*parts)
        check(told.count(b"HTTP/1.1 200 ") == 2 and told.endswith(b"ok\n"), f"a body, {name}, and the next request")
    told = Local(path).told(reload(b"Content-Length: 5", b"Expect: 100-continue", end), b"hello")
    check(told.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "), f"100 Continue, then 200 {told[:60]}")
    told = Local(path).told(reload(b"Content-Length: 70000", b"Expect: 100-continue"))
    check(told.startswith(b"HTTP/1.1 413 "), "without it, where the body would be too long")
    odd = []
    for chunk, status in ((b"zz\r\n", 400), (b"-1\r\n", 400), (b"5\r\nhelloX", 400), (b"1;" + b"e" * 70000, 400),
                          (b"1\nx", 400), (b"ffffffffffffffff\r\n", 413), (b"11170\r\n", 413)):
        told = Local(path).told(reload(chunked) + chunk + strangers.INNER)
        if not told.startswith(b"HTTP/1.1 %d " % status) or told.count(b"HTTP/1.1 ") != 1:
            odd.append((chunk[:20], told[:40]))
    check(not odd, f"bad chunks: one refusal, then the end {odd}")
    told = strangers.connect(daemon)
    told.sendall(reload(chunked, b"Expect: 100-continue"))
    check((strangers.all_of(told) or b"").startswith(b"HTTP/1.1 403 "), "who may not is told so before the body comes")


def slow_bodies(daemon, path):
    """With a time of 2 s for them."""
    group = [Local(path).client for _ in range(40)]
    for client in group:
        client.sendall(request(b"POST /-/reload", b"Content-Length: 60000"))
    stop = threading.Event()
    dripping = threading.Thread(target=strangers.drip, args=(group, b"a", stop))
    dripping.start()
    check(closed(group, 15) == 40, "40 that drip a body are gone")
    stop.set()
    dripping.join()
    check(comes(lambda: daemon.page().value("vitald_http_refused_total", reason="body_timeout") == 40, 5), "and counted")


def all_of_bodies():
    with tempfile.TemporaryDirectory(prefix="vitald.bodies.") as folder:
        path = f"{folder}/socket"
        reloads = ["reload"]
        with Daemon("--web.body-timeout=2s", listen=("127.0.0.1:0", f"unix:{path}"), allow=reloads) as daemon:
            for case in (bodies, slow_bodies):
                with Unharmed(daemon, case.__name__.replace("_", " ")):
                    case(daemon, path)


# ---- few descriptors
def at_most(files):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


def few_descriptors():
    told = [r'reason="[^"]*Too many open files"', "collector works again"]  # where a reading falls into the lowered limit
    with Daemon(preexec_fn=at_most(300), allow=told) as daemon:
        with Unharmed(daemon, "300 descriptors"):
            clients = [connect(daemon) for _ in range(600)]
            time.sleep(0.15)  # past --web.freshness
            ticks, page = cpu_ticks(daemon.pid), daemon.page()
            check(not page.failing(), f"600 connections at 300 descriptors: a scrape is whole {page.failing()}")
            held = page.value("vitald_http_connections")
            check(100 <= held <= 250, f"{held:.0f} of them are held")
            time.sleep(1)
            check(cpu_ticks(daemon.pid) - ticks < 50, "and it does not spin")
            for client in clients:
                client.close()
        clients = [connect(daemon) for _ in range(150)]
        resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (120, 300))
        reply = daemon.get()
        check(reply.status == 200 and reply.seconds < 5, f"with the limit lowered below what is open: {reply.status}")
        check(comes(lambda: not daemon.page().failing(), 5), "and then its collectors work")
        for client in clients:
            client.close()


def very_few_descriptors():
    with Daemon(preexec_fn=at_most(48), allow=[r'reason="[^"]*Too many open files"', "collector works again"]) as daemon:
        clients = [connect(daemon) for _ in range(60)]
        check(comes(lambda: not daemon.page().failing(), 5), "48 descriptors and 60 connections: a scrape is whole")
        for client in clients:
            client.close()
    refused = subprocess.run([vitald.program, "--web.listen-address=127.0.0.1:0"], preexec_fn=at_most(47),
                             stderr=subprocess.PIPE, text=True, timeout=10)
    check(refused.returncode == 71 and "limit=47" in refused.stderr and "at least 48" in refused.stderr,
          f"with fewer it says so and ends {refused.returncode} {refused.stderr!r}")


def crowd_limits():
    with Daemon("--web.max-connections=50", "--web.max-connections-per-address=40") as daemon:
        clients = [connect(daemon) for _ in range(60)]
        check(closed(clients[40:], 10) == 20, "one address may have 40, and no more")
        page = daemon.page() if closed(clients[:1], 0.1) else None
        check(page is None, "and the first are kept")
        for client in clients:
            client.close()
        check(comes(lambda: daemon.page().value("vitald_http_refused_total", reason="address_limit") >= 20, 5),
              "those that left are not counted any more")
    with Daemon("--web.max-connections=50") as daemon:
        clients = []
        for _ in range(80):
            clients.append(connect(daemon))
            clients[-1].sendall(request(b"GET /-/healthy"))
            clients[-1].recv(4096)
        check(closed(clients[:30], 10) == 30 and closed(clients[40:], 0.3) == 0, "the longest idle ones are shed")
        check(comes(lambda: daemon.page().value("vitald_http_refused_total", reason="shed") >= 30, 5), "and counted")
        for client in clients:
            client.close()


def scenario():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with Daemon() as daemon:
        pid = daemon.pid
        for case in (strangers.framing, strangers.right_ones, strangers.errors, strangers.resets, strangers.leavers,
                     strangers.greedy):
            with Unharmed(daemon, case.__name__.replace("_", " ")):
                case(daemon)
        with Unharmed(daemon, "stopped", canary=False):
            strangers.stopped(daemon)
        with Unharmed(daemon, "idle crowd"):
            strangers.idle_crowd(daemon)
        check(daemon.pid == pid and descriptors(pid) > 0, "it is the same process")
    with Daemon("--web.header-timeout=2s", "--web.write-timeout=3s") as daemon:
        with Unharmed(daemon, "slow ones"):
            strangers.slow_ones(daemon)
    all_of_bodies()
    few_descriptors()
    very_few_descriptors()
    crowd_limits()


run_test(scenario)
