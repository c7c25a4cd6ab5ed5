"""What those who run a server rely on: its settings, its end, its log, its figures, and health whatever it reads."""

import contextlib
import http.client
import json
import re
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import grpc
from served import BINARY, PATIENCE_S, SST2, ServedTest, Server, explaining, run_to_end
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
        self.file.write_text(f'# ours\nmodel="first={SST2}"\nmodel="second={SST2}"\nmax-inputs=3\nno-grpc=true\n\nbatch-tokens = 77\n')
        self.assertEqual(self.limits("--config", self.file), ("first", 3, 77))

    def test_come_from_the_environment(self):
        found = self.limits(TASTEVIN_MODEL=f"named={SST2}", TASTEVIN_MAX_INPUTS="4", TASTEVIN_BATCH_TOKENS="88",
                            TASTEVIN_NO_GRPC="true")
        self.assertEqual(found, ("named", 4, 88))

    def test_name_several_models_in_one_variable(self):
        server = Server(environment={"TASTEVIN_MODEL": f"first={SST2},second={SST2}", "TASTEVIN_WARM_UP": "false"})
        self.addCleanup(server.stop)
        self.assertEqual([model["id"] for model in server.get("/v1/models").json()["data"]], ["first", "second"])

    def test_of_the_command_line_come_first_and_those_of_the_environment_next(self):
        self.file.write_text("max-inputs=3\nbatch-tokens=77\n")
        found = self.limits("--model", f"sst2={SST2}", "--max-inputs", 5, TASTEVIN_CONFIG=str(self.file), TASTEVIN_MAX_INPUTS="4",
                            TASTEVIN_BATCH_TOKENS="88")
        self.assertEqual(found, ("sst2", 5, 88))

    def test_that_are_wrong_end_the_start_and_are_named(self):
        for line, named in (("max-inptus=3", "max-inptus"), ("max-inputs=-1", "-1"),
                            ("max-inputs=many", "--max-inputs: expected a number, found 'many'"),
                            ("no-grpc=perhaps", "perhaps"),
                            ("port=", "expected a value behind 'port='"), ("[serve]\nport=1", "found '[serve]'"),
                            ("host=::1\nhost=::1", "--host: expected once, found 2 times"),
                            ("access-log=maybe", "expected true or false"), ("config=other", "config"),
                            ("help=true", "help")):
            self.file.write_text(line + "\n")
            code, errors = run_to_end(BINARY, "serve", "--config", self.file, "--port", 0, "--grpc-port", 0)
            self.assertEqual(code, 2, errors)
            self.assertIn(named, errors)
            self.assertIn(self.file.name, errors)
        code, errors = run_to_end(BINARY, "serve", "--config", self.file.with_name("none"))
        self.assertEqual(code, 3, errors)

    # Of a batch of no tokens nothing was ever taken, and the worker span.
    def test_that_would_let_nothing_through_are_refused(self):
        for flag in ("batch-tokens", "max-connections", "max-inputs", "max-body-bytes", "max-text-bytes", "header-timeout",
                     "body-timeout", "idle-timeout"):
            code, errors = run_to_end(BINARY, "serve", f"--{flag}", 0, "--port", 0, "--grpc-port", 0)
            self.assertEqual((code, f"{flag}: expected 1 or more, found 0" in errors), (2, True), errors)
        code, errors = run_to_end(BINARY, "serve", "--max-wait-us", 10**14, "--port", 0, "--grpc-port", 0)
        self.assertEqual((code, "max-wait-us: expected at most" in errors), (2, True), errors)


    def test_of_an_origin_are_what_a_browser_sends(self):
        for origin in ("nonsense", "example.org", "https://", "https://example.org/", "https://a.org,https://b.org",
                       "https://Example.org"):
            code, errors = run_to_end(BINARY, "serve", "--cors-origin", origin, "--port", 0, "--grpc-port", 0)
            self.assertEqual((code, "cors-origin: expected * or an origin" in errors), (2, True), errors)

    def test_bound_the_levels_of_json_and_the_requests_of_a_connection(self):
        server = Server("--model", f"sst2={SST2}", "--no-grpc", "--max-json-depth", 2, "--keep-alive-requests", 2)
        self.addCleanup(server.stop)
        self.assertEqual(server.post("/predict", {"inputs": ["a"]}).status, 200)
        self.assertEqual(server.post("/predict", {"inputs": [["a"]]}).status, 400)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
        self.addCleanup(connection.close)
        ends = []
        for _ in range(3):
            connection.request("GET", "/health")
            reply = connection.getresponse()
            reply.read()
            ends.append(reply.getheader("connection", ""))
        self.assertEqual(ends, ["", "close", ""])


class End(unittest.TestCase):
    """SIGTERM while a request runs that takes seconds."""

    LONG = {"inputs": [[f"{number} " + "word " * 400] for number in range(500)]}  # fewer tokens than a queue takes

    def running(self, grace):
        """A server, the thread that asks it, and where the status of its answer will be."""
        server = Server("--model", f"sst2={SST2}", "--no-grpc", "--grace", grace)
        statuses = []
        asking = threading.Thread(target=lambda: statuses.append(server.post("/predict", self.LONG).status))
        asking.start()
        while 'tastevin_queue_requests{model="sst2"} 1' not in server.get("/metrics").body.decode():
            time.sleep(0.01)
        return server, asking, statuses

    def test_what_runs_is_finished(self):
        server, asking, statuses = self.running(grace=300)
        server.stop()
        asking.join()
        self.assertEqual(statuses, [200])

    def test_what_outlives_the_grace_is_refused(self):
        server, asking, statuses = self.running(grace=0)
        server.stop()
        asking.join()
        self.assertEqual(statuses, [503])

    def test_comes_while_models_load_too(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        models = [flag for number in range(40) for flag in ("--model", f"m{number}={SST2}")]
        process = subprocess.Popen([BINARY, "serve", "--port", str(port), "--grpc-port", "0", *models],
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with contextlib.suppress(ConnectionError), \
                    contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as client:
                client.request("GET", "/v2/health/live")
                if client.getresponse().status == 200:
                    break
        process.terminate()
        errors = process.communicate(timeout=PATIENCE_S)[1]
        self.assertEqual((process.returncode, errors), (0, ""))

    def test_what_runs_apart_ends_within_a_text(self):
        server = Server("--model", f"sst2={SST2}", "--no-grpc", "--grace", 0)
        with explaining(server) as connection:
            began = time.monotonic()
            server.stop()
            self.assertIn(b" 503 ", connection.recv(65536))
        self.assertLess(time.monotonic() - began, 5)  # all of it takes some 20 s

    def test_ready_goes_down_and_nothing_new_is_taken(self):
        server, asking, statuses = self.running(grace=300)
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)) as kept:
            kept.request("GET", "/v2/health/ready")
            self.assertEqual(kept.getresponse().read(), b'{"ready":true}')
            server.process.terminate()
            while server.get("/v2/health/ready").status == 200:  # a probe is told, and not refused a connection
                time.sleep(0.01)
            self.assertEqual(server.post("/predict", {"inputs": "good"}).status, 503)
            kept.request("GET", "/v2/health/ready")
            reply = kept.getresponse()
            self.assertEqual((reply.status, reply.read()), (503, b'{"ready":false}'))
            self.assertEqual(reply.getheader("Connection"), "close")
            self.assertEqual(statuses, [])
        server.stop()
        asking.join()
        self.assertEqual(statuses, [200])


class Log(ServedTest):
    flags = ("--model", f"sst2={SST2}", "--access-log")
    TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    def line_of(self, request_id):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for line in list(self.server.lines):
                if line.startswith("{") and json.loads(line)["id"] == request_id:
                    return json.loads(line)
            time.sleep(0.01)
        self.fail("no line of " + request_id)

    def test_has_a_line_of_json_a_request(self):
        body = b'{"inputs": "a wonderful film"}'
        reply = self.server.post("/v1/classify", body, {"X-Request-Id": "mine-1", "traceparent": self.TRACE})
        line = self.line_of("mine-1")
        self.assertGreater(line.pop("ms"), 0)
        self.assertRegex(line.pop("time"), r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(line, {"id": "mine-1", "method": "POST", "route": "/v1/classify", "status": "200", "bytes_in": len(body),
                                "bytes_out": len(reply.body), "traceparent": self.TRACE})
        self.assertEqual(reply.headers["x-request-id"], "mine-1")

    # Who left, and what never came, was in neither the log nor the metrics.
    def test_has_clients_that_left(self):
        body = json.dumps({"inputs": ["word " * 400 + str(number) for number in range(64)]}).encode()
        with socket.create_connection(("127.0.0.1", self.server.port)) as connection:
            connection.sendall(b"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: gone-1\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.assertEqual(self.line_of("gone-1")["status"], "499")
        self.assertIn('code="499"', self.server.get("/metrics").body.decode())

    def test_has_no_trace_that_is_none(self):
        self.server.get("/v2/health/live", **{"X-Request-Id": "mine-2", "traceparent": "junk"})
        self.assertNotIn("traceparent", self.line_of("mine-2"))

    def test_names_requests_that_have_no_plain_name(self):
        for given in ({}, {"X-Request-Id": 'a "quoted" one'}, {"X-Request-Id": "x" * 65}):
            reply = self.server.post("/v1/classify", {"inputs": 3}, given)
            self.assertRegex(reply.headers["x-request-id"], "^[0-9a-f]{16}$")
            line = self.line_of(reply.headers["x-request-id"])
            self.assertEqual((line["route"], line["status"]), ("/v1/classify", "400"))

    def test_keeps_strange_paths_and_traces_out(self):
        reply = self.server.post("/not/here?%0a", b"", {"traceparent": "a b"})
        line = self.line_of(reply.headers["x-request-id"])
        self.assertEqual((line["route"], line["status"]), ("none", "404"))
        self.assertNotIn("traceparent", line)

    def test_has_what_could_not_be_read(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE_S) as connection:
            connection.sendall(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: large-1\r\nContent-Length: 99999999\r\n\r\n")
            self.assertIn(b" 413 ", connection.recv(65536))
        line = self.line_of("large-1")
        self.assertEqual((line["method"], line["route"], line["status"], line["bytes_in"]), ("POST", "/predict", "413", 0))

    def test_has_the_calls_of_grpc(self):
        with grpc.insecure_channel(f"127.0.0.1:{self.server.grpc_port}") as channel:
            stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
            stub.ServerLive(service_pb2.ServerLiveRequest(), metadata=(("x-request-id", "call-1"), ("traceparent", self.TRACE)))
        line = self.line_of("call-1")
        self.assertEqual((line["method"], line["route"], line["status"], line["traceparent"]),
                         ("gRPC", "inference.GRPCInferenceService/ServerLive", "OK", self.TRACE))


class Overload(ServedTest):
    flags = ("--model", f"sst2={SST2}", "--queue-requests", 0)

    def test_tells_clients_of_http_when_to_come_again(self):
        reply = self.server.post("/v1/classify", {"inputs": "good"})
        self.assertEqual((reply.status, reply.headers["retry-after"]), (429, "1"))

    def test_tells_clients_of_grpc_when_to_come_again(self):
        tensor = service_pb2.ModelInferRequest.InferInputTensor(name="text", datatype="BYTES", shape=[1])
        tensor.contents.bytes_contents.append(b"good")
        with grpc.insecure_channel(f"127.0.0.1:{self.server.grpc_port}") as channel:
            stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
            with self.assertRaises(grpc.RpcError) as raised:
                stub.ModelInfer(service_pb2.ModelInferRequest(model_name="sst2", inputs=[tensor]))
        self.assertEqual(raised.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
        trailing = dict(raised.exception.trailing_metadata())
        self.assertEqual((trailing["retry-after"], trailing["grpc-retry-pushback-ms"]), ("1", "1000"))


class Keys(unittest.TestCase):
    def test_that_are_missing_are_told_to_clients_with_large_bodies_too(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "keys").write_text("secret\n")
            server = Server("--model", f"sst2={SST2}", "--no-grpc", "--api-key-file", Path(folder) / "keys")
        self.addCleanup(server.stop)
        for size in (10, 6 * MB):
            reply = server.post("/v1/classify", b" " * size)
            self.assertEqual((reply.status, reply.headers["www-authenticate"]), (401, "Bearer"))
        self.assertEqual(server.post("/v1/classify", {"inputs": "good"}, {"Authorization": "Bearer secret"}).status, 200)


class Figures(unittest.TestCase):
    def serve(self, *flags):
        server = Server("--no-grpc", *flags)
        self.addCleanup(server.stop)
        return server

    def test_count_texts_that_equal_another(self):
        server = self.serve("--model", f"sst2={SST2}")
        answer = server.post("/v1/classify", {"inputs": ["good", "bad", "good", "good"]}).json()["results"]
        self.assertEqual([result["label"] for result in answer], ["POSITIVE", "NEGATIVE", "POSITIVE", "POSITIVE"])
        figures = server.get("/metrics").body.decode()
        self.assertIn('tastevin_repeated_texts_total{model="sst2"} 2\n', figures)
        self.assertIn('tastevin_texts_total{model="sst2"} 4\n', figures)

    def test_name_the_models(self):
        commit = "0123456789abcdef0123456789abcdef01234567"
        with tempfile.TemporaryDirectory() as folder:
            snapshot = Path(folder) / "models--some--one" / "snapshots" / commit
            snapshot.parent.mkdir(parents=True)
            snapshot.symlink_to(SST2)
            server = self.serve("--model", f"sst2={SST2}", "--model", f"pulled={snapshot}", "--precision", "f32")
        figures = server.get("/metrics").body.decode()
        types = re.findall(r"^# TYPE (\S+)", figures, re.M)
        self.assertEqual(sorted(types), sorted(set(types)), "a family stands once, with the lines of all models")
        found = re.findall(r"^tastevin_model_info\{(.*)\} 1$", figures, re.M)
        labels = [dict(re.findall(r'(\w+)="([^"]*)"', line)) for line in found]
        common = {"version": "1", "precision": "f32", "family": "distilbert"}
        self.assertEqual(labels, [common | {"model": "sst2", "revision": ""}, common | {"model": "pulled", "revision": commit}])


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
