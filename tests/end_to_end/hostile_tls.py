#!/usr/bin/env python3
"""What strangers may do to the port (strangers.py), by TLS, and what they may do with handshakes.

Usage: hostile_tls.py VITALD
"""
import resource

import strangers
import web
from strangers import Unharmed
from vitald import Daemon, check, run_test

CONFIG = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"


class SecureDaemon(Daemon):
    """Whose tests all speak TLS."""

    def __init__(self, folder, *flags):
        self.tls = web.context()
        super().__init__(f"--web.config.file={folder}/web.yml", *flags, allow=["web configuration"])

    def get(self, path="/metrics", **more):
        return web.get(self.port, path, self.tls, **more)


def cases(folder):
    with SecureDaemon(folder) as daemon:
        pid = daemon.pid
        strangers.idle_crowd(daemon, 500, most_bytes=1 << 16)  # OpenSSL's first connections cost more
        for case, *more in ((strangers.framing,), (strangers.right_ones,), (strangers.errors,),
                            (strangers.resets, 500), (strangers.leavers,), (strangers.greedy,)):
            with Unharmed(daemon, case.__name__.replace("_", " ")):
                case(daemon, *more)
        with Unharmed(daemon, "stopped", canary=False):
            strangers.stopped(daemon)
        with Unharmed(daemon, "idle crowd"):
            strangers.idle_crowd(daemon, 1000, most_bytes=1 << 16)
        check(daemon.pid == pid, "it is the same process")
    times = ("--web.handshake-timeout=2s", "--web.header-timeout=2s", "--web.write-timeout=3s")
    with SecureDaemon(folder, *times) as daemon:
        for case in (strangers.slow_handshakes, strangers.slow_ones):
            with Unharmed(daemon, case.__name__.replace("_", " ")):
                case(daemon)


def scenario():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with web.folder() as folder:
        web.Authority(folder).issue("server")
        web.put(f"{folder}/web.yml", CONFIG)
        cases(folder)


run_test(scenario)
