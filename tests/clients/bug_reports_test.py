"""What users reported of other servers, in public threads, and must not happen here: rows of tests/reported_bugs.md.
Some are C++ tests too, where a fault has to be put in: D06, D10 and D15 in tests/serve, D22 in tests/server."""

import contextlib
import http.client
import json
import random
import re
import socket
import tempfile
import threading
import time
import unittest
from pathlib import Path

import numpy as np
import tritonclient.grpc as triton_grpc
from models import xlm_roberta_model
from served import BINARY, PATIENCE_S, SST2, ServedTest, Server, run_to_end
from tritonclient.utils import InferenceServerException

LONG = "word " * 532  # with [CLS] and [SEP] 534 tokens, where 512 are the limit


class Texts(ServedTest):
    def classify(self, inputs, **options):
        return self.post_ok("/v1/classify", {"inputs": inputs} | options)["results"]

    # D01, text-embeddings-inference#356, #369: an over-long text was refused by default, with a status that said little.
    def test_d01_a_text_that_is_too_long_is_cut_and_says_so(self):
        [cut] = self.classify(LONG)
        self.assertEqual((cut["tokens"], cut["truncated"]), (512, True))
        [refused] = self.classify([LONG], truncation="error")
        self.assertEqual(refused["error"]["code"], 413)
        for number in ("534", "512"):
            self.assertIn(number, refused["error"]["message"])

    # D02, text-embeddings-inference#52: a list of texts was not cut where a text was.
    def test_d02_a_text_in_a_list_is_cut_as_one_alone(self):
        text = "test " * 1000
        one = self.post_ok("/predict", {"inputs": text, "truncate": True})
        for inputs in ([text], [[text]]):
            found = self.post_ok("/predict", {"inputs": inputs, "truncate": True})
            self.assertEqual(found if inputs == [text] else found[0], one)

    # D09 again: an input that is no text failed its neighbours, and options that no text can meet were answered with 200.
    def test_d09_an_input_that_is_none_has_its_error_in_its_place(self):
        good, number, nothing, bad = self.classify(["good", 5, {"id": "x"}, {"text": "bad", "id": "y"}])
        self.assertEqual((good["label"], bad["label"], bad["id"]), ("POSITIVE", "NEGATIVE", "y"))
        self.assertIn("inputs[1]", number["error"]["message"])
        self.assertEqual((nothing["id"], nothing["error"]["code"]), ("x", 400))
        for wrong in ({"inputs": [5]}, {"inputs": ["good"], "max_length": 1}, {"inputs": ["good"], "max_length": 100000}):
            self.assertEqual(self.server.post("/v1/classify", wrong).status, 400)

    # D09, msgvault#293, sglang#4988: one empty text failed its neighbours.
    def test_d09_an_empty_text_is_a_text(self):
        found = self.classify(["good", "", "bad"])
        self.assertEqual([result["index"] for result in found if "label" in result], [0, 1, 2])
        self.assertEqual(len(self.post_ok("/predict", {"inputs": [["good"], [""], ["bad"]]})), 3)

    # D14, llama.cpp#7694: a connection was cut after five requests, unannounced.
    def test_d14_a_connection_lasts(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE_S)
        self.addCleanup(connection.close)
        connection.connect()
        first = connection.sock
        for number in range(200):
            connection.request("POST", "/predict", json.dumps({"inputs": f"text {number}"}))
            response = connection.getresponse()
            response.read()
            self.assertEqual((response.status, connection.sock), (200, first))

    # D16, llama.cpp#9195: an error's text repeated bad bytes, and its writer threw.
    def test_d16_bad_bytes_are_not_repeated(self):
        reply = self.server.post("/predict", b'{"inputs":"\xff"}')
        self.assertEqual(reply.status, 400)
        self.assertTrue(reply.body.isascii())
        self.classify("good")

    # D18, tokenizers#1011: escapes of surrogates.
    def test_d18_surrogates_are_read_or_refused(self):
        found = self.server.post("/tokenize", b'{"inputs": "\\ud83c\\udf37 x"}').json()[0]
        self.assertEqual(found[1]["stop"], 1)  # one code point
        self.assertEqual(self.server.post("/predict", b'{"inputs": "\\ud83d"}').status, 400)
        nul = self.server.post("/predict", b'{"inputs": "good\\u0000"}')
        self.assertEqual((nul.status, nul.json()), (200, self.post_ok("/predict", {"inputs": "good"})))

    # D20, transformers#17606, #25251: order and nesting changed with top_k, and more than there are failed.
    def test_d20_top_k_has_one_shape(self):
        for top_k, count in ((None, 1), (1, 1), (0, 2), (2, 2), (5, 2)):
            [result] = self.classify("a wonderful film", top_k=top_k)
            self.assertEqual([scored["label"] for scored in result["scores"]], ["POSITIVE", "NEGATIVE"][:count])
        for parameters in ({}, {"top_k": None}, {"top_k": 1}, {"top_k": 5}):
            [labels] = self.post_ok("/", {"inputs": "a wonderful film", "parameters": parameters})
            self.assertEqual(labels[0]["label"], "POSITIVE")

    # D27, langchain-nvidia#8: a text was taken for a list of letters.
    def test_d27_a_text_is_one_text(self):
        self.assertEqual(len(self.classify("document")), 1)
        self.assertEqual(len(self.post_ok("/classify", {"input": "document"})["data"]), 1)
        self.assertEqual(len(self.post_ok("/", {"inputs": "document"})), 1)

    # D28, elasticsearch#157735: answers came in the order of the batch.
    def test_d28_answers_keep_the_order_of_the_texts(self):
        choose = random.Random(28)
        texts = [" ".join(choose.choices(["good", "bad", "film", "plot", "not"], k=choose.randint(1, 200)))
                 for _ in range(200)]
        together = self.classify(texts)
        self.assertEqual([result["index"] for result in together], list(range(200)))
        for number in choose.sample(range(200), 20):
            [alone] = self.classify(texts[number])
            self.assertEqual(together[number]["tokens"], alone["tokens"])
            self.assertAlmostEqual(together[number]["score"], alone["score"], places=4)


class Positions(unittest.TestCase):
    # D04, text-embeddings-inference#28: cut to 514 tokens, XLM-RoBERTa read beyond its table of positions.
    def test_d04_the_last_position_is_the_last_row(self):
        scores = []
        with tempfile.TemporaryDirectory() as folder:
            for row in (0.0, 9.0):
                server = Server("--model", xlm_roberta_model(Path(folder) / f"model-{row}", row), "--no-grpc")
                self.addCleanup(server.stop)
                found = server.post("/v1/classify", {"inputs": ["Test text" * 1000, "Test text"]}).json()["results"]
                self.assertEqual((found[0]["tokens"], found[0]["truncated"]), (512, True))
                self.assertEqual(server.get("/info").json()["max_input_length"], 512)
                scores.append([result["score"] for result in found])
        self.assertNotAlmostEqual(scores[0][0], scores[1][0], places=4)
        self.assertAlmostEqual(scores[0][1], scores[1][1], places=6)


class Budgets(unittest.TestCase):
    def serve(self, *flags):
        server = Server("--model", f"sst2={SST2}", *flags)
        self.addCleanup(server.stop)
        return server

    # D06, text-embeddings-inference#723: a text beyond the budget of a batch was never answered.
    def test_d06_a_text_beyond_the_budget_runs(self):
        server = self.serve("--batch-tokens", 100)
        self.assertEqual(server.post("/predict", {"inputs": "word " * 300}).status, 200)

    # D07, text-embeddings-inference#50: no limit of the body, or one that nobody could read or set.
    def test_d07_the_limit_of_the_body_can_be_set_and_is_named(self):
        server = self.serve("--max-body-bytes", 2_000_000)
        self.assertEqual(server.post("/predict", json.dumps({"inputs": "good"}).ljust(2_000_000)).status, 200)
        for size in (2_000_001, 30_000_000):  # a client that first sends all of it is told, too
            reply = server.post("/predict", json.dumps({"inputs": "good"}).ljust(size))
            self.assertEqual(reply.status, 413)
            self.assertIn("2000000", reply.json()["error"])  # in the protocol of the route

    # D12, text-generation-inference#3241: a full queue made a working server look dead.
    def test_d12_a_full_queue_is_no_illness(self):
        server = self.serve("--queue-tokens", 2000, "--max-wait-us", 300_000)
        statuses = []
        questions = [threading.Thread(target=lambda: statuses.append(server.post(
            "/predict", {"inputs": [["word " * 400]] * 2}).status)) for _ in range(8)]
        for question in questions:
            question.start()
        ready = set()
        while any(question.is_alive() for question in questions):
            self.assertEqual(server.get("/v2/health/live").status, 200)
            ready.add(server.get("/v2/health/ready").status)
            self.assertEqual({server.get(path).status for path in ("/health", "/ping")}, {200})
        self.assertEqual(set(statuses), {200, 429})
        self.assertIn(503, ready)  # others are asked meanwhile
        self.assertEqual(server.get("/v2/health/ready").status, 200)

    # D15, llama.cpp#24496: work went on for clients that had left.
    def test_d15_what_nobody_waits_for_does_not_run(self):
        server = self.serve()
        body = json.dumps({"inputs": ["word " * 400 + str(number) for number in range(64)]}).encode()
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as client:
                client.sendall(b"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        end = time.monotonic() + PATIENCE_S
        figures = {}
        while not figures.get("dropped_texts_total") or figures["queue_requests"]:
            self.assertLess(time.monotonic(), end, figures)
            found = re.findall(r'^tastevin_(\w+){model="sst2"} (\d+)', server.get("/metrics").body.decode(), re.M)
            figures = {name: int(value) for name, value in found}
        self.assertEqual(server.post("/predict", {"inputs": "good"}).status, 200)

    # D22, model_server#310: gRPC's own limit of 4 MiB, which nobody had set, ended large batches.
    def test_d22_the_limit_of_a_message_is_ours(self):
        tensor = triton_grpc.InferInput("text", [1000], "BYTES")
        tensor.set_data_from_numpy(np.array([b"x" * 5000] * 1000, dtype=object))
        server = self.serve()
        with triton_grpc.InferenceServerClient(f"127.0.0.1:{server.grpc_port}") as client:
            self.assertEqual(client.infer("sst2", [tensor]).as_numpy("label").shape, (1000,))
        small = self.serve("--max-body-bytes", 1_000_000)
        with triton_grpc.InferenceServerClient(f"127.0.0.1:{small.grpc_port}") as client, \
                self.assertRaisesRegex(InferenceServerException, "RESOURCE_EXHAUSTED.*1000000"):
            client.infer("sst2", [tensor])


class Beginning(unittest.TestCase):
    # D24, triton-inference-server#6939: ready before the model could answer.
    def test_d24_the_first_request_after_ready_is_answered(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        found = []

        def poll():
            end = time.monotonic() + PATIENCE_S
            while time.monotonic() < end:
                with contextlib.suppress(ConnectionError), \
                        contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as client:
                    client.request("GET", "/v2/health/ready")
                    if client.getresponse().status != 200:
                        continue
                    client.close()
                    client.request("POST", "/predict", '{"inputs": "good"}')
                    found.append(client.getresponse().status)
                    return
        polling = threading.Thread(target=poll)
        polling.start()
        server = Server("--model", f"sst2={SST2}", "--no-grpc", "--port", port)
        self.addCleanup(server.stop)
        polling.join()
        self.assertEqual(found, [200])

    # D25, ai-memory#218: healthy with another model than the one that was asked for.
    def test_d25_a_model_that_is_not_there_ends_the_start(self):
        with tempfile.TemporaryDirectory() as folder:
            code, errors = run_to_end(BINARY, "serve", "--model", f"sst2={folder}/nothing", "--port", 0, "--grpc-port", 0)
            self.assertEqual(code, 3, errors)
            self.assertIn("nothing", errors)
            (Path(folder) / "config.json").write_text("{}")
            code, errors = run_to_end(BINARY, "serve", "--model", f"sst2={folder}", "--port", 0, "--grpc-port", 0)
            self.assertNotEqual(code, 0)
        self.assertNotIn("serving", errors)


if __name__ == "__main__":
    unittest.main()
