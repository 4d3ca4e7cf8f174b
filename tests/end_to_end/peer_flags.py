#!/usr/bin/env python3
"""Which spellings of flags are taken and which are refused: the same ones as Debian's node_exporter 1.5.0 takes.

Usage: peer_flags.py VITALD            Ends with 77 where the package is not to be had.
"""
import subprocess

import peer_test
import vitald
from vitald import check, run_test

NOWHERE = "--web.listen-address=192.0.2.1:9"  # no address of this host: whoever takes the flags ends right behind them

SPELLINGS = [
    ["--collector.diskstats.device-exclude="], ["--collector.diskstats.device-exclude", ""],
    ["--collector.diskstats.device-exclude"], ["--collector.textfile.directory=[a,b]"],
    ["--collector.textfile.directory", "[a,b]"], ["--collector.textfile.directory=-x"],
    ["--collector.textfile.directory", "a", "b"], ["--collector.textfile.directory"],
    ["--collector.cpu"], ["--no-collector.cpu"], ["--collector.cpu=false"], ["--collector.cpu=true"],
    ["--collector.cpu="], ["--no-collector.cpu=true"], ["--collector.cpu", "true"],
    ["--collector.cpu", "--no-collector.cpu"], ["--collector.cpu", "--collector.cpu"],
    ["--no-collector.cpu", "--no-collector.cpu"], ["--collector.cpu.info", "--no-collector.cpu.info"],
    ["--path.procfs=/proc", "--path.procfs=/proc"], ["--no-path.procfs"], ["--path.procfs="],
    ["--web.max-requests=+5"], ["--web.max-requests=-1"], ["--web.max-requests="], ["--web.max-requests=abc"],
    ["--web.max-requests=0x10"], ["--web.max-requests=1", "--web.max-requests=1"], ["--no-web.max-requests"],
    ["--collector.ntp.max-distance=5"], ["--collector.ntp.max-distance=1h5m"], ["--collector.ntp.max-distance=1.5s"],
    ["--collector.ntp.server-port=x"], ["--log.level="], ["--log.level=debug"],
    ["--log.format=xml"], ["--coll.cpu"], ["--no-no-collector.cpu"], ["--"], ["--", "stray"], ["stray"], [""], ["-"],
    ["-x"], ["--=x"], ["-h=x"], ["@/dev/null"], ["@/not/there"], ["--web.systemd-socket=false"],
    ["--web.systemd-socket", "--no-web.systemd-socket"], ["--no-web.disable-exporter-metrics"],
    ["--collector.diskstats.device-exclude=a", "--collector.diskstats.device-include=b"],
    ["--collector.diskstats.device-exclude=", "--collector.diskstats.device-include=b"],
    ["--collector.netdev.device-exclude=a", "--collector.netdev.device-include=b"],
    ["--collector.diskstats.device-exclude=a", "--collector.diskstats.ignored-devices=b"],
]


def taken(program, words):
    """Whether the program takes the words, and what it says."""
    done = subprocess.run([program, NOWHERE, *words], capture_output=True, text=True, timeout=60)
    listens = "listen" in done.stderr and "192.0.2.1" in done.stderr and "try --help" not in done.stderr
    return listens, done.stderr.strip().splitlines()[-1:]


def scenario():
    peer = peer_test.peer_program()
    for words in SPELLINGS:
        (ours, we_say), (theirs, they_say) = taken(vitald.program, words), taken(peer, words)
        told = " ".join(words) or "an empty word"
        check(ours == theirs, f"{told}: {'taken' if ours else 'refused'}" +
              ("" if ours == theirs else f", but node_exporter does otherwise: {we_say} {they_say}"))


run_test(scenario)
