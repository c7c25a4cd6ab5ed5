#!/usr/bin/env python3
"""Times the product and what a user would pick instead on the same texts, in turns, and writes a Markdown table.

    benchmarks/compare.py MODEL [--mix sst2|long|order] [--texts FILE] [--n 400] [--rounds 3] [--out FILE]

MODEL is a checkpoint folder. The peers run by bench/peers.py of the shared folder beside this tree (--peers-program), in
the Python that has them (--python): transformers on torch, ONNX Runtime, optimum-intel. Runs alternate, product, peer,
product, peer, ...; a ratio is a peer's time over the mean of the product's just before and just after, so a drift of the
machine meets both. Each ratio is a median over the rounds, with the least and the most.

  sst2    the first n sentences of SST-2's development set, as they come
  long    the same sentences joined to n texts of log-normal length: median 90 tokens, up to 512
  order   no peers: the product on all of SST-2 dev as it comes against the same sorted by length
"""

import argparse
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
TOKENS_A_WORD = 1.2  # of SST-2 in WordPiece
PEERS = ("optimum", "ort", "torch")
NAMES = {"optimum": "optimum-intel", "ort": "ONNX Runtime", "torch": "transformers pipeline"}


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


class Product:
    def __init__(self, options):
        self.options = options

    def report(self, texts, precision):
        model = self.options.product_model or self.options.model
        command = [self.options.binary, "bench", model, "--texts", texts, "--json"]
        command += ["--seconds", str(self.options.seconds), "--precision", precision]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def ms(self, texts):
        """Milliseconds a text by precision."""
        return {p: 1e3 / self.report(texts, p)["texts_per_s"] for p in self.options.precisions.split(",")}


def settings_of(report):
    """{"f32, batch 32": ms, ...} of one line of peers.py."""
    found = {}
    for key, value in report.items():
        if isinstance(value, dict):
            found.update({f"{key}, batch {batch[1:]}": ms for batch, ms in value.items()})
        elif key in ("b1", "b32"):
            found[f"f32, batch {key[1:]}"] = value
    return found


def run_peer(name, texts, options):
    command = [options.python, options.peers_program, options.model, texts, "--n", str(options.n), "--only", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    report = json.loads(done.stdout.splitlines()[-1])
    if "failed" in report:
        raise SystemExit(f"compare: {name} failed: {report['failed']}")
    return settings_of(report)


def mean_of(before, after):
    return {key: (before[key] + after[key]) / 2 for key in before}


def spread(values, places=2):
    least, most = min(values), max(values)
    return f"{statistics.median(values):.{places}f} ({least:.{places}f} to {most:.{places}f})"


def compare_peers(texts, options):
    """Rows (peer, setting, its ms, {precision: ratios}), and the product's ms by precision."""
    product = Product(options)
    peer_ms, ratios, ours = defaultdict(list), defaultdict(lambda: defaultdict(list)), defaultdict(list)
    before = product.ms(texts)
    for number in range(options.rounds):
        for peer in options.peers.split(","):
            found = run_peer(peer, texts, options)
            after = product.ms(texts)
            for precision, ms in after.items():
                ours[precision].append(ms)
            for setting, ms in found.items():
                peer_ms[peer, setting].append(ms)
                for precision, own in mean_of(before, after).items():
                    ratios[peer, setting][precision].append(ms / own)
            before = after
            print(f"round {number + 1} of {options.rounds}: {peer} {found}, ours {after}", file=sys.stderr, flush=True)
    return peer_ms, ratios, ours


def peers_table(texts, options):
    peer_ms, ratios, ours = compare_peers(texts, options)
    precisions = options.precisions.split(",")
    lines = ["| | ms a text | " + " | ".join(f"times Tastevin in {p}" for p in precisions) + " |"]
    lines.append("| --- " * (2 + len(precisions)) + "|")
    for precision in precisions:
        lines.append(f"| Tastevin, {precision} | {spread(ours[precision])} |" + " |" * len(precisions))
    for (peer, setting), ms in peer_ms.items():
        cells = [spread(ratios[peer, setting][p]) for p in precisions]
        lines.append(f"| {NAMES[peer]}, {setting} | {spread(ms)} | " + " | ".join(cells) + " |")
    return lines


def order_table(folder, options):
    """All of SST-2 dev: as it comes, and sorted by length."""
    sentences = sst2(options.shared)
    arrival, in_order = Path(folder, "arrival.txt"), Path(folder, "sorted.txt")
    arrival.write_text("\n".join(sentences) + "\n", encoding="utf-8")
    in_order.write_text("\n".join(sorted(sentences, key=len)) + "\n", encoding="utf-8")
    product = Product(options)
    lines = ["| | as they come, ms a text | sorted, ms a text | ratio |", "| --- | --- | --- | --- |"]
    runs = [(product.ms(str(arrival)), product.ms(str(in_order))) for _ in range(options.rounds)]
    for precision in options.precisions.split(","):
        came, was_sorted = [a[precision] for a, _ in runs], [b[precision] for _, b in runs]
        ratio = spread([a / b for a, b in zip(came, was_sorted)], 3)
        lines.append(f"| {precision} | {spread(came)} | {spread(was_sorted)} | {ratio} |")
    return lines


def machine():
    """The processor as the system calls it, and how many of its cores this process may use."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    fields = dict(part for part in (tuple(s.strip() for s in line.split(":", 1)) for line in info) if len(part) == 2)
    model = f"{fields.get('model name', platform.processor())}, family {fields.get('cpu family')} model {fields.get('model')}"
    return f"{model}; {len(os.sched_getaffinity(0))} cores"


def write(lines, options):
    head = [f"{machine()}; {Path(options.model).name}; mix `{options.texts or options.mix}`, {options.n} texts, "
            f"{options.rounds} rounds", ""]
    text = "\n".join(head + lines) + "\n"
    print(text)
    if options.out:
        Path(options.out).write_text(text, encoding="utf-8")


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--mix", choices=("sst2", "long", "order"), default="sst2")
    parser.add_argument("--texts", help="a file of texts, one a line, instead of a mix")
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1, help="for each measurement of the product, at least")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--precisions", default="f32,bf16", help="of the product")
    parser.add_argument("--product-model", help="what the product runs instead of MODEL: its int8 form, say")
    parser.add_argument("--binary", default=str(ROOT / "build/release/tastevin"))
    parser.add_argument("--python", default=str(ROOT / ".oracle/bin/python"), help="that has the peers")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with data/sst2 and bench/peers.py")
    parser.add_argument("--peers-program", help="default: bench/peers.py of the shared folder")
    parser.add_argument("--out", help="where to write the table too")
    options = parser.parse_args()
    options.peers_program = options.peers_program or str(options.shared / "bench/peers.py")
    for needed in (options.binary, options.python, options.peers_program, options.shared / "data/sst2/dev.tsv"):
        if not Path(needed).exists():
            raise SystemExit(f"compare: {needed} is not there")
    return options


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        if options.mix == "order" and not options.texts:
            write(order_table(folder, options), options)
            return
        texts = texts_of(options)
        options.n = len(texts)
        path = Path(folder, "texts.txt")
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        write(peers_table(str(path), options), options)


if __name__ == "__main__":
    main()
