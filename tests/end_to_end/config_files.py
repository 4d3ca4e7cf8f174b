#!/usr/bin/env python3
"""Configuration files as a user meets them: what counts, what is refused with which status, what is shown.

Usage: config_files.py VITALD
"""
import os
import re
import subprocess
import tempfile

import vitald
from vitald import Daemon, check, run_test

usage, configuration = 64, 78


def ends(*flags, **how):
    """Status, stdout and stderr of a run that is to end by itself; one that goes on has status None."""
    try:
        done = subprocess.run([vitald.program, *flags], capture_output=True, text=True, timeout=30, **how)
    except subprocess.TimeoutExpired:
        return None, "", ""
    return done.returncode, done.stdout, done.stderr


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


def counts(folder):
    file = write(folder, "v.yaml", "web:\n  telemetry-path: /m\ncollector:\n  disable-defaults: true\n"
                                   "  loadavg: true\n  uname: true\n")
    write(folder, "conf.d/10.yaml", "collector.uname: false\n")
    with Daemon(f"--config.file={file}") as daemon:
        check(set(daemon.page("/m").success()) == {"loadavg"}, "the file and conf.d say which collectors run and where")
    with Daemon(f"--config.file={file}", "--collector.uname", "--web.telemetry-path=/n") as daemon:
        check(set(daemon.page("/n").success()) == {"loadavg", "uname"}, "flags go before them")
        reply = daemon.get("/api/v1/config")
        check(reply.status == 403 and "telemetry-path" not in reply.text(), "who asks by TCP is not shown the settings")
    with Daemon("--config.file=v.yaml", cwd=folder) as daemon:
        check(set(daemon.page("/m").success()) == {"loadavg"}, "the file may be named from the folder of the start")


def refusals(folder):
    bad = write(folder, "bad.yaml", "web.fresness: 1s\nlog:\n  level: loud\ncolector: {wifi: true}\n")
    for more in ((), ("--check-config",), ("--print-config",)):
        code, out, err = ends(f"--config.file={bad}", *more)
        wanted = [f"vitald: {bad}:1: unknown key web.fresness, did you mean web.freshness?",
                  f"vitald: {bad}:4: unknown key colector, did you mean collector?",
                  f"vitald: {bad}:3: log.level=loud: it must be debug, info, warn or error"]
        check(code == configuration and out == "" and err.splitlines() == wanted,
              f"{' '.join(more) or 'a start'}: 78 and every fault with file, line and key: {code} {err!r}")
    code, _, err = ends("--config.file=/not/there")
    check(code == configuration and err == "vitald: /not/there: No such file or directory\n", f"no file: {code} {err!r}")
    code, _, err = ends("--bogus")
    check(code == usage, f"a wrong flag alone: {code}")
    code, _, err = ends("--bogus", "--check-config")
    check(code == configuration and "--bogus" in err, f"with --check-config: {code}")
    code, _, err = ends(f"--config.file={bad}", "--bogus")
    check(code == configuration and len(err.splitlines()) == 4, f"of both, all at once: {code} {err!r}")
    code, out, _ = ends(f"--config.file={bad}", "--help")
    check(code == 0 and "Usage" in out, "--help asks no file")


def shown(folder):
    file = write(folder, "shown.yaml", "web.freshness: 2s\nweb.max-requests: 3\n")
    code, out, err = ends(f"--config.file={file}", "--check-config")
    check(code == 0 and out == f"{file}\nno faults\n", f"--check-config: {code} {out!r}")
    check(err == f"vitald: {file}:2: web.max-requests is accepted but has no effect\n", f"with its warnings: {err!r}")
    code, out, err = ends(f"--config.file={file}", "--log.level=debug", "--print-config")
    lines = dict(re.match(r"(?:# )?(\S+): +(.*?) +# (.*)$", line).group(1, 3) for line in out.splitlines())
    check(code == 0 and err == "" and lines["web.freshness"] == f"{file}:1" and lines["log.level"] == "--log.level" and
          lines["log.format"] == "default", "--print-config shows where each value comes from")
    again = write(folder, "again.yaml", out)
    _, second, _ = ends(f"--config.file={again}", "--print-config")
    values = [re.sub(r" +# .*", "", line) for line in out.splitlines()]
    check([re.sub(r" +# .*", "", line) for line in second.splitlines()] == values, "and is a file that says the same")


def scenario():
    for part in (counts, refusals, shown):
        print("----", part.__name__)
        with tempfile.TemporaryDirectory(prefix="vitald.config.") as folder:
            part(folder)


run_test(scenario)
