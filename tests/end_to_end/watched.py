"""Clients of the API of watches, and what they come to know; for the tests of it."""
import base64
import http.client
import json
import os
import socket
import subprocess

from vitald import comes


class OverUnix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


class Api:
    def __init__(self, path):
        self.path = path

    def ask(self, target="", method="GET", body=None):
        connection = OverUnix(self.path)
        try:
            connection.request(method, "/api/v1/watches" + target, body)
            reply = connection.getresponse()
            text = reply.read()
            return reply.status, json.loads(text) if text else None
        finally:
            connection.close()

    def data(self, target="", method="GET", body=None):
        status, told = self.ask(target, method, body)
        assert status == 200, (target, status, told)
        return told["data"]

    def sync(self, name):
        return self.data(f"/{name}/sync", "POST")

    def metrics(self):
        connection = OverUnix(self.path)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def ready(self, name):
        return comes(lambda: self.data("/" + name)["ready"], 30)


def bytes_of(event, key):
    coded = event.get(key + "_b64")
    return base64.b64decode(coded) if coded else event[key].encode()


class Picture:
    """What a client knows: the tree at the start, and all events after it."""

    def __init__(self, api, name):
        status, told = api.ask(f"/{name}/tree")
        assert status == 200 and told["meta"]["whole"], told
        self.entries = {bytes_of(entry, "path"): entry["is_dir"] for entry in told["data"]}
        self.last = told["meta"]["last"]

    def take(self, top):
        if not self.entries.get(top):  # no directory
            return {top: self.entries.pop(top)} if top in self.entries else {}
        below = {path: kind for path, kind in self.entries.items() if path == top or path.startswith(top + b"/")}
        for path in below:
            del self.entries[path]
        return below

    def put(self, part, start, end):
        self.entries.update({end + path[len(start):]: kind for path, kind in part.items()})

    def event(self, event):
        assert event["seq"] == self.last + 1, (event, self.last)
        self.last = event["seq"]
        kind, path = event["type"], bytes_of(event, "path") if "path" in event else b""
        if kind in ("created", "deleted"):
            self.take(path)
        if kind == "created":
            self.entries[path] = event["is_dir"]
        elif kind == "root_gone":
            self.entries.clear()
        elif kind == "moved":
            part, target = self.take(path), bytes_of(event, "dest_path")
            self.take(target)
            self.put(part, path, target)
        elif kind == "exchanged":
            target = bytes_of(event, "dest_path")
            one, other = self.take(path), self.take(target)
            self.put(one, path, target)
            self.put(other, target, path)


class Stream:
    def __init__(self, api, name, since=None, last_id=None):
        self.connection = OverUnix(api.path)
        fields = {"Accept": "text/event-stream", **({"Last-Event-ID": last_id} if last_id else {})}
        query = "" if since is None else f"?since={since}"
        self.connection.request("GET", f"/api/v1/watches/{name}/events{query}", headers=fields)
        self.reply = self.connection.getresponse()

    def next(self):
        """(name, data, id) of the next event."""
        fields = {}
        while line := self.reply.readline():
            if line == b"\n" and "data" in fields:
                return fields["event"], json.loads(fields["data"]), fields["id"]
            name, _, value = line.decode().rstrip("\n").partition(": ")
            fields[name] = value
        raise EOFError

    def close(self):
        self.reply.close()
        self.connection.close()


def on_disk(root):
    found = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name, kind in [(each, True) for each in folders] + [(each, False) for each in files]:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, os.fsencode(root))] = kind and not os.path.islink(path)
    return found


def shell(folder, commands):
    subprocess.run(["sh", "-ec", commands], cwd=folder, check=True)
