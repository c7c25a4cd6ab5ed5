"""Small models for the tests of this folder, made from those of tests/golden/tiny, or from nothing but random weights."""

import json
import shutil

import numpy as np

from served import TINY


def inference_model(folder):
    """A model of inference (contradiction, neutral, entailment): what zero-shot needs."""
    shutil.copytree(TINY / "gelu-f32", folder)
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = {"0": "contradiction", "1": "neutral", "2": "entailment"}
    config.pop("label2id")
    (folder / "config.json").write_text(json.dumps(config))
    return folder


PADDING = 1  # XLM-RoBERTa's; its positions are counted from the token after it
POSITIONS = 514


def unigram_tokenizer():
    pieces = [["<s>", 0], ["<pad>", 0], ["</s>", 0], ["<unk>", 0], ["\u2581Test", -2], ["\u2581text", -2], ["text", -3]]
    pieces += [[letter, -5] for letter in "\u2581abcdefghijklmnopqrstuvwxyzT"]
    special = [{"id": i, "content": pieces[i][0], "special": True, "single_word": False, "lstrip": False, "rstrip": False,
                "normalized": False} for i in range(4)]
    around = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
              {"SpecialToken": {"id": "</s>", "type_id": 0}}]
    after = [*around, {"SpecialToken": {"id": "</s>", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}},
             {"SpecialToken": {"id": "</s>", "type_id": 0}}]
    tokens = {name: {"id": name, "ids": [number], "tokens": [name]} for number, name in ((0, "<s>"), (2, "</s>"))}
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": special, "normalizer": None,
            "pre_tokenizer": metaspace, "decoder": metaspace, "model": {"type": "Unigram", "unk_id": 3, "vocab": pieces},
            "post_processor": {"type": "TemplateProcessing", "single": around, "pair": after, "special_tokens": tokens}}


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        content = values.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def xlm_roberta_model(folder, last_position):
    """One layer of random weights; the row of its last position begins with `last_position`."""
    size, inner, labels = 8, 12, 2
    random = np.random.default_rng(7)
    tokenizer = unigram_tokenizer()
    tensors = {}

    def add(name, *shape):
        tensors[f"{name}.weight"] = random.standard_normal(shape) if len(shape) == 2 else np.ones(shape)
        if not name.endswith("_embeddings"):
            tensors[f"{name}.bias"] = random.standard_normal(shape[:1])

    vocabulary = len(tokenizer["model"]["vocab"])
    for name, rows in (("word", vocabulary), ("position", POSITIONS), ("token_type", 1)):
        add(f"roberta.embeddings.{name}_embeddings", rows, size)
    tensors["roberta.embeddings.position_embeddings.weight"][-1, 0] = last_position
    add("roberta.embeddings.LayerNorm", size)
    layer = "roberta.encoder.layer.0"
    for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
        add(f"{layer}.{name}", size, size)
    tensors[f"{layer}.attention.self.query.weight"] *= 0.05  # nearly uniform: each token counts
    add(f"{layer}.intermediate.dense", inner, size)
    add(f"{layer}.output.dense", size, inner)
    for name in ("attention.output.LayerNorm", "output.LayerNorm"):
        add(f"{layer}.{name}", size)
    add("classifier.dense", size, size)
    add("classifier.out_proj", labels, size)
    config = {"model_type": "xlm-roberta", "architectures": ["XLMRobertaForSequenceClassification"], "hidden_size": size,
              "num_attention_heads": 2, "num_hidden_layers": 1, "intermediate_size": inner, "vocab_size": vocabulary,
              "max_position_embeddings": POSITIONS, "pad_token_id": PADDING, "type_vocab_size": 1, "hidden_act": "gelu",
              "layer_norm_eps": 1e-5, "id2label": {"0": "no", "1": "yes"}}
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    write_safetensors(folder / "model.safetensors", tensors)
    return folder
