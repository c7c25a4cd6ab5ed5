"""A converted folder must work in optimum-intel as it is and give the logits of transformers: `make oracle-test`."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from optimum.intel import OVModelForSequenceClassification
from transformers import AutoModelForSequenceClassification, AutoTokenizer

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin"))
TEXTS = (ROOT / "tests" / "golden" / "sentences.txt").read_text(encoding="utf-8").splitlines()

# f32 on both sides, but other kernels and another order of sums.
LOGIT_TOLERANCE = 1e-4


class OptimumIntel(unittest.TestCase):
    def convert(self, checkpoint, *flags):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        out = Path(scratch.name) / "converted"
        subprocess.run([BINARY, "convert", checkpoint, out, *flags], check=True, stdout=subprocess.DEVNULL)
        return out

    def expect_the_logits_of_transformers(self, checkpoint, converted):
        reference = AutoModelForSequenceClassification.from_pretrained(
            checkpoint, dtype=torch.float32, attn_implementation="eager").eval()
        model = OVModelForSequenceClassification.from_pretrained(
            str(converted), ov_config={"INFERENCE_PRECISION_HINT": "f32", "CACHE_DIR": ""})
        tokenizer = AutoTokenizer.from_pretrained(converted)
        limit = reference.config.max_position_embeddings
        batches = [[text] for text in TEXTS] + [TEXTS]  # alone, and padded together
        with torch.inference_mode():
            for texts in batches:
                inputs = tokenizer(texts, return_tensors="pt", padding=True, truncation=True, max_length=limit)
                expected = reference(**inputs).logits.numpy()
                found = np.asarray(model(**inputs).logits)
                np.testing.assert_allclose(found, expected, rtol=0, atol=LOGIT_TOLERANCE, err_msg=str(texts[:2]))
        self.assertEqual(model.config.id2label, reference.config.id2label)

    def check(self, checkpoint, *flags):
        if not checkpoint.exists():
            self.assertFalse(os.environ.get("CI"), f"{checkpoint} is not here")
            self.skipTest(f"{checkpoint} is not here")
        self.expect_the_logits_of_transformers(checkpoint, self.convert(checkpoint, *flags))

    def test_bundled_model(self):
        self.check(ROOT / "models" / "sst2-tiny")

    def test_bundled_model_stored_in_f32(self):
        self.check(ROOT / "models" / "sst2-tiny", "--weights", "f32")

    def test_real_model(self):
        self.check((ROOT / "../shared/models/sst2-minilm").resolve())

    def test_random_models_of_every_dtype(self):
        for checkpoint in sorted((ROOT / "tests" / "golden" / "tiny").iterdir()):
            with self.subTest(checkpoint=checkpoint.name):
                self.check(checkpoint)

    def test_int8_models(self):
        """Calibrated and weight-only int8 load there, and give the answers that they give here."""
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        texts = Path(scratch.name) / "texts.txt"
        # One in five is held back, and nothing is judged by fewer than ten.
        texts.write_text("\n".join([*TEXTS, *(f"{text} Really." for text in TEXTS)]) + "\n", encoding="utf-8")
        for method in ("weights", "full"):
            with self.subTest(method=method):
                out = Path(scratch.name) / method
                subprocess.run([BINARY, "quantize", ROOT / "models/sst2-tiny", out, "--method", method, "--calibration", texts,
                                "--min-agreement", "0"], check=True, stdout=subprocess.DEVNULL)
                model = OVModelForSequenceClassification.from_pretrained(
                    str(out), ov_config={"INFERENCE_PRECISION_HINT": "f32", "CACHE_DIR": ""})
                tokenizer = AutoTokenizer.from_pretrained(out)
                for text in filter(None, TEXTS):
                    command = [BINARY, "classify", text, "--model", out, "--logits", "--format", "jsonl"]
                    ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["logits"]
                    inputs = tokenizer([text], return_tensors="pt", truncation=True, max_length=512)
                    # The graph there is the standard one, ours the packed one: roundings flip.
                    np.testing.assert_allclose(np.asarray(model(**inputs).logits)[0], ours, rtol=0, atol=0.05, err_msg=text)


if __name__ == "__main__":
    unittest.main()
