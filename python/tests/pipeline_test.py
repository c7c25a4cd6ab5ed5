"""tastevin.pipeline: what transformers' pipeline gives for the same calls (goldens of tools/make_pipeline_golden.py)."""

import functools
import json
import os
import pickle
import sqlite3
import sys
import threading
import unittest
import unittest.mock

import tastevin
from pipeline_calls import CALLS, DIFFERENT, ROOT, difference, filled, folders, kind_of, outcome_of, task_of
from models import BUNDLED, loaded
from tastevin import _stream

GOLDEN = json.loads((ROOT / "tests" / "golden" / "pipeline.json").read_text())


class Pipeline(unittest.TestCase):
    maxDiff = None

    def test_every_call_gives_what_transformers_gives(self):
        self.assertEqual(len(GOLDEN["outcomes"]), len(CALLS), "run make goldens")
        with folders() as models:
            outcome = self.outcomes(models)
            for call, expected in zip(CALLS, GOLDEN["outcomes"]):
                with self.subTest(call=call):
                    self.assertIsNone(difference(outcome(*call), expected))

    def test_what_differs_is_as_the_page_tells(self):
        with folders() as models:
            outcome = self.outcomes(models)
            for *call, _, here in DIFFERENT:
                with self.subTest(call=call):
                    self.assertEqual(kind_of(outcome(*call)), here)

    @staticmethod
    def outcomes(models):
        """What gives the outcome of a call."""
        classifier = functools.cache(lambda model: tastevin.Classifier(models[model]))

        def outcome(model, arguments, expression):
            given = models[model] if arguments else classifier(model)  # most arguments are about loading
            return outcome_of(
                lambda: tastevin.pipeline(task_of(model), given, **filled(arguments, models[model])), expression)

        return outcome

    def test_a_folder_is_loaded(self):
        pipe = tastevin.pipeline("sentiment-analysis", model=BUNDLED, device="cpu")

        self.assertEqual(pipe("I had a wonderful day")[0]["label"], "POSITIVE")
        self.assertEqual(pipe.device, "CPU")

    def test_a_text_over_the_limit_is_an_error_unless_it_is_cut(self):
        with self.assertRaisesRegex(ValueError, "512"):
            tastevin.pipeline("text-classification", loaded())("good " * 700)

    def test_an_unknown_task_is_named(self):
        with self.assertRaisesRegex(KeyError, "summarization"):
            tastevin.pipeline("summarization", loaded())

    def test_an_unknown_keyword_is_named(self):
        with self.assertRaisesRegex(TypeError, "max_lenght"):
            tastevin.pipeline("text-classification", loaded())("good", max_lenght=5)

    def test_a_model_in_memory_is_told_how_to_come_in(self):
        # Beside a tokenizer it was that which was refused.
        with self.assertRaisesRegex(TypeError, "export_torch"):
            tastevin.pipeline("text-classification", object(), tokenizer=object())

    def test_half_precision_on_a_cpu_is_that_of_f32(self):
        # Few CPUs compute in f16 by OpenVINO, which was a NotImplementedError about a flag of the command.
        pipe = tastevin.pipeline("text-classification", BUNDLED, dtype="float16", device="cpu")

        self.assertEqual(pipe.model.precision, "f32")

    def test_a_token_is_the_one_of_the_hub_while_a_model_is_loaded(self):
        seen = []

        class Loading(tastevin.Classifier):
            def __init__(self, model, **options):
                seen.append({name: os.environ.get(name) for name in ("HF_TOKEN", "HF_HUB_DISABLE_IMPLICIT_TOKEN")})
                super().__init__(model, **options)

        with (unittest.mock.patch.object(sys.modules["tastevin.pipeline"], "Classifier", Loading),
              unittest.mock.patch.dict(os.environ, {"HF_TOKEN": "mine"})):
            for arguments in ({"token": "hf_other"}, {"use_auth_token": "hf_other"}, {"token": False}, {"token": True}, {}):
                tastevin.pipeline("text-classification", BUNDLED, **arguments)
            self.assertEqual(os.environ["HF_TOKEN"], "mine")
            self.assertNotIn("HF_HUB_DISABLE_IMPLICIT_TOKEN", os.environ)

        self.assertEqual([tuple(found.values()) for found in seen],
                         [("hf_other", "0"), ("hf_other", "0"), ("mine", "1"), ("mine", None), ("mine", None)])
        with self.assertRaisesRegex(ValueError, "token"):
            tastevin.pipeline("text-classification", BUNDLED, token=5)

    def test_a_pickle_answers_alike(self):
        pipe = tastevin.pipeline("text-classification", loaded(), top_k=None, truncation=True)

        other = pickle.loads(pickle.dumps(pipe))

        self.assertEqual(other("a good film " * 300), pipe("a good film " * 300))

    def test_the_tokenizer_is_the_models_own(self):
        with self.assertRaisesRegex(NotImplementedError, "another"):
            tastevin.pipeline("text-classification", loaded(), tokenizer="another")


class Stream(unittest.TestCase):
    pipe = staticmethod(tastevin.pipeline("text-classification", loaded()))

    def test_answers_come_while_texts_are_still_made(self):
        answers = iter(self.pipe(text for text in self.endless()))

        self.assertEqual([next(answers)["label"] for _ in range(3)], ["POSITIVE"] * 3)

    @staticmethod
    def endless():
        while True:
            yield "I had a wonderful day"

    def test_an_error_of_the_generator_comes_after_the_answers_before_it(self):
        def texts():
            yield "I had a wonderful day"
            raise LookupError("no more")

        answers = self.pipe(texts())

        self.assertEqual(next(answers)["label"], "POSITIVE")
        with self.assertRaisesRegex(LookupError, "no more"):
            next(answers)

    def test_texts_are_read_on_the_thread_that_asks(self):
        # A thread of its own read them: SQLite refuses another thread, and context variables are others there.
        def threads():
            for _ in range(50):
                seen.append(threading.get_ident())
                yield "good"

        seen = []
        rows = sqlite3.connect(":memory:").execute("select 'a wonderful film' union all select 'an awful film'")

        labels = [answer["label"] for answer in self.pipe(text for text, in rows)]

        self.assertEqual(sorted(labels), ["NEGATIVE", "POSITIVE"])
        self.assertEqual(len(list(self.pipe(threads()))), 50)
        self.assertEqual(set(seen), {threading.get_ident()})

    def test_the_first_answer_takes_one_text(self):
        # 2,049 were taken, whether or not anybody asked for their answers.
        texts = iter(["good"] * 100)

        next(self.pipe(texts))

        self.assertEqual(len(list(texts)), 99)

    def test_texts_that_are_there_are_answered_together(self):
        blocks = []

        answers = list(_stream.Answers(iter(range(1000)), lambda block: blocks.append(len(block)) or block, None))

        self.assertEqual(answers, list(range(1000)))
        self.assertEqual(blocks[0], 1)
        self.assertGreater(max(blocks), 1)

    def test_a_batch_size_is_the_number_of_texts_that_are_read(self):
        blocks = []

        list(_stream.Answers(iter(range(7)), lambda block: blocks.append(len(block)) or block, 3))

        self.assertEqual(blocks, [3, 3, 1])

    def test_the_error_of_a_text_stands_in_the_place_of_its_answer(self):
        # The error of one text was that of its whole block.
        texts = ["good", "bad", None, "good ", "good " * 700, "bad"]
        for size in (None, 1, 6):
            with self.subTest(batch_size=size):
                answers = self.pipe(iter(texts), batch_size=size)

                self.assertEqual([self.outcome(answers) for _ in texts],
                                 ["POSITIVE", "NEGATIVE", "ValueError", "POSITIVE", "ValueError", "NEGATIVE"])
                self.assertEqual(list(answers), [])

    @staticmethod
    def outcome(answers):
        try:
            return next(answers)["label"]
        except ValueError as error:
            return type(error).__name__


if __name__ == "__main__":
    unittest.main()
