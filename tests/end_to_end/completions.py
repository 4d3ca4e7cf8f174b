#!/usr/bin/env python3
"""What shells propose for vitald's flags, by the shells that are here; and what cmake --install puts where.

Usage: completions.py SOURCE BUILD
"""
import os
import shutil
import subprocess
import sys
import tempfile

from vitald import check, run_test

source, build = sys.argv[1:3]
folder = os.path.join(source, "config/completions")


def proposed(*words):
    """What bash proposes for the last word; "=" is a word of its own, as with readline."""
    script = f'. {folder}/vitald.bash; compopt() {{ :; }}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vitald; ' \
             'printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True)
    check(done.stderr == "", f"bash is content with {words} {done.stderr}")
    return done.stdout.split()


def bash():
    check(proposed("vitald", "--collector.cpu.g") == ["--collector.cpu.guest"], "bash completes a flag")
    check(proposed("vitald", "--no-collector.loada") == ["--no-collector.loadavg"], "and what switches off")
    check(proposed("vitald", "--web.fresh") == ["--web.freshness="], "and one that takes a value")
    check(proposed("vitald", "--log.level", "=", "d") == ["debug"], "and a value")
    check(set(proposed("vitald", "--log.format", "=")) == {"logfmt", "json"}, "and tells all of them")
    check(proposed("vitald", "--path.procfs", "=", "/pro") == ["/proc"], "and a folder")
    check(proposed("vitald", "--config.file", "=", f"{folder}/_vi") == [f"{folder}/_vitald"], "and a file")
    check(set(proposed("vitald", "")) >= {"check", "diff"}, "and the commands")


def others():
    for shell, file in (("zsh", "_vitald"), ("fish", "vitald.fish")):
        if not shutil.which(shell):
            print(f"     no {shell} here")
            continue
        done = subprocess.run([shell, "-n", os.path.join(folder, file)], capture_output=True, text=True)
        check(done.returncode == 0 and done.stderr == "", f"{shell} reads its file {done.stderr}")


def manual():
    if not shutil.which("groff"):
        return print("     no groff here")
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-cbu", f"{source}/docs/vitald.8"], capture_output=True, text=True)
    check(done.returncode == 0 and done.stderr == "", f"groff has nothing to say of the manual {done.stderr}")
    check("EXIT STATUS" in done.stdout, "it is set whole")


def installed():
    with tempfile.TemporaryDirectory(prefix="vitald.install.") as root:
        done = subprocess.run(["cmake", "--install", build, "--prefix", "/usr"], capture_output=True, text=True,
                              env={**os.environ, "DESTDIR": root})
        check(done.returncode == 0, f"cmake --install {done.stderr}")
        for path in ("bin/vitald", "share/man/man8/vitald.8", "share/bash-completion/completions/vitald",
                     "share/zsh/vendor-completions/_vitald", "share/fish/vendor_completions.d/vitald.fish"):
            check(os.path.isfile(f"{root}/usr/{path}"), f"/usr/{path} is there")


def scenario():
    for part in (bash, others, manual, installed):
        part()


run_test(scenario, arguments=2)
