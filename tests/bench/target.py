"""A server under measurement: started, asked over a raw socket, its cost read from the kernel's clocks."""
import os
import re
import signal
import socket
import time

HOST = "127.0.0.1"
REQUESTS = {
    "plain": f"GET /metrics HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/plain;version=0.0.4\r\n\r\n".encode(),
    # Word for word what Prometheus 2.53 sends.
    "gzip": (
        f"GET /metrics HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: Prometheus/2.53.3\r\n"
        "Accept: application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
        "text/plain;version=0.0.4;q=0.3,*/*;q=0.2\r\nAccept-Encoding: gzip\r\n"
        "X-Prometheus-Scrape-Timeout-Seconds: 10\r\n\r\n"
    ).encode(),
}


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def cpu_ns(pid):
    """CPU of all threads of a process, those that ended included: its CPU clock, exact to the nanosecond."""
    return time.clock_gettime_ns((~pid) << 3 | 2)


def of_tasks(pid, file):
    """The texts of a file of every thread; a thread may end meanwhile."""
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/{file}") as text:
                yield text.read()
        except (FileNotFoundError, ProcessLookupError):
            pass


def children(pid):
    found = []
    for text in of_tasks(pid, "children"):
        for child in map(int, text.split()):
            found += [child, *children(child)]
    return found


class Connection:
    """Keep-alive; reads one reply at a time, whole, whether by Content-Length or in chunks."""

    def __init__(self, port):
        self.socket = socket.create_connection((HOST, port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def close(self):
        self.socket.close()

    def _more(self):
        got = self.socket.recv(1 << 18)
        if not got:
            raise ConnectionError("closed in the middle of a reply")
        self.rest += got

    def _take(self, count):
        while len(self.rest) < count:
            self._more()
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def _take_until(self, mark):
        while (at := self.rest.find(mark)) < 0:
            self._more()
        return self._take(at + len(mark))

    def ask(self, kind):
        self.socket.sendall(REQUESTS[kind])
        head = self._take_until(b"\r\n\r\n")
        lower = head.lower()
        status = int(head[9:12])
        if b"transfer-encoding: chunked" in lower:
            body = b""
            while size := int(self._take_until(b"\r\n"), 16):
                body += self._take(size + 2)[:-2]
            self._take_until(b"\r\n")
        else:
            body = self._take(int(re.search(rb"content-length: *(\d+)", lower).group(1)))
        return status, b"content-encoding: gzip" in lower, body


class Target:
    def __init__(self, name, command, folder):
        """`command` is a function of the port, so that every start has one of its own."""
        self.name, self.command, self.log = name, command, f"{folder}/{name}.log"
        self.pid = self.port = self.connection = None

    def spawn(self):
        self.port = free_port()
        command = [str(word) for word in self.command(self.port)]
        to_log = [(os.POSIX_SPAWN_OPEN, fd, self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) for fd in (1, 2)]
        nothing = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)]
        self.pid = os.posix_spawn(command[0], command, os.environ, file_actions=nothing + to_log)

    def first_answer(self, limit=10):
        """Seconds from exec to the end of the first 200, and CPU seconds spent until there."""
        began = time.perf_counter()
        self.spawn()
        while time.perf_counter() - began < limit:
            try:
                self.connection = Connection(self.port)
                if self.connection.ask("plain")[0] == 200:
                    wall = time.perf_counter() - began
                    return wall, sum(self.cpu().values()) / 1e9
                self.connection.close()
            except (ConnectionError, OSError):
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    self.pid = None
                    raise SystemExit(f"bench: {self.name} ended at once, see {self.log}")
            time.sleep(0.0002)
        raise SystemExit(f"bench: no 200 from {self.name} within {limit} s, see {self.log}")

    def stop(self):
        if self.connection:
            self.connection.close()
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
            for _ in range(500):
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    break
                time.sleep(0.01)
            else:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        self.pid = self.connection = None

    def cpu(self):
        """CPU ns of the process and, apart, of each process below it."""
        return {pid: cpu_ns(pid) for pid in [self.pid, *children(self.pid)]}

    def scrape(self, kind):
        status, gzipped, body = self.connection.ask(kind)
        if status != 200 or gzipped != (kind == "gzip"):
            raise SystemExit(f"bench: {self.name} answered {status} (gzip: {gzipped}) to a {kind} scrape")
        return body

    def memory(self):
        """RSS, PSS and private bytes of the process and of each below it."""
        found = {}
        for pid in [self.pid, *children(self.pid)]:
            with open(f"/proc/{pid}/smaps_rollup") as text:
                sizes = {a: int(b) * 1024 for a, b in re.findall(r"^(\w+): +(\d+) kB", text.read(), re.M)}
            found[pid] = {
                "rss": sizes["Rss"],
                "pss": sizes["Pss"],
                "private": sizes["Private_Clean"] + sizes["Private_Dirty"],
            }
        return found

    def switches(self):
        """Context switches of all threads of the whole tree: how often somebody was woken or preempted."""
        return sum(int(count)
                   for pid in [self.pid, *children(self.pid)]
                   for text in of_tasks(pid, "status")
                   for count in re.findall(r"ctxt_switches:\s+(\d+)", text))


def spent(before, after):
    """CPU ns between two readings: (of the whole tree, of all but its first process). One that came between counts
    whole; one that ended between took its figure with it, and no figure is better than a wrong one."""
    if not before.keys() <= after.keys():
        raise SystemExit("bench: a child of a target ended while it was measured")
    main = next(iter(before))
    each = {pid: ns - before.get(pid, 0) for pid, ns in after.items()}
    return sum(each.values()), sum(each.values()) - each[main]
