"""Compares our tokenizer with Hugging Face `tokenizers` over millions of strings: ids, offsets, type ids, special mask.

    .oracle/bin/python tests/oracle/tokenizer_differential.py [--driver build/release/tests/tokenize_stream]
        [--scale 1] [--report FILE] [TOKENIZER ...]

A TOKENIZER is a name in ../shared/tokenizers or a folder. Ends with 1 when any string differs, after it has shrunk and
printed the first few; `--report FILE` appends those to a file. The strings are the same on every run.
"""

import argparse
import collections
import itertools
import os
import pathlib
import random
import struct
import subprocess
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "tokenizer_oracle"))

import tokenizers

import cases
import probes
import strings
import texts

REAL = ("bert-uncased", "gpt2", "deberta-v3")
CHUNK = 20_000
SHOWN = 8
Options = collections.namedtuple("Options", "max_length truncation special_tokens", defaults=(0, "right", True))
DEFAULTS = Options()


def folder_of(name):
    shared = texts.SHARED / "tokenizers" / name
    return shared if shared.is_dir() else pathlib.Path(name)


def oracle(folder):
    if (folder / "tokenizer.json").exists():
        return tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    import transformers

    reader = (
        transformers.AutoTokenizer if (folder / "tokenizer_config.json").exists() else transformers.BertTokenizerFast
    )
    return reader.from_pretrained(str(folder)).backend_tokenizer


def expected(tokenizer, inputs, options):
    tokenizer.no_padding()
    if options.max_length:
        tokenizer.enable_truncation(options.max_length, direction=options.truncation)
    else:
        tokenizer.no_truncation()
    encodings = tokenizer.encode_batch(
        [i[0] if i[1] is None else i for i in inputs], add_special_tokens=options.special_tokens
    )
    return [cases.packed(encoding) for encoding in encodings]


def found(driver, folder, inputs, options):
    records = []
    for text, pair in inputs:
        text, pair_bytes = text.encode(), None if pair is None else pair.encode()
        records.append(
            struct.pack(
                "<IIIBB",
                len(text),
                0xFFFFFFFF if pair is None else len(pair_bytes),
                options.max_length,
                ("right", "left").index(options.truncation),
                options.special_tokens,
            )
        )
        records += [text, pair_bytes or b""]
    run = subprocess.run([driver, folder], input=b"".join(records), capture_output=True, check=False)
    if run.returncode != 0:
        raise SystemExit(f"{driver} {folder} ended with {run.returncode}: {run.stderr.decode(errors='replace')[-400:]}")
    return unpacked(run.stdout)


def unpacked(data):
    """The driver's output, cut into one piece an encoding."""
    pieces, at = [], 0
    while at < len(data):
        end = at + 4 + 14 * struct.unpack_from("<I", data, at)[0]
        pieces.append(data[at:end])
        at = end
    return pieces


def readable(piece):
    count = struct.unpack_from("<I", piece)[0]
    values = struct.unpack_from(f"<{count}i{count}B{count}B{2 * count}I", piece, 4)
    offsets = values[3 * count :]
    ids, types, special = (list(values[i * count : (i + 1) * count]) for i in range(3))
    spans = list(zip(offsets[::2], offsets[1::2], strict=True))
    return f"ids {ids} types {types} special {special} offsets {spans}"


class Comparison:
    """Asks both sides about the same inputs and keeps count."""

    def __init__(self, driver, folder):
        self.driver, self.folder, self.tokenizer = driver, folder, oracle(folder)
        self.strings = 0
        self.differing = []

    def differences(self, inputs, options):
        return [
            given
            for given, right, ours in zip(
                inputs,
                expected(self.tokenizer, inputs, options),
                found(self.driver, self.folder, inputs, options),
                strict=True,
            )
            if right != ours
        ]

    def compare(self, inputs, options=DEFAULTS):
        inputs = iter(inputs)
        while chunk := list(itertools.islice(inputs, CHUNK)):
            self.strings += len(chunk)
            self.differing += [(given, options) for given in self.differences(chunk, options)]

    def shrunk(self, given, options):
        """The shortest input that still differs, by cutting ever smaller parts out of either text."""
        for side in (0, 1):
            if given[side] is None:
                continue
            width = max(1, len(given[side]) // 2)
            while width:
                text = given[side]
                shorter = [text[:at] + text[at + width :] for at in range(0, len(text), max(1, width // 2))]
                candidates = [
                    (cut, given[1]) if side == 0 else (given[0], cut) for cut in shorter if len(cut) < len(text)
                ]
                still = self.differences(candidates, options) if candidates else []
                if still:
                    given = min(still, key=lambda pair: len(pair[side]))
                else:
                    width //= 2
        return given

    def report(self):
        seen = {}
        for given, options in self.differing[: 40 * SHOWN : 10] + self.differing[:SHOWN]:
            small = self.shrunk(given, options)
            seen.setdefault((small, options), given)
            if len(seen) == SHOWN:
                break
        for (given, options), original in seen.items():
            right, ours = (
                expected(self.tokenizer, [given], options)[0],
                found(self.driver, self.folder, [given], options)[0],
            )
            yield (
                f"- {self.folder.name}: {ascii(given)} {options._asdict() if options != DEFAULTS else ''}\n"
                f"  expected {readable(right)}\n  found    {readable(ours)}\n  (shrunk from {ascii(original)[:200]})"
            )


def singles(generator, count):
    return ((text, None) for text in itertools.islice(generator, count))


def pairs(generators, count, seed):
    rng = random.Random(seed)
    return ((next(rng.choice(generators)), next(rng.choice(generators))) for _ in range(count))


def run(comparison, scale):
    """At least two million strings at scale 1."""
    tokens = sorted(comparison.tokenizer.get_vocab())
    real = texts.everything()

    def each(count):
        return max(1, int(count * scale))

    every = max(1, int(1 / scale))
    mixes = {name: family() for name, family in strings.FAMILIES.items()} | {
        "vocabulary": strings.vocabulary_mixes(tokens),
        "mutations": strings.mutations(real),
    }
    comparison.compare(singles(iter(probes.TEXTS), None))
    comparison.compare(singles(itertools.islice(strings.code_points(), 0, None, every), None))
    comparison.compare(singles(itertools.islice(strings.code_points_in_context(), 0, None, every), None))
    comparison.compare(singles(iter(real[::every]), None))
    for family in mixes.values():
        comparison.compare(singles(family, each(70_000)))
    generators = list(mixes.values())
    comparison.compare(pairs(generators, each(60_000), 30))
    comparison.compare(singles(mixes["mutations"], each(10_000)), Options(special_tokens=False))
    comparison.compare(pairs(generators, each(10_000), 31), Options(special_tokens=False))
    for limit, direction in itertools.product((4, 5, 8, 13, 64), ("right", "left")):
        comparison.compare(singles(mixes["mutations"], each(2_500)), Options(limit, direction))
        comparison.compare(pairs(generators, each(5_000), limit), Options(limit, direction))
        comparison.compare(pairs(generators, each(1_000), limit), Options(limit, direction, False))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokenizers", nargs="*", default=REAL)
    parser.add_argument("--driver", default=str(ROOT / "build/release/tests/tokenize_stream"))
    parser.add_argument("--scale", type=float, default=1, help="share of the strings, for a quick look")
    parser.add_argument("--report", help="file to append the shrunk differences to")
    options = parser.parse_args()
    worst = 0
    for name in options.tokenizers:
        started = time.monotonic()
        comparison = Comparison(options.driver, folder_of(name))
        run(comparison, options.scale)
        seconds = time.monotonic() - started
        counts = f"{comparison.strings} strings, {len(comparison.differing)} differ"
        print(f"{name}: {counts}, {seconds:.0f} s (tokenizers {tokenizers.__version__})", flush=True)
        shown = "".join(line + "\n" for line in comparison.report())
        print(shown, end="", flush=True)
        if shown and options.report:
            with open(options.report, "a", encoding="utf-8") as out:
                out.write(f"\n{name}: {len(comparison.differing)} of {comparison.strings}\n{shown}")
        worst = max(worst, len(comparison.differing))
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main())
