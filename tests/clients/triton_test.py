"""The Open Inference Protocol as Triton's own clients speak it, over HTTP and gRPC."""

import json
import unittest

import numpy as np
import tritonclient.grpc as triton_grpc
import tritonclient.http as triton_http
from served import ServedTest
from tritonclient.utils import InferenceServerException

TEXTS = ["a wonderful film", "a dull and lifeless mess"]
LABELS = ["POSITIVE", "NEGATIVE"]
ALL_OUTPUTS = ["label", "score", "scores", "logits"]


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


class Triton:
    """What both transports must do; `client`, `module` and `binary` (arguments of tensors) are theirs."""

    def text(self, values):
        values = np.array(values, dtype=object)
        tensor = self.module.InferInput("text", list(values.shape), "BYTES")
        tensor.set_data_from_numpy(np.vectorize(lambda text: text.encode())(values).astype(object), **self.binary)
        return tensor

    def infer(self, values, outputs=(), **more):
        wanted = [self.module.InferRequestedOutput(name, **self.binary) for name in outputs] or None
        return self.client.infer("sst2", [self.text(values)], outputs=wanted, **more)

    def labels(self, result):
        return [label.decode() if isinstance(label, bytes) else label for label in result.as_numpy("label").ravel()]

    def test_says_that_it_is_live_and_ready(self):
        self.assertTrue(self.client.is_server_live())
        self.assertTrue(self.client.is_server_ready())
        self.assertTrue(self.client.is_model_ready("sst2"))
        self.assertTrue(self.client.is_model_ready("sst2", "1"))

    def test_describes_itself_and_its_model(self):
        server = self.as_dict(self.client.get_server_metadata())
        model = self.as_dict(self.client.get_model_metadata("sst2"))
        self.assertEqual(server["name"], "tastevin")
        self.assertIn("classification", server["extensions"])
        self.assertEqual([tensor["name"] for tensor in model["inputs"]], ["text"])
        self.assertEqual([tensor["name"] for tensor in model["outputs"]], ALL_OUTPUTS)

    def test_takes_texts_in_a_row_and_in_a_column(self):
        self.assertEqual(self.labels(self.infer(TEXTS)), LABELS)
        self.assertEqual(self.labels(self.infer([[text] for text in TEXTS])), LABELS)

    def test_takes_pairs(self):
        alone = self.infer(TEXTS, ["scores"]).as_numpy("scores")
        pairs = self.infer([[text, "and so it ends"] for text in TEXTS], ["scores"]).as_numpy("scores")
        self.assertEqual(pairs.shape, (2, 2))
        self.assertGreater(np.abs(alone - pairs).max(), 1e-4)

    def test_gives_the_outputs_that_are_asked_for(self):
        result = self.infer(TEXTS, ALL_OUTPUTS)
        scores, logits = result.as_numpy("scores"), result.as_numpy("logits")
        self.assertEqual((scores.shape, logits.shape), ((2, 2), (2, 2)))
        np.testing.assert_allclose(scores, softmax(logits), atol=1e-6)
        np.testing.assert_allclose(result.as_numpy("score").ravel(), scores.max(axis=1), atol=1e-6)
        self.assertIsNone(self.infer(TEXTS, ["label"]).as_numpy("logits"))

    # Scores below the threshold were given as 0.
    def test_gives_whole_tensors_whatever_the_threshold(self):
        whole = self.infer(TEXTS, ["scores"]).as_numpy("scores")
        np.testing.assert_allclose(self.infer(TEXTS, ["scores"], parameters={"threshold": 0.9999}).as_numpy("scores"), whole,
                                   atol=1e-6)

    def test_classifies_as_triton_does(self):
        wanted = self.module.InferRequestedOutput("scores", class_count=2, **self.binary)
        rows = self.client.infer("sst2", [self.text(TEXTS)], outputs=[wanted]).as_numpy("scores")
        self.assertEqual(rows.shape, (2, 2))
        best = rows[0][0].decode() if isinstance(rows[0][0], bytes) else rows[0][0]
        score, index, label = best.split(":")
        self.assertEqual((index, label), ("1", "POSITIVE"))
        self.assertAlmostEqual(float(score), self.infer(TEXTS, ["scores"]).as_numpy("scores")[0][1], places=6)

    def test_repeats_the_id(self):
        self.assertEqual(self.as_dict(self.infer(TEXTS, request_id="of-this-one").get_response())["id"], "of-this-one")

    def test_says_what_is_wrong(self):
        with self.assertRaisesRegex(InferenceServerException, "nobody"):
            self.client.infer("nobody", [self.text(TEXTS)])
        with self.assertRaisesRegex(InferenceServerException, "BYTES"):
            tensor = self.module.InferInput("text", [1], "FP32")
            tensor.set_data_from_numpy(np.zeros(1, np.float32))
            self.client.infer("sst2", [tensor])
        with self.assertRaisesRegex(InferenceServerException, "label, score, scores"):
            self.infer(TEXTS, ["sentiment"])

    def test_unloads_and_loads_a_model(self):
        self.client.unload_model("other")
        self.assertFalse(self.client.is_model_ready("other"))
        self.client.load_model("other")
        self.assertTrue(self.client.is_model_ready("other"))
        index = self.as_dict(self.client.get_model_repository_index())
        states = {model["name"]: model["state"] for model in (index["models"] if isinstance(index, dict) else index)}
        self.assertEqual(states, {"sst2": "READY", "other": "READY"})

    def test_keeps_a_model_that_cannot_be_loaded_out(self):
        with self.assertRaisesRegex(InferenceServerException, "nobody"):
            self.client.load_model("nobody")


class WithTwoModels(ServedTest):
    flags = (*ServedTest.flags, "--model", f"other={ServedTest.flags[1].removeprefix('sst2=')}")


class OverHttp(Triton, WithTwoModels):
    module = triton_http
    binary = {"binary_data": True}

    def setUp(self):
        self.client = triton_http.InferenceServerClient(f"127.0.0.1:{self.server.port}")
        self.addCleanup(self.client.close)

    def as_dict(self, message):
        return message

    def test_takes_each_byte_behind_the_json_for_the_one_tensor_that_says_so(self):
        def asked(parameters, behind, **more):
            json_part = json.dumps({"inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "parameters": parameters} | more]})
            headers = {"Inference-Header-Content-Length": str(len(json_part))}
            return self.server.post("/v2/models/sst2/infer", json_part.encode() + behind, headers).status
        text = b"\4\0\0\0good"
        self.assertEqual(asked({"binary_data_size": 8}, text), 200)
        self.assertEqual(asked({"binary_data_size": 8}, text + b"more"), 400)
        self.assertEqual(asked({"binary_data_size": 8}, text, data=["bad"]), 400)
        self.assertEqual(asked({}, text, data=["bad"]), 400)

    def test_lists_the_labels(self):
        self.assertEqual(self.client.get_model_metadata("sst2")["parameters"]["labels"], ["NEGATIVE", "POSITIVE"])


class OverHttpAsJson(OverHttp):
    binary = {"binary_data": False}

    def test_answers_with_binary_tensors_where_the_question_was_json(self):
        wanted = [triton_http.InferRequestedOutput("label", binary_data=True),
                  triton_http.InferRequestedOutput("score", binary_data=False)]
        result = self.client.infer("sst2", [self.text(TEXTS)], outputs=wanted)
        self.assertEqual(self.labels(result), LABELS)
        self.assertEqual(result.as_numpy("score").dtype, np.float32)


class OverGrpc(Triton, WithTwoModels):
    module = triton_grpc
    binary = {}

    def setUp(self):
        self.client = triton_grpc.InferenceServerClient(f"127.0.0.1:{self.server.grpc_port}")
        self.addCleanup(self.client.close)

    def as_dict(self, message):
        from google.protobuf.json_format import MessageToDict  # noqa: PLC0415: HTTP does not need it
        return MessageToDict(message)


if __name__ == "__main__":
    unittest.main()
