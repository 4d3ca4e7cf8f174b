#!/usr/bin/env python3
"""vitald diff: what it says, and how it ends, against pages made up here.

Usage: diff.py VITALD
"""
import base64
import http.server
import json
import os
import subprocess
import tempfile
import threading
import time

import vitald
from vitald import Daemon, check, free_port, run_test

PAGE = '# TYPE node_a gauge\nnode_a{device="sda"} 1\nnode_a{device="sdb"} 2\n# TYPE node_b counter\nnode_b_total 5\n'
LESS = 'node_a{device="sda"} 1\n'
GROUPS = "namedprocess_namegroup_num_procs{groupname=\"sh\"} 3\nprocess_exporter_build_info{version=\"0.8.5\"} 1\n"
RULES = """groups:
- name: g
  rules:
  - {alert: B, expr: "rate(node_b_total[5m]) > 1"}
  - {alert: A, expr: node_a > 1}
"""
DASHBOARD = '{"title": "T", "panels": [{"title": "P", "targets": [{"expr": "node_a{device=\\"sdb\\"}"}]}]}'


class Pages(http.server.BaseHTTPRequestHandler):
    ended = threading.Event()
    count = 0

    def answer(self, text, status=200, kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/full":
            self.answer(PAGE)
        elif path == "/less":
            self.answer(LESS)
        elif path == "/groups":
            self.answer(GROUPS)
        elif path == "/counts":
            Pages.count += 1
            self.answer(PAGE + f"node_c_total {Pages.count}\n")
        elif path == "/other":
            self.answer(PAGE.replace("} 2", "} 3"))
        elif path == "/secret":
            wanted = "Basic " + base64.b64encode(b"me:p@ss").decode()
            self.answer(PAGE, 200 if self.headers["Authorization"] == wanted else 401)
        elif path == "/empty":
            self.answer("# nothing yet\n")
        elif path == "/html":
            self.answer("<html>hello</html>\n", kind="text/html")
        elif path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"node_a 1\n")
        elif path == "/chunks":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for line in PAGE.splitlines(True):
                self.wfile.write(f"{len(line):x}\r\n{line}\r\n".encode())
            self.wfile.write(b"0\r\n\r\n")
        elif path == "/large":
            self.send_response(200)
            self.send_header("Content-Length", str(1 << 30))
            self.end_headers()
        elif path == "/never":
            Pages.ended.wait(30)
        else:
            self.answer("nothing here\n", 404)

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


def run(*words):
    done = subprocess.run([vitald.program, "diff", *words], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def comparisons(base):
    status, said, _ = run(base + "/full", base + "/full")
    check(status == 0 and "Lost: 0, changed: 0, gained: 0" in said, "the same page: nothing is lost, status 0")
    status, said, _ = run(base + "/less", base + "/full")
    check(status == 1 and "node_b_total (1 series)" in said and 'node_a{device="sdb"}' in said,
          "what is lost is told, status 1")
    status, said, _ = run(base + "/full", base + "/less")
    check(status == 0 and "gained families\n    node_b_total (1 series)" in said, "what is gained is no loss")
    status, said, _ = run("--json", base + "/less", base + "/full")
    found = {(each["what"], each["family"]) for each in json.loads(said)["findings"]}
    check(found == {("lost family", "node_b_total"), ("lost series", "node_a")}, f"as JSON, too {found}")
    check(run(base + "/counts", base + "/counts")[0] == 0, "a counter that moves while it is asked is the same")
    status, said, _ = run(base + "/full", base + "/other")
    check(status == 0 and "changed value: node_a" in said, "another value is told, and is no loss")
    check(run("--strict", base + "/full", base + "/other")[0] == 1, "with --strict it is one")
    check(run(base + "/chunks", base + "/full")[0] == 0, "a page in chunks is read")
    status, said, _ = run(base + "/full", base + "/full", base + "/groups")
    check(status == 1 and "namedprocess_namegroup_num_procs" in said and "process-exporter 0.8.5" in said,
          "of two other pages each is looked at")


def queries(base, folder):
    rules, dashboard = os.path.join(folder, "rules.yml"), os.path.join(folder, "dashboard.json")
    for path, text in (rules, RULES), (dashboard, DASHBOARD):
        with open(path, "w") as file:
            file.write(text)
    status, said, _ = run("--rules", rules, "--dashboards", dashboard, base + "/less", base + "/full")
    check(status == 1 and 'alert "B"' in said and "node_b_total is not there" in said and 'alert "A"' not in said,
          "the alert that loses its metric is told, the other not")
    check('panel "P"' in said and 'node_a{device="sdb"} finds no series' in said, "so is the panel that loses a series")
    status, said, _ = run("--rules", rules, "--dashboards", dashboard, base + "/full", base + "/full")
    check(status == 0 and "3 are read, 3 ask" in said, "nothing lost, all of them looked at")
    for wrong in "/nowhere.yml", folder, dashboard.replace("dashboard", "rules").replace("json", "none"):
        status, _, why = run("--rules", wrong, base + "/full", base + "/full")
        check(status == 64 and wrong in why, f"a file that cannot be read is wrong usage ({why.strip()})")
    other = os.path.join(folder, "prometheus.yml")
    with open(other, "w") as file:
        file.write("global: {}\n")
    status, said, why = run("--rules", rules, other, "--", base + "/full", base + "/full")
    check(status == 0 and "passed by" in why and "2 are read" in said, f"a file without rules is passed by ({why.strip()})")
    status, _, why = run("--rules", other, base + "/full", base + "/full")
    check(status == 64 and "no rules are here" in why, "but not when it is the only one")
    status, _, why = run("--rules", base + "/full", base + "/full")
    check(status == 64 and "--rules names no file" in why, "nor is the file forgotten")
    status, _, why = run("--dashboards", rules, base + "/full", base + "/full")
    check(status == 64 and "no JSON" in why, "so is one that is no dashboard")


def ends(base, port):
    for url, word in ((f"http://127.0.0.1:{free_port()}", "cannot connect"), (base + "/nothing", "404"),
                      (base + "/html", "not the text format"), (base + "/empty", "no sample"),
                      (base + "/cut", "no whole answer"),
                      (base + "/large", "body limit"), (base + "/secret", "password"),
                      (f"http://me:wrong@127.0.0.1:{port}/secret", "password"), ("http://no-such-host.invalid", "no such host")):
        status, said, why = run(base + "/full", url)
        check(status == 69 and word in why and not said and "wrong" not in why, f"{word}: status 69 ({why.strip()})")
    check(run(f"http://me:p%40ss@127.0.0.1:{port}/secret", base + "/full")[0] == 0, "name and password in the URL")
    start = time.monotonic()
    status, _, why = run(base + "/full", base + "/never")
    took = time.monotonic() - start
    check(status == 69 and 9 < took < 15 and "within" in why, f"who never answers is given up after {took:.1f} s")
    for words, word in (((), "no URL"), (("--odd", "x"), "--odd"), (("https://x",), "https is not in this build"),
                        (("http://:1",), "no host")):
        status, _, why = run(*words)
        check(status == 64 and word in why, f"{words}: wrong usage, status 64 ({why.strip()})")
    status, said, _ = run("--help")
    check(status == 0 and "--dashboards" in said, "--help shows how it is used")
    check(len(json.loads(run("--known")[1])) > 10, "--known lists the differences that are known")


def itself():
    with Daemon() as daemon:
        url = f"http://127.0.0.1:{daemon.port}/metrics"
        status, said, _ = run("--strict", url, url)
        check(status == 0 and "ours:   vitald" in said, f"the daemon agrees with itself {said[-400:] if status else ''}")


def scenario():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    base = f"http://127.0.0.1:{port}"
    try:
        with tempfile.TemporaryDirectory() as folder:
            comparisons(base)
            queries(base, folder)
            ends(base, port)
            itself()
    finally:
        Pages.ended.set()
        server.shutdown()


run_test(scenario)
