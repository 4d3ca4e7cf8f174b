#!/usr/bin/env python3
"""How long it takes from exec to the first whole page.

Usage: start.py VITALD
"""
import statistics
import subprocess
import time

import vitald
from vitald import Page, check, free_port, get, run_test

attempts, most_ms = 9, 100


def first_page(port):
    """Asks until somebody answers."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            return get(port)
        except ConnectionRefusedError:
            time.sleep(0.0005)
    raise TimeoutError("nobody listens")


def start_once():
    port = free_port()
    start = time.monotonic()
    process = subprocess.Popen([vitald.program, f"--web.listen-address=127.0.0.1:{port}"],
                               stderr=subprocess.DEVNULL)
    try:
        reply = first_page(port)
        took = time.monotonic() - start
        page = Page(reply.text())
        check(reply.status == 200 and page.success() and not page.failing(),
              f"a whole page after {took * 1000:.1f} ms")
        return took * 1000
    finally:
        process.terminate()
        process.wait(5)


def scenario():
    median = statistics.median(start_once() for _ in range(attempts))
    check(median < most_ms, f"from exec to the first page: median {median:.1f} ms of {attempts}, at most {most_ms} ms")


run_test(scenario)
