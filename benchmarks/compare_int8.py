#!/usr/bin/env python3
"""Int8 models of `tastevin quantize` against those of NNCF, on the same model, calibration and labelled texts.

    benchmarks/compare_int8.py MODEL --data DEV.tsv --calibration TRAIN.tsv [--rounds 3] [--out FILE]

Both tools quantize the converted folder, each by both methods; all five folders then answer DATA in this product, and are
timed on it in turns. NNCF runs in the Python that has it (--python): `compress_weights` with INT8_SYM, and `quantize` with
the transformer model type and the mixed preset, calibrated on the same 300 texts.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from measuring import ROOT, bench, finish, output_of, spread, write_lines

# Run by --python with the converted folder, the method, the texts as JSON and the folder to write.
NNCF = r"""
import json, sys
import nncf, numpy, openvino
from transformers import AutoTokenizer
source, method, texts, out = sys.argv[1:]
model = openvino.Core().read_model(source + "/openvino_model.xml")
tokenizer = AutoTokenizer.from_pretrained(source)
names = {name for tensor in model.inputs for name in tensor.get_names()}
if method == "weights":
    model = nncf.compress_weights(model, mode=nncf.CompressWeightsMode.INT8_SYM)
else:
    feed = lambda text: {k: v for k, v in tokenizer(text, return_tensors="np", truncation=True).items() if k in names}
    model = nncf.quantize(model, nncf.Dataset(json.load(open(texts)), feed), model_type=nncf.ModelType.TRANSFORMER,
                          preset=nncf.QuantizationPreset.MIXED, subset_size=300)
openvino.save_model(model, out + "/openvino_model.xml", compress_to_fp16=False)
"""


def rows_of(path):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def make_folders(work, options):
    texts = [row["sentence"] for row in rows_of(options.calibration)]
    calibration = work / "calibration.json"
    calibration.write_text(json.dumps([texts[i * len(texts) // 300] for i in range(300)]), encoding="utf-8")
    folders = {"f32": work / "f32"}
    output_of([options.binary, "convert", options.model, folders["f32"]])
    for method in ("weights", "full"):
        folders[f"nncf {method}"] = work / f"nncf-{method}"
        shutil.copytree(folders["f32"], folders[f"nncf {method}"])
        output_of([options.python, "-c", NNCF, folders["f32"], method, calibration, folders[f"nncf {method}"]])
        folders[f"tastevin {method}"] = work / f"tastevin-{method}"
        command = [options.binary, "quantize", folders["f32"], folders[f"tastevin {method}"], "--method", method]
        command += ["--min-agreement", "0", "--calibration", options.calibration]
        output_of(command)
    return folders


def answers(folder, texts, options):
    out = output_of([options.binary, "classify", "--model", folder, "--file", texts, "--format", "jsonl", "--logits"])
    return [json.loads(line) for line in out.splitlines()]


def table(work, options):
    rows = rows_of(options.data)
    texts = work / "texts.txt"
    write_lines(texts, [row["sentence"] for row in rows])
    folders = make_folders(work, options)
    found = {name: answers(folder, texts, options) for name, folder in folders.items()}
    rates = [{name: bench(folder, texts, "f32", options)["texts_per_s"] for name, folder in folders.items()}
             for _ in range(options.rounds)]
    ids = json.loads((folders["f32"] / "config.json").read_text())["label2id"]
    yield "| | accuracy | same label as f32 | largest difference of a logit | times f32 | MB |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, folder in folders.items():
        right = sum(ids[one["label"]] == int(row["label"]) for one, row in zip(found[name], rows))
        same = sum(one["label"] == other["label"] for one, other in zip(found[name], found["f32"]))
        moved = max(abs(a - b) for one, other in zip(found[name], found["f32"]) for a, b in zip(one["logits"], other["logits"]))
        faster = [one[name] / one["f32"] for one in rates]
        size = (folder / "openvino_model.bin").stat().st_size / 1e6
        yield (f"| {name} | {100 * right / len(rows):.2f} % | {100 * same / len(rows):.2f} % | {moved:.3f} | "
               f"{spread(faster)} | {size:.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--data", required=True, help=".tsv with columns sentence and label")
    parser.add_argument("--calibration", required=True, help=".tsv with a column sentence")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--binary", default=str(ROOT / "build/release/tastevin"))
    parser.add_argument("--python", default=str(ROOT / ".oracle/bin/python"), help="that has NNCF")
    parser.add_argument("--out", help="where to write the table too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        finish(table(Path(work), options), options)


if __name__ == "__main__":
    main()
