#!/usr/bin/env python3
"""vitald's /metrics under many clients, beside node_exporter's and beside nginx with the same bytes as a file.

wrk asks, each server in its turn. Called by scripts/bench --http.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

from target import Target, spent

NGINX = """daemon off;
master_process off;
pid {folder}/pid;
error_log stderr crit;
events {{}}
http {{
  access_log off;
  sendfile on;
  default_type "text/plain; version=0.0.4; charset=utf-8";
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  server {{ listen 127.0.0.1:{port}; root {folder}/root; }}
}}
"""


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def asked(target, connections, seconds):
    """What wrk tells of one turn, and the server's CPU us a reply."""
    before = target.cpu()
    said = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency",
                           f"http://127.0.0.1:{target.port}/metrics"], stdout=subprocess.PIPE, text=True, check=True).stdout
    whole = spent(before, target.cpu())[0]
    count = int(re.search(r"(\d+) requests in", said).group(1))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    errors = re.search(r"Socket errors: (.*)", said)
    return {"a second": float(re.search(r"Requests/sec: +([\d.]+)", said).group(1)) * (1 - int(bad.group(1)) / count if bad else 1),
            "p50 ms": milliseconds(re.search(r"50% +(\S+)", said).group(1)),
            "CPU us": whole / 1000 / max(1, count), "not 200": int(bad.group(1)) if bad else 0,
            "errors": errors.group(1) if errors else ""}


def of_nginx(options, folder, body):
    os.makedirs(f"{folder}/root")
    with open(f"{folder}/root/metrics", "wb") as file:
        file.write(body)

    def command(port):
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(NGINX.format(folder=folder, port=port))
        return [options.nginx, "-p", folder, "-c", f"{folder}/nginx.conf"]

    return Target("nginx", command, folder)


def in_turns(targets, connections, options):
    found = {target.name: [] for target in targets}
    for turn in range(options.turns):
        for target in targets if turn % 2 == 0 else targets[::-1]:
            found[target.name].append(asked(target, connections, options.seconds))
    return {name: {what: statistics.median(turn[what] for turn in turns) for what in ("a second", "p50 ms", "CPU us")} |
            {"not 200": sum(turn["not 200"] for turn in turns), "errors": [t["errors"] for t in turns if t["errors"]]}
            for name, turns in found.items()}


def table(connections, found):
    print(f"{f'{connections} connections':24}" + "".join(f"{name:>16}" for name in found))
    for what, form in (("a second", "{:,.0f}"), ("p50 ms", "{:.2f}"), ("CPU us", "{:,.1f}"), ("not 200", "{:,}")):
        print(f"  {what:22}" + "".join(f"{form.format(row[what]):>16}" for row in found.values()))


def gate(what, value, bound, least=False):
    good = value >= bound if least else value <= bound
    print(f"  {what:60}{value:>9.2f}   gate {'>=' if least else '<='} {bound}:  {'met' if good else 'MISSED'}")
    return good


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench --http", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter turns")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--vitald", default="build/release/vitald")
    parser.add_argument("--peer", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--nginx", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.turns, options.seconds = (1, 3) if options.quick else (3, 5)
    with tempfile.TemporaryDirectory(prefix="vitald.bench.") as folder:
        vitald = Target("vitald", lambda port: [options.vitald, f"--web.listen-address=127.0.0.1:{port}"], folder)
        peer = Target("node_exporter", lambda port: [options.peer, f"--web.listen-address=127.0.0.1:{port}"], folder)
        targets = [vitald, peer]
        try:
            vitald.first_answer()
            peer.first_answer()
            nginx = of_nginx(options, folder, vitald.scrape("plain"))
            targets.append(nginx)
            nginx.first_answer()
            few, many = in_turns(targets, 16, options), in_turns([vitald, nginx], 256, options)
        finally:
            for target in targets:
                target.stop()
    table(16, few)
    table(256, many)
    print("\nGates")
    good = [gate("replies a second at 16 connections, times node_exporter's",
                 few["vitald"]["a second"] / few["node_exporter"]["a second"], 100, least=True),
            gate("replies that are no 200 at 256 connections", many["vitald"]["not 200"] + len(many["vitald"]["errors"]), 0),
            gate("p50 at 16 connections, times nginx's", few["vitald"]["p50 ms"] / few["nginx"]["p50 ms"], 1.5),
            gate("CPU of a reply at 16 connections, times nginx's", few["vitald"]["CPU us"] / few["nginx"]["CPU us"], 1.5)]
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"load": os.getloadavg(), "kernel": os.uname().release, "16": few, "256": many}, file, indent=1)
    return not all(good)


if __name__ == "__main__":
    sys.exit(main())
