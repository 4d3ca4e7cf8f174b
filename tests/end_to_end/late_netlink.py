#!/usr/bin/env python3
"""The kernel takes ten seconds for a netlink dump: the daemon answers without it, and ends when told to.

Usage: late_netlink.py VITALD
strace holds up one system call of the main thread; skipped where there is no strace or it may not attach.
"""
import os
import re
import shutil
import subprocess
import tempfile
import time

from vitald import Daemon, Page, check, comes, in_time, run_test, skip, stat_of, threads

delay = 10  # seconds
late = {"netclass", "netdev"}  # who asks for the interfaces by netlink, with the flag below


def netlink_socket(pid):
    """The daemon's socket for dumps of rtnetlink, which listens to no group, as /proc/PID/fd names it."""
    with open("/proc/net/netlink") as table:
        rows = [line.split() for line in table]
    inodes = {row[-1] for row in rows if row[1] == "0" and row[3] == "00000000"}
    for fd in os.listdir(f"/proc/{pid}/fd"):
        target = os.readlink(f"/proc/{pid}/fd/{fd}")
        if target.startswith("socket:[") and target[8:-1] in inodes:
            return target
    return None


class Delay:
    """strace on the thread that reads the host (the main one, unless it hangs), holding up its next send to the netlink
    socket, and no other call."""

    def __init__(self, daemon):
        self.log = tempfile.NamedTemporaryFile(mode="r")
        self.said = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(
            ["strace", "-p", str(daemon.pid), "-o", self.log.name, "-P", netlink_socket(daemon.pid), "-e", "trace=sendto",
             "-e", f"inject=sendto:delay_enter={delay * 1000000}:when=1"], stderr=self.said)
        if not comes(lambda: self.attached(daemon.pid), 5):
            self.end()
            self.said.seek(0)
            skip(f"strace does not attach: {self.said.read().strip()}")

    @staticmethod
    def attached(pid):
        with open(f"/proc/{pid}/task/{pid}/status") as status:
            return not re.search(r"^TracerPid:\s+0$", status.read(), re.M)

    def sent(self):
        with open(self.log.name) as log:
            return log.read()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)


def scrape_late(daemon, what, at_least, at_most):
    """A scrape while netdev hangs: all else is there."""
    reply = daemon.get(X_Prometheus_Scrape_Timeout_Seconds="2")
    took, page = reply.seconds, Page(reply.text())
    check(reply.status == 200 and at_least <= took < at_most, f"{what}: answered after {took:.3f} s ({at_least} to {at_most} s)")
    check(page.failing() == late, f"{what}: {late} fails, of {len(page.success())} ({page.failing()})")
    check(all(page.states()[name] == "timeout" for name in late), f"{what}: its state is timeout")
    check("node_network_" not in page.text and "node_memory_MemTotal_bytes" in page.text,
          f"{what}: no sample of theirs, others' are there")
    return page


def health(daemon, times):
    """How long each answer takes."""
    for _ in range(times):
        yield daemon.get("/-/healthy").seconds
        time.sleep(0.02)


def hangs_and_comes_back(daemon):
    before = daemon.rested()
    delayed = Delay(daemon)
    began = time.monotonic()
    time.sleep(0.15)  # past --web.freshness
    scrape_late(daemon, "the first scrape", 1.3, 2)
    in_time(list(health(daemon, 30)), 0.05, 1, "meanwhile /-/healthy answers")
    for number in ("second", "third", "fourth"):
        time.sleep(0.15)
        page = scrape_late(daemon, f"the {number} scrape", 0, 1)
    check(page.value("vitald_readers_left_behind") == 1, "one reader is left behind")
    hanging = threads(daemon.pid)
    for _ in range(20):
        time.sleep(0.11)
        daemon.page()
    check(threads(daemon.pid) == hanging == before[0] + 1, f"threads do not grow ({before[0]} -> {threads(daemon.pid)})")
    check(time.monotonic() - began < delay - 1, "all this while the call hangs")
    back = comes(lambda: daemon.page().success()["netdev"] == 1, delay + 5)
    took = time.monotonic() - began
    check(back and took > delay - 1, f"netdev comes back by itself ({took:.1f} s after the delay began)")
    check(len(re.findall("DELAYED", delayed.sent())) == 1, "one call was delayed, to the netlink socket")
    delayed.end()
    time.sleep(0.15)
    page = daemon.page()
    check(not page.failing() and "node_network_" in page.text, "and then all is there")
    back = daemon.is_no_larger(before)
    check(back, f"threads and descriptors are what they were ({before} -> {daemon.size()})")
    check(page.value("vitald_readers_left_behind") == 0, "no reader is left behind")


def ends_while_it_hangs(daemon):
    delayed = Delay(daemon)
    time.sleep(0.15)
    scrape_late(daemon, "once more", 1.3, 2)
    check(threads(daemon.pid) > 1, "the stand-in is there")
    start = time.monotonic()
    daemon.process.terminate()
    left = comes(lambda: stat_of(daemon.pid)[0] == "Z" or threads(daemon.pid) == 1, 5)
    took = time.monotonic() - start
    check(left and took < 2, f"SIGTERM while it hangs: gone within 2 s ({took:.3f} s)")
    check("DELAYED" not in delayed.sent() and delayed.process.poll() is None, "before the call came back")
    # The thread that strace holds is all that is left, and cannot go: the daemon waited for nobody.
    delayed.kill()  # strace buries the thread that it holds only when its delay is over
    check(comes(lambda: daemon.process.poll() is not None, 2) and daemon.process.returncode == 0,
          f"with status 0 ({daemon.process.returncode})")
    check(not daemon.unexpected(), f"it said nothing unexpected {daemon.unexpected()}")


def scenario():
    if not shutil.which("strace"):
        skip("no strace")
    with Daemon("--no-collector.arp.netlink",
                allow=['msg="collector (fails|works again)" collector=(netclass|netdev)']) as daemon:
        daemon.page()
        hangs_and_comes_back(daemon)
        ends_while_it_hangs(daemon)


run_test(scenario)
