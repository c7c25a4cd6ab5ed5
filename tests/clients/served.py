"""A `tastevin serve` process on free ports, for the tests of this folder."""

import http.client
import json
import os
import re
import signal
import subprocess
import threading
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin"))
SST2 = ROOT / "models" / "sst2-tiny"
TINY = ROOT / "tests" / "golden" / "tiny"
READY = re.compile(r"tastevin: serving .* at https?://[\d.]+:(\d+)(?: and gRPC at [\d.]+:(\d+))?")
PATIENCE_S = 60  # for what takes a second on an idle machine


class Reply:
    """An HTTP answer that has been read."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Server:
    """Runs until `stop`, which expects that SIGTERM ends it with 0."""

    def __init__(self, *flags, environment=None):
        ports = [] if "--port" in flags else ["--port", "0"]
        ports += [] if "--no-grpc" in flags else ["--grpc-port", "0"]
        self.process = subprocess.Popen([BINARY, "serve", *ports, *map(str, flags)],
                                        stderr=subprocess.PIPE, text=True, env=os.environ | (environment or {}))
        self.lines = []
        self.ready = threading.Event()
        self.port = self.grpc_port = None
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if not self.ready.wait(PATIENCE_S) or self.port is None:
            self.process.kill()
            raise AssertionError("the server did not come up: " + "".join(self.lines))

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            found = READY.match(line)
            if found:
                self.port = int(found[1])
                self.grpc_port = int(found[2]) if found[2] else None
                self.ready.set()
        self.ready.set()

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
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError("the server did not end at SIGTERM: " + "".join(self.lines)) from None
        self.reader.join(PATIENCE_S)
        self.process.stderr.close()
        if code != 0:
            raise AssertionError(f"the server ended with {code}: " + "".join(self.lines))


def run_to_end(*command):
    """The exit code of a program, and what it said on standard error."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    return done.returncode, done.stderr


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
