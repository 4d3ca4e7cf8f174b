#!/usr/bin/env python3
"""In process-exporter's place: the port that shows groups of processes and nothing else, beside the daemon's own or, when
it is started under that program's name with its flags, alone; and Debian's process-exporter beside it, where it can be had.

Usage: process_exporter.py VITALD
"""
import os
import shutil
import subprocess
import tempfile

import vitald
from vitald import Daemon, Page, check, comes, free_port, get, run_test

peer = os.path.join(os.path.dirname(__file__), "../../build/peers/prometheus-process-exporter/usr/bin/"
                                               "prometheus-process-exporter")
RULES = 'process_names:\n- name: "{{.Comm}}"\n  comm: [sleep]\n'
num = "namedprocess_namegroup_num_procs"


def only_groups(page):
    wrong = {name for name in page.families if not name.startswith("namedprocess_")} - {
        "process_exporter_build_info", "vitald_process_groups", "vitald_process_groups_over_limit_total"}
    check(page.families and not wrong, f"groups and nothing else {wrong}")
    check(page.value(num, groupname="sleep") >= 1, "with the process that was started for it")


def beside_the_daemon(rules):
    with Daemon(f"--process.config.file={rules}", "--process.listen-address=127.0.0.1:0") as daemon:
        check(len(daemon.ports) == 2, f"two ports {daemon.ports}")
        own, groups = daemon.ports
        only_groups(Page(get(groups).text()))
        page = Page(get(own).text())
        check("node_load1" in page.families and num in page.families, "the daemon's own has all")
        check(get(groups, "/").status == 200 and get(groups, "/api/v1/status").status == 404 and
              get(groups, "/-/healthy").status == 404, "that port has no other resources")
        check("OpenMetrics" not in get(groups).text() and
              get(groups, Accept="application/openmetrics-text").text().endswith("# EOF\n"), "OpenMetrics, too")
        check(get(groups, Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip", "and gzip")


def under_its_name(folder, rules):
    program = os.path.join(folder, "process-exporter")
    os.symlink(vitald.program, program)
    with Daemon("-config.path", rules, "-web.listen-address=127.0.0.1:0", "-threads=false", "-web.telemetry-path", "/m",
                listen=(), binary=program) as daemon:
        check(len(daemon.ports) == 1, f"it listens there alone {daemon.ports}")
        page = daemon.page("/m")
        only_groups(page)
        build = [labels for name, labels, _ in page.samples if name == "process_exporter_build_info"]
        check(len(build) == 1 and build[0]["version"], f"with its build {build}")
    for words, status, what in ((["-procnames", "a"], 64, "-config.path"), (["-config.path=/nowhere"], 78, "/nowhere"),
                                (["-what"], 64, "-what"), ([], 64, "--process.config.file")):
        done = subprocess.run([program, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20)
        check(done.returncode == status and what in done.stderr, f"{words}: {status} {done.returncode} {done.stderr!r}")
    port = free_port()
    with Daemon("-config.path", rules, f"-web.listen-address=127.0.0.1:{port}", listen=(), binary=program):
        done = subprocess.run([program, "-config.path", rules, f"-web.listen-address=127.0.0.1:{port}"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=20)
        check(done.returncode == 69 and "cannot listen" in done.stderr, f"a taken port ends it {done.returncode}")
    return program


def beside_the_peer(program, rules):
    if not os.path.exists(peer):
        return print("    no process-exporter to compare with (scripts/peers prometheus-process-exporter)")
    port = free_port()
    theirs = subprocess.Popen([peer, "-config.path", rules, f"-web.listen-address=127.0.0.1:{port}"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers():
        try:
            return get(port).status == 200
        except OSError:
            return False

    try:
        check(comes(answers, 20), "the peer serves")
        with Daemon("-config.path", rules, "-web.listen-address=127.0.0.1:0", listen=(), binary=program) as daemon:
            ours, other = daemon.page(), Page(get(port).text())
            names = {name for name in other.families if name.startswith(("namedprocess_", "process_exporter_"))}
            missing = names - set(ours.families)
            check(not missing, f"every family of the peer's is there ({len(names)}) {missing}")
            kinds = {name for name in names & set(ours.families) if ours.families[name] != other.families[name]}
            check(not kinds, f"of the same kind {kinds}")
            labels = {name: set(labels) for name, labels, _ in other.samples if name in names}
            wrong = {name for name, has, _ in ours.samples if name in labels and set(has) != labels[name]}
            check(wrong <= {"process_exporter_build_info"}, f"with the same labels {wrong}")
    finally:
        theirs.kill()
        theirs.wait()


def scenario():
    folder = tempfile.mkdtemp(prefix="vitald.exporter.")
    sleeper = subprocess.Popen(["sleep", "1000"])
    try:
        rules = os.path.join(folder, "rules.yml")
        with open(rules, "w") as file:
            file.write(RULES)
        beside_the_daemon(rules)
        program = under_its_name(folder, rules)
        beside_the_peer(program, rules)
    finally:
        sleeper.kill()
        sleeper.wait()
        shutil.rmtree(folder, ignore_errors=True)


run_test(scenario)
