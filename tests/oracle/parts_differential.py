#!/usr/bin/env python3
"""Compares the parts of the tokenizer with the reference, PyPI `tokenizers`, on random tokenizers and random text.

    .oracle/bin/python tests/oracle/parts_differential.py RUNNER [--rounds 300] [--seed 1] [--only bpe] [--data DIR]

RUNNER is the program tokenizer_part_runner of the test build. DIR holds the real vocabularies (gpt2, deberta-v3);
without it they are left out. Prints one line a part and ends with 1 when anything differs.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import time

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

LETTERS = ["abc", "abcdefgh", "aé中🦙", "ab \t\n", "ابпр한글", "a\u0301e\u0327", "<0x61>#", "ĠĊab", "1²٣๓a",
           "\u200d\ufe0f❤🏽a"]
GPT2_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
MIX = ("abcdefghij XYZ 0123 '.,-_!\t\n\r\u00a0\u00ad\u0301\u0327éßçñ\u2028\u3000中文字かなカナ한글각ᄀ각ㄱاللغة"
       "हिन्दीக்ஷกำলা🦙👩‍👩‍👧🏽🇫🇷❤️①½²³٣Ⅳﬁﾟﾞｶ～︎\u200b\u200d\u200c\u180e\ufeff\ufffd\u05d0\u0e33\u0bcd\U00011f02")


class Bench:
    """Questions for the runner, asked in one go, with what the reference says."""

    def __init__(self, runner):
        self.runner, self.lines, self.expected, self.names = runner, [], [], []

    def part(self, spec, legal=True):
        self.lines.append(spec)
        self.expected.append(True if legal else None)
        self.names.append(f"{str(spec)[:1500]}")

    def piece(self, text, expected):
        self.lines.append(text)
        self.expected.append(expected)
        self.names.append(None)

    def answers(self):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in self.lines)
        done = subprocess.run([self.runner], input=text.encode(), capture_output=True, check=True)
        answers = done.stdout.decode().split("\n")[:-1]
        if len(answers) != len(self.lines):
            raise SystemExit(f"{len(self.lines)} questions, {len(answers)} answers")
        return [json.loads(answer) for answer in answers]

    def differences(self):
        found, part = [], None
        for line, expected, name, answer in zip(self.lines, self.expected, self.names, self.answers()):
            part = name or part
            refused = isinstance(answer, dict)
            if (expected is None and not refused) or (expected is not None and answer != expected):
                found.append((part, line, expected, answer))
        return found


def text_of(rng, alphabet, longest):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, longest)))


def model_tokens(model, text):
    return [[t.id, *t.offsets] for t in model.tokenize(text)]


def random_bpe(rng):
    alphabet = rng.choice(LETTERS)
    prefix = rng.choice(["", "", "", "##", "▁"])
    suffix = rng.choice(["", "", "", "</w>"])
    known = [c for c in alphabet if rng.random() < 0.85] or [alphabet[0]]
    spellings = {p + c + s for c in known for p in ("", prefix) for s in ("", suffix) if rng.random() < 0.95}
    spellings.add("<unk>")
    if rng.random() < 0.3:
        spellings |= {f"<0x{b:02X}>" for b in range(256) if rng.random() < 0.9}
    vocab = {token: i for i, token in enumerate(sorted(spellings, key=lambda _: rng.random()))}
    merges = []
    for _ in range(rng.randint(0, 60)):
        left, right = rng.choice(list(vocab)), rng.choice(list(vocab))
        if len(right.encode()) < len(prefix.encode()) or (prefix and not right.startswith(prefix)):
            continue
        merged = left + right[len(prefix):]
        if merged not in vocab and len(merged) < 12 or merged in vocab:
            vocab.setdefault(merged, len(vocab))
            merges.append((left, right))
    options = {
        "unk_token": rng.choice([None, "<unk>"]), "fuse_unk": rng.random() < 0.5,
        "byte_fallback": rng.random() < 0.5, "ignore_merges": rng.random() < 0.3,
        "continuing_subword_prefix": prefix or None, "end_of_word_suffix": suffix or None}
    return vocab, merges, {k: v for k, v in options.items() if v is not None}, alphabet


def check_bpe(bench, rng, rounds):
    for _ in range(rounds):
        vocab, merges, options, alphabet = random_bpe(rng)
        model = models.BPE(vocab=vocab, merges=merges, **options)
        bench.part({"part": "bpe", "vocab": vocab, "merges": merges, **options})
        for _ in range(30):
            text = text_of(rng, alphabet + "z", rng.choice([3, 8, 20, 200]))
            bench.piece(text, model_tokens(model, text))


def check_unigram(bench, rng, rounds):
    for _ in range(rounds):
        alphabet = rng.choice(LETTERS)
        tokens = ["<unk>"] + [text_of(rng, alphabet, 5) for _ in range(rng.randint(1, 80))]
        if rng.random() < 0.4:
            tokens += [f"<0x{b:02X}>" for b in range(256) if rng.random() < 0.95]
        if rng.random() < 0.8:
            tokens = list(dict.fromkeys(tokens))  # else of equal tokens the last holds
        score = rng.choice(
            [lambda: rng.uniform(-20, 0), lambda: float(rng.randint(-3, 0)), lambda: rng.uniform(-1, 60)])
        vocab = [(token, score()) for token in tokens]
        unk_id, fallback = rng.choice([0, 0, rng.randrange(len(vocab))]), rng.random() < 0.5
        model = models.Unigram(vocab, unk_id, fallback)
        bench.part({"part": "unigram", "vocab": vocab, "unk_id": unk_id, "byte_fallback": fallback})
        for _ in range(30):
            text = text_of(rng, alphabet + rng.choice(["", "z", "<unk>"]), rng.choice([3, 8, 20, 200]))
            bench.piece(text, model_tokens(model, text))


def check_word_level(bench, rng, rounds):
    for _ in range(rounds):
        vocab = {text_of(rng, "abé中", 3): i for i in range(rng.randint(1, 30))}
        vocab["?"] = 1000
        model = models.WordLevel(vocab=vocab, unk_token="?")
        bench.part({"part": "word_level", "vocab": vocab, "unk_token": "?"})
        for _ in range(20):
            text = text_of(rng, "abé中", 3)
            bench.piece(text, model_tokens(model, text))


PATTERNS = [
    GPT2_PATTERN, r"\w+|[^\w\s]+", r"\s+",
    r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|\s+", r"\b", r"\B", r"\b\w", r"\d+", r"\D",
    r"\W+", r"\S{2}", r"[[:punct:]]", r"[[:^punct:]]+", r"[[:alpha:]_]+", r"[^[:alnum:]]", r"\p{^L}+", r"\P{Lu}",
    r"[\P{L}a]+", r"[^\P{L}]", r"a*", r"(?=a)", r"", r"x*", r"[\w-]+", r"[\w\-']+", r"[^\W\d_]+", r"[a-c\w&&[^b]]+",
    r"[]a]+", r"[^]a]+", r"\p{Han}+|\p{Hiragana}", r"\p{Script_Extensions=Han}", r"\p{Cn}", r"[\p{Cn}a]+",
    r"(?i)[\p{Lu}]+", r"(?i)\p{Lu}+", r"(?i)é", r"\p{Greek}|\p{Arabic}+", r"(?#\w)a", r"\p{Emoji}",
    r"\p{Extended_Pictographic}+", r"\h+", r"\R", r"(?<=\w)\W", r"(a)|b", r"[\s\S]", r".", r"(?m).+", r"^.", r"$",
    r"\A|\z", r" ?(?:\p{M}+|\p{L}\p{M}*)", r"\p{Letter}+", r"\p{ l u }", r"\p{Uppercase_Letter}", r"\p{Nope}", r"[",
    r"(", r"a{2,1}", r"[\p{Ll}\p{Lm}\p{Lo}]+", r"\p{S}|\p{P}", r"[\p{P}\p{S}&&[^$]]", r"\p{Cf}", r"\p{Assigned}",
    r"[[\w]&&[^\d]]+", r"\\w", r"\[\w\]",
]


def matches(pattern, text):
    """The pieces that the reference isolates, without those between matches."""
    inverted = pre_tokenizers.Split(Regex(pattern), "removed", invert=True)
    offsets = [0]
    for c in text:
        offsets.append(offsets[-1] + len(c.encode()))
    return [[offsets[a], offsets[b]] for _, (a, b) in inverted.pre_tokenize_str(text) if a != b]


class RegexBench(Bench):
    """Empty matches leave no piece in the reference; they still decide what comes after them."""

    def differences(self):
        found = super().differences()
        kept = []
        for part, line, expected, answer in found:
            if isinstance(answer, list):
                answer = [match for match in answer if match[0] != match[1]]
            if answer != expected:
                kept.append((part, line, expected, answer))
        return kept


def every_code_point(between=""):
    code_points = [chr(c) for c in range(1, 0x110000) if not 0xD800 <= c <= 0xDFFF]
    return [between.join(code_points[i:i + 4096]) for i in range(0, len(code_points), 4096)]


def check_regex(bench, rng, rounds):
    everything = every_code_point("a ")
    for pattern in PATTERNS:
        try:
            Regex(pattern)
        except Exception:
            bench.part({"part": "regex", "pattern": pattern}, legal=False)
            continue
        bench.part({"part": "regex", "pattern": pattern})
        # The one difference that is known: how (?i) folds the letters that Unicode 15 and 16 added.
        for text in [text_of(rng, MIX, 40) for _ in range(rounds)] + (everything if "(?i)[" not in pattern else []):
            bench.piece(text, matches(pattern, text))


def check_scan(bench, rng, rounds):
    splitter = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    bench.part({"part": "scan"})
    everything = [text for between in ("", "a ", " ", "1") for text in every_code_point(between)]
    for text in [text_of(rng, MIX + "    '''stremvdl", 60) for _ in range(rounds * 20)] + everything:
        offsets = [0]
        for c in text:
            offsets.append(offsets[-1] + len(c.encode()))
        bench.piece(text, [[offsets[a], offsets[b]] for _, (a, b) in splitter.pre_tokenize_str(text)])


def check_charsmap(bench, rng, rounds, data):
    settings = json.loads((data / "deberta-v3/tokenizer.json").read_text())["normalizer"]
    steps = settings.get("normalizers", [settings])
    base64 = next(step["precompiled_charsmap"] for step in steps if step["type"] == "Precompiled")
    config = {"type": "Precompiled", "precompiled_charsmap": base64}
    tokenizer = Tokenizer.from_str(json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": config,
        "pre_tokenizer": None, "post_processor": None, "decoder": None,
        "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}))
    bench.part({"part": "charsmap", "base64": base64})
    marked = [text + "\u0301" for text in every_code_point("\u0301")]
    betweens = ("", "a", "\u200d❤\u0301", "\u094dक\u0327", "\u1100")
    everything = [text for between in betweens for text in every_code_point(between)]
    for text in [text_of(rng, MIX, 40) for _ in range(rounds * 30)] + marked + everything:
        bench.piece(text, tokenizer.normalizer.normalize_str(text))


def check_real(bench, rng, rounds, data):
    texts = [line for name in ("multilingual.csv", "injection/test.csv", "sst2/dev.tsv")
             for line in (data.parent / "data" / name).read_text().splitlines() if line]
    texts += [text_of(rng, MIX, 60) for _ in range(rounds * 10)]
    gpt2 = json.loads((data / "gpt2/tokenizer.json").read_text())["model"]
    merges = [rule.split(" ") if isinstance(rule, str) else rule for rule in gpt2["merges"]]
    tokenizer = Tokenizer.from_file(str(data / "gpt2/tokenizer.json"))
    bench.part({"part": "bpe", "vocab": gpt2["vocab"], "merges": merges, "raw_bytes": True, "scan": True})
    for text in texts:
        bench.piece(text, Ids(tokenizer.encode(text, add_special_tokens=False).ids))
    deberta = json.loads((data / "deberta-v3/tokenizer.json").read_text())["model"]
    model = models.Unigram([tuple(token) for token in deberta["vocab"]], deberta["unk_id"], deberta["byte_fallback"])
    bench.part({"part": "unigram", **{k: deberta[k] for k in ("vocab", "unk_id", "byte_fallback")}})
    for text in texts:
        for piece in [text, *("▁" + word for word in text.split())]:
            bench.piece(piece, model_tokens(model, piece))


def speed(runner, data):
    """One thread on the same texts, ours and the reference, in one run. Ours leaves out the pipeline around the
    models: for gpt2 there is none but the scanner, for deberta-v3 the words are cut beforehand."""
    texts = [line for line in (data.parent / "data/sst2/train.tsv").read_text().splitlines() if line][:20000]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    gpt2 = json.loads((data / "gpt2/tokenizer.json").read_text())["model"]
    merges = [rule.split(" ") if isinstance(rule, str) else rule for rule in gpt2["merges"]]
    deberta = json.loads((data / "deberta-v3/tokenizer.json").read_text())["model"]
    words = ["▁" + word for text in texts for word in text.split()]
    unigram = {"part": "unigram", **{k: deberta[k] for k in ("vocab", "unk_id", "byte_fallback")}}
    bpe = {"part": "bpe", "vocab": gpt2["vocab"], "merges": merges, "raw_bytes": True, "scan": True}
    for name, spec, pieces in (("gpt2", bpe, texts), ("deberta-v3", unigram, words),
                               ("deberta-v3, whole texts as pieces", unigram, [t.replace(" ", "▁") for t in texts])):
        bench = Bench(runner)
        for line in (spec, *pieces, {"time": 20}):
            bench.piece(line, None)
        seconds = bench.answers()[-1]
        tokenizer = Tokenizer.from_file(str(data / name.split(",")[0] / "tokenizer.json"))
        tokenizer.no_truncation(), tokenizer.no_padding()
        best = min(timed(lambda: tokenizer.encode_batch_fast(texts)) for _ in range(3))
        ours, theirs = megabytes / seconds, megabytes / best
        print(f"{name}: {ours:.1f} MB/s, reference {theirs:.2f} MB/s, {ours / theirs:.1f}x", flush=True)


def timed(work):
    start = time.process_time()  # other programs on the machine do not count
    work()
    return time.process_time() - start


class Ids(list):
    """Expected ids only: byte spans of stand-ins are not those of raw bytes."""

    def __eq__(self, answer):
        return list(self) == [token[0] for token in answer]

    def __ne__(self, answer):
        return not self == answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runner")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="bpe,unigram,word_level,regex,scan,charsmap,real,speed")
    parser.add_argument("--data", type=pathlib.Path)
    options = parser.parse_args()
    failed = False
    for part in options.only.split(","):
        if part == "speed":
            speed(options.runner, options.data)
            continue
        needs_data = part in ("charsmap", "real")
        if needs_data and not options.data:
            print(f"{part}: left out without --data")
            continue
        bench = (RegexBench if part == "regex" else Bench)(options.runner)
        check = globals()[f"check_{part}"]
        check(bench, random.Random(options.seed), options.rounds, *([options.data] if needs_data else []))
        found = bench.differences()
        failed |= bool(found)
        print(f"{part}: {len(bench.lines)} questions, {len(found)} differences", flush=True)
        for name, line, expected, answer in found[:3]:
            print(f"  {name[:400]}\n  piece {line!r:.300}")
            print(f"  reference {str(expected)[:300]}\n  ours      {str(answer)[:300]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
