"""What the tests of Spark and Ray share: rows, and what the command says of them."""

import csv
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "build" / "release" / "python"
MODEL = ROOT / "models" / "sst2-tiny"
BINARY = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin"))
SCORE_TOLERANCE = 1e-5  # the same texts in other rows of a request
sys.path.insert(0, str(PACKAGE))


def texts(count):
    moods = "wonderful horrible dull moving slow funny flat bright".split()
    return [f"a {moods[i % 8]} film, {'not ' * (i % 3)}number {i}" for i in range(count)]


def answers_of_command(rows, folder):
    """[(label, score)] of `tastevin classify --input`."""
    source, out = Path(folder) / "rows.csv", Path(folder) / "labels.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows([("text",), *((row,) for row in rows)])
    subprocess.run([BINARY, "classify", "--model", MODEL, "--input", source, "--column", "text", "--output", out, "--quiet"],
                   check=True)
    with out.open(newline="") as file:
        return [(row["label"], float(row["score"])) for row in csv.DictReader(file)]


def check(test, found, expected):
    test.assertEqual([label for label, _ in found], [label for label, _ in expected])
    for (_, score), (_, other) in zip(found, expected):
        test.assertAlmostEqual(score, other, delta=SCORE_TOLERANCE)


def die_once(marker):
    """Ends this process the first time that any process comes here."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), 9)
