#!/usr/bin/env python3
"""Nobody asks, nothing happens: no wake-up and no processor time, also while a connection stays open.

Usage: idle.py VITALD
"""
import socket
import time

from vitald import Daemon, check, cpu_ticks, run_test, threads, wake_ups

seconds = 5


def rests(daemon, when):
    time.sleep(1.7)  # what the start and the last answer left to do is done by then
    before, ticks, count = wake_ups(daemon.pid), cpu_ticks(daemon.pid), threads(daemon.pid)
    time.sleep(seconds)
    after = wake_ups(daemon.pid)
    woken = sum(after.values()) - sum(before.values())
    check(after == before, f"{when}: no thread wakes in {seconds} s ({woken} wake-ups of {count} threads)")
    ticks = cpu_ticks(daemon.pid) - ticks
    check(ticks == 0, f"{when}: no processor time ({ticks} ticks)")


def comes_healthy(connection):
    """Reads on, past what is left of the page."""
    connection.settimeout(5)
    text = b""
    while not text.endswith(b"\r\n\r\nok\n"):
        part = connection.recv(1 << 16)
        if not part:
            return False
        text = (text + part)[-1000:]
    return True


def scenario():
    with Daemon() as daemon:
        for _ in range(10):
            daemon.page()
        rests(daemon, "after ten scrapes")
        with socket.create_connection(("127.0.0.1", daemon.port)) as idle:
            idle.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            check(idle.recv(12) == b"HTTP/1.1 200", "a kept connection is answered")
            rests(daemon, "while it stays open")
            idle.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
            check(comes_healthy(idle), "and is still good")


run_test(scenario)
