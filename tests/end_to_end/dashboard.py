#!/usr/bin/env python3
"""What lies in docker/ for Prometheus and Grafana is true: every panel's query returns data on this host or needs what
it does not have, every rule works, and each alert rings when it shall.

Usage: dashboard.py VITALD         With Debian's prometheus, unpacked by scripts/peers; else 77.
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

from prometheus import Prometheus, peer
from vitald import Daemon, Page, check, comes, run_test, skip

source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
rules = f"{source}/docker/prometheus/vitald.rules.yml"
dashboard = f"{source}/docker/grafana/dashboards/vitald.json"
scrape = """
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: ['%s']
scrape_configs:
  - job_name: node
    static_configs: [{{targets: ['127.0.0.1:{port}']}}]
""" % os.path.realpath(rules)
# A query without data is right where the host has none of these, and wrong where it has.
needed = {"Temperature": ("node_hwmon_temp_celsius", "node_thermal_zone_temp"),
          "Disks: bytes": ("node_disk_read_bytes_total",), "Disks: busy": ("node_disk_io_time_seconds_total",),
          "Disks: time of a request": (),  # and none while nobody reads or writes
          "Traffic": (), "Errors and drops": (),  # none in a network of lo alone
          "Swap and major faults": ("node_vmstat_pswpin",),
          "Pressure: time in which some task waited": ("node_pressure_cpu_waiting_seconds_total",),
          "File systems: in use": (), "File systems: inodes in use": ()}  # none where all is in memory


def rules_are_right(promtool, folder):
    done = subprocess.run([promtool, "check", "rules", rules], capture_output=True, text=True)
    check(done.returncode == 0, f"promtool takes the rules {done.stdout.strip()} {done.stderr.strip()}")
    with open(f"{source}/tests/docker/vitald.rules.test.yml") as file, open(f"{folder}/test.yml", "w") as copy:
        copy.write(file.read().replace("RULES", os.path.realpath(rules)))
    done = subprocess.run([promtool, "test", "rules", f"{folder}/test.yml"], capture_output=True, text=True)
    check(done.returncode == 0, f"and each alert rings when it shall {done.stdout.strip()} {done.stderr.strip()}")
    with open(rules) as file, open(f"{folder}/test.yml") as tests:
        alerts, tested = (set(re.findall(r"alert(?:name)?: (\w+)", one.read())) for one in (file, tests))
    check(alerts and alerts == tested, f"each of {len(alerts)} alerts has a test {sorted(alerts ^ tested)}")


def rules_evaluate(prometheus, page):
    loaded = lambda: [rule for group in prometheus.api("rules")["groups"] for rule in group["rules"]]
    check(comes(lambda: loaded() and all(rule["health"] == "ok" for rule in loaded()), 15),
          "Prometheus evaluates every rule")
    firing = [rule["name"] for rule in loaded() if rule["state"] == "firing"]
    check(not firing, f"on a healthy host none rings {firing}")
    with open(rules) as file:
        named = set(re.findall(r"\b((?:vitald|node|process)_[a-z_]+)\b", file.read()))
    with open(f"{source}/docs/metrics-of-its-own.md") as own, open(f"{source}/docs/metrics.md") as all_others:
        documented = own.read() + all_others.read()
    unknown = {name for name in named if name not in page.families and f"`{name}`" not in documented}
    check(len(named) > 5 and not unknown, f"the {len(named)} metrics that the rules name exist {unknown}")


def queries():
    with open(dashboard) as file:
        for panel in json.load(file)["panels"]:
            for target in panel.get("targets", []):
                yield panel["title"], target["expr"]


def filled_in(query, instance):
    return query.replace("$instance", instance).replace("$job", "node").replace("$__rate_interval", "10s")


def panels_show(prometheus, daemon, page):
    asked = list(queries())
    check(len(asked) > 40, f"the dashboard asks {len(asked)} queries")
    empty = []
    for title, query in asked:
        found = prometheus.api("query", query=filled_in(query, f"127.0.0.1:{daemon.port}"))
        if not found["result"]:
            empty.append((title, query))
    wrong = [(title, query) for title, query in empty
             if title not in needed or any(name in page.families and name in query for name in needed[title])]
    check(not wrong, f"every one returns data {wrong}")
    print("     this host has nothing for:", "; ".join(sorted({title for title, _ in empty})) or "nothing")
    for query in ("label_values(node_uname_info, job)",):
        name = re.search(r"\((\w+)", query)[1]
        check(prometheus.api("query", query=name)["result"], f"the variables are filled from {name}")


def files_fit_together():
    """The names by which the files refer to each other."""
    read = lambda path: open(f"{source}/docker/{path}").read()
    source_uid = re.search(r"uid: (\w+)", read("grafana/provisioning/datasources/prometheus.yaml"))[1]
    compose = read("compose.yaml")
    check("./grafana/dashboards:/etc/grafana/dashboards:ro" in compose and source_uid == "prometheus"
          and "path: /etc/grafana/dashboards" in read("grafana/provisioning/dashboards/vitald.yaml"),
          "compose mounts what Grafana is told to read")
    check("vitald.rules.yml" in read("prometheus/prometheus.yml") and "./prometheus:/etc/prometheus:ro" in compose,
          "and what Prometheus is told to read")


def scenario():
    program = peer("prometheus")
    if not program:
        skip("Debian's prometheus cannot be had (offline, or no lists yet)")
    files_fit_together()
    folder = tempfile.mkdtemp(prefix="vitald.dashboard.")
    try:
        rules_are_right(os.path.join(os.path.dirname(program), "promtool"), folder)
        with Daemon() as daemon, Prometheus(program, folder, daemon.port, scrape) as prometheus:
            check(comes(lambda: prometheus.answers("/-/ready"), 20), "Prometheus starts")
            comes(lambda: (prometheus.value("count_over_time(up[1m])") or 0) >= 5, 30)
            page = daemon.page()
            time.sleep(3)  # so that every rate has its samples
            panels_show(prometheus, daemon, page)
            rules_evaluate(prometheus, page)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


run_test(scenario)
