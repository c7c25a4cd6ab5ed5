#!/usr/bin/env python3
"""Makes the expected values under tests/golden with the reference programs: run it as `make goldens`.

Every file holds the command and the versions that made it and a list of cases. Logits are those of transformers in f32
with plain ("eager") attention, one text a call, weights widened to f32; scores are those of its pipeline.

  sst2_minilm_dev.json   the SST-2 dev sentences, which stay outside of the repository: row i answers sentence i
  sst2_tiny.json         the bundled model on tests/golden/sentences.txt and on some pairs and odd texts
  tiny/NAME/             random checkpoints (tools/tiny_checkpoints.py) and tiny/NAME/golden.json
"""

import argparse
import json
import os
import platform
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import tokenizers
import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

import tiny_checkpoints

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
COMMAND = "make goldens"

# An empty second text is not among the pairs: transformers drops it, the tokenizer below it does not.
ODD_TEXTS = ["", " ", "\n", "\u0000nul\u0000inside", "tab\tand\r\nline", "word " * 700, "a" * 101, "ﬁne ½ ①",
             "i\u0307stanbul", "\ufffd", "cafe\u0301", "e\u0301\u0323\u0302", "\u200bzero\u200bwidth\ufeff", "¡¿«»"]
PAIRS = [("The food was horrible.", "The service was wonderful."), ("", "good"), ("word " * 400, "word " * 300)]

TINY_TEXTS = ["", "a", "good", "the film was not very good", "We laughed and cried!", "slowly, boring - isn't it?",
              "naïve plot ☃", "ab" * 20, "the plot was very slow and it was not fun and we " * 5, "x y z " * 18,
              "x y z " * 30, "[MASK] film [SEP] bad"]
TINY_PAIRS = [("good", "bad"), ("the film was fun", "we liked the slow plot, not the music"), ("", "a"),
              ("fun " * 40, "slow " * 35)]


def single(value):
    """The shortest decimal that reads back as the same float32."""
    return float(np.format_float_positional(np.float32(value), unique=True, trim="0"))


class Reference:
    """A checkpoint in transformers, f32 and eager, one text at a time."""

    def __init__(self, folder):
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForSequenceClassification.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager").eval()
        self.max_length = min(self.tokenizer.model_max_length, self.model.config.max_position_embeddings)
        self.pipeline = pipeline(
            "text-classification", model=self.model, tokenizer=self.tokenizer, device="cpu", top_k=None)

    def encode(self, text, pair=None):
        return self.tokenizer(text, pair, truncation=True, max_length=self.max_length, return_tensors="pt")

    def logits(self, text, pair=None):
        with torch.inference_mode():
            return [single(value) for value in self.model(**self.encode(text, pair)).logits[0].numpy()]

    def label(self, logits):
        return self.model.config.id2label[int(np.argmax(logits))]

    def scores(self, text, pair=None):
        """All labels by score. The text goes in as a dict: the pipeline takes a second text in no other form."""
        given = {"text": text} | ({} if pair is None else {"text_pair": pair})
        answer = self.pipeline(given, truncation=True, max_length=self.max_length)
        return [{"label": one["label"], "score": single(one["score"])} for one in answer]

    def case(self, text, pair=None):
        logits = self.logits(text, pair)
        ids = self.encode(text, pair)["input_ids"][0].tolist()
        return {"text": text} | ({} if pair is None else {"pair": pair}) | {
            "ids": ids, "truncated": len(self.tokenizer(text, pair, verbose=False)["input_ids"]) > len(ids),
            "logits": logits, "label": self.label(logits), "scores": self.scores(text, pair)}


def write_golden(path, cases, **about):
    """One case a line, so that a change of one is a change of one line."""
    head = {"command": COMMAND, "versions": {
        "python": platform.python_version(), "numpy": np.__version__, "tokenizers": tokenizers.__version__,
        "torch": torch.__version__, "transformers": transformers.__version__}} | about
    lines = [json.dumps(case, ensure_ascii=True) for case in cases]
    opening = json.dumps(head, indent=1)[:-2]
    path.write_text(opening + ',\n "cases": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n")
    print(f"goldens: {path.relative_to(ROOT)}: {len(cases)} cases")


def read_sst2(path):
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n")[1:] if line]
    return [(int(label), sentence) for label, sentence in rows]


def make_sst2_dev(checkpoint, dev, path):
    if not (checkpoint.exists() and dev.exists()):
        print(f"goldens: {path.name} left as it is: {checkpoint} or {dev} is not here")
        return
    reference, rows = Reference(checkpoint), read_sst2(dev)
    answers = [reference.logits(sentence) for _, sentence in rows]
    right = sum(int(np.argmax(logits)) == label for logits, (label, _) in zip(answers, rows))
    cases = [{"index": i, "label": reference.label(logits), "logits": logits} for i, logits in enumerate(answers)]
    write_golden(path, cases, model=checkpoint.name, accuracy=round(right / len(rows), 4))


def make_bundled(path):
    reference = Reference(ROOT / "models" / "sst2-tiny")
    sentences = (GOLDEN / "sentences.txt").read_text(encoding="utf-8").split("\n")[:-1]
    cases = [reference.case(text) for text in sentences + ODD_TEXTS] + [reference.case(*pair) for pair in PAIRS]
    write_golden(path, cases, model="sst2-tiny")


def make_tiny(folder):
    for shape in tiny_checkpoints.SHAPES:
        checkpoint = folder / shape.name
        tiny_checkpoints.write(shape, checkpoint)
        reference = Reference(checkpoint)
        cases = [reference.case(text) for text in TINY_TEXTS] + [reference.case(*pair) for pair in TINY_PAIRS]
        write_golden(checkpoint / "golden.json", cases, model=shape.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["sst2-dev", "bundled", "tiny"], help="make this one alone")
    parser.add_argument("--sst2-model", type=Path, default=ROOT / "../shared/models/sst2-minilm")
    parser.add_argument("--sst2-dev", type=Path, default=ROOT / "../shared/data/sst2/dev.tsv")
    given = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    if given.only in (None, "tiny"):
        make_tiny(GOLDEN / "tiny")
    if given.only in (None, "bundled"):
        make_bundled(GOLDEN / "sst2_tiny.json")
    if given.only in (None, "sst2-dev"):
        make_sst2_dev(given.sst2_model.resolve(), given.sst2_dev.resolve(), GOLDEN / "sst2_minilm_dev.json")


if __name__ == "__main__":
    main()
