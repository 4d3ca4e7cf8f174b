#!/usr/bin/env python3
"""Processes by the API, with processes started for the purpose, beside what ps, psutil (where it is there) and /proc say
of them: threads, descriptors, a deleted program, another user, zombie, stopped, odd names, secrets, a pid namespace, a
daemon without rights, hidepid; who is shown what; pages, parts, trees, rates; and what is asked wrongly.

Usage: processes.py VITALD FOLDER      FOLDER has a name service of which a part hangs: nss_vitald.cpp
"""
import base64
import csv
import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.parse

import vitald
from vitald import Daemon, check, comes, run_test, skip, stat_of

root = os.geteuid() == 0

# ---- processes made for this
BUSY = "import sys\nprint('up', flush=True)\nwhile True: pass"
WAITS = "print('up', flush=True)\nimport sys\nsys.stdin.read()"
THREADED = ("import threading\ngo = threading.Event()\nall = [threading.Thread(target=go.wait, daemon=True) for _ in range(5)]\n"
            "for each in all: each.start()\n" + WAITS)
MANY_FILES = "import os\nkept = [os.open('/dev/null', os.O_RDONLY) for _ in range(300)]\n" + WAITS
NAMED = "import sys\nopen('/proc/self/comm', 'wb').write(bytes.fromhex(sys.argv[1]))\n" + WAITS
OTHER_USER = "import os\nos.setresgid(12, 13, 14)\nos.setresuid(65533, 65533, 65533)\n" + WAITS
ZOMBIE = "import os\nif os.fork() == 0: os._exit(3)\n" + WAITS
OPEN = ("import os, socket, tempfile\nfile = open({path!r}, 'a'); file.write('12345'); file.flush()\n"
        "server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen()\n"
        "client = socket.create_connection(server.getsockname())\npair = socket.socketpair()\n" + WAITS)
started = []


def start(*command, **how):
    """A process that has said that it is up."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               start_new_session=True, **how)
    started.append(process)
    return process


def up(code, *arguments, **how):
    process = start("/usr/bin/python3", "-c", code, *arguments, **how)
    assert process.stdout.readline() == b"up\n"
    return process


# ---- asking
class OverUnix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


class Api:
    """What the daemon says: by its Unix socket, or by its port, where nobody is known."""

    def __init__(self, daemon, path=None):
        self.daemon, self.path = daemon, path

    def ask(self, target, **parameters):
        if parameters:
            target += "?" + urllib.parse.urlencode(parameters)
        connection = OverUnix(self.path) if self.path else http.client.HTTPConnection("127.0.0.1", self.daemon.port,
                                                                                        timeout=30)
        try:
            connection.request("GET", "/api/v1/processes" + target)
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read()), dict(reply.headers)
        finally:
            connection.close()

    def data(self, target="", **parameters):
        status, body, _ = self.ask(target, **parameters)
        assert status == 200, (target, status, body)
        return body["data"]


PSUTIL = """
import json, sys, psutil
known = ["pid", "ppid", "name", "status", "uids", "gids", "nice", "num_threads", "num_fds", "create_time", "exe", "cwd",
         "cmdline", "terminal", "cpu_affinity", "memory_info", "io_counters", "num_ctx_switches", "ionice", "threads",
         "open_files", "environ", "username", "cpu_times", "memory_percent", "connections"]
told = []
for pid in map(int, sys.argv[1:]):
    told.append(psutil.Process(pid).as_dict(known))
    told[-1]["parents"] = [each.pid for each in psutil.Process(pid).parents()]
print(json.dumps(told))
"""


def psutil_says(pids):
    """pid -> as_dict, None where there is no psutil."""
    for python in (sys.executable, "/usr/bin/python3"):
        done = subprocess.run([python, "-c", PSUTIL, *map(str, pids)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if done.returncode == 0:
            return {each["pid"]: each for each in json.loads(done.stdout)}
    return None


def near(one, other, part=0.1, least=0.0):
    return abs(one - other) <= max(part * max(abs(one), abs(other)), least)


def same_as_psutil(api, pid, said):
    ours, what = api.data(f"/{pid}"), f"{pid} {said['name']}"
    for name, key in (("ppid", "ppid"), ("nice", "nice"), ("num_threads", "num_threads"), ("num_fds", "num_fds"),
                      ("state", "status"), ("terminal", "terminal"), ("cpu_affinity", "cpu_affinity"), ("user", "username")):
        check(ours[name] == said[key], f"{what}: {name} as psutil ({ours[name]})")
    check(list(ours["uids"].values()) == said["uids"] and list(ours["gids"].values()) == said["gids"],
          f"{what}: users and groups")
    check(abs(ours["create_time_seconds"] - said["create_time"]) < 0.02, f"{what}: when it was started")
    if said["exe"] and not ours["exe_deleted"]:
        check(ours["exe"] == said["exe"] and ours["cwd"] == said["cwd"], f"{what}: program and folder {ours['exe']}")
    check(ours["memory"]["vms_bytes"] == said["memory_info"][1] and
          near(ours["memory"]["rss_bytes"], said["memory_info"][0], least=1 << 20) and
          near(ours["memory_percent"], said["memory_percent"], least=0.1), f"{what}: memory {ours['memory']}")
    check(ours["memory"]["text_bytes"] == said["memory_info"][3] and ours["memory"]["data_bytes"] == said["memory_info"][5],
          f"{what}: text and data")
    times = ours["cpu_times"]
    check(near(times["user_seconds_total"], said["cpu_times"][0], least=0.02) and
          near(times["system_seconds_total"], said["cpu_times"][1], least=0.02), f"{what}: times")
    if said["num_threads"] == 1:  # psutil counts the main thread's alone
        check(near(ours["context_switches"]["voluntary_total"], said["num_ctx_switches"][0], least=2), f"{what}: switches")
    if said["io_counters"]:
        io = [ours["io"][name] for name in ("read_count_total", "write_count_total", "read_bytes_total",
                                            "write_bytes_total", "read_chars_total", "write_chars_total")]
        check(io == said["io_counters"], f"{what}: io {io}")
    check(ours["ionice"]["level"] == said["ionice"][1], f"{what}: priority of I/O {ours['ionice']}")
    check([each["id"] for each in api.data(f"/{pid}/threads")] == [each[0] for each in said["threads"]], f"{what}: threads")
    if said["environ"] is not None:
        told = {each["name"]: each["value"] for each in api.data(f"/{pid}/environment")}
        check(set(told) == set(said["environ"]) and all(value in (said["environ"][name], "********") or "://" in value
                                                        for name, value in told.items()), f"{what}: environment")
    if said["open_files"] is not None:
        files = [(each["target"], each["fd"], each["position"], each["mode"], each["flags"])
                 for each in api.data(f"/{pid}/open-files") if each["regular"]]
        check(sorted(files) == sorted(map(tuple, said["open_files"])), f"{what}: open files {files}")
    if said["connections"] is not None:
        sockets = {(each["fd"], each["local_port"], each["remote_port"]) for each in api.data(f"/{pid}/connections")
                   if each["family"] != "unix"}
        theirs = {(each[0], each[3][1] if each[3] else None, each[4][1] if each[4] else None)
                  for each in said["connections"]}
        check(sockets == theirs, f"{what}: connections {sockets} {theirs}")
    check([each["pid"] for each in api.data(f"/{pid}/parents", fields="pid")] == said["parents"], f"{what}: parents")


def against_psutil(api, pids):
    said = psutil_says(pids)
    if said is None:
        return print("    no psutil here (scripts/setup test)")
    for pid in pids:
        same_as_psutil(api, pid, said[pid])


def against_ps(api, daemon):
    """All processes at about one moment; those that come and go meanwhile are left out."""
    def ours():
        return {row["pid"]: row for row in api.data(limit=0, fields="pid,ppid,num_threads,nice,start_ticks,name")}

    before = ours()
    said = subprocess.run(["ps", "-eo", "pid,ppid,nlwp,ni,comm"], stdout=subprocess.PIPE, errors="surrogateescape",
                          encoding="utf-8").stdout
    time.sleep(0.2)  # past the time for which a sample is shared
    after = ours()
    lines = [line.split(None, 4) for line in said.splitlines()[1:]]
    theirs = {int(line[0]): line for line in lines if len(line) == 5 and line[0].isdigit()}
    stay = {pid for pid in before if pid in after and before[pid] == after[pid] and pid != daemon.pid}
    check(stay and stay <= set(theirs) | {pid for pid in stay if not before[pid]["name"].isprintable()},
          f"ps knows all {len(stay)} that stay")
    wrong = [pid for pid in stay & set(theirs) if theirs[pid][1:3] != [str(before[pid]["ppid"]), str(before[pid]["num_threads"])]]
    check(not wrong, f"with the same parents and threads {wrong}")
    check(len(after) > 3 and all(row["pid"] > 0 for row in after.values()), "and there are some")


# ---- one after the other
def special_ones(api, folder):
    """By what is odd about them."""
    program = os.path.join(folder, "goes-away")
    shutil.copy("/bin/sleep", program)
    deleted = start(program, "1000")
    comes(lambda: os.readlink(f"/proc/{deleted.pid}/exe").endswith("goes-away"), 5)
    os.unlink(program)
    one = api.data(f"/{deleted.pid}")
    check(one["exe"] == program and one["exe_deleted"], f"a deleted program is told of ({one['exe']})")
    zombie = up(ZOMBIE)
    comes(lambda: any(stat_of(child)[0] == "Z" for child in vitald.children(zombie.pid)), 5)
    found = api.data(ppid=zombie.pid)
    check(len(found) == 1 and found[0]["state"] == "zombie" and found[0]["cmdline"] == [] and
          found[0]["memory"]["rss_bytes"] == 0, f"a zombie {found}")
    stopped = start("/bin/sleep", "1000")
    stopped.send_signal(signal.SIGSTOP)
    check(comes(lambda: api.data(f"/{stopped.pid}")["state"] == "stopped", 5), "a stopped one")
    many = up(MANY_FILES)
    check(api.data(f"/{many.pid}")["num_fds"] == 303, "three hundred descriptors")
    busy = up(BUSY)
    rate = api.data(f"/{busy.pid}", over="2s")["cpu_percent"]
    check(30 < rate < 130, f"one that is busy ({rate} %)")
    busy.kill()
    threaded = up(THREADED)
    check(api.data(f"/{threaded.pid}")["num_threads"] == 6 and len(api.data(f"/{threaded.pid}/threads")) == 6, "threads")
    kernels = api.data(name="kthreadd")
    if kernels:
        check(kernels[0]["cmdline"] == [] and api.data(f"/{kernels[0]['pid']}")["exe"] is None, "a thread of the kernel's")
    opened = up(OPEN.format(path=os.path.join(folder, "opened")))
    return [deleted.pid, stopped.pid, many.pid, threaded.pid, opened.pid]


def odd_names(api):
    for name in (b") R 1 (", b"a\nb", b'"q"\\', b"\xff\xfe", b"caf\xc3\xa9", b"exactly15bytes!", b" "):
        one = up(NAMED, name.hex())
        told = api.data(f"/{one.pid}", fields="name,state")
        exact = base64.b64decode(told["name_b64"]) if "name_b64" in told else told["name"].encode()
        check(exact == name and told["state"] in ("sleeping", "running", "disk-sleep"), f"a process named {name!r} ({told})")
        one.kill()


def secrets(api):
    bare = start("/bin/sh", "-c", "sleep 1000 # --token 'a b' c", "--password=hunter2", "http://u:pw@h", "x\udcff",
                 env={"DB_PASSWORD": "x", "PLAIN": "y"})
    comes(lambda: len(open(f"/proc/{bare.pid}/cmdline", "rb").read()) > 20, 5)
    told = api.data(f"/{bare.pid}", fields="cmdline")
    check(told["cmdline"][2:5] == ["sleep 1000 # --token ******** c", "--password=********", "http://u:********@h"],
          f"secrets are masked {told['cmdline']}")
    check(base64.b64decode(told["cmdline_b64"][5]) == b"x\xff" and told["cmdline"][5] == "x\ufffd", "bytes are exact")
    environment = {each["name"]: each["value"] for each in api.data(f"/{bare.pid}/environment")}
    check(environment["DB_PASSWORD"] == "********" and environment["PLAIN"] == "y", "in the environment, too")
    title = start("/bin/bash", "-c", "exec -a 'my: title with blanks' sleep 1000")
    check(comes(lambda: api.data(f"/{title.pid}")["cmdline"] == ["my: title with blanks", "1000"], 5),
          "one argument with blanks stays one")


def pages(api):
    total = len(api.data(limit=0, fields="pid"))
    status, body, headers = api.ask("", limit=5, fields="pid", sort="-pid")
    seen, moments = [row["pid"] for row in body["data"]], {body["meta"]["sampled_at_seconds"]}
    newcomer = start("/bin/sleep", "1000")
    while body["meta"]["next"]:
        check("rel=\"next\"" in headers["Link"], "a link to the next page") if len(seen) == 5 else None
        status, body, headers = api.ask("", limit=5, fields="pid", sort="-pid", cursor=body["meta"]["next"])
        seen += [row["pid"] for row in body["data"]]
        moments.add(body["meta"]["sampled_at_seconds"])
    check(seen == sorted(set(seen), reverse=True) and len(moments) == 1 and newcomer.pid not in seen and
          abs(len(seen) - total) < 20, f"pages are of one sample: {len(seen)} processes")
    check(api.ask("", cursor="1.2.3")[0] == 400, "a cursor that was never given")
    status, body, _ = api.ask("", sort="-nmae")
    check(status == 400 and "cpu_percent" in body["allowed"], "what is asked wrongly is told with what would be right")


def identity(api):
    one = start("/bin/sleep", "1000")
    ticks = api.data(f"/{one.pid}")["start_ticks"]
    check(api.ask(f"/{one.pid}", start_ticks=ticks)[0] == 200 and api.ask(f"/{one.pid}/limits", start_ticks=ticks + 1)[0] == 410,
          "another start is another process")
    one.kill()
    one.wait()
    check(comes(lambda: api.ask(f"/{one.pid}", start_ticks=ticks)[0] in (404, 410), 5), "one that has ended is not there")


def relatives(api):
    parent = start("/bin/sh", "-c", "sleep 1000 & sleep 1001 & wait")
    check(comes(lambda: len(api.data(f"/{parent.pid}/children", fields="pid")) == 2, 5), "children")
    above = [row["pid"] for row in api.data(f"/{parent.pid}/parents", fields="pid")]
    check(above[0] == os.getpid(), "parents, the nearest first")
    tree = api.data("/tree", root=os.getpid(), fields="pid,name")[0]
    below = {each["pid"]: each for each in tree["children"]}
    check(parent.pid in below and len(below[parent.pid]["children"]) == 2, "the tree")
    groups = api.data(group_by="name", sort="-processes", limit=0, fields="num_threads,memory.rss_bytes")
    check(any(group["name"] == "sleep" and group["processes"] >= 2 for group in groups), "groups by name")
    for child in vitald.children(parent.pid):
        os.kill(child, signal.SIGKILL)


def who_sees_what(daemon, api, path):
    stranger = Api(daemon)
    row = stranger.data(f"/{os.getpid()}")
    check({"cmdline", "exe", "cwd"} <= set(row["withheld"]) and "cmdline" not in row and "name" in row,
          "by the port arguments are withheld, and that is said")
    for part, status in (("environment", 403), ("open-files", 403), ("threads", 200), ("limits", 200)):
        check(stranger.ask(f"/{os.getpid()}/{part}")[0] == status, f"{part} by the port: {status}")
    check("withheld" not in api.data(f"/{os.getpid()}", fields="cmdline,cwd"), "by the socket we see our own")
    if not root:
        return
    as_user = ["setpriv", "--reuid=65533", "--regid=65533", "--clear-groups", "curl", "-s", "--unix-socket", path]
    own = up(WAITS, user=65533)
    told = {pid: json.loads(subprocess.run([*as_user, f"http://localhost/api/v1/processes/{pid}"],
                                           stdout=subprocess.PIPE).stdout)["data"] for pid in (own.pid, os.getpid())}
    check("cmdline" in told[own.pid] and "cmdline" in told[os.getpid()]["withheld"], "a user sees its own, and no others'")
    code = subprocess.run([*as_user, "-o", "/dev/null", "-w", "%{http_code}",
                           f"http://localhost/api/v1/processes/{os.getpid()}/environment"], stdout=subprocess.PIPE).stdout
    check(code == b"403", "nor their environment")


def other_user(api):
    one = up(OTHER_USER)
    told = api.data(f"/{one.pid}")
    check(told["uids"] == {"real": 65533, "effective": 65533, "saved": 65533} and
          told["gids"] == {"real": 12, "effective": 13, "saved": 14}, f"who has become another user {told['user']}")
    check(comes(lambda: one.pid in [row["pid"] for row in api.data(user="65533", fields="pid")], 5), "is found by it")


def verb(path):
    """vitald ps."""
    def ps(*words, **how):
        return subprocess.run([vitald.program, "ps", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)

    socket_url = f"--url=unix:{path}"
    done = ps(socket_url, "--over=0", "--limit=0", f"pid={os.getpid()}")
    check(done.returncode == 0 and done.stdout.splitlines()[0].split()[:2] == ["PID", "USER"] and
          "processes.py" in done.stdout and len(done.stdout.splitlines()) == 2, f"vitald ps: a table {done.stdout!r}")
    told = ps(socket_url, "-o", "csv", "--over", "0", "-f", "pid,cmdline", f"pid={os.getpid()}")
    rows = list(csv.reader(told.stdout.splitlines()))
    check(rows[0] == ["pid", "cmdline"] and rows[1][0] == str(os.getpid()), f"as CSV {rows}")
    told = ps(socket_url, "-o", "json", "--limit=3", "--sort=-pid")
    check(len(json.loads(told.stdout)["data"]) == 3 and json.loads(told.stdout)["meta"]["interval_seconds"] >= 0.9, "as JSON")
    wrong = ps(socket_url, "--sort=nmae")
    check(wrong.returncode == 64 and "cpu_percent" in wrong.stderr, "what is wrong is told with what would be right")
    check(ps("--url=unix:/nowhere").returncode == 69 and ps("--nmae").returncode == 64, "and what cannot be asked")
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 12, 0, 0))
    # 12 columns end within "CMDLINE" and the program's name, however many digits the pid has; a blank there would be cut
    subprocess.run([vitald.program, "ps", socket_url, "--over=0", "-f", "pid,cmdline", f"pid={os.getpid()}"],
                   stdout=slave, stderr=subprocess.DEVNULL)
    lines = os.read(master, 1 << 16).decode().splitlines()
    os.close(master), os.close(slave)
    check(len(lines) == 2 and {len(line) for line in lines} == {12}, f"a terminal's width {[len(line) for line in lines]}")


def without_rights(folder):
    """As nobody: what the kernel refuses is withheld, and nothing fails. With hidepid others are not there."""
    path = os.path.join(folder, "nobody.sock")
    with Daemon(f"--web.listen-address=unix:{path}", "--user=nobody", allow=("capab", "collector")) as daemon:
        api = Api(daemon, path)
        row = api.data(f"/{os.getpid()}")
        check({"io.read_bytes_total", "exe", "cwd"} <= set(row["withheld"]) and row["num_threads"] >= 1,
              f"the kernel shows nobody less {row['withheld']}")
        check(api.ask(f"/{os.getpid()}/environment")[0] == 403, "nor an environment")
        check("exe" in api.data(f"/{daemon.pid}"), "but its own")
    wrapper = os.path.join(folder, "hidden")
    with open(wrapper, "w") as file:
        file.write("#!/bin/sh\nexec unshare -m sh -c 'mount -t proc -o hidepid=2 proc /proc && exec \"$0\" \"$@\"' "
                   f"{vitald.program} \"$@\"\n")
    os.chmod(wrapper, 0o755)
    if vitald.run("unshare", "-m", "mount", "-t", "proc", "-o", "hidepid=2", "proc", "/proc").returncode != 0:
        return print("    no mounts of our own")
    with Daemon(f"--web.listen-address=unix:{path}", "--user=nobody", allow=(".",), binary=wrapper) as daemon:
        api = Api(daemon, path)
        check(api.ask(f"/{os.getpid()}")[0] == 404 and daemon.pid in [row["pid"] for row in api.data(fields="pid")],
              "with hidepid others are not there")


def far_names(folder, services):
    """Users whom only a name service knows; one that hangs."""
    wrapper, switch, path = (os.path.join(folder, name) for name in ("far", "nsswitch.conf", "far.sock"))
    with open(switch, "w") as file:
        file.write("passwd: files vitald\ngroup: files\n")
    with open(wrapper, "w") as file:
        file.write(f"#!/bin/sh\nexport LD_LIBRARY_PATH={services}\nexec unshare -m sh -c "
                   f"'mount --bind {switch} /etc/nsswitch.conf && exec \"$0\" \"$@\"' {vitald.program} \"$@\"\n")
    os.chmod(wrapper, 0o755)
    if vitald.run("unshare", "-m", "mount", "--bind", switch, "/etc/nsswitch.conf").returncode != 0:
        return print("    no mounts of our own")
    known, hangs = (up(OTHER_USER.replace("65533", user)) for user in ("54322", "54321"))
    with Daemon(f"--web.listen-address=unix:{path}", binary=wrapper) as daemon:
        api = Api(daemon, path)
        told = api.data(f"/{known.pid}")["user"]
        check(told == "far_away", f"a name service is asked {told}")
        begun = time.monotonic()
        told = api.data(f"/{hangs.pid}")["user"]
        check(told == "54321" and time.monotonic() - begun < 2, f"for one that hangs the number stands {told}")
        rows = {row["pid"]: row["user"] for row in api.data(fields="pid,user", limit=0)}
        check(rows[known.pid] == "far_away" and rows[hangs.pid] == "54321", "in listings, too")


def namespace(api):
    if vitald.run("unshare", "-p", "-f", "true").returncode != 0:
        return print("    no pid namespaces")
    outer = start("unshare", "-p", "-f", "sleep", "1000")
    check(comes(lambda: len(api.data(f"/{outer.pid}/children", fields="pid")) == 1, 5), "one in a pid namespace has our number")
    child = api.data(f"/{outer.pid}/children", fields="pid")[0]["pid"]
    spaces = {each["type"]: each["inode"] for each in api.data(f"/{child}/namespaces")}
    check(spaces["pid"] == os.stat(f"/proc/{child}/ns/pid").st_ino != os.stat("/proc/self/ns/pid").st_ino, "and its own namespace")
    os.kill(child, signal.SIGKILL)


def scenario():
    folder = tempfile.mkdtemp(prefix="vitald.processes.")
    os.chmod(folder, 0o755)
    path = os.path.join(folder, "v.sock")
    try:
        with Daemon(f"--web.listen-address=unix:{path}") as daemon:
            api = Api(daemon, path)
            before = daemon.size()
            pids = special_ones(api, folder)
            against_psutil(api, pids)
            against_ps(api, daemon)
            odd_names(api)
            secrets(api)
            pages(api)
            identity(api)
            relatives(api)
            who_sees_what(daemon, api, path)
            verb(path)
            if root:
                other_user(api)
                namespace(api)
            check(daemon.size()[0] <= before[0] + 1, "no threads are left")
        if root:
            without_rights(folder)
            far_names(folder, os.path.abspath(sys.argv[2]))
    finally:
        for process in started:
            try:
                os.killpg(process.pid, signal.SIGKILL)  # with its children
            except ProcessLookupError:
                pass
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if not os.path.exists("/usr/bin/python3"):
    skip("no /usr/bin/python3")
run_test(scenario, arguments=2)
