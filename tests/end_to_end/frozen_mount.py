#!/usr/bin/env python3
"""A file system that freezes, and one mounted below it: the daemon goes on, tells both, and ends when told to.

Usage: frozen_mount.py VITALD FROZEN_FUSE
As root, in name spaces of its own (mounts, processes). Ends with 77 where that or FUSE is not to be had.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

INSIDE = "VITALD_FROZEN_MOUNT_INSIDE"
faults = []


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def check(holds, what):
    print("ok  " if holds else "FAIL", what, flush=True)
    if not holds:
        faults.append(what)


def run(*command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def comes(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Daemon:
    def __init__(self, program):
        self.port = free_port()
        self.process = subprocess.Popen([program, f"--web.listen-address=127.0.0.1:{self.port}"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def scrape(self):
        """The text and how long it took."""
        start = time.monotonic()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as reply:
            text = reply.read().decode()
        return text, time.monotonic() - start

    def answers(self):
        try:
            self.scrape()
            return True
        except OSError:
            return self.process.poll() is not None

    def family(self):
        """The daemon and its probes."""
        found, parents = [], {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/stat") as stat:
                    parents[int(name)] = int(stat.read().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                pass
        for process in parents:
            if process == self.process.pid or parents[process] == self.process.pid:
                found.append(process)
        return found

    def size(self):
        """Processes, threads and descriptors of the whole family."""
        family, threads, descriptors = self.family(), 0, 0
        for process in family:
            try:
                threads += len(os.listdir(f"/proc/{process}/task"))
                descriptors += len(os.listdir(f"/proc/{process}/fd"))
            except OSError:
                pass
        return len(family), threads, descriptors


def errors(text):
    """Mount point -> (error, its text)."""
    found = {}
    for labels, value in re.findall(r"^node_filesystem_device_error\{(.*)\} (\S+)$", text, re.M):
        said = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
        found[said["mountpoint"]] = (value, said["device_error"])
    return found


class Frozen:
    """The FUSE file system and what is mounted below it."""

    def __init__(self, program, folder):
        self.point = os.path.join(folder, "frozen")
        self.below = os.path.join(self.point, "below")
        self.beside = os.path.join(folder, "beside")
        os.mkdir(self.point)
        os.mkdir(self.beside)
        self.known = set(self.connections())
        self.process = subprocess.Popen([program, self.point], stderr=subprocess.DEVNULL)
        if not comes(lambda: os.path.ismount(self.point), 5):
            skip("FUSE does not mount here")
        image = os.path.join(folder, "image")
        with open(image, "wb") as file:
            file.truncate(8 << 20)
        made = run("mkfs.ext4", "-q", "-F", image)
        if made.returncode != 0 or run("mount", "-o", "loop", image, self.below).returncode != 0:
            print("no loop device: a tmpfs stands below in place of ext4")
            if run("mount", "-t", "tmpfs", "-o", "size=64k", "below", self.below).returncode != 0:
                skip("nothing can be mounted below")
        run("mount", "-t", "tmpfs", "-o", "size=64k", "beside", self.beside)

    @staticmethod
    def connections():
        folder = "/sys/fs/fuse/connections"
        if not os.path.ismount(folder):
            run("mount", "-t", "fusectl", "none", folder)
        return os.listdir(folder) if os.path.isdir(folder) else []

    def freeze(self):
        self.process.send_signal(signal.SIGUSR1)

    def thaw(self):
        self.process.send_signal(signal.SIGUSR2)

    def end(self):
        """Nothing stays frozen, whatever went wrong before."""
        self.thaw()
        run("umount", "-l", self.below)
        run("umount", "-l", self.beside)
        run("umount", "-l", self.point)
        if not comes(lambda: self.process.poll() is not None, 2):
            for connection in set(self.connections()) - self.known:
                with open(f"/sys/fs/fuse/connections/{connection}/abort", "w") as abort:
                    abort.write("1")
            self.process.kill()
            self.process.wait()


def is_stuck(text, frozen):
    said = errors(text)
    return all(said.get(point) == ("1", "mountpoint timeout") for point in (frozen.point, frozen.below))


def all_well(text, frozen):
    said = errors(text)
    points = {frozen.point, frozen.below, frozen.beside}
    return points <= said.keys() and all(error == ("0", "") for error in said.values())


def while_frozen(daemon, frozen):
    frozen.freeze()
    time.sleep(0.15)  # past --web.freshness, so that the scrape reads anew
    text, took = daemon.scrape()
    check(took < 1, f"the first frozen scrape is answered within 1 s ({took:.3f} s)")
    check(is_stuck(text, frozen), "both mounts are told to be stuck")
    others = {point: said for point, said in errors(text).items() if point not in (frozen.point, frozen.below)}
    check(frozen.beside in others and all(said == ("0", "") for said in others.values()), "all others are well")
    check(f'node_filesystem_size_bytes{{device="beside"' in text, "and have their sizes")
    time.sleep(0.15)
    daemon.scrape()
    before, slowest = daemon.size(), 0.0
    for _ in range(20):
        time.sleep(0.12)
        text, took = daemon.scrape()
        slowest = max(slowest, took)
        if not is_stuck(text, frozen):
            check(False, "the mounts stay stuck while frozen")
    check(slowest < 0.1, f"20 later scrapes are fast (slowest {slowest * 1000:.1f} ms)")
    after = daemon.size()
    check(all(now <= then for now, then in zip(after, before)),
          f"processes, threads and descriptors do not grow ({before} -> {after})")


def scenario(program, frozen):
    daemon = Daemon(program)
    try:
        if not comes(daemon.answers, 10) or daemon.process.poll() is not None:
            check(False, "the daemon starts")
            return
        time.sleep(0.15)
        check(all_well(daemon.scrape()[0], frozen), "before, all is well")
        while_frozen(daemon, frozen)
        frozen.thaw()
        check(comes(lambda: all_well(daemon.scrape()[0], frozen), 5), "thawed, all is well again")
        for _ in range(3):
            time.sleep(0.12)
            daemon.scrape()
        check(daemon.size()[0] <= 2, f"and one probe is left ({daemon.size()[0] - 1})")
        frozen.freeze()
        time.sleep(0.15)
        daemon.scrape()
        start = time.monotonic()
        daemon.process.send_signal(signal.SIGTERM)
        ended = comes(lambda: daemon.process.poll() is not None, 5)
        took = time.monotonic() - start
        check(ended and took < 2, f"frozen again, SIGTERM ends it within 2 s ({took:.3f} s)")
        check(daemon.process.returncode == 0, f"with status 0 ({daemon.process.returncode})")
    finally:
        if daemon.process.poll() is None:
            daemon.process.kill()


def inside(program, fuse_program):
    run("mount", "--make-rprivate", "/")
    folder = tempfile.mkdtemp(prefix="vitald.frozen.")
    frozen = None
    try:
        frozen = Frozen(fuse_program, folder)
        scenario(program, frozen)
    finally:
        if frozen:
            frozen.end()
        shutil.rmtree(folder, ignore_errors=True)
    print("failed:" if faults else "passed", "; ".join(faults))
    sys.exit(1 if faults else 0)


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        sys.exit(64)
    program, fuse_program = map(os.path.abspath, sys.argv[1:])
    if os.environ.get(INSIDE):
        inside(program, fuse_program)
    if os.geteuid() != 0:
        skip("not root")
    if not os.path.exists("/dev/fuse"):
        skip("no /dev/fuse")
    if not os.path.exists(fuse_program):
        skip("frozen_fuse was not built (libfuse3 is missing)")
    if run("unshare", "-m", "-p", "-f", "--mount-proc", "true").returncode != 0:
        skip("no name spaces of our own")
    os.environ[INSIDE] = "1"
    command = ["unshare", "-m", "-p", "-f", "--mount-proc", sys.executable, os.path.abspath(__file__), *sys.argv[1:]]
    sys.exit(subprocess.run(command).returncode)


main()
