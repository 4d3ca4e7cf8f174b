#!/usr/bin/env python3
"""Network interfaces are read from their files only when the kernel tells of a change: each kind of change is in the
next scrape, and all that is shown is what the files say.

Usage: interfaces.py VITALD     In a network name space of its own; skipped where there is none to be had.
"""
import os
import subprocess

from vitald import Daemon, check, comes, run, run_test, skip, with_own_network

files = {"mtu": "mtu_bytes", "ifindex": "iface_id", "iflink": "iface_link", "link_mode": "iface_link_mode",
         "carrier": "carrier", "carrier_changes": "carrier_changes_total", "carrier_up_count": "carrier_up_changes_total",
         "carrier_down_count": "carrier_down_changes_total", "dormant": "dormant", "flags": "flags",
         "tx_queue_len": "transmit_queue_length", "type": "protocol_type", "netdev_group": "net_dev_group",
         "addr_assign_type": "address_assign_type", "name_assign_type": "name_assign_type", "dev_id": "device_id"}
labels = {"address": "address", "broadcast": "broadcast", "duplex": "duplex", "ifalias": "ifalias", "operstate": "operstate"}


def said(device, name):
    try:
        with open(f"/sys/class/net/{device}/{name}") as file:
            return file.read().strip()
    except OSError:  # it has none now
        return ""


def by_files():
    """{device: {family or label: value}}"""
    found = {}
    for device in os.listdir("/sys/class/net"):
        if not os.path.isdir(f"/sys/class/net/{device}"):
            continue
        texts = {family: said(device, name) for name, family in files.items()}
        found[device] = {family: float(int(text, 0)) for family, text in texts.items() if text}
        found[device] |= {label: said(device, name) for name, label in labels.items()}
    return found


def by_scrape(daemon):
    found = {}
    for name, has, value in daemon.page("/metrics?collect[]=netclass&collect[]=netdev&collect[]=arp").samples:
        if name == "node_network_info":
            found.setdefault(has["device"], {}).update({label: has[label] for label in labels.values()})
        elif name.startswith("node_network_") and name[13:] in files.values():
            found.setdefault(has["device"], {})[name[13:]] = value
    return found


def agrees(daemon, what):
    """The scrape is as the files: as they were before it, or after it where the kernel was still at it."""
    before = by_files()
    shown = by_scrape(daemon)
    after = by_files()
    wrong = [(device, family, value) for device in shown for family, value in shown[device].items()
             if value not in (before.get(device, {}).get(family), after.get(device, {}).get(family))]
    missing = [(device, family) for device in before if device in after for family in before[device]
               if family not in shown.get(device, {})]
    check(not wrong and not missing and shown, f"{what}: as the files say {wrong} {missing}")
    return shown


def neighbours(daemon):
    return {has["device"]: value for name, has, value in daemon.page("/metrics?collect[]=arp").samples
            if name == "node_arp_entries"}


changes = [
    ("a pair comes", "link add one type veth peer name two", lambda it: it.keys() >= {"one", "two"}),
    ("one of them goes up", "link set one up", lambda it: it["one"]["operstate"] == "lowerlayerdown"),
    ("the other, too: there is a carrier", "link set two up", lambda it: it["one"]["carrier"] == 1),
    ("another MTU", "link set one mtu 1400", lambda it: it["one"]["mtu_bytes"] == 1400),
    ("a queue", "link set one txqueuelen 77", lambda it: it["one"]["transmit_queue_length"] == 77),
    ("a remark", "link set one alias said", lambda it: it["one"]["ifalias"] == "said"),
    ("another remark", "link set one alias said_again", lambda it: it["one"]["ifalias"] == "said_again"),
    ("a group", "link set one group 5", lambda it: it["one"]["net_dev_group"] == 5),
    ("all that passes", "link set one promisc on", lambda it: it["one"]["flags"] == it["two"]["flags"] + 0x100),
    ("another address", "link set two address 02:00:00:00:00:07", lambda it: it["two"]["address"] == "02:00:00:00:00:07"),
    ("its carrier goes", "link set two down", lambda it: it["one"].get("carrier") == 0),
    ("another name", "link set two name three", lambda it: "three" in it and "two" not in it),
    ("a second pair, with the name that was free", "link add two type veth peer name four", lambda it: len(it) >= 5),
    ("the first pair goes", "link del one", lambda it: it.keys() == {"lo", "two", "four"}),
    ("a bridge, and one in it", "link add all type bridge", lambda it: "all" in it),
    ("in it", "link set two master all", lambda it: it["two"]["iface_link"] > 0),
]


def scenario():
    if run("ip", "link", "add", "probe", "type", "veth", "peer", "name", "probe2").returncode != 0:
        skip("no interfaces to be made")
    run("ip", "link", "del", "probe")
    with Daemon("--web.freshness=0") as daemon:
        base = agrees(daemon, "at first").keys()
        for _ in range(3):
            agrees(daemon, "again")
        for what, words, holds in changes:
            if run("ip", *words.split()).returncode != 0:
                print("     not here:", what)
                continue
            shown = agrees(daemon, what)
            check(holds({name: it for name, it in shown.items() if name == "lo" or name not in base}), f"{what}: it is shown")
            agrees(daemon, f"{what}, once more")
        run("ip", "link", "add", "near", "type", "veth", "peer", "name", "far")
        run("ip", "link", "set", "near", "up")
        run("ip", "addr", "add", "192.0.2.1/24", "dev", "near")
        run("ip", "neigh", "add", "192.0.2.9", "lladdr", "02:00:00:00:00:09", "dev", "near")
        check(neighbours(daemon).get("near") == 1, "a neighbour is in the next scrape")
        elsewhere(daemon)


def elsewhere(daemon):
    """An interface that moves into another name space is gone."""
    child = subprocess.Popen(["unshare", "--net", "sleep", "20"])
    try:
        comes(lambda: os.readlink(f"/proc/{child.pid}/ns/net") != os.readlink("/proc/self/ns/net"), 5)
        run("ip", "link", "set", "far", "netns", str(child.pid))
        check("far" not in agrees(daemon, "one moves away"), "what moved away is not shown")
    finally:
        child.terminate()
        child.wait(10)


run_test(lambda: with_own_network(scenario))
