#!/usr/bin/env python3
"""Sockets of UDP come, are sent to and go, where there were none: each is in the next scrape. While there are none, the
kernel's table is not gone through.

Usage: udp.py VITALD     Runs in a network name space of its own; skipped where there is none to be had.
"""
import os
import re
import socket

from traced import traced
from vitald import Daemon, check, run_test, with_own_network


def waiting(daemon):
    """{(ip, queue): bytes}"""
    page = daemon.get("/metrics?collect[]=udp_queues&collect[]=sockstat").text()
    return {(ip, queue): float(value) for ip, queue, value in
            re.findall(r'^node_udp_queues\{ip="(v\d)",queue="(\w+)"\} (\S+)$', page, re.M)}


def bound(family, host):
    made = socket.socket(family, socket.SOCK_DGRAM)
    made.bind((host, 0))
    return made


def scenario():
    families = [("v4", socket.AF_INET, "127.0.0.1")]
    if os.path.exists("/proc/net/udp6"):
        families.append(("v6", socket.AF_INET6, "::1"))
    nothing = {(ip, queue): 0 for ip, _, _ in families for queue in ("rx", "tx")}
    with Daemon("--web.freshness=0") as daemon:
        for round in range(3):
            check(waiting(daemon) == nothing, f"round {round}: no socket, nothing waits")
            check(waiting(daemon) == nothing, f"round {round}: and again")
            for ip, family, host in families:
                with bound(family, host) as receiver, bound(family, host) as sender:
                    sender.sendto(b"x" * 1000, receiver.getsockname())
                    now = waiting(daemon)
                    check(now[ip, "rx"] >= 1000 and all(value == 0 for key, value in now.items() if key != (ip, "rx")),
                          f"round {round}: what waits in a socket of {ip} is in the next scrape ({now})")
                    receiver.recv(2000)
                    check(waiting(daemon) == nothing, f"round {round}: what was read of {ip} waits no more")
                check(waiting(daemon) == nothing, f"round {round}: sockets of {ip} that are closed are gone")
        quiet_scrapes(daemon)


def quiet_scrapes(daemon):
    waiting(daemon)
    told = traced(daemon, "pread64", lambda: [waiting(daemon) for _ in range(5)])
    if told:
        check("/net/sockstat" in told and not re.search(r"/net/udp6?>", told), "without sockets their list is not read")


run_test(lambda: with_own_network(scenario))
