"""Input that is meant to bring a server down: each gets its status or a clean end, and the next good request its answer."""

import re
import resource
import select
import selectors
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import numpy as np
import tritonclient.grpc as triton_grpc
from served import PATIENCE_S, SST2, ServedTest, Server
from tritonclient.utils import InferenceServerException

CONNECTIONS = 5000
HEAD = b"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
MB = 1 << 20


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)


def read_to_end(connection):
    """What comes until the server ends the connection, cleanly or by a reset."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


class HostileTest(ServedTest):
    flags = ("--model", f"sst2={SST2}", "--max-body-bytes", MB, "--header-timeout", 1, "--body-timeout", 1,
             "--idle-timeout", 30)

    def tearDown(self):
        found = self.post_ok("/v1/classify", {"inputs": "a wonderful film"})
        self.assertEqual(found["results"][0]["label"], "POSITIVE")

    def raw(self, sent, port=None):
        """What the server answers to bytes, which it need not read to their end."""
        with connect(port or self.server.port) as connection:
            try:
                connection.sendall(sent)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has heard enough
            return read_to_end(connection)


class Bodies(HostileTest):
    def test_a_body_of_ten_gigabytes_is_refused_before_it_comes(self):
        answer = self.raw(HEAD + b"Content-Length: 10737418240\r\n\r\n")
        self.assertEqual(statuses(answer), [413])
        self.assertIn(str(MB).encode(), answer)

    def test_one_that_asks_first_is_told_so(self):
        answer = self.raw(HEAD + b"Expect: 100-continue\r\nContent-Length: 10737418240\r\n\r\n")
        self.assertEqual(statuses(answer), [413])

    def test_a_length_that_is_none_is_refused(self):
        for length in (b"-1", b"99999999999999999999999", b"1, 2", b"0x10", b"ten"):
            self.assertIn(statuses(self.raw(HEAD + b"Content-Length: " + length + b"\r\n\r\n")), ([400], [413]), length)

    def test_two_lengths_are_refused(self):
        answer = self.raw(HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n")
        self.assertEqual(statuses(answer), [400])

    def test_chunks_without_end_are_cut_off(self):
        sent = 0
        with connect(self.server.port) as connection:
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
            try:
                while sent < 100 * MB:
                    connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
                    sent += 65536
            except (BrokenPipeError, ConnectionResetError):
                pass
            answer = read_to_end(connection)
        self.assertLess(sent, 20 * MB)
        self.assertIn(statuses(answer), ([413], []))  # a reset may overtake what was written before it

    # Neither counts as a body or a head: only the buffer bounds them.
    def test_lines_around_chunks_without_end_are_refused(self):
        for method in (b"POST /v1/classify", b"POST /v2/repository/index"):
            for begin in (b"5;" + b"a" * 1000, b"0\r\nX-A: " + b"a" * 1000):
                with connect(self.server.port) as connection:
                    connection.sendall(method + b" HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + begin)
                    sent = 0
                    try:
                        while sent < 100 * MB:
                            connection.sendall(b"a" * 65536)
                            sent += 65536
                    except (BrokenPipeError, ConnectionResetError):
                        pass
                    answer = read_to_end(connection)
                self.assertLess(sent, 20 * MB, begin[:10])
                self.assertIn(statuses(answer), ([400], []), begin[:10])

    def test_of_a_question_that_has_none_is_not_waited_for(self):
        with connect(self.server.port) as connection:
            connection.sendall(b"GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n.")
            self.assertIn(b'{"live":true}', connection.recv(65536))

    def test_chunks_that_are_none_are_refused(self):
        for size in (b"zz\r\n", b"-5\r\nhello\r\n", b"ffffffffffffffffff\r\n", b"5\r\nhello!!!"):
            self.assertIn(statuses(self.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + size)), ([400], [413], []), size)

    def test_brackets_without_end_are_refused(self):
        for body in (b"[" * MB, b'{"inputs":' + b"[" * 1000 + b"]" * 1000 + b"}", b'{"a":' * 100_000):
            self.assertEqual(self.server.post("/v1/classify", body).status, 400)
            self.assertEqual(self.server.post("/predict", body).status, 400)

    def test_bad_utf8_is_refused_and_not_repeated(self):
        for body in (b'{"inputs":"\xff"}', b'{"inputs":"\xed\xa0\x80"}', b'{"\xc0\x80":1}', b'{"inputs":"a","model":"\xf5"}'):
            for path in ("/v1/classify", "/predict", "/", "/classify", "/v2/models/sst2/infer"):
                reply = self.server.post(path, body)
                self.assertEqual(reply.status, 400, path)
                reply.body.decode("ascii")

    def test_bad_utf8_in_a_binary_tensor_is_refused(self):
        json = (b'{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":6}}]}')
        reply = self.server.post("/v2/models/sst2/infer", json + b"\x02\0\0\0\xff\xfe",
                                 {"Inference-Header-Content-Length": str(len(json))})
        self.assertEqual(reply.status, 400)
        self.assertIn("UTF-8", reply.json()["error"])

    def test_numbers_beyond_all_bounds_are_refused(self):
        for number in (b"1e999", b"-1", b"1.5", b"99999999999999999999", b"NaN", b"Infinity"):
            reply = self.server.post("/v1/classify", b'{"inputs":"a","top_k":' + number + b"}")
            self.assertEqual(reply.status, 400, number)


class Heads(HostileTest):
    def test_a_megabyte_of_headers_is_refused(self):
        for header in (b"X: " + b"x" * MB + b"\r\n", b"X: x\r\n" * (MB // 6)):
            self.assertEqual(statuses(self.raw(b"GET / HTTP/1.1\r\n" + header + b"\r\n")), [431])
        self.assertIn(statuses(self.raw(b"GET /" + b"x" * MB + b" HTTP/1.1\r\n\r\n")), ([431], [400]))

    def test_what_is_not_http_is_refused(self):
        for sent in (b"\0" * 100, b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n"):
            self.assertIn(statuses(self.raw(sent)), ([400], []), sent)

    def test_one_host_is_named(self):
        for hosts in (b"", b"Host: localhost\r\nHost: evil.example\r\n"):
            self.assertEqual(statuses(self.raw(b"GET /v1/models HTTP/1.1\r\n" + hosts + b"\r\n")), [400])

    def test_a_path_may_stand_behind_its_server(self):
        for path, status in ((b"/v1/models", 200), (b"", 200), (b"/nowhere", 404)):
            answer = self.raw(b"GET http://localhost" + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.assertEqual(statuses(answer), [status], path)

    def test_strange_paths_are_not_found(self):
        for path in (b"/../../etc/passwd", b"/%2e%2e/%2e%2e/etc/passwd", b"/%00", b"/\xff", b"/v2/models/%zz", b"//", b"*"):
            answer = self.raw(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.assertIn(statuses(answer), ([404], [400]), path)

    def test_a_name_that_was_made_to_lead_here_is_refused(self):
        for host, status in (("evil.example", 403), (f"evil.example:{self.server.port}", 403), ("localhost", 200)):
            self.assertEqual(self.server.get("/v1/models", Host=host).status, status, host)

    def test_requests_in_a_row_are_answered_in_order(self):
        requests = b"".join(b"GET /v2/models/%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % name for name in (b"sst2", b"none") * 50)
        answer = self.raw(requests + b"GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        self.assertEqual(statuses(answer), [200, 404] * 50 + [200])


class SlowClients(HostileTest):
    def trickled(self, *parts):
        """Sends a part now and then until the server has had enough; what it answers."""
        with connect(self.server.port) as connection:
            connection.settimeout(0.1)
            began = time.monotonic()
            for part in parts:
                try:
                    connection.sendall(part)
                    if not connection.recv(65536, socket.MSG_PEEK):
                        break
                except TimeoutError:
                    self.assertLess(time.monotonic() - began, PATIENCE_S)
                    continue
                except (BrokenPipeError, ConnectionResetError):
                    break
            else:
                self.fail("the server read on for ever")
            connection.settimeout(PATIENCE_S)
            return read_to_end(connection)

    def test_a_head_that_comes_byte_by_byte_is_cut_off(self):
        self.assertEqual(self.trickled(HEAD[:20], *[b"x"] * 1000), b"")

    def test_a_body_that_comes_byte_by_byte_is_cut_off(self):
        self.assertEqual(self.trickled(HEAD + b"Content-Length: 2000\r\n\r\n", *[b" "] * 1000), b"")

    def test_an_answer_that_nobody_takes_is_dropped(self):
        body = b'{"inputs":[' + b",".join([b'"' + b"word " * 30 + b'"'] * 300) + b"]}"
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(PATIENCE_S)
            connection.connect(("127.0.0.1", self.server.port))
            request = b"POST /tokenize HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            connection.sendall(request)
            self.assertTrue(connection.recv(1, socket.MSG_PEEK))
            end = time.monotonic() + PATIENCE_S
            while b"tastevin_connections 1\n" not in self.server.get("/metrics").body:  # that of this question
                self.assertLess(time.monotonic(), end, "the server waits for ever")


class HalfSent(HostileTest):
    """Requests that never come to their end, on all connections that there are."""

    flags = ("--model", f"sst2={SST2}", "--max-connections", 20, "--max-pending-body-bytes", MB, "--body-timeout", PATIENCE_S)

    def begun(self, sent):
        connection = connect(self.server.port)
        self.addCleanup(connection.close)
        connection.sendall(sent)
        return connection

    def test_leave_room_for_others(self):
        for _ in range(40):
            self.begun(HEAD + b"Content-Length: 100\r\n\r\n{")
        for _ in range(30):
            self.assertEqual(self.server.get("/v2/health/live").status, 200)

    def test_hold_so_much_memory_together_and_no_more(self):
        head = HEAD + b"Content-Length: %d\r\n\r\n" % MB
        both = [self.begun(head), self.begun(head)]
        for connection in both:
            try:
                connection.sendall(b" " * (MB * 3 // 4))
            except (BrokenPipeError, ConnectionResetError):
                pass
        refused = select.select(both, [], [], PATIENCE_S)[0]
        self.assertEqual([statuses(connection.recv(65536)) for connection in refused], [[429]])
        (other,) = set(both) - set(refused)
        other.sendall(b" " * (MB // 4 - 16) + b'{"inputs":"bad"}')
        self.assertEqual(statuses(other.recv(65536)), [200])


class ManyConnections(HostileTest):
    flags = ("--model", f"sst2={SST2}")

    @classmethod
    def setUpClass(cls):
        hard = max(resource.getrlimit(resource.RLIMIT_NOFILE)[1], CONNECTIONS + 1000)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().setUpClass()

    def opened(self):
        connections = []
        for _ in range(CONNECTIONS):
            connection = socket.socket()
            self.addCleanup(connection.close)
            connection.setblocking(False)
            connection.connect_ex(("127.0.0.1", self.server.port))
            connections.append(connection)
        return connections

    def wait_for(self, connections, event):
        """Until each was ready once; those for which there was nothing in time."""
        left = selectors.DefaultSelector()
        for connection in connections:
            left.register(connection, event)
        end = time.monotonic() + PATIENCE_S
        while left.get_map() and time.monotonic() < end:
            for key, _ in left.select(1):
                left.unregister(key.fileobj)
        return [key.fileobj for key in left.get_map().values()]

    def outcome(self, connection):
        try:
            return connection.recv(65536)[:12]
        except ConnectionResetError:
            return b""

    def test_five_thousand_at_once_are_answered_or_closed(self):
        connections = self.opened()
        self.assertEqual(self.wait_for(connections, selectors.EVENT_WRITE), [])
        self.assertEqual(self.server.get("/v2/health/live").status, 200)  # which finds room
        for connection in connections:
            try:
                connection.send(b"GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            except (BrokenPipeError, ConnectionResetError):
                pass  # one of those that made room
        self.assertEqual(self.wait_for(connections, selectors.EVENT_READ), [])
        outcomes = [self.outcome(connection) for connection in connections]
        self.assertEqual(set(outcomes), {b"HTTP/1.1 200", b""})
        self.assertGreater(outcomes.count(b"HTTP/1.1 200"), 3000)


class Health(HostileTest):
    flags = ("--model", f"sst2={SST2}")

    def test_answers_while_texts_run_and_wait(self):
        body = {"inputs": [f"{number} " + "word " * 400 for number in range(512)]}
        done = threading.Event()
        replies = []

        def classify():
            replies.append(self.server.post("/v1/classify", body))
            done.set()
        thread = threading.Thread(target=classify)
        thread.start()
        times = []
        while not done.is_set():
            began = time.monotonic()
            live, ready = self.server.get("/v2/health/live"), self.server.get("/v2/health/ready")
            times.append((time.monotonic() - began) / 2)
            self.assertEqual((live.status, ready.status), (200, 200))
        thread.join()
        self.assertEqual(len(replies[0].json()["results"]), 512)
        self.assertGreater(len(times), 10)  # while one request was answered
        self.assertLess(sorted(times)[len(times) // 2], 0.1)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.certificate, cls.key = (Path(cls.folder.name) / name for name in ("certificate.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", cls.key, "-out", cls.certificate, "-subj", "/CN=localhost", "-days", "2",
                        "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        cls.server = Server("--model", f"sst2={SST2}", "--tls-cert", cls.certificate, "--tls-key", cls.key,
                            "--header-timeout", 1)
        cls.addClassCleanup(cls.server.stop)

    def tearDown(self):
        context = ssl.create_default_context(cafile=self.certificate)
        with context.wrap_socket(connect(self.server.port), server_hostname="127.0.0.1") as connection:
            connection.sendall(b"GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.assertEqual(statuses(read_to_end(connection)), [200])

    def test_what_is_no_tls_is_closed(self):
        for sent in (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\0" * 1000, b"\x16\x03\x01\xff\xff" + b"x" * 70_000, b""):
            with connect(self.server.port) as connection:
                try:
                    connection.sendall(sent)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                self.assertEqual(statuses(read_to_end(connection)), [])

    def test_old_versions_are_refused(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with connect(self.server.port) as connection, self.assertRaises((ssl.SSLError, OSError)):
            context.wrap_socket(connection)

    def test_a_handshake_that_stops_half_way_is_closed(self):
        with connect(self.server.port) as connection:
            connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
            self.assertEqual(statuses(read_to_end(connection)), [])


class Grpc(HostileTest):
    def test_what_is_not_grpc_is_closed(self):
        for sent in (b"GET / HTTP/1.1\r\n\r\n", b"\0" * 10_000, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 1000):
            self.assertNotIn(b"HTTP/1.1 200", self.raw(sent, self.server.grpc_port))
        with triton_grpc.InferenceServerClient(f"127.0.0.1:{self.server.grpc_port}") as client:
            self.assertTrue(client.is_server_ready())

    def test_messages_are_not_unpacked(self):
        with triton_grpc.InferenceServerClient(f"127.0.0.1:{self.server.grpc_port}") as client:
            tensor = triton_grpc.InferInput("text", [1], "BYTES")
            tensor.set_data_from_numpy(np.array([b"a" * MB], dtype=object))
            for compression in ("gzip", "deflate"):
                with self.assertRaisesRegex(InferenceServerException, "ompress"):
                    client.infer("sst2", [tensor], compression_algorithm=compression)

    def test_connections_on_which_nobody_asks_are_closed(self):
        server = Server("--model", f"sst2={SST2}", "--header-timeout", 1, "--idle-timeout", 1)
        self.addCleanup(server.stop)
        hello = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
        for sent in (b"", hello):
            with connect(server.grpc_port) as connection:
                connection.sendall(sent)
                read_to_end(connection)


if __name__ == "__main__":
    unittest.main()
