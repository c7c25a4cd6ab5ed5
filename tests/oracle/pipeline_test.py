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
from pipeline_calls import CALLS, difference, filled, folders, of_transformers, outcome_of, task_of  # noqa: E402


class Pipeline(unittest.TestCase):
    def test_every_call_gives_what_transformers_gives(self):
        with folders() as models:
            for model, arguments, expression in CALLS:
                with self.subTest(model=model, arguments=arguments, call=expression):
                    folder = str(models[model])
                    expected = outcome_of(
                        functools.partial(transformers.pipeline, task_of(model), folder, **of_transformers(arguments, folder)),
                        expression)
                    found = outcome_of(
                        functools.partial(tastevin.pipeline, task_of(model), folder, **filled(arguments, folder)), expression)
                    self.assertIsNone(difference(found, expected))


if __name__ == "__main__":
    unittest.main()
