#!/usr/bin/env python3
"""Started as nobody: it works, and of what it may not read it says so.

Usage: permissions.py VITALD
"""
import os
import shutil
import tempfile

import vitald
from vitald import Daemon, check, fields, run_test, skip

nobody = 65534
as_nobody = {"user": nobody, "group": nobody, "extra_groups": []}


def well_or_said_why(daemon, page):
    """Each collector has data, or lacks what this host has not, or says that it may not read it."""
    odd = {name: state for name, state in page.states().items() if state not in ("ok", "absent", "permission")}
    check(not odd, f"no collector fails for another reason {odd}")
    for name, state in page.states().items():
        if state == "permission":
            told = [line for line in daemon.said().splitlines() if f"collector={name}" in line]
            check(any("ermission" in line for line in told), f"{name} may not read, and the log says so: {told}")
    refused = sorted(name for name, state in page.states().items() if state == "permission")
    print("     not allowed to read:", refused or "nothing")


def on_this_host(binary):
    with Daemon(binary=binary, allow=['msg="collector fails".*ermission'], **as_nobody) as daemon:
        ids = set(fields(f"/proc/{daemon.pid}/status")["Uid"].split())
        check(ids == {str(nobody)}, f"it runs as {nobody} {ids}")
        page = daemon.page()
        check(sum(page.success().values()) >= 10, f"{sum(page.success().values()):.0f} collectors have data")
        well_or_said_why(daemon, page)
        check(page.value("process_open_fds") is not None, "it sees itself")


def with_a_forbidden_file(binary, folder):
    """A loadavg that only root may read: said as permission, and all else works."""
    tree = os.path.join(folder, "proc")
    os.mkdir(tree)
    shutil.copyfile("/proc/meminfo", f"{tree}/meminfo")
    shutil.copyfile("/proc/loadavg", f"{tree}/loadavg")
    os.chmod(f"{tree}/loadavg", 0o600)
    flags = (f"--path.procfs={tree}", "--collector.disable-defaults", "--collector.loadavg", "--collector.meminfo")
    with Daemon(*flags, "--web.freshness=0", binary=binary, allow=["collector=loadavg"], **as_nobody) as daemon:
        page = daemon.page()
        check(page.success() == {"loadavg": 0, "meminfo": 1}, f"one file is forbidden: {page.success()}")
        check(page.states()["loadavg"] == "permission", "its collector's state is permission")
        well_or_said_why(daemon, page)
        os.chmod(f"{tree}/loadavg", 0o644)
        check(daemon.page().success() == {"loadavg": 1, "meminfo": 1}, "once allowed, it is read")
        check('msg="collector works again" collector=loadavg' in daemon.said(), "and the log says that, too")


def scenario():
    if os.geteuid() != 0:
        skip("not root: every other test runs without rights already")
    folder = tempfile.mkdtemp(prefix="vitald.nobody.")
    try:
        os.chmod(folder, 0o755)
        binary = os.path.join(folder, "vitald")
        shutil.copy(vitald.program, binary)  # the build may lie where nobody may look
        on_this_host(binary)
        with_a_forbidden_file(binary, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


run_test(scenario)
