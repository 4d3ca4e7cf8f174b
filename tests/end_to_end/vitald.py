"""What all end-to-end tests share: a daemon of their own, requests, its page, what /proc says of it, and the verdict.

A test is a program: first argument the daemon, then what it needs itself. It exits 0 (passed), 1 (failed) or
77 (cannot run here, and says why).
"""
import gzip
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import traceback

faults = []
program = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
usual_lines = ("listening", "ready", "ending")


# ---- verdict
def skip(why):
    print("skipped:", why)
    sys.exit(77)


def check(holds, what):
    """Tells what holds or not, and goes on."""
    print("ok  " if holds else "FAIL", what, flush=True)
    if not holds:
        faults.append(what)
    return bool(holds)


def finish():
    print("failed:" if faults else "passed", "; ".join(faults))
    sys.exit(1 if faults else 0)


def run_test(scenario, arguments=1):
    """For a test's last line: the scenario, then the verdict."""
    if len(sys.argv) != 1 + arguments:
        print(sys.modules["__main__"].__doc__)
        sys.exit(64)
    try:
        scenario()
    except Exception:  # a test that breaks has failed, and what it found before is told too
        traceback.print_exc(file=sys.stdout)
        faults.append("the test broke off")
    finish()


def run(*command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def in_own(*spaces):
    """The program goes on, as root, in name spaces of its own, as unshare(1) names them, and comes back from here."""
    inside = "VITALD_TEST_INSIDE"
    if os.environ.get(inside):
        return
    if os.geteuid() != 0:
        skip("not root")
    if run("unshare", *spaces, "true").returncode != 0:
        skip("no name spaces of our own")
    os.environ[inside] = "1"
    sys.exit(subprocess.run(["unshare", *spaces, sys.executable, *sys.argv]).returncode)


def with_own_network(scenario):
    """The scenario in a network of its own, with a /sys that shows it."""
    in_own("--net", "--mount")
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "sysfs", "sysfs", "/sys")
    run("ip", "link", "set", "lo", "up")
    scenario()


def with_own_mounts(scenario):
    """The scenario in mount and process name spaces of its own, in a folder that goes away."""
    in_own("-m", "-p", "-f", "--mount-proc")
    run("mount", "--make-rprivate", "/")
    folder = tempfile.mkdtemp(prefix="vitald.mounts.")
    try:
        scenario(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def comes(condition, seconds):
    """Whether the condition holds within that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def in_time(seconds, usual, worst, what):
    """Checks that they are usually within `usual`, and never beyond `worst`: a busy machine halts anybody now and then."""
    middle, last = statistics.median(seconds), max(seconds)
    check(middle < usual and last < worst,
          f"{what} within {usual * 1000:.0f} ms (median {middle * 1000:.1f} ms, slowest {last * 1000:.1f} ms)")


def peer(package):
    """The path of one of Debian's programs, which is not installed; None where it cannot be had."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts/peers")
    try:
        done = subprocess.run([script, package], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# ---- what /proc says
def threads(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def fields(path):
    with open(path) as file:
        return dict(line.split(":", 1) for line in file if ":" in line)


def own_kib(pid):
    """Memory but for pages of program and libraries, which go a second after a start and come again as they are used."""
    return int(fields(f"/proc/{pid}/status")["RssAnon"].split()[0])


def sanitized(pid):
    """Whether a sanitizer is built in, whose shadows are terabytes, and which keeps what was freed."""
    return int(fields(f"/proc/{pid}/status")["VmSize"].split()[0]) > 1 << 30


def wake_ups(pid):
    """Thread -> how often it has gone to sleep of its own will."""
    return {task: int(fields(f"/proc/{pid}/task/{task}/status")["voluntary_ctxt_switches"])
            for task in os.listdir(f"/proc/{pid}/task")}


def stat_of(pid):
    """The fields of /proc/PID/stat from the third (state) on."""
    with open(f"/proc/{pid}/stat", errors="surrogateescape") as stat:
        return stat.read().rsplit(")", 1)[1].split()


def cpu_ticks(pid):
    said = stat_of(pid)
    return int(said[11]) + int(said[12])


def children(pid):
    """Child -> state (Z is a zombie)."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            said = stat_of(name)
        except OSError:
            continue
        if int(said[1]) == pid:
            found[int(name)] = said[0]
    return found


def alive(processes):
    """Those that are there and no zombies."""
    left = []
    for process in processes:
        try:
            if stat_of(process)[0] != "Z":
                left.append(process)
        except OSError:
            pass
    return left


# ---- the page
class Page:
    """A page of metrics: samples [(name, labels, value)] and families {name: type}."""

    def __init__(self, text):
        self.text = text
        self.families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
        self.samples = []
        for name, _, labels, value in re.findall(r"^([^#\s{]+)(\{(.*)\})? (\S+)$", text, re.M):
            self.samples.append((name, dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels)), float(value)))

    def value(self, name, /, **labels):
        """The one sample of that name and labels, None without."""
        for told, has, value in self.samples:
            if told == name and has == labels:
                return value
        return None

    def success(self):
        """Collector -> 0 or 1."""
        return {labels["collector"]: value for name, labels, value in self.samples
                if name == "node_scrape_collector_success"}

    def failing(self):
        """Collectors without success, but for those that this host has nothing for."""
        states = self.states()
        return {name for name, success in self.success().items() if success == 0 and states.get(name) != "absent"}

    def states(self):
        """Collector -> ok, timeout, …"""
        return {labels["collector"]: labels["state"] for name, labels, _ in self.samples
                if name == "vitald_collector_state"}


class Reply:
    def __init__(self, status, headers, body, seconds):
        self.status, self.headers, self.body, self.seconds = status, headers, body, seconds

    def text(self):
        body = gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body
        return body.decode()


def get(port, path="/metrics", host="127.0.0.1", timeout=15, **headers):
    """One request by a connection of its own; an underscore in a header's name stands for a dash."""
    start = time.monotonic()
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        reply = connection.getresponse()
        return Reply(reply.status, reply.headers, reply.read(), time.monotonic() - start)
    finally:
        connection.close()


# ---- the daemon
class Daemon:
    """A daemon on a free port (unless `listen` says where), ready when made; `with` ends it and looks how it ended."""

    def __init__(self, *flags, listen=("127.0.0.1:0",), allow=(), binary=None, **how):
        self.allow = list(allow)
        self.log = tempfile.TemporaryFile()
        addresses = [f"--web.listen-address={address}" for address in listen]
        self.process = subprocess.Popen([binary or program, *addresses, *flags], stdout=subprocess.DEVNULL,
                                        stderr=self.log, **how)
        self.pid = self.process.pid
        try:
            if not comes(lambda: self.process.poll() is not None or self.says("ready"), 15):
                raise RuntimeError("the daemon is not ready in 15 s")
            if self.process.poll() is not None:
                raise RuntimeError(f"the daemon ended with {self.process.returncode}: {self.said()}")
        except BaseException:
            self.kill()
            raise
        self.ports = [int(port) for port in re.findall(r'address[=":]+\S*?:(\d+)"?\}?$', self.said(), re.M)]
        self.port = self.ports[0] if self.ports else None

    def said(self):
        return os.pread(self.log.fileno(), 1 << 20, 0).decode()

    def says(self, message):
        return re.search(rf'msg"?[=:]"?{message}', self.said()) is not None

    def get(self, path="/metrics", **more):
        return get(self.port, path, **more)

    def page(self, path="/metrics", **more):
        return Page(self.get(path, **more).text())

    def size(self):
        """Threads and descriptors."""
        return threads(self.pid), descriptors(self.pid)

    def is_no_larger(self, before):
        """Whether threads and descriptors come back to what they were, or to less."""
        return comes(lambda: all(now <= then for now, then in zip(self.size(), before)), 5)

    def rested(self):
        """Its size when the last connection is gone."""
        sizes = []
        for _ in range(10):
            time.sleep(0.03)
            sizes.append(self.size())
        return min(sizes)

    def unexpected(self):
        """Lines on stderr that are neither usual nor allowed."""
        usual = [rf'msg"?[=:]"?{word}\b' for word in usual_lines] + self.allow
        return [line for line in self.said().splitlines() if not any(re.search(one, line) for one in usual)]

    def end(self, how=signal.SIGTERM, within=3, leaves=False):
        """Ends it, and looks at how long that takes, its status, its children and what it has said."""
        born = children(self.pid)
        zombies = [child for child, state in born.items() if state == "Z"]
        start = time.monotonic()
        self.process.send_signal(how)
        ended = comes(lambda: self.process.poll() is not None, 10)
        took = time.monotonic() - start
        check(ended and took < within, f"{signal.Signals(how).name} ends it within {within} s ({took:.3f} s)")
        check(self.process.returncode == 0, f"with status 0 ({self.process.returncode})")
        check(not zombies, f"it had no zombies {zombies}")
        if not leaves:
            check(comes(lambda: not alive(born), 2), f"no child of its is left {alive(born)}")
        check(not self.unexpected(), f"it said nothing unexpected {self.unexpected()}")
        self.kill()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, kind, fault, trace):
        try:
            if kind is not None:
                print("the daemon had said:", self.said(), sep="\n")
            elif self.process.poll() is None:
                self.end()
        finally:
            self.kill()
