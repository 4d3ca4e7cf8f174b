#!/usr/bin/env python3
"""The unit files confine the daemon as docs/systemd.md promises, by systemd's own judgement, and are understood whole.

Usage: unit_files.py VITALD
"""
import os
import re
import shutil
import subprocess
import tempfile

from vitald import check, run_test, skip

units = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../systemd")
service = "vitald.service"
most = {None: 1.6, "all-processes.conf": 2.2, "own-listener.conf": 2.3}


def with_drop_in(folder, drop_in):
    shutil.copy(f"{units}/{service}", folder)
    if drop_in:
        os.makedirs(f"{folder}/{service}.d")
        shutil.copy(f"{units}/{drop_in}", f"{folder}/{service}.d")
    return f"{folder}/{service}"


def exposure(drop_in):
    """The number, and whatever systemd remarks on our files."""
    with tempfile.TemporaryDirectory(prefix="vitald.units.") as folder:
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager",
                               with_drop_in(folder, drop_in)], capture_output=True, text=True)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    remarks = [line for line in done.stderr.splitlines() if folder in line]
    return (float(found[1]) if found else None), remarks


def settings():
    with open(f"{units}/{service}") as file:
        return dict(re.findall(r"^(\w+)=(.*)$", file.read(), re.M))


def springs_no_trap():
    """What a checklist would add, and what would silently break a collector."""
    said = settings()
    harmful = {"ProtectClock": "yes", "ProtectHostname": "yes", "PrivateUsers": "yes", "PrivateTmp": "yes",
               "PrivateNetwork": "yes", "ProtectHome": "yes", "ProcSubset": "pid", "ProtectProc": "invisible"}
    found = {key: value for key, value in harmful.items() if said.get(key) == value}
    check(not found, f"no option that would hide what collectors show {found}")
    check({"AF_UNIX", "AF_NETLINK"} <= set(said["RestrictAddressFamilies"].split()), "netlink and D-Bus are left")
    check({"adjtimex", "clock_adjtime"} <= set(said["SystemCallFilter"].split()),
          "the clock's state may be read: the last line on system calls allows it")


def scenario():
    if not shutil.which("systemd-analyze"):
        skip("no systemd-analyze")
    if "--offline" not in subprocess.run(["systemd-analyze", "--help"], capture_output=True, text=True).stdout:
        skip("a systemd-analyze that does not know --offline")
    springs_no_trap()
    for drop_in, bound in most.items():
        level, remarks = exposure(drop_in)
        check(level is not None and level <= bound, f"{service} with {drop_in}: exposure {level}, at most {bound}")
        check(not remarks, f"and systemd understands every line {remarks}")


run_test(scenario)
