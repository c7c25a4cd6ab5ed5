"""Converted folders of every family in optimum-intel, against transformers: the small models of the goldens, and one of
the real layer sizes a family. Run by `make oracle-test`.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from optimum.intel import OVModelForSequenceClassification
from safetensors.torch import save_file
from tokenizers import processors

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import tiny_checkpoints
from family_models import MODELS, Model
from make_family_golden import Reference, id_lists

BINARY = Path(os.environ.get("TASTEVIN_BINARY", ROOT / "build" / "release" / "tastevin"))

# f32 on both sides, but other kernels and another order of sums, through up to 24 layers.
LOGIT_TOLERANCE = 2e-4

BASE = {"hidden_size": 768, "num_attention_heads": 12, "num_hidden_layers": 12, "intermediate_size": 3072,
        "num_labels": 3, "max_position_embeddings": 514}
DEBERTA = BASE | {"relative_attention": True, "position_biased_input": False, "pos_att_type": "p2c|c2p",
                  "share_att_key": True, "position_buckets": 256, "norm_rel_ebd": "layer_norm"}
REAL_SIZES = [
    Model("albert-base", "albert", BASE | {"embedding_size": 128}, takes_types=True),
    Model("bart-large", "bart", {"max_position_embeddings": 1024, "num_labels": 3}),
    Model("bert-base", "bert", BASE, takes_types=True),
    Model("camembert-base", "camembert", BASE | {"type_vocab_size": 1, "layer_norm_eps": 1e-5}),
    Model("deberta-v3-base", "deberta-v2", DEBERTA),
    Model("electra-base", "electra", BASE | {"embedding_size": 768}, takes_types=True),
    Model("modernbert-base", "modernbert", {"num_labels": 3, "pad_token_id": 3, "bos_token_id": 0, "eos_token_id": 2,
                                            "cls_token_id": 0, "sep_token_id": 2, "reference_compile": False}),
    Model("mpnet-base", "mpnet", BASE | {"layer_norm_eps": 1e-5}),
    Model("roberta-base", "roberta", BASE | {"type_vocab_size": 1, "layer_norm_eps": 1e-5}),
    Model("xlm-roberta-base", "xlm-roberta", BASE | {"type_vocab_size": 1, "layer_norm_eps": 1e-5}),
]


def end_texts_by(tokenizer, token_id):
    """BART reads the end token."""
    end = tokenizer.id_to_token(token_id)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"[CLS] $A {end}", pair=f"[CLS] $A {end} $B {end}",
        special_tokens=[("[CLS]", tokenizer.token_to_id("[CLS]")), (end, token_id)])


def write_checkpoint(model, reference, folder):
    folder.mkdir()
    reference.config.save_pretrained(folder)
    tensors = {model.stored_name(name): value.detach().clone() for name, value in reference.model.named_parameters()}
    tensors |= {name: torch.zeros(shape) for name, shape in model.unread.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer = tiny_checkpoints.tokenizer()
    if model.family == "bart":
        end_texts_by(tokenizer, reference.config.eos_token_id)
    tokenizer.save(str(folder / "tokenizer.json"))
    about = {"do_lower_case": True, "tokenizer_class": "BertTokenizer", "model_max_length": 500}
    (folder / "tokenizer_config.json").write_text(json.dumps(about))


class Converted:
    """A model written, converted and loaded by optimum-intel."""

    def __init__(self, model, scratch):
        self.reference = Reference(model)
        self.takes_types = model.takes_types
        write_checkpoint(model, self.reference, scratch / "checkpoint")
        subprocess.run([BINARY, "convert", scratch / "checkpoint", scratch / "out"], check=True,
                       stdout=subprocess.DEVNULL)
        self.model = OVModelForSequenceClassification.from_pretrained(
            str(scratch / "out"), ov_config={"INFERENCE_PRECISION_HINT": "f32", "CACHE_DIR": ""})

    def logits(self, lists):
        longest = max(len(one["ids"]) for one in lists)
        pad = self.reference.config.pad_token_id or 0

        def filled(rows, filler):
            return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])

        given = {"input_ids": filled([one["ids"] for one in lists], pad),
                 "attention_mask": filled([[1] * len(one["ids"]) for one in lists], 0)}
        if self.takes_types:
            types = [[int(i >= one["second"]) for i in range(len(one["ids"]))] for one in lists]
            given["token_type_ids"] = filled(types, 0)
        return np.asarray(self.model(**given).logits)


class OptimumIntelRunsEveryFamily(unittest.TestCase):
    def check(self, model, lists):
        with tempfile.TemporaryDirectory() as scratch:
            converted = Converted(model, Path(scratch))
            expected = np.array([converted.reference.logits(one["ids"], one["second"]) for one in lists])
            alone = np.concatenate([converted.logits([one]) for one in lists])
            np.testing.assert_allclose(alone, expected, rtol=0, atol=LOGIT_TOLERANCE)
            np.testing.assert_allclose(converted.logits(lists), expected, rtol=0, atol=LOGIT_TOLERANCE)
            print(f"{model.name}: {np.abs(alone - expected).max():.1e}", flush=True)

    def test_small_models(self):
        for model in MODELS:
            with self.subTest(model=model.name):
                self.check(model, id_lists()[::6])

    def test_real_layer_sizes(self):
        for model in REAL_SIZES:
            with self.subTest(model=model.name):
                self.check(model, id_lists()[3::12])


if __name__ == "__main__":
    unittest.main()
