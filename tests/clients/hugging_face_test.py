"""Hugging Face's inference API as huggingface_hub's own client speaks it."""

import tempfile
import unittest
from pathlib import Path

from huggingface_hub import InferenceClient
from models import inference_model
from served import ServedTest

TEXT = "a wonderful film"


class HuggingFace(ServedTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.flags = (*ServedTest.flags, "--model", f"inference={inference_model(Path(cls.folder.name) / 'model')}")
        super().setUpClass()
        cls.client = InferenceClient(base_url=cls.server.url)
        cls.inference = InferenceClient(model=cls.server.url + "/models/inference")

    def test_classifies_a_text(self):
        found = self.client.text_classification(TEXT)
        self.assertEqual([element.label for element in found], ["POSITIVE", "NEGATIVE"])
        self.assertAlmostEqual(sum(element.score for element in found), 1, places=5)

    def test_takes_top_k(self):
        self.assertEqual([element.label for element in self.client.text_classification(TEXT, top_k=1)], ["POSITIVE"])
        self.assertEqual(len(self.client.text_classification(TEXT, top_k=5)), 2)

    def test_takes_the_function_to_apply(self):
        logits = self.client.text_classification(TEXT, function_to_apply="none")
        self.assertGreater(logits[0].score, 1)
        sigmoids = self.client.text_classification(TEXT, function_to_apply="sigmoid")
        self.assertNotAlmostEqual(sum(element.score for element in sigmoids), 1, places=3)

    def test_obeys_or_refuses_what_it_is_asked(self):
        long = {"inputs": "film " * 600, "parameters": {"truncation": True}}
        self.assertEqual(self.server.post("/", long).status, 200)
        self.assertEqual(self.server.post("/", long | {"parameters": {"truncation": False}}).status, 413)
        short = {"inputs": "film " * 30, "parameters": {"truncation": False, "max_length": 20}}  # as in the pipeline
        self.assertEqual(self.server.post("/", short).status, 200)
        self.assertEqual(len(self.server.post("/", {"inputs": TEXT, "parameters": {"return_all_scores": False}}).json()[0]), 1)
        for wrong in ({"inputs": TEXT, "parameters": {"top_n": 1}}, {"inputs": TEXT, "top_k": 1},
                      {"inputs": TEXT, "parameters": {"candidate_labels": ["a"], "top_k": 1}}):
            self.assertEqual(self.server.post("/models/inference", wrong).status, 400)

    def test_gives_zero_shot_labels_by_base_url(self):
        client = InferenceClient(base_url=self.server.url + "/models/inference")
        found = client.zero_shot_classification(TEXT, candidate_labels=["film", "food"])
        self.assertEqual({element.label for element in found}, {"film", "food"})

    def test_gives_zero_shot_labels_best_first(self):
        found = self.inference.zero_shot_classification(TEXT, candidate_labels=["film", "food", "sports"])
        self.assertEqual({element.label for element in found}, {"film", "food", "sports"})
        self.assertEqual(found, sorted(found, key=lambda element: -element.score))
        self.assertAlmostEqual(sum(element.score for element in found), 1, places=5)

    def test_takes_the_parameters_of_zero_shot(self):
        labels = ["film", "food"]
        one = self.inference.zero_shot_classification(TEXT, labels, hypothesis_template="It is about {}.")
        many = self.inference.zero_shot_classification(TEXT, labels, multi_label=True)
        self.assertAlmostEqual(sum(element.score for element in one), 1, places=5)
        self.assertNotAlmostEqual(sum(element.score for element in many), 1, places=3)

    def test_refuses_zero_shot_of_a_model_that_infers_nothing(self):
        reply = self.server.post("/", {"inputs": TEXT, "parameters": {"candidate_labels": ["a", "b"]}})
        self.assertEqual(reply.status, 501)
        self.assertIn("entail", reply.json()["error"])


if __name__ == "__main__":
    unittest.main()
