#!/usr/bin/env python3
"""vitald check in units of a real systemd: the hardened one loses nothing, and each option that hides something is named.

Usage: check_unit.py VITALD
As root. Ends with 77 where no machine can be booted (systemd-nspawn, mmdebstrap).
"""
import json

import vitald
from machine import Machine, source
from vitald import check, run_test, with_own_mounts

# Of the unit, what is no sandbox.
OTHER = ("Type", "NotifyAccess", "WatchdogSec", "EnvironmentFile", "Exec", "Sockets", "User", "Group", "RuntimeDir",
         "Restart", "Kill", "Timeout", "StateDir")


def hardened():
    """The sandbox of the unit, as options of systemd-run."""
    lines = open(f"{source}/systemd/vitald.service").read().split("[Service]")[1].split("[Install]")[0].splitlines()
    wanted = [line for line in lines if "=" in line and not line.startswith(("#", *OTHER))]
    return [option for line in wanted for option in ("-p", line)]


def asked(machine, *options):
    """Its status and report, as a service with these options."""
    done = machine.run("systemd-run", "--quiet", "--wait", "--pipe", "-p", "User=nobody", *options, "/usr/bin/vitald",
                       "check", "--json")
    return done.returncode, json.loads(done.stdout) if done.stdout else {"unit": [], "error": done.stderr}


def told(machine, *options):
    return asked(machine, *hardened(), *(word for option in options for word in ("-p", option)))


def loses_nothing(machine):
    code, report = told(machine)
    faults = [each for each in report["collectors"] + report["surroundings"] if each["fault"]]
    check(code == 0 and not faults and not report["unit"], f"the hardened unit loses nothing {faults}")
    check(report["user"]["name"] == "nobody" and report["user"]["capabilities"] == [] and
          report["user"]["no_new_privileges"] and report["user"]["system_calls_filtered"] and
          report["in_unit"].endswith(".service"), f"and it says as whom it runs, and where: {report['user']}")


def names(machine, line, *options):
    code, report = told(machine, *options)
    check(code == 1 and line in report["unit"], f"{' '.join(options)}: {line} would mend it {report['unit']}")


def scenario(folder):
    with Machine(folder, {"/usr/bin/vitald": vitald.program}, [vitald.program]) as machine:
        machine.run("mkdir", "-p", "/home/mounted")
        machine.run("mount", "-t", "tmpfs", "tmpfs", "/home/mounted")
        loses_nothing(machine)
        names(machine, "ProcSubset=all", "ProcSubset=pid")
        names(machine, "ProtectProc=default", "ProtectProc=invisible")
        names(machine, "ProtectHome=read-only", "ProtectHome=yes")
        names(machine, "ProtectClock=no", "ProtectClock=yes")
        names(machine, "RestrictAddressFamilies=AF_NETLINK", "RestrictAddressFamilies=", "RestrictAddressFamilies=AF_UNIX")
        _, report = told(machine, "PrivateNetwork=yes")
        lines = [each.get("unit") for each in report["surroundings"]]
        check("PrivateNetwork=no" in lines, f"PrivateNetwork=yes is seen {lines}")


run_test(lambda: with_own_mounts(scenario))
