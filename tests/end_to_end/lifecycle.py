#!/usr/bin/env python3
"""How it starts, or says why not; how it leaves the terminal; what signals do; how it ends.

Usage: lifecycle.py VITALD
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import vitald
from background import Background, ends, number_in
from vitald import Daemon, alive, check, comes, fields, free_port, get, run, run_test, sanitized, stat_of

usage, unavailable, cannot_create, forbidden, configuration = 64, 69, 73, 77, 78


# ---- starts that fail
def left_behind(folder):
    """Files, and processes that were started with a path in that folder."""
    left = sorted(os.listdir(folder))
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                if os.fsencode(folder) in file.read() and int(name) != os.getpid():
                    left.append(name)
        except OSError:
            pass
    return left


def fails(what, *flags, status, says, **how):
    """In the foreground and as a daemon: that status, one line with that text, and nothing is left."""
    for more in ((), ("--daemon",)):
        with tempfile.TemporaryDirectory(prefix="vitald.fails.") as folder:
            os.chmod(folder, 0o755)
            words = [flag.replace("FOLDER", folder) for flag in flags]
            code, said = ends(*more, f"--path.udev.data={folder}/udev", *words, **how)
            lines = [line for line in said.splitlines() if line != "vitald: try --help" and "level=WARN" not in line]
            good = code == status and len(lines) == 1 and says in lines[0]
            check(good, f"{what} {' '.join(more)}: {status}, {says!r}" + ("" if good else f", but {code} {said!r}"))
            gone = comes(lambda: not [one for one in left_behind(folder) if one not in ("aside", "log")], 5)
            check(gone, f"and leaves nothing {left_behind(folder)}")


def refusals():
    here = "--web.listen-address=127.0.0.1:0"
    fails("a bad flag", "--nonsense", status=usage, says="unknown flag --nonsense")
    fails("flags at odds", "--keep-capability=CAP_KILL", status=usage, says="needs --user")
    fails("an unknown user", here, "--user=no-such-user-here", "--pid-file=FOLDER/pid", status=configuration,
          says='msg="no such user" user=no-such-user-here')
    fails("no folder for the log", here, "--log.file=FOLDER/no/log", status=cannot_create,
          says="No such file or directory")
    fails("no folder for the pid file", here, "--pid-file=FOLDER/no/pid", status=cannot_create,
          says="No such file or directory")
    fails("a pid file on a device", here, "--pid-file=/dev/null", status=cannot_create, says="no regular file")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        fails("a port that is taken", f"--web.listen-address=127.0.0.1:{other.getsockname()[1]}",
              "--pid-file=FOLDER/pid", "--log.file=FOLDER/log", status=unavailable, says="Address already in use")


def forbidden_ports():
    """As nobody, where the kernel keeps low ports for root."""
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start") as file:
        if int(file.read()) <= 1 or os.geteuid() != 0:
            return print("     no ports that are forbidden here")
    with tempfile.TemporaryDirectory(prefix="vitald.nobody.") as folder:
        os.chmod(folder, 0o755)
        binary = f"{folder}/vitald"
        with open(vitald.program, "rb") as source, open(binary, "wb") as copy:
            copy.write(source.read())
        os.chmod(binary, 0o755)
        ours, vitald.program = vitald.program, binary
        try:
            as_nobody = {"user": 65534, "group": 65534, "extra_groups": []}
            fails("a forbidden port", "--web.listen-address=127.0.0.1:1", status=forbidden, says="Permission denied",
                  **as_nobody)
            fails("a forbidden folder", "--web.listen-address=127.0.0.1:0", "--log.file=/root/vitald.log",
                  status=forbidden, says="Permission denied", **as_nobody)
            fails("another user", "--web.listen-address=127.0.0.1:0", "--user=root", status=forbidden,
                  says="Operation not permitted", **as_nobody)
        finally:
            vitald.program = ours


# ---- leaving the terminal
def held_by(pid):
    """Descriptor -> what it is."""
    held = {}
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            held[int(number)] = os.readlink(f"/proc/{pid}/fd/{number}")
        except OSError:
            pass
    return held


def facts():
    kept, other = os.pipe()
    for end in (kept, other):
        os.set_inheritable(end, True)
    with tempfile.TemporaryFile() as file, tempfile.TemporaryDirectory(prefix="vitald.facts.") as folder:
        os.chmod(folder, 0o755)
        with Background(folder=folder, cwd=folder, umask=0, pass_fds=(kept, other, file.fileno())) as daemon:
            check(daemon.status == 0 and daemon.said == "", f"--daemon: status 0, no word {daemon.said!r}")
            check(daemon.get("/-/ready").status == 200, f"and it is ready then ({daemon.seconds:.2f} s)")
            pid, said = daemon.pid, stat_of(daemon.pid)
            parent, group, session, terminal = map(int, said[1:5])
            check(parent != os.getpid() and os.getsid(0) != session, f"its parent {parent}, its session {session}")
            check(session != pid and group == session, "it leads no session, so it never gets a terminal")
            check(not alive([session]), "whose leader is gone")
            check(terminal == 0, f"it has no terminal ({terminal})")
            check(os.readlink(f"/proc/{pid}/cwd") == "/", "its folder is /")
            check(fields(f"/proc/{pid}/status")["Umask"].strip() == "0022", "its umask is 022")
            held = held_by(pid)
            check(all(held.get(each) == "/dev/null" for each in (0, 1, 2)), f"0, 1 and 2 are /dev/null {held}")
            theirs = f"pipe:[{os.fstat(kept).st_ino}]"
            strange = [name for name in held.values() if name == theirs or "deleted" in name]
            check(not strange, f"nothing of the caller's is open {strange}")
            names = sorted(os.listdir(f"/proc/{pid}/task"))
            check(str(pid) in names and (len(names) <= 5 or sanitized(pid)), f"its threads are its own {names}")
            ignored = int(fields(f"/proc/{pid}/status")["SigIgn"], 16)
            blocked = int(fields(f"/proc/{pid}/status")["SigBlk"], 16)
            check(ignored >> (signal.SIGPIPE - 1) & 1, f"SIGPIPE is ignored ({ignored:x}, blocked {blocked:x})")
            check(os.stat(daemon.pid_file).st_mode & 0o777 == 0o644, "the pid file may be read by all")
            check(os.stat(daemon.log).st_mode & 0o777 == 0o640, "and the log may not")
            check(daemon.ends_by(signal.SIGTERM), "SIGTERM ends it")
            check(not os.path.exists(daemon.pid_file), "and its pid file is gone")
            told = re.findall(r'msg="?(\w+)', daemon.logged())
            check(told == ["listening", "ready", "ending"], f"the log has the usual lines {told}")
    os.close(kept)
    os.close(other)


def relative_paths():
    with tempfile.TemporaryDirectory(prefix="vitald.relative.") as folder:
        code, said = ends("--daemon", "--web.listen-address=127.0.0.1:0", "--pid-file=pid", "--log.file", "log",
                          cwd=folder)
        pid = number_in(f"{folder}/pid")
        check(code == 0 and pid > 0 and os.path.exists(f"{folder}/log"), f"relative paths count from here {said!r}")
        if pid:
            os.kill(pid, signal.SIGTERM)
            check(comes(lambda: not os.path.exists(f"{folder}/pid"), 10), "also when it ends")


def closed_descriptors():
    """Started without 0, 1 and 2, no file of its own takes their place."""
    with tempfile.TemporaryDirectory(prefix="vitald.closed.") as folder:
        port = free_port()
        child = os.fork()
        if child == 0:
            os.closerange(0, 3)
            os.execv(vitald.program, ["vitald", f"--web.listen-address=127.0.0.1:{port}", f"--pid-file={folder}/pid"])
        try:
            check(comes(lambda: answers(port), 15), "started without descriptors it serves")
            held = held_by(child)
            check(all(held.get(each) == "/dev/null" for each in (0, 1, 2)), f"and has /dev/null there {held}")
        finally:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)


def answers(port):
    try:
        return get(port, "/-/ready").status == 200
    except OSError:
        return False


def dies_before_ready():
    """Ended while it starts, which strace makes long: who waits is told how, and does not wait for ever."""
    slowly = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=bind", "-e", "inject=bind:delay_enter=3000000"]
    if not shutil.which("strace") or run(*slowly, "true").returncode != 0:
        return print("     no strace here")
    for how, status, says in ((signal.SIGKILL, 70, "signal 9"), (signal.SIGTERM, unavailable, "told to end before")):
        with tempfile.TemporaryDirectory(prefix="vitald.dies.") as folder:
            command = [*slowly, vitald.program, "--daemon", "--web.listen-address=127.0.0.1:0",
                       f"--pid-file={folder}/pid", f"--log.file={folder}/log"]
            first = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
            if comes(lambda: number_in(f"{folder}/pid") > 0, 15):
                time.sleep(0.5)
                os.kill(number_in(f"{folder}/pid"), how)
            said = first.communicate(timeout=60)[1]
            check(first.returncode == status and says in said,
                  f"{how.name} before it is ready: {status}, {says!r} ({first.returncode}, {said!r})")


# ---- signals
def storms():
    with Background() as daemon:
        faults = []
        over = threading.Event()

        def scrape():
            while not over.is_set():
                try:
                    if daemon.get("/-/healthy").status != 200:
                        faults.append("status")
                except OSError as fault:
                    faults.append(str(fault))

        clients = [threading.Thread(target=scrape) for _ in range(3)]
        for client in clients:
            client.start()
        for _ in range(200):
            for one in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE):
                os.kill(daemon.pid, one)
        time.sleep(1)
        over.set()
        for client in clients:
            client.join()
        check(not faults, f"a storm of signals costs no request {faults[:3]}")
        check(comes(lambda: "msg=state" in daemon.logged(), 5), "SIGUSR2 logs the state")
        line = [one for one in daemon.logged().splitlines() if "msg=state" in one][0]
        words = ("phase=serving", "generation=", "readings=", "collectors=", "connections=", "readers_left_behind=0",
                 "probes_abandoned=0", "log_lines_lost=0", "peak_memory_kib=", "cpu_ms=")
        check(all(word in line for word in words), f"with its numbers: {line}")
        check(0 < daemon.logged().count("opening the log anew") <= 10, "and what is the same is not written 200 times")
        check(daemon.get("/-/ready").status == 200, "it is still ready")
        check(daemon.ends_by(signal.SIGTERM), "and ends when told to")


# ---- the end
class Slow:
    """A client that asks for more pages than fit on the way, in one packet, and has read just the start of the first."""
    requests = 90

    def __init__(self, port):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(10)
        self.socket.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * self.requests)
        self.text = self.socket.recv(1000)
        self.last = None
        check(comes(self.is_stuck, 20), "a client that does not read holds up its answer")

    def is_stuck(self):
        """Whether the server's queue for us has not changed for a while."""
        ours = f":{self.socket.getsockname()[1]:04X}"
        with open("/proc/net/tcp") as table:
            queues = [line.split()[4].split(":")[0] for line in table if line.split()[2].endswith(ours)]
        time.sleep(0.5)
        before, self.last = self.last, queues
        return queues == before and int(queues[0], 16) > 0

    def rest(self):
        while True:
            try:
                part = self.socket.recv(1 << 16)
            except OSError as fault:
                return fault
            if not part:
                return None
            self.text += part

    def whole_answers(self):
        """How many there are, and what is left behind the last one."""
        count, rest = 0, self.text
        while True:
            head, found, behind = rest.partition(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            if not found or not length or len(behind) < int(length[1]):
                return count, rest
            count, rest = count + 1, behind[int(length[1]):]


def in_the_middle():
    with Daemon("--drain-timeout=10s") as daemon, socket.create_connection(("127.0.0.1", daemon.port)) as idle:
        idle.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
        idle.recv(4096)
        slow = Slow(daemon.port)
        start = time.monotonic()
        daemon.process.send_signal(signal.SIGTERM)
        idle.settimeout(5)
        check(idle.recv(4096) == b"" and time.monotonic() - start < 1.5, "an idle connection ends at once")
        fault = slow.rest()
        count, left = slow.whole_answers()
        check(0 < count < slow.requests and left == b"" and fault is None,
              f"an answer in progress comes whole ({count} answers, {len(left)} bytes left, {fault})")
        check(comes(lambda: daemon.process.poll() is not None, 15) and daemon.process.returncode == 0, "then it ends with 0")


def twice_means_now():
    with Daemon("--drain-timeout=60s") as daemon:
        stalled = Slow(daemon.port)
        daemon.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        check(daemon.process.poll() is None, "with --drain-timeout=60s it waits for who reads slowly")
        daemon.process.send_signal(signal.SIGTERM)
        check(comes(lambda: daemon.process.poll() is not None, 10), "a second SIGTERM ends it at once")
        check(daemon.process.returncode == 0, f"with 0 ({daemon.process.returncode})")
        stalled.socket.close()
    with Daemon("--drain-timeout=300ms") as daemon:
        stalled = Slow(daemon.port)
        start = time.monotonic()
        daemon.process.send_signal(signal.SIGTERM)
        ended = comes(lambda: daemon.process.poll() is not None, 10)
        check(ended and daemon.process.returncode == 0, f"--drain-timeout=300ms: {time.monotonic() - start:.2f} s")
        stalled.socket.close()


def scenario():
    for part in (refusals, forbidden_ports, facts, relative_paths, closed_descriptors, dies_before_ready, storms, in_the_middle,
                 twice_means_now):
        print("----", part.__name__.replace("_", " "))
        part()


run_test(scenario)
