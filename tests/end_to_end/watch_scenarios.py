#!/usr/bin/env python3
"""What people do with files, one thing after the other, and what is told of it: each effect once and in order, and the
tree that a client knows is the disk's. On tmpfs and on ext4, by a daemon that is root and by one that is not.

Usage: watch_scenarios.py VITALD
As root in name spaces of its own; else in a temporary folder, as who one is.
"""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from vitald import Daemon, check, comes, run, run_test, with_own_mounts
from watched import Api, Picture, on_disk, shell

libc = ctypes.CDLL(None, use_errno=True)
EXCHANGE, AT_FDCWD = 2, -100
DEEP = "import os\nfor _ in range(25): os.mkdir('d' * 200); os.chdir('d' * 200)\nopen('end', 'w').close()"


def exchange(folder, one, other):
    paths = [os.fsencode(os.path.join(folder, name)) for name in (one, other)]
    if libc.renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")


# What it is about; commands before, in the watched folder; commands; what is told of these. ANY: in any order.
ANY = "in any order"
SCENARIOS = (
    ("files are made and go", "mkdir d", "touch a d/f; mkdir e; rm a d/f; rmdir d e",
     ["created a", "created d/f", "created e", "deleted a", "deleted d/f", "deleted d", "deleted e"]),
    ("a new directory's race", "", "mkdir -p a/b/c/d; touch a/f a/b/f a/b/c/f a/b/c/d/f",
     [ANY, "created a", "created a/b", "created a/b/c", "created a/b/c/d", "created a/f", "created a/b/f",
      "created a/b/c/f", "created a/b/c/d/f"]),
    ("a tree is copied", "mkdir -p ../outside/t/u/v; touch ../outside/t/1 ../outside/t/u/2 ../outside/t/u/v/3",
     "cp -r ../outside/t .", [ANY, "created t", "created t/1", "created t/u", "created t/u/2", "created t/u/v",
                              "created t/u/v/3"]),
    ("a rename", "touch f", "mv f g", ["moved f->g"]),
    ("a directory is renamed, and goes on", "mkdir -p d/e; touch d/e/f", "mv d x; touch x/e/g; mv x/e/f x",
     ["moved d->x", "created x/e/g", "moved x/e/f->x/f"]),
    ("into another directory, and on", "mkdir -p a/d b c; touch a/d/f", "mv a/d b; mv b/d c; touch c/d/g",
     ["moved a/d->b/d", "moved b/d->c/d", "created c/d/g"]),
    ("a directory moved out tells no more", "mkdir -p d/e; touch d/e/f", "mv d ../outside; touch ../outside/d/e/secret; touch z",
     ["deleted d", "created z"]),
    ("its name is used again", "mkdir d; touch d/f", "mv d ../outside; mkdir d; touch d/g ../outside/d/secret",
     ["deleted d", "created d", "created d/g"]),
    ("a populated directory moved in, and what changes there later", "mkdir -p ../outside/d/e; touch ../outside/d/e/f",
     "mv ../outside/d .; sleep 0.2; touch d/e/g; rm d/e/f",
     [ANY, "created d", "created d/e", "created d/e/f", "created d/e/g", "deleted d/e/f"]),
    ("a chain", "echo 1 > a; echo 2 > b; echo 3 > c", "mv c d; mv b c; mv a b", ["moved c->d", "moved b->c", "moved a->b"]),
    ("a swap by a third name", "mkdir a b; touch a/1 b/2", "mv a t; mv b a; mv t b; touch a/3 b/4",
     ["moved a->t", "moved b->a", "moved t->b", "created a/3", "created b/4"]),
    ("an exchange", "mkdir a b; touch a/1 b/2", lambda folder: exchange(folder, "a", "b"), ["exchanged a->b"]),
    ("hard links", "touch f", "ln f g; ln f h; rm f g", ["created g", "created h", "deleted f", "deleted g"]),
    ("a file replaced by another", "echo 1 > f; echo 2 > .f.new", "mv .f.new f", ["moved .f.new->f"]),
    ("and by one from outside", "echo 1 > f; echo 2 > ../outside/f", "mv ../outside/f .; touch g", ["created f", "created g"]),
    ("links are not followed", "mkdir ../outside/d; touch ../outside/d/f", "ln -s ../outside/d l; touch ../outside/d/g; rm l",
     ["created l", "deleted l"]),
    ("one that is open, but has gone", "", "exec 3> f; rm f; echo x >&3; exec 3>&-", ["created f", "deleted f"]),
    ("odd names", "", "touch -- ' ' '-n' '*' \"$(printf 'a\\nb')\" 'data: x'; rm -- '-n'",
     ["created  ", "created -n", "created *", "created a\nb", "created data: x", "deleted -n"]),
    ("a directory that nobody may read", "mkdir -p d/e; touch d/e/f", "chmod 0 d; mv d x; chmod 755 x; touch x/e/g",
     ["moved d->x", "created x/e/g"]),
    ("much at once", "", "for i in $(seq 30); do mkdir -p s/$i/t; touch s/$i/t/f; mv s/$i m$i; done; rm -r m1?", None),
    ("all goes", "mkdir -p a/b/c/d; touch a/b/c/d/f a/f", "rm -r a",
     [ANY, "deleted a/b/c/d/f", "deleted a/b/c/d", "deleted a/b/c", "deleted a/b", "deleted a/f", "deleted a"]),
)


def words(event):
    text = event["type"] + " " + event.get("path", "")
    return text + "->" + event["dest_path"] if "dest_path" in event else text


class Place:
    """A watched folder with one beside it."""

    def __init__(self, top, api):
        self.folder, self.outside, self.api = os.path.join(top, "first"), os.path.join(top, "outside"), api
        self.picture = Picture(api, "first")

    def do(self, commands):
        """Does it, and says what was told."""
        if callable(commands):
            commands(self.folder)
        elif commands:
            shell(self.folder, commands)
        last, told = self.api.sync("first")["seq"], []
        while self.picture.last < last:
            for event in self.api.data(f"/first/events?since={self.picture.last}&limit=10000"):
                self.picture.event(event)
                told.append(event)
        return told

    def is_as_on_disk(self):
        return self.picture.entries == on_disk(self.folder)

    def clear(self):
        self.do("rm -rf ./* ./.f* ../outside/*")


def is_told(told, wanted):
    if wanted[0] == ANY:
        return sorted(told) == sorted(wanted[1:])
    return told == wanted


def all_scenarios(place, where):
    for about, before, commands, wanted in SCENARIOS:
        place.do(before)
        told = [words(event) for event in place.do(commands)]
        good = wanted is None or is_told(told, list(wanted))
        check(good and place.is_as_on_disk(), f"{where}: {about}" + ("" if good else f": {told}"))
        place.clear()


def deep(place, where):
    """Paths that no system call takes."""
    told = place.do(lambda folder: subprocess.run([sys.executable, "-c", DEEP], cwd=folder, check=True))
    check(len(told) == 26 and len(told[-1]["path"]) == 25 * 201 + 3, f"{where}: {len(told)} entries beyond PATH_MAX")
    place.clear()
    check(place.is_as_on_disk(), f"{where}: and none after")


def the_root(place, where):
    told = [words(event) for event in place.do(lambda folder: (shutil.rmtree(folder), os.mkdir(folder)))]
    check(comes(lambda: place.api.data("/first")["ready"], 30), f"{where}: deleted and made anew, it is found")
    told += [words(event) for event in place.do("mkdir -p x/y")]
    check("root_gone " in told and "root_back " in told and place.is_as_on_disk(), f"{where}: and that is told: {told}")
    place.do(lambda folder: (os.rename(folder, place.outside + "/away"), os.mkdir(folder)))
    check(comes(lambda: place.api.data("/first")["ready"], 30), f"{where}: moved away and made anew")
    told = [words(event) for event in place.do("touch ../outside/away/secret; touch open")]
    check(told[-1:] == ["created open"] and place.is_as_on_disk(), f"{where}: the old one is not followed")
    place.clear()


def mounts(place, where):
    """Over a watched directory, and away again."""
    place.do("mkdir d; touch d/below")
    inner = os.path.join(place.folder, "d")
    if run("mount", "-t", "tmpfs", "-o", "mode=777", "inner", inner).returncode != 0:
        return
    shell(place.folder, "touch d/above")
    check(comes(lambda: place.do("") is not None and place.is_as_on_disk(), 15), f"{where}: a mount over a directory")
    check(run("umount", inner).returncode == 0, f"{where}: which can be unmounted while it is watched")
    check(comes(lambda: place.do("") is not None and place.is_as_on_disk(), 15), f"{where}: and what was below is back")
    place.clear()


def overflow(place, daemon, where):
    """While the daemon stands still, the kernel's queue is full."""
    with open("/proc/sys/fs/inotify/max_queued_events") as limit:
        most = int(limit.read())
    if most > 20000:
        return
    place.do("mkdir d; touch d/stays d/goes")
    daemon.process.send_signal(signal.SIGSTOP)
    try:
        shell(place.folder, f"seq {most} | sed s,^,d/, | xargs touch; rm d/goes; mkdir late; touch late/f")
    finally:
        daemon.process.send_signal(signal.SIGCONT)
    told = [event["type"] for event in place.do("")]
    again = comes(lambda: told.extend(event["type"] for event in place.do("")) or "resynced" in told, 60)
    check("overflow" in told and again, f"{where}: an overflow is told, and that all is known again")
    check(place.is_as_on_disk(), f"{where}: {len(place.picture.entries)} entries as on disk")
    place.clear()


def with_daemon(top, where, *flags, as_root=True):
    for name in ("first", "outside"):
        os.makedirs(os.path.join(top, name))
        os.chmod(os.path.join(top, name), 0o777)
    os.chmod(top, 0o777)
    path = os.path.join(top, "s")
    watch = f"--watches={{name: first, path: {top}/first, events: [created, deleted, moved]}}"
    with Daemon(watch, *flags, listen=(f"unix:{path}",)) as daemon:
        api = Api(path)
        assert api.ready("first")
        place = Place(top, api)
        all_scenarios(place, where)
        deep(place, where)
        if as_root:
            mounts(place, where)
        overflow(place, daemon, where)
        the_root(place, where)


def side_by_side(top, where):
    """One watch inside another, and one beside them: each tells its own, and a cookie says what went where."""
    for name in ("first/inner", "outside/d"):
        os.makedirs(os.path.join(top, name))
    path = os.path.join(top, "s")
    paths = {"first": "first", "inner": "first/inner", "beside": "outside"}
    watches = [f"--watches={{name: {name}, path: {top}/{below}}}" for name, below in paths.items()]
    with Daemon(*watches, listen=(f"unix:{path}",)):
        api = Api(path)
        pictures = {name: Picture(api, name) for name in paths if api.ready(name)}
        shell(top, "mkdir first/to")
        api.sync("first")
        shell(top, "touch first/inner/f; mv first/inner/f first/to; mv first/to/f outside; mv outside/d first")
        shell(top, "mkdir -p outside/x/y")
        api.sync("beside")
        shell(top, "mv outside/x first/inner; touch first/inner/x/y/z")
        told = {}
        for name, picture in pictures.items():
            last = api.sync(name)["seq"]
            told[name] = api.data(f"/{name}/events?since={picture.last}&limit=10000")
            for event in told[name]:
                picture.event(event)
            check(picture.last == last and picture.entries == on_disk(os.path.join(top, paths[name])), f"{where}: {name}")
        for one, gone, other, come in (("first", "to/f", "beside", "f"), ("beside", "d", "first", "d"),
                                       ("inner", "f", "first", None), ("beside", "x", "inner", "x")):
            cookies = [event.get("cookie", 0) for event in told[one] if words(event) == "deleted " + gone]
            same = [words(event) for event in told[other] if event.get("cookie", 0) == (cookies or [None])[0]]
            check(same == ([f"created {come}"] if come else []) or come is None, f"{where}: {one} to {other}: {same}")
        check(len([each for each in told["first"] if words(each) == "moved inner/f->to/f"]) == 1, f"{where}: within, one move")


def below_a_limit():
    """What starts a program in a user name space with few inotify watches, or None."""
    limit = ("unshare", "-U", "-r", "sh", "-c", "echo 20 > /proc/sys/user/max_inotify_watches && exec \"$@\"", "sh")
    return limit if run(*limit, "true").returncode == 0 else None


class Limited:
    """A tree of more directories than the kernel watches."""

    def __init__(self, top, limit):
        self.top, self.first = top, os.path.join(top, "first")
        for i in range(40):
            os.makedirs(f"{self.first}/d{i}")
        shell(self.first, "for d in *; do touch $d/stays $d/goes $d/grows; done; sleep 0.1")
        program = os.path.join(top, "limited")
        with open(program, "w") as script:
            words = " ".join(f"'{word}'" for word in limit)
            script.write(f"#!/bin/sh\nexec {words} {os.path.abspath(sys.argv[1])} \"$@\"\n")
        os.chmod(program, 0o755)
        listen = f"unix:{top}/s"
        self.daemon = Daemon(f"--watches={{name: first, path: {self.first}}}", listen=(listen,), binary=program)
        self.api = Api(top + "/s")

    def begin(self):
        assert self.api.ready("first")
        about = self.api.data("/first")
        check(about["state"] == "degraded" and "max_user_watches" in about["reason"], f"a limit is told: {about['reason']}")
        check("vitald_watch_kernel_watches_allowed 20\n" in self.api.metrics(), "with the number that is allowed")
        self.picture = Picture(self.api, "first")
        check(self.picture.entries == on_disk(self.first), "and all is known nevertheless")
        shell(self.first, "for d in *; do rm $d/goes; touch $d/comes; echo 1 >> $d/grows; done; mkdir d7/new; touch d7/new/f")

    def end(self):
        wanted = {f"d{i}/grows" for i in range(40)}
        told = []

        def all_told():
            for event in self.api.data(f"/first/events?since={self.picture.last}&limit=10000"):
                self.picture.event(event)
                told.append(event)
            return wanted <= {each["path"] for each in told if each["type"] == "modified"}

        check(comes(all_told, 60), "what was written where nobody watches is told after a while")
        check(self.picture.entries == on_disk(self.first), "and what came and went")
        untouched = [words(each) for each in told if each["path"].endswith("stays")]
        check(not untouched, f"and nothing else: {untouched}")
        self.daemon.end()


def ext4(folder):
    """A place on an image of its own, or None."""
    image, point = os.path.join(folder, "image"), os.path.join(folder, "ext4")
    with open(image, "wb") as file:
        file.truncate(64 << 20)
    os.mkdir(point)
    made = run("mkfs.ext4", "-q", "-F", "-N", "40000", image)
    return point if made.returncode == 0 and run("mount", "-o", "loop", image, point).returncode == 0 else None


def inside(folder):
    os.chmod(folder, 0o755)
    memory = os.path.join(folder, "tmpfs")
    os.mkdir(memory)
    disk, limit = ext4(folder), below_a_limit()
    if not disk:
        print("no loop device: without ext4")
    if not limit:
        print("no user name spaces: without a limit of watches")
    os.mkdir(os.path.join(folder, "limited"))
    limited = Limited(os.path.join(folder, "limited"), limit) if limit else None
    try:
        if limited:
            limited.begin()
        if run("mount", "-t", "tmpfs", "memory", memory).returncode == 0:
            with_daemon(os.path.join(memory, "root"), "tmpfs, root")
            with_daemon(os.path.join(memory, "user"), "tmpfs, a user", "--user=nobody", as_root=False)
        if disk:
            with_daemon(os.path.join(disk, "root"), "ext4, root")
            with_daemon(os.path.join(disk, "user"), "ext4, a user", "--user=nobody", as_root=False)
            side_by_side(os.path.join(disk, "beside"), "side by side")
        if limited:
            limited.end()
    finally:
        if limited:
            limited.daemon.kill()
        for point in filter(None, (memory, disk)):
            run("umount", "-l", point)


def main():
    if os.geteuid() == 0 and run("unshare", "-m", "-p", "-f", "--mount-proc", "true").returncode == 0:
        return with_own_mounts(inside)
    top = tempfile.mkdtemp(prefix="vitald.scenarios.")
    try:
        with_daemon(os.path.join(top, "place"), "as one is", as_root=False)
    finally:
        shutil.rmtree(top, ignore_errors=True)


run_test(main)
