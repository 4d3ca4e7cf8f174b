#!/usr/bin/env python3
"""A file system that freezes, and one mounted below it: the daemon goes on, tells both, and ends when told to. The
folder of text files lies on it, too.

Usage: frozen_mount.py VITALD FROZEN_FUSE
As root, in name spaces of its own (mounts, processes). Ends with 77 where that or FUSE is not to be had.
"""
import os
import re
import signal
import subprocess
import sys
import time

from vitald import Daemon, alive, check, children, comes, descriptors, in_time, run, run_test, skip, threads, with_own_mounts


def scrape(daemon):
    """The text and how long it took."""
    reply = daemon.get()
    return reply.text(), reply.seconds


def size(daemon):
    """Processes, threads and descriptors of the daemon and its probes."""
    family, all_threads, all_descriptors = [daemon.pid, *children(daemon.pid)], 0, 0
    for process in family:
        try:
            all_threads += threads(process)
            all_descriptors += descriptors(process)
        except OSError:  # ended meanwhile
            pass
    return len(family), all_threads, all_descriptors


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
    return (all(said.get(point) == ("1", "mountpoint timeout") for point in (frozen.point, frozen.below))
            and "\nnode_textfile_scrape_error 1\n" in text and "\nfrom_frozen_file" not in text
            and '\nnode_scrape_collector_success{collector="textfile"} 1\n' in text)


def all_well(text, frozen):
    said = errors(text)
    points = {frozen.point, frozen.below, frozen.beside}
    return (points <= said.keys() and all(error == ("0", "") for error in said.values())
            and "\nnode_textfile_scrape_error 0\n" in text and "\nfrom_frozen_file 1\n" in text)


def while_frozen(daemon, frozen):
    frozen.freeze()
    time.sleep(0.15)  # past --web.freshness, so that the scrape reads anew
    text, took = scrape(daemon)
    check(took < 1, f"the first frozen scrape is answered within 1 s ({took:.3f} s)")
    check(is_stuck(text, frozen), "both mounts are told to be stuck, and the text file is not shown")
    others = {point: said for point, said in errors(text).items() if point not in (frozen.point, frozen.below)}
    check(frozen.beside in others and all(said == ("0", "") for said in others.values()), "all others are well")
    check(f'node_filesystem_size_bytes{{device="beside"' in text, "and have their sizes")
    time.sleep(0.15)
    scrape(daemon)
    before, seconds = size(daemon), []
    for _ in range(20):
        time.sleep(0.12)
        text, took = scrape(daemon)
        seconds.append(took)
        if not is_stuck(text, frozen):
            check(False, "the mounts stay stuck while frozen")
    in_time(seconds, 0.1, 0.4, "20 later scrapes are fast, each")
    small = comes(lambda: all(now <= then for now, then in zip(size(daemon), before)), 2)
    check(small, f"processes, threads and descriptors do not grow ({before} -> {size(daemon)})")


def scenario(frozen):
    with Daemon(f"--collector.textfile.directory={frozen.point}", allow=("a part of a collector",)) as daemon:
        time.sleep(0.15)
        check(all_well(scrape(daemon)[0], frozen), "before, all is well")
        while_frozen(daemon, frozen)
        frozen.thaw()
        check(comes(lambda: all_well(scrape(daemon)[0], frozen), 5), "thawed, all is well again")
        for _ in range(3):
            time.sleep(0.12)
            scrape(daemon)
        probes = children(daemon.pid)
        check(len(probes) <= 2, f"and at most one probe is left for mounts, and one for text files ({len(probes)})")
        frozen.freeze()
        time.sleep(0.15)
        scrape(daemon)
        probes = children(daemon.pid)
        check(probes, f"frozen again, {len(probes)} probe hangs")
        daemon.end(leaves=True)  # a probe that hangs ends when it is thawed
        frozen.thaw()
        check(comes(lambda: not alive(probes), 5), f"thawed, no probe is left {alive(probes)}")


def inside(folder):
    frozen = None
    try:
        frozen = Frozen(os.path.abspath(sys.argv[2]), folder)
        scenario(frozen)
    finally:
        if frozen:
            frozen.end()


def main():
    if not os.path.exists("/dev/fuse"):
        skip("no /dev/fuse")
    if not os.path.exists(sys.argv[2]):
        skip("frozen_fuse was not built (libfuse3 is missing)")
    with_own_mounts(inside)


run_test(main, arguments=2)
