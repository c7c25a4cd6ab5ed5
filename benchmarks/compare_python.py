#!/usr/bin/env python3
"""Times the pipeline of the Python package against those of transformers and optimum-intel, in turns, and writes a
Markdown table.

    benchmarks/compare_python.py MODEL [--mix sst2|long] [--texts FILE] [--n 400] [--rounds 3] [--out FILE]

MODEL is a checkpoint folder. It is converted once, and the package and optimum-intel start from what that gave. Each
run is a fresh process: from its start to the first label, then the better of one text at a time and of all texts as a
list (peers: batches of 32), then the memory that it holds at most. `tastevin bench` runs before and after the package;
a share is that of the mean of the two. Figures are medians over the rounds, with the least and the most.
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from measuring import ROOT, SHARED, bench, finish, heading, output_of, spread, texts_of, write_lines

HERE = Path(__file__).resolve().parent

LOADS = {
    "tastevin": """
from tastevin import pipeline
pipe = pipeline("text-classification", model=converted, truncation=True)
""",
    "tastevin, mode latency": """
from tastevin import pipeline
pipe = pipeline("text-classification", model=converted, truncation=True, mode="latency")
""",
    "transformers": """
from transformers import pipeline
pipe = pipeline("text-classification", model=checkpoint, device="cpu", truncation=True)
""",
    "optimum-intel": """
from optimum.intel import OVModelForSequenceClassification
from transformers import AutoTokenizer, pipeline
model = OVModelForSequenceClassification.from_pretrained(converted, ov_config={"INFERENCE_PRECISION_HINT": "f32"})
pipe = pipeline("text-classification", model=model, tokenizer=AutoTokenizer.from_pretrained(converted), truncation=True)
""",
}

CHILD = """
import json, resource, sys
checkpoint, converted, path = sys.argv[1:]
texts = open(path, encoding="utf-8").read().splitlines()
{load}
pipe(texts[0])
print("first label", flush=True)

from measuring import best_seconds
few = texts[:100]
alone = best_seconds(lambda: [pipe(text) for text in few]) / len(few) * 1e3
listed = best_seconds(lambda: pipe(texts, batch_size=32)) / len(texts) * 1e3
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"one_ms": alone, "ms": min(alone, listed), "peak_mb": most}}))
"""


def run(name, options, converted, texts):
    """{"start_s", "one_ms", "ms", "peak_mb"} of one fresh process."""
    ours = name.startswith("tastevin")
    python = options.python if ours else options.peers_python
    command = [python, "-c", CHILD.format(load=LOADS[name]), options.model, converted, texts]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    environment["PYTHONPATH"] = os.pathsep.join([str(HERE), options.package] if ours and options.package else [str(HERE)])
    before = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as child:
        started = child.stdout.readline()
        start = time.perf_counter() - before
        rest, errors = child.communicate()
    if child.returncode or not started:
        raise SystemExit(f"compare_python: {name} failed: {(errors.strip().splitlines() or ['no output'])[-1]}")
    return {"start_s": start, **json.loads(rest.splitlines()[-1])}


def bench_ms(options, converted, texts):
    return 1e3 / bench(converted, texts, "f32", options)["texts_per_s"]


def table(options, converted, texts):
    found, shares = {name: [] for name in LOADS}, []
    before = bench_ms(options, converted, texts)
    for number in range(options.rounds):
        for name in LOADS:
            found[name].append(run(name, options, converted, texts))
            if name == "tastevin":
                after = bench_ms(options, converted, texts)
                shares.append((before + after) / 2 / found[name][-1]["ms"])
        before = bench_ms(options, converted, texts)
        print(f"round {number + 1} of {options.rounds}: {({n: runs[-1] for n, runs in found.items()})}, share {shares[-1]:.3f}",
              flush=True)
    lines = ["| pipeline, f32 | ms a text | times tastevin | one text, ms | start to first label, s | memory at most, MB |",
             "| --- | --- | --- | --- | --- | --- |"]
    for name, runs in found.items():
        ratios = [other["ms"] / own["ms"] for other, own in zip(runs, found["tastevin"])]
        column = {key: [each[key] for each in runs] for key in runs[0]}
        lines.append(f"| {name} | {spread(column['ms'])} | {spread(ratios)} | {spread(column['one_ms'])} | "
                     f"{spread(column['start_s'])} | {statistics.median(column['peak_mb']):.0f} |")
    return lines + ["", f"The package reaches {spread(shares, 3)} of the throughput of `tastevin bench`."]


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--mix", choices=("sst2", "long"), default="sst2")
    parser.add_argument("--texts", help="a file of texts, one a line, instead of a mix")
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="of each run of bench, at least")
    parser.add_argument("--binary", default=str(ROOT / "build/release/tastevin"))
    parser.add_argument("--python", default=str(ROOT / ".python/bin/python"), help="that has OpenVINO and Arrow, or the wheel")
    parser.add_argument("--package", default=str(ROOT / "build/release/python"), help="'' where --python has the wheel")
    parser.add_argument("--peers-python", default=str(ROOT / ".oracle/bin/python"), help="that has the peers")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with data/sst2")
    parser.add_argument("--out", help="where to write the table too")
    return parser.parse_args()


def main():
    options = parse()
    texts = texts_of(options)
    options.n = len(texts)
    with tempfile.TemporaryDirectory() as folder:
        path, converted = Path(folder, "texts.txt"), str(Path(folder, "converted"))
        write_lines(path, texts)
        output_of([options.binary, "convert", options.model, converted])
        finish(heading(options) + table(options, converted, str(path)), options)


if __name__ == "__main__":
    main()
