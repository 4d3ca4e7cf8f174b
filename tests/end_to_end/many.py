#!/usr/bin/env python3
"""10,000 scrapes, 64 at a time, all whole; and then the daemon is as small as before.

Usage: many.py VITALD
"""
import gzip
import os
import re
import signal
import socket
import threading
import time

from vitald import Daemon, Page, check, own_kib, run_test

scrapes, at_once, warm_up = 10_000, 64, 2_000
last_line = re.compile(rb"\nvitald_readings_total \d+\n$")  # of each page


class Connection:
    """A connection that may be kept, read as strictly as HTTP/1.1 allows."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.kept = b""

    def send(self, zipped=False, keep=True):
        self.socket.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n" +
                            (b"Accept-Encoding: gzip\r\n" if zipped else b"") +
                            (b"\r\n" if keep else b"Connection: close\r\n\r\n"))

    def more(self):
        part = self.socket.recv(1 << 17)
        if not part:
            raise EOFError("the connection ended within a reply")
        return part

    def receive(self):
        """Status line, headers, body."""
        text = self.kept
        while b"\r\n\r\n" not in text:
            text += self.more()
        head, body = text.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        length = int(headers["content-length"])
        parts, have = [body], len(body)
        while have < length:
            parts.append(self.more())
            have += len(parts[-1])
        text = b"".join(parts)
        self.kept = text[length:]
        return first, headers, text[:length]

    def is_over(self):
        """After Connection: close: nothing but the end may follow."""
        return self.kept == b"" and self.socket.recv(1) == b""

    def close(self):
        self.socket.close()


def fault_of(connection, zipped, keep):
    """One scrape; empty, or what is wrong with it."""
    connection.send(zipped, keep)
    first, headers, body = connection.receive()
    if first != "HTTP/1.1 200 OK":
        return first
    if headers.get("content-encoding") != ("gzip" if zipped else None):
        return f"encoding {headers.get('content-encoding')}"
    text = gzip.decompress(body) if zipped else body
    if not text.startswith(b"# HELP ") or not last_line.search(text[-80:]):
        return "not whole: " + repr(text[-80:])
    if connection.kept:
        return "more than the reply came"
    if not keep and not connection.is_over():
        return "the connection goes on after its end"
    return ""


class Clients:
    """64 threads: half keep their connection for 25 scrapes, half take a new one each time; every other asks for gzip."""

    def __init__(self, port):
        self.port, self.faults, self.done, self.lock = port, [], 0, threading.Lock()

    def client(self, number, times):
        connection, done, faults = None, 0, []
        for turn in range(times):
            try:
                keep = number % 2 == 0 and turn % 25 != 24 and turn != times - 1
                connection = connection or Connection(self.port)
                fault = fault_of(connection, (number // 2 + turn) % 2 == 0, keep)
                if fault:
                    faults.append(fault)
            except (OSError, EOFError, ValueError, KeyError) as error:
                faults.append(repr(error))
                keep = False
            if not keep and connection:
                connection.close()
                connection = None
            done += 1
        with self.lock:
            self.faults += faults
            self.done += done

    def run(self, total):
        shares = [total // at_once + (number < total % at_once) for number in range(at_once)]
        all_threads = [threading.Thread(target=self.client, args=(number, share))
                       for number, share in enumerate(shares)]
        start = time.monotonic()
        for thread in all_threads:
            thread.start()
        for thread in all_threads:
            thread.join()
        return time.monotonic() - start


def ten_thousand():
    with Daemon() as daemon:
        daemon.page()
        rested = daemon.rested()
        warm = Clients(daemon.port)
        warm.run(warm_up)
        before = own_kib(daemon.pid)
        clients = Clients(daemon.port)
        took = clients.run(scrapes)
        after = own_kib(daemon.pid)
        wrong = warm.faults + clients.faults
        check(clients.done == scrapes and not wrong,
              f"{clients.done} scrapes in {took:.1f} s, {len(wrong)} of them wrong {sorted(set(wrong))[:5]}")
        check(after - before < 2048, f"memory grows by less than 2 MiB ({before} -> {after} KiB)")
        back = daemon.is_no_larger(rested)
        check(back, f"threads and descriptors are what they were ({rested} -> {daemon.size()})")
        page = daemon.page()
        check(not page.failing(), "and it works as before")
        print(f"     readings: {page.value('vitald_readings_total'):.0f}, memory at the end: {own_kib(daemon.pid)} KiB")


def readings_shared(daemon, connections):
    """How many readings 64 requests cost that come while the daemon sleeps."""
    before = daemon.page().value("vitald_readings_total")
    os.kill(daemon.pid, signal.SIGSTOP)
    for connection in connections:
        connection.send()
    os.kill(daemon.pid, signal.SIGCONT)
    pages = [Page(connection.receive()[2].decode()) for connection in connections]
    check(not any(page.failing() for page in pages), "64 at once are all answered")
    return max(page.value("vitald_readings_total") for page in pages) - before


def without_freshness():
    with Daemon("--web.freshness=0") as daemon:
        told = [daemon.page().value("vitald_readings_total") for _ in range(50)]
        steps = {after - before for before, after in zip(told, told[1:])}
        check(steps == {1}, f"with --web.freshness=0, each of 50 lone scrapes is one reading (steps {steps})")
        connections = [Connection(daemon.port) for _ in range(at_once)]
        shared = readings_shared(daemon, connections)
        check(1 <= shared < at_once / 4, f"64 at once share {shared:.0f} readings")
        for connection in connections:
            connection.close()


def with_freshness():
    with Daemon("--web.freshness=1m") as daemon:
        told = [daemon.page() for _ in range(20)]
        readings = {page.value("vitald_readings_total") for page in told}
        times = {page.value("node_time_seconds") for page in told}
        check(len(readings) == 1 and len(times) == 1, f"within --web.freshness, 20 scrapes share one reading {readings}")


def scenario():
    ten_thousand()
    without_freshness()
    with_freshness()


run_test(scenario)
