#!/usr/bin/env python3
"""The collector systemd in the daemon, on a D-Bus of its own: the library comes only when it is asked for, a systemd that
does not answer holds up nobody, and one that goes away is met again.

Usage: systemd.py VITALD FAKE_SYSTEMD
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from vitald import Daemon, Page, check, comes, own_kib, run_test, skip

CONFIGURATION = """<busconfig><listen>unix:path=FOLDER/bus</listen><auth>EXTERNAL</auth><policy context="default">
<allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>"""


class Bus:
    def __init__(self, folder):
        with open(f"{folder}/bus.conf", "w") as file:
            file.write(CONFIGURATION.replace("FOLDER", folder))
        self.address = f"unix:path={folder}/bus"
        self.process = subprocess.Popen(
            ["dbus-daemon", "--nofork", "--nopidfile", "--print-address=1", f"--config-file={folder}/bus.conf"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.process.stdout.readline()

    def end(self):
        self.process.kill()
        self.process.wait()


class FakeSystemd:
    def __init__(self, bus):
        self.process = subprocess.Popen([sys.argv[2]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bus.address})
        self.process.stdout.readline()

    def tell(self, *orders):
        for order in orders:
            self.process.stdin.write(order.replace(" ", "\t") + "\n")
            self.process.stdin.flush()
            self.process.stdout.readline()

    def end(self):
        self.process.kill()
        self.process.wait()


def library_loaded(daemon):
    with open(f"/proc/{daemon.pid}/maps") as maps:
        return "libsystemd" in maps.read()


def off():
    with Daemon() as daemon:
        daemon.get()
        check(not library_loaded(daemon), "unless it is asked for, libsystemd is not loaded")
        return own_kib(daemon.pid)


def told(daemon):
    page = daemon.page()
    return page.states().get("systemd"), page


def on(bus, systemd, usual_rss):
    environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": bus.address}
    with Daemon("--collector.systemd", "--web.freshness=0", "--collector.deadline=1s", env=environment,
                allow=['msg="collector (fails|works again)"']) as daemon:
        state, page = told(daemon)
        check(state == "ok" and page.value("node_systemd_unit_state", name="a.service", state="active", type="simple") == 1,
              "a unit is shown")
        check(library_loaded(daemon), "libsystemd is loaded")
        for _ in range(20):
            daemon.get()
        grown = own_kib(daemon.pid) - usual_rss
        check(grown < 3072, f"it costs less than 3 MiB ({grown} KiB)")
        before = daemon.rested()
        systemd.tell("hang Type")
        with ThreadPoolExecutor() as beside:
            whole = beside.submit(daemon.get)
            time.sleep(0.2)
            other = daemon.get("/metrics?collect[]=loadavg")
            reply = whole.result()
        page = Page(reply.text())
        check(page.states()["systemd"] == "timeout" and page.states()["loadavg"] == "ok" and reply.seconds < 2,
              f"a systemd that hangs costs its own samples ({reply.seconds:.2f} s)")
        check(other.seconds < 0.2, f"others are not held up ({other.seconds:.3f} s)")
        systemd.tell("forget", "unit b.service loaded active")
        check(comes(lambda: told(daemon)[0] == "ok", 5), "it works again once systemd answers")
        systemd.tell("leave")
        check(told(daemon)[0] == "absent", "without systemd on the bus it is absent")
        systemd.tell("return")
        check(told(daemon)[0] == "ok", "and back")
        bus.end()
        check(told(daemon)[0] != "ok", "no bus, no samples")
        check(comes(lambda: daemon.size() <= before, 3), f"nothing grew ({before} -> {daemon.size()})")


def without_library():
    """The library is hidden by a mount that this process alone has."""
    with open("/proc/self/maps") as maps:
        assert "libsystemd" not in maps.read()
    found = subprocess.run(["ldconfig", "-p"], stdout=subprocess.PIPE, text=True, check=False).stdout
    paths = [os.path.realpath(line.split(" => ")[1]) for line in found.splitlines() if "libsystemd.so.0 " in line]
    hide = " && ".join(f"mount --bind /dev/null '{path}'" for path in paths) + ' && exec "$0" "$@"'
    if os.geteuid() != 0 or not paths or subprocess.run(["unshare", "-m", "true"], check=False).returncode != 0:
        return print("     not tried: no root or no mounts here")
    with Daemon("-m", "sh", "-c", hide, sys.argv[1], "--web.listen-address=127.0.0.1:0", "--collector.systemd",
                binary="unshare", listen=(), allow=['msg="collector fails"']) as daemon:
        state, page = told(daemon)
        check(state == "unsupported" and page.success()["systemd"] == 0 and page.states()["loadavg"] == "ok",
              f"without libsystemd it is unsupported ({state})")


def scenario():
    if not shutil.which("dbus-daemon"):
        skip("no dbus-daemon here")
    folder = tempfile.mkdtemp(prefix="vitald.bus.")
    usual_rss = off()
    bus = Bus(folder)
    systemd = None
    try:
        systemd = FakeSystemd(bus)
        systemd.tell("property manager Manager Version s 252", "property manager Manager SystemState s running",
                     "unit a.service loaded active", "property a.service Service Type s simple")
        on(bus, systemd, usual_rss)
        without_library()
    finally:
        if systemd:
            systemd.end()
        bus.end()
        shutil.rmtree(folder, ignore_errors=True)


run_test(scenario, 2)
