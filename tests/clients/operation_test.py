"""What those who run a server rely on: its settings, its end, its log, its figures, and health whatever it reads."""

import contextlib
import http.client
import json
import re
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

import grpc
from served import BINARY, PATIENCE_S, SST2, ServedTest, Server, run_to_end
from tritonclient.grpc import service_pb2, service_pb2_grpc

MB = 1 << 20


class Settings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "tastevin.conf"

    def limits(self, *flags, **environment):
        server = Server(*flags, environment=environment)
        self.addCleanup(server.stop)
        info = server.get("/info").json()
        return info["model_id"], info["max_client_batch_size"], info["max_batch_tokens"]

    def test_come_from_a_file(self):
        self.file.write_text(f"# ours\nmodel=first={SST2}\nmodel=second={SST2}\nmax-inputs=3\nno-grpc=true\n\nbatch-tokens = 77\n")
        self.assertEqual(self.limits("--config", self.file), ("first", 3, 77))

    def test_come_from_the_environment(self):
        found = self.limits(TASTEVIN_MODEL=f"named={SST2}", TASTEVIN_MAX_INPUTS="4", TASTEVIN_BATCH_TOKENS="88",
                            TASTEVIN_NO_GRPC="true")
        self.assertEqual(found, ("named", 4, 88))

    def test_of_the_command_line_come_first_and_those_of_the_environment_next(self):
        self.file.write_text("max-inputs=3\nbatch-tokens=77\n")
        found = self.limits("--model", f"sst2={SST2}", "--max-inputs", 5, TASTEVIN_CONFIG=str(self.file), TASTEVIN_MAX_INPUTS="4",
                            TASTEVIN_BATCH_TOKENS="88")
        self.assertEqual(found, ("sst2", 5, 88))

    def test_that_are_wrong_end_the_start_and_are_named(self):
        for line, named in (("max-inptus=3", "max-inptus"), ("max-inputs=many", "max-inputs = many"), ("max-inputs=-1", "-1"),
                            ("no-grpc=perhaps", "perhaps"), ("[serve]\nport=1", "serve"), ("config=other", "config"),
                            ("help=true", "help")):
            self.file.write_text(line + "\n")
            code, errors = run_to_end(BINARY, "serve", "--config", self.file, "--port", 0, "--grpc-port", 0)
            self.assertEqual(code, 2, errors)
            self.assertIn(named, errors)
            self.assertIn(self.file.name, errors)
        code, errors = run_to_end(BINARY, "serve", "--config", self.file.with_name("none"))
        self.assertEqual(code, 3, errors)


class LargeBodies(ServedTest):
    """Bodies as large as the default lets them be, of the forms that take longest to read, while health is asked for."""

    flags = ("--model", f"sst2={SST2}", "--no-grpc")
    LATEST_S = 0.1

    @staticmethod
    def bodies():
        room = 8 * MB - 100
        yield "/v1/classify", 413, b'{"inputs":[' + b'"",' * (room // 3 - 1) + b'""]}'
        yield "/v1/classify", 413, b'{"inputs":[' + b'{"text":""},' * (room // 12 - 1) + b'""]}'
        yield "/v1/classify", 400, b'{"inputs":' + b"[[0]," * 3 + b"[" + b"0," * (room // 2 - 20) + b"0"
        yield "/predict", 422, b'{"inputs":[' + b'["a"],' * (room // 6 - 1) + b'["a"]]}'
        yield "/v1/classify", 200, json.dumps({"inputs": ["\u00fc" * (room // 6 // 8)] * 8}).encode()
        yield "/v2/models/sst2/infer", 400, (b'{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":['
                                             + b'"",' * (room // 3 - 30) + b'""]}]}')
        yield "/classify", 413, b'{"input":[' + b'"",' * (room // 3 - 1) + b'""]}'
        yield "/", 413, b'{"inputs":[' + b'"",' * (room // 3 - 1) + b'""]}'
        yield "/tokenize", 422, b'{"inputs":[' + b'"",' * (room // 3 - 1) + b'""]}'

    def test_do_not_keep_health_waiting(self):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_S)) as watching:
            for path, status, body in self.bodies():
                with self.subTest(path=path, body=body[:40]):
                    replies = []
                    asking = threading.Thread(target=lambda: replies.append(self.server.post(path, body)))
                    asking.start()
                    slowest, looks = 0.0, 0
                    while asking.is_alive():
                        began = time.monotonic()
                        watching.request("GET", "/v2/health/live")
                        self.assertEqual(watching.getresponse().read(), b'{"live":true}')
                        slowest, looks = max(slowest, time.monotonic() - began), looks + 1
                    asking.join()
                    self.assertEqual(replies[0].status, status, replies[0].body[:200])
                    self.assertLess(slowest, self.LATEST_S, f"of {looks}")


if __name__ == "__main__":
    unittest.main()
