#!/usr/bin/env python3
"""A real Prometheus scrapes the daemon every second: it takes every family and sample, and its rates are right.

Usage: prometheus.py VITALD
Debian's package, unpacked below build/peers by scripts/peers; skipped where it cannot be had.
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse

import web
from vitald import Daemon, Page, check, comes, free_port, get, peer, run_test, skip

seconds = 15
config = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: vitald
    static_configs: [{{targets: ['127.0.0.1:{port}']}}]
"""
by_tls = """    scheme: https
    tls_config: {{ca_file: {authority}}}
    basic_auth: {{username: prometheus, password: 'open:sesame'}}
"""
# promtool's remarks on names that node_exporter chose, and dashboards stand on: the kernel's own spelling, and bits.
peers_names = (r"node_(memory|netstat|vmstat)_\w+ metric names should be written in 'snake_case' not 'camelCase'|"
               r'node_entropy_\w+_bits use base unit "bytes" instead of "bits"')


class Running:
    """A peer's program, its log in a file; `with` ends it."""

    def __init__(self, *command):
        self.port = free_port()
        self.log = tempfile.TemporaryFile()
        address = f"--web.listen-address=127.0.0.1:{self.port}"
        self.process = subprocess.Popen([*command, address], stdout=subprocess.DEVNULL, stderr=self.log)

    def said(self):
        return os.pread(self.log.fileno(), 1 << 20, 0).decode()

    def answers(self, path):
        try:
            return get(self.port, path).status == 200
        except OSError:
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Prometheus(Running):
    def __init__(self, program, folder, target, settings=config):
        with open(f"{folder}/prometheus.yml", "w") as file:
            file.write(settings.format(port=target))
        super().__init__(program, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                         "--log.level=warn")

    def api(self, path, **parameters):
        reply = get(self.port, f"/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        return json.loads(reply.text())["data"]

    def value(self, query):
        """The one number that a query comes to; None without."""
        result = self.api("query", query=query)["result"]
        return float(result[0]["value"][1]) if len(result) == 1 else None


def remarks(promtool, text):
    done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True)
    return done.returncode, set(done.stderr.splitlines())


def linted(promtool, text):
    """promtool takes the page; what it remarks on, it remarks on node_exporter's page, too."""
    code, ours = remarks(promtool, text)
    check(code in (0, 3), f"promtool check metrics reads the page (status {code}, 3 is: with remarks)")
    others = {line for line in ours if not re.fullmatch(peers_names, line)}
    check(not others, f"and remarks on nothing but {len(ours)} names of the kernel's {sorted(others)}")
    program = peer("prometheus-node-exporter")
    if not program:
        return print("     no node_exporter to compare with")
    with Running(program) as exporter:
        if not comes(lambda: exporter.answers("/metrics"), 10):
            return print("     node_exporter does not start here:", exporter.said())
        page = get(exporter.port).text()
        _, theirs = remarks(promtool, page)
    shown = {line for line in ours if line.split()[0] in Page(page).families}
    check(shown <= theirs, f"node_exporter's own page gets each of those that it shows {sorted(shown - theirs)}")
    print("     remarks on both pages:", " ".join(sorted(line.split()[0] for line in ours)))


def takes_everything(prometheus, daemon):
    page = Page(daemon.get().text())
    known = set(prometheus.api("label/__name__/values")) | set(prometheus.api("metadata"))
    missing = sorted(set(page.families) - known)
    check(not missing, f"all {len(page.families)} families arrive {missing}")
    types = {name: told[0]["type"] for name, told in prometheus.api("metadata").items()}
    strict = Page(daemon.get(Accept="application/openmetrics-text").text())  # as Prometheus asks
    odd = {name: types.get(name) for name, kind in strict.families.items() if types.get(name) != kind}
    check(not odd, f"with their types {odd}")
    counts = lambda: (prometheus.value("scrape_samples_scraped"), len(Page(daemon.get().text()).samples))
    same = comes(lambda: len(set(counts())) == 1, 5)
    check(same, f"scrape_samples_scraped is the number of samples on the page {counts()}")


def rates_are_right(prometheus):
    """All time of all processors adds up; in a few attempts, for a busy machine may scrape late."""
    cores, tried = os.cpu_count(), []
    for _ in range(6):
        tried.append(prometheus.value("sum(rate(node_cpu_seconds_total[5s]))"))
        if tried[-1] is not None and abs(tried[-1] - cores) <= 0.05 * cores:
            break
        time.sleep(1)
    last = tried[-1]
    check(last is not None and abs(last - cores) <= 0.05 * cores,
          f"sum(rate(node_cpu_seconds_total[5s])) is {cores} within 5 % ({tried})")


def observed(program, promtool, folder):
    with Daemon() as daemon, Prometheus(program, folder, daemon.port) as prometheus:
        if not comes(lambda: prometheus.answers("/-/ready"), 20):
            check(False, f"Prometheus starts: {prometheus.said()}")
            return
        check(comes(lambda: prometheus.value("count_over_time(up[1m])"), 10), "Prometheus scrapes")
        linted(promtool, daemon.get().text())
        time.sleep(seconds)
        scrapes, ups = (prometheus.value(f"{what}_over_time(up[1m])") for what in ("count", "sum"))
        check(prometheus.value("up") == 1 and ups == scrapes and scrapes >= seconds - 3,
              f"up is 1, as in all of {scrapes:.0f} scrapes")
        takes_everything(prometheus, daemon)
        rates_are_right(prometheus)
        for name in ("node_cpu_seconds_total", "node_context_switches_total", "node_network_receive_bytes_total"):
            resets = prometheus.value(f"sum(resets({name}[1m]))")
            check(resets == 0, f"{name} never goes back ({resets})")
        usual = prometheus.value("quantile_over_time(0.8, scrape_duration_seconds[1m])")
        check(usual < 0.1, f"four of five scrapes took Prometheus at most {usual * 1000:.1f} ms")
        check("scrape" not in prometheus.said(), f"it has nothing to say on the scrapes: {prometheus.said()!r}")


def by_tls_with_password(program, folder):
    """A configuration as people have it for node_exporter."""
    authority = web.Authority(folder)
    authority.issue("server")
    web.put(f"{folder}/web.yml", "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
                                 f"basic_auth_users:\n  prometheus: {web.bcrypt('open:sesame')}\n")
    with Daemon(f"--web.config.file={folder}/web.yml") as daemon, \
            Prometheus(program, folder, daemon.port, config + by_tls.replace("{authority}", authority.path)) as prometheus:
        check(comes(lambda: prometheus.answers("/-/ready"), 20), "Prometheus starts")
        check(comes(lambda: (prometheus.value("sum_over_time(up[1m])") or 0) >= 3, 20), "scrapes by TLS with a password")
        tls = web.context(authority.path)
        for accept in ("text/plain", "application/openmetrics-text"):
            reply = web.get(daemon.port, tls=tls, Accept=accept, Authorization=web.basic("prometheus", "open:sesame"))
            check(reply.headers["Content-Type"].startswith(accept), f"and could have {accept}")


def scenario():
    program = peer("prometheus")
    if not program:
        skip("Debian's prometheus cannot be had (offline, or no lists yet)")
    folder = tempfile.mkdtemp(prefix="vitald.prometheus.")
    try:
        observed(program, os.path.join(os.path.dirname(program), "promtool"), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    folder = tempfile.mkdtemp(prefix="vitald.prometheus.")
    try:
        by_tls_with_password(program, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":  # others take Prometheus from here
    run_test(scenario)
