"""The examples of docs/python.md run."""

import contextlib
import io
import os
import re
import unittest

from models import ROOT

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
PAGE = ROOT / "docs" / "python.md"


class Pages(unittest.TestCase):
    def test_every_block_runs_and_prints_what_its_comments_say(self):
        blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
        self.assertGreater(len(blocks), 1)
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(ROOT)
        for block in blocks:
            with self.subTest(block=block), contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(block, str(PAGE), "exec"), {})  # noqa: S102: an example of this repository
                for said in re.findall(r"print\(.*\)  # (.*)", block):
                    self.assertIn(said, printed.getvalue())


if __name__ == "__main__":
    unittest.main()
