"""What the tests of Spark and Ray share: rows, and what the command says of them.

Imported before them: the processes that they start find the package of the build, and this file, by what is set here.
"""

import csv
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "build" / "release" / "python"
MODEL = ROOT / "models" / "sst2-tiny"
BINARY = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin"))
SCORE_TOLERANCE = 1e-5  # the same texts in other rows of a request
sys.path.insert(0, str(PACKAGE))
os.environ["PYTHONPATH"] = os.pathsep.join([str(PACKAGE), str(Path(__file__).parent)])
MOODS = "wonderful horrible dull moving slow funny flat bright".split()
TEXTS = [f"a {MOODS[i % 8]} film, {'not ' * (i % 3)}number {i}" for i in range(6000)]


def answers_of_command(rows, folder):
    """[(label, score)] of `tastevin classify --input`."""
    source, out = Path(folder) / "rows.csv", Path(folder) / "labels.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([("text",), *((row,) for row in rows)])
    subprocess.run([BINARY, "classify", "--model", MODEL, "--input", source, "--column", "text", "--output", out, "--quiet"],
                   check=True)
    with out.open(newline="") as file:
        return [(row["label"], float(row["score"])) for row in csv.DictReader(file)]


class RowsTest(unittest.TestCase):
    """Has a folder, and the `expected` labels and scores of TEXTS."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.expected = answers_of_command(TEXTS, cls.folder)

    def check(self, found):
        self.assertEqual([label for label, _ in found], [label for label, _ in self.expected])
        for (_, score), (_, other) in zip(found, self.expected):
            self.assertAlmostEqual(score, other, delta=SCORE_TOLERANCE)


def die_once(marker):
    """Ends this process the first time that any process comes here."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), 9)
