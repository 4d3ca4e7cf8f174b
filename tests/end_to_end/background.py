"""Daemons that leave the terminal: started, found by their pid file, looked at, ended."""
import os
import signal
import subprocess
import tempfile
import time

import vitald
from vitald import alive, comes, free_port, get


def ends(*flags, timeout=30, **how):
    """Status and stderr of a start that ends by itself; None when it goes on."""
    try:
        done = subprocess.run([vitald.program, *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=timeout, stdin=subprocess.DEVNULL, **how)
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stderr


def number_in(path):
    try:
        with open(path) as file:
            return int(file.read() or 0)
    except (OSError, ValueError):
        return 0


class Background:
    """`vitald --daemon` in a folder of its own; `with` ends it, however it went."""

    def __init__(self, *flags, folder=None, **how):
        self.own_folder = None if folder else tempfile.TemporaryDirectory(prefix="vitald.background.")
        self.folder = folder or self.own_folder.name
        self.port = free_port()
        self.pid_file, self.log = f"{self.folder}/pid", f"{self.folder}/log"
        start = time.monotonic()
        self.status, self.said = ends("--daemon", f"--web.listen-address=127.0.0.1:{self.port}",
                                      f"--pid-file={self.pid_file}", f"--log.file={self.log}", *flags, **how)
        self.seconds = time.monotonic() - start
        self.pid = number_in(self.pid_file)

    def get(self, path="/metrics", **more):
        return get(self.port, path, **more)

    def logged(self):
        try:
            with open(self.log) as file:
                return file.read()
        except OSError:
            return ""

    def ends_by(self, how=signal.SIGTERM, within=10):
        os.kill(self.pid, how)
        return comes(lambda: not alive([self.pid]), within)

    def __enter__(self):
        return self

    def __exit__(self, kind, fault, trace):
        if kind is not None:
            print("it had said:", self.said, self.logged(), sep="\n")
        if self.pid and alive([self.pid]):
            os.kill(self.pid, signal.SIGKILL)
            comes(lambda: not alive([self.pid]), 10)
        if self.own_folder:
            self.own_folder.cleanup()
