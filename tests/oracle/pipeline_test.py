"""tastevin.pipeline and transformers side by side on the same models: the calls of python/tests/pipeline_calls.py, live.

    make oracle-test
"""

import functools
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "build" / "release" / "python"), str(ROOT / "python" / "tests")]

import tastevin  # noqa: E402: of the build
import transformers  # noqa: E402
from pipeline_calls import (CALLS, DIFFERENT, difference, filled, folders, kind_of, of_transformers, outcome_of,  # noqa: E402
                            task_of)


class Pipeline(unittest.TestCase):
    def test_every_call_gives_what_transformers_gives(self):
        with folders() as models:
            for model, arguments, expression in CALLS:
                with self.subTest(model=model, arguments=arguments, call=expression):
                    found = outcome_of(
                        functools.partial(tastevin.pipeline, task_of(model), models[model], **filled(arguments, models[model])),
                        expression)
                    self.assertIsNone(difference(found, self.outcome_of_transformers(models, model, arguments, expression)))

    def test_what_differs_is_told_in_the_page(self):
        with folders() as models:
            for model, arguments, expression, theirs, _ in DIFFERENT:  # ours: python/tests/pipeline_test.py
                with self.subTest(model=model, arguments=arguments, call=expression):
                    found = self.outcome_of_transformers(models, model, arguments, expression)
                    self.assertEqual(kind_of(found), theirs)

    @staticmethod
    def outcome_of_transformers(models, model, arguments, expression):
        folder = str(models[model])
        return outcome_of(
            functools.partial(transformers.pipeline, task_of(model), folder, **of_transformers(arguments, folder)), expression)


if __name__ == "__main__":
    unittest.main()
