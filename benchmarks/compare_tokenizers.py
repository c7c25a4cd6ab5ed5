#!/usr/bin/env python3
"""Times the tokenizer against Hugging Face `tokenizers` and, for WordPiece, `flash-tokenizer`, in turns, on one thread.

    benchmarks/compare_tokenizers.py DIR [DIR ...] --texts FILE [--rounds 5] [--out FILE]

Each DIR holds a tokenizer.json (and a vocab.txt where it is WordPiece). Every program encodes the same texts, whole, in
lists of 20,000 and more; a rate is the best of three passes, a figure the median over the rounds. The peers run in the
Python that has them (--python), each in a process of its own.
"""

import argparse
import json
import statistics
from pathlib import Path

from measuring import ROOT, finish, output_of, spread

# Run by --python with the folder and the file of texts; prints {name: megabytes a second}.
PEERS = r"""
import json, os, sys
os.environ["TOKENIZERS_PARALLELISM"] = "false"
benchmarks, folder, file = sys.argv[1:]
sys.path.insert(0, benchmarks)
from measuring import best_seconds
lines = open(file, encoding="utf-8").read().splitlines()
column = lines[0].split("\t").index("sentence") if file.endswith(".tsv") else 0
texts = [line.split("\t")[column] for line in lines[file.endswith(".tsv"):]]
many = texts * max(1, 20000 // len(texts))
size = sum(len(text.encode()) for text in many)

def rate(run):
    return size / best_seconds(run) / 1e6

from tokenizers import Tokenizer
tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
tokenizer.no_padding()
tokenizer.no_truncation()
rates = {"tokenizers": rate(lambda: tokenizer.encode_batch_fast(many)),
         "tokenizers, offsets": rate(lambda: tokenizer.encode_batch(many))}
if os.path.exists(folder + "/vocab.txt"):
    from flash_tokenizer import BertTokenizerFlash
    flash = BertTokenizerFlash(folder + "/vocab.txt", do_lower_case=True, model_max_length=512).tokenizer
    rates["flash-tokenizer"] = rate(lambda: flash.batch_encode(many, "longest", 512, False))
print(json.dumps(rates))
"""


def ours(folder, options, offsets):
    command = [options.binary, "bench", "tokenizer", "--model", folder, "--texts", options.texts, "--json"]
    command += ["--seconds", "1"] + (["--offsets"] if offsets else [])
    return json.loads(output_of(command))["mb_per_s"]


def peers(folder, options):
    return json.loads(output_of([options.python, "-c", PEERS, Path(__file__).resolve().parent, folder, options.texts]).splitlines()[-1])


def rows_of(folder, options):
    """Rows of the table: a peer, its rate, ours in the same rounds, and how many times faster ours is."""
    rounds = []
    for _ in range(options.rounds):
        own = {offsets: ours(folder, options, offsets) for offsets in (False, True)}
        rounds.append((own, peers(folder, options)))
    for peer in rounds[0][1]:
        with_offsets = peer.endswith("offsets")
        theirs = [peer_rates[peer] for _, peer_rates in rounds]
        mine = [own[with_offsets] for own, _ in rounds]
        ratios = [a / b for a, b in zip(mine, theirs)]
        yield (f"| {Path(folder).name} | {peer} | {statistics.median(theirs):.2f} | {statistics.median(mine):.1f} | "
               f"{spread(ratios, 1)} |")


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="DIR")
    parser.add_argument("--texts", required=True, help="one text a line, or a .tsv with a column `sentence`")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--binary", default=str(ROOT / "build/release/tastevin"))
    parser.add_argument("--python", default=str(ROOT / ".oracle/bin/python"), help="that has the peers")
    parser.add_argument("--out", help="where to write the table too")
    return parser.parse_args()


def main():
    options = parse()
    lines = ["| vocabulary | peer | its MB/s | Tastevin's MB/s | times faster |", "| --- | --- | --- | --- | --- |"]
    for folder in options.folders:
        lines += rows_of(folder, options)
    finish(lines, options)


if __name__ == "__main__":
    main()
