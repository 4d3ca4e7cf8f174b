#!/usr/bin/env python3
"""The daemon as a service of a real systemd, in its hardened unit.

Usage: service.py VITALD FROZEN_FUSE
As root. Ends with 77 where no machine can be booted (systemd-nspawn, mmdebstrap).
"""
import os
import re
import signal
import subprocess
import time

import vitald
from machine import Machine, source
from vitald import Page, check, children, comes, run_test, with_own_mounts

units = f"{source}/systemd"
url = "http://127.0.0.1:9100"
# Not of the host, but of who asks, when, and as which process.
own = re.compile(r"vitald_|process_|node_scrape_collector_duration|node_exporter_build_info")


def boots(folder, frozen_fuse):
    files = {"/usr/bin/vitald": vitald.program, "/usr/local/bin/frozen_fuse": frozen_fuse,
             "/etc/vitald/vitald.yaml": f"{source}/config/vitald.yaml",
             "/usr/lib/sysusers.d/vitald.conf": f"{units}/vitald.sysusers",
             "/etc/systemd/system/vitald.service": f"{units}/vitald.service",
             "/etc/systemd/system/vitald.socket": f"{units}/vitald.socket"}
    return Machine(folder, files, [vitald.program, frozen_fuse])


def drop_in(machine, name, text):
    machine.write(f"/etc/systemd/system/vitald.service.d/{name}.conf", f"[Service]\n{text}\n")
    machine.systemctl("daemon-reload")


def main_pid(machine):
    return machine.shows("vitald", "MainPID")


def is_active(machine):
    return machine.shows("vitald", "ActiveState") == "active"


def first_request(machine):
    """The socket alone is there: who asks first starts the daemon, and is answered."""
    machine.systemctl("start", "vitald.socket")
    check(not is_active(machine), "only the socket is there")
    asked = [subprocess.Popen(["nsenter", "-t", machine.leader, "-n", "curl", "-sf", "-m", "20", f"{url}/metrics"],
                              stdout=subprocess.PIPE, text=True) for _ in range(5)]
    pages = [one.communicate()[0] for one in asked]
    whole = [Page(page).success() for page in pages]
    check(all(whole), f"all of the {len(pages)} first requests at once are answered by the daemon that they start")
    check(comes(lambda: is_active(machine), 10), "which is active then")
    status = machine.shows("vitald", "StatusText")
    check("collectors" in status and "9100" in status, f"and tells systemd how it is: {status!r}")
    path = f"/proc/{machine.leader}/root/run/vitald/vitald.sock"
    body = machine.get("http://localhost/-/ready", "--unix-socket", path)
    check(body == "ready\n", "the Unix socket answers, too")
    remarks = machine.run("systemd-analyze", "verify", "--man=no", "vitald.service", "vitald.socket").stderr
    check("vitald" not in remarks, f"systemd has nothing to remark on the units: {remarks.strip()!r}")


def strange_mounts(machine):
    """What a sandbox may hide or show wrongly."""
    for folder, options in (("/home/mounted", "size=1m"), ("/tmp/mounted", "size=2m"), ("/srv", "size=3m,ro"),
                            ("/var/tmp/mounted", "size=4m"), ("/root/mounted", "size=5m")):
        machine.run("mkdir", "-p", folder)
        machine.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder)
    machine.run("chmod", "755", "/root")


def series(page):
    return {(name, tuple(sorted(labels.items()))) for name, labels, _ in page.samples if not own.match(name)}


def values(page, pattern):
    return {(name, tuple(sorted(labels.items()))): value for name, labels, value in page.samples
            if re.fullmatch(pattern, name)}


def same_as_outside(machine):
    """Every collector shows in the unit what it shows to the same user without any sandbox."""
    strange_mounts(machine)
    machine.run("hostname", "renamed")  # after the unit has started
    machine.run("systemd-run", "--quiet", "--unit=outside", "--property=User=vitald", "/usr/bin/vitald",
                "--web.listen-address=127.0.0.1:9101")
    check(comes(lambda: machine.get("http://127.0.0.1:9101/-/ready"), 15), "a daemon without a sandbox runs beside it")
    for attempt in range(3):  # a mount or a connection may come and go between two scrapes
        inside, outside = (Page(machine.get(f"http://127.0.0.1:{port}/metrics")) for port in (9100, 9101))
        if series(inside) == series(outside):
            break
    lost, more = series(outside) - series(inside), series(inside) - series(outside)
    check(len(series(outside)) > 300, f"it shows {len(series(outside))} series")
    check(not lost and not more, f"the unit shows the same: lost {sorted(lost)[:9]}, more {sorted(more)[:9]}")
    check(inside.states() == outside.states(), "and every collector is in the same state")
    check(inside.states().get("timex") == "ok", "the clock's state can be read")
    for pattern in ("node_filesystem_(size_bytes|readonly|device_error|files)", "node_uname_info", "node_os_info"):
        ours, theirs = values(inside, pattern), values(outside, pattern)
        odd = {key: (ours.get(key), theirs.get(key)) for key in ours.keys() | theirs.keys()
               if ours.get(key) != theirs.get(key)}
        check(ours and not odd, f"{pattern}: {len(ours)} values are the same {odd}")
    check('nodename="renamed"' in inside.text, "a new host name is seen")
    machine.systemctl("stop", "outside")


def failures(machine):
    """It comes back after a crash, not after a wrong command line."""
    before = main_pid(machine)
    machine.systemctl("kill", "--signal=KILL", "vitald")
    check(comes(lambda: main_pid(machine) not in ("0", before) and is_active(machine), 15),
          "killed, it is started again")
    machine.write("/etc/default/vitald", "ARGS=--web.telemetry-path=metrics\n")
    machine.systemctl("restart", "vitald")
    time.sleep(2)  # longer than RestartSec
    state, status, restarts = machine.shows("vitald", "ActiveState", "ExecMainStatus", "NRestarts")
    check((state, status, restarts) == ("failed", "64", "0"),
          f"a wrong command line is not tried again {state, status, restarts}")
    machine.write("/etc/default/vitald", "ARGS='--no-collector.arp --log.level=debug'\n")
    machine.systemctl("reset-failed", "vitald", "vitald.socket")
    machine.systemctl("start", "vitald.socket", "vitald")
    page = Page(machine.get(f"{url}/metrics"))
    check(is_active(machine) and page.success() and "arp" not in page.success(), "mended, it runs with its ARGS")


def watchdog(machine):
    """A daemon that does nothing any more is killed and started again; one that works is left alone."""
    drop_in(machine, "watchdog", "WatchdogSec=2s")
    machine.systemctl("restart", "vitald")
    before = main_pid(machine)
    time.sleep(5)
    check(main_pid(machine) == before and is_active(machine), "it answers the watchdog")
    restarts = int(machine.shows("vitald", "NRestarts"))
    machine.systemctl("kill", "--kill-who=main", "--signal=STOP", "vitald")
    check(comes(lambda: main_pid(machine) not in ("0", before) and is_active(machine), 30),
          "stopped, it is killed and started again")
    check(int(machine.shows("vitald", "NRestarts")) == restarts + 1, "once")
    told = [entry["MESSAGE"] for entry in machine.journal("vitald") if "Watchdog timeout" in str(entry["MESSAGE"])]
    check(told, f"and systemd says why: {told}")
    check(machine.get(f"{url}/-/ready") == "ready\n", "it serves again")


def restarts(machine):
    """Whoever asks meanwhile waits a little; the socket is systemd's."""
    asked = subprocess.Popen(["nsenter", "-t", machine.leader, "-n", "/bin/bash", "-c",
                              f"for i in $(seq 60); do curl -sf -m 10 -o /dev/null {url}/-/healthy || echo lost $?; "
                              "sleep 0.05; done"], stdout=subprocess.PIPE, text=True)
    for _ in range(3):
        machine.systemctl("restart", "vitald")
    lost = asked.communicate()[0].split("\n")[:-1]
    check(not lost, f"three restarts, and none of 60 requests is lost {lost}")


def frozen_mount(machine):
    """A probe that hangs does not hold up a restart."""
    machine.run("mkdir", "-p", "/mnt/frozen")
    entered = machine.start("/usr/local/bin/frozen_fuse", "/mnt/frozen")
    mounted = lambda: machine.run("mountpoint", "-q", "/mnt/frozen").returncode == 0
    if not comes(mounted, 10):
        return print("     FUSE does not mount here: no frozen mount")
    check(Page(machine.get(f"{url}/metrics")).text.count('mountpoint="/mnt/frozen"') > 2, "the mount is seen")
    served_by = int(next(iter(children(entered.pid))))
    os.kill(served_by, signal.SIGUSR1)
    marked = lambda: "mountpoint timeout" in machine.get(f"{url}/metrics")
    check(comes(marked, 10), "then it freezes, and is marked")
    start = time.monotonic()
    done = machine.systemctl("restart", "vitald")
    took = time.monotonic() - start
    check(done.returncode == 0 and is_active(machine) and took < 15, f"restarted and active after {took:.1f} s")
    page = machine.get(f"{url}/metrics")
    check(page and "mountpoint timeout" in page, "and it serves, with the mount marked")
    os.kill(served_by, signal.SIGUSR2)
    machine.run("umount", "-l", "/mnt/frozen")


def journal(machine):
    """The log has its levels and fields, not lines to be parsed."""
    told = [entry for entry in machine.journal("vitald") if entry.get("VITALD_ADDRESS") == "[::]:9100"]
    fields = {(entry["PRIORITY"], entry["SYSLOG_IDENTIFIER"], entry["_SYSTEMD_UNIT"]) for entry in told}
    check(fields == {("6", "vitald", "vitald.service")}, f"where it listens is a field of the journal {fields}")


def reloads(machine):
    """A reload takes effect; a broken configuration does not, and is told; the process is the same."""
    before = main_pid(machine)
    successful = lambda: Page(machine.get(f"{url}/metrics")).value("vitald_config_last_reload_successful")
    steps = (("collector.loadavg: false\n", 1, "collectors, listening"), ("collector.loadavg: maybe\n", 0, "refused"),
             ("# nothing\n", 1, "collectors, listening"))
    for text, expected, status in steps:
        machine.write("/etc/vitald/conf.d/test.yaml", text)
        done = machine.systemctl("reload", "vitald")
        took = comes(lambda: successful() == expected and status in machine.shows("vitald", "StatusText"), 15)
        check(done.returncode == 0 and took, f"{text.strip()!r}: {machine.shows('vitald', 'StatusText')!r}")
        on = "loadavg" in Page(machine.get(f"{url}/metrics")).success()
        check(on == (text == "# nothing\n"), f"loadavg is {'on' if on else 'off'}")
    check(comes(lambda: is_active(machine), 15) and main_pid(machine) == before, "it was the same process all the time")


def moves(machine):
    """Another port is a matter of the socket."""
    machine.write("/etc/systemd/system/vitald.socket.d/port.conf", "[Socket]\nListenStream=\nListenStream=9200\n")
    machine.systemctl("daemon-reload")
    done = machine.systemctl("restart", "vitald.socket")
    check(done.returncode == 0 and comes(lambda: machine.get("http://127.0.0.1:9200/-/ready") == "ready\n", 10),
          f"the socket is restarted with another port, and the daemon with it {done.stderr.strip()}")
    check(machine.get(f"{url}/-/ready", seconds=3) is None, "the old port is free")


def stops(machine):
    start = time.monotonic()
    machine.systemctl("stop", "vitald.socket", "vitald")
    took = time.monotonic() - start
    state, result, status = machine.shows("vitald", "ActiveState", "Result", "ExecMainStatus")
    check(took < 5 and (state, result, status) == ("inactive", "success", "0"),
          f"stopped after {took:.1f} s {state, result, status}")
    check(machine.get("http://127.0.0.1:9200/-/ready", seconds=3) is None, "nobody listens then")


def scenario(folder):
    with boots(folder, os.path.abspath(vitald.sys.argv[2])) as machine:
        first_request(machine)
        same_as_outside(machine)
        failures(machine)
        watchdog(machine)
        restarts(machine)
        frozen_mount(machine)
        journal(machine)
        reloads(machine)
        moves(machine)
        stops(machine)


run_test(lambda: with_own_mounts(scenario), 2)
