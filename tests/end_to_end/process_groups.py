#!/usr/bin/env python3
"""Groups of processes, with processes started for the purpose: rules, children, threads, exec, ends, renamed programs,
a daemon without rights, faults in the file, a reload; and Debian's process-exporter beside it, where it can be had.

Usage: process_groups.py VITALD
"""
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import vitald
from vitald import Daemon, Page, check, comes, free_port, get, run_test

peer = os.path.join(os.path.dirname(__file__), "../../build/peers/prometheus-process-exporter/usr/bin/"
                                               "prometheus-process-exporter")

THREADED = """
import sys, threading, time
def work():
    with open("/proc/thread-self/comm", "w") as name: name.write("pool")
    while not ends.wait(0.01): pass
ends = threading.Event()
more = [threading.Thread(target=work) for _ in range(4)]
for each in more: each.start()
print("up", flush=True)
sys.stdin.readline()
ends.set()
for each in more: each.join()
print("alone", flush=True)
sys.stdin.readline()
"""
BUSY = """
import sys, time
print("up", flush=True)
for line in sys.stdin:
    end = time.process_time() + float(line)
    while time.process_time() < end: pass
    print("done", flush=True)
"""
CROWD = """
import os, signal, sys, time
def work(*_):
    end = time.process_time() + 0.02
    while time.process_time() < end: pass
signal.signal(signal.SIGUSR1, work)
for _ in range(int(sys.argv[2])):
    if os.fork() == 0:
        while True: signal.pause()
print("up", flush=True)
sys.stdin.readline()
os.killpg(0, signal.SIGKILL)
"""
SHORT = """
import os, sys
print("up", flush=True)
for line in sys.stdin:
    for _ in range(int(line)):
        os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", ":", "--tag=short"], os.environ), 0)
    print("done", flush=True)
"""
RULES = """
process_names:
  - name: "tagged-{{.Matches.tag}}"
    cmdline:
    - --tag=(?P<tag>\\w+)
  - name: renamed
    exe: [vitald-test-renamed]
  - name: parents
    comm: [vtest-parent]
  - name: never
    comm: [vtest-never]
"""
num = "namedprocess_namegroup_num_procs"
cpu = "namedprocess_namegroup_cpu_seconds_total"
switches = "namedprocess_namegroup_context_switches_total"


class Program:
    """A process of ours that speaks with us, a line at a time; `name` is its argv[0]."""

    def __init__(self, source, *arguments, name=None, **more):
        self.process = subprocess.Popen([name or sys.executable, "-c", source, *arguments], executable=sys.executable,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more)
        self.pid = self.process.pid
        self.process.stdout.readline()

    def tell(self, line, answers=True):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        if answers:
            self.process.stdout.readline()

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def flags(file):
    return (f"--process.config.file={file}", "--web.freshness=0", "--collector.disable-defaults",
            "--collector.deadline=30s")


def write(folder, text, name="groups.yml"):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o644)
    return path


def ticks(pid):
    said = vitald.stat_of(pid)
    return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")


def used(page, group):
    return sum(value for name, labels, value in page.samples if name == cpu and labels["groupname"] == group)


def counters_of_ends(daemon):
    """Who comes later counts from its start; who ends leaves its part."""
    group = "tagged-busy"
    first, second = Program(BUSY, "--tag=busy"), Program(BUSY, "--tag=busy")
    try:
        first.tell("0.3")
        page = daemon.page()
        check(page.value(num, groupname=group) == 2, "two processes are in their group")
        seen = used(page, group)
        check(0.25 <= seen <= ticks(first.pid) + ticks(second.pid) + 0.02, f"counted from their own start ({seen} s)")
        first.end()
        after = daemon.page()
        check(after.value(num, groupname=group) == 1, "one is left")
        check(used(after, group) >= seen, f"what the other has used stays ({used(after, group)} s)")
        second.tell("0.2")
        later = used(daemon.page(), group)
        check(later >= used(after, group) + 0.15, f"and the one that is left goes on counting ({later} s)")
        third = Program(BUSY, "--tag=busy")
        third.tell("0.2")
        check(used(daemon.page(), group) >= later + 0.15, "a third one adds to it")
        third.end()
    finally:
        first.end()
        second.end()
    page = daemon.page()
    check(page.value(num, groupname=group) == 0 and used(page, group) >= later, "all ended: 0 processes, counters stay")
    check(page.value("namedprocess_namegroup_oldest_start_time_seconds", groupname=group) is None, "no oldest start")


def threads_that_end(daemon):
    group = "tagged-threads"
    program = Program(THREADED, "--tag=threads")
    try:
        comes(lambda: daemon.page().value("namedprocess_namegroup_thread_count", groupname=group, threadname="pool") == 4,
              10)
        page = daemon.page()
        check(page.value("namedprocess_namegroup_thread_count", groupname=group, threadname="pool") == 4,
              "four threads by their name")
        check(page.value("namedprocess_namegroup_num_threads", groupname=group) == 5, "five threads in all")
        states = sum(value for name, labels, value in page.samples
                     if name == "namedprocess_namegroup_states" and labels["groupname"] == group)
        check(states == 5, f"each has one state ({states})")
        before = page.value(switches, groupname=group, ctxswitchtype="voluntary")
        program.tell("end them")
        page = daemon.page()
        after = page.value(switches, groupname=group, ctxswitchtype="voluntary")
        check(before <= after < 1e9, f"threads that ended take nothing away and wrap nothing ({before} -> {after})")
        check(comes(lambda: daemon.page().value("namedprocess_namegroup_num_threads", groupname=group) == 1, 10),
              "one thread is left")  # the kernel takes away some time after they have been joined
    finally:
        program.end()


def children_and_exec(daemon):
    """The shell is in a group by its name; its child has another name and joins it, and stays after an exec."""
    parent = subprocess.Popen([sys.executable, "-c",
                               "open('/proc/self/comm', 'w').write('vtest-parent'); import subprocess, sys;"
                               "child = subprocess.Popen(['sleep', '60']); print(child.pid, flush=True);"
                               "sys.stdin.readline(); child.kill(); child.wait()"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        parent.stdout.readline()
        check(comes(lambda: daemon.page().value(num, groupname="parents") == 2, 10), "a child joins its parent's group")
    finally:
        parent.communicate("\n")
    check(daemon.page().value(num, groupname="parents") == 0, "both are gone")
    read, write_end = os.pipe()
    execs = subprocess.Popen(["sh", "-c", f"read x <&{read}; exec sleep 60", "--tag=shell"], pass_fds=[read])
    try:
        check(comes(lambda: daemon.page().value(num, groupname="tagged-shell") == 1, 10), "before its exec in its group")
        os.write(write_end, b"\n")
        comes(lambda: open(f"/proc/{execs.pid}/comm").read() == "sleep\n", 10)
        check(daemon.page().value(num, groupname="tagged-shell") == 1, "and after it, too")
    finally:
        execs.kill()
        execs.wait()
        os.close(read)
        os.close(write_end)


def renamed(daemon):
    program = Program(BUSY, name="/made/up/vitald-test-renamed")
    try:
        check(daemon.page().value(num, groupname="renamed") == 1, "exe is argv[0], whatever it says")
    finally:
        program.end()


def in_the_log_and_out(folder):
    with Daemon(*flags(write(folder, RULES))) as daemon:
        page = daemon.page()
        check(page.success().get("process_groups") == 1, f"the collector is on with its file ({page.success()})")
        check(page.value(num, groupname="never") == 0, "a configured group without a process shows 0")
        check(page.value("namedprocess_scrape_errors") == 0, "no errors")
        counters_of_ends(daemon)
        threads_that_end(daemon)
        children_and_exec(daemon)
        renamed(daemon)


def without_rights(folder):
    if os.geteuid() != 0:
        return
    binary = os.path.join(folder, "vitald")
    shutil.copy(vitald.program, binary)
    program = Program(BUSY, "--tag=secret")
    try:
        with Daemon(*flags(write(folder, RULES)), binary=binary, user=65534, group=65534, extra_groups=[]) as daemon:
            page = daemon.page()
            group = "tagged-secret"
            check(page.value(num, groupname=group) == 1, "nobody sees another user's process")
            check(page.value("namedprocess_namegroup_read_bytes_total", groupname=group) is None,
                  "its I/O is not shown as 0")
            check(page.value("namedprocess_scrape_partial_errors") >= 1, "and is counted as refused")
            check(page.value("namedprocess_namegroup_num_threads", groupname=group) == 1, "all else is there")
    finally:
        program.end()


def faults_and_reload(folder):
    bad = write(folder, "process_names:\n- comm: [a]\n  nmae: x\n", "bad.yml")
    for more in ((), ("--check-config",)):
        done = subprocess.run([vitald.program, f"--process.config.file={bad}", *more], capture_output=True, text=True,
                              timeout=30)
        check(done.returncode == 78 and f"{bad}:3: process_names[0].nmae is not known" in done.stderr,
              f"a fault names file, line and key, status 78: {done.returncode} {done.stderr.strip()}")
    good = write(folder, RULES, "live.yml")
    with Daemon(*flags(good), allow=["not reloaded", "reload"]) as daemon:
        check(daemon.page().value(num, groupname="never") == 0, "the group is there")
        write(folder, "process_names: 3\n", "live.yml")
        daemon.process.send_signal(signal.SIGHUP)
        check(comes(lambda: daemon.says("not reloaded"), 10), "a broken file is refused at a reload")
        check(daemon.page().value(num, groupname="never") == 0, "and what worked goes on")
        write(folder, RULES.replace("name: never", "name: renamed-group"), "live.yml")
        daemon.process.send_signal(signal.SIGHUP)
        check(comes(lambda: daemon.page().value(num, groupname="renamed-group") == 0, 10), "a good one counts")
        check(daemon.page().value(num, groupname="never") is None, "in place of the old")


# What differs from process-exporter, and why: docs/processes.md lists it.
EXPLAINED = ("namedprocess_namegroup_states", "namedprocess_namegroup_context_switches_total",
             "namedprocess_namegroup_thread_", "namedprocess_namegroup_threads_wchan", "process_exporter_build_info")
MOVING = ("cpu_seconds_total", "page_faults_total", "bytes_total", "resident", "proportional")


def beside_the_peer(folder):
    if not os.access(peer, os.X_OK):
        print("     no process-exporter to compare with (scripts/peers prometheus-process-exporter)")
        return
    rules = write(folder, RULES.replace("  - name: never\n    comm: [vtest-never]\n", ""))
    port = free_port()
    other = subprocess.Popen([peer, f"--config.path={rules}", f"--web.listen-address=127.0.0.1:{port}"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    programs = []
    try:
        def serves():
            try:
                return get(port).status == 200
            except OSError:
                return False
        if not check(comes(serves, 20), "process-exporter serves"):
            return
        with Daemon(*flags(rules)) as daemon:
            time.sleep(2)  # it takes who starts in the second of its first look for one that was there before
            programs = [Program(BUSY, "--tag=one"), Program(BUSY, "--tag=two"), Program(THREADED, "--tag=two")]
            programs[0].tell("0.2")
            time.sleep(0.2)
            compare(Page(get(port).text()), daemon.page())
    finally:
        for each in programs:
            each.end()
        other.terminate()
        other.wait()


def compare(theirs, ours):
    def of_groups(page):
        return {(name, tuple(sorted(labels.items()))): value for name, labels, value in page.samples
                if name.startswith("namedprocess_")
                and (not labels or labels["groupname"].startswith("tagged-"))}
    known, shown = of_groups(theirs), of_groups(ours)
    missing = [key for key in known if key not in shown and not key[0].startswith(EXPLAINED)]
    added = [key for key in shown if key not in known and not key[0].startswith(EXPLAINED)]
    check(not missing, f"every series of the peer's is here {missing[:5]}")
    check(not added, f"and no other {added[:5]}")
    for name, kind in theirs.families.items():
        if name.startswith("namedprocess_"):
            check(ours.families.get(name) == kind, f"{name} is a {kind}")
    for key in sorted(known.keys() & shown.keys()):
        name, labels = key
        if name.startswith(EXPLAINED) or name.startswith("namedprocess_scrape"):
            continue
        a, b = known[key], shown[key]
        moves = any(word in name or word in str(labels) for word in MOVING)
        near = abs(a - b) <= max(0.1 * max(a, b), 0.1 if "seconds" in name else 0) + (1 << 20 if "bytes" in name else 50)
        holds = near if moves else abs(a - b) <= (1 if "start_time" in name else 1e-9)
        check(holds, f"{name}{dict(labels)}: {a} there, {b} here")


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(each) for each in file.read().split()]


def counters(page, group):
    return {(name, tuple(sorted(labels.items()))): value for name, labels, value in page.samples
            if name.startswith("namedprocess_") and name.endswith("_total") and labels.get("groupname") == group}


def many_that_come_and_go(folder):
    """What is seen of short ones only adds; of long ones all is counted."""
    slow = os.environ.get("VITALD_SLOW") == "1"
    long_ones, short_ones = (2000, 20000) if slow else (100, 400)
    rules = write(folder, RULES, "churn.yml")
    crowd = Program(CROWD, "--tag=crowd", str(long_ones), start_new_session=True)
    maker = Program(SHORT, "--tag=maker")
    try:
        check(comes(lambda: len(children_of(crowd.pid)) == long_ones, 30), f"{long_ones} long ones are there")
        with Daemon(*flags(rules)) as daemon:
            daemon.page()
            there = [crowd.pid, *children_of(crowd.pid)]
            rested = sum(ticks(pid) for pid in there)
            maker.tell(str(short_ones), answers=False)
            for pid in there[1:101]:
                os.kill(pid, signal.SIGUSR1)
            passes, fell, absent = 0, [], []
            last, ended = {}, False
            while not ended:
                ended = bool(select.select([maker.process.stdout], [], [], 0.1)[0])
                page = daemon.page()
                passes += 1
                for group in ("tagged-short", "tagged-crowd", "tagged-maker"):
                    now = counters(page, group)
                    fell += [key for key, value in last.get(group, {}).items() if now.get(key, -1) < value]
                    last[group] = now
                absent.append(long_ones + 1 - page.value(num, groupname="tagged-crowd"))
            check(not fell, f"in {passes} passes beside {short_ones} short ones no counter falls {fell[:3]}")
            check(not any(absent), f"and no long one is missed or doubled {absent[:5]}")
            since_then = lambda: sum(ticks(pid) for pid in there) - rested
            check(comes(lambda: since_then() > 1, 30), "a hundred of them have worked")
            before, real, after = used(daemon.page(), "tagged-crowd"), since_then(), used(daemon.page(), "tagged-crowd")
            check(before - 0.05 <= real <= after + 0.05, f"their CPU time is that of /proc ({before} <= {real} <= {after})")
    finally:
        maker.end()
        crowd.tell("end", answers=False)
        crowd.process.wait()
        crowd.end()


def scenario():
    folder = tempfile.mkdtemp(prefix="vitald.groups.")
    try:
        os.chmod(folder, 0o755)
        in_the_log_and_out(folder)
        without_rights(folder)
        faults_and_reload(folder)
        many_that_come_and_go(folder)
        beside_the_peer(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


run_test(scenario)
