#!/usr/bin/env python3
"""vitald's processes beside psutil, ps, Debian's process-exporter and the kernel's floor, with 2,000 to 30,000 of them.

CPU times of one run, medians; all ask for about the same. Called by scripts/bench --processes.
"""
import argparse
import http.client
import json
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from target import children, cpu_ns, free_port

LEAN = "/api/v1/processes?fields=pid,cpu_times,num_threads,num_fds,io&limit=1"  # stat, io and descriptors
ALL_LEAN = LEAN.replace("limit=1", "limit=0")
WHOLE = "/api/v1/processes?limit=0"  # what a listing shows if nothing is chosen
GROUPS = "process_names:\n  - name: '{{.Comm}}'\n    cmdline: ['.*']\n"
PSUTIL = """
import psutil, resource, sys
names = ["pid", "name", "ppid", "status", "cpu_times", "memory_info", "num_threads", "create_time"]
def once(): return sum(1 for _ in psutil.process_iter(names))
def cpu(): used = resource.getrusage(resource.RUSAGE_SELF); return used.ru_utime + used.ru_stime
once()
before = cpu()
count = sum(once() for _ in range(2))
print((cpu() - before) * 1e6 / count)
"""


class OverUnix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(120)
        self.sock.connect(self.path)


def ask(connection, target):
    connection.request("GET", target)
    reply = connection.getresponse()
    body = reply.read()
    if reply.status != 200:
        raise SystemExit(f"bench: {target}: {reply.status} {body[:300]}")
    return body


class Program:
    """A daemon, and how to ask it."""

    def __init__(self, command, connection):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.connection = connection
        for _ in range(3000):
            try:
                return self.connection.connect()
            except OSError:
                time.sleep(0.02)
        raise SystemExit(f"bench: {command[0]} does not answer")

    def cpu_us(self):
        return sum(cpu_ns(pid) for pid in [self.process.pid, *children(self.process.pid)]) / 1000

    def cost(self, target, times):
        """Microseconds of CPU for an answer: a list, and the last answer."""
        costs, body = [], ask(self.connection, target)
        for _ in range(times):
            before = self.cpu_us()
            body = ask(self.connection, target)
            costs.append(self.cpu_us() - before)
        return costs, body

    def rss(self):
        with open(f"/proc/{self.process.pid}/statm") as text:
            return int(text.read().split()[1]) * resource.getpagesize()

    def end(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()


def vitald(options, folder, *flags):
    path = f"{folder}/socket"
    return Program([options.vitald, f"--web.listen-address=unix:{path}", "--web.freshness=0",
                    "--collector.deadline=60s", *flags], OverUnix(path))


def us_of_children(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e6


def printed(command):
    return float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def rss_after_listings(options, folder):
    daemon = vitald(options, folder)
    try:
        for _ in range(4):
            ask(daemon.connection, ALL_LEAN)
            time.sleep(1.1)  # so that counts are remembered for the next one's rates
        return daemon.rss()
    finally:
        daemon.end()


def listings(options, folder, found, count, times):
    daemon = vitald(options, folder)
    try:
        ask(daemon.connection, "/-/healthy")
        for name, target in (("listing: stat, io, descriptors", LEAN), ("listing: all that is shown, JSON of all", WHOLE)):
            costs, body = daemon.cost(target, times)
            found[f"vitald, {name}"] = statistics.median(costs) / count
            if len(json.loads(body)["data"]) < (1 if target == LEAN else count):
                raise SystemExit("bench: the listing has not all of them")
    finally:
        daemon.end()


def groups(options, folder, found, count, times):
    rules = f"{folder}/groups.yaml"
    with open(rules, "w") as file:
        file.write(GROUPS)
    chosen = ["--collector.disable-defaults", "--collector.process_groups", f"--process.config.file={rules}"]
    port = free_port()
    programs = {
        "vitald, groups": lambda: vitald(options, folder, *chosen),
        "process-exporter, groups": lambda: Program(
            [options.exporter, "-config.path", rules, "-web.listen-address", f"127.0.0.1:{port}"],
            http.client.HTTPConnection("127.0.0.1", port, timeout=120)),
    }
    for name, start in programs.items():
        program = start()
        try:
            for _ in range(10):  # until it knows them all: what never changes is read once
                if b"namegroup_num_procs{" in ask(program.connection, "/metrics"):
                    break
            costs, body = program.cost("/metrics", times)
            found[name] = statistics.median(costs) / count
            seen = sum(float(n) for n in re.findall(rb"^namedprocess_namegroup_num_procs\{[^}]*\} (\S+)", body, re.M))
            if seen < count:
                raise SystemExit(f"bench: {name}: {seen} of {count} processes")
        finally:
            program.end()


def others(options, found, count):
    found["psutil.process_iter, 8 attributes"] = printed([sys.executable, "-c", PSUTIL])
    found["ps aux"] = us_of_children(["ps", "aux"]) / count
    found["floor: stat, io, descriptors"] = statistics.median(printed([options.crowd, "floor"]) for _ in range(5))


def scrapes_meanwhile(options, folder, seconds):
    """Milliseconds of scrapes, 100 a second, while somebody lists all processes again and again."""
    daemon, ended, listed = vitald(options, folder), threading.Event(), []

    def list_them():
        connection = OverUnix(f"{folder}/socket")
        while not ended.is_set():
            ask(connection, LEAN)
            listed.append(1)

    lister = threading.Thread(target=list_them)
    try:
        for _ in range(20):
            ask(daemon.connection, "/metrics")
        lister.start()
        times, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.perf_counter()
            ask(daemon.connection, "/metrics")
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(0.01)
    finally:
        ended.set()
        lister.join()
        daemon.end()
    return statistics.quantiles(times, n=100)[98], len(listed)


def with_crowd(options, count, folder):
    with_few = rss_after_listings(options, folder)
    crowd = subprocess.Popen([options.crowd, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        if crowd.stdout.readline() != b"ready\n":
            raise SystemExit(f"bench: {count} processes cannot be started")
        there = sum(name.isdigit() for name in os.listdir("/proc"))
        times, found = (9 if count <= 2000 else 5), {}
        found["bytes"] = (rss_after_listings(options, folder) - with_few) / count
        listings(options, folder, found, there - 50, times)
        groups(options, folder, found, count, times)
        others(options, found, there)
        if count == 10000:
            found["p99"], found["listed"] = scrapes_meanwhile(options, folder, 5)
        return found
    finally:
        crowd.stdin.close()
        crowd.wait()


def gate(what, value, most):
    verdict = "met" if value <= most else "MISSED"
    print(f"  {what:64}{value:>9.2f}   gate <= {most}:  {verdict}")
    return verdict == "met"


def gates(found):
    lean, floor = "vitald, listing: stat, io, descriptors", "floor: stat, io, descriptors"
    first, last = found[min(found)], found[max(found)]
    results = [gate("times the floor, stat, io, threads and descriptors", first[lean] / first[floor], 1.75),
               gate("linear: a process of the most beside one of the fewest", last[lean] / first[lean], 1.3)]
    for count, row in found.items():
        results.append(gate(f"bytes of memory a process, {count:,}", row["bytes"], 400))
    if 10000 in found:
        results.append(gate("seconds of CPU a pass at 10,000", found[10000][lean] / 100, 0.3))
        results.append(gate("ms, p99 of /metrics while 10,000 are listed", found[10000]["p99"], 20))
    return all(results)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench --processes", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only with 2,000")
    parser.add_argument("--counts", type=int, nargs="+", default=[2000, 10000, 30000], help="how many processes")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--vitald", default="build/release/vitald")
    parser.add_argument("--crowd", default="build/release/crowd", help=argparse.SUPPRESS)
    parser.add_argument("--exporter", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    counts = [2000] if options.quick else options.counts
    with tempfile.TemporaryDirectory(prefix="vitald.bench.") as folder:
        found = {count: with_crowd(options, count, folder) for count in counts}
    print(f"{'us of CPU a process':64}" + "".join(f"{count:>10,}" for count in counts))
    for name in found[counts[0]]:
        if name not in ("bytes", "p99", "listed"):
            print(f"  {name:62}" + "".join(f"{found[count][name]:>10.1f}" for count in counts))
    print("\nGates")
    good = gates(found)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"load": os.getloadavg(), "kernel": os.uname().release, "figures": found}, file, indent=1)
    return not good


if __name__ == "__main__":
    sys.exit(main())
