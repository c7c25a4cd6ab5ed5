"""The differential run of the real vocabularies at a fiftieth of its size: no string may differ from `tokenizers`.

    make oracle-test
"""

import subprocess
import sys
import unittest
from pathlib import Path


class Tokenizer(unittest.TestCase):
    def test_strings_of_all_kinds_give_the_encodings_of_the_reference(self):
        command = [sys.executable, Path(__file__).with_name("tokenizer_differential.py"), "--scale", "0.02"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)

        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
