"""python -m tastevin.export: a folder through the PyTorch frontend answers as the one that is converted natively, and
families that the native converter has not come in by it.

    make oracle-test
"""

import os
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = str(ROOT / "build" / "release" / "python")
sys.path[:0] = [PACKAGE, str(ROOT / "tools")]

import numpy  # noqa: E402
import tastevin  # noqa: E402: of the build
import torch  # noqa: E402
from families_test import write_checkpoint  # noqa: E402
from family_models import MODELS  # noqa: E402
from make_family_golden import Reference  # noqa: E402
from tastevin.export import export, export_torch  # noqa: E402
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, MobileBertConfig,  # noqa: E402
                          SqueezeBertConfig)

BUNDLED = str(ROOT / "models" / "sst2-tiny")
LOGIT_TOLERANCE = 1e-4  # of f32 between two graphs of the same model
TEXTS = ["", "a good film", "not a good plot, very slow", "we watched it with fun " * 5]
SMALL = {"hidden_size": 24, "num_attention_heads": 2, "num_hidden_layers": 2, "intermediate_size": 40, "num_labels": 3,
         "vocab_size": 300}


def one_of_each_family():
    return {model.family: model for model in reversed(MODELS)}.values()


class Export(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_native_families_give_the_same_logits_by_both_routes(self):
        for model in one_of_each_family():
            with self.subTest(family=model.family):
                checkpoint, out = self.folder / model.name, self.folder / f"{model.name}-exported"
                write_checkpoint(model, Reference(model), checkpoint)

                export(str(checkpoint), out)

                native = tastevin.Classifier(checkpoint).logits(TEXTS)
                numpy.testing.assert_allclose(tastevin.Classifier(out).logits(TEXTS), native, rtol=0, atol=LOGIT_TOLERANCE)

    def test_the_bundled_model_gives_the_same_logits_by_both_routes(self):
        export(BUNDLED, self.folder / "out")

        native = tastevin.Classifier(BUNDLED).logits(TEXTS)
        numpy.testing.assert_allclose(tastevin.Classifier(self.folder / "out").logits(TEXTS), native, rtol=0,
                                      atol=LOGIT_TOLERANCE)

    def test_families_without_a_native_converter_come_in(self):
        tokenizer = AutoTokenizer.from_pretrained(BUNDLED)
        for config in (MobileBertConfig(embedding_size=24, true_hidden_size=24, **SMALL | {"vocab_size": 30522}),
                       SqueezeBertConfig(embedding_size=24, q_groups=2, k_groups=2, v_groups=2, intermediate_groups=2,
                                         output_groups=2, **SMALL | {"vocab_size": 30522})):
            with self.subTest(family=config.model_type):
                torch.manual_seed(1)
                model = AutoModelForSequenceClassification.from_config(config).eval()
                out = self.folder / config.model_type

                export_torch(model, tokenizer, out)

                with torch.no_grad():
                    expected = [model(**tokenizer(text, return_tensors="pt")).logits[0].numpy() for text in TEXTS]
                numpy.testing.assert_allclose(tastevin.Classifier(out).logits(TEXTS), expected, rtol=0, atol=LOGIT_TOLERANCE)

    def test_a_folder_that_is_there_is_left_alone(self):
        (self.folder / "file").write_text("mine")

        with self.assertRaisesRegex(ValueError, "not there yet"):
            export(BUNDLED, self.folder)
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["file"])

    def test_a_graph_that_answers_otherwise_is_not_written(self):
        with (unittest.mock.patch("tastevin.export.LOGIT_TOLERANCE", -1),  # what no graph keeps
              self.assertRaisesRegex(tastevin.RejectedError, "nothing is written")):
            export(BUNDLED, self.folder / "out")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_command_says_how_it_ended(self):
        out = self.folder / "out"
        for arguments, code, said in (((BUNDLED, out), 0, "written"), ((BUNDLED, out), 2, "not there yet"),
                                      ((self.folder / "none", self.folder / "other"), 3, "none")):
            done = subprocess.run([sys.executable, "-m", "tastevin.export", *arguments], capture_output=True, text=True,
                                  check=False, env=os.environ | {"PYTHONPATH": PACKAGE})
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(said, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
