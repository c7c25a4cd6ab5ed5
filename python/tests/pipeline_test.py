"""tastevin.pipeline: what transformers' pipeline gives for the same calls (goldens of tools/make_pipeline_golden.py)."""

import functools
import json
import unittest

import tastevin
from pipeline_calls import CALLS, ROOT, difference, filled, folders, outcome_of, task_of
from models import BUNDLED, loaded

GOLDEN = json.loads((ROOT / "tests" / "golden" / "pipeline.json").read_text())


class Pipeline(unittest.TestCase):
    maxDiff = None

    def test_every_call_gives_what_transformers_gives(self):
        self.assertEqual(len(GOLDEN["outcomes"]), len(CALLS), "run make goldens")
        with folders() as models:
            classifier = functools.cache(lambda model: tastevin.Classifier(models[model]))
            for (model, arguments, expression), expected in zip(CALLS, GOLDEN["outcomes"]):
                with self.subTest(model=model, arguments=arguments, call=expression):
                    given = models[model] if arguments else classifier(model)  # most arguments are about loading
                    found = outcome_of(
                        lambda: tastevin.pipeline(task_of(model), given, **filled(arguments, models[model])), expression)
                    self.assertIsNone(difference(found, expected))

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


if __name__ == "__main__":
    unittest.main()
