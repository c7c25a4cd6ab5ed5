#!/usr/bin/env python3
"""Makes tests/golden/families: what transformers answers for small random models of every family.

    .oracle/bin/python tools/make_family_golden.py [NAME ...]

`ids.json` holds lists of 1 to 500 token ids, one text each, shared by all models. `NAME.json` holds a config, the names,
shapes and scales of its tensors, and the logits of each list: f32, plain ("eager") attention, one text a call. The
tensors themselves are not stored: `values` makes number i of a tensor from its name and i, and so does the C++ test
(tests/support/counted_values.h).
"""

import argparse
import json
import os
import platform
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
import transformers
from transformers import AutoConfig, AutoModelForSequenceClassification

from family_models import MODELS, PAD_INSIDE, VOCABULARY

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "golden" / "families"
COMMAND = "make goldens"
LENGTHS = [*range(1, 17), 19, 23, 24, 25, 31, 32, 33, 40, 47, 48, 49, 63, 64, 65, 66, 80, 96, 127, 128, 129, 130, 150,
           170, 191, 192, 193, 220, 256, 257, 300, 384, 385, 450, 500]
BEGIN, END = 0, 2


def mixed(numbers):
    """The finaliser of SplitMix64 (Steele et al. 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def seed_of(name):
    """FNV-1a, 64 bits."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % (1 << 64)
    return seed


def values(name, shape, scale, offset):
    """offset + scale * u, each u from [-1, 1) by 24 bits of a counter's hash."""
    with np.errstate(over="ignore"):
        counters = np.arange(int(np.prod(shape)), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        bits = mixed(counters + np.uint64(seed_of(name))) >> np.uint64(40)
    unit = (bits.astype(np.int64) - (1 << 23)).astype(np.float32) / np.float32(1 << 23)
    return (np.float32(offset) + np.float32(scale) * unit).reshape(shape)


def scale_and_offset(name, shape):
    """Attention far from uniform, logits of order one: small errors must show."""
    if name.endswith(".weight") and len(shape) == 1:
        return 0.5, 1.0
    if len(shape) == 1:
        return 0.3, 0.0
    if "embed" in name or "relative_attention_bias" in name or name.endswith("shared.weight"):
        return 1.2, 0.0
    return round(2.4 / float(np.sqrt(np.prod(shape[1:]))), 4), 0.0


def id_lists():
    """Texts that begin and end as a tokenizer makes them; some with padding and end tokens inside."""
    random = np.random.default_rng(7)
    lists = []
    for number, length in enumerate(LENGTHS):
        ids = random.integers(5, VOCABULARY, length)
        if number % 4 == 3:
            ids[random.integers(0, length, max(1, length // 9))] = PAD_INSIDE
            ids[length // 2] = END
        ids[0], ids[-1] = BEGIN, END
        second = int(random.integers(0, length)) if number % 2 else length
        lists.append({"ids": ids.tolist(), "second": second})
    return lists


def single(value):
    """The shortest decimal that reads back as the same float32."""
    return float(np.format_float_positional(np.float32(value), unique=True, trim="0"))


class Reference:
    """A small model in transformers, its weights made by `values`."""

    def __init__(self, model):
        torch.manual_seed(0)
        self.config = AutoConfig.for_model(model.family, **model.settings)
        self.model = AutoModelForSequenceClassification.from_config(self.config, attn_implementation="eager").eval()
        self.config.architectures = [type(self.model).__name__]
        self.tensors = []
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                stored = model.stored_name(name)
                scale, offset = scale_and_offset(name, tuple(parameter.shape))
                parameter.copy_(torch.from_numpy(values(stored, tuple(parameter.shape), scale, offset)))
                self.tensors.append({"name": stored, "shape": list(parameter.shape), "scale": scale, "offset": offset})
        for name, shape in model.unread.items():
            self.tensors.append({"name": name, "shape": shape, "scale": 1.0, "offset": 0.0})
        self.takes_types = model.takes_types

    def logits(self, ids, second):
        given = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids), dtype=torch.long)}
        if self.takes_types:
            given["token_type_ids"] = torch.tensor([[int(i >= second) for i in range(len(ids))]])
        with torch.inference_mode():
            return [single(value) for value in self.model(**given).logits[0].numpy()]


def write(model, lists):
    reference = Reference(model)
    answers = [reference.logits(one["ids"], one["second"]) for one in lists]
    versions = {"numpy": np.__version__, "python": platform.python_version(), "torch": torch.__version__,
                "transformers": transformers.__version__}
    head = json.dumps({"command": COMMAND, "versions": versions, "config": reference.config.to_diff_dict()}, indent=1)
    parts = [head[:-2]]
    for key, rows in (("tensors", reference.tensors), ("logits", answers)):
        parts.append(f',\n "{key}": [\n  ' + ",\n  ".join(json.dumps(row) for row in rows) + "\n ]")
    (FOLDER / f"{model.name}.json").write_text("".join(parts) + "\n}\n")
    spread = np.ptp(np.array(answers), axis=0).min()
    print(f"goldens: {model.name}: {len(reference.tensors)} tensors, logits spread over {spread:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="make these alone")
    given = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    FOLDER.mkdir(parents=True, exist_ok=True)
    lists = id_lists()
    (FOLDER / "ids.json").write_text("[\n " + ",\n ".join(json.dumps(one) for one in lists) + "\n]\n")
    for model in MODELS:
        if not given.names or model.name in given.names:
            write(model, lists)


if __name__ == "__main__":
    main()
