#!/usr/bin/env python3
"""Writes tests/golden/zero_shot.json: the transformers pipeline on the tiny checkpoint gelu-f32 with the labels of NLI.

Run in .oracle (`make goldens`). The test gives a copy of the checkpoint the same labels.
"""
import json
import pathlib
import shutil
import tempfile

import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

root = pathlib.Path(__file__).resolve().parent.parent
labels = {0: "CONTRADICTION", 1: "neutral", 2: "Entailment"}
texts = ["the film was good", "not a good plot, very slow", "we watched it with fun", "a " * 70 + "bad film"]
cases = []

with tempfile.TemporaryDirectory() as folder:
    shutil.copytree(root / "tests/golden/tiny/gelu-f32", folder, dirs_exist_ok=True)
    config = json.loads(pathlib.Path(folder, "config.json").read_text())
    config["id2label"] = {str(i): name for i, name in labels.items()}
    config["label2id"] = {name: i for i, name in labels.items()}
    pathlib.Path(folder, "config.json").write_text(json.dumps(config))
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    judge = pipeline("zero-shot-classification", model=model, tokenizer=AutoTokenizer.from_pretrained(folder), device="cpu")
    for candidates in (["good", "bad", "slow"], ["plot"], ["very good", "fun and not bad"]):
        for template in ("This example is {}.", "the film was {}"):
            for multi_label in (False, True):
                for text in texts:
                    found = judge(text, candidates, hypothesis_template=template, multi_label=multi_label)
                    cases.append({"text": text, "candidates": candidates, "template": template, "multi_label": multi_label,
                                  "labels": found["labels"], "scores": found["scores"]})

golden = {"command": "make goldens", "versions": {"transformers": transformers.__version__, "torch": torch.__version__},
          "id2label": {str(i): name for i, name in labels.items()}, "cases": cases}
(root / "tests/golden/zero_shot.json").write_text(json.dumps(golden) + "\n", encoding="utf-8")
