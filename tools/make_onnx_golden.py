#!/usr/bin/env python3
"""Writes tests/golden/onnx: the tiny checkpoint gelu-f32 as torch exports it, and the same with its tensors outside the
file (external.onnx, external.onnx_data). Run in .oracle (`make goldens`).

Its answers are those of tests/golden/tiny/gelu-f32/golden.json.
"""
import pathlib

import onnx
import torch
from transformers import AutoModelForSequenceClassification

root = pathlib.Path(__file__).resolve().parent.parent
out = root / "tests/golden/onnx"
out.mkdir(exist_ok=True)

model = AutoModelForSequenceClassification.from_pretrained(
    root / "tests/golden/tiny/gelu-f32", attn_implementation="eager", dtype=torch.float32
).eval()
model.config.return_dict = False
ids = torch.tensor([[2, 5, 6, 3]])
names = ["input_ids", "attention_mask"]
axes = {name: {0: "batch", 1: "length"} for name in names} | {"logits": {0: "batch"}}
torch.onnx.export(
    model,
    (ids, torch.ones_like(ids)),
    str(out / "model.onnx"),
    input_names=names,
    output_names=["logits"],
    dynamic_axes=axes,
    opset_version=17,
    dynamo=False,
)

onnx.save_model(
    onnx.load(out / "model.onnx"),
    out / "external.onnx",
    save_as_external_data=True,
    all_tensors_to_one_file=True,
    location="external.onnx_data",
    size_threshold=64,
)
