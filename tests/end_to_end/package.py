#!/usr/bin/env python3
"""The Debian package: built from a copy of the sources, clean by lintian's judgement; in a booted Debian it starts,
survives an upgrade without losing a request, and purged leaves nothing.

Usage: package.py VITALD       As root; 77 without debhelper, lintian or a machine to boot. What is packed is the build that
VITALD is of; VITALD_SLOW=1 compiles all anew, as Debian's builders do.
"""
import os
import re
import shutil
import subprocess

import vitald
from machine import Machine, source, sources_copied
from vitald import Page, check, comes, run_test, skip, with_own_mounts

slow = bool(os.environ.get("VITALD_SLOW"))
url = "http://127.0.0.1:9100"
tags = ["bad-distribution-in-changes-file"]  # "bookworm" is no place to upload to


def said_by(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    return done.returncode, done.stdout


def built(folder):
    """The path of the package."""
    environment = {**os.environ, "DEB_BUILD_OPTIONS": "nocheck noautodbgsym parallel=2"}
    if not slow:
        environment["VITALD_PREBUILT"] = os.path.dirname(vitald.program)
    place = sources_copied(f"{folder}/vitald-0.1.0")
    code, text = said_by("dpkg-buildpackage", "-us", "-uc", "-b", "-d", cwd=place, env=environment)
    packages = [name for name in os.listdir(folder) if name.endswith(".deb")]
    if not check(code == 0 and len(packages) == 1, f"dpkg-buildpackage makes one package {packages}"):
        print(text[-5000:])
        raise RuntimeError("no package")
    changes = [name for name in os.listdir(folder) if name.endswith(".changes")]
    code, text = said_by("lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags", ",".join(tags),
                         f"{folder}/{changes[0]}")
    check(code == 0 and not re.search("^[EW]:", text, re.M), f"lintian has nothing to say {text.strip()[-2000:]}")
    return f"{folder}/{packages[0]}"


def depends(package):
    text = said_by("dpkg-deb", "--field", package, "Depends")[1]
    return [re.split(r"[ (]", one.strip())[0] for one in text.split(",")]


def libraries(machine, package, folder):
    """The packages that it needs and the machine lacks, from Debian's archive."""
    lacks = [name for name in depends(package) if machine.run("dpkg-query", "-W", name).returncode != 0]
    if not lacks:
        return
    kept = f"{source}/build/debs"
    os.makedirs(kept, exist_ok=True)
    for name in lacks:
        if not [file for file in os.listdir(kept) if file.startswith(f"{name}_")]:
            code, text = said_by("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", name, cwd=kept)
            if code != 0:
                skip(f"cannot get {name}: {text}")
    for name in lacks:
        for file in os.listdir(kept):
            if file.startswith(f"{name}_"):
                machine.put(f"/root/{file}", f"{kept}/{file}")
    code, text = dpkg(machine, "--install", *[f"/root/{file}" for file in os.listdir(kept)
                                              if file.split("_")[0] in lacks])
    check(code == 0, f"what it depends on is there: {' '.join(lacks)} {text if code else ''}")


def dpkg(machine, *words):
    done = machine.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--force-confold", *words, timeout=120)
    return done.returncode, done.stdout + done.stderr


def is_active(machine):
    return [machine.shows(unit, "ActiveState") for unit in ("vitald.socket", "vitald")] == ["active", "active"]


def installed(machine):
    code, text = dpkg(machine, "--install", "/root/vitald.deb")
    check(code == 0, f"it is installed {text if code else ''}")
    check(comes(lambda: is_active(machine), 15), "socket and daemon are active")
    check(Page(machine.get(f"{url}/metrics") or "").success(), "and it serves")
    enabled = [machine.systemctl("is-enabled", unit).stdout.strip() for unit in ("vitald.socket", "vitald")]
    check(enabled == ["enabled"] * 2, f"both start with the machine {enabled}")
    user = machine.run("getent", "passwd", "vitald").stdout
    check("nologin" in user, f"its user exists: {user.strip()}")
    runs_as = machine.run("stat", "-c", "%U", f"/proc/{machine.shows('vitald', 'MainPID')}").stdout.strip()
    check(runs_as == "vitald", f"and it runs as that ({runs_as})")


def newer(package, folder):
    """The same with a higher version."""
    said_by("dpkg-deb", "-R", package, f"{folder}/newer")
    control = f"{folder}/newer/DEBIAN/control"
    with open(control) as file:
        text = file.read()
    with open(control, "w") as file:
        file.write(re.sub("^Version: .*$", "Version: 0.1.1", text, flags=re.M))
    said_by("dpkg-deb", "--root-owner-group", "-b", f"{folder}/newer", f"{folder}/newer.deb")
    return f"{folder}/newer.deb"


def upgraded(machine):
    machine.write("/etc/default/vitald", 'ARGS="--no-collector.arp"\n')
    before = machine.shows("vitald", "MainPID")
    asked = subprocess.Popen(["nsenter", "-t", machine.leader, "-n", "/bin/bash", "-c",
                              f"for i in $(seq 80); do curl -sf -m 10 -o /dev/null {url}/-/healthy || echo lost $?; "
                              "sleep 0.05; done"], stdout=subprocess.PIPE, text=True)
    code, text = dpkg(machine, "--install", "/root/newer.deb")
    lost = asked.communicate()[0].split("\n")[:-1]
    check(code == 0 and "0.1.1" in machine.run("dpkg-query", "-W", "vitald").stdout, f"upgraded {text if code else ''}")
    check(comes(lambda: is_active(machine), 15) and machine.shows("vitald", "MainPID") != before,
          "the new program runs")
    check(not lost, f"none of 80 requests meanwhile was lost {lost}")
    page = Page(machine.get(f"{url}/metrics"))
    check(page.success() and "arp" not in page.success(), "what was set in /etc/default/vitald still holds")


def purged(machine):
    code, text = dpkg(machine, "--remove", "vitald")
    check(code == 0 and machine.get(f"{url}/-/ready", seconds=3) is None, f"removed, nobody listens {text if code else ''}")
    check(machine.run("test", "-e", "/etc/default/vitald").returncode == 0, "its settings are kept")
    code, text = dpkg(machine, "--purge", "vitald")
    left = machine.run("find", "/", "-xdev", "-name", "*vitald*", "-not", "-path", "/root/*").stdout.split()
    left += machine.run("find", "/run", "-name", "*vitald*").stdout.split()
    own = [path for path in left if not path.startswith(("/run/systemd/nspawn", "/run/host"))]
    check(code == 0 and not own, f"purged, nothing is left {own} {text if code else ''}")
    check(machine.run("getent", "passwd", "vitald").returncode != 0, "not even its user")
    failed = machine.systemctl("--failed", "--plain", "--no-legend").stdout
    check("vitald" not in failed, f"no unit of its has failed {failed}")


def scenario(folder):
    for program in ("dpkg-buildpackage", "dh", "lintian", "fakeroot"):
        if not shutil.which(program):
            skip(f"no {program} (scripts/setup full)")
    os.makedirs(f"{folder}/build")
    package = built(f"{folder}/build")
    with Machine(folder) as machine:
        machine.put("/root/vitald.deb", package)
        machine.put("/root/newer.deb", newer(package, folder))
        libraries(machine, package, folder)
        installed(machine)
        upgraded(machine)
        purged(machine)


run_test(lambda: with_own_mounts(scenario))
