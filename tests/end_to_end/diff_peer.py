#!/usr/bin/env python3
"""vitald diff between the daemon and Debian's node_exporter 1.5.0 on this very host, both with the same flags: nothing is
lost, and no difference is without a reason.

Usage: diff_peer.py VITALD            Ends with 77 where the package is not to be had.
"""
import json
import os
import re
import subprocess

import peer_test
import vitald
from vitald import Daemon, check, comes, free_port, get, run_test


def flags(collectors):
    return ["--collector.disable-defaults", *(f"--collector.{name}" for name in sorted(collectors)),
            *(f"--{flag}={value}" for flag, value in peer_test.SAME_DEFAULTS.items()
              if flag.split(".")[1] in collectors),
            f"--collector.textfile.directory={os.path.dirname(os.path.abspath(__file__))}"]  # without text files


def answers(port):
    try:
        return get(port).status == 200
    except OSError:
        return False


def compared(peer, collectors):
    port = free_port()
    other = subprocess.Popen([peer, f"--web.listen-address=127.0.0.1:{port}", "--log.level=error", *flags(collectors)],
                             stderr=subprocess.DEVNULL)
    try:
        with Daemon(*flags(collectors)) as daemon:
            check(comes(lambda: answers(port), 20), "node_exporter answers")
            command = [vitald.program, "diff", "--json", "--strict", f"http://127.0.0.1:{daemon.port}/metrics",
                       f"http://127.0.0.1:{port}/metrics"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            check(not done.stderr, f"it complains of nothing {done.stderr}")
            return done.returncode, json.loads(done.stdout)
    finally:
        other.terminate()
        other.wait(5)


def scenario():
    peer = peer_test.peer_program()
    told = subprocess.run([peer, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    known = set(re.findall(r"^ *--(?:\[no-\])?collector\.([a-z0-9_]+)\s", told, re.M))
    with Daemon() as daemon:
        ours = {each["name"] for each in json.loads(daemon.get("/api/v1/collectors").text())["data"] if each["on"]}
    check(len(ours & known) >= 12, f"they have {len(ours & known)} collectors in common")
    status, said = compared(peer, ours & known)
    without_reason = [f'{each["what"]} {each["family"]} {each["detail"]}' for each in said["findings"]
                      if not each["explained"]]
    check(said["theirs"][0]["version"] == "1.5.0" and said["theirs"][0]["series"] > 100, "node_exporter's page is read")
    check(not without_reason, f"every difference has a reason {without_reason}")
    check(status == 0, f"nothing is lost, status {status}")
    print(len(said["findings"]), "differences, all with a reason;", said["ours"]["series"], "series")


run_test(scenario)
