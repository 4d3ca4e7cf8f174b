#!/usr/bin/env python3
"""Text files beside the daemon's own families: the page stays valid, each fault is told once, and all of it by promtool.

Usage: textfile.py VITALD
"""
import json
import os
import shutil
import tempfile
import time

from vitald import Daemon, check, comes, run_test

FILES = {
    "clash.prom": "node_load1 1e9\nnode_memory_MemFree_bytes 7\nprocess_cpu_seconds_total 1e9\n"
                  "vitald_build_info 7\nnode_scrape_collector_success 7\n"
                  "# TYPE node_load15 gauge\nnode_load15{x=\"1\"} 1e9\n",
    "node_names.prom": "node_load99 1\nnode_memory_of_another_kind 2\nnode_reboot_required 0\n",
    "types.prom": "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 2\n# TYPE s summary\ns{quantile=\"0.5\"} 1\n",
    "cut.prom": "cut 1",
    "nameless.prom": "{x=\"1\"} 1\n",
}


def series(text):
    return [line.rsplit(" ", 1)[0] for line in text.splitlines() if line and not line.startswith("#")]


def heads(text):
    return [line.split(" ")[2] for line in text.splitlines() if line.startswith("# TYPE ")]


def page_is_valid(daemon):
    text = daemon.get().text()
    check(len(series(text)) == len(set(series(text))), "no series is there twice")
    check(len(heads(text)) == len(set(heads(text))), "no family has two heads")
    check("e+09" not in "".join(line for line in text.splitlines() if line.startswith(("node_load", "process_cpu"))),
          "the daemon's own families go before those of files")
    for line in ("node_load99 1", "node_memory_of_another_kind 2", "node_reboot_required 0", 'h_bucket{le="+Inf"} 2',
                 "# TYPE s summary", "node_textfile_scrape_error 1"):
        check(line in text.splitlines(), f"the page has {line}")
    alone = daemon.get("/metrics?collect[]=textfile").text()
    check("\nnode_load1 1e+09\n" in alone, "asked for alone, textfile shows what nobody else does then")
    check("vitald_build_info 7" not in alone, "but never what is on every page")


def api_tells(daemon):
    data = json.loads(daemon.get("/api/v1/collectors/textfile").text())["data"]
    reasons = {os.path.basename(row["file"]): row["reason"] for row in data["textfile_files"]}
    check(reasons["cut.prom"] == "line 1: the text ends within the line", "the API says why a file is not shown")
    check(reasons["nameless.prom"].startswith("line 1: no valid metric name"), "and another")
    hidden = {family["name"] for family in data["families"] if family["hidden"]}
    check(hidden == {"node_load1", "node_load15", "node_memory_MemFree_bytes", "process_cpu_seconds_total"},
          f"the API says which families are the daemon's own ({hidden})")


def log_tells_once(daemon, folder):
    for _ in range(3):
        time.sleep(0.12)
        daemon.get()
    check(daemon.said().count("cut.prom") == 1, "the log says once that a file fails")
    with open(os.path.join(folder, "cut.prom"), "w") as file:
        file.write("cut 1\n")
    check(comes(lambda: "\ncut 1\n" in daemon.get().text(), 3), "a file that is well again is shown")
    check("works again" in daemon.said(), "and the log says so")


def main():
    folder = tempfile.mkdtemp(prefix="vitald.textfile.")
    try:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        os.mkfifo(os.path.join(folder, "pipe.prom"))
        os.symlink("loop.prom", os.path.join(folder, "loop.prom"))
        os.symlink("/dev/zero", os.path.join(folder, "endless.prom"))
        with Daemon(f"--collector.textfile.directory={folder}", allow=("a part of a collector",)) as daemon:
            page_is_valid(daemon)
            api_tells(daemon)
            log_tells_once(daemon, folder)
    finally:
        shutil.rmtree(folder)


run_test(main)
