"""python -m tastevin.export: a folder through the PyTorch frontend answers as the one that is converted natively, and
families that the native converter has not come in by it.

    make oracle-test
"""

import contextlib
import errno
import io
import os
import shutil
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
import tastevin.export  # noqa: E402: of the build
import torch  # noqa: E402
from families_test import write_checkpoint  # noqa: E402
from family_models import MODELS  # noqa: E402
from make_family_golden import Reference  # noqa: E402
from tastevin.export import export, export_torch  # noqa: E402
from transformers import (AutoModel, AutoModelForSequenceClassification, AutoTokenizer, CanineConfig,  # noqa: E402
                          ConvBertConfig, FNetConfig, MobileBertConfig, SqueezeBertConfig, XLNetConfig, YosoConfig)

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

    def test_families_whose_answers_change_with_padding_are_refused(self):
        # The check had paddings of its own, and not those with which the folder is run.
        tokenizer = AutoTokenizer.from_pretrained(BUNDLED)
        sizes = SMALL | {"vocab_size": 30522}
        for config in (XLNetConfig(vocab_size=30522, d_model=24, n_layer=2, n_head=2, d_inner=40), YosoConfig(**sizes),
                       FNetConfig(**{name: sizes[name] for name in sizes if name != "num_attention_heads"}),
                       ConvBertConfig(embedding_size=24, **sizes)):
            with self.subTest(family=config.model_type):
                torch.manual_seed(1)

                with self.assertRaisesRegex(tastevin.RejectedError, "nothing is written"):
                    export_torch(AutoModelForSequenceClassification.from_config(config), tokenizer, self.folder / "out")
                self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_family_that_openvino_does_not_convert_is_not_supported(self):
        model = AutoModelForSequenceClassification.from_config(CanineConfig(**SMALL))

        with self.assertRaisesRegex(NotImplementedError, "does not convert"):
            export_torch(model, AutoTokenizer.from_pretrained(BUNDLED), self.folder / "out")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_callers_model_stays_as_it_is(self):
        # It came back in float32 and out of training.
        model = AutoModelForSequenceClassification.from_pretrained(BUNDLED, dtype=torch.float16).train()

        export_torch(model, AutoTokenizer.from_pretrained(BUNDLED), self.folder / "out")

        self.assertTrue(model.training)
        self.assertEqual({parameter.dtype for parameter in model.parameters()}, {torch.float16})

    def test_a_checkpoint_without_its_head_is_refused(self):
        # transformers warns and takes random weights, which were written.
        self.write_without_head(self.folder / "body")

        with self.assertRaisesRegex(tastevin.CheckpointError, "'classifier.weight'"):
            export(str(self.folder / "body"), self.folder / "out")
        self.assertFalse((self.folder / "out").exists())

    @staticmethod
    def write_without_head(folder):
        AutoModel.from_pretrained(BUNDLED).save_pretrained(folder)
        AutoTokenizer.from_pretrained(BUNDLED).save_pretrained(folder)

    def write_changed(self, name, file, content):
        """A copy of the bundled model with another file in it."""
        shutil.copytree(BUNDLED, self.folder / name)
        (self.folder / name / file).write_text(content)
        return self.folder / name

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
        # All but a few ended with a traceback and 1.
        out = self.folder / "out"
        self.write_without_head(self.folder / "body")
        (self.folder / "empty").mkdir()
        for model, target, code, said in (
                (BUNDLED, out, 0, "written"), (BUNDLED, out, 2, "not there yet"),
                (self.folder / "none", self.folder / "other", 3, "none"),
                (self.folder / "empty", self.folder / "other", 3, "empty"),
                (self.folder / "body", self.folder / "other", 4, "classifier.weight"),
                (self.write_changed("weights", "model.safetensors", "no weights"), self.folder / "other", 4, "weights"),
                (self.write_changed("config", "config.json", "{"), self.folder / "other", 4, "config"),
                (self.write_changed("kind", "config.json", '{"model_type": "mamba9"}'), self.folder / "other", 5, "mamba9"),
                (self.write_changed("task", "config.json", '{"model_type": "whisper"}'), self.folder / "other", 5, "WhisperConfig"),
                (BUNDLED, self.folder / "empty.txt" / "other", 7, "empty.txt")):
            (self.folder / "empty.txt").touch()
            with self.subTest(model=model, code=code):
                done = subprocess.run([sys.executable, "-m", "tastevin.export", model, target], capture_output=True,
                                      text=True, check=False, env=os.environ | {"PYTHONPATH": PACKAGE})

                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(said, done.stdout + done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 0 if code == 0 else 1, done.stderr)

    def test_the_command_says_of_each_kind_how_it_ended(self):
        # Those that no folder of these tests brings about.
        for error, code in ((tastevin.RejectedError("x"), 8), (PermissionError("the Hub refuses"), 11),
                            (PermissionError(errno.EACCES, "x"), 7), (tastevin.UnavailableError("x"), 7),
                            (RuntimeError("x"), 70), (KeyboardInterrupt(), 130), (ImportError("torch"), 2)):
            said = io.StringIO()
            with (self.subTest(error=error), unittest.mock.patch("tastevin.export.export", side_effect=error),
                  unittest.mock.patch("tastevin.export._silence"), contextlib.redirect_stderr(said)):
                self.assertEqual(tastevin.export.main(["model", "out"]), code)
                self.assertEqual(len(said.getvalue().splitlines()), 0 if code == 130 else 1)


if __name__ == "__main__":
    unittest.main()
