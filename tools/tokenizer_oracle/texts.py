"""Real text: the shared data sets, line by line. Goldens name a line instead of copying it."""

import pathlib

SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared"
FILES = (
    "sst2/dev.tsv",
    "sst2/train.tsv",
    "multilingual.csv",
    "injection/train.csv",
    "injection/validation.csv",
    "injection/test.csv",
)


def lines(name):
    """The lines of one data file as they stand, quotes and tabs included; only a line feed ends a line."""
    text = (SHARED / "data" / name).read_bytes().decode("utf-8")
    return text.removesuffix("\n").split("\n")


def sentences(name):
    """The lines without the label column of a .tsv file."""
    return [line.split("\t", 1)[-1] for line in lines(name)[1:]]


def everything():
    return [text for name in FILES for text in sentences(name)]
