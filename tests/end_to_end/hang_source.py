#!/usr/bin/env python3
"""One file of /proc after another becomes what must never be there: only its collector fails, nobody waits.

Usage: hang_source.py VITALD
The full table of faults and files is the unit tests'; here it is the whole daemon that is asked.
"""
import os
import shutil
import tempfile

from vitald import Daemon, Page, check, in_time, run_test

sources = {  # file -> its collector
    "stat": ("cpu", "stat"),
    "diskstats": ("diskstats",),
    "sys/fs/file-nr": ("filefd",),
    "1/mountinfo": ("filesystem",),
    "loadavg": ("loadavg",),
    "meminfo": ("meminfo",),
    "vmstat": ("vmstat",),
    "net/sockstat": ("sockstat",),
    "pressure/cpu": ("pressure",),
}
others = ("1/mounts", "self/mountinfo", "self/mounts", "net/dev", "net/sockstat6", "pressure/io", "pressure/memory")


def copied_tree(folder):
    """What the daemon reads of /proc, as plain files. Files that this kernel has not are not there either."""
    for name in (*sources, *others):
        try:
            with open(f"/proc/{name}", "rb") as file:
                text = file.read()
        except OSError:
            continue
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        with open(f"{folder}/{name}", "wb") as file:
            file.write(text)


def as_fifo(path):
    os.mkfifo(path)


def as_folder(path):
    os.mkdir(path)


def as_endless_link(path):
    os.symlink(os.path.basename(path), path)


def as_endless_file(path):
    os.symlink("/dev/zero", path)


def as_nothing_readable(path):
    with open(path, "wb") as file:
        file.write(b"\x00\xff\n" * 3)


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        os.rmdir(path)
    else:
        os.remove(path)


class Scrapes:
    """Pages of a daemon with --web.freshness=0, and how long they take."""

    def __init__(self, daemon):
        self.daemon, self.seconds = daemon, []

    def page(self):
        reply = self.daemon.get()
        self.seconds.append(reply.seconds)
        return Page(reply.text())

    def failing(self):
        return {name for name, success in self.page().success().items() if success == 0}


def one_after_another(folder, scrapes, usual):
    wrong = []
    for name, collectors in sources.items():
        path, aside = f"{folder}/{name}", f"{folder}/aside"
        if not os.path.exists(path):
            print("     not on this kernel:", name)
            continue
        for become in (as_fifo, as_folder, as_endless_link, as_endless_file, as_nothing_readable):
            os.rename(path, aside)
            become(path)
            failing = scrapes.failing()
            if failing != usual | set(collectors):
                wrong.append(f"{name} {become.__name__}: {sorted(failing)} fail")
            remove(path)
            os.rename(aside, path)
            if scrapes.failing() != usual:
                wrong.append(f"{name} {become.__name__}: does not recover")
    check(not wrong, f"only the collector of the file fails, and recovers {wrong}")


def scenario():
    folder = tempfile.mkdtemp(prefix="vitald.source.")
    try:
        copied_tree(folder)
        with Daemon(f"--path.procfs={folder}", "--web.freshness=0",
                    allow=['msg="collector (fails|works again)"']) as daemon:
            scrapes = Scrapes(daemon)
            usual = scrapes.failing()
            check(not usual & {name for some in sources.values() for name in some},
                  f"on a copy of /proc all works (without data: {sorted(usual)})")
            before = daemon.rested()
            one_after_another(folder, scrapes, usual)
            in_time(scrapes.seconds, 0.1, 2, "no answer waits: each comes")
            back = daemon.is_no_larger(before)
            check(back, f"threads and descriptors do not grow ({before} -> {daemon.size()})")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


run_test(scenario)
