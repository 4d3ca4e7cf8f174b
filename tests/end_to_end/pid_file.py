#!/usr/bin/env python3
"""The pid file: one daemon at a time, whoever comes, and nothing that a dead one leaves stops the next.

Usage: pid_file.py VITALD
"""
import fcntl
import os
import signal
import subprocess
import tempfile

import vitald
from background import Background, ends, number_in
from vitald import alive, check, children, comes, free_port, run_test

unavailable = 69
here = "--web.listen-address=127.0.0.1:0"


def second_instance():
    with Background() as first:
        for more in ((), ("--daemon",)):
            code, said = ends(*more, here, f"--pid-file={first.pid_file}", f"--log.file={first.log}")
            good = code == unavailable and f"another vitald runs, with pid {first.pid}" in said
            check(good and len(said.splitlines()) == 1, f"a second one {more}: 69 and whose it is ({code}, {said!r})")
        check(number_in(first.pid_file) == first.pid and first.get("/-/ready").status == 200, "the first does not notice")


def race():
    winners = []
    with tempfile.TemporaryDirectory(prefix="vitald.race.") as folder:
        path, port = f"{folder}/pid", free_port()
        for round_ in range(3):
            starts = [subprocess.Popen([vitald.program, "--daemon", f"--web.listen-address=127.0.0.1:{port}",
                                        f"--pid-file={path}", f"--log.file={folder}/log{i}"],
                                       stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) for i in range(8)]
            said = [one.communicate(timeout=120)[1] for one in starts]
            codes = sorted(one.returncode for one in starts)
            winner = number_in(path)
            winners.append(winner)
            check(codes == [0] + 7 * [unavailable], f"round {round_}: of eight one wins {codes}")
            losers = [text for text in said if text]
            clear = all(f"with pid {winner}" in text and text.count("\n") == 1 for text in losers)
            check(len(losers) == 7 and clear, f"and seven say whose it is {[] if clear else losers}")
            if winner and alive([winner]):
                os.kill(winner, signal.SIGTERM if round_ else signal.SIGKILL)
                check(comes(lambda: not alive([winner]), 10), "it ends" if round_ else "it is killed; the next start")
        check(not os.path.exists(path), "the last one took its file away")


def killed():
    with Background() as daemon:
        os.kill(daemon.pid, signal.SIGUSR2)
        born = children(daemon.pid)
        os.kill(daemon.pid, signal.SIGKILL)
        check(comes(lambda: not alive([daemon.pid]), 10), "kill -9")
        check(number_in(daemon.pid_file) == daemon.pid, "leaves its file")
        check(comes(lambda: not alive(born), 10), f"and no child {alive(born)}")
        code, said = ends("--daemon", f"--web.listen-address=127.0.0.1:{daemon.port}", f"--pid-file={daemon.pid_file}",
                          f"--log.file={daemon.log}")
        check(code == 0 and number_in(daemon.pid_file) != daemon.pid, f"the next start takes file and port ({code}, {said!r})")
        daemon.pid = number_in(daemon.pid_file)
        check(daemon.get("/-/ready").status == 200, "and serves")


def stale():
    for text in ("", "1\n", "garbage\n", "4194999\n"):
        with tempfile.TemporaryDirectory(prefix="vitald.stale.") as folder:
            with open(f"{folder}/pid", "w") as file:
                file.write(text)
            with Background(folder=folder) as daemon:
                check(daemon.status == 0 and daemon.pid > 1, f"a stale file with {text!r} is taken over")
                daemon.ends_by()


def lockable(name):
    """Whether nobody holds it: a killed process lets go with its last thread, a moment after the first is gone."""
    with open(name) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False


def probe_holds_nothing():
    """A mount that the probe asks: it has neither the lock nor a listening socket."""
    with tempfile.TemporaryDirectory(prefix="vitald.probe.") as folder:
        with Background("--path.rootfs=/proc/self/root", folder=folder) as daemon:
            daemon.get()
            probes = [child for child, state in children(daemon.pid).items() if state != "Z"]
            if not probes:
                return print("     no probe was needed")
            held = [os.readlink(f"/proc/{probes[0]}/fd/{fd}") for fd in os.listdir(f"/proc/{probes[0]}/fd")]
            strange = [name for name in held if folder in name]
            check(not strange and sum(name.startswith("socket:") for name in held) == 1, f"the probe holds {held}")
            os.kill(probes[0], signal.SIGSTOP)
            os.kill(daemon.pid, signal.SIGKILL)
            comes(lambda: not alive([daemon.pid]), 10)
            check(comes(lambda: lockable(daemon.pid_file), 10), "and does not keep the lock, even stopped")


def scenario():
    for part in (second_instance, race, killed, stale, probe_holds_nothing):
        print("----", part.__name__.replace("_", " "))
        part()


run_test(scenario)
