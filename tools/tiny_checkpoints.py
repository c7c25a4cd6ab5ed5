"""Writes the random DistilBERT checkpoints of tests/golden/tiny: together they turn each switch of the family.

Sizes are odd on purpose, and no two of a checkpoint agree, so that a swapped dimension cannot pass unseen.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = "the a film was good bad not very and we it with plot slow fun ##ing ##ly ##ed ##s".split()
PUNCTUATION = list(".,!?'-")


@dataclass
class Shape:
    """One checkpoint: its sizes, the type of its weights and what its config.json says beside them."""

    name: str
    dim: int
    heads: int
    layers: int
    hidden_dim: int
    positions: int
    dtype: torch.dtype
    labels: list[str]
    extra: dict = field(default_factory=dict)


SHAPES = [
    Shape("gelu-f32", 24, 3, 2, 40, 64, torch.float32, ["negative", "neutral", "positive"]),
    Shape("relu-f16-multi-label", 16, 4, 3, 36, 62, torch.float16, ["plot", "cast", "music", "camera", "pace"],
          {"activation": "relu", "sinusoidal_pos_embds": True, "problem_type": "multi_label_classification"}),
    Shape("gelu-bf16-regression", 32, 2, 1, 52, 61, torch.bfloat16, ["stars"], {"problem_type": "regression"}),
    Shape("gelu-f64-one-label", 20, 5, 2, 28, 66, torch.float64, ["relevant"]),
]


def vocabulary():
    pieces = SPECIAL + PUNCTUATION + list(LETTERS) + ["##" + letter for letter in LETTERS]
    return {piece: number for number, piece in enumerate(dict.fromkeys(pieces + WORDS))}


def tokenizer():
    vocab = vocabulary()
    made = Tokenizer(WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])])
    made.decoder = decoders.WordPiece(prefix="##")
    made.add_special_tokens(SPECIAL)
    return made


def config(shape):
    return {
        "activation": "gelu", "architectures": ["DistilBertForSequenceClassification"], "dim": shape.dim,
        "hidden_dim": shape.hidden_dim, "id2label": {str(i): label for i, label in enumerate(shape.labels)},
        "label2id": {label: i for i, label in enumerate(shape.labels)}, "max_position_embeddings": shape.positions,
        "model_type": "distilbert", "n_heads": shape.heads, "n_layers": shape.layers, "pad_token_id": 0,
        "sinusoidal_pos_embds": False, "vocab_size": len(vocabulary()),
    } | shape.extra


def sinusoids(positions, dim):
    """Position p, columns 2i and 2i+1: sine and cosine of p / 10000^(2i / dim) (Vaswani et al. 2017, section 3.5)."""
    angle = np.arange(positions)[:, None] / np.power(10000.0, 2 * (np.arange(dim) // 2) / dim)
    return np.where(np.arange(dim) % 2 == 0, np.sin(angle), np.cos(angle))


def tensors(shape, random):
    """Scaled so that attention is far from uniform and logits are of order one: small errors must show."""
    def linear(name, out, into):
        return {f"{name}.weight": random.standard_normal((out, into)) * 1.5 / np.sqrt(into),
                f"{name}.bias": random.standard_normal(out) * 0.2}

    def norm(name):
        return {f"{name}.weight": 1 + 0.3 * random.standard_normal(shape.dim),
                f"{name}.bias": 0.3 * random.standard_normal(shape.dim)}

    made = {"distilbert.embeddings.word_embeddings.weight": random.standard_normal((len(vocabulary()), shape.dim))}
    positions = random.standard_normal((shape.positions, shape.dim)) * 0.5
    if shape.extra.get("sinusoidal_pos_embds"):
        positions = sinusoids(shape.positions, shape.dim)
    made["distilbert.embeddings.position_embeddings.weight"] = positions
    made |= norm("distilbert.embeddings.LayerNorm")
    for number in range(shape.layers):
        layer = f"distilbert.transformer.layer.{number}"
        for projection in ("q_lin", "k_lin", "v_lin", "out_lin"):
            made |= linear(f"{layer}.attention.{projection}", shape.dim, shape.dim)
        made |= norm(f"{layer}.sa_layer_norm")
        made |= linear(f"{layer}.ffn.lin1", shape.hidden_dim, shape.dim)
        made |= linear(f"{layer}.ffn.lin2", shape.dim, shape.hidden_dim)
        made |= norm(f"{layer}.output_layer_norm")
    made |= linear("pre_classifier", shape.dim, shape.dim)
    made |= linear("classifier", len(shape.labels), shape.dim)
    return {name: torch.from_numpy(np.ascontiguousarray(values)).to(shape.dtype) for name, values in made.items()}


def write(shape, folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(sum(shape.name.encode()))
    (folder / "config.json").write_text(json.dumps(config(shape), indent=1) + "\n")
    tokenizer().save(str(folder / "tokenizer.json"))
    about = {"do_lower_case": True, "model_max_length": shape.positions, "tokenizer_class": "DistilBertTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(about, indent=1) + "\n")
    save_file(tensors(shape, random), folder / "model.safetensors", metadata={"format": "pt"})
