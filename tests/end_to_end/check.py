#!/usr/bin/env python3
"""vitald check: as whom it runs, what that loses, and what would give it.

Usage: check.py VITALD
"""
import json
import os
import shutil
import subprocess
import tempfile

import vitald
from vitald import check, run_test


def asked(*flags, program=None, prefix=()):
    done = subprocess.run([*prefix, program or vitald.program, "check", *flags], capture_output=True, text=True,
                          timeout=60, cwd="/")
    return done.returncode, done.stdout, done.stderr


def told(*flags, **how):
    """Status, the JSON, and its collectors by name."""
    code, out, err = asked("--json", *flags, **how)
    report = json.loads(out) if out else {}
    check(err == "", f"nothing on stderr {err!r}")
    return code, report, {each["name"]: each for each in report.get("collectors", [])}


def here():
    code, report, by_name = told()
    check(code == (1 if report["lost"] else 0), f"status {code} says whether something is lost")
    check(report["user"]["uid"] == os.geteuid(), "it says as whom it runs")
    check(by_name["loadavg"]["state"] == "ok" and by_name["meminfo"]["state"] == "ok" and "systemd" in report["off"],
          f"{len(by_name)} collectors are on, each with its state")
    check(all(not each["fault"] for each in by_name.values() if each["state"] in ("ok", "absent")),
          "hardware that is not there is no fault")
    code, text, _ = asked()
    check(all(name in text for name in by_name) and text.endswith("is lost\n"), "the text has them all")
    check(asked("--help")[0] == 0, "--help")


def configured(folder):
    file = os.path.join(folder, "v.yaml")
    with open(file, "w") as out:
        out.write("collector: {disable-defaults: true, uname: true}\n")
    _, _, by_name = told(f"--config.file={file}", "--collector.loadavg")
    check(set(by_name) == {"uname", "loadavg"}, "it takes the daemon's file and flags")
    with open(file, "w") as out:
        out.write("nonsense: 1\n")
    code, _, err = asked(f"--config.file={file}")
    check(code == 78 and "unknown key nonsense" in err, f"a wrong file: {code}")
    code, _, err = asked("--nonsense")
    check(code == 64 and "--nonsense" in err, f"a wrong flag: {code}")
    code, report, by_name = told("--collector.disable-defaults", "--collector.drbd")
    check(code == 1 and by_name["drbd"]["state"] == "unsupported", "a collector that is not in this build is lost")


def refused(folder):
    """Counters that are root's, asked for by nobody."""
    if os.geteuid() != 0:
        return print("     not root: nobody to become")
    zone = os.path.join(folder, "sys/class/powercap/intel-rapl:0")
    os.makedirs(zone)
    for name, text, mode in (("name", "package-0\n", 0o444), ("energy_uj", "1\n", 0o400), ("max_energy_range_uj", "9\n", 0o444)):
        path = os.path.join(zone, name)
        with open(path, "w") as out:
            out.write(text)
        os.chmod(path, mode)
    program = shutil.copy(vitald.program, folder)
    for path, folders, _ in os.walk(folder):
        os.chmod(path, 0o755)
    flags = ("--collector.disable-defaults", "--collector.rapl", f"--path.sysfs={folder}/sys")
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--bounding-set=-all")
    code, report, by_name = told(*flags, program=program, prefix=nobody)
    rapl = by_name.get("rapl", {})
    check(code == 1 and rapl.get("state") == "permission" and "CAP_DAC_READ_SEARCH" in rapl["missing_capabilities"],
          f"a refusal names what is missing: {rapl}")
    check("AmbientCapabilities=CAP_DAC_READ_SEARCH" in report["unit"], f"and the unit's line: {report['unit']}")
    check(report["user"]["uid"] == 65534 and report["user"]["capabilities"] == [] and report["user"]["no_new_privileges"],
          "it says as whom")
    one = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+dac_read_search",
           "--ambient-caps=+dac_read_search")
    _, report, by_name = told(*flags, program=program, prefix=one)
    check(by_name["rapl"]["state"] == "ok", f"with that line it works: {by_name['rapl']}")


def hidden(folder):
    """As nobody, in name spaces where /proc is mounted as sandboxes mount it."""
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "-p", "-f", "true"], capture_output=True).returncode != 0:
        return print("     no name spaces of our own")
    program = shutil.copy(vitald.program, folder)
    os.chmod(folder, 0o755)
    for option, line in (("hidepid=2", "ProtectProc=default"), ("subset=pid", "ProcSubset=all")):
        prefix = ("unshare", "-m", "-p", "-f", "sh", "-c",
                  f'mount -t proc -o {option} proc /proc && setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; exit $?',
                  "sh")
        code, report, _ = told(program=program, prefix=prefix)
        lines = [each.get("unit") for each in report.get("surroundings", [])]
        check(code == 1 and line in lines and line in report["unit"], f"/proc with {option}: {line} would show it: {lines}")


def scenario():
    here()
    for part in (configured, refused, hidden):
        print("----", part.__name__)
        with tempfile.TemporaryDirectory(prefix="vitald.check.") as folder:
            part(folder)


run_test(scenario)
