#!/usr/bin/env python3
"""Passwords: who gets in, that nobody else learns anything, and that wrong ones at speed hold up nobody.

Usage: auth.py VITALD
"""
import statistics
import threading
import time

import web
from vitald import Daemon, check, run_test
from web import basic, bcrypt

GOOD = basic("alice", "open:sesame")
CONFIG = "basic_auth_users:\n  alice: {alice}\n  bob: {bob}\n"


def who_gets_in(daemon):
    without = daemon.get()
    check(without.status == 401, f"without a password: 401 ({without.status})")
    check(without.headers["WWW-Authenticate"].startswith("Basic realm="), "with WWW-Authenticate")
    for what, field in {"a wrong password": basic("alice", "sesame"), "an unknown user": basic("carol", "open:sesame"),
                        "no password": basic("alice", ""), "another scheme": "Bearer x", "nonsense": "Basic %%%",
                        "a password that goes on behind a zero": basic("alice", "open:sesame\0x"),
                        "a very long one": basic("alice", "x" * 20000)}.items():
        reply = daemon.get(Authorization=field)
        check(reply.status == 401, f"{what}: 401 ({reply.status})")
    check(daemon.get(Authorization=GOOD).status == 200, "with the right one: 200")
    for path in ("/-/healthy", "/-/ready"):
        check(daemon.get(path).status == 200, f"{path} is open to all")
        check(daemon.get(path, Authorization=basic("alice", "wrong")).status == 200, "whatever it brings")
    for path in ("/", "/api/v1/collectors", "/nothing"):
        check(daemon.get(path).status == 401, f"{path} is not")
    check("sesame" not in daemon.said() and "$2y$" not in daemon.said(), "nothing of it is in the log")


def takes_as_long(daemon):
    times = {"alice": [], "carol": []}
    for _ in range(5):
        for user, taken in times.items():
            taken.append(daemon.get(Authorization=basic(user, "wrong")).seconds)
    known, unknown = (min(times[user]) for user in ("alice", "carol"))
    check(known / 3 < unknown < known * 3, f"unknown users take as long as known ones ({known:.3f} s, {unknown:.3f} s)")
    again = min(daemon.get(Authorization=GOOD).seconds for _ in range(5))
    check(again < known / 2, f"who was right before is not tried again ({again:.4f} s)")


class Storm:
    """Wrong passwords on so many connections, as fast as they are refused."""

    def __init__(self, port, connections, stay):
        self.port, self.stay, self.answers, self.ending = port, stay, [], False
        self.threads = [threading.Thread(target=self.try_again, daemon=True) for _ in range(connections)]

    def try_again(self):
        client = web.Client(self.port, timeout=60)
        while not self.ending:
            reply = client.get(Authorization=basic("alice", f"wrong {time.monotonic()}"))
            self.answers.append(reply)
            if not self.stay:
                client.close()
                client = web.Client(self.port, timeout=60)
        client.close()

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(1)
        return self

    def __exit__(self, *_):
        self.ending = True
        for thread in self.threads:
            thread.join(90)


def storm(daemon, connections, stay, newcomer):
    with Storm(daemon.port, connections, stay) as raging:
        if newcomer:
            before = len(raging.answers)
            first = daemon.get(Authorization=newcomer)
            others = len(raging.answers) - before
            check(first.status == 200 and others < 12,
                  f"who comes for the first time goes before most of them ({others} before, {first.seconds:.2f} s)")
        seconds = []
        for _ in range(12):
            reply = daemon.get(Authorization=GOOD)
            seconds.append(reply.seconds if reply.status == 200 else 99)
            time.sleep(0.1)
        middle = statistics.median(seconds)
        check(middle < 1 and max(seconds) < 5,
              f"good scrapes while {connections} connections try wrong ones: {middle:.3f} s, slowest {max(seconds):.3f} s")
    kinds = {status: sum(one.status == status for one in raging.answers) for status in {one.status for one in raging.answers}}
    check(set(kinds) <= {401, 503} and kinds.get(401, 0) > 5, f"they were answered {kinds}")
    late = [one for one in raging.answers if one.status == 503]
    check(all(one.headers["Retry-After"] for one in late), "and who could not be tried was told to come again")


def scenario():
    with web.folder() as folder:
        config = f"{folder}/web.yml"
        web.put(config, CONFIG.format(alice=bcrypt("open:sesame"), bob=bcrypt("b")))
        with Daemon(f"--web.config.file={config}") as daemon:
            who_gets_in(daemon)
            takes_as_long(daemon)
            before = daemon.size()
            storm(daemon, 20, True, basic("bob", "b"))
            storm(daemon, 100, False, None)
            check(daemon.is_no_larger(before), f"threads and descriptors are as before {before} {daemon.size()}")


run_test(scenario)
