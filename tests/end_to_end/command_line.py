#!/usr/bin/env python3
"""The command line as a user meets it: what is shown, refused and warned about, where it listens, how it ends.

Usage: command_line.py VITALD
"""
import json
import os
import re
import signal
import socket
import subprocess

import vitald
from vitald import Daemon, check, get, run_test

usage, unavailable = 64, 69


def ends(*flags):
    """Status, stdout and stderr of a run that is to end by itself; one that goes on has status None."""
    try:
        done = subprocess.run([vitald.program, *flags], capture_output=True, text=True, timeout=5)
    except subprocess.TimeoutExpired:
        return None, "", ""
    return done.returncode, done.stdout, done.stderr


def refused(*flags, says, status=usage):
    """Refused with one line of reason (and one that points to --help), which says what is wrong."""
    code, out, err = ends(*flags)
    lines = [line for line in err.splitlines() if line != "vitald: try --help"]
    good = code == status and out == "" and len(lines) == 1 and says in lines[0]
    check(good, f"{' '.join(flags)}: {status}, {says!r}" + ("" if good else f", but: {code} {out!r} {err!r}"))


# ---- what is shown
def shown():
    code, out, err = ends("--version")
    check(code == 0 and err == "" and re.match(r"vitald, version \d+\.\d+\.\d+ ", out), "--version: " + repr(out))
    for flag in ("--help", "-h"):
        code, out, err = ends(flag)
        widest = max(map(len, out.splitlines()))
        check(code == 0 and err == "" and widest <= 80, f"{flag}: status {code}, widest line {widest}")
        flags = ("--web.listen-address", "--[no-]collector.loadavg", "--collector.diskstats.device-exclude")
        check(all(name in out for name in flags), f"{flag} names general and collectors' flags")
        check(" \n" not in out and out.endswith("\n"), f"{flag} has no blanks at the ends of lines")


# ---- what is refused
def refusals():
    refused("--collector.lodavg", says="unknown flag --collector.lodavg, did you mean --collector.loadavg?")
    refused("--web.listen-adress=:1", says="did you mean --web.listen-address?")
    refused("--no-collector.cpuu", says="did you mean --no-collector.cpu?")
    refused("stray", says='unexpected word "stray"')
    refused("--web.listen-address", says="needs a value")
    refused("--no-collector.cpu=true", says="takes no value")
    refused("--collector.diskstats.device-exclude=(", says="--collector.diskstats.device-exclude=(: missing )")
    refused("--web.freshness=soon", says="it is not a duration")
    refused("--web.freshness=-1s", says="it must not be negative")
    refused("--collector.filesystem.mount-timeout=5", says="it is not a duration")
    refused("--collector.deadline=0", says="it must be at least")
    refused("--web.listen-address=127.0.0.1:99999", says="the port is not a number")
    refused("--web.listen-address=127.0.0.1", says="the port is missing")
    refused("--web.listen-address=::1:9100", says="an IPv6 address stands in brackets")
    refused("--log.level=loud", says="it must be debug, info, warn or error")
    refused("--path.procfs=", says="it must not be empty")
    for path in ("/api/v1/collectors", "/api/m", "/-/healthy", "/-/m"):
        refused(f"--web.telemetry-path={path}", says="the daemon's own pages are there")
    refused("--web.telemetry-path=m", says="it must begin with a slash")


def contradictions():
    for collector in ("diskstats", "netdev"):
        name = f"--collector.{collector}.device-"
        refused(f"{name}include=a", f"{name}exclude=b", says="exclude each other")
    refused("--collector.cpu", "--no-collector.cpu", says="--collector.cpu is given more than once")
    refused("--web.freshness=1s", "--web.freshness=1s", says="is given more than once")
    code, _, err = ends("--web.freshness=x", "--nonsense", "--log.level=y")
    check(code == usage and len(err.splitlines()) == 4, f"all faults are told at once: {err!r}")


def taken_ports():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        refused(f"--web.listen-address={address}", status=unavailable,
                says=f'msg="cannot listen" address={address} reason="Address already in use"')
    refused("--web.listen-address=192.0.2.1:0", status=unavailable, says="Cannot assign requested address")


# ---- which collectors
def collectors():
    allow = ['level=WARN msg="--collector.drbd asks for a collector that is not in this build"']
    with Daemon("--collector.drbd", allow=allow) as daemon:
        page = daemon.page()
        check(daemon.said().count("drbd") == 1, "--collector.drbd: one warning")
        check(page.value("vitald_flag_unsupported", flag="collector.drbd") == 1, "it shows as unsupported flag")
        check(page.value("node_scrape_collector_success", collector="drbd") == 0, "and as failing collector")
        check(page.value("vitald_collector_state", collector="drbd", state="unsupported") == 1, "and its state")
        check(page.failing() == {"drbd"}, f"all others work {page.failing()}")
        everyone = set(page.success()) - {"drbd"}
    with Daemon("--no-collector.drbd") as daemon:
        check("drbd" not in daemon.page().text, "--no-collector.drbd: nothing is said of it")
    with Daemon("--no-collector.cpu") as daemon:
        page = daemon.page()
        check(set(page.success()) == everyone - {"cpu"}, "--no-collector.cpu: all others are left")
        check("node_cpu_" not in page.text, "without its samples")
        check(daemon.get("/metrics?collect[]=cpu").status == 400, "and it cannot be asked for")
    with Daemon("--collector.disable-defaults", "--collector.loadavg") as daemon:
        page = daemon.page()
        check(page.success() == {"loadavg": 1}, f"--collector.disable-defaults --collector.loadavg: {page.success()}")
        names = {name for name in page.families if name.startswith("node_")}
        check(names == {"node_load1", "node_load5", "node_load15", "node_scrape_collector_success",
                        "node_scrape_collector_duration_seconds"} | (names & {"node_exporter_build_info"}),
              f"just its families: {sorted(names)}")
    with Daemon("--collector.disable-defaults", "--web.disable-exporter-metrics") as daemon:
        check(daemon.page().success() == {}, "--collector.disable-defaults alone: no collector")


# ---- where it listens
def addresses():
    with Daemon(listen=("127.0.0.1:0", "127.0.0.1:0")) as daemon:
        check(len(set(daemon.ports)) == 2, f"--web.listen-address twice: two ports")
        check(all(get(port).status == 200 for port in daemon.ports), "and both answer")
    ipv6 = has_ipv6()
    if ipv6:
        with Daemon(listen=("[::1]:0",)) as daemon:
            check(get(daemon.port, host="::1").status == 200, "[::1] answers")
            check(not reachable("127.0.0.1", daemon.port), "and 127.0.0.1 does not")
    else:
        print("     no IPv6 here")
    with Daemon(listen=(":0",)) as daemon:
        for host in ("127.0.0.1", "::1") if ipv6 else ("127.0.0.1",):
            check(get(daemon.port, host=host).status == 200, f":port answers on {host}")
    code, _, err = ends("--web.listen-address=127.0.0.1:0", f"--web.listen-address=192.0.2.1:0")
    check(code == unavailable and "192.0.2.1" in err, "one address of two that fails ends it")


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
            return True
    except OSError:
        return False


def reachable(host, port):
    try:
        socket.create_connection((host, port), timeout=1).close()
        return True
    except OSError:
        return False


# ---- pages, paths and the log
def paths():
    with Daemon("--web.telemetry-path=/m") as daemon:
        check(daemon.page("/m").success(), "--web.telemetry-path=/m: the page is there")
        check(daemon.get("/metrics").status == 404, "and not at /metrics")
        check('href="/m"' in daemon.get("/").text(), "and the landing page leads to it")
    root_folder()


def inner_mount():
    """A mount point below a folder that is not the root, and whose size may be asked."""
    with open("/proc/self/mountinfo") as table:
        for line in table:
            point, kind = line.split()[4], line.split(" - ")[1].split()[0]
            if kind in ("tmpfs", "ext4", "xfs", "btrfs") and os.path.dirname(point) != "/" and "\\" not in point:
                return point
    return None


def root_folder():
    point = inner_mount()
    if not point or not os.path.isdir(point):
        return print("     no mount to try --path.rootfs with")
    root, name = os.path.split(point)
    about = os.statvfs(point)
    with Daemon(f"--path.rootfs={root}/", "--collector.filesystem.mount-points-exclude=^$") as daemon:
        sizes = {labels["mountpoint"]: value for told, labels, value in daemon.page().samples
                 if told == "node_filesystem_size_bytes"}
        check(sizes.get("/" + name) == about.f_blocks * about.f_frsize,
              f"--path.rootfs={root}: {point} is /{name}, with its size {sizes.get('/' + name)}")
        check(point not in sizes, f"and not {point}")


def log():
    with Daemon("--log.format=json", "--collector.drbd", "--runtime.gomaxprocs=2", allow=['"WARN"']) as daemon:
        daemon.end()
        lines = [json.loads(line) for line in daemon.said().splitlines()]
        check(all({"time", "level", "msg"} <= line.keys() for line in lines), f"--log.format=json: {len(lines)} lines")
        told = [line["msg"] for line in lines]
        check(told[-3:] == ["listening", "ready", "ending"] and len(told) == 5, f"in order: {told}")


def endings():
    for how in (signal.SIGTERM, signal.SIGINT):
        with Daemon() as daemon:
            daemon.page()
            daemon.end(how)
    with Daemon() as daemon, socket.create_connection(("127.0.0.1", daemon.port)) as idle:
        idle.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
        idle.recv(4096)
        daemon.end()


def scenario():
    for part in (shown, refusals, contradictions, taken_ports, collectors, addresses, paths, log, endings):
        print("----", part.__name__.replace("_", " "))
        part()


run_test(scenario)
