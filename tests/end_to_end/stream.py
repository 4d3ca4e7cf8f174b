#!/usr/bin/env python3
"""Server-sent events: what is told, to how many, what slow and early leavers cost, and how it ends.

Usage: stream.py VITALD
"""
import http.client
import json
import signal
import socket
import time

import web
from vitald import Daemon, check, comes, cpu_ticks, get, own_kib, run_test, wake_ups

PATH = "/api/v1/stream?topics=loadavg,meminfo"


class Stream:
    """One that reads; `events` gives the next ones."""

    def __init__(self, port, path=PATH, tls=None):
        self.connection = (http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=tls) if tls else
                           http.client.HTTPConnection("127.0.0.1", port, timeout=20))
        self.connection.request("GET", path)
        self.reply = self.connection.getresponse()

    def event(self):
        """The next event's fields, comments under ""; None at the end."""
        fields = {}
        while line := self.reply.readline():
            if line == b"\n":
                return fields
            name, _, value = line.decode().rstrip("\n").partition(": ")
            fields[name] = value
        return None

    def samples(self, count):
        found = []
        while len(found) < count and (event := self.event()) is not None:
            if event.get("event") == "sample":
                found.append({"id": event["id"], **json.loads(event["data"])})
        return found

    def close(self):
        self.reply.close()
        self.connection.close()


def deaf(port, path=PATH + ",vmstat,cpu,stat"):
    """One that never reads."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return client


def streams(daemon):
    return daemon.page().value("vitald_http_streams")


def told(daemon):
    stream = Stream(daemon.port)
    fields = stream.reply.headers
    check(fields["Content-Type"] == "text/event-stream" and fields["Cache-Control"] == "no-store", "its head")
    check(stream.event() == {"retry": "2000"}, "how long to wait before coming back")
    samples = stream.samples(3)
    check([set(sample) for sample in samples] == [{"id", "skipped", "loadavg", "meminfo"}] * 3, "each has both topics")
    numbers = [int(sample["id"].split("-")[1]) for sample in samples]
    check(numbers == [numbers[0] + i for i in range(3)], f"numbered one after the other {numbers}")
    check(samples[0]["loadavg"]["data"]["load"][0]["load1"] >= 0, "with the collectors' rows")
    times = [sample["loadavg"]["sampled_at_seconds"] for sample in samples]
    check(0.5 < times[2] - times[1] < 5, f"a second apart ({times[2] - times[1]:.2f} s)")
    check(comes(lambda: streams(daemon) == 1, 5), "one listens")
    stream.close()
    check(comes(lambda: streams(daemon) == 0, 5), "who leaves is gone at once")


def shared(daemon):
    """Twenty listeners cost one reading a beat."""
    group = [Stream(daemon.port) for _ in range(20)]
    group[0].samples(2)
    before = daemon.page().value("vitald_readings_total")
    group[0].samples(3)
    readings = daemon.page().value("vitald_readings_total") - before
    check(readings <= 8, f"twenty listeners, {readings:.0f} readings in three beats")
    check(len({sample.samples(1)[0]["loadavg"]["sampled_at_seconds"] for sample in group[1:]}) == 1, "the same samples")
    for each in group:
        each.close()


def wrong_ones(daemon):
    for query, word in (("", "cpu"), ("?topics=", "cpu"), ("?topics=cpu,nonsense", "meminfo"), ("?topic=cpu", "interval"),
                        ("?topics=cpu&interval=10ms", "1s to 1m"), ("?topics=cpu&interval=2m", "1s to 1m"),
                        ("?topics=cpu&interval=x", "1s to 1m"), ("?topics=%zz", "escape"), ("?topics=cpu,zfs2", "cpu")):
        reply = get(daemon.port, "/api/v1/stream" + query)
        problem = json.loads(reply.body)
        good = reply.status == 400 and word in problem["detail"] + " ".join(problem.get("allowed", []))
        check(good and reply.headers["Content-Type"] == "application/problem+json", f"{query!r}: 400, with what is right")
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=15)
    connection.request("HEAD", PATH)
    check(connection.getresponse().status == 200 and comes(lambda: streams(daemon) == 0, 5), "HEAD listens to nothing")
    connection.close()
    client = socket.create_connection(("127.0.0.1", daemon.port), timeout=15)
    client.sendall(f"GET {PATH}&interval=1 HTTP/1.0\r\n\r\n".encode())
    text = b""
    while b"data: " not in text and (part := client.recv(65536)):
        text += part
    check(b"\r\n\r\nretry: 2000\n\n" in text and b"chunked" not in text, "HTTP/1.0 gets it without chunks")
    client.close()


def crowd(daemon):
    """256 that never read, and one more."""
    for _ in range(5):
        daemon.page()
    size, rss = daemon.rested(), own_kib(daemon.pid)
    group = [deaf(daemon.port) for _ in range(256)]
    check(comes(lambda: streams(daemon) == 256, 10), "256 listen")
    reply = get(daemon.port, PATH)
    check(reply.status == 503 and reply.headers["Retry-After"], "the next gets 503 and when to come again")
    seconds = sorted(daemon.get().seconds for _ in range(10) if not time.sleep(0.2))
    check(seconds[5] < 1, f"a scrape beside them takes {seconds[5] * 1000:.0f} ms")
    grown = own_kib(daemon.pid) - rss
    check(grown < 16384, f"they cost {grown} KiB")
    cut = lambda: daemon.page().value("vitald_http_refused_total", reason="write_timeout")
    check(comes(lambda: streams(daemon) == 0, 60), f"who takes nothing is cut ({cut():.0f})")
    check(cut() >= 200, "and counted")
    for client in group:
        client.close()
    check(daemon.is_no_larger(size), "nothing is left of them")
    check(comes(lambda: own_kib(daemon.pid) - rss < 2048, 5), f"nor of memory: {rss} -> {own_kib(daemon.pid)} KiB")


def slow_one(daemon):
    """One that pauses gets the newest, and how many it missed."""
    known = json.loads(get(daemon.port, "/api/v1/collectors").body)["data"]
    client = deaf(daemon.port, "/api/v1/stream?topics=" + ",".join(each["name"] for each in known if each["on"]))
    before = daemon.page().value("vitald_http_stream_skipped_total")
    time.sleep(12)  # more than sockets hold, less than the write timeout
    reading, skipped, samples = client.makefile("rb"), 0, 0
    while skipped == 0 and samples < 20:
        line = reading.readline()
        if line.startswith(b"data: "):
            skipped, samples = json.loads(line[6:])["skipped"], samples + 1
    check(skipped > 0, f"after {samples} samples it is told that it missed {skipped}")
    counted = lambda: daemon.page().value("vitald_http_stream_skipped_total")
    check(comes(lambda: counted() >= before + skipped, 5), "which is counted")
    client.close()


def leavers(daemon):
    size = daemon.rested()
    for number in range(300):
        client = deaf(daemon.port, PATH)
        if number % 2:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        if number % 3 == 0:
            client.recv(10)
        client.close()
    check(comes(lambda: streams(daemon) == 0, 10), "300 early leavers are gone")
    check(daemon.is_no_larger(size), "nothing is left of them")


def idle(daemon):
    time.sleep(1)
    before, ticks = wake_ups(daemon.pid), cpu_ticks(daemon.pid)
    time.sleep(3)
    woken = sum(count - before.get(task, 0) for task, count in wake_ups(daemon.pid).items())
    check(woken <= 3, f"with nobody listening it wakes {woken} times in 3 s, and takes {cpu_ticks(daemon.pid) - ticks} ticks")


def ended(tls=None, *flags, **how):
    with Daemon(*flags, **how) as daemon:
        readers = [Stream(daemon.port, tls=tls) for _ in range(5)]
        for reader in readers:
            reader.samples(1)
        if not tls:
            others = [deaf(daemon.port, PATH) for _ in range(250)]
            comes(lambda: streams(daemon) == 255, 10)
        daemon.process.send_signal(signal.SIGTERM)
        start, whole = time.monotonic(), 0
        for reader in readers:
            while reader.event() is not None:  # raises, when the end is no end of chunks
                pass
            whole += 1
        check(whole == 5 and time.monotonic() - start < 5, "at SIGTERM streams end whole")
        daemon.end(within=4)
        if not tls:
            for client in others:
                client.close()


def scenario():
    with Daemon() as daemon:
        told(daemon)
        shared(daemon)
        wrong_ones(daemon)
        leavers(daemon)
        idle(daemon)
    with Daemon("--web.write-timeout=5s") as daemon:
        crowd(daemon)
    with Daemon("--web.write-timeout=60s") as daemon:
        slow_one(daemon)
    ended()
    with web.folder() as folder:
        web.Authority(folder).issue("server")
        web.put(f"{folder}/web.yml", "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n")
        ended(web.context(), f"--web.config.file={folder}/web.yml", allow=["web configuration"])


run_test(scenario)
