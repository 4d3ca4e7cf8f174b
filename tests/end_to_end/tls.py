#!/usr/bin/env python3
"""TLS: versions, ciphers, clients' certificates, renewal, resumption, and clients that are slow, cut or plain.

Usage: tls.py VITALD
"""
import contextlib
import multiprocessing
import os
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import threading
import time
import warnings

import web
from vitald import Daemon, check, comes, own_kib, run_test, sanitized
from web import Authority, basic, bcrypt, context

CONFIG = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
MODES = {  # with no certificate, with a good one, with one of another authority
    "NoClientCert": (True, True, True),
    "RequestClientCert": (True, True, True),
    "RequireAnyClientCert": (False, True, True),
    "RequireClientCert": (False, True, True),
    "VerifyClientCertIfGiven": (True, True, False),
    "RequireAndVerifyClientCert": (False, True, False),
}


class World:
    """A folder with an authority, a server's certificate and two clients'."""

    def __init__(self, folder):
        self.folder = folder
        self.authority = Authority(folder)
        self.other = Authority(folder, "other")
        self.server = self.authority.issue("server")
        self.client = self.authority.issue("client", "DNS:scraper.example,email:a@example.org,IP:10.1.2.3,URI:spiffe://x/y")
        self.stranger = self.other.issue("stranger", "DNS:scraper.example")

    def daemon(self, more="", *flags, allow=()):
        path = f"{self.folder}/web.yml"
        web.put(path, CONFIG + more)
        return Daemon(f"--web.config.file={path}", *flags, allow=["web configuration", *allow])

    def trusting(self, **more):
        return context(self.authority.path, **more)


def failed_handshakes(world, port):
    time.sleep(0.15)  # past --web.freshness
    page = web.get(port, tls=world.trusting()).body
    return int(re.search(rb'^vitald_http_refused_total\{reason="handshake_failed"\} (\d+)$', page, re.M).group(1))


def versions_and_ciphers(world, daemon):
    port = daemon.port
    before = failed_handshakes(world, port)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        check(web.get(port, tls=world.trusting(version=version)).status == 200, f"{version.name} is spoken")
    old = context(ciphers="ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    check(web.refused(port, old), "TLS 1.1 and older are not")
    for weak in ("AES128-SHA", "AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "AECDH-AES128-SHA"):
        with_it = context(version=ssl.TLSVersion.TLSv1_2, ciphers=weak + ":@SECLEVEL=0")
        check(web.refused(port, with_it), f"{weak} is not")
    failed = failed_handshakes(world, port) - before
    check(failed == 6, f"handshakes that failed are counted ({failed})")
    with socket.create_connection(("127.0.0.1", port)) as bare:
        offering = world.trusting()
        offering.set_alpn_protocols(["h2", "http/1.1"])
        with offering.wrap_socket(bare, server_hostname="127.0.0.1") as one:
            check(one.selected_alpn_protocol() == "http/1.1", "HTTP/1.1 is chosen where HTTP/2 is offered, too")
    if shutil.which("curl"):
        done = subprocess.run(["curl", "-sS", "--cacert", world.authority.path, "--compressed",
                               f"https://localhost:{port}/metrics"], capture_output=True, text=True, timeout=30)
        check("node_load1 " in done.stdout, f"curl takes it {done.stderr!r}")


def resumes(world, daemon):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        tls, session, reused = world.trusting(version=version), None, []
        for _ in range(3):
            bare = socket.create_connection(("127.0.0.1", daemon.port))
            with tls.wrap_socket(bare, server_hostname="127.0.0.1", session=session) as one:
                one.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                while one.recv(4096):
                    pass
                reused.append(one.session_reused)
                session = one.session
        check(reused == [False, True, True], f"{version.name}: sessions are resumed {reused}")


def plain_and_cut(world, daemon):
    before = daemon.rested()
    said = web.plain(daemon.port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    check(said.startswith(b"HTTP/1.1 400 ") and b"HTTPS" in said, f"plain HTTP is told so {said[:60]!r}")
    check(b"node_" not in said, "and nothing else")
    for what in (b"\x16\x03\x01", b"\x16\x03\x01\xff\xff" + b"x" * 100, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", b"\0" * 500,
                 b"SSH-2.0-x\r\n", b"\x80\x2e\x01\x00\x02"):
        with socket.create_connection(("127.0.0.1", daemon.port), timeout=20) as one, contextlib.suppress(OSError):
            one.sendall(what)
            one.shutdown(socket.SHUT_WR)
            while one.recv(4096):
                pass
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=20) as bare:  # a record cut in its middle
        one = shaken(world, bare, incoming, outgoing)
        one.write(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
        bare.sendall(outgoing.read()[:20])
    check(web.get(daemon.port, tls=world.trusting()).status == 200, "after cut and odd bytes it serves on")
    check(daemon.is_no_larger(before), "and keeps nothing of them")


def shaken(world, bare, incoming, outgoing):
    one = world.trusting().wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    while True:
        try:
            one.do_handshake()
            bare.sendall(outgoing.read())
            return one
        except ssl.SSLWantReadError:
            bare.sendall(outgoing.read())
            incoming.write(bare.recv(65536))


def half_close(world, daemon):
    """close_notify behind the request: it is answered, and the answer ends by close_notify, too."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=20) as bare:
        one = shaken(world, bare, incoming, outgoing)
        one.write(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            one.unwrap()
        except ssl.SSLWantReadError:
            pass
        bare.sendall(outgoing.read())
        bare.shutdown(socket.SHUT_WR)
        heard = b""
        while more := bare.recv(65536):
            heard += more
        check(len(heard) > 100, f"half-closed by close_notify, it is answered ({len(heard)} bytes)")
    with socket.create_connection(("127.0.0.1", daemon.port), timeout=20) as bare:
        with world.trusting().wrap_socket(bare, server_hostname="127.0.0.1", suppress_ragged_eofs=False) as one:
            one.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            heard = b""
            try:
                while more := one.recv(65536):
                    heard += more
                check(heard.startswith(b"HTTP/1.1 200"), "a connection that ends, ends by close_notify")
            except ssl.SSLEOFError:
                check(False, "a connection that ends, ends by close_notify")


def idle_end(world):
    with world.daemon("", "--web.idle-timeout=1s") as daemon:
        with socket.create_connection(("127.0.0.1", daemon.port), timeout=30) as bare:
            with world.trusting().wrap_socket(bare, server_hostname="127.0.0.1", suppress_ragged_eofs=False) as one:
                one.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n")
                heard, cut = b"", False
                try:
                    while more := one.recv(4096):
                        heard += more
                except ssl.SSLEOFError:
                    cut = True
    check(heard.startswith(b"HTTP/1.1 200") and not cut, "a connection whose time is over ends by close_notify")


def slow(world, daemon):
    """Handshakes that do not go on end by themselves, and hold up nobody."""
    before = daemon.rested()
    mute = [socket.create_connection(("127.0.0.1", daemon.port), timeout=40) for _ in range(40)]
    for one in mute[20:]:
        one.sendall(b"\x16\x03\x01\x02\x00\x01")
    start = time.monotonic()
    seconds = [web.get(daemon.port, tls=world.trusting()).seconds for _ in range(5)]
    check(statistics.median(seconds) < 1, f"with 40 of them, a scrape takes {statistics.median(seconds):.3f} s")
    for one in mute:
        with contextlib.suppress(ConnectionResetError):
            one.recv(1)
        one.close()
    check(time.monotonic() - start < 30, f"they are gone after {time.monotonic() - start:.1f} s")
    check(daemon.is_no_larger(before), "and nothing is left of them")


def shake(world, port, ending, done):
    """In a process of its own, whose threads do not take the scraper's turns."""
    def again():
        tls = world.trusting()
        while not ending.is_set():
            with contextlib.suppress(OSError):
                web.get(port, "/-/healthy", tls)
                with done.get_lock():
                    done.value += 1
    threads = [threading.Thread(target=again, daemon=True) for _ in range(30)]
    for one in threads:
        one.start()
    ending.wait()


def flood(world, daemon):
    """New handshakes as fast as they go; who is connected is served between them."""
    fork = multiprocessing.get_context("fork")
    ending, done = fork.Event(), fork.Value("i", 0)
    with web.Client(daemon.port, world.trusting()) as kept:
        kept.get()
        others = fork.Process(target=shake, args=(world, daemon.port, ending, done))
        others.start()
        seconds = [kept.get().seconds for _ in range(30) if not time.sleep(0.1)]
        ending.set()
        others.join(30)
    check(done.value > 30, f"{done.value} handshakes")
    check(statistics.median(seconds) < 1 and max(seconds) < 10,
          f"a scrape meanwhile: {statistics.median(seconds):.3f} s, slowest {max(seconds):.3f} s")


def memory(world, daemon):
    fresh = own_kib(daemon.pid)
    for _ in range(20):
        with web.Client(daemon.port, world.trusting()) as client:
            for _ in range(50):
                client.get(Accept_Encoding="gzip")
    after = own_kib(daemon.pid)
    check(after <= fresh + 8 * 1024, f"{after} KiB of memory after 1,000 scrapes (fresh {fresh})")


def modes(world):
    mutual = f"  client_auth_type: {{}}\n  client_ca_file: {world.authority.path}\n"
    for mode, expected in MODES.items():
        more = mutual.format(mode) if mode != "NoClientCert" else ""
        with world.daemon(more) as daemon:
            got = tuple(not web.refused(daemon.port, world.trusting(certificate=one))
                        for one in (None, world.client, world.stranger))
            check(got == expected, f"{mode}: without, good and strange certificates {got}")


def names(world):
    mutual = f"  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: {world.authority.path}\n"
    for name, expected in {"scraper.example": True, "a@example.org": True, "10.1.2.3": True, "spiffe://x/y": True,
                           "other.example": False, "*.example": False}.items():
        with world.daemon(mutual + f"  client_allowed_sans: ['{name}', nobody]\n") as daemon:
            welcome = not web.refused(daemon.port, world.trusting(certificate=world.client))
            check(welcome == expected, f"a client's name {name}: {'welcome' if welcome else 'refused'}")
    with world.daemon(mutual + "  client_allowed_sans: []\n") as daemon:
        check(web.refused(daemon.port, world.trusting(certificate=world.client)), "an empty list of names lets nobody in")


def certificate_or_password(world):
    users = f"basic_auth_users:\n  alice: {bcrypt('open', 4)}\n"
    authority = f"  client_ca_file: {world.authority.path}\n"
    with world.daemon(f"  client_auth_type: VerifyClientCertIfGiven\n{authority}{users}") as daemon:
        port = daemon.port
        check(web.get(port, tls=world.trusting()).status == 401, "neither certificate nor password: 401")
        check(web.get(port, tls=world.trusting(), Authorization=basic("alice", "open")).status == 200, "a password: 200")
        check(web.get(port, tls=world.trusting(certificate=world.client)).status == 200, "a verified certificate: 200")
    with world.daemon(f"  client_auth_type: RequireAnyClientCert\n{users}") as daemon:
        certified = world.trusting(certificate=world.stranger)
        check(web.get(daemon.port, tls=certified).status == 401, "one that nobody has verified counts for nothing: 401")


def serial(port):
    return ssl.get_server_certificate(("127.0.0.1", port))


def renewal(world):
    """Certificates are renewed under load, key and certificate one after the other, and no connection is lost."""
    faults, count, ending = [], [], threading.Event()
    with world.daemon() as daemon:
        def scrape():
            while not ending.is_set():
                try:
                    count.append(web.get(daemon.port, "/-/healthy", world.trusting()).status)
                except OSError as fault:
                    faults.append(fault)
        threads = [threading.Thread(target=scrape, daemon=True) for _ in range(4)]
        with web.Client(daemon.port, world.trusting()) as kept:
            kept.get()
            bare = kept.connection.sock
            for one in threads:
                one.start()
            for number in range(3):
                before = serial(daemon.port)
                fresh = world.authority.issue(f"renewed{number}")
                os.replace(fresh + ".pem", world.server + ".pem")
                time.sleep(0.3)
                os.replace(fresh + ".key", world.server + ".key")
                check(comes(lambda: serial(daemon.port) != before, 15), "the renewed certificate is served")
                check(kept.get().status == 200 and kept.connection.sock is bare, "who is connected stays so")
            ending.set()
            for one in threads:
                one.join(30)
        check(not faults and set(count) == {200}, f"all of {len(count)} connections meanwhile were served {faults[:3]}")
        os.truncate(world.server + ".key", 0)
        time.sleep(1.2)
        check(comes(lambda: "the last good one stays" in (serial(daemon.port) and daemon.said()), 10), "an empty key is told")
        check(web.get(daemon.port, tls=world.trusting()).status == 200, "and the last good one stays")


def scenario():
    with web.folder() as folder:
        world = World(folder)
        with world.daemon() as daemon:
            if not sanitized(daemon.pid):  # which keep what was freed, and take their time over a handshake
                memory(world, daemon)
                flood(world, daemon)
            versions_and_ciphers(world, daemon)
            resumes(world, daemon)
            plain_and_cut(world, daemon)
            half_close(world, daemon)
            slow(world, daemon)
        idle_end(world)
        modes(world)
        names(world)
        certificate_or_password(world)
        renewal(world)


run_test(scenario)
