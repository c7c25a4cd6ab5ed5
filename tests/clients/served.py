"""A `tastevin serve` process on free ports, for the tests of this folder."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from serving import PATIENCE_S, Serving

BINARY = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin"))
SST2 = ROOT / "models" / "sst2-tiny"
TINY = ROOT / "tests" / "golden" / "tiny"


class Reply:
    """An HTTP answer that has been read."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Server(Serving):
    """Runs until `stop`, which expects that SIGTERM ends it with 0."""

    def __init__(self, *flags, environment=None):
        ports = [] if "--port" in flags else ["--port", "0"]
        ports += [] if "--no-grpc" in flags else ["--grpc-port", "0"]
        super().__init__([BINARY, "serve", *ports, *flags], env=os.environ | (environment or {}))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, headers or {})
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)

    def post(self, path, body, headers=None):
        content = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.ask("POST", path, content, {"Content-Type": "application/json"} | (headers or {}))

    def stop(self):
        code = super().stop()
        if code != 0:
            raise AssertionError(f"the server ended with {code}: " + "".join(self.lines))
        return code


def run_to_end(*command):
    """The exit code of a program, and what it said on standard error."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    return done.returncode, done.stderr


@contextlib.contextmanager
def explaining(server, timeout=""):
    """A connection on which an explanation was asked for that takes very long."""
    body = json.dumps({"inputs": [f"{number} a good film" for number in range(15)] + ["a good film " * 500]}).encode()
    head = f"POST /v1/explain HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{timeout}\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as connection:
        connection.sendall(head.encode() + body)
        for _ in range(2):  # the first may be read before that body is
            server.get("/v2/health/live")
        yield connection


class ServedTest(unittest.TestCase):
    """Tests that share one server, started with `flags`."""

    flags = ("--model", f"sst2={SST2}")

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.flags)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def post_ok(self, path, body, headers=None):
        reply = self.server.post(path, body, headers)
        self.assertEqual(reply.status, 200, reply.body[:500])
        return reply.json()
