#!/usr/bin/env python3
"""What systemd hands over: listening sockets, a place to tell how it goes, the watchdog. Played by this test.

Usage: handed_over.py VITALD
"""
import os
import signal
import socket
import subprocess
import tempfile

import vitald
from vitald import Daemon, check, children, comes, get, run_test

first_socket = 3


class Systemd:
    """A notify socket in the abstract name space, and what was said to it."""

    def __init__(self):
        self.address = f"@vitald-test-{os.getpid()}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + self.address[1:])
        self.socket.setblocking(False)
        self.told = []

    def hears(self, line, seconds=15):
        def there():
            try:
                while True:
                    self.told += self.socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return line in self.told
        return comes(there, seconds)


def started(program, sockets, **environment):
    """A command that runs the program as systemd does it: sockets from descriptor 3 on, and LISTEN_PID its own."""
    passed = " ".join(f"{first_socket + i}<&{fd}" for i, fd in enumerate(sockets))
    names = " ".join(f"{name}={value}" for name, value in environment.items())
    count = f"LISTEN_FDS={len(sockets)} LISTEN_PID=$$" if sockets else ""
    return ["/bin/bash", "-c", f'exec {passed}; exec env {names} {count} "$@"', "bash", program]


class HandedOver(Daemon):
    """A daemon that was given sockets."""

    def __init__(self, sockets, *flags, **environment):
        at = [os.dup2(one.fileno(), 50 + i) for i, one in enumerate(sockets)]
        command = started(vitald.program, at, **environment)
        script = tempfile.NamedTemporaryFile("w", suffix=".sh", delete=False)
        quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in command)
        script.write(f"#!/bin/bash\nexec {quoted} \"$@\"\n")
        script.close()
        os.chmod(script.name, 0o755)
        try:
            super().__init__(*flags, listen=(), binary=script.name, pass_fds=at)
        finally:
            os.unlink(script.name)
            for fd in at:
                os.close(fd)


def listening():
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen(64)
    return one


def environment_of(pid):
    with open(f"/proc/{pid}/environ", "rb") as file:
        return dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if b"=" in entry)


def sockets_are_taken():
    first, second = listening(), listening()
    early = socket.create_connection(first.getsockname())  # before anybody runs: nothing may be lost
    early.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    ports = [one.getsockname()[1] for one in (first, second)]
    with HandedOver([first, second], "--web.systemd-socket", "--web.listen-address=127.0.0.1:1",
                    "--path.rootfs=/proc/self/root", LISTEN_FDNAMES="web:second") as daemon:
        first.close(), second.close()
        check(any("not listened at" in line for line in daemon.unexpected()), "an address beside them is warned about")
        daemon.allow.append("not listened at")
        check(daemon.ports == ports, f"it listens on what it was given {daemon.ports}, and nowhere else")
        check(b"200 OK" in early.makefile("rb").read(), "a request from before it ran is answered")
        check([get(port).status for port in ports] == [200, 200], "both sockets serve")
        early.close()
        daemon.page()  # with another root than / every mount is asked by a probe
        probes = list(children(daemon.pid))
        check(probes, "it has a probe")
        left = [name for pid in probes for name in environment_of(pid) if name.startswith((b"LISTEN_", b"NOTIFY_"))]
        check(not left, f"the environment of {len(probes)} probes has nothing of it {left}")
        held = [os.readlink(f"/proc/{pid}/fd/{fd}") for pid in probes for fd in os.listdir(f"/proc/{pid}/fd")]
        own = {os.readlink(f"/proc/{daemon.pid}/fd/{first_socket + i}") for i in (0, 1)}
        check(not own & set(held), f"and no probe has the sockets {own & set(held)}")


def refuses():
    done = subprocess.run([vitald.program, "--web.systemd-socket"], capture_output=True, text=True, timeout=20)
    check(done.returncode == 78 and "passed no sockets" in done.stderr,
          f"no sockets: status 78 and why ({done.returncode} {done.stderr.strip()})")
    datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagram.bind(("127.0.0.1", 0))
    command = started(vitald.program, [datagram.fileno()])
    done = subprocess.run([*command, "--web.systemd-socket"], capture_output=True, text=True, timeout=20,
                          pass_fds=[datagram.fileno()])
    check(done.returncode == 69 and "it does not listen" in done.stderr,
          f"a socket that does not listen: status 69 and why ({done.returncode} {done.stderr.strip()})")
    datagram.close()


def told():
    systemd = Systemd()
    environment = {**os.environ, "NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "400000"}
    with Daemon(env=environment) as daemon:
        check(systemd.hears("READY=1"), "READY=1 when it serves")
        status = [line for line in systemd.told if line.startswith("STATUS=")]
        check(len(status) == 1 and str(daemon.port) in status[0], f"with a status {status}")
        systemd.told.clear()
        check(systemd.hears("WATCHDOG=1"), "a sign of life")
        systemd.told.clear()
        check(systemd.hears("WATCHDOG=1"), "and another")
        os.kill(daemon.pid, signal.SIGSTOP)
        while systemd.hears("WATCHDOG=1", 0.5):
            systemd.told.clear()
        check(True, "none while it is stopped")
        os.kill(daemon.pid, signal.SIGCONT)
        check(systemd.hears("WATCHDOG=1"), "and again when it goes on")
    check(systemd.hears("STOPPING=1", 1), "STOPPING=1 when it ends")


def scenario():
    sockets_are_taken()
    refuses()
    told()


run_test(scenario)
