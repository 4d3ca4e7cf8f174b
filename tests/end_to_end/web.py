"""What the tests of TLS and passwords share: certificates made by openssl, bcrypt hashes, and requests by TLS."""
import base64
import contextlib
import ctypes
import ctypes.util
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time

from vitald import Reply, skip


@contextlib.contextmanager
def folder():
    path = tempfile.mkdtemp(prefix="vitald.web.")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def put(path, text):
    """As editors do: beside it, then in its place."""
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)


# ---- certificates
def openssl(*arguments):
    if not shutil.which("openssl"):
        skip("openssl is not there (scripts/setup test)")
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Authority:
    """A certificate authority in a folder; makes NAME.pem and NAME.key there."""

    def __init__(self, where, name="ca"):
        self.where, self.name = where, name
        self.path = f"{where}/{name}.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", f"{where}/{name}.key", "-out", self.path)

    def issue(self, name, sans="DNS:localhost,IP:127.0.0.1", kind="ec"):
        base = f"{self.where}/{name}"
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ec" else ["-newkey", "rsa:2048"]
        openssl("req", *key, "-nodes", "-subj", f"/CN={name}", "-keyout", f"{base}.key", "-out", f"{base}.csr")
        with open(f"{base}.ext", "w") as file:
            file.write(f"subjectAltName={sans}\n")
        openssl("x509", "-req", "-in", f"{base}.csr", "-CA", self.path, "-CAkey", f"{self.where}/{self.name}.key",
                "-CAcreateserial", "-days", "2", "-extfile", f"{base}.ext", "-out", f"{base}.pem")
        return base


# ---- passwords
def bcrypt(password, cost=10):
    library = ctypes.CDLL(ctypes.util.find_library("crypt") or "libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    return library.crypt(password.encode(), b"$2y$%02d$abcdefghijklmnopqrstuu" % cost).decode()


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


# ---- requests
def context(authority=None, certificate=None, version=None, ciphers=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    if authority:
        made.load_verify_locations(authority)
        made.verify_mode = ssl.CERT_REQUIRED
        made.check_hostname = True
    if certificate:
        made.load_cert_chain(certificate + ".pem", certificate + ".key")
    if version:
        made.minimum_version = made.maximum_version = version
    if ciphers:
        made.set_ciphers(ciphers)
    return made


class Client:
    """A connection that stays; by TLS if there is a context."""

    def __init__(self, port, tls=None, timeout=15):
        self.connection = (http.client.HTTPSConnection("127.0.0.1", port, timeout=timeout, context=tls) if tls else
                           http.client.HTTPConnection("127.0.0.1", port, timeout=timeout))

    def get(self, path="/metrics", **headers):
        start = time.monotonic()
        self.connection.request("GET", path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        reply = self.connection.getresponse()
        return Reply(reply.status, reply.headers, reply.read(), time.monotonic() - start)

    def close(self):
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def get(port, path="/metrics", tls=None, timeout=15, **headers):
    with Client(port, tls, timeout) as client:
        return client.get(path, **headers)


def refused(port, tls):
    """Whether the server wants nothing of it: by an alert, or by the end of the connection."""
    try:
        get(port, "/-/healthy", tls)
        return False
    except (ssl.SSLError, OSError, http.client.HTTPException):
        return True


def plain(port, said, timeout=20):
    """All that comes for it on a bare connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as one:
        one.sendall(said)
        heard = b""
        with contextlib.suppress(ConnectionResetError):
            while True:
                more = one.recv(65536)
                if not more:
                    break
                heard += more
        return heard
