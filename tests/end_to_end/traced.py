"""What system calls a daemon makes meanwhile, as strace tells them."""
import shutil
import subprocess
import tempfile

from vitald import comes, fields


def tracer_of(pid):
    return int(fields(f"/proc/{pid}/status")["TracerPid"])


def traced(daemon, calls, meanwhile):
    """The text of strace for these calls while `meanwhile()` runs; None where there is no strace, or it may not attach."""
    if not shutil.which("strace"):
        return None
    with tempfile.NamedTemporaryFile(mode="r") as log:
        tracer = subprocess.Popen(["strace", "-f", "-y", "-e", f"trace={calls}", "-o", log.name, "-p", str(daemon.pid)],
                                  stderr=subprocess.DEVNULL)
        try:
            if not comes(lambda: tracer_of(daemon.pid) or tracer.poll() is not None, 5) or tracer.poll() is not None:
                return None
            meanwhile()
        finally:
            tracer.terminate()
            tracer.wait(10)
        return log.read()
