#!/usr/bin/env python3
"""Watched directories: vitald beside inotifywait and Python's watchdog, on tmpfs.

CPU is that of the watcher alone, from the kernel's clocks; each has one reader that takes all it tells. Called by
scripts/bench --watches.
"""
import argparse
import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from target import children, cpu_ns

# Files with the time at which they were made as their names: so many, so many a second (0: flat out), in that folder.
MAKER = """
import os, sys, time
count, rate, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
os.chdir(folder)
began = time.monotonic()
for done in range(count):
    if rate and done % 50 == 0:
        time.sleep(max(0, began + done / rate - time.monotonic()))
    fd = os.open(str(time.monotonic_ns()), os.O_CREAT | os.O_WRONLY)
    os.write(fd, b"x")
    os.close(fd)
"""
WATCHDOG = """
import sys
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer
class Told(FileSystemEventHandler):
    def on_created(self, event): print(event.src_path, flush=True)
observer = Observer()
observer.schedule(Told(), sys.argv[1], recursive=True)
observer.start()
print("ready", flush=True)
observer.join()
"""


class OverUnix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(120)
        self.sock.connect(self.path)

    def ask(self, method, target, body=None):
        self.request(method, target, body)
        reply = self.getresponse()
        return json.loads(reply.read() or b"null") if "json" in reply.getheader("Content-Type", "") else reply.read()


class Reader(threading.Thread):
    """Takes all that a watcher tells; when each file was told of."""

    def __init__(self, read, pattern):
        super().__init__(daemon=True)
        self.read, self.pattern, self.seen, self.late = read, pattern, set(), []
        self.overflows = 0

    def run(self):
        rest = b""
        while got := self.read():
            now = time.monotonic_ns()
            whole, _, rest = (rest + got).rpartition(b"\n")
            self.overflows += whole.count(b"event: overflow")
            for name in self.pattern.findall(whole):
                if name not in self.seen:
                    self.seen.add(name)
                    self.late.append((now - int(name)) / 1e6)


class Watcher:
    def __init__(self, command, **more):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **more)
        self.reader = None

    def cpu_us(self):
        pid = self.process.pid
        return sum(cpu_ns(each) for each in [pid, *children(pid)]) / 1000

    def own_mib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"^RssAnon:\s+(\d+)", status.read(), re.M).group(1)) / 1024

    def end(self):
        self.process.terminate()
        self.process.wait()


class Vitald(Watcher):
    def __init__(self, options, folder, scratch, follows=True):
        self.socket = os.path.join(scratch, "socket")
        roots = f"--watch.roots={folder}"
        super().__init__([options.vitald, "--web.listen-address=unix:" + self.socket, roots], stderr=subprocess.DEVNULL)
        self.api = OverUnix(self.socket)
        for _ in range(500):
            try:
                self.api.connect()
                break
            except OSError:
                time.sleep(0.02)
        for _ in range(20):
            self.api.ask("GET", "/metrics")
        self.before = self.cpu_us(), self.own_mib(), time.monotonic()
        self.api.ask("POST", "/api/v1/watches", json.dumps({"name": "w", "path": folder}))
        if follows:
            self.wait()
            self.follow()

    def wait(self):
        while not self.api.ask("GET", "/api/v1/watches/w")["data"]["ready"]:
            time.sleep(0.01)

    def follow(self):
        stream = socket.socket(socket.AF_UNIX)
        stream.connect(self.socket)
        stream.sendall(b"GET /api/v1/watches/w/events?since=0 HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
        self.reader = Reader(lambda: stream.recv(1 << 20), re.compile(rb'"type":"created","path":"(\d+)"'))
        self.reader.start()


class Inotifywait(Watcher):
    def __init__(self, options, folder, scratch):
        libraries = os.path.join(options.peers, "libinotifytools0", "usr/lib", os.uname().machine + "-linux-gnu")
        super().__init__([os.path.join(options.peers, "inotify-tools/usr/bin/inotifywait"), "-m", "-r", "--format", "%e %f",
                          folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LD_LIBRARY_PATH": libraries})
        while b"established" not in (line := self.process.stderr.readline()):
            if not line:
                raise SystemExit("bench: inotifywait ended")
        fd = self.process.stdout.fileno()
        self.reader = Reader(lambda: os.read(fd, 1 << 20), re.compile(rb"^CREATE (\d+)$", re.M))
        self.reader.start()


class Watchdog(Watcher):
    def __init__(self, options, folder, scratch):
        module = os.path.join(options.peers, "python3-watchdog/usr/lib/python3/dist-packages")
        super().__init__([sys.executable, "-c", WATCHDOG, folder], stdout=subprocess.PIPE,
                         env={"PYTHONPATH": module})
        if self.process.stdout.readline() != b"ready\n":
            raise SystemExit("bench: watchdog ended")
        fd = self.process.stdout.fileno()
        self.reader = Reader(lambda: os.read(fd, 1 << 20), re.compile(rb"/(\d+)$", re.M))
        self.reader.start()


WATCHERS = {"vitald": Vitald, "inotifywait": Inotifywait, "watchdog": Watchdog}


def files(options, scratch, name, count, rate):
    """CPU a file in us, how late it was told in ms, and how many were never told."""
    folder = tempfile.mkdtemp(prefix="watched.", dir=scratch)
    watcher = WATCHERS[name](options, folder, scratch)
    try:
        time.sleep(0.3)
        before = watcher.cpu_us()
        subprocess.run([sys.executable, "-c", MAKER, str(count), str(rate), folder], check=True)
        end = time.monotonic() + 10
        while len(watcher.reader.seen) < count and time.monotonic() < end:
            time.sleep(0.02)
        used = watcher.cpu_us() - before
        late = watcher.reader.late
        return {"us a file": used / count, "p50 ms": statistics.median(late),
                "p99 ms": statistics.quantiles(late, n=100)[98], "lost": count - len(watcher.reader.seen),
                "overflows told": watcher.reader.overflows}
    finally:
        watcher.end()
        shutil.rmtree(folder)


def make_directories(top):
    for one in range(10):
        for two in range(100):
            for three in range(100):
                os.makedirs(os.path.join(top, f"{one}/{two}/{three}"))


def scrapes_until_ready(watcher):
    api, times, ready = OverUnix(watcher.socket), [], False
    api.connect()
    while not ready:
        for _ in range(5):
            began = time.perf_counter()
            api.ask("GET", "/metrics")
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(0.005)
        ready = watcher.api.ask("GET", "/api/v1/watches/w")["data"]["ready"]
    return times


def directories(options, scratch, name, top):
    """CPU seconds and MiB of own memory for 101,010 directories, and scrapes meanwhile."""
    if name != "vitald":
        watcher = WATCHERS[name](options, top, scratch)
        try:
            return {"CPU s": watcher.cpu_us() / 1e6, "own MiB": watcher.own_mib()}
        finally:
            watcher.end()
    watcher = Vitald(options, top, scratch, follows=False)
    try:
        watcher.wait()
        cpu, own, began = watcher.before
        found = {"CPU s": (watcher.cpu_us() - cpu) / 1e6, "own MiB": watcher.own_mib() - own,
                 "ready s": time.monotonic() - began}
    finally:
        watcher.end()
    watcher = Vitald(options, top, scratch, follows=False)
    try:
        times = scrapes_until_ready(watcher)
    finally:
        watcher.end()
    return {**found, "p99 of /metrics ms": statistics.quantiles(times, n=100)[98]}


def gate(what, value, most):
    verdict = "met" if value <= most else "MISSED"
    print(f"  {what:60}{value:>9.2f}   gate <= {most}:  {verdict}")
    return verdict == "met"


def table(title, found):
    print(f"\n{title}")
    for name, figures in found.items():
        print(f"  {name:14}" + "".join(f"{key + ':':>20} {value:<8.2f}" for key, value in figures.items()))


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench --watches", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of all")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--vitald", default="build/release/vitald")
    parser.add_argument("--peers", default="build/peers", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.vitald, options.peers = os.path.abspath(options.vitald), os.path.abspath(options.peers)
    part = 10 if options.quick else 1
    scratch = tempfile.mkdtemp(prefix="vitald.bench.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    try:
        steady = {name: files(options, scratch, name, 50_000 // part, 5000) for name in WATCHERS}
        burst = {name: files(options, scratch, name, 30_000 // part, 0) for name in WATCHERS}
        top = os.path.join(scratch, "top")
        if not options.quick:
            make_directories(top)
        many = {name: directories(options, scratch, name, top) for name in WATCHERS} if not options.quick else {}
    finally:
        shutil.rmtree(scratch)
    table(f"{50_000 // part:,} files, 5,000 a second", steady)
    table(f"{30_000 // part:,} files at once", burst)
    table("101,010 directories", many)
    print("\nGates")
    ours = steady["vitald"]
    good = [gate("files lost at 5,000 a second", ours["lost"], 0), gate("us of CPU a file", ours["us a file"], 9),
            gate("ms from the system call to the client, p99", ours["p99 ms"], 20),
            gate("files of a burst lost", burst["vitald"]["lost"], 0)]
    if many:
        good += [gate("s of CPU for 101,010 directories", many["vitald"]["CPU s"], 1.2),
                 gate("MiB of own memory for them", many["vitald"]["own MiB"], 12),
                 gate("ms, p99 of /metrics meanwhile", many["vitald"]["p99 of /metrics ms"], 20)]
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"load": os.getloadavg(), "kernel": os.uname().release, "5,000 a second": steady, "burst": burst,
                       "directories": many}, file, indent=1)
    return not all(good)


if __name__ == "__main__":
    sys.exit(main())
