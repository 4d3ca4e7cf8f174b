#!/usr/bin/env python3
"""A watch on a FUSE file system: looked at, its differences told; frozen, it holds up neither the daemon nor other
watches, and says so; thawed, it goes on; unmounted, that is told.

Usage: polled.py VITALD FROZEN_FUSE
As root, in name spaces of its own (mounts, processes). Ends with 77 where that or FUSE is not to be had.
"""
import os
import re
import signal
import subprocess
import sys

from vitald import Daemon, check, comes, run, run_test, skip, with_own_mounts
from watched import Api, shell


def types(api, since):
    return [(event["type"], event.get("path", "")) for event in api.data(f"/net/events?since={since}")]


def scenario(folder, fuse, point):
    local, path, file = (os.path.join(folder, name) for name in ("local", "s", "v.yaml"))
    os.makedirs(local)
    with open(file, "w") as config:
        config.write(f"watches: [{{name: net, path: {point}}}, {{name: here, path: {local}}}]\n"
                     "watch: {poll-interval: 200ms}\n")
    with Daemon(f"--config.file={file}", listen=(f"unix:{path}",)) as daemon:
        api = Api(path)
        assert api.ready("net") and api.ready("here")
        check(api.data("/net")["state"] == "polling" and api.data("/net")["backend"] == "polling", "it is polled")
        tree = sorted(entry["path"] for entry in api.ask("/net/tree")[1]["data"])
        check(tree == ["a.prom", "below"], f"and known: {tree}")
        fuse.send_signal(signal.SIGHUP)
        check(comes(lambda: ("created", "b.prom") in types(api, 0), 30), "what comes is told")
        fuse.send_signal(signal.SIGHUP)
        last = api.sync("net")["seq"]
        check(comes(lambda: ("deleted", "b.prom") in types(api, 0), 30), f"what goes, too; sync is answered ({last})")
        fuse.send_signal(signal.SIGUSR1)
        check(comes(lambda: "does not answer" in api.data("/net").get("reason", ""), 60), "frozen, that is told")
        shell(local, "mkdir x; touch x/f")
        api.sync("here")
        check([event["path"] for event in api.data("/here/events?since=1")][-1] == "x/f", "the other goes on")
        check("vitald_watch_state{state=\"polling\",watch=\"net\"} 1" in api.metrics(), "and so do metrics")
        hang = comes(lambda: re.search(r"^vitald_probe_abandoned [1-9]", api.metrics(), re.M), 10)
        check(hang, "the probe that hangs is counted")
        fuse.send_signal(signal.SIGUSR2)
        check(comes(lambda: "does not answer" not in api.data("/net").get("reason", ""), 60), "thawed, it answers again")
        run("umount", "-l", point)
        check(comes(lambda: ("root_gone", "") in types(api, 0) and api.data("/net")["state"] == "active", 60),
              "unmounted: gone, and what was below is watched by the kernel")


def inside(folder):
    point = os.path.join(folder, "point")
    os.mkdir(point)
    fuse = subprocess.Popen([os.path.abspath(sys.argv[2]), point], stderr=subprocess.DEVNULL)
    try:
        if not comes(lambda: os.path.ismount(point), 5):
            skip("FUSE does not mount here")
        scenario(folder, fuse, point)
    finally:
        fuse.send_signal(signal.SIGUSR2)
        run("umount", "-l", point)
        if not comes(lambda: fuse.poll() is not None, 5):
            fuse.kill()
            fuse.wait()


def main():
    if not os.path.exists("/dev/fuse"):
        skip("no /dev/fuse")
    if not os.path.exists(sys.argv[2]):
        skip("frozen_fuse was not built (libfuse3 is missing)")
    with_own_mounts(inside)


run_test(main, arguments=2)
