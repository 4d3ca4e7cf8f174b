#!/usr/bin/env python3
"""The log goes where it shall, and never holds up the service: rotated, full, unread, or without anybody there.

Usage: log_lines.py VITALD
"""
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

import vitald
from vitald import Page, check, comes, get, run, run_test, wake_ups

quiet = ["--collector.disable-defaults", "--collector.loadavg", "--web.freshness=0"]


def text_of(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


class Logging:
    """A daemon in the foreground whose log is not standard error."""

    def __init__(self, *flags, **how):
        self.errors = tempfile.TemporaryFile()
        how.setdefault("stderr", self.errors)
        self.port = vitald.free_port()
        self.process = subprocess.Popen([vitald.program, f"--web.listen-address=127.0.0.1:{self.port}", *quiet, *flags],
                                        stdout=subprocess.DEVNULL, **how)
        self.pid = self.process.pid

    def is_ready(self):
        def answers():
            try:
                return get(self.port, "/-/ready").status == 200
            except OSError:
                return self.process.poll() is not None
        return comes(answers, 15) and self.process.poll() is None

    def page(self):
        return Page(get(self.port).text())

    def lost(self):
        return self.page().value("vitald_log_lost_lines_total")

    def chatter(self, times):
        """Lines that differ each time, as each scrape is a reading more."""
        for _ in range(times):
            get(self.port)
            os.kill(self.pid, signal.SIGUSR2)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            ended = comes(lambda: self.process.poll() is not None, 10)
            check(ended and self.process.returncode == 0, f"it ends with 0 ({self.process.returncode})")
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        said = os.pread(self.errors.fileno(), 1 << 16, 0).decode()
        check(not said, f"nothing is on standard error {said!r}")


def rotation():
    """Renamed, removed and truncated while lines come: each line is in one of the files, whole."""
    with tempfile.TemporaryDirectory(prefix="vitald.log.") as folder:
        path = f"{folder}/log"
        with Logging(f"--log.file={path}") as daemon:
            check(daemon.is_ready(), "--log.file: it serves")
            over = threading.Event()

            def chatter():
                while not over.is_set():
                    daemon.chatter(1)

            talker = threading.Thread(target=chatter)
            talker.start()
            for i in range(20):
                time.sleep(0.05)
                os.rename(path, f"{path}.{i}")
                if i % 2:
                    os.kill(daemon.pid, signal.SIGUSR1)
                comes(lambda: os.path.exists(path), 5)
            over.set()
            talker.join()
            check(os.path.exists(path), "a file that was moved away is there again, with and without SIGUSR1")
            check(daemon.lost() == 0, f"no line is lost ({daemon.lost()})")
            time.sleep(0.7)
            before = wake_ups(daemon.pid)
            time.sleep(2)
            check(wake_ups(daemon.pid) == before, "while there is nothing to write no thread wakes")
            time.sleep(0.2)
            with open(path, "r+") as file:
                file.truncate(0)
            daemon.chatter(1)
            comes(lambda: "msg=state" in text_of(path), 5)
            check(text_of(path).startswith("time="), "truncated in place, it goes on from the start, without a hole")
        lines = [line for name in os.listdir(folder) for line in text_of(f"{folder}/{name}").splitlines()]
        broken = [line for line in lines if not re.match(r"time=\S+ level=\w+ msg=", line)]
        check(lines and not broken, f"{len(lines)} lines, all whole {broken[:2]}")


def full_disk():
    if os.path.exists("/dev/full"):
        with tempfile.TemporaryDirectory(prefix="vitald.full.") as folder:
            path = f"{folder}/log"
            os.symlink("/dev/full", path)
            with Logging(f"--log.file={path}") as daemon:
                check(daemon.is_ready(), "with /dev/full as its log it serves")
                daemon.chatter(20)
                check(comes(lambda: daemon.lost() >= 10, 5), f"lost lines are counted ({daemon.lost():.0f})")
                os.remove(path)
                os.kill(daemon.pid, signal.SIGUSR1)
                check(comes(lambda: "lines of the log were lost" in text_of(path), 5), "and told when there is room")
    tiny_file_system()


def tiny_file_system():
    with tempfile.TemporaryDirectory(prefix="vitald.tiny.") as folder:
        if os.geteuid() != 0 or run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder).returncode != 0:
            return print("     no file system of our own")
        try:
            with Logging(f"--log.file={folder}/log") as daemon:
                check(daemon.is_ready(), "on a tiny file system it serves")
                daemon.chatter(150)
                check(comes(lambda: daemon.lost() > 0, 5), f"when it is full lines are lost ({daemon.lost():.0f})")
                check(get(daemon.port).status == 200, "and requests are answered")
                os.truncate(f"{folder}/log", 0)
                daemon.chatter(1)
                check(comes(lambda: "lines of the log were lost" in text_of(f"{folder}/log"), 5), "emptied, it tells so")
        finally:
            run("umount", "-l", folder)


def pipes():
    reader, writer = os.pipe()
    with Logging(stderr=writer) as daemon:
        check(daemon.is_ready(), "with a pipe that nobody reads it serves")
        daemon.chatter(400)
        check(comes(lambda: daemon.lost() > 0, 10), f"when it is full lines are lost ({daemon.lost():.0f})")
        seconds = [get(daemon.port).seconds for _ in range(20)]
        check(sorted(seconds)[10] < 0.5, f"requests do not wait (median {sorted(seconds)[10] * 1000:.0f} ms)")
        os.close(writer)
        os.close(reader)
        daemon.chatter(5)
        check(get(daemon.port).status == 200, "nor does it die when the reader is gone")


def first_datagram(setup, *flags):
    """What the daemon says first, in a mount name space made by `setup`, to a socket called $1."""
    with tempfile.TemporaryDirectory(prefix="vitald.sockets.") as folder, \
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"{folder}/socket")
        listener.settimeout(15)
        command = ["unshare", "-m", "sh", "-c", setup + ' && shift && exec "$@"', "sh", f"{folder}/socket",
                   vitald.program, "--web.listen-address=127.0.0.1:0", *flags, *quiet]
        daemon = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            first = listener.recv(1 << 16).decode()
            while "ready" not in listener.recv(1 << 16).decode():  # else it would have been ended while it started
                pass
            return first
        except TimeoutError:
            return ""
        finally:
            daemon.terminate()
            said = daemon.communicate(timeout=20)[1]
            check(not said, f"{flags}: nothing on standard error {said!r}")


def syslog_and_journal():
    if run("unshare", "-m", "true").returncode != 0:
        return print("     no mounts of our own")
    first = first_datagram("mount -t tmpfs tmpfs /mnt && touch /mnt/null /mnt/log && mount --bind /dev/null /mnt/null && "
                           "mount --bind $1 /mnt/log && mount --rbind /mnt /dev", "--log.target=syslog")
    check(re.match(r"<30>\w{3} [ \d]\d [\d:]{8} vitald\[\d+\]: listening address=127.0.0.1:\d+$", first),
          f"syslog hears {first!r}")
    address = r"127.0.0.1:\d+\n"
    journal = ("mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal && touch /run/systemd/journal/socket && "
               "mount --bind $1 /run/systemd/journal/socket")
    by_systemd = " && export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2)"
    for first in (first_datagram(journal, "--log.target=journal"), first_datagram(journal + by_systemd)):
        check(re.match("PRIORITY=6\nSYSLOG_IDENTIFIER=vitald\n"
                       rf"MESSAGE=listening address={address}VITALD_ADDRESS={address}$", first),
              f"the journal hears {first!r}")


def scenario():
    for part in (rotation, full_disk, pipes, syslog_and_journal):
        print("----", part.__name__.replace("_", " "))
        part()


run_test(scenario)
