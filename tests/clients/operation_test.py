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
