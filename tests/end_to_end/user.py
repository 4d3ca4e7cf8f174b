#!/usr/bin/env python3
"""--user: started by root, it opens what only root may, and goes on as somebody without rights.

Usage: user.py VITALD
"""
import os
import pwd
import shutil
import signal
import socket
import tempfile

import vitald
from background import Background, ends
from vitald import Page, check, children, comes, fields, run_test, skip

nobody = 65534
forbidden = 77


def capabilities(pid):
    said = fields(f"/proc/{pid}/status")
    return {name: int(said[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}


def rights(folder):
    low = next((port for port in range(1000, 1, -1) if is_free(port)), None)
    with Background("--user=nobody", f"--web.listen-address=127.0.0.1:{low}", folder=folder) as daemon:
        check(daemon.status == 0, f"it starts, and listens on port {low} as well {daemon.said!r}")
        said = fields(f"/proc/{daemon.pid}/status")
        check(said["Uid"].split() == 4 * [str(nobody)], f"its user is nobody {said['Uid'].split()}")
        group = str(pwd.getpwnam("nobody").pw_gid)
        check(said["Gid"].split() == 4 * [group], f"and its group {said['Gid'].split()}")
        check("0" not in said["Groups"].split(), f"it has none of root's groups {said['Groups'].split()}")
        check(not any(capabilities(daemon.pid).values()), f"no capability {capabilities(daemon.pid)}")
        check(said["NoNewPrivs"].strip() == "1", "and gets no new one")
        everyone = {fields(f"/proc/{daemon.pid}/task/{task}/status")["Uid"] for task in os.listdir(f"/proc/{daemon.pid}/task")}
        check(len(everyone) == 1, "all its threads are alike")
        page = Page(daemon.get().text())
        odd = {name: state for name, state in page.states().items() if state not in ("ok", "absent", "permission")}
        check(not odd, f"its collectors work, or say that they may not {odd}")
        os.rename(daemon.log, daemon.log + ".1")
        os.kill(daemon.pid, signal.SIGUSR1)
        check(comes(lambda: "goes on in the old file" in text_of(daemon.log + ".1"), 5) or os.path.exists(daemon.log),
              "a log that it may not make anew goes on in the old file")
        check(daemon.ends_by(), "it ends")
        check(not os.path.exists(daemon.pid_file) or os.path.getsize(daemon.pid_file) == 0,
              "its pid file is gone, or empty where it may not remove it")


def text_of(path):
    with open(path) as file:
        return file.read()


def is_free(port):
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def kept(folder):
    ptrace, search = 19, 2
    with Background("--user=nobody", "--keep-capability=CAP_SYS_PTRACE", "--keep-capability=dac_read_search",
                    "--path.rootfs=/proc/self/root", folder=folder) as daemon:
        check(daemon.status == 0, f"with capabilities to keep it starts {daemon.said!r}")
        bits = 1 << ptrace | 1 << search
        held = capabilities(daemon.pid)
        check(all(held[name] == bits for name in ("CapPrm", "CapEff", "CapAmb", "CapInh")), f"it has these two {held}")
        check(held["CapBnd"] & ~bits == 0, "and can get no others")
        daemon.get()
        probes = [child for child, state in children(daemon.pid).items() if state != "Z"]
        for probe in probes:
            check(capabilities(probe)["CapEff"] == bits, f"its probe has them, too {capabilities(probe)}")
        daemon.ends_by()


def what_it_could_not_do_again(folder):
    os.mkdir(f"{folder}/own", 0o700)
    code, said = ends("--user=nobody", "--web.listen-address=127.0.0.1:0", f"--log.file={folder}/own/log")
    check(code == forbidden and "cannot open the log again" in said, f"a log it could not open again: 77 ({code}, {said!r})")
    with open(f"{folder}/roots.log", "w"):
        os.chmod(f"{folder}/roots.log", 0o600)
    code, said = ends("--user=nobody", "--web.listen-address=127.0.0.1:0", f"--log.file={folder}/roots.log")
    check(code == forbidden and "cannot open the log again" in said, f"nor one that is root's ({code}, {said!r})")
    with open(f"{folder}/roots.yaml", "w") as file:
        file.write("web:\n  freshness: 1s\n")
        os.chmod(f"{folder}/roots.yaml", 0o600)
    code, said = ends("--user=nobody", "--web.listen-address=127.0.0.1:0", f"--config.file={folder}/roots.yaml")
    check(code == forbidden and "cannot read the configuration again" in said, f"nor its settings ({code}, {said!r})")
    shutil.copy(vitald.program, f"{folder}/private")
    os.chmod(f"{folder}/private", 0o700)
    ours, vitald.program = vitald.program, f"{folder}/private"
    code, said = ends("--user=nobody", "--web.listen-address=127.0.0.1:0")
    vitald.program = ours
    check(code == forbidden and "cannot run the daemon's probe" in said, f"a program it could not run ({code}, {said!r})")


def scenario():
    if os.geteuid() != 0:
        skip("not root")
    with tempfile.TemporaryDirectory(prefix="vitald.user.") as folder:
        os.chmod(folder, 0o755)
        shutil.copy(vitald.program, f"{folder}/vitald")  # the build may lie where nobody may look
        vitald.program = f"{folder}/vitald"
        rights(folder)
        kept(folder)
        what_it_could_not_do_again(folder)


run_test(scenario)
