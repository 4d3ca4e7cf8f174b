#!/usr/bin/env python3
"""OpenMetrics 1.0.0 for those who ask for it: taken by Python's strict parser, and the same samples as in the text format.

Usage: openmetrics.py VITALD
"""
import os
import re
import time
import shutil
import sys
import tempfile

from vitald import Daemon, check, run_test, skip

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's packages, also for another python3 than Debian's
try:
    from prometheus_client.openmetrics import parser as strict
except ImportError:
    skip("python3-prometheus-client is not there (scripts/setup test)")

TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT = "text/plain; version=0.0.4; charset=utf-8"
ASKING = {
    "Prometheus 2.42": ("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", TYPE),
    "Prometheus 3": ("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                     "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;"
                     "escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", TYPE),
    "Prometheus 2.5": ("application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", TEXT),
    "curl": ("*/*", TEXT),
    "a browser": ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", TEXT),
    "nobody in particular": ("", TEXT),
}
FILES = {
    "counter.prom": "# TYPE jobs_total counter\njobs_total{x=\"a\"} 3\n# TYPE runs counter\nruns 1\n",
    "clash.prom": "# TYPE jobs gauge\njobs 1\n# TYPE node_cpu_seconds gauge\nnode_cpu_seconds 1\n",
    "histogram.prom": "# HELP h With a \"quote\" and \\\\ a backslash.\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\n"
                      "h_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n",
    "odd.prom": "# TYPE o histogram\no_bucket{le=\"1\"} 1\n# TYPE s summary\ns{quantile=\"0.5\"} 1\ns_sum 1\ns_count 1\n",
}
STRICT = "application/openmetrics-text"


def negotiated(daemon):
    for who, (accept, wanted) in ASKING.items():
        reply = daemon.get(Accept=accept)
        check(reply.headers["Content-Type"] == wanted, f"{who} gets {wanted.split(';')[0]}")
        check("Accept" in re.split(r",\s*", reply.headers["Vary"]), "and is told that it depends on Accept")
    packed = daemon.get(Accept=STRICT, Accept_Encoding="gzip")
    check(packed.headers["Content-Encoding"] == "gzip" and packed.text().endswith("# EOF\n"), "compressed if wanted")


def as_before_where_series_would_change(daemon):
    """Prometheus takes both formats; node_exporter knows but text, so what OpenMetrics would rename is told as text."""
    accept, _ = ASKING["Prometheus 2.42"]
    reply = daemon.get(Accept=accept)
    check(reply.headers["Content-Type"] == TEXT, "who takes both gets text files' histograms as text")
    check('le="1"' in reply.text() and 'le="1.0"' not in reply.text(), "with their bounds as they are written")
    check(daemon.get(Accept=STRICT).headers["Content-Type"] == TYPE, "who takes OpenMetrics alone gets it")


def taken_by_strict_parser(text):
    try:
        families = list(strict.text_string_to_metric_families(text))
    except ValueError as fault:
        check(False, f"Python's strict parser takes the page: {fault}")
        return []
    check(len(families) > 100, f"Python's strict parser takes the page, {len(families)} families")
    return families


def types(families):
    kinds = {family.name: family.type for family in families}
    for name, kind in {"node_cpu_seconds": "counter", "node_load1": "gauge", "jobs": "gauge", "jobs_total": "unknown",
                       "runs": "unknown", "h": "histogram", "o_bucket": "unknown", "s": "summary"}.items():
        check(kinds.get(name) == kind, f"{name} is of the type {kind} ({kinds.get(name)})")
    units = {family.name: family.unit for family in families}
    check(units.get("node_cpu_seconds") == "seconds" and units.get("node_load1") == "", "units are told by the names")


def series(page):
    """But for bounds, which OpenMetrics spells in its own way."""
    return {line.rsplit(" ", 1)[0] for line in page.splitlines() if line and line[0] != "#" and "le=" not in line}


def same_series(daemon):
    time.sleep(2.1)  # past --web.freshness: both are of one view then
    text, strictly = series(daemon.get().text()), series(daemon.get(Accept=STRICT).text())
    clashing = {"node_cpu_seconds"}  # of a file, beside our own counter node_cpu_seconds_total
    check(text - strictly == clashing, f"a family that clashes with a counter is left out, no other {sorted(text - strictly)[:8]}")
    check(not strictly - text, f"nothing is in OpenMetrics alone {sorted(strictly - text)[:8]}")


def scenario():
    folder = tempfile.mkdtemp(prefix="vitald.openmetrics.")
    try:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        with Daemon("--collector.textfile.directory=") as daemon:
            negotiated(daemon)
        with Daemon(f"--collector.textfile.directory={folder}", "--web.freshness=2s") as daemon:
            as_before_where_series_would_change(daemon)
            families = taken_by_strict_parser(daemon.get(Accept=STRICT).text())
            types(families)
            same_series(daemon)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


run_test(scenario)
