#!/usr/bin/env python3
"""Times the product and what a user would pick instead on the same texts, in turns, and writes a Markdown table.

    benchmarks/compare.py MODEL [--mix sst2|long|order] [--texts FILE] [--n 400] [--rounds 3] [--out FILE]

MODEL is a checkpoint folder. The peers run by peers.py (--peers-program) in the Python that has them (--python, made by
`make oracle`): transformers on torch, ONNX Runtime, optimum-intel. Runs alternate, product, peer, product, peer, ...; a
ratio is a peer's time over the mean of the product's just before and just after, so a drift of the machine meets both.
Each ratio is a median over the rounds, with the least and the most.

  sst2    the first n sentences of SST-2's development set, as they come
  long    the same sentences joined to n texts of log-normal length: median 90 tokens, up to 512
  order   no peers: the product on all of SST-2 dev as it comes against the same sorted by length
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from measuring import ROOT, SHARED, bench, finish, heading, output_of, spread, sst2, texts_of, write_lines

PEERS = ("optimum", "ort", "torch")
NAMES = {"optimum": "optimum-intel", "ort": "ONNX Runtime", "torch": "transformers pipeline"}


def product_ms(texts, options):
    """Milliseconds a text by precision."""
    model = options.product_model or options.model
    return {p: 1e3 / bench(model, texts, p, options)["texts_per_s"] for p in options.precisions.split(",")}


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
    report = json.loads(output_of(command).splitlines()[-1])
    if "failed" in report:
        raise SystemExit(f"compare: {name} failed: {report['failed']}")
    return settings_of(report)


def mean_of(before, after):
    return {key: (before[key] + after[key]) / 2 for key in before}


def compare_peers(texts, options):
    """Rows (peer, setting, its ms, {precision: ratios}), and the product's ms by precision."""
    peer_ms, ratios, ours = defaultdict(list), defaultdict(lambda: defaultdict(list)), defaultdict(list)
    before = product_ms(texts, options)
    for number in range(options.rounds):
        for peer in options.peers.split(","):
            found = run_peer(peer, texts, options)
            after = product_ms(texts, options)
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


def order_table(sentences, folder, options):
    """The same sentences as they come, and sorted by length."""
    arrival, in_order = Path(folder, "arrival.txt"), Path(folder, "sorted.txt")
    write_lines(arrival, sentences)
    write_lines(in_order, sorted(sentences, key=len))
    lines = ["| | as they come, ms a text | sorted, ms a text | ratio |", "| --- | --- | --- | --- |"]
    runs = [(product_ms(arrival, options), product_ms(in_order, options)) for _ in range(options.rounds)]
    for precision in options.precisions.split(","):
        came, was_sorted = [a[precision] for a, _ in runs], [b[precision] for _, b in runs]
        ratio = spread([a / b for a, b in zip(came, was_sorted)], 3)
        lines.append(f"| {precision} | {spread(came)} | {spread(was_sorted)} | {ratio} |")
    return lines


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
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with data/sst2")
    parser.add_argument("--peers-program", default=str(ROOT / "benchmarks/peers.py"), help="what runs the peers")
    parser.add_argument("--out", help="where to write the table too")
    options = parser.parse_args()
    options.orders = options.mix == "order" and not options.texts
    peers = () if options.orders else (options.python, options.peers_program)
    for needed in (options.binary, options.texts or options.shared / "data/sst2/dev.tsv", *peers):
        if not Path(needed).exists():
            raise SystemExit(f"compare: {needed} is not there")
    return options


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        if options.orders:
            sentences = sst2(options.shared)
            options.n = len(sentences)
            finish(heading(options) + order_table(sentences, folder, options), options)
            return
        texts = texts_of(options)
        options.n = len(texts)
        path = Path(folder, "texts.txt")
        write_lines(path, texts)
        finish(heading(options) + peers_table(path, options), options)


if __name__ == "__main__":
    main()
