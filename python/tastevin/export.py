"""A model of transformers as an OpenVINO model folder, through OpenVINO's PyTorch frontend: for families that the native
converter has not, and for models that are in memory.

    python -m tastevin.export MODEL OUT

Needs the extra `torch` (`pip install tastevin[torch]`). The graph is compared with torch on sample texts before anything
is written. It has the standard interface, takes any number of texts of any length, and runs in padded batches.
"""

from __future__ import annotations

import argparse
import inspect
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy

from tastevin._native import RejectedError

LOGIT_TOLERANCE = 1e-3  # of f32 against torch; 1e-5 is usual
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_SAMPLES = [
    ["I had a wonderful day"],
    ["", "The food was horrible.", "We went because the restaurant had good reviews, and we stayed for the view alone."],
]


def export_torch(model: Any, tokenizer: Any, out: str | os.PathLike[str]) -> Path:
    """Writes `model` (any `AutoModelForSequenceClassification`, on the CPU) and its tokenizer as the folder `out`, which
    must not exist or be an empty folder. The weights are stored in f32.

    ValueError where something is there; RejectedError where the graph's logits differ from torch's by more than
    1e-3, and nothing is written then."""
    import openvino
    import torch

    out = Path(out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"{out}: expected a folder that is not there yet")
    model = model.float().eval()
    names = _input_names(model, tokenizer)
    with torch.no_grad():
        graph = openvino.convert_model(
            _logits_only(model, names).eval(),
            input=[(openvino.PartialShape([-1, -1]), openvino.Type.i64)] * len(names),
            example_input=tuple(_encoded(tokenizer, _SAMPLES[1], names).values()))
    _name_ports(graph, names)
    _check(graph, model, tokenizer, names)
    return _write(graph, model, tokenizer, out)


def export(model: str, out: str | os.PathLike[str]) -> Path:
    """`export_torch` for a folder or a Hub id."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    if not os.path.isdir(model) and (model.startswith(("/", ".", "~")) or model.count("/") > 1):  # no Hub id
        raise FileNotFoundError(f"model '{model}': expected a folder or a Hub id, found nothing there")
    loaded = AutoModelForSequenceClassification.from_pretrained(model, dtype=torch.float32, attn_implementation="eager")
    return export_torch(loaded, AutoTokenizer.from_pretrained(model), out)


def _logits_only(model: Any, names: list[str]) -> Any:
    """`model` as a module that takes the inputs by their place and gives the logits alone."""
    import torch

    fixed = {"use_cache": False} if "use_cache" in inspect.signature(model.forward).parameters else {}

    class Traced(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: Any) -> Any:
            return self.model(**dict(zip(names, inputs)), return_dict=True, **fixed).logits

    return Traced()


def _input_names(model: Any, tokenizer: Any) -> list[str]:
    """What both the model takes and the tokenizer gives."""
    taken = inspect.signature(model.forward).parameters
    given = tokenizer("a text").keys()
    return [name for name in _INPUTS if name in taken and name in given]


def _encoded(tokenizer: Any, texts: list[str], names: list[str]) -> dict[str, Any]:
    encoded = tokenizer(texts, padding=True, truncation=True, max_length=64, return_tensors="pt")
    return {name: encoded[name] for name in names}


def _name_ports(graph: Any, names: list[str]) -> None:
    for port, name in zip(graph.inputs, names):
        port.get_tensor().set_names({name})
        port.get_node().set_friendly_name(name)
    graph.outputs[0].get_tensor().set_names({"logits"})


def _check(graph: Any, model: Any, tokenizer: Any, names: list[str]) -> None:
    import openvino
    import torch

    compiled = openvino.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    for texts in _SAMPLES:
        inputs = _encoded(tokenizer, texts, names)
        with torch.no_grad():
            expected = model(**inputs).logits.numpy()
        found = compiled({name: value.numpy() for name, value in inputs.items()})[0]
        worst = float(numpy.abs(found - expected).max())
        if not worst <= LOGIT_TOLERANCE:
            raise RejectedError(f"the converted graph's logits differ from torch's by {worst:.3g}, "
                                f"expected {LOGIT_TOLERANCE:g} at most: nothing is written")


def _write(graph: Any, model: Any, tokenizer: Any, out: Path) -> Path:
    """The folder comes into its place whole."""
    import openvino

    out.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        openvino.save_model(graph, new / "openvino_model.xml", compress_to_fp16=False)
        model.config.save_pretrained(new)
        tokenizer.save_pretrained(new)
        new.chmod(0o755)
        new.replace(out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return out


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tastevin.export", description=__doc__.split("\n\n")[0])
    parser.add_argument("model", help="a checkpoint folder or a Hub id")
    parser.add_argument("out", help="the folder to write; it must not be there yet")
    given = parser.parse_args(arguments)
    try:
        print(f"written  {export(given.model, given.out)}")
    except ImportError as error:
        print(f"tastevin.export: needs torch and transformers (pip install tastevin[torch]): {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError, RejectedError) as error:
        print(f"tastevin.export: {error}", file=sys.stderr)
        return 8 if isinstance(error, RejectedError) else 3 if isinstance(error, OSError) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
