#!/usr/bin/env python3
"""The image of docker/Dockerfile: built by buildah on the tree of scripts/tree, small, without a shell or root; run with
the flags of node_exporter's usual Helm chart it shows what the program shows outside; its health check tells the truth.

Usage: image.py VITALD       As root; 77 without buildah. VITALD_SLOW=1: the program is compiled in the image, too.
"""
import json
import os
import re
import shutil
import signal
import subprocess

import vitald
from machine import source, sources_copied, tree
from vitald import Daemon, Page, check, comes, run, run_test, skip, with_own_mounts

most_mib = 32
slow = bool(os.environ.get("VITALD_SLOW"))
helm = ["--path.procfs=/host/proc", "--path.sysfs=/host/sys", "--path.rootfs=/host/root",
        "--path.udev.data=/host/root/run/udev/data"]


class Images:
    """Buildah with a store of its own."""

    def __init__(self, folder):
        self.command = ["buildah", "--root", f"{folder}/store", "--runroot", f"{folder}/run"]

    def run(self, *words, **more):
        done = subprocess.run([*self.command, *words], capture_output=True, text=True, **more)
        if done.returncode != 0:
            raise RuntimeError(f"buildah {words[0]}: {done.stderr[-3000:]}")
        return done.stdout.strip()

    def base(self):
        """Stands for debian:12-slim, which no registry gives us here."""
        container = self.run("from", "--quiet", "scratch")
        self.run("add", "--quiet", container, tree(), "/")
        self.run("commit", "--quiet", "--rm", container, "docker.io/library/debian:12-slim")

    def build(self, context):
        self.run("build", "--isolation=chroot", "--format=docker", "--pull-never", "--quiet",
                 f"--build-arg=BINARY={'compiled' if slow else 'prebuilt'}",
                 f"--ignorefile={context}/docker/Dockerfile.dockerignore", f"--file={context}/docker/Dockerfile",
                 "--tag=vitald", context)
        return json.loads(self.run("inspect", "--type=image", "localhost/vitald"))["Docker"]["config"]


def context(folder):
    """The sources, and the program where a build leaves it."""
    place = sources_copied(f"{folder}/context")
    os.makedirs(f"{place}/build/release")
    shutil.copy2(vitald.program, f"{place}/build/release/vitald")
    return place


def looks_right(config, root):
    check(config["User"] == "65534:65534", f"it runs as nobody ({config['User']})")
    check(config["Entrypoint"] == ["/usr/bin/vitald"], f"and is the program {config['Entrypoint']}")
    check(config.get("Healthcheck", {}).get("Test") == ["CMD", "/usr/bin/vitald", "health"],
          f"which is its own health check {config.get('Healthcheck')}")
    sizes = {os.path.join(path, name): os.lstat(os.path.join(path, name)).st_size
             for path, _, names in os.walk(root) for name in names}
    mib = sum(sizes.values()) / 2**20
    programs = [name for name in sizes if "/bin/" in name]
    check(mib < most_mib, f"{len(sizes)} files, {mib:.1f} MiB, at most {most_mib}")
    check([os.path.basename(name) for name in programs] == ["vitald"], f"nothing else can be run {programs}")


def container(folder, root):
    """The image's root, read-only, with the host's folders where the chart has them. Gives a command's beginning."""
    place, layer = f"{folder}/container", f"{folder}/layer"
    for one in (place, layer):
        os.makedirs(one)
    run("mount", "-t", "tmpfs", "tmpfs", layer)
    for one in ("upper/host/proc", "upper/host/sys", "upper/host/root", "upper/proc", "work"):
        os.makedirs(f"{layer}/{one}")
    made = run("mount", "-t", "overlay", "overlay", "-o",
               f"lowerdir={root},upperdir={layer}/upper,workdir={layer}/work,ro", place)
    if made.returncode != 0:
        skip(f"no overlay can be mounted: {made.stderr}")
    for what, where in (("/proc", "proc"), ("/proc", "host/proc"), ("/sys", "host/sys"), ("/", "host/root")):
        done = run("mount", "--rbind" if where == "host/root" else "--bind", what, f"{place}/{where}")
        check(done.returncode == 0, f"{what} is at /{where} {done.stderr}")
    return ["setpriv", "--no-new-privs", "chroot", "--userspec=65534:65534", "--groups=", place]


def script(folder, command):
    path = f"{folder}/start"
    with open(path, "w") as file:
        file.write("#!/bin/sh\nexec " + " ".join(command) + ' /usr/bin/vitald "$@"\n')
    os.chmod(path, 0o755)
    return path


def composed():
    """The flags of docker/compose.yaml."""
    with open(f"{source}/docker/compose.yaml") as file:
        return re.findall(r"^ +- (--\S+)$", file.read(), re.M)


def runs_composed(folder, command):
    """With the Unix socket on a folder that the host has, too."""
    shared = f"{folder}/shared"
    os.makedirs(shared)
    os.chown(shared, 65534, 65534)
    os.chmod(folder, 0o755)
    done = run("mount", "--bind", shared, f"{command[-1]}/run/vitald")
    flags = [flag for flag in composed() if flag != "--web.listen-address=:9100"]
    check(done.returncode == 0 and len(flags) == len(composed()) - 1 > 3, f"compose has its flags {flags}")
    with Daemon(*flags, binary=script(folder, command), allow=["collector"]) as daemon:
        check(healthy(command, "unix:/run/vitald/vitald.sock") == 0, "healthy by its Unix socket")
        said = subprocess.run(["curl", "-sf", "--unix-socket", f"{shared}/vitald.sock",
                               "http://localhost/api/v1/collectors"], capture_output=True, text=True).stdout
        check('"name":"cpu"' in said, "by which the host asks, too")
        check(daemon.page().success(), "and by TCP it serves as well")
    check(not os.path.exists(f"{shared}/vitald.sock"), "the socket goes away with it")


def healthy(command, *where):
    return subprocess.run([*command, "/usr/bin/vitald", "health", *where], capture_output=True, text=True).returncode


def runs(folder, command):
    with Daemon(*helm, listen=("[127.0.0.1]:0",), binary=script(folder, command), allow=["collector"]) as inside:
        outside_command = ["setpriv", "--no-new-privs", "--reuid=65534", "--regid=65534", "--clear-groups"]
        program = f"{folder}/outside"
        with open(program, "w") as file:
            file.write("#!/bin/sh\nexec " + " ".join(outside_command) + f' {vitald.program} "$@"\n')
        os.chmod(program, 0o755)
        with Daemon(binary=program, allow=["collector"]) as outside:
            shows_the_same(inside.page(), outside.page())
        url = f"http://127.0.0.1:{inside.port}"
        check(healthy(command, url) == 0, "its health check says that it is well")
        os.kill(inside.pid, signal.SIGSTOP)
        check(healthy(command, url) == 1, "and that it is not, when it is stopped")
        os.kill(inside.pid, signal.SIGCONT)
        check(comes(lambda: healthy(command, url) == 0, 5), "and that it is well again")
    check(healthy(command, url) == 1, "and nobody is well who is not there")


def shows_the_same(inside, outside):
    ours, theirs = inside.states(), outside.states()
    odd = {name: (ours.get(name), theirs[name]) for name in theirs if ours.get(name) != theirs[name]}
    check(not odd, f"each of {len(theirs)} collectors is in the state that it has outside {odd}")
    host = lambda page: {(name, tuple(sorted(labels.items()))) for name, labels, _ in page.samples
                         if name.startswith(("node_cpu", "node_memory", "node_disk", "node_network", "node_load",
                                             "node_os", "node_uname", "node_time", "node_vmstat", "node_pressure"))}
    check(host(inside) == host(outside),
          f"and shows the same of the host {sorted(host(inside) ^ host(outside))[:5]}")
    point = lambda page: {labels["mountpoint"] for name, labels, _ in page.samples if name == "node_filesystem_size_bytes"}
    check("/" in point(inside) and not [one for one in point(inside) if one.startswith("/host")],
          f"mounts are shown as the host has them {sorted(point(inside))}")


def scenario(folder):
    if not shutil.which("buildah"):
        skip("no buildah (scripts/setup full)")
    images = Images(folder)
    images.base()
    config = images.build(context(folder))
    made = images.run("from", "--pull-never", "localhost/vitald")
    root = images.run("mount", made)
    try:
        looks_right(config, root)
        command = container(folder, root)
        runs(folder, command)
        runs_composed(folder, command)
    finally:
        run("umount", "-R", "-l", f"{folder}/container")
        images.run("umount", made)


run_test(lambda: with_own_mounts(scenario))
