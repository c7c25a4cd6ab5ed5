"""The type stubs of the native module are those that it gives.

After a change of the module: `python/tests/stubs_test.py --write` with PYTHONPATH=build/release/python.
"""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

KEPT = Path(__file__).resolve().parent.parent / "tastevin" / "_native.pyi"
PATTERNS = Path(__file__).resolve().parent / "stubs.pat"


def write_stubs(file):
    command = [sys.executable, "-m", "nanobind.stubgen", "-q", "-p", PATTERNS, "-m", "tastevin._native", "-o", file]
    subprocess.run(command, check=True)


class Stubs(unittest.TestCase):
    def test_are_those_of_the_module(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "_native.pyi")
            write_stubs(file)

            self.assertEqual(KEPT.read_text(), file.read_text(), f"write them anew: {Path(__file__).name} --write")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write_stubs(KEPT)
    else:
        unittest.main()
