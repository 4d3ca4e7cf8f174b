#!/usr/bin/env python3
"""What strangers may do to the port (strangers.py), and what few descriptors and limits of connections make of it.

Usage: hostile.py VITALD
"""
import resource
import time

import strangers
from strangers import Unharmed, closed, connect, request
from vitald import Daemon, check, comes, cpu_ticks, descriptors, run_test


def few_descriptors():
    few = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))
    with Daemon(preexec_fn=few) as daemon:
        with Unharmed(daemon, "300 descriptors"):
            clients = [connect(daemon) for _ in range(600)]
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
        check(daemon.page().value("vitald_http_refused_total", reason="shed") >= 30, "and counted")
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
    few_descriptors()
    crowd_limits()


run_test(scenario)
