"""What the programs compare_*.py share: texts, a run of `tastevin bench`, and how figures are written."""

import json
import math
import os
import platform
import random
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
TOKENS_A_WORD = 1.2  # of SST-2 in WordPiece


def sst2(shared):
    lines = (shared / "data/sst2/dev.tsv").read_text(encoding="utf-8").splitlines()
    column = lines[0].split("\t").index("sentence")
    return [line.split("\t")[column] for line in lines[1:]]


def long_mix(sentences, n):
    """n texts of whole sentences, cut at the drawn number of words; always the same."""
    dice = random.Random(0)
    texts = []
    while len(texts) < n:
        tokens = min(512, max(6, dice.lognormvariate(math.log(90), 0.8)))
        words = (tokens - 2) / TOKENS_A_WORD  # two are special
        text = []
        while len(text) < words:
            text += dice.choice(sentences).split()
        texts.append(" ".join(text[: round(words)]))
    return texts


def texts_of(options):
    if options.texts:
        return Path(options.texts).read_text(encoding="utf-8").splitlines()[: options.n]
    sentences = sst2(options.shared)
    return long_mix(sentences, options.n) if options.mix == "long" else sentences[: options.n]


def write_lines(path, lines):
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def output_of(command):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


def bench(model, texts, precision, options):
    """What `tastevin bench` reports of a file of texts."""
    command = [options.binary, "bench", model, "--texts", texts, "--json", "--seconds", options.seconds]
    return json.loads(output_of([*command, "--precision", precision]))


def best_seconds(run):
    """The fastest of three passes, after one that is not counted."""
    run()
    took = []
    for _ in range(3):
        before = time.perf_counter()
        run()
        took.append(time.perf_counter() - before)
    return min(took)


def spread(values, places=2):
    least, most = min(values), max(values)
    return f"{statistics.median(values):.{places}f} ({least:.{places}f} to {most:.{places}f})"


def machine():
    """The processor as the system calls it, and how many of its cores this process may use."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    fields = dict(part for part in (tuple(s.strip() for s in line.split(":", 1)) for line in info) if len(part) == 2)
    model = f"{fields.get('model name', platform.processor())}, family {fields.get('cpu family')} model {fields.get('model')}"
    return f"{model}; {len(os.sched_getaffinity(0))} cores"


def heading(options):
    return [f"{machine()}; {Path(options.model).name}; mix `{options.texts or options.mix}`, {options.n} texts, "
            f"{options.rounds} rounds", ""]


def finish(lines, options):
    """Prints a table, and writes it where --out says."""
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if options.out:
        Path(options.out).write_text(text, encoding="utf-8")
