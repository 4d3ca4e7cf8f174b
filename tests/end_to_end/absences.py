#!/usr/bin/env python3
"""What the kernel lacks is not looked for at each scrape, but after any event that it tells of.

Usage: absences.py VITALD
Skipped where nothing is absent, where the kernel's events do not come, or without strace.
"""
import os
import time

from traced import traced
from vitald import Daemon, check, run_test, skip

settled = 2.2  # seconds: what was looked for sooner after an event is looked for again
trigger = "/sys/class/mem/null/uevent"  # the kernel sends an event of its own for what is written there


def looks(daemon, path, scrapes=1):
    """How often the path is looked for in so many scrapes."""
    said = traced(daemon, "openat", lambda: [daemon.page() for _ in range(scrapes)])
    if said is None:
        skip("no strace here")
    return said.count(f'"{path}"')


def is_let_alone(daemon, path):
    """Whether it is not looked for; something may happen on the machine meanwhile."""
    for _ in range(5):
        if looks(daemon, path, 3) == 0:
            return True
        time.sleep(settled)
    return False


def scenario():
    absent = [path for path in ("/sys/class/infiniband", "/sys/class/fc_host", "/sys/fs/bcache", "/proc/mdstat",
                                "/proc/net/rpc/nfsd") if not os.path.exists(path)]
    if not absent or not os.access(trigger, os.W_OK):
        skip("nothing is absent, or no event can be had")
    with Daemon("--web.freshness=0") as daemon:
        daemon.page()
        time.sleep(settled)
        before = daemon.page()
        if not is_let_alone(daemon, absent[0]):
            skip("the kernel's events do not come here, or all the time")
        same = daemon.page()
        check(same.states() == before.states() and same.success() == before.success(),
              "without a look, all collectors are as they were")
        for path in absent:
            check(is_let_alone(daemon, path), f"{path} is not looked for while nothing happens")
            with open(trigger, "w") as file:
                file.write("change")
            check(looks(daemon, path) >= 1, f"{path} is looked for in the next scrape after an event")
            time.sleep(settled)
            check(looks(daemon, path) >= 1, "and once more, as a module may have been late")


run_test(scenario)
