#!/usr/bin/env python3
"""Times what a user would pick instead, on one checkpoint and one file of texts, and prints one line of JSON a peer.

    .oracle/bin/python benchmarks/peers.py CHECKPOINT TEXTS [--n 400] [--only torch,ort,optimum,tokenizers,peak]

TEXTS has one text a line, or is a .tsv whose header calls the column sentence, text or content. A figure is the best of
three passes over the first n texts, in milliseconds a text; b1 one text at a time (the first 100), b32 in batches of 32.
The tokenizer runs on one thread; peak is what OpenVINO reaches in matrix products of DistilBERT's size, in GFLOP/s.
Each peer runs in a process of its own, since torch and OpenVINO in one have crashed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import best_seconds

os.environ.setdefault("HF_HUB_OFFLINE", "1")
FEW = 100  # texts, of what runs one at a time
COLUMNS = ("sentence", "text", "content")


def read_texts(path, n):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    if not path.endswith(".tsv"):
        return lines[:n]
    head = lines[0].split("\t")
    column = next(head.index(name) for name in COLUMNS if name in head)
    return [line.split("\t")[column] for line in lines[1 : n + 1]]


def best_ms(run, count):
    """Milliseconds for each of `count`."""
    return round(best_seconds(run) / count * 1e3, 4)


def by_batch(alone, batched, texts):
    few = texts[:FEW]
    return {"b1": best_ms(lambda: [alone(text) for text in few], len(few)), "b32": best_ms(lambda: batched(texts), len(texts))}


def of_pipeline(pipe, texts):
    return by_batch(pipe, lambda many: pipe(many, batch_size=32), texts)


def tokenizer_of(model):
    """Cuts texts to what the model has positions for; a checkpoint that does not say so itself ends the peers' runs."""
    from transformers import AutoConfig, AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(model)
    tokenizer.model_max_length = min(tokenizer.model_max_length, AutoConfig.from_pretrained(model).max_position_embeddings)
    return tokenizer


def torch(model, texts, threads):
    import torch as library
    from transformers import pipeline
    library.set_num_threads(threads)
    return of_pipeline(pipeline("text-classification", model=model, tokenizer=tokenizer_of(model), device="cpu", truncation=True), texts)


def optimum(model, texts, threads):
    from optimum.intel import OVModelForSequenceClassification
    from transformers import pipeline
    found = {}
    for name, config in (("default", {}), ("f32", {"INFERENCE_PRECISION_HINT": "f32"})):
        loaded = OVModelForSequenceClassification.from_pretrained(
            model, export=not Path(model, "openvino_model.xml").exists(), ov_config=config | {"INFERENCE_NUM_THREADS": str(threads)})
        classify = pipeline("text-classification", model=loaded, tokenizer=tokenizer_of(model), truncation=True)
        found[name] = of_pipeline(classify, texts)
    return found


def export_onnx(model, tokenizer, file):
    """The names of its inputs."""
    import torch as library
    from transformers import AutoModelForSequenceClassification
    loaded = AutoModelForSequenceClassification.from_pretrained(model, attn_implementation="eager").eval()
    loaded.config.return_dict = False
    inputs = dict(tokenizer("hello there", return_tensors="pt"))
    library.onnx.export(loaded, (inputs,), file, input_names=list(inputs), opset_version=17, dynamo=False,
                        dynamic_axes={name: {0: "batch", 1: "sequence"} for name in inputs})
    return set(inputs)


def ort(model, texts, threads):
    import onnxruntime
    tokenizer = tokenizer_of(model)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads
    with tempfile.TemporaryDirectory() as folder:
        names = export_onnx(model, tokenizer, folder + "/model.onnx")
        session = onnxruntime.InferenceSession(folder + "/model.onnx", settings)

        def run(batch):
            encoded = tokenizer(batch, return_tensors="np", padding=True, truncation=True)
            return session.run(None, {name: values for name, values in encoded.items() if name in names})

        return by_batch(lambda text: run([text]), lambda many: [run(many[i : i + 32]) for i in range(0, len(many), 32)], texts)


def tokenizers(model, texts, _threads):
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(model + "/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    many = texts * max(1, 20000 // len(texts))
    kilobytes = sum(len(text.encode()) for text in many) / len(many) / 1e3
    ms, with_offsets = (best_ms(lambda: encode(many), len(many)) for encode in (tokenizer.encode_batch_fast, tokenizer.encode_batch))
    return {"ms_a_text": ms, "MB_a_second": round(kilobytes / ms, 3), "MB_a_second_with_offsets": round(kilobytes / with_offsets, 3)}


def peak(_model, _texts, threads):
    import numpy
    import openvino
    from openvino import opset13
    rows, narrow, wide, pairs = 512, 768, 3072, 12
    dice = numpy.random.default_rng(0)

    def times_weights(node, height, width):
        weights = (dice.standard_normal((height, width)) / height**0.5).astype(numpy.float32)
        return opset13.matmul(node, opset13.constant(weights), False, False)

    given = node = opset13.parameter([rows, narrow], numpy.float32)
    for _ in range(pairs):
        node = times_weights(times_weights(node, narrow, wide), wide, narrow)
    model = openvino.Model([opset13.result(node)], [given], "peak")
    values = dice.standard_normal((rows, narrow)).astype(numpy.float32)
    found = {}
    for precision in ("f32", "bf16"):
        settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        found[precision] = round(2 * rows * narrow * wide * 2 * pairs / best_ms(lambda: compiled([values]), 1) / 1e6, 1)
    return found


PEERS = {peer.__name__: peer for peer in (torch, ort, optimum, tokenizers, peak)}


def run_alone(name):
    """The line of one peer, by this program in a process of its own."""
    done = subprocess.run([sys.executable, *sys.argv, "--one", name], capture_output=True, text=True, check=False)
    line = next((line for line in done.stdout.splitlines() if line.startswith('{"peer"')), None)
    return line or json.dumps({"peer": name, "failed": (done.stderr.strip().splitlines() or ["no output"])[-1][:200]})


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("texts")
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--only", default=",".join(PEERS))
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--one", choices=PEERS, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = parse()
    if options.one:
        found = PEERS[options.one](options.model, read_texts(options.texts, options.n), options.threads)
        print(json.dumps({"peer": options.one, "n": options.n, "threads": options.threads, **found}))
        return
    for name in options.only.split(","):
        print(run_alone(name), flush=True)


if __name__ == "__main__":
    main()
