#!/usr/bin/env python3
"""Watched directories by the API: what the events come to is what is on the disk; streams that go on where they were, or
say why not; names of every kind; roots that come and go; who may watch what; and nothing where nothing is watched.

Usage: watches.py VITALD
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from vitald import Daemon, check, comes, run_test
from watched import Api, Picture, Stream, on_disk, shell


STORM = ("for i in 1 2 3 4 5 6 7 8 9 10; do mkdir -p a/$i/b; touch a/$i/b/f a/$i/g; mv a/$i/b a/$i/c; ln a/$i/g a/$i/h; "
         "mv a/$i m$i; done; rm -r m1 m2; mv m3/c m4/d; mv m4/d/f top; mkdir new; mv m5 new; mv new newer; touch newer/m5/z")


def follow(api, folder):
    """Two clients: one has a stream all the time, the other comes back again and again."""
    assert api.ready("first")
    picture = Picture(api, "first")
    steady, ids = Stream(api, "first", since=picture.last), []
    for commands in (STORM, "rm -rf *", STORM.replace("a/", "other/"), "find . -name g | xargs rm; mv newer a",
                     "printf x > \"$(printf 'line\\nbreak')\"; touch \"$(printf 'bad\\377')\" ' data: x' 'quote\"'"):
        shell(folder, commands)
        last = api.sync("first")["seq"]
        while picture.last < last:
            _, data, number = steady.next()
            picture.event(data)
            ids.append(number)
        check(picture.entries == on_disk(folder), f"after {commands[:20]!r}…: {len(on_disk(folder))} entries as on disk")
    steady.close()
    again, place = [ids[0]], ids[0]
    while place != ids[-1]:
        stream = Stream(api, "first", last_id=place)
        for _ in range(17):
            _, _, place = stream.next()
            again.append(place)
            if place == ids[-1]:
                break
        stream.close()
    check(again == ids, f"{len(ids)} events once each, by a client that was cut off every 17")
    return ids[-1]


def pages(api):
    since, found = 0, []
    while True:
        status, told = api.ask(f"/first/events?since={since}&limit=50")
        assert status == 200, told
        if not told["data"]:
            break
        found += [event["seq"] for event in told["data"]]
        since = told["meta"]["next"]
    check(found == list(range(1, told["meta"]["last"] + 1)), "in pages they are the same")
    for query in ("?limit=0", "?limit=x", "?since=x", "?nonsense=1"):
        check(api.ask("/first/events" + query)[0] == 400, f"{query}: 400")


def resets(api, old_id):
    boot, rest = old_id.split("-", 1)
    for place, what in ((f"0{boot}-{rest}", "another daemon's"), (old_id + "999", "one that is to come"),
                        ("nonsense", "nonsense")):
        stream = Stream(api, "first", last_id=place)
        name, data, number = stream.next()
        stream.close()
        check(name == "reset" and data["reason"] and number.startswith(boot), f"{what} place: {name} {data}")


def roots(api, folder, top):
    later = os.path.join(top, "later")
    check(api.data("/second")["state"] == "missing", "a root that is not there yet is waited for")
    stream = Stream(api, "second", since=0)
    shell(top, "mkdir -p tmp/x; touch tmp/x/f; mv tmp later")
    told = [stream.next()[0]]
    while told[-1] != "ready":
        told.append(stream.next()[0])
    check(told[0] == "root_back" and told.count("created") == 2, f"it comes: {told}")
    shutil.rmtree(later)
    while told[-1] != "root_gone":
        told.append(stream.next()[0])
    check(comes(lambda: api.data("/second")["state"] == "missing", 10), "it goes, and that is told")
    stream.close()


def clients(api, top, daemon):
    wanted = {"name": "mine", "path": os.path.join(top, "allowed/x"), "events": ["created", "deleted"]}
    os.makedirs(wanted["path"])
    os.symlink("/etc", os.path.join(top, "allowed/link"))
    check(api.data("", "POST", json.dumps(wanted))["ephemeral"], "a client's own watch, below a root")
    assert api.ready("mine")
    shell(wanted["path"], "echo x > f")
    api.sync("mine")
    told = [event["type"] for event in api.data("/mine/events")]
    check(told == ["ready", "created"], f"tells what was asked for {told}")
    for change, why in (({"path": "/etc"}, "not below"), ({"path": os.path.join(top, "allowed/../x")}, "whole"),
                        ({"name": "first"}, "of that name"), ({"name": "a b"}, "letters"),
                        ({"events": ["exploded"]}, "created"), ({"depth": 3}, "no other keys")):
        status, problem = api.ask("", "POST", json.dumps({**wanted, "name": "other", **change}))
        check(status == 400 and why in problem["detail"], f"{change}: {status} {problem['detail']}")
    link = {"name": "link", "path": os.path.join(top, "allowed/link")}
    api.data("", "POST", json.dumps(link))
    check(comes(lambda: api.data("/link")["state"] in ("missing", "error"), 10), "a link out of it is not followed")
    stream = Stream(api, "mine")
    check(api.ask("/mine", "DELETE")[0] == 204 and api.ask("/mine")[0] == 404, "and ends it")
    check(stream.next()[0] == "reset", "who listens is told")
    stream.close()
    check(api.ask("/first", "DELETE")[0] == 403 and api.ask("/nobody", "DELETE")[0] == 404, "but no configured one")
    check(api.ask("/link", "DELETE")[0] == 204, "the other too")
    check(daemon.get("/api/v1/watches").status == 403, "by the network nobody sees them")


def value_of(api, family, watch="first"):
    start = f'vitald_watch_{family}{{watch="{watch}"}} '
    return next((float(line[len(start):]) for line in api.metrics().splitlines() if line.startswith(start)), None)


def sizes(api, folder):
    """How much there is and how old it is, without a scrape that walks the disk."""
    shell(folder, "rm -rf *; mkdir d; head -c 1000 /dev/zero > d/a; touch -d @1000 d/a; printf x > b; touch -d @2000 b")
    check(comes(lambda: value_of(api, "bytes") == 1001, 30), "1,001 bytes")
    found = [value_of(api, name) for name in ("files", "newest_mtime_seconds", "oldest_mtime_seconds")]
    check(found == [2, 2000, 1000], f"files, newest, oldest: {found}")
    shell(folder, "printf yz >> b; touch -d @3000 b; rm d/a")
    check(comes(lambda: value_of(api, "bytes") == 3 and value_of(api, "oldest_mtime_seconds") == 3000, 30), "and 3 later")
    check(value_of(api, "bytes", "second") is None, "none where it is not asked for")
    with open("/proc/sys/fs/inotify/max_user_watches") as limit:
        allowed = limit.read().strip()
    check(comes(lambda: f"\nvitald_watch_kernel_watches_allowed {allowed}\n" in api.metrics(), 5), f"{allowed} kernel watches are allowed")


def reloads(api, daemon, file, text):
    last = api.sync("first")["id"]
    with open(file, "w") as config:
        config.write(text.replace("second", "third"))
    daemon.process.send_signal(signal.SIGHUP)
    check(comes(lambda: [each["name"] for each in api.data()] == ["first", "third"], 15), "a reload adds and ends")
    check(api.sync("first")["id"] == last, "the others go on")
    with open(file, "w") as config:
        config.write("web.freshness: 1s\n")
    daemon.process.send_signal(signal.SIGHUP)
    check(comes(lambda: api.data() == [], 15), "or ends all")
    check(comes(lambda: "vitald-inotify" not in names_of_threads(daemon.pid), 15), "and their threads")
    check(comes(lambda: "vitald_watch_" not in api.metrics(), 15), "and metrics")


class Command:
    """vitald watch, as it runs."""

    def __init__(self, path, *words):
        self.process = subprocess.Popen([sys.argv[1], "watch", f"--url=unix:{path}", *words], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, errors="replace")

    def line(self):
        return self.process.stdout.readline().rstrip("\n")

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


def streams_of(api):
    return next(line for line in api.metrics().splitlines() if line.startswith("vitald_http_streams ")).split()[1]


def commands(api, folder, top):
    shell(folder, "rm -rf *")
    api.sync("first")
    by_name, by_path = Command(api.path, "first"), Command(api.path, "--json", folder)
    new_path = os.path.join(top, "allowed/new")
    os.makedirs(new_path)
    own = Command(api.path, new_path)
    check(own.line().endswith(" ready"), "a path of its own is watched")
    check(comes(lambda: streams_of(api) == "3", 30), "three follow")
    shell(folder, "mkdir d; mv d 'e f'")
    check(by_name.line().endswith(" created d/") and by_name.line().endswith(" moved d/ -> e f/"), "a line for each event")
    told = [json.loads(by_path.line()) for _ in range(2)]
    check([each["type"] for each in told] == ["created", "moved"], "or JSON, by the path of a watch")
    check(own.end() == 0 and [each["name"] for each in api.data()] == ["first", "second"], "its own watch ends with it")
    check(by_path.end() == 0, "interrupted: 0")
    for words, status in ((["nobody"], 69), ([], 64), (["a b"], 64), (["--nonsense"], 64), (["/etc"], 64)):
        done = subprocess.run([sys.argv[1], "watch", f"--url=unix:{api.path}", *words], capture_output=True, text=True)
        check(done.returncode == status, f"{words}: {done.returncode} {done.stderr.strip()}")
    away = subprocess.run([sys.argv[1], "watch", "--url=unix:/nowhere", "first"], capture_output=True, text=True)
    check(away.returncode == 69 and "connect" in away.stderr, f"no daemon: {away.stderr.strip()}")
    return by_name


def across_restarts(command, api, folder):
    """Another daemon has the place of the one that it followed."""
    line = command.line()
    check("reset: restarted" in line, f"it says that the daemon is another: {line!r}")
    assert api.ready("first")
    shell(folder, "mkdir after")
    check(command.line().endswith(" created after/"), "and goes on")
    check(command.end() == 0, "until it is interrupted")


def names_of_threads(pid):
    names = []
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm") as file:
                names.append(file.read().strip())
        except OSError:
            pass
    return names


def crowd(api, folder):
    """Listeners that read nothing, while much happens."""
    deaf = []
    for _ in range(5):
        client = socket.socket(socket.AF_UNIX)
        client.connect(api.path)
        client.sendall(b"GET /api/v1/watches/first/events?since=0 HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
        deaf.append(client)
    picture = Picture(api, "first")
    stream = Stream(api, "first", since=picture.last)
    shell(folder, "mkdir many; cd many; seq 3000 | xargs touch")
    last = api.sync("first")["seq"]
    while picture.last < last:
        picture.event(stream.next()[1])
    check(picture.entries == on_disk(folder), "3,000 files beside five that do not read")
    stream.close()
    for client in deaf:
        client.close()


def broken(top):
    for text, why in (("watches: [{name: a, path: x}]", "whole"), ("watches: [{name: a, path: /x}, {name: a, path: /y}]", "two"),
                      ("watches: [{path: /x}]", "name"), ("watches: [{name: a, path: /x, y: 1}]", "no other keys"),
                      ("watches: nonsense", "name: NAME"), ("watch: {roots: [etc]}", "whole path")):
        file = os.path.join(top, "broken.yaml")
        with open(file, "w") as config:
            config.write(text + "\n")
        done = subprocess.run([sys.argv[1], f"--config.file={file}", "--check-config"], capture_output=True, text=True)
        check(done.returncode == 78 and why in done.stderr + done.stdout, f"{text}: {done.returncode} {done.stderr.strip()}")


def scenario():
    top = tempfile.mkdtemp(prefix="vitald.watches.")
    folder, file, path = (os.path.join(top, name) for name in ("first", "v.yaml", "s"))
    text = (f"watches:\n- {{name: first, path: {folder}, sizes: true}}\n- name: second\n  path: {top}/later\n  exclude: ['*.tmp']\n"
            f"watch: {{roots: [{top}/allowed]}}\n")
    os.makedirs(folder)
    with open(file, "w") as config:
        config.write(text)
    try:
        with Daemon(f"--config.file={file}", listen=("127.0.0.1:0", f"unix:{path}"),
                    allow=[r'msg"?[=:]"?reload(ing|ed)\b']) as daemon:
            api = Api(path)
            last = follow(api, folder)
            pages(api)
            resets(api, last)
            roots(api, folder, top)
            clients(api, top, daemon)
            crowd(api, folder)
            metrics = api.metrics()
            check('vitald_watch_state{state="active",watch="first"} 1' in metrics, "metrics tell its state")
            check(f'vitald_watch_entries{{watch="first"}} {len(on_disk(folder))}\n' in metrics, "and what it knows")
            sizes(api, folder)
            reloads(api, daemon, file, text)
        with open(file, "w") as config:
            config.write(text)
        with Daemon(f"--config.file={file}", listen=(f"unix:{path}",)):
            assert api.ready("first")
            command = commands(api, folder, top)
        with Daemon(f"--config.file={file}", listen=(f"unix:{path}",)):
            across_restarts(command, api, folder)
        with Daemon() as daemon:
            check(not {"vitald-inotify", "vitald-watches"} & set(names_of_threads(daemon.pid)), "without watches no thread")
        broken(top)
    finally:
        shutil.rmtree(top, ignore_errors=True)


run_test(scenario)
