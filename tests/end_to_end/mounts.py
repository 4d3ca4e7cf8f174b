#!/usr/bin/env python3
"""The table of mounts is read only when something tells of a change: each kind of change is in the next scrape.

Usage: mounts.py VITALD
As root, in name spaces of its own (mounts, processes).
"""
import glob
import os
import time

from traced import traced
from vitald import Daemon, check, run, run_test, skip, with_own_mounts


def read_only(daemon):
    """Mount point -> 0 or 1."""
    return {labels["mountpoint"]: value for name, labels, value in daemon.page().samples
            if name == "node_filesystem_readonly"}


def comes_and_goes(daemon, point):
    check(point not in read_only(daemon), "before, it is not there")
    run("mount", "-t", "tmpfs", "-o", "size=64k", "some", point)
    check(read_only(daemon).get(point) == 0, "mounted, it is in the next scrape")
    run("mount", "-o", "remount,ro,bind", point)
    check(read_only(daemon).get(point) == 1, "remounted read-only for this mount, it says so")
    run("mount", "-o", "remount,rw,bind", point)
    check(read_only(daemon).get(point) == 0, "and writable again")
    run("umount", point)
    check(point not in read_only(daemon), "unmounted, it is gone")


def by_another_mount(daemon, point, other):
    """The file system is made read-only where the daemon's mount name space has no part in it."""
    run("mount", "-t", "tmpfs", "-o", "size=64k", "shared", point)
    check(read_only(daemon).get(point) == 0, "a file system with mounts in two name spaces is writable")
    script = f"mount --bind {point} {other} && mount -o remount,ro {other}"
    check(run("unshare", "-m", "sh", "-c", script).returncode == 0, "it is made read-only in the other one")
    check(read_only(daemon).get(point) == 1, "and the next scrape says so")
    run("umount", point)


def by_an_error(daemon, folder, point):
    """ext4 makes itself read-only, which newer kernels tell neither by poll(2) nor by statfs(2)."""
    image = os.path.join(folder, "image")
    with open(image, "wb") as file:
        file.truncate(8 << 20)
    if run("mkfs.ext4", "-q", "-F", image).returncode != 0:
        return print("     no mkfs.ext4")
    before = set(glob.glob("/sys/fs/ext4/*/trigger_fs_error"))
    if run("mount", "-o", "loop,errors=remount-ro", image, point).returncode != 0:
        return print("     no loop device")
    try:
        check(read_only(daemon).get(point) == 0, "an ext4 is writable")
        for trigger in set(glob.glob("/sys/fs/ext4/*/trigger_fs_error")) - before:
            with open(trigger, "w") as file:
                file.write("a test")
        time.sleep(0.2)  # the kernel counts the error a moment later
        check(read_only(daemon).get(point) == 1, "after an error the next scrape says that it is read-only")
    finally:
        run("umount", point)


def reads_of_the_table(daemon):
    """How often the table is read in ten scrapes, by strace; none without strace."""
    said = traced(daemon, "pread64", lambda: [daemon.page() for _ in range(10)])
    return said.count("mountinfo>") if said and "meminfo>" in said else None


def scenario(folder):
    point, other = os.path.join(folder, "point"), os.path.join(folder, "other")
    os.mkdir(point)
    os.mkdir(other)
    if run("mount", "-t", "tmpfs", "try", point).returncode != 0:
        skip("nothing can be mounted")
    run("umount", point)
    with Daemon("--web.freshness=0") as daemon:
        comes_and_goes(daemon, point)
        by_another_mount(daemon, point, other)
        by_an_error(daemon, folder, point)
        daemon.page()  # which sees the last mount go
        reads = reads_of_the_table(daemon)
        check(reads in (None, 0), f"while nothing changes, the table is not read ({reads} reads in 10 scrapes)")


run_test(lambda: with_own_mounts(scenario))
