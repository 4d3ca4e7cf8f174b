"""A machine with a real systemd: the tree of scripts/tree, booted by systemd-nspawn on an overlay that goes away.

Only inside vitald.with_own_mounts: all that was started ends with its process name space.
"""
import json
import os
import re
import shutil
import subprocess
import time

import vitald
from vitald import comes, run, skip

source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def tree():
    """Where the tree is; ends the test where it cannot be made."""
    if not shutil.which("systemd-nspawn"):
        skip("no systemd-nspawn (scripts/setup full)")
    done = subprocess.run([f"{source}/scripts/tree"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        skip(f"no tree to boot: {done.stderr.strip()}")
    return done.stdout.strip()


def libraries(program, root):
    """Those that the program loads and the tree does not have."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    paths = re.findall(r"=> (/\S+)", said)
    return [path for path in paths if not os.path.exists(root + path)]


def sources_copied(place):
    """What git knows of the sources, and what it would be told next; without any build folder."""
    names = subprocess.run(["git", "-C", source, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                           capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(os.path.isfile, (f"{source}/{name}" for name in names)):
        copy = f"{place}/{os.path.relpath(name, source)}"
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        shutil.copy2(name, copy)
    return place


class Machine:
    """Boots; `with` halts it. `files`: path inside -> path here, bound read-only."""

    def __init__(self, folder, files=(), programs=()):
        root = tree()
        binds = dict(files)
        for program in programs:
            for library in libraries(program, root):
                binds[library] = os.path.realpath(library)
        command = ["systemd-nspawn", "--quiet", "--boot", f"--directory={root}", "--volatile=overlay", "--register=no",
                   "--keep-unit", "--settings=no", "--link-journal=no", "--private-network", "--machine=vitald-test",
                   "--console=pipe", "--system-call-filter=adjtimex clock_adjtime", "--bind=/dev/fuse"]
        command += [f"--bind-ro={here}:{inside}" for inside, here in binds.items()]
        self.log = open(os.path.join(folder, "console"), "w+")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.leader, self.state = None, ""
        try:
            if not comes(self.is_up, 60):
                skip(f"no systemd boots here: {self.state} {self.said()}")
        except BaseException:
            self.halt()
            raise

    def said(self):
        self.log.flush()
        with open(self.log.name) as log:
            return log.read()[-2000:]

    def is_up(self):
        if self.process.poll() is not None:
            skip(f"systemd-nspawn ends with {self.process.returncode}: {self.said()}")
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            found = file.read().split()  # at first one that sets up the other
        if not found:
            return False
        self.leader = found[0]
        self.state = self.run("systemctl", "is-system-running").stdout.strip()
        return self.state in ("running", "degraded")

    def run(self, *command, timeout=60, **more):
        """A command inside."""
        return subprocess.run(["nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", *command],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, **more)

    def start(self, *command):
        """One that goes on."""
        return subprocess.Popen(["nsenter", "-t", self.leader, "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", *command],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def write(self, path, text):
        done = subprocess.run(["nsenter", "-t", self.leader, "-m", "-r", "-w", "/bin/sh", "-c",
                               f'mkdir -p "$(dirname {path})" && cat >{path}'], input=text, text=True)
        assert done.returncode == 0, path

    def put(self, path, here):
        with open(here, "rb") as file:
            subprocess.run(["nsenter", "-t", self.leader, "-m", "-r", "-w", "/bin/sh", "-c", f"cat >{path}"], stdin=file,
                           check=True)

    def systemctl(self, *words, timeout=60):
        return self.run("systemctl", "--no-pager", *words, timeout=timeout)

    def shows(self, unit, *names):
        """What systemd says of the unit."""
        said = self.systemctl("show", unit, "--property=" + ",".join(names)).stdout
        found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        return found[names[0]] if len(names) == 1 else [found[name] for name in names]

    def get(self, url, *more, seconds=15):
        """The body, by curl from here in the machine's network; None without a 200."""
        done = subprocess.run(["nsenter", "-t", self.leader, "-n", "curl", "-sf", "-m", str(seconds), *more, url],
                              capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else None

    def journal(self, unit):
        """Its entries, as journald keeps them."""
        said = self.run("journalctl", "-o", "json", "-u", unit, "--no-pager").stdout
        return [json.loads(line) for line in said.splitlines()]

    def halt(self):
        """At once. The folder that the overlay was mounted on is left behind by systemd-nspawn."""
        with open(f"/proc/{self.process.pid}/mountinfo") as file:
            overlays = set(re.findall(r" (/tmp/nspawn-volatile-\w+)[ /]", file.read()))
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for folder in overlays:
            run("umount", "-l", folder)
            os.rmdir(folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.halt()
