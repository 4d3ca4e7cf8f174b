#!/usr/bin/env python3
"""vitald beside Debian's node_exporter and beside the kernel's floor, in one run. Called by scripts/bench.

Absolute figures move with the machine's other load, ratios of one run hardly do: so all targets are asked in turns
(A B C D, D C B A), and medians of the turns are compared.
"""
import argparse
import glob
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import time

from target import Target, spent
from under_prometheus import cpu_a_second

COLLECTORS = "cpu diskstats filefd filesystem loadavg meminfo netdev os pressure sockstat stat time uname vmstat".split()
MIB = 1 << 20
GATES = {"CPU ratio": (10, 15), "start ratio": (2, 3), "RSS MiB": (8, 6), "probe private MiB": (1, 1)}
FULL = {"CPU ratio": (12, 15), "CPU ms a second": (0.8, 0.5)}  # where all default collectors run
MANY_INTERFACES = {"CPU ratio": (40, 60)}
FULL_FILES = ["net/netstat", "net/snmp", "net/snmp6", "net/softnet_stat", "net/stat/nf_conntrack", "schedstat",
              "sys/kernel/random/entropy_avail", "sys/kernel/random/poolsize", "sys/kernel/hung_task_detect_count",
              "sys/net/netfilter/nf_conntrack_count", "sys/net/netfilter/nf_conntrack_max"]


def read_by_these_collectors(full):
    """The files and mounts behind COLLECTORS, or behind all that are on by default, that change after boot."""
    files = ["stat", "loadavg", "meminfo", "vmstat", "diskstats", "self/mountinfo", "net/sockstat", "net/sockstat6",
             "pressure/cpu", "pressure/io", "pressure/memory", "pressure/irq", "sys/fs/file-nr"]
    files += FULL_FILES if full else []
    paths = [f"/proc/{name}" for name in files]
    paths += glob.glob("/sys/devices/system/clocksource/clocksource*/*_clocksource")
    paths += glob.glob("/sys/devices/system/cpu/cpu*/thermal_throttle/*_throttle_count")
    skipped = re.compile(r"^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)")
    virtual = "autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs fusectl hugetlbfs mqueue nsfs " \
              "overlay proc procfs pstore rpc_pipefs securityfs selinuxfs squashfs sysfs tracefs".split()
    with open("/proc/self/mountinfo") as text:
        for line in text:
            left, right = line.split(" - ", 1)
            mount, kind = left.split()[4], right.split()[0]
            if kind not in virtual and not skipped.match(mount) and os.path.isdir(mount):
                paths.append(mount)
    return [path for path in dict.fromkeys(paths) if os.access(path, os.R_OK)]


def samples(body, start=b""):
    return sum(line.startswith(start) and not line.startswith(b"#") for line in body.splitlines() if line)


def readings(body):
    found = re.search(rb"^vitald_readings_total (\S+)", body, re.M)
    return int(float(found.group(1))) if found else None


def text_of(target, kind):
    body = target.scrape(kind)
    return gzip.decompress(body) if kind == "gzip" else body


def back_to_back(targets, kind, turns, count):
    """{name: [CPU us a scrape, one for each turn]}; tells as well how often vitald read while it was asked."""
    costs, below, read = {t.name: [] for t in targets}, {t.name: [] for t in targets}, []
    for turn in range(turns):
        for target in targets if turn % 2 == 0 else reversed(targets):
            for _ in range(10):
                target.scrape(kind)  # warm again after the others' turns
            first = readings(text_of(target, kind))
            before = target.cpu()
            for _ in range(count):
                target.scrape(kind)
            after = target.cpu()
            whole, others = spent(before, after)
            costs[target.name].append(whole / count / 1000)
            below[target.name].append(others / count / 1000)
            if target.name == "vitald":
                last = readings(text_of(target, kind))
                read.append(None if first is None else last - first - 1)
    return costs, below, [n == count for n in read]


def once_a_second(targets, kind, seconds):
    """CPU us a scrape with caches as cold as a real Prometheus leaves them; all that is spent between counts."""
    before = {t.name: t.cpu() for t in targets}
    began = time.monotonic()
    for second in range(seconds):
        for at, target in enumerate(targets if second % 2 == 0 else targets[::-1]):
            time.sleep(max(0, began + second + at / len(targets) - time.monotonic()))
            target.scrape(kind)
    time.sleep(max(0, began + seconds - time.monotonic()))
    done = {t.name: spent(before[t.name], t.cpu()) for t in targets}
    return ({name: [whole / seconds / 1000] for name, (whole, _) in done.items()},
            {name: [others / seconds / 1000] for name, (_, others) in done.items()})


def by_collector(target, count):
    """{collector: median us of its reading}, as the daemon tells it."""
    told = {}
    for _ in range(count):
        page = target.scrape("plain").decode()
        for name, seconds in re.findall(r'^node_scrape_collector_duration_seconds\{collector="(\w+)"\} (\S+)$', page, re.M):
            told.setdefault(name, []).append(float(seconds) * 1e6)
    return {name: statistics.median(times) for name, times in told.items()}


def tell_by_collector(report, daemons, count=30):
    """Where the microseconds go: wall time of each collector's reading; the slow reader's run beside the others."""
    tables = {t.name: by_collector(t, count) for t in daemons}
    report.figures["us by collector"] = tables
    print(f"\n{'us by collector (wall time)':34}" + "".join(f"{t.name:>16}" for t in daemons))
    ours = tables["vitald"]
    for name in sorted(ours, key=ours.get, reverse=True):
        print(f"  {name:32}" + "".join(f"{tables[t.name].get(name, float('nan')):>16,.0f}" for t in daemons))


def start_times(targets, count):
    """[(ms to the first 200, CPU ms of the process until there)], in turns."""
    found = {t.name: [] for t in targets}
    for turn in range(count):
        for target in targets if turn % 2 == 0 else reversed(targets):
            wall, cpu = target.first_answer()
            found[target.name].append((wall * 1000, cpu * 1000))
            target.stop()
    return found


def idle(targets, seconds):
    time.sleep(1)
    switches, cpu = {t.name: t.switches() for t in targets}, {t.name: t.cpu() for t in targets}
    time.sleep(seconds)
    return {t.name: {"wake_ups": t.switches() - switches[t.name],
                     "cpu_us": spent(cpu[t.name], t.cpu())[0] / 1000} for t in targets}


def memory_after(target, kind, scrapes):
    for _ in range(scrapes):
        target.scrape(kind)
    all_of_it = target.memory()
    main = all_of_it.pop(target.pid)
    return {"main": main, "children": list(all_of_it.values())}


class Report:
    def __init__(self, names):
        self.names, self.figures, self.gates, self.failed = names, {}, [], False
        print(f"{'':34}" + "".join(f"{name:>16}" for name in names) + f"{'peer / ours':>13}")

    def row(self, what, values, form="{:,.0f}", ratio=True):
        """`values` by name: numbers, or lists whose median is shown."""
        self.figures[what] = values
        middle = {n: statistics.median(v) if isinstance(v, list) else v for n, v in values.items()}
        cells = "".join(f"{form.format(middle[n]) if n in middle else '-':>16}" for n in self.names)
        ours, peer = middle.get("vitald"), middle.get("node_exporter")
        factor = peer / ours if ratio and ours and peer else None
        print(f"{what:34}{cells}{f'{factor:.1f}' if factor else '':>13}", flush=True)
        return factor

    def spread(self, what, values):
        """How far the middle half of the turns lies apart."""
        quarters = {name: statistics.quantiles(turns) for name, turns in values.items()}
        self.row(what, {name: (q[2] - q[0]) / q[1] * 100 for name, q in quarters.items()}, "{:.0f} %", ratio=False)

    def gate(self, kind, what, value, at_least):
        limit, goal = GATES[kind]
        good = (lambda bound: value is not None and (value >= bound if at_least else value <= bound))
        verdict = "goal met" if good(goal) else "met" if good(limit) else "MISSED"
        self.failed |= verdict == "MISSED"
        shown = "-" if value is None else f"{value:.1f}"
        self.gates.append({"what": what, "value": value, "gate": limit, "goal": goal, "verdict": verdict})
        print(f"  {what:44}{shown:>8}   gate {'>=' if at_least else '<='} {limit}, goal {goal}:  {verdict}")

    def claim(self, what, holds):
        self.failed |= not holds
        self.gates.append({"what": what, "verdict": "holds" if holds else "MISSED"})
        print(f"  {what}:  {'holds' if holds else 'MISSED'}")


def cost(report, ratios, fresh, how, kind, found):
    costs, below, *read = found
    ratios[f"CPU, {kind}, {how}"] = report.row(f"CPU us a scrape, {kind}, {how}", costs)
    in_children = {name: costs for name, costs in below.items() if any(costs)}
    if in_children:
        report.row("  of that in its children", in_children, ratio=False)
    if read:
        report.spread("  spread of the turns", costs)
        fresh += read[0]


def measure(options, report, targets):
    daemons = [t for t in targets if t.name in ("vitald", "node_exporter")]
    starts = start_times(targets, options.starts)
    report.row("start to first 200, ms", {n: [w for w, _ in v] for n, v in starts.items()}, "{:.1f}")
    report.row("  CPU to there, ms", {n: [c for _, c in v] for n, v in starts.items()}, "{:.1f}")

    for target in targets:
        target.first_answer()
    for kind in ("plain", "gzip"):
        bodies = {t.name: t.scrape(kind) for t in targets}
        report.row(f"bytes, {kind}", {n: len(b) for n, b in bodies.items()}, ratio=False)
        if kind == "plain":
            report.row("samples", {t.name: samples(bodies[t.name]) for t in daemons}, ratio=False)
            report.row("  of them node_*", {t.name: samples(bodies[t.name], b"node_") for t in daemons}, ratio=False)

    ratios, fresh = {}, []
    for kind in ("plain", "gzip"):
        cost(report, ratios, fresh, "back to back", kind,
             back_to_back(targets, kind, options.turns, options.count))
    for kind in ("plain", "gzip"):
        cost(report, ratios, fresh, "1/s", kind, once_a_second(targets, kind, options.seconds))

    scraped = cpu_a_second(options.prometheus, targets, options.seconds) if options.prometheus else {}
    if scraped:
        ratios["CPU under Prometheus at 1 s"] = report.row("CPU ms a second, Prometheus at 1 s", scraped, "{:.2f}")

    asked = 2 * options.turns * (options.count + 11)
    for target in daemons:  # at least 1,000 in all
        target.after = memory_after(target, "gzip", max(0, 1000 - asked))
    for size in ("rss", "pss"):
        report.row(f"{size.upper()} MiB after {max(1000, asked):,} scrapes",
                   {t.name: t.after["main"][size] / MIB for t in daemons}, "{:.2f}")
    for size in ("rss", "pss", "private"):
        sums = {t.name: sum(c[size] for c in t.after["children"]) / MIB for t in daemons if t.after["children"]}
        if sums:
            report.row(f"  children of it: {size}", sums, "{:.2f}", ratio=False)

    quiet = idle(daemons, options.idle)
    report.row(f"wake-ups in {options.idle} idle s", {n: v["wake_ups"] for n, v in quiet.items()}, ratio=False)
    report.row("  CPU us meanwhile", {n: v["cpu_us"] for n, v in quiet.items()}, ratio=False)

    tell_by_collector(report, daemons)
    print("\nGates")
    for what, ratio in ratios.items():
        report.gate("CPU ratio", f"{what}: times less", ratio, at_least=True)
    if scraped:
        report.gate("CPU ms a second", "CPU ms a second under Prometheus at 1 s", scraped["vitald"], at_least=False)
    first = {t.name: statistics.median(w for w, _ in starts[t.name]) for t in daemons}
    report.gate("start ratio", "start to first 200: times less", first["node_exporter"] / first["vitald"], at_least=True)
    ours = next(t for t in daemons if t.name == "vitald").after
    if not options.interfaces:
        report.gate("RSS MiB", "RSS in MiB", ours["main"]["rss"] / MIB, at_least=False)
    for child in ours["children"]:
        report.gate("probe private MiB", "a child's own memory in MiB", child["private"] / MIB, at_least=False)
    report.claim("every scrape of vitald was a fresh reading (vitald_readings_total)", bool(fresh) and all(fresh))


def add_interfaces(count):
    """This program goes on in a network name space of its own, which has that many ends of veth pairs."""
    inside = "VITALD_BENCH_INSIDE"
    if not os.environ.get(inside):
        os.environ[inside] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv])
    # /sys/class/net shows the name space that /sys was mounted in
    subprocess.run(["mount", "-t", "sysfs", "sysfs", "/sys"], check=True)
    pairs = range((count + 1) // 2)
    lines = ["link set lo up", *(f"link add va{i} type veth peer name vb{i}" for i in pairs),
             *(f"link set v{end}{i} up" for i in pairs for end in "ab")]
    subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)


def prepared(options):
    """The targets in their order. The floor answers with what vitald answers, so it is written first."""
    os.makedirs(options.folder, exist_ok=True)
    for log in glob.glob(f"{options.folder}/*.log"):
        os.unlink(log)
    chosen = [] if options.full else ["--collector.disable-defaults", *(f"--collector.{name}" for name in COLLECTORS)]
    vitald = Target("vitald", lambda port: [options.vitald, f"--web.listen-address=127.0.0.1:{port}",
                                            "--web.freshness=0", *chosen, *options.flag], options.folder)
    peer = Target("node_exporter", lambda port: [options.peer, f"--web.listen-address=127.0.0.1:{port}", *chosen,
                                                 *options.peer_flag], options.folder)
    vitald.first_answer()
    bodies = []
    for kind in ("plain", "gzip"):
        bodies.append(f"{options.folder}/body.{kind}")
        with open(bodies[-1], "wb") as file:
            file.write(vitald.scrape(kind))
    vitald.stop()
    paths = read_by_these_collectors(options.full)
    return [vitald, peer,
            Target("floor: HTTP", lambda port: [options.floor, port, *bodies], options.folder),
            Target("floor: +reads", lambda port: [options.floor, port, *bodies, *paths], options.folder)]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute at most, for a first impression")
    parser.add_argument("--full", action="store_true", help="all collectors that are on by default, on both sides")
    parser.add_argument("--interfaces", type=int, default=0, metavar="COUNT",
                        help="with that many network interfaces more, in a name space of our own (needs root)")
    parser.add_argument("--json", metavar="FILE", help="write all figures there, single turns included")
    parser.add_argument("--vitald", default="build/release/vitald", help="another binary to measure")
    parser.add_argument("--flag", action="append", default=[], help="one more flag for vitald")
    parser.add_argument("--peer-flag", action="append", default=[], help="one more flag for node_exporter")
    parser.add_argument("--prometheus", metavar="PROGRAM", help="a Prometheus that scrapes both for a while, too")
    parser.add_argument("--peer", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--floor", default="build/release/floor", help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="build/bench", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = dict(starts=3, turns=6, count=30, seconds=4, idle=3) if options.quick else \
        dict(starts=9, turns=20, count=50, seconds=20, idle=10)
    vars(options).update(sizes)

    if options.full:
        GATES.update(FULL)
    if options.interfaces:
        GATES.update(MANY_INTERFACES)
        add_interfaces(options.interfaces)
    targets = prepared(options)
    report = Report([t.name for t in targets])
    try:
        measure(options, report, targets)
    finally:
        for target in targets:
            target.stop()
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"sizes": sizes, "load": os.getloadavg(), "kernel": os.uname().release,
                       "figures": report.figures, "gates": report.gates}, file, indent=1)
    return report.failed


if __name__ == "__main__":
    sys.exit(main())
