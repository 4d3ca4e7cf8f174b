"""What strangers may do to the port, plain (hostile.py) or by TLS (hostile_tls.py): for each case the outcome, and that
the daemon is what it was before.

A canary scrapes every 250 ms all the while. After each group of cases memory and descriptors are as before.
"""
import os
import resource
import select
import signal
import socket
import ssl
import statistics
import struct
import threading
import time

from vitald import check, comes, cpu_ticks, own_kib

HOST = b"Host: x\r\n"
INNER = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


# ---- clients
def connect_bare(daemon, **options):
    client = socket.socket()
    for option, value in options.items():
        client.setsockopt(socket.SOL_SOCKET, getattr(socket, option), value)
    client.settimeout(10)
    client.connect(("127.0.0.1", daemon.port))
    return client


def tls_of(daemon):
    return getattr(daemon, "tls", None)


def connect(daemon, **options):
    """With its handshake done, where the daemon speaks TLS."""
    client = connect_bare(daemon, **options)
    return tls_of(daemon).wrap_socket(client) if tls_of(daemon) else client


def send(client, text):
    """As much as the daemon takes: it may end the connection meanwhile."""
    try:
        client.sendall(text)
    except OSError:
        pass


def all_of(client, most=10):
    """What comes until the daemon ends the connection; None when it does not."""
    text, end = b"", time.monotonic() + most
    while time.monotonic() < end:
        client.settimeout(max(0.01, end - time.monotonic()))
        try:
            part = client.recv(1 << 16)
        except ConnectionError:
            return text
        except OSError:
            return None
        if not part:
            return text
        text += part
    return None


def request(line, *fields):
    return line + b" HTTP/1.1\r\n" + HOST + b"".join(field + b"\r\n" for field in fields) + b"\r\n"


class Canary(threading.Thread):
    def __init__(self, daemon):
        super().__init__()
        self.daemon_under_test, self.stop, self.seconds, self.faults = daemon, threading.Event(), [], []

    def run(self):
        while not self.stop.wait(0.25):
            try:
                reply = self.daemon_under_test.get(timeout=10)
                self.seconds.append(reply.seconds)
                if reply.status != 200:
                    self.faults.append(reply.status)
            except OSError as error:
                self.faults.append(repr(error))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.join()

    def judge(self, what):
        late = [second for second in self.seconds if second >= 1]
        middle = statistics.median(self.seconds or [0])
        check(not self.faults and len(late) <= len(self.seconds) // 20,
              f"{what}: {len(self.seconds)} scrapes meanwhile, median {middle * 1000:.0f} ms, "
              f"{len(late)} over 1 s, faults {self.faults[:3]}")


class Unharmed:
    """Around cases: the process, its memory and its descriptors are what they were; the canary lives."""

    def __init__(self, daemon, what, grows=2048, canary=True):
        self.daemon, self.what, self.grows = daemon, what, grows
        self.canary = Canary(daemon) if canary else None

    def __enter__(self):
        for _ in range(5):
            self.daemon.page()
        self.size, self.rss = self.daemon.rested(), own_kib(self.daemon.pid)
        if self.canary:
            self.canary.__enter__()
        return self

    def __exit__(self, kind, *_):
        if self.canary:
            self.canary.__exit__()
        if kind is not None:
            return
        if self.canary:
            self.canary.judge(self.what)
        check(self.daemon.process.poll() is None, f"{self.what}: the process lives")
        check(self.daemon.is_no_larger(self.size), f"{self.what}: descriptors {self.size} -> {self.daemon.size()}")
        back = comes(lambda: own_kib(self.daemon.pid) - self.rss < self.grows, 5)
        check(back, f"{self.what}: memory {self.rss} -> {own_kib(self.daemon.pid)} KiB")


# ---- one request each, and what must come of it
def framing_cases():
    post = lambda *fields: request(b"POST /metrics", *fields)
    get_with = lambda *fields: request(b"GET /metrics", *fields)
    te, length = b"Transfer-Encoding: chunked", lambda value: b"Content-Length: " + value
    for name, fields in {"both length and chunks": (length(b"5"), te), "chunks and length": (te, length(b"0")),
                         "no length": (length(b""),), "+ length": (length(b"+5"),), "- length": (length(b"-1"),),
                         "hexadecimal length": (length(b"0x5"),), "a list of lengths": (length(b"5, 5"),),
                         "a length of 2^64": (length(b"18446744073709551616"),),
                         "two lengths": (length(b"5"), length(b"6")), "chunks twice": (te, te),
                         "an odd coding": (b"Transfer-Encoding: chunked, gzip",),
                         "a blank before the colon": (b"Content-Length : 5",),
                         "a folded field": (b"A: b\r\n c",), "an 8-bit name": (b"N\xc3\xa4me: x",),
                         "a bare CR": (b"A: b\rc",), "a NUL": (b"A: \0",), "a bare LF": (b"A: b\nC: d",),
                         "two hosts": (b"Host: y",), "no colon": (b"nonsense",)}.items():
        for make in (post, get_with):
            yield name, make(*fields) + INNER, 400
    yield "an unknown coding", post(b"Transfer-Encoding: xchunked") + INNER, 501
    yield "no host", b"GET /metrics HTTP/1.1\r\n\r\n", 400
    yield "HTTP/0.9", b"GET /metrics\r\n", 400
    yield "HTTP/9.9", b"GET /metrics HTTP/9.9\r\n" + HOST + b"\r\n", 505
    yield "the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505
    yield "a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400
    yield "a broken escape", request(b"GET /api/v1/collectors/%zz", b"Connection: close"), 400
    for chunk in (b"zz\r\n", b"-1\r\n", b"ffffffffffffffffff\r\n", b"5\r\nhelloX", b"1;" + b"e" * 70000):
        yield f"bad chunk {chunk[:12]}", post(te) + chunk + INNER, 405
        yield f"bad chunk {chunk[:12]} on GET", get_with(te) + chunk + INNER, 413
    yield "1 MiB of field", get_with(b"A: " + b"a" * (1 << 20)), 431
    yield "1 MiB of name", get_with(b"a" * (1 << 20) + b": b"), 431
    yield "a method of 70 kB", b"M" * 70000 + b" / HTTP/1.1\r\n", 414
    yield "a target of 70 kB", request(b"GET /" + b"a" * 70000), 414
    yield "blank lines", b"\r\n" * 100000, 400
    for method in (b"POST", b"PUT", b"DELETE", b"TRACE", b"CONNECT", b"get", b"PATCH", b"FOO"):
        yield method.decode(), request(method + b" /metrics", b"Connection: close"), 405


def framing(daemon):
    odd = []
    for name, text, status in framing_cases():
        client = connect(daemon)
        send(client, text)
        told = all_of(client)
        client.close()
        if told is None or not told.startswith(b"HTTP/1.1 %d " % status) or told.count(b"HTTP/1.1 ") != 1:
            odd.append((name, status, None if told is None else told[:60]))
        elif status == 405 and b"\r\nAllow: GET, HEAD, OPTIONS\r\n" not in told:
            odd.append((name, "no Allow"))
    check(not odd, f"{len(list(framing_cases()))} requests that are none: one refusal, then the end {odd}")


def right_ones(daemon):
    def told(text, half_close=False):
        client = connect(daemon)
        client.sendall(text)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        text = all_of(client)
        client.close()
        return text or b""
    end = b"Connection: close"
    if not tls_of(daemon):  # Python's TLS has none of its own; tls.py does it by hand
        check(told(request(b"GET /-/healthy"), half_close=True).endswith(b"\r\n\r\nok\n"), "half-close is answered")
    check(told(request(b"GET http://a.example/-/healthy", end)).endswith(b"ok\n"), "an absolute target")
    check(told(request(b"GET /%2D/healthy", end)).endswith(b"ok\n"), "an escape is undone once")
    check(b" 404 " in told(request(b"GET /%252D/healthy", end))[:20], "and not twice")
    check(told(request(b"OPTIONS /metrics", end)).startswith(b"HTTP/1.1 204 "), "OPTIONS")
    check(b"\r\n\r\n" == told(request(b"HEAD /metrics", end))[-4:], "HEAD has no body")
    refused = told(request(b"POST /metrics", b"Content-Length: 5", b"Expect: 100-continue"))
    check(refused.startswith(b"HTTP/1.1 405 "), "Expect: 100-continue is refused before the body comes")
    paths = [b"/-/healthy", b"/-/ready"] * 50
    text = told(b"".join(request(b"GET " + path) for path in paths) + request(b"GET /nothing", end))
    bodies = [part.split(b"HTTP/1.1")[0] for part in text.split(b"\r\n\r\n")[1:]]
    check(bodies == [b"ok\n", b"ready\n"] * 50 + [b"not found\n"], f"100 at once are answered in order ({len(bodies)})")


def errors(daemon):
    """What an error says, and that nothing of the client's comes back as markup."""
    evil = daemon.get("/api/v1/<script>alert(1)</script>")
    check(evil.headers["Content-Type"] == "application/problem+json" and b"<script>" not in evil.body,
          "an error below /api is a problem, without what was asked")
    evil = daemon.get("/metrics?collect[]=%3Cscript%3E")
    check(evil.status == 400 and evil.headers["Content-Type"].startswith("text/plain"), "a wrong collector: plain text")
    for path in ("/", "/metrics", "/nothing", "/api/v1/collectors"):
        fields = daemon.get(path).headers
        safe = fields["X-Content-Type-Options"] == "nosniff" and \
            "frame-ancestors 'none'" in fields["Content-Security-Policy"] and "Access-Control-Allow-Origin" not in fields
        check(safe and "Server" not in fields, f"{path}: nosniff, a policy, no CORS, no name of a server")
    client = connect(daemon)
    client.sendall(b"GET /api/v1/x HTTP/9.9\r\n")
    check(b"application/problem+json" in (all_of(client) or b""), "also of a request that is none")
    client.close()


# ---- crowds
def resets(daemon, count=3000):
    ticks = cpu_ticks(daemon.pid)
    for _ in range(count):
        client = connect(daemon, SO_LINGER=struct.pack("ii", 1, 0))
        send(client, request(b"GET /metrics"))
        client.close()
    seconds = (cpu_ticks(daemon.pid) - ticks) / os.sysconf("SC_CLK_TCK")
    check(seconds < 5, f"{count} resets cost {seconds:.2f} s of processor time")


def leavers(daemon, count=300):
    for number in range(count):
        client = connect_bare(daemon) if number % 3 == 0 else connect(daemon)
        if number % 3 == 0:
            client.send(b"!", socket.MSG_OOB)
        elif number % 3 == 1:
            send(client, request(b"GET /metrics"))
        client.close()


def greedy(daemon):
    """20 clients ask 3,000 times each and read nothing: they are held back, and cost little."""
    before, clients = own_kib(daemon.pid), []
    for _ in range(20):
        client = connect(daemon)
        client.setblocking(False)
        text = request(b"GET /metrics") * 3000
        try:
            while text:
                text = text[client.send(text):]
        except (BlockingIOError, ssl.SSLWantWriteError):
            pass
        clients.append(client)
    time.sleep(1)
    grown = own_kib(daemon.pid) - before
    check(grown < 16384, f"20 that ask and do not read: +{grown} KiB")
    for client in clients:
        client.close()


def stopped(daemon):
    clients = [connect(daemon) for _ in range(300)]
    os.kill(daemon.pid, signal.SIGSTOP)
    for client in clients:
        client.sendall(request(b"GET /metrics", b"Connection: close"))
    time.sleep(3)
    os.kill(daemon.pid, signal.SIGCONT)
    told = [all_of(client, 20) or b"" for client in clients]
    good = sum(text.startswith(b"HTTP/1.1 200 ") for text in told)
    check(good == 300, f"stopped for 3 s with 300 waiting: {good} are answered")
    for client in clients:
        client.close()


def idle_crowd(daemon, count=10_000, most_bytes=2048):
    count = min(count, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200)
    before = own_kib(daemon.pid)
    clients = [connect(daemon) for _ in range(count)]
    for client in clients[::2]:
        client.sendall(request(b"GET /-/healthy"))
    for client in clients[::2]:
        client.recv(4096)
    time.sleep(0.15)  # past --web.freshness
    page = daemon.page()
    held = page.value("vitald_http_connections")
    check(held >= count, f"{held:.0f} connections are held")
    cost = (own_kib(daemon.pid) - before) * 1024 / count
    check(cost < most_bytes, f"an idle connection costs {cost:.0f} bytes")
    seconds = [daemon.get().seconds for _ in range(5)]
    check(statistics.median(seconds) < 1, f"a scrape beside them takes {statistics.median(seconds) * 1000:.0f} ms")
    for client in clients:
        client.close()


# ---- times
def closed(clients, seconds):
    """How many of them the daemon ends within that time."""
    left, ended, end = set(clients), 0, time.monotonic() + seconds
    for client in clients:
        client.setblocking(False)
    while left and time.monotonic() < end:
        for client in select.select(left, [], [], 0.2)[0] if len(left) < 900 else []:
            try:
                over = client.recv(1 << 16) == b""
            except (BlockingIOError, ssl.SSLWantReadError):  # a ticket of TLS, perhaps
                over = False
            except OSError:
                over = True
            if over:
                left.discard(client)
                ended += 1
    return ended


def drip(clients, text, stop):
    while not stop.wait(0.3):
        for client in clients:
            send(client, text)


def slow_ones(daemon):
    """With a time of 2 s for heads and of 3 s for replies."""
    kinds = {"say nothing": b"", "drip a head": b"GET /metrics HTTP/1.1\r\nHost: x\r\nA: ",
             "stop within a head": b"GET /met", "drip a body": b"POST /metrics HTTP/1.1\r\nHost: x\r\n"
             b"Content-Length: 60000\r\n\r\n"}
    all_clients, refused = [], lambda why: daemon.page().value("vitald_http_refused_total", reason=why)
    for beginning in kinds.values():
        group = [connect(daemon) for _ in range(40)]
        for client in group:
            send(client, beginning)
        all_clients.append(group)
    stop = threading.Event()
    dripping = threading.Thread(target=drip, args=(all_clients[1] + all_clients[3], b"a", stop))
    dripping.start()
    for kind, group in zip(kinds, all_clients):
        check(closed(group, 15) == len(group), f"40 that {kind} are gone")
    stop.set()
    dripping.join()
    lazy = [connect(daemon, SO_RCVBUF=4096) for _ in range(10)]
    for client in lazy:
        send(client, request(b"GET /metrics") * 100)
    before = refused("write_timeout")
    check(comes(lambda: refused("write_timeout") >= before + 10, 15), "10 that do not read are cut")
    check(refused("header_timeout") >= 120, "and all are counted")
    for client in lazy + sum(all_clients, []):
        client.close()


def slow_handshakes(daemon):
    """With a time of 2 s for them."""
    refused = lambda: daemon.page().value("vitald_http_refused_total", reason="handshake_timeout")
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    before, groups = refused(), []
    for beginning in (b"", hello, hello):
        groups.append([connect_bare(daemon) for _ in range(40)])
        for client in groups[-1]:
            send(client, beginning)
    stop = threading.Event()
    dripping = threading.Thread(target=drip, args=(groups[2], b"a", stop))
    dripping.start()
    for kind, group in zip(("say nothing", "stop within", "drip"), groups):
        check(closed(group, 15) == len(group), f"40 whose handshakes {kind} are gone")
    stop.set()
    dripping.join()
    check(refused() >= before + 120, "and counted")
    for client in sum(groups, []):
        client.close()
