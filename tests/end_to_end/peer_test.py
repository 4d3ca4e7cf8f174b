#!/usr/bin/env python3
"""vitald beside Debian's node_exporter 1.5.0, on the machines of tests/hosts and with the same flags: every series
(name, labels, value, type) is the same, or the difference is one of EXPLAINED; what explains nothing is a fault too.

Usage: peer_test.py VITALD            Ends with 77 where the package is not to be had.
"""
import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HOSTS = os.path.join(SOURCE, "tests", "hosts")
COLLECTORS = ("arp bcache bonding btrfs conntrack cpu cpufreq diskstats dmi edac entropy fibrechannel filefd "
              "filesystem hwmon infiniband ipvs loadavg mdadm meminfo netclass netdev netstat nfs nfsd nvme os "
              "powersupplyclass pressure rapl schedstat selinux sockstat softnet stat tapestats textfile time timex "
              "udp_queues vmstat xfs zfs").split()
QUIET = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # free space there seldom changes between two scrapes
SWITCHES = {"collector.netdev.netlink", "collector.netdev.label-ifalias", "collector.cpu.info", "collector.cpu.guest",
            "collector.stat.softirq", "collector.netdev.enable-detailed-metrics", "collector.bcache.priorityStats",
            "collector.rapl.enable-zone-label"}
NOT_IN_1_5 = {"collector.netdev.label-ifalias"}  # given to vitald alone
SAME_DEFAULTS = {  # those of 1.12.1: 1.5.0 has others, and Debian's build yet others
    "collector.netdev.device-exclude": "^$",
    "collector.diskstats.device-exclude": r"^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$",
    "collector.filesystem.mount-points-exclude":
        "^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
    "collector.filesystem.fs-types-exclude":
        "^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|"
        "overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$",
    "collector.netstat.fields":
        "^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|"
        "TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|"
        "Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|"
        "Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$",
}
OURS_ALONE = ["--collector.meminfo.all",  # 1.5.0 shows every key of meminfo
              "--no-collector.arp.netlink"]  # and knows only the file


class Difference:
    """One series that is only `ours`, only `theirs`, or has another value or type (`both`)."""

    def __init__(self, host, where, name, labels, values):
        self.host, self.where, self.name, self.labels, self.values = host, where, name, dict(labels), values

    def __str__(self):
        labels = ",".join(f'{key}="{value}"' for key, value in sorted(self.labels.items()))
        return f"{self.host}: {self.where}: {self.name}{{{labels}}} {self.values}"


def only(where, pattern, hosts=None, labels=None):
    found = re.compile(pattern)
    return lambda d: (d.where == where and found.fullmatch(d.name) and (hosts is None or d.host in hosts)
                      and (labels is None or labels.items() <= d.labels.items()))


# Mount points that this test makes no folder for.
ASKED_IN_VAIN = {"/media/user/USB STICK", "/mnt/nas", "/run/user/0"}

# What is another at 1.5.0 on these machines, and why. What is known of all machines stands in daemon/diff/known.cpp.
EXPLAINED = {
    "1.5.0 asks the machine itself whether SELinux is on":
        lambda d: d.host == "router" and d.name.startswith("node_selinux_"),
    "whether a mount that cannot be asked is read-only is told since 1.7":
        lambda d: only("ours", "node_filesystem_readonly")(d) and d.labels["mountpoint"] in ASKED_IN_VAIN,
    "1.5.0 knows one property of serials alone, 1.12.1 takes the best of three":
        lambda d: d.where != "both" and d.name == "node_disk_info" and d.labels["device"] in {"sda", "sdb", "sdd"},
    "1.5.0 shows processors that /proc/stat passes by as all zero":
        lambda d: only("theirs", "node_cpu_(guest_)?seconds_total", {"container"})(d)
        and d.labels["cpu"] in "12" and d.values == 0,
    "no number for guests where the kernel says none: we show none, it shows 0":
        lambda d: only("theirs", "node_cpu_guest_seconds_total", {"old_kernel"})(d) and d.values == 0,
    "1.5.0 takes no notice of an array that is reshaped":
        lambda d: only("both", "node_md_blocks_synced", labels={"device": "md8"})(d)
        or only("both", "node_md_state", labels={"device": "md8", "state": "active"})(d),
    "what sysfs tells of arrays is newer": only("ours", "node_md_(degraded|raid_disks)"),
    "1.5.0 counts what the NFS server did for clients' ids as what stands behind them":
        lambda d: only("both", "node_nfsd_requests_total", labels={"proto": "4"})(d)
        and d.labels["method"] in {"Verify", "Write", "RelLockOwner"},
    "some of the NFS server's methods are newer":
        lambda d: only("ours", "node_nfsd_requests_total", labels={"proto": "4"})(d)
        and d.labels["method"] in {"SetClientID", "SetClientIDConfirm"},
    "1.5.0 looks for a file of ZFS's that has another name": only("ours", "node_zfs_dbuf_.*"),
    "1.5.0 cuts datasets' names at a blank":
        lambda d: only("ours", "node_zfs_zpool_dataset_.*", labels={"dataset": "tank/my photos"})(d)
        or only("theirs", "node_zfs_zpool_dataset_.*", labels={"dataset": "tank/my"})(d),
    "newer ones leave out the processors that are offline, and fail where the kernel has no list of them":
        lambda d: only("both", "node_scrape_collector_success", labels={"collector": "cpufreq"})(d)
        and d.values == (0, 1) and d.host != "san_server",
    "the average frequency is newer": only("ours", "node_cpu_frequency_avg_hertz"),
    "the frequency by core and package is newer":
        lambda d: only("ours", "node_cpu_frequency_hertz")(d) and "core" in d.labels,
    "1.5.0 has no such labels, and ours, being empty, are none for Prometheus":
        lambda d: only("theirs", "node_cpu_frequency_hertz")(d) and "core" not in d.labels,
    "1.5.0 takes an empty beep_enable for 0":
        lambda d: only("theirs", "node_hwmon_beep_enabled", {"workstation"})(d) and d.values == 0,
    "1.5.0 knows no frequencies among the sensors":
        lambda d: only("ours", "node_hwmon_freq_.*")(d)
        or only("ours", "node_hwmon_sensor_label")(d) and d.labels["sensor"].startswith("freq"),
    "governors are newer": only("ours", "node_cpu_scaling_governor"),
    "NVMe namespaces are newer": only("ours", "node_nvme_namespace_.*"),
    "bcache's times that was read ahead are left out where there were none, or where the kernel counts none":
        lambda d: only("theirs", "node_bcache_cache_readaheads_total")(d) and d.values == 0,
    "btrfs' commits are newer": only("ours", "node_btrfs_(commit_seconds_total|commits_total|(last|max)_commit_seconds)"),
    "btrfs' profiles of three and four copies are newer":
        lambda d: only("both", "node_btrfs_allocation_ratio")(d) and d.labels["mode"] in {"raid1c3", "raid1c4"},
    "channels of memory are newer": only("ours", "node_edac_channel_(un)?correctable_errors_total"),
    "an empty diskstats is believed of the kernel only: a copy that says nothing is a fault":
        lambda d: only("both", "node_scrape_collector_success", {"container"}, {"collector": "diskstats"})(d)
        and d.values == (0, 1),
}


def unpack(host, root):
    """The same as tests/support/tree.cpp does."""
    for folder in ("proc", "sys", "udev"):
        os.makedirs(os.path.join(root, folder))
    path, text = None, []

    def finish():
        if path is None:
            return
        name, whole = path, "".join(text)
        if name.endswith(" without newline"):
            name, whole = name[:-len(" without newline")], whole[:-1]
        target = os.path.join(root, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", newline="") as file:
            file.write(whole)

    with open(os.path.join(HOSTS, host + ".tree"), newline="") as tree:
        for line in tree:
            if not line.startswith("== "):
                text.append(line)
                continue
            finish()
            path, text = None, []
            kind, rest = line[3:].rstrip("\n").split(" ", 1)
            if kind == "file":
                path = rest
            elif kind == "dir":
                os.makedirs(os.path.join(root, rest), exist_ok=True)
            else:
                link, target = rest.split(" -> ", 1)
                os.makedirs(os.path.dirname(os.path.join(root, link)), exist_ok=True)
                os.symlink(target, os.path.join(root, link))
    finish()


def flags_of(host):
    with open(os.path.join(HOSTS, host + ".run")) as lines:
        for line in lines:
            if line.startswith("flag "):
                yield line.rstrip("\n").split(" ", 2)[1:]


def command(program, port, root, host, ours):
    made = [program, f"--web.listen-address=127.0.0.1:{port}", "--collector.disable-defaults", "--log.level=error",
            f"--path.procfs={root}/proc", f"--path.sysfs={root}/sys", f"--path.rootfs={root}",
            f"--path.udev.data={root}/udev", *(f"--collector.{each}" for each in COLLECTORS)]
    made += OURS_ALONE if ours else []
    folder = f"{root}/var/lib/prometheus/node-exporter"  # both of Debian's builds know it, but the peer not below a root
    made.append(f"--collector.textfile.directory={folder if os.path.isdir(folder) else ''}")
    for flag, value in {**SAME_DEFAULTS, **dict(flags_of(host))}.items():
        if flag in NOT_IN_1_5 and not ours:
            continue
        if flag in SWITCHES:
            made.append(f"--{flag}" if value == "true" else f"--no-{flag}")
        else:
            made.append(f"--{flag}={value}")
    return made


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Running:
    def __init__(self, program, root, host, ours):
        port = free_port()
        self.process = subprocess.Popen(command(program, port, root, host, ours), stdin=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{port}/metrics"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def scrape(self):
        end = time.monotonic() + 20
        while True:
            try:
                with urllib.request.urlopen(self.url, timeout=10) as reply:
                    return reply.read().decode()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.02)


LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')


def parse(text, root):
    """{(name, labels): value} and {name: type}. What is of the program itself, or of this very moment, is left out."""
    series, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            types[name] = kind
        if line.startswith("#") or not line:
            continue
        name = re.match(r"[a-zA-Z_:][a-zA-Z0-9_:]*", line).group(0)
        if re.match(r"go_|process_|promhttp_|vitald_|node_exporter_build_info|node_scrape_collector_duration_seconds|"
                    r"node_time_(seconds|zone_offset_seconds)|"
                    r"node_timex_(estimated_error_seconds|frequency_adjustment_ratio|maxerror_seconds|offset_seconds)",
                    name):
            continue
        rest, value = line[len(name):].rsplit(" ", 1)
        key = (name, tuple(sorted((label, text.replace(root, "ROOT")) for label, text in LABEL.findall(rest))))
        assert key not in series, f"a series twice: {line}"
        series[key] = float(value)
    return series, types


def known_differences(vitald):
    """What is newer than 1.5.0 by daemon/diff/known.cpp: labels as {why: (families, label)}, the rest as EXPLAINED."""
    told = json.loads(subprocess.run([vitald, "diff", "--known"], stdout=subprocess.PIPE, check=True).stdout)
    newer = [each for each in told if each["where"] == "ours" and each["since"]]
    labels = {each["why"]: (each["families"], each["label"]) for each in newer if each["label"] and not each["values"]}
    return labels, {each["why"]: newer_series(each) for each in newer if each["why"] not in labels}


def newer_series(known):
    return lambda d: (only("ours", known["families"])(d)
                      and (not known["values"] or re.fullmatch(known["values"], d.labels.get(known["label"], ""))))


def without_newer_labels(series, newer_labels):
    made = {}
    for (name, labels), value in series.items():
        for pattern, newer in newer_labels.values():
            if re.fullmatch(pattern, name):
                labels = tuple(each for each in labels if each[0] != newer)
        assert (name, labels) not in made, f"without the newer labels a series is there twice: {name} {labels}"
        made[name, labels] = value
    return made


def mounts_of(root):
    """1.5.0 reads /proc/1/mounts, which the kernel makes from the same list."""
    if not os.path.exists(f"{root}/proc/1/mountinfo"):
        return
    with open(f"{root}/proc/1/mountinfo") as table, open(f"{root}/proc/1/mounts", "w") as mounts:
        for line in table:
            left, right = line.split(" - ")
            (kind, device, options), mine = right.split(), left.split()
            mounts.write(f"{device} {mine[4]} {kind} {mine[5]},{options} 0 0\n")


def mount_points(host, root):
    """Folders for the mounts that answer; what they answer is the disk's below, the same for both."""
    with open(os.path.join(HOSTS, host + ".run")) as lines:
        for line in lines:
            if line.startswith("statfs "):
                os.makedirs(root + line.rstrip("\n").split(" ", 7)[7], exist_ok=True)


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def differences(host, ours, theirs):
    (our_series, our_types), (their_series, their_types) = ours, theirs
    for key in sorted(our_series.keys() | their_series.keys()):
        a, b = our_series.get(key), their_series.get(key)
        name, labels = key
        if b is None:
            yield Difference(host, "ours", name, labels, a)
        elif a is None:
            yield Difference(host, "theirs", name, labels, b)
        elif not same(a, b):
            yield Difference(host, "both", name, labels, (a, b))
    shown = {name for name, _ in our_series} & {name for name, _ in their_series}
    for name in sorted(shown):
        if our_types.get(name) != their_types.get(name):
            yield Difference(host, "both", name, (), (our_types.get(name), their_types.get(name)))


def scraped(host, vitald, peer, root):
    """Ours before and after theirs, until both of ours agree: free space below the root may change meanwhile."""
    with Running(vitald, root, host, True) as a, Running(peer, root, host, False) as b:
        for _ in range(20):
            first, theirs = a.scrape(), b.scrape()
            time.sleep(0.12)  # --web.freshness
            last = a.scrape()
            if parse(first, root)[0] == parse(last, root)[0]:
                break
        return parse(last, root), parse(theirs, root)


def peer_program():
    found = subprocess.run([os.path.join(SOURCE, "scripts", "peers"), "prometheus-node-exporter"],
                           stdout=subprocess.PIPE, text=True)
    if found.returncode != 0:
        print("skipped: no prometheus-node-exporter to be had")
        sys.exit(77)
    return found.stdout.split("\n")[0]


def main():
    vitald, peer = os.path.abspath(sys.argv[1]), peer_program()
    newer_labels, known = known_differences(vitald)
    used, faults, compared = set(), [], 0
    hosts = sorted(name[:-5] for name in os.listdir(HOSTS) if name.endswith(".tree"))
    for host in hosts:
        root = tempfile.mkdtemp(prefix="vitald-peer.", dir=QUIET)
        try:
            unpack(host, root)
            mounts_of(root)
            mount_points(host, root)
            ours, theirs = scraped(host, vitald, peer, root)
        finally:
            shutil.rmtree(root)
        ours = without_newer_labels(ours[0], newer_labels), ours[1]
        compared += len(ours[0])
        for difference in differences(host, ours, theirs):
            why = [text for text, explains in {**EXPLAINED, **known}.items() if explains(difference)]
            used.update(why)
            if not why:
                faults.append(str(difference))
    faults += [f"explains nothing: {text}" for text in EXPLAINED if text not in used]
    for fault in faults:
        print("FAIL", fault)
    print(f"{compared} series compared on {len(hosts)} machines, {len(used)} explanations used")
    sys.exit(1 if faults or compared < 1000 else 0)


if __name__ == "__main__":
    main()
