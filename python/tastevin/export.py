"""A model of transformers as an OpenVINO model folder, through OpenVINO's PyTorch frontend: for families that the native
converter has not, and for models that are in memory.

    python -m tastevin.export MODEL OUT

Needs the extra `torch` (`pip install tastevin[torch]`). The folder is run by `tastevin.Classifier` and compared with torch on
texts of several lengths before it gets its name. It has the standard interface, takes any number of texts of any length, and
runs in padded batches.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import inspect
import logging
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any, Iterator

import numpy

from tastevin._classifier import Classifier
from tastevin._native import CheckpointError, RejectedError, UnavailableError

LOGIT_TOLERANCE = 1e-4  # of the largest logit, f32 against torch; 1e-6 is usual, and 5e-4 what padding does that is not masked
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_EXAMPLES = ["", "The food was horrible.", "We went because the restaurant had good reviews, and stayed for the view alone."]
_SAMPLES = ["good", "I had a wonderful day", *_EXAMPLES, *(_EXAMPLES[2] * times for times in (3, 12, 30, 50))]
_EXIT_CODES = {RejectedError: 8, CheckpointError: 4, UnavailableError: 7, NotImplementedError: 5, FileNotFoundError: 3,
               ValueError: 2, OSError: 7, Exception: 70}  # the first that an error is


def export_torch(model: Any, tokenizer: Any, out: str | os.PathLike[str]) -> Path:
    """Writes `model` (an `AutoModelForSequenceClassification`, which stays as it is) and its tokenizer as the folder `out`,
    which must not exist or be an empty folder. The weights are stored in f32.

    ValueError where something is there; CheckpointError where model and tokenizer do not run together in torch;
    NotImplementedError for a model that OpenVINO does not convert or that is not run here; RejectedError where the folder's
    logits are not torch's, to 1e-4 of the largest. Nothing is written then."""
    import torch

    out = Path(out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"{out}: expected a folder that is not there yet")
    model = copy.deepcopy(model).to("cpu", torch.float32).eval()
    names = _input_names(model, tokenizer)
    graph = _graph_of(model, tokenizer, names)
    with _draft_of(out) as draft:
        _write(graph, model, tokenizer, draft)
        _check(draft, model, tokenizer, names)
    return out


def export(model: str, out: str | os.PathLike[str]) -> Path:
    """`export_torch` for a folder or a Hub id. FileNotFoundError where there is none; CheckpointError for a damaged one, and for
    one that lacks weights, such as those of the head that makes labels."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    if not os.path.isdir(model) and (model.startswith(("/", ".", "~")) or model.count("/") > 1):  # no Hub id
        raise FileNotFoundError(f"model '{model}': expected a folder or a Hub id, found nothing there")
    with _errors_of_loading(model):
        loaded, told = AutoModelForSequenceClassification.from_pretrained(
            model, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
        tokenizer = AutoTokenizer.from_pretrained(model)
    if told["missing_keys"]:
        raise CheckpointError(f"model '{model}': expected weights called {_cut(sorted(told['missing_keys']))}, found none: "
                              "transformers would take random ones")
    return export_torch(loaded, tokenizer, out)


@contextlib.contextmanager
def _errors_of_loading(model: str) -> Iterator[None]:
    """What transformers raises, as the classes of docs/python.md."""
    try:
        yield
    except ImportError:
        raise
    except Exception as error:
        raise _class_of(error, model)(f"model '{model}': {_cut(error)}") from error


def _class_of(error: Exception, model: str) -> type[Exception]:
    cause = type(error.__cause__).__name__
    if isinstance(error, (ValueError, KeyError)):  # of a kind that transformers has not, or that is not for labels
        return NotImplementedError
    if not isinstance(error, OSError):  # what a reader of weights finds
        return CheckpointError
    if cause == "GatedRepoError":
        return PermissionError
    if "no file named" in str(error) or cause in ("RepositoryNotFoundError", "RevisionNotFoundError", "EntryNotFoundError"):
        return FileNotFoundError
    return CheckpointError if os.path.isdir(model) else UnavailableError if "connect" in str(error) else FileNotFoundError


def _graph_of(model: Any, tokenizer: Any, names: list[str]) -> Any:
    import openvino
    import torch

    if tokenizer.pad_token_id is None:
        raise NotImplementedError("tokenizer: expected one with a padding token, found none")
    examples = _encoded(tokenizer, _EXAMPLES, names)
    with torch.no_grad():
        _logits(model, examples)
        try:
            graph = openvino.convert_model(
                _logits_only(model, names).eval(),
                input=[(openvino.PartialShape([-1, -1]), openvino.Type.i64)] * len(names),
                example_input=tuple(examples.values()))
        except Exception as error:
            raise NotImplementedError(f"OpenVINO does not convert this model: {_cut(error)}") from error
    _name_ports(graph, names)
    return graph


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
    encoded = tokenizer(texts, padding=len(texts) > 1, return_tensors="pt")
    return {name: encoded[name] for name in names}


def _name_ports(graph: Any, names: list[str]) -> None:
    for port, name in zip(graph.inputs, names):
        port.get_tensor().set_names({name})
        port.get_node().set_friendly_name(name)
    graph.outputs[0].get_tensor().set_names({"logits"})


@contextlib.contextmanager
def _draft_of(out: Path) -> Iterator[Path]:
    """A new folder beside `out` that gets its name at the end, or is gone."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        yield draft
        draft.chmod(0o755)
        draft.replace(out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _write(graph: Any, model: Any, tokenizer: Any, folder: Path) -> None:
    import openvino

    openvino.save_model(graph, folder / "openvino_model.xml", compress_to_fp16=False)
    model.config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _check(folder: Path, model: Any, tokenizer: Any, names: list[str]) -> None:
    """Runs the folder as it will be run, one text a call and all together: both pad, each in its own way. Torch runs each text
    alone, without padding. Texts over the model's limit are left out."""
    import torch

    with Classifier(folder, device="CPU", cache_dir="none") as classifier:
        limit = classifier.info.max_length or float("inf")
        texts = [text for text in _SAMPLES if 0 < len(tokenizer(text)["input_ids"]) <= limit]
        with torch.no_grad():
            expected = numpy.concatenate([_logits(model, _encoded(tokenizer, [text], names)) for text in texts])
        try:
            alone = numpy.concatenate([classifier.logits([text]) for text in texts])
            together = classifier.logits(texts)
        except Exception as error:
            raise RejectedError(f"the converted model does not run, nothing is written: {_cut(error)}") from error
    allowed = LOGIT_TOLERANCE * float(numpy.abs(expected).max())
    for found, how in ((alone, "one text a call"), (together, "several texts a call")):
        worst = float(numpy.abs(found - expected).max()) if found.shape == expected.shape else float("inf")
        if not worst <= allowed:
            raise RejectedError(f"the converted model's logits differ from torch's by {worst:.3g} with {how}, "
                                f"expected {allowed:.3g} at most: nothing is written")


def _logits(model: Any, inputs: dict[str, Any]) -> numpy.ndarray:
    try:
        return model(**inputs).logits.numpy()
    except Exception as error:
        raise CheckpointError(f"the model does not take the tokenizer's texts in torch: {_cut(error)}") from error


def _cut(said: object) -> str:
    """In one line of bearable length."""
    words = " ".join(str(said).split()) or type(said).__name__
    return words if len(words) <= 300 else words[:300] + "..."


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tastevin.export", description=__doc__.split("\n\n")[0])
    parser.add_argument("model", help="a checkpoint folder or a Hub id")
    parser.add_argument("out", help="the folder to write; it must not be there yet")
    given = parser.parse_args(arguments)
    _silence()
    try:
        print(f"written  {export(given.model, given.out)}")
    except ImportError as error:
        print(f"tastevin.export: needs torch and transformers (pip install tastevin[torch]): {_cut(error)}", file=sys.stderr)
        return 2
    except Exception as error:  # noqa: BLE001: the last line of the program
        print(f"tastevin.export: {_cut(error)}", file=sys.stderr)
        return _exit_code(error)
    except KeyboardInterrupt:
        return 130
    return 0


def _silence() -> None:
    """Of the libraries below; what matters of what they say is an error here."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")


def _exit_code(error: Exception) -> int:
    """As in docs/command-line.md."""
    if isinstance(error, PermissionError) and error.errno is None:  # of the Hub, not of a file
        return 11
    return next(code for kind, code in _EXIT_CODES.items() if isinstance(error, kind))


if __name__ == "__main__":
    sys.exit(main())
