"""What each target, the floor too, costs a second while Debian's Prometheus scrapes it every second, with gzip."""
import subprocess
import tempfile
import time

from target import HOST, free_port, spent

SETTINGS = """
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
"""
JOB = """  - job_name: '{name}'
    static_configs: [{{targets: ['{host}:{port}']}}]
"""


def cpu_a_second(program, targets, seconds):
    """{name: ms of CPU a second}; the first seconds, in which Prometheus starts and connects, do not count."""
    with tempfile.TemporaryDirectory(prefix="vitald.bench.") as folder:
        with open(f"{folder}/prometheus.yml", "w") as file:
            file.write(SETTINGS + "".join(JOB.format(name=t.name, host=HOST, port=t.port) for t in targets))
        log = open(f"{folder}/log", "w+")
        server = subprocess.Popen(
            [program, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address={HOST}:{free_port()}", "--log.level=error"], stdout=log, stderr=log)
        try:
            time.sleep(5)
            before = {t.name: (time.monotonic(), t.cpu()) for t in targets}
            time.sleep(seconds)
            if server.poll() is not None:
                log.seek(0)
                raise RuntimeError(f"Prometheus ended with {server.returncode}: {log.read()[-500:]}")
            return {t.name: spent(before[t.name][1], t.cpu())[0] / 1e6 / (time.monotonic() - before[t.name][0])
                    for t in targets}
        finally:
            server.terminate()
            server.wait(20)
