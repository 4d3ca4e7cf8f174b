#!/usr/bin/env python3
"""SIGHUP reads the configuration anew: what changes, what stays when it is broken, and that nobody notices.

    reload.py VITALD
"""
import http.client
import json
import os
import shutil
import signal
import socket
import tempfile
import threading
import time

from vitald import Daemon, check, comes, descriptors, get, own_kib, run_test, sanitized, threads

expected = ("reloading", "reloaded", "not reloaded", "changed settings need a restart")


class Configured:
    def __init__(self, folder):
        self.path = os.path.join(folder, "vitald.yaml")

    def write(self, text):
        with open(self.path + ".new", "w") as file:
            file.write(text)
        os.rename(self.path + ".new", self.path)


def configuration(daemon):
    return json.loads(daemon.get("/api/v1/status").text())["data"]["configuration"]


def reload(daemon):
    """Whether the reload took effect, when it has ended."""
    before, ended = daemon.said().count("reloaded"), daemon.said()
    daemon.process.send_signal(signal.SIGHUP)
    if not comes(lambda: daemon.said().count("reloaded") > before, 15):
        return None
    return daemon.said()[len(ended):].count("not reloaded") == 0


def what_changes(daemon, file):
    print("-- what a file changes")
    check("node_load1" in daemon.page().families, "at first loadavg is there")
    file.write("collector: {loadavg: false, filesystem.mount-points-exclude: .*}\nlog.level: debug\n")
    check(reload(daemon), "a changed file is taken")
    page = daemon.page()
    check("node_load1" not in page.families, "loadavg is gone")
    check("node_filesystem_size_bytes" not in page.families, "an option of filesystem is another")
    check("node_memory_MemTotal_bytes" in page.families, "the others are there")
    said = configuration(daemon)
    check(said["generation"] == 2 and said["last_reload_successful"] and said["files"] == [file.path],
          f"the status tells generation and file {said}")
    file.write("collector.loadavg: true\n")
    check(reload(daemon) and "node_load1" in daemon.page().families, "and back")


def freshness_alone(file):
    print("-- the freshness, and nothing else")
    file.write("web.freshness: 0s\n")
    with Daemon(f"--config.file={file.path}", allow=expected) as daemon:
        file.write("web.freshness: 60s\n")
        check(reload(daemon), "a freshness is taken")
        first, second = (daemon.page().value("node_time_seconds") for _ in range(2))
        check(first == second, f"two requests share a reading now: {first} {second}")
        file.write("web.freshness: 0s\n")
        check(reload(daemon), "and none again")
        check(daemon.page().value("node_time_seconds") > second, "each request has its own again")


def answers(port):
    try:
        return get(port, "/-/healthy").status == 200
    except OSError:
        return False


def addresses(folder, file):
    print("-- addresses to listen at")
    held, by_file = socket.create_server(("127.0.0.1", 0)), os.path.join(folder, "here.sock")
    taken = held.getsockname()[1]
    file.write("web.listen-address: ['127.0.0.1:0']\n")
    with Daemon(f"--config.file={file.path}", listen=(), allow=(*expected, "listening no longer")) as daemon:
        kept = http.client.HTTPConnection("127.0.0.1", daemon.port)
        kept.request("GET", "/-/healthy")
        check(kept.getresponse().read() is not None, "a connection is there")
        file.write(f"web.listen-address: ['127.0.0.1:0', '127.0.0.1:{taken}']\n")
        check(reload(daemon) is False and str(taken) in configuration(daemon)["error"], "a port that is taken is told")
        check(answers(daemon.port), "and all stays as it was")
        held.close()
        file.write(f"web.listen-address: ['127.0.0.1:{taken}', 'unix:{by_file}']\n")
        check(reload(daemon) and answers(taken), "a port is listened at that was not")
        check(os.path.exists(by_file), "and a Unix socket")
        check(comes(lambda: not answers(daemon.port), 5), "and one no longer that was")
        kept.request("GET", "/-/healthy")
        check(kept.getresponse().status == 200, "the connection that came by it stays")
        kept.close()
        daemon.port = taken
        said = json.loads(daemon.get("/api/v1/status").text())["data"]
        check(said["listeners"] == [f"127.0.0.1:{taken}", f"unix:{by_file}"], f"the status tells: {said['listeners']}")
        check(said["configuration"]["need_a_restart"] == [], "no restart is needed")
        file.write(f"web.listen-address: ['127.0.0.1:{taken}']\n")
        check(reload(daemon) and not os.path.exists(by_file), "the file of a socket that is left goes")


def what_is_broken(daemon, file):
    print("-- a broken file")
    file.write("collector: {loadavg: maybe, lodavg: true}\n")
    check(reload(daemon) is False, "it is refused")
    page = daemon.page()
    check("node_load1" in page.families, "all stays as it was")
    successful = lambda: daemon.page().value("vitald_config_last_reload_successful")
    check(comes(lambda: successful() == 0, 5), "a metric tells")
    said = configuration(daemon)
    check(not said["last_reload_successful"] and "loadavg" in said["error"] and "lodavg" in said["error"],
          f"the status names every fault: {said.get('error')}")
    check(said["generation"] == 3, "the generation is the last good one's")
    os.unlink(file.path)
    check(reload(daemon) is False, "a file that is gone is a fault, too")
    file.write("{}\n")
    check(reload(daemon), "a good one is taken again")
    check(comes(lambda: successful() == 1, 5), "and the metric is 1 again")


def what_needs_a_restart(daemon, file):
    print("-- what needs a restart")
    file.write("web.telemetry-path: /elsewhere\n")
    check(reload(daemon) and configuration(daemon)["need_a_restart"] == ["web.telemetry-path"], "it is named")
    check(daemon.get("/metrics").status == 200, "and waits for the restart")
    file.write("{}\n")
    check(reload(daemon) and configuration(daemon)["need_a_restart"] == [], "changed back it needs none")


def under_load(daemon, file, times=200):
    print(f"-- {times} reloads under load")
    failures, answers, ending = [], [0], threading.Event()

    def ask():
        while not ending.is_set():
            try:
                reply = get(daemon.port)
                answers[0] += 1
                if reply.status != 200 or b"node_memory_MemTotal_bytes" not in reply.body:
                    failures.append(reply.status)
            except OSError as fault:
                failures.append(str(fault))

    def turn(count):
        for i in range(count):
            file.write(f"collector: {{loadavg: {'true' if i % 2 else 'false'}}}\n")
            generation = configuration(daemon)["generation"]
            daemon.process.send_signal(signal.SIGHUP)
            if not comes(lambda: configuration(daemon)["generation"] > generation, 15):
                failures.append("a reload that did not end")

    clients = [threading.Thread(target=ask) for _ in range(3)]
    for client in clients:
        client.start()
    try:
        turn(20)
        memory = own_kib(daemon.pid)
        turn(times - 20)
    finally:
        ending.set()
        for client in clients:
            client.join()
    check(answers[0] > 100 and not failures, f"{answers[0]} answers, none failed {failures[:5]}")
    return memory


def scenario():
    folder = tempfile.mkdtemp(prefix="vitald.reload.")
    try:
        file = Configured(folder)
        freshness_alone(file)
        addresses(folder, file)
        file.write("{}\n")
        with Daemon(f"--config.file={file.path}", "--web.freshness=0", allow=expected) as daemon:
            what_changes(daemon, file)
            what_is_broken(daemon, file)
            what_needs_a_restart(daemon, file)
            before = daemon.rested()
            memory = under_load(daemon, file)
            check(daemon.is_no_larger((before[0] + 1, before[1] + 2)), f"threads and descriptors: {before}, then {daemon.size()}")
            check(sanitized(daemon.pid) or own_kib(daemon.pid) < memory + 1024,
                  f"memory: {memory} KiB, then {own_kib(daemon.pid)} KiB")
            print("-- a storm")
            generation = configuration(daemon)["generation"]
            for _ in range(500):
                daemon.process.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            check(comes(lambda: configuration(daemon)["generation"] > generation, 15), "a storm is answered by a reload")
            check(threads(daemon.pid) < 10 and descriptors(daemon.pid) < 300, "and leaves nothing behind")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


run_test(scenario)
