#!/usr/bin/env python3
"""The web configuration file while the daemon runs: followed when it is good, and what was good stays when it is not.

Usage: web_config.py VITALD
"""
import os
import subprocess
import time

import web
from vitald import Daemon, check, comes, program, run_test, wake_ups
from web import basic, bcrypt

OPEN, NEXT = basic("alice", "open"), basic("alice", "next")


def users(password, more=""):
    return f"basic_auth_users:\n  alice: {bcrypt(password, 4)}\n{more}"


def refused_at_start(folder):
    config = f"{folder}/start.yml"
    for text, says in {
            "basic_auth_users:\n  alice: secret\n": f"{config}:2: basic_auth_users.alice is a bcrypt hash",
            "tls_config: {}\n": f"{config}:1: tls_config is no key of this file",
            "tls_server_config:\n  cert_file: a\n  key_file: b\n": f"{config}:2: tls_server_config.cert_file: {folder}/a: No such file",
            "tls_server_config:\n  cert_file: a\n": f"{config}:1: tls_server_config.key_file is missing",
            "tls_server_config:\n  cert: a\n  key: b\n": f"{config}:2: tls_server_config.cert: no certificate in PEM",
            "a: [": f"{config}:", None: f"{config}: No such file or directory"}.items():
        if text is None:
            os.unlink(config)
        else:
            web.put(config, text)
        done = subprocess.run([program, f"--web.config.file={config}", "--web.listen-address=127.0.0.1:0"],
                              capture_output=True, text=True, timeout=30)
        check(done.returncode == 78 and says in done.stderr, f"refused with 78: {says} ({done.returncode}, {done.stderr.strip()!r})")
        check("secret" not in done.stderr, "and no secret is shown")
        checked = subprocess.run([program, f"--web.config.file={config}", "--check-config"], capture_output=True, text=True)
        check(checked.returncode == 78 and says in checked.stderr, "and --check-config says so, too")


def good(daemon):
    return daemon.page(Authorization=OPEN).value("vitald_web_config_last_reload_successful")


def fails_closed(daemon, config):
    whole = open(config).read()
    for what, spoil in {"emptied": lambda: open(config, "w").close(), "cut": lambda: web.put(config, "basic_auth_users:\n"),
                        "broken": lambda: web.put(config, "basic_auth_users: {"), "gone": lambda: os.unlink(config),
                        "a folder": lambda: (os.unlink(config), os.mkdir(config))}.items():
        said = daemon.said().count("the last good one stays")
        spoil()
        check(comes(lambda: good(daemon) == 0, 10), f"{what}: the metric tells")
        for _ in range(3):
            check(daemon.get().status == 401, "nobody comes in without a password")
            time.sleep(0.4)
        check(daemon.get(Authorization=OPEN).status == 200, "the old one counts")
        check(daemon.said().count("the last good one stays") == said + 1, "the log tells once")
        if os.path.isdir(config):
            os.rmdir(config)
        web.put(config, whole)
        check(comes(lambda: good(daemon) == 1, 10), "and all is well again when the file is")


def follows(daemon, config):
    with web.Client(daemon.port) as kept:
        check(kept.get(Authorization=OPEN).status == 200, "a connection that stays")
        socket = kept.connection.sock
        web.put(config, users("next"))
        check(comes(lambda: kept.get(Authorization=NEXT).status == 200, 10), "learns of another password")
        check(kept.get(Authorization=OPEN).status == 401, "the old one is refused")
        check(kept.connection.sock is socket, "on the same connection")
    time.sleep(1.2)
    web.put(config, users("open"))
    check(daemon.get(Authorization=NEXT).status == 401, "a second after the last look the first request finds the change")
    check(daemon.get(Authorization=OPEN).status == 200, "and the new password")


def mounted_secret(folder):
    """As Kubernetes renews them: a link to a folder is swapped."""
    for name, password in {"one": "open", "two": "next"}.items():
        os.mkdir(f"{folder}/{name}")
        web.put(f"{folder}/{name}/web.yml", users(password))
    os.symlink("one", f"{folder}/data")
    os.symlink("data/web.yml", f"{folder}/mounted.yml")
    with Daemon(f"--web.config.file={folder}/mounted.yml", allow=["web configuration"]) as daemon:
        check(daemon.get(Authorization=OPEN).status == 200, "a mounted secret")
        os.symlink("two", f"{folder}/data.new")
        os.rename(f"{folder}/data.new", f"{folder}/data")
        check(comes(lambda: daemon.get(Authorization=NEXT).status == 200, 10), "is followed when its link is swapped")


def idle_stays_idle(daemon):
    daemon.get(Authorization=OPEN)
    time.sleep(1.5)
    before = wake_ups(daemon.pid)
    time.sleep(3)
    woken = {task: count - before.get(task, 0) for task, count in wake_ups(daemon.pid).items()}
    check(sum(woken.values()) <= 1, f"nothing wakes while nobody asks {woken}")


def fields_and_rate(folder):
    config = f"{folder}/rate.yml"
    web.put(config, "http_server_config:\n  headers:\n    X-Frame-Options: deny\n    Strict-Transport-Security: max-age=9\n"
                    "rate_limit:\n  interval: 1h\n  burst: 3\n")
    with Daemon(f"--web.config.file={config}", allow=["neither TLS nor passwords"]) as daemon:
        first = daemon.get("/")
        check(first.headers["X-Frame-Options"] == "deny" and first.headers["Strict-Transport-Security"] == "max-age=9",
              "replies carry the fields")
        check(first.headers["X-Content-Type-Options"] == "nosniff", "beside the usual ones")
        statuses = [daemon.get("/").status for _ in range(4)]
        check(statuses == [200, 200, 429, 429], f"three at once, then 429 {statuses}")
        check(daemon.get("/").headers["Retry-After"] is not None, "with Retry-After")
        check(daemon.get("/-/healthy").status == 200, "but never for health")


def scenario():
    with web.folder() as folder:
        refused_at_start(folder)
        config = f"{folder}/web.yml"
        web.put(config, users("open"))
        with Daemon(f"--web.config.file={config}", allow=["web configuration"]) as daemon:
            idle_stays_idle(daemon)
            fails_closed(daemon, config)
            follows(daemon, config)
        mounted_secret(folder)
        fields_and_rate(folder)


run_test(scenario)
