#!/usr/bin/env python3
"""Who comes through a real nginx on this host is a stranger: only what is open, however nginx is told to ask.

Usage: proxy.py VITALD
Debian's package, unpacked below build/peers by scripts/peers; skipped where it cannot be had.
"""
import contextlib
import http.client
import os
import socket
import subprocess
import tempfile

import web
from vitald import Daemon, check, comes, free_port, get, peer, run_test, skip

WAYS = {  # of asking, as people configure them
    "by its defaults": "",
    "by its defaults, for the client's Host": "proxy_set_header Host $http_host;",
    "by HTTP/1.0 with forwarding fields": "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; "
                                          "proxy_set_header X-Real-IP $remote_addr;",
    "by HTTP/1.1 with forwarding fields": 'proxy_http_version 1.1; proxy_set_header Connection ""; '
                                          "proxy_set_header Host $host; "
                                          "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "by HTTP/1.1 with Forwarded": 'proxy_http_version 1.1; proxy_set_header Forwarded "for=$remote_addr";',
}
SILENT = 'proxy_http_version 1.1; proxy_set_header Connection "";'  # cannot be told from a local user
CLOSED = ("/api/v1/status", "/api/v1/config")
OPEN = ("/metrics", "/", "/-/healthy", "/-/ready", "/api/v1/collectors", "/api/v1/collectors/loadavg", "/api/v1/metadata")


class Nginx:
    """One server for each way of asking; `with` ends it."""

    def __init__(self, program, ways, upstream):
        self.folder = tempfile.TemporaryDirectory(prefix="vitald.nginx.")
        os.chmod(self.folder.name, 0o755)  # its worker is another user
        self.ports = [free_port() for _ in ways]
        servers = "".join(f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{upstream}; {way} }} }}\n"
                          for port, way in zip(self.ports, ways))
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "".join(f"{kind}_temp_path {self.folder.name}/{kind};" for kind in kinds)
        web.put(f"{self.folder.name}/nginx.conf",
                f"daemon off; worker_processes 1; pid {self.folder.name}/pid; error_log stderr error;\n"
                f"events {{ worker_connections 64; }}\nhttp {{ access_log off; {paths}\n{servers}}}\n")
        self.process = subprocess.Popen([program, "-p", self.folder.name, "-c", f"{self.folder.name}/nginx.conf"])

    def listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.ports[-1]), timeout=5):
            return True
        return False

    def __enter__(self):
        if not comes(lambda: self.listens() or self.process.poll() is not None, 15) or self.process.poll() is not None:
            self.__exit__()
            skip("nginx does not start here")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()


def post(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("POST", path)
        return connection.getresponse().status
    finally:
        connection.close()


def statuses(port, paths, **fields):
    return [get(port, path, **fields).status for path in paths]


def strangers(daemon, nginx):
    check(statuses(daemon.port, CLOSED) == [200, 403], "who sits here is this host's user")
    for port, way in zip(nginx.ports, WAYS):
        check(statuses(port, OPEN) == [200] * len(OPEN), f"through nginx, {way}: the open pages {statuses(port, OPEN)}")
        check(statuses(port, CLOSED) == [403, 403], f"and no others {statuses(port, CLOSED)}")
        check(statuses(port, CLOSED, Host="localhost") == [403, 403], "whatever the client calls this host")
        check(post(port, "/-/reload") == 403, "nor does it reload")
    reply = get(nginx.ports[0], Accept_Encoding="gzip")
    check(reply.headers.get("Content-Encoding") == "gzip" and "node_load1 " in reply.text(), "compressed bodies pass")


def passwords(program):
    with web.folder() as folder:
        web.put(f"{folder}/web.yml", f"basic_auth_users:\n  alice: {web.bcrypt('open', 4)}\n")
        with Daemon(f"--web.config.file={folder}/web.yml", allow=["web configuration"]) as daemon, \
                Nginx(program, [""], f"127.0.0.1:{daemon.port}") as nginx:
            who = {"Authorization": web.basic("alice", "open")}
            check(statuses(nginx.ports[0], ("/metrics", *CLOSED)) == [401] * 3, "with passwords: 401 without one")
            check(statuses(nginx.ports[0], ("/metrics", *CLOSED), **who) == [200] * 3, "and 200 with one")


def scenario():
    program = peer("nginx")
    if not program:
        skip("Debian's nginx cannot be had")
    with Daemon() as daemon, Nginx(program, WAYS.values(), f"127.0.0.1:{daemon.port}") as nginx:
        strangers(daemon, nginx)
    with Daemon("--no-web.trust-loopback") as daemon, Nginx(program, [SILENT], f"127.0.0.1:{daemon.port}") as nginx:
        check(statuses(nginx.ports[0], CLOSED) == [403, 403], "one that hides itself: --no-web.trust-loopback")
    passwords(program)


run_test(scenario)
