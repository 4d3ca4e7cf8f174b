#!/usr/bin/env python3
"""Single paths: whether they are there, how large and how old they are; nothing where none is configured; a reload.

Usage: paths.py VITALD
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from vitald import Daemon, check, comes, run_test


def value(text, family, path):
    start = f'vitald_path_{family}{{path="{path}"}} '
    return next((float(line[len(start):]) for line in text.splitlines() if line.startswith(start)), None)


def told(daemon, path):
    text = daemon.get().text()
    return [value(text, family, path) for family in ("exists", "size_bytes", "mode", "mtime_seconds", "is_mount")]


def configure(file, *paths):
    with open(file, "w") as config:
        config.write("web.freshness: 0s\npaths: [" + ", ".join(paths) + "]\n")


def scenario():
    top = tempfile.mkdtemp(prefix="vitald.paths.")
    one, link, file = (os.path.join(top, name) for name in ("one", "link", "v.yaml"))
    try:
        configure(file, one, link, "/proc", "/proc")
        os.symlink("one", link)
        with Daemon(f"--config.file={file}", allow=[r'msg"?[=:]"?reload(ing|ed)\b']) as daemon:
            check(told(daemon, one) == [0, None, None, None, None], "what is not there")
            check(told(daemon, link) == [0, None, None, None, None], "nor a link to it")
            with open(one, "w") as made:
                made.write("12345")
            os.chmod(one, 0o640)
            os.utime(one, (1000, 1000))
            check(told(daemon, one)[:4] == [1, 5, 0o640, 1000], f"a file {told(daemon, one)}")
            check(told(daemon, link)[:4] == [1, 5, 0o640, 1000], "and by the link")
            check(told(daemon, one)[4] in (0, None) and told(daemon, "/proc")[4] in (1, None), "what is a mount")
            check('node_scrape_collector_success{collector="paths"} 1' in daemon.get().text(), "a collector like others")
            configure(file, "/etc")
            daemon.process.send_signal(signal.SIGHUP)
            check(comes(lambda: told(daemon, "/etc")[0] == 1 and told(daemon, one)[0] is None, 15), "a reload changes them")
        with Daemon(f"--paths={top}/a b") as daemon:
            check(told(daemon, f"{top}/a b")[0] == 0, "by a flag, with a blank in it")
        with Daemon() as daemon:
            text = daemon.get().text()
            check("vitald_path" not in text and '"paths"' not in text, "without any there is nothing")
        done = subprocess.run([sys.argv[1], "--paths=etc", "--check-config"], capture_output=True, text=True)
        check(done.returncode == 78 and "whole path" in done.stderr + done.stdout, f"{done.returncode} {done.stderr.strip()}")
    finally:
        shutil.rmtree(top)


run_test(scenario)
